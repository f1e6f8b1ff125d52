"""Exercises of lab 05: where the targets come from, slopes, walking downhill, what a run costs."""

import math

from glassbox.course.exercises import Exercise


def targets(ids):
    """What the model reads, and what it must predict at each place: the same text, one token on."""
    return ids[:-1], ids[1:]


def slope(loss, w, nudge=1e-4):
    """How much the loss rises for each unit that w rises, measured by nudging w both ways."""
    return (loss(w + nudge) - loss(w - nudge)) / (2 * nudge)


def descend(gradient, w, rate, steps):
    """Walk downhill: at every step, take away `rate` times the slope where you stand."""
    for _ in range(steps):
        w = w - rate * gradient(w)
    return w


def training_flops(parameters, tokens):
    """Floating-point operations of a training run, roughly: 6 for each parameter and token."""
    return 6 * parameters * tokens


def check_targets(answer):
    ids = [7, 3, 9, 4]
    got = answer(ids)
    try:
        x, y = (list(part) for part in got)
    except (TypeError, ValueError):
        return "the answer should be two lists: what is read, and what is to be predicted."
    if (x, y) == ([7, 3, 9], [3, 9, 4]):
        if [list(p) for p in answer([5, 5, 6])] != [[5, 5], [5, 6]]:
            return "it works for 7, 3, 9, 4 but not for 5, 5, 6."
        return None
    if (x, y) == ([3, 9, 4], [7, 3, 9]):
        return "this predicts the token before. Swap the two."
    if x == y:
        return "each token is its own target: copying would earn a perfect score. Shift by one."
    if len(x) != len(y):
        return f"there are {len(x)} tokens to read and {len(y)} targets; each place needs one."
    return f"for 7, 3, 9, 4 the model reads 7, 3, 9 and must predict 3, 9, 4, not {y}."


def check_slope(answer):
    for name, loss, w, want in (
        ("w squared", lambda w: w * w, 3.0, 6.0),
        ("5 - 2 w", lambda w: 5 - 2 * w, 1.0, -2.0),
    ):
        got = answer(loss, w)
        if math.isclose(got, want, rel_tol=1e-2):
            continue
        if math.isclose(got, -want, rel_tol=1e-2):
            return (
                f"the slope of {name} at {w:.0f} comes out as {got:.2f}: the sign is turned around."
            )
        if math.isclose(got, 2 * want, rel_tol=1e-2):
            return f"the slope of {name} at {w:.0f} comes out twice too large: between w - nudge and w + nudge lie two nudges."
        if abs(got) < 1e-2:
            return "that is how much the loss changed. Divide by how much w changed."
        return f"the slope of {name} at {w:.0f} is {want:.0f}, and yours is {got:.3f}."
    return None


def check_descend(answer):
    def gradient(w):  # of (w - 2) squared: the valley is at 2
        return 2 * (w - 2)

    got = answer(gradient, 10.0, 0.1, 3)
    if math.isclose(got, 2 + 8 * 0.8**3, rel_tol=1e-6):
        far = answer(gradient, 10.0, 0.1, 100)
        return None if abs(far - 2) < 1e-6 else f"after 100 steps it should be at 2, not {far:.3f}."
    if math.isclose(got, 2 + 8 * 1.2**3, rel_tol=1e-6):
        return "it walks uphill. The slope points to where the loss rises; go the other way."
    if math.isclose(got, 10 - 3 * 0.1 * 16, rel_tol=1e-6):
        return "every step uses the slope at the start. Ask for the slope again where you stand."
    if math.isclose(got, 2 + 8 * 0.8, rel_tol=1e-6):
        return "it takes one step and stops. Repeat for the number of steps."
    return f"three steps at rate 0.1 from 10 lead to {2 + 8 * 0.8**3:.3f}, and yours to {got:.3f}."


def check_training_flops(answer):
    got = answer(175e9, 300e9)
    want = 6 * 175e9 * 300e9
    if math.isclose(got, want, rel_tol=1e-6):
        return None
    if math.isclose(got, want / 3, rel_tol=1e-6):
        return "that is the forward pass alone. The backward pass takes twice as much again."
    if math.isclose(got, want / 6, rel_tol=1e-6):
        return "each meeting of a token and a parameter costs more than one operation: 6 in all."
    if math.isclose(got, want * 3, rel_tol=1e-6) or math.isclose(got, want * 2, rel_tol=1e-6):
        return "too many: 2 operations forward and 4 backward are 6 in all."
    return (
        f"for 175 billion parameters and 300 billion tokens it is {got:.3g}; it should be 3.15e+23."
    )


EXERCISES = [
    Exercise(
        name="targets",
        check=check_targets,
        hints=(
            "At each place the right answer is the token that comes next in the text.",
            "The last token has no successor, so it is not read; the first is nobody's successor.",
            "A list without its last element is ids[:-1]. And without its first?",
        ),
        solution=targets,
        mistakes={
            "copy": (lambda ids: (ids, ids), "its own target"),
            "backward": (lambda ids: (ids[1:], ids[:-1]), "before"),
            "unequal": (lambda ids: (ids, ids[1:]), "each place needs one"),
        },
        starter=lambda ids: ...,
    ),
    Exercise(
        name="slope",
        check=check_slope,
        hints=(
            "A slope is a rise divided by a run.",
            "Compute the loss a little to the right of w and a little to the left; take the difference.",
            "From w - nudge to w + nudge the run is 2 * nudge.",
        ),
        solution=slope,
        mistakes={
            "rise only": (lambda loss, w, h=1e-4: loss(w + h) - loss(w - h), "Divide"),
            "half the run": (lambda loss, w, h=1e-4: (loss(w + h) - loss(w - h)) / h, "two nudges"),
            "sign": (lambda loss, w, h=1e-4: (loss(w - h) - loss(w + h)) / (2 * h), "sign"),
        },
        starter=lambda loss, w, nudge=1e-4: ...,
    ),
    Exercise(
        name="descend",
        check=check_descend,
        hints=(
            "The slope says in which direction the loss rises. Which way do you want to go?",
            "One step: w becomes w minus rate times gradient(w).",
            "The slope changes as you walk, so compute gradient(w) anew at each step.",
        ),
        solution=descend,
        mistakes={
            "uphill": (lambda g, w, rate, steps: descend(g, w, -rate, steps), "uphill"),
            "old slope": (lambda g, w, rate, steps: w - steps * rate * g(w), "at the start"),
            "one step": (lambda g, w, rate, steps: w - rate * g(w), "one step"),
        },
        starter=lambda gradient, w, rate, steps: ...,
    ),
    Exercise(
        name="training_flops",
        check=check_training_flops,
        hints=(
            "Reading one token, each parameter takes part in a multiplication and an addition.",
            "Backpropagation costs about twice the forward pass.",
            "2 forward and 4 backward, for every parameter and every token.",
        ),
        solution=training_flops,
        mistakes={
            "forward only": (lambda n, d: 2 * n * d, "forward pass alone"),
            "one each": (lambda n, d: n * d, "6 in all"),
        },
        starter=lambda parameters, tokens: ...,
    ),
]

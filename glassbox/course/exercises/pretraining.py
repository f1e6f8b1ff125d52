"""Exercises of lab 05: where the targets come from, slopes, walking downhill, what a run costs."""

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


def squared(w):
    """A loss."""
    return w * w


def falling(w):
    """A loss with a slope that is everywhere the same."""
    return 5 - 2 * w


def cubed(w):
    """A loss so bent that a nudge to one side is told apart from one to both."""
    return w**3


def slope_of_valley(w):
    """The slope of (w - 2) squared: the valley is at 2."""
    return 2 * (w - 2)


def slope_of_bend(w):
    """The slope of w**4 / 4, which is steep far out."""
    return w**3


EXERCISES = [
    Exercise(
        name="targets",
        solution=targets,
        cases=(([7, 3, 9, 4],), ([5, 5, 6],), ([1, 2],), ([0, 1, 2, 3, 4, 5],)),
        hints=(
            "At each place the right answer is the token that comes next in the text.",
            "The last token has no successor, so it is not read; the first is nobody's successor.",
            "A list without its last element is `ids[:-1]`. And without its first?",
        ),
        mistakes={
            "copy": (
                lambda ids: (ids, ids),
                "each token is its own target: copying would earn a perfect score. Shift by one.",
            ),
            "copy, cut": (
                lambda ids: (ids[:-1], ids[:-1]),
                "each token is its own target: copying would earn a perfect score. Shift by one.",
            ),
            "backward": (
                lambda ids: (ids[1:], ids[:-1]),
                "this predicts the token before. Swap the two.",
            ),
            "unequal": (
                lambda ids: (ids, ids[1:]),
                "there is one token more to read than there are targets; each place needs one.",
            ),
            "last alone": (
                lambda ids: (ids[:-1], ids[-1]),
                "only the last token is asked for. Every place has a target: the token after it.",
            ),
            "targets alone": (
                lambda ids: ids[1:],
                "two lists are asked for: what is read, and what is to be predicted.",
            ),
        },
    ),
    Exercise(
        name="slope",
        solution=slope,
        cases=(
            (squared, 3.0, 1e-4),
            (falling, 1.0, 1e-4),
            (cubed, 2.0, 0.5),
            (squared, -1.0, 1e-3),
            (cubed, -1.0),
        ),
        hints=(
            "A slope is a rise divided by a run.",
            "Compute the loss a little to the right of w and a little to the left; take the difference.",
            "From w - nudge to w + nudge the run is `2 * nudge`.",
        ),
        mistakes={
            "rise only": (
                lambda loss, w, h=1e-4: loss(w + h) - loss(w - h),
                "that is how much the loss changed. Divide by how much w changed.",
            ),
            "half the run": (
                lambda loss, w, h=1e-4: (loss(w + h) - loss(w - h)) / h,
                "it comes out twice too large: between w - nudge and w + nudge lie two nudges.",
            ),
            "sign": (
                lambda loss, w, h=1e-4: (loss(w - h) - loss(w + h)) / (2 * h),
                "the sign is turned around: a loss that rises has a positive slope.",
            ),
            "to the right": (
                lambda loss, w, h=1e-4: (loss(w + h) - loss(w)) / h,
                "it nudges to one side only. On a bend that is off; nudged both ways, the two errors cancel.",
            ),
            "to the left": (
                lambda loss, w, h=1e-4: (loss(w) - loss(w - h)) / h,
                "it nudges to one side only. On a bend that is off; nudged both ways, the two errors cancel.",
            ),
            "no brackets": (
                lambda loss, w, h=1e-4: (loss(w + h) - loss(w - h)) / 2 * h,
                "`/ 2 * nudge` divides by 2 and multiplies by the nudge. Put brackets around `2 * nudge`.",
            ),
        },
    ),
    Exercise(
        name="descend",
        solution=descend,
        cases=(
            (slope_of_valley, 10.0, 0.1, 3),
            (slope_of_valley, 10.0, 0.1, 100),
            (slope_of_valley, 0.0, 0.25, 1),
            (slope_of_bend, 1.0, 0.5, 2),
            (slope_of_valley, 5.0, 0.1, 0),
        ),
        hints=(
            "The slope says in which direction the loss rises. Which way do you want to go?",
            "One step: w becomes `w - rate * gradient(w)`.",
            "The slope changes as you walk, so compute `gradient(w)` anew at each step.",
        ),
        mistakes={
            "uphill": (
                lambda g, w, rate, steps: descend(g, w, -rate, steps),
                "it walks uphill. The slope points to where the loss rises; go the other way.",
            ),
            "old slope": (
                lambda g, w, rate, steps: w - steps * rate * g(w),
                "every step uses the slope at the start. Ask for the slope again where you stand.",
            ),
            "one step": (
                lambda g, w, rate, steps: descend(g, w, rate, min(steps, 1)),
                "it takes one step and stops. Repeat for the number of steps; return after the loop.",
            ),
            "always one step": (
                lambda g, w, rate, steps: w - rate * g(w),
                "it takes one step, however many are asked for. Repeat for the number of steps.",
            ),
            "one step more": (
                lambda g, w, rate, steps: descend(g, w, rate, steps + 1),
                "it takes one step too many.",
            ),
            "one step less": (
                lambda g, w, rate, steps: descend(g, w, rate, steps - 1),
                "it takes one step too few: `range(steps)` counts from 0.",
            ),
        },
    ),
    Exercise(
        name="training_flops",
        solution=training_flops,
        cases=((175e9, 300e9), (1e6, 2e7), (124_439_808, 1e9), (10, 3)),
        hints=(
            "Reading one token, each parameter takes part in a multiplication and an addition.",
            "Backpropagation costs about twice the forward pass.",
            "2 forward and 4 backward, for every parameter and every token.",
        ),
        mistakes={
            "forward only": (
                lambda n, d: 2 * n * d,
                "that is the forward pass alone. The backward pass takes twice as much again.",
            ),
            "backward only": (
                lambda n, d: 4 * n * d,
                "that is the backward pass alone. The forward pass takes half as much, before it.",
            ),
            "one each": (
                lambda n, d: n * d,
                "each meeting of a token and a parameter costs more than one operation: 6 in all.",
            ),
            "twice too many": (
                lambda n, d: 12 * n * d,
                "that is too much: 2 operations forward and 4 backward are 6 in all.",
            ),
            "added": (
                lambda n, d: 6 * (n + d),
                "every parameter meets every token: multiply the two.",
            ),
        },
    ),
]

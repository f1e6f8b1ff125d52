"""Exercises of lab 11a: the slope of a power law, the law of size and text, outliers, the best split."""

import math

from glassbox.course.exercises import Exercise


def slope(x1, y1, x2, y2):
    """The exponent b of the power law y = a x^b through two points."""
    return (math.log(y2) - math.log(y1)) / (math.log(x2) - math.log(x1))


def law(N, D, E, A, B, alpha, beta):
    """The loss of a model of N parameters after D tokens."""
    return E + A / N**alpha + B / D**beta


def huber(r, delta):
    """What a residual r costs: its square near zero, its size further out."""
    if abs(r) <= delta:
        return r**2 / 2
    return delta * (abs(r) - delta / 2)


def best_size(C, A, B, alpha, beta):
    """The N with the least loss among all models whose 6 N D is C."""
    G = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    return G * (C / 6) ** (beta / (alpha + beta))


def check_slope(answer):
    got, want = answer(1e3, 4.0, 1e5, 1.0), slope(1e3, 4.0, 1e5, 1.0)
    if math.isclose(got, want, rel_tol=1e-6):
        up = answer(2.0, 3.0, 4.0, 12.0)
        if not math.isclose(up, 2.0, rel_tol=1e-6):
            return f"through (2, 3) and (4, 12), where y grows as x squared, it should be 2, not {up:.3g}."
        return None
    if math.isclose(got, -want, rel_tol=1e-6):
        return "the sign is turned around: the loss falls as the model grows, so the slope is negative."
    if math.isclose(got, 1 / want, rel_tol=1e-6):
        return "that is the change in x for each change in y. Divide the change of log y by that of log x."
    if math.isclose(got, (1.0 - 4.0) / (1e5 - 1e3), rel_tol=1e-6):
        return "that is the slope on plain axes. Take the logarithm of every number first."
    return f"from (1,000, 4) to (100,000, 1) it should be {want:.4f}, and yours is {got:.4f}."


def check_law(answer):
    numbers = (70e9, 1.4e12, 1.69, 406.4, 410.7, 0.34, 0.28)
    N, D, E, A, B, alpha, beta = numbers
    got, want = answer(*numbers), law(*numbers)
    if math.isclose(got, want, rel_tol=1e-6):
        return None
    if math.isclose(got, want - E, rel_tol=1e-6):
        return "E is missing: what no model and no text removes."
    if math.isclose(got, E + A / N**beta + B / D**alpha, rel_tol=1e-6):
        return "the exponents are exchanged: alpha belongs to the size N, beta to the text D."
    if math.isclose(got, E + A * N**alpha + B * D**beta, rel_tol=1e-6):
        return "that grows with size. Divide by the powers: larger models lose less."
    return f"for 70 billion parameters and 1.4 trillion tokens it should be {want:.4f}, and yours is {got:.4g}."


def check_huber(answer):
    near, far, left = answer(0.5, 1.0), answer(3.0, 1.0), answer(-3.0, 1.0)
    if math.isclose(near, 0.5, rel_tol=1e-6) or math.isclose(near, 0.25, rel_tol=1e-6):
        return "near zero it is half of the square: 0.125 for a residual of 0.5."
    if not math.isclose(near, 0.125, rel_tol=1e-6):
        return f"a residual of 0.5 within delta = 1 costs 0.125, and yours says {near:.4g}."
    if math.isclose(far, 4.5, rel_tol=1e-6):
        return "a residual of 3 is beyond delta = 1 and must count linearly, or outliers win."
    if math.isclose(far, 3.0, rel_tol=1e-6):
        return "the two pieces do not meet: subtract delta / 2, so that the curve has no jump."
    if not math.isclose(far, 2.5, rel_tol=1e-6):
        return f"a residual of 3 costs 1 x (3 - 1/2) = 2.5, and yours says {far:.4g}."
    if not math.isclose(left, far, rel_tol=1e-6):
        return "a residual of -3 should cost as much as one of 3. Look at its absolute value."
    scaled = answer(3.0, 0.1)
    if not math.isclose(scaled, huber(3.0, 0.1), rel_tol=1e-6):
        return f"with delta = 0.1 a residual of 3 costs {huber(3.0, 0.1):.4g}, and yours says {scaled:.4g}."
    return None


def check_best_size(answer):
    numbers = (5.76e23, 406.4, 410.7, 0.34, 0.28)
    C, A, B, alpha, beta = numbers
    got, want = answer(*numbers), best_size(*numbers)
    if _as_good(got, *numbers):  # a search over sizes is welcome too
        other = (1e21, 50.0, 500.0, 0.4, 0.5)
        if not _as_good(answer(*other), *other):
            return "it works for Chinchilla's numbers and for no others: use the arguments you are given."
        return None
    G = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    if math.isclose(got, C / 6 / want, rel_tol=0.02):
        return "that is the best number of tokens, D. The size is what is left: C / (6 D)."
    if math.isclose(got, G * C ** (beta / (alpha + beta)), rel_tol=0.02):
        return (
            "you spent C where C / 6 is to be spent: each parameter and token costs 6 operations."
        )
    if math.isclose(got, G * (C / 6) ** (alpha / (alpha + beta)), rel_tol=0.02):
        return "the exponent of the budget is beta / (alpha + beta) for the size; the other one is the text's."
    if math.isclose(got, math.sqrt(C / 6), rel_tol=0.02):
        return "equal numbers of parameters and tokens are a split, and not the best one."
    if 0.6 < got / want < 1.7:
        return f"it is near, but {want:.3g} is better than {got:.3g}. If you search, search a finer grid."
    return f"with Chinchilla's numbers and 5.76e23 operations it should be {want:.3g}, and yours is {got:.3g}."


def _as_good(N, C, A, B, alpha, beta):
    """Whether N loses at most a thousandth more than the best size: around it the loss is flat."""
    best = best_size(C, A, B, alpha, beta)
    found, least = (law(n, C / 6 / n, 0.0, A, B, alpha, beta) for n in (N, best))
    return found <= 1.001 * least


EXERCISES = [
    Exercise(
        name="slope",
        check=check_slope,
        hints=(
            "On logarithmic axes a power law is a straight line, and the exponent is its slope.",
            "Rise over run, each in logarithms: log(y2) - log(y1) is the rise.",
            "(log(y2) - log(y1)) / (log(x2) - log(x1)).",
        ),
        solution=slope,
        mistakes={
            "plain axes": (lambda x1, y1, x2, y2: (y2 - y1) / (x2 - x1), "plain axes"),
            "sign": (lambda x1, y1, x2, y2: -slope(x1, y1, x2, y2), "turned around"),
            "upside down": (lambda x1, y1, x2, y2: 1 / slope(x1, y1, x2, y2), "change in x"),
        },
        starter=lambda x1, y1, x2, y2: ...,
    ),
    Exercise(
        name="law",
        check=check_law,
        hints=(
            "Three terms: what stays, what a larger model removes, what more text removes.",
            "A larger N must make the second term smaller: A divided by a power of N.",
            "E + A / N**alpha + B / D**beta.",
        ),
        solution=law,
        mistakes={
            "no floor": (lambda N, D, E, A, B, a, b: A / N**a + B / D**b, "E is missing"),
            "exchanged": (lambda N, D, E, A, B, a, b: E + A / N**b + B / D**a, "exchanged"),
            "growing": (lambda N, D, E, A, B, a, b: E + A * N**a + B * D**b, "grows with size"),
        },
        starter=lambda N, D, E, A, B, alpha, beta: ...,
    ),
    Exercise(
        name="huber",
        check=check_huber,
        hints=(
            "Two cases: the residual's size is at most delta, or beyond it.",
            "Near: half of the square. Far: a straight line that starts where the square ends.",
            "Far: delta * (abs(r) - delta / 2).",
        ),
        solution=huber,
        mistakes={
            "square": (lambda r, delta: r**2 / 2, "outliers win"),
            "not half": (
                lambda r, delta: r**2 if abs(r) <= delta else delta * abs(r),
                "half of the square",
            ),
            "a jump": (
                lambda r, delta: r**2 / 2 if abs(r) <= delta else delta * abs(r),
                "do not meet",
            ),
            "one side": (
                lambda r, delta: r**2 / 2 if r <= delta else delta * (r - delta / 2),
                "absolute value",
            ),
        },
        starter=lambda r, delta: ...,
    ),
    Exercise(
        name="best_size",
        check=check_best_size,
        hints=(
            "A budget C leaves D = C / (6 N) tokens for a model of size N. So the loss depends on N alone.",
            "You may search: try many sizes and keep the one with the least loss. numpy.geomspace helps.",
            "Or set the slope to zero: N = G (C/6)^(beta/(alpha+beta)), with G = (alpha A / (beta B))^(1/(alpha+beta)).",
        ),
        solution=best_size,
        mistakes={
            "the text": (
                lambda C, A, B, a, b: C / 6 / best_size(C, A, B, a, b),
                "number of tokens",
            ),
            "without 6": (lambda C, A, B, a, b: best_size(6 * C, A, B, a, b), "each parameter"),
            "exponents": (
                lambda C, A, B, a, b: (a * A / (b * B)) ** (1 / (a + b)) * (C / 6) ** (a / (a + b)),
                "exponent of the budget",
            ),
            "half and half": (lambda C, A, B, a, b: math.sqrt(C / 6), "not the best"),
        },
        starter=lambda C, A, B, alpha, beta: ...,
    ),
]

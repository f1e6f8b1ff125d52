"""Exercises of lab 11a: the slope of a power law, the law of size and text, outliers, the best split."""

import math

from glassbox.course.answers import plain
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


def _about(got, want):
    """Around its best size the loss is flat, so that a search over sizes is as good as a formula."""
    return abs(math.log(plain(got) / want)) < 0.1


def _coarse(C, A, B, alpha, beta):
    sizes = [10.0**k for k in range(4, 16)]
    return min(sizes, key=lambda N: law(N, C / 6 / N, 0.0, A, B, alpha, beta))


EXERCISES = [
    Exercise(
        name="slope",
        solution=slope,
        cases=(
            (1e3, 4.0, 1e5, 1.0),
            (2.0, 3.0, 4.0, 12.0),
            (10.0, 5.0, 30.0, 5.0),
            (1.0, 2.0, 8.0, 1.0),
            (50.0, 0.3, 5.0, 3.0),
        ),
        hints=(
            "On logarithmic axes a power law is a straight line, and the exponent is its slope.",
            "Rise over run, each in logarithms: log(y2) - log(y1) is the rise.",
            "(log(y2) - log(y1)) / (log(x2) - log(x1)).",
        ),
        mistakes={
            "plain axes": (
                lambda x1, y1, x2, y2: (y2 - y1) / (x2 - x1),
                "that is the slope on plain axes. Take the logarithm of every number first.",
            ),
            "one axis": (
                lambda x1, y1, x2, y2: (y2 - y1) / math.log(x2 / x1),
                "only the x are in logarithms. Take the logarithm of every number first.",
            ),
            "logarithm last": (
                lambda x1, y1, x2, y2: math.log(abs(y2 - y1)) / math.log(abs(x2 - x1)),
                "those are logarithms of differences. Take the logarithm of each number, then subtract.",
            ),
            "sign": (
                lambda x1, y1, x2, y2: -slope(x1, y1, x2, y2),
                "the sign is turned around: the loss falls as the model grows, so the slope is negative.",
            ),
            "upside down": (
                lambda x1, y1, x2, y2: 1 / slope(x1, y1, x2, y2),
                "that is the change in x for each change in y. Divide the change of log y by that of log x.",
            ),
            "rise only": (
                lambda x1, y1, x2, y2: math.log(y2 / y1),
                "that is the rise. Divide it by the run, log(x2) - log(x1).",
            ),
        },
    ),
    Exercise(
        name="law",
        solution=law,
        cases=(
            (70e9, 1.4e12, 1.69, 406.4, 410.7, 0.34, 0.28),
            (16, 81, 2, 3, 5, 0.5, 0.25),
            (1000, 10, 0, 20, 7, 1, 0.5),
            (8, 4, 1.5, 1, 2, 1 / 3, 2),
        ),
        hints=(
            "Three terms: what stays, what a larger model removes, what more text removes.",
            "A larger N must make the second term smaller: A divided by a power of N.",
            "`E + A / N**alpha + B / D**beta`",
        ),
        mistakes={
            "no floor": (
                lambda N, D, E, A, B, a, b: A / N**a + B / D**b,
                "E is missing: what no model and no text removes.",
            ),
            "no text": (
                lambda N, D, E, A, B, a, b: E + A / N**a,
                "the text is missing: B divided by a power of D.",
            ),
            "exchanged": (
                lambda N, D, E, A, B, a, b: E + A / N**b + B / D**a,
                "the exponents are exchanged: alpha belongs to the size N, beta to the text D.",
            ),
            "growing": (
                lambda N, D, E, A, B, a, b: E + A * N**a + B * D**b,
                "that grows with size. Divide by the powers: larger models lose less.",
            ),
            "powers of the quotient": (
                lambda N, D, E, A, B, a, b: E + (A / N) ** a + (B / D) ** b,
                "A and B are raised to the powers too. Only N and D are.",
            ),
            "times": (
                lambda N, D, E, A, B, a, b: E + A / (N * a) + B / (D * b),
                "you multiplied by alpha and beta. They are exponents: N to the power alpha.",
            ),
        },
    ),
    Exercise(
        name="huber",
        solution=huber,
        cases=(
            (0.5, 1.0),
            (3.0, 1.0),
            (-3.0, 1.0),
            (-0.5, 1.0),
            (3.0, 0.1),
            (1.0, 1.0),
            (0.0, 0.5),
            (-2.0, 3.0),
            (0.3, 0.2),
        ),
        hints=(
            "Two cases: the residual's size is at most delta, or beyond it.",
            "Near: half of the square. Far: a straight line that starts where the square ends.",
            "Far: `delta * (abs(r) - delta / 2)`.",
        ),
        mistakes={
            "square": (
                lambda r, delta: r**2 / 2,
                "a residual beyond delta must count linearly, or outliers win.",
            ),
            "not half": (
                lambda r, delta: r**2 if abs(r) <= delta else delta * abs(r),
                "near zero it is half of the square, and further out the line has to meet it.",
            ),
            "whole square": (
                lambda r, delta: r**2 if abs(r) <= delta else delta * (abs(r) - delta / 2),
                "near zero it is half of the square.",
            ),
            "a jump": (
                lambda r, delta: r**2 / 2 if abs(r) <= delta else delta * abs(r),
                "the two pieces do not meet: subtract delta / 2, so that the curve has no jump.",
            ),
            "slope 1": (
                lambda r, delta: r**2 / 2 if abs(r) <= delta else abs(r) - delta / 2,
                "the line is too steep or too flat unless delta is 1: its slope is delta.",
            ),
            "one side": (
                lambda r, delta: r**2 / 2 if r <= delta else delta * (r - delta / 2),
                "a residual of -3 should cost as much as one of 3. Look at its absolute value.",
            ),
            "negative cost": (
                lambda r, delta: r**2 / 2 if abs(r) <= delta else delta * (r - delta / 2),
                "a negative residual must not earn anything: further out it is the absolute value that counts.",
            ),
            "absolute": (
                lambda r, delta: abs(r),
                "that is the residual's size. Near zero its square is wanted.",
            ),
        },
    ),
    Exercise(
        name="best_size",
        solution=best_size,
        same=_about,
        cases=(
            (5.76e23, 406.4, 410.7, 0.34, 0.28),
            (1e21, 50.0, 500.0, 0.4, 0.5),
            (1e18, 406.4, 410.7, 0.34, 0.28),
            (1e22, 900.0, 100.0, 0.3, 0.35),
        ),
        hints=(
            "A budget C leaves D = C / (6 N) tokens for a model of size N. So the loss depends on N alone.",
            "You may search: try many sizes, `np.geomspace(1e6, 1e13, 1000)`, and keep the one with the "
            "least loss.",
            "Or set the slope to zero: N = G (C/6)^(beta/(alpha+beta)), with G = (alpha A / (beta B))^(1/(alpha+beta)).",
        ),
        mistakes={
            "the text": (
                lambda C, A, B, a, b: C / 6 / best_size(C, A, B, a, b),
                "that is the best number of tokens, D. The size is what is left: C / (6 D).",
            ),
            "without 6": (
                lambda C, A, B, a, b: best_size(6 * C, A, B, a, b),
                "you spent C where C / 6 is to be spent: each parameter and token costs 6 operations.",
            ),
            "exponents": (
                lambda C, A, B, a, b: (a * A / (b * B)) ** (1 / (a + b)) * (C / 6) ** (a / (a + b)),
                "the exponent of the budget is beta / (alpha + beta) for the size; the other one is the text's.",
            ),
            "no G": (
                lambda C, A, B, a, b: (C / 6) ** (b / (a + b)),
                "G is missing, which says how A and B weigh against each other.",
            ),
            "half and half": (
                lambda C, A, B, a, b: math.sqrt(C / 6),
                "equal numbers of parameters and tokens are a split, and not the best one.",
            ),
            "the loss": (
                lambda C, A, B, a, b: law(
                    (N := best_size(C, A, B, a, b)), C / 6 / N, 0, A, B, a, b
                ),
                "that is the least loss. Asked for is the size that has it.",
            ),
            "coarse": (
                _coarse,
                "the sizes that you try lie too far apart. If you search, search a finer grid.",
            ),
        },
    ),
]

"""Exercises of lab 17b: noise in one jump, the copy test, a picture from scraps."""

import math

from glassbox.course.exercises import Exercise


def noised(pixel, noise, abar):
    """A pixel after some steps of noise: its share of the variance is abar, the noise's the rest."""
    return math.sqrt(abar) * pixel + math.sqrt(1 - abar) * noise


def is_copy(image, train):
    """Is the nearest training image less than a third as far as the second nearest? Lists of pixels."""
    distances = sorted(math.dist(image, other) for other in train)
    return distances[0] < distances[1] / 3


def best_guess(x, train, spread):
    """What x most probably was: the mean of the training values, weighed by exp(-(x - v)² / (2 spread²))."""
    weights = [math.exp(-((x - value) ** 2) / (2 * spread**2)) for value in train]
    return sum(w * value for w, value in zip(weights, train)) / sum(weights)


def _nearness(x, value, spread):
    return math.exp(-((x - value) ** 2) / (2 * spread**2))


def _weighed(weight):
    """A guess with another weight for each training value."""

    def guess(x, train, spread):
        weights = [weight(x, value, spread) for value in train]
        return sum(w * value for w, value in zip(weights, train)) / sum(weights)

    return guess


def _by_squares(image, train):
    squares = sorted(math.dist(image, other) ** 2 for other in train)
    return squares[0] < squares[1] / 3


TRAIN = [[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]]

EXERCISES = [
    Exercise(
        name="noised",
        solution=noised,
        cases=(
            (0.5, 1.0, 0.64),
            (0.5, 1.0, 1.0),
            (-1.0, 0.5, 0.36),
            (0.8, -2.0, 0.0),
            (1.0, 0.0, 0.25),
        ),
        hints=(
            "abar and 1 - abar are shares of the variance, and add up to 1.",
            "Multiplying a quantity by c multiplies its variance by c squared.",
            "sqrt(abar) times the pixel, plus sqrt(1 - abar) times the noise.",
        ),
        mistakes={
            "no root": (
                lambda p, n, a: a * p + (1 - a) * n,
                "these are shares of the variance. What is multiplied is their square root.",
            ),
            "one minus the root": (
                lambda p, n, a: math.sqrt(a) * p + (1 - math.sqrt(a)) * n,
                "the shares of the variance add up to 1, and not their roots: the noise has sqrt(1 - abar).",
            ),
            "turned around": (
                lambda p, n, a: math.sqrt(1 - a) * p + math.sqrt(a) * n,
                "it is turned around: abar is the share of the image, and begins at 1.",
            ),
            "noise as it is": (
                lambda p, n, a: math.sqrt(a) * p + n,
                "the noise has to be made smaller too, or the variance grows with every step.",
            ),
            "pixel as it is": (
                lambda p, n, a: p + math.sqrt(1 - a) * n,
                "the pixel has to be made smaller too, or the variance grows with every step.",
            ),
        },
    ),
    Exercise(
        name="is_copy",
        solution=is_copy,
        cases=(
            ([0.1, 0.0], TRAIN),
            ([0.4, 0.0], TRAIN),  # between two
            (
                [0.28, 0.0],
                TRAIN,
            ),  # 0.28 is more than a third of 0.72, and its square less of 0.72's
            ([0.24, 0.0], TRAIN),
            ([5.0, 5.3], TRAIN),  # the last
            ([40.0, 0.0], TRAIN),  # far from all
            ([2.0, 0.2], [[9.0, 9.0], [2.0, 0.0], [2.0, 2.0]]),  # the nearest in the middle
            ([3.0], [[0.0], [4.5]]),
            ([0.6], [[0.0], [5.0], [9.0]]),
            ([1.0], [[0.0], [4.0]]),  # a third exactly
            ([0.0, 0.0], [[0.0, 0.4], [3.0, 0.0]]),
        ),
        hints=(
            "`math.dist` of two lists of pixels is their distance; it needs `import math`.",
            "Sort the distances to all training images: the first two are wanted.",
            "The first must be less than a third of the second.",
        ),
        mistakes={
            "a fixed distance": (
                lambda image, train: min(math.dist(image, other) for other in train) < 0.5,
                "an image that lies between two training images copies neither, however near they are. "
                "Compare with the second nearest.",
            ),
            "never": (
                lambda image, train: False,
                "it never finds a copy. 0.1 from one training image and 0.9 from the next is one.",
            ),
            "squares": (
                _by_squares,
                "a third of the distance is a ninth of its square. Compare the distances themselves, "
                "not their squares.",
            ),
            "half": (
                lambda image, train: (
                    (d := sorted(math.dist(image, t) for t in train))[0] < d[1] / 2
                ),
                "half as far is not near enough: it must be less than a third.",
            ),
            "last forgotten": (
                lambda image, train: is_copy(image, train[:-1]),
                "the last training image is never looked at. Look for the nearest of all.",
            ),
            "unsorted": (
                lambda image, train: math.dist(image, train[0]) < math.dist(image, train[1]) / 3,
                "you compare the first two training images. Sort the distances, then compare the first two "
                "of these.",
            ),
            "farthest": (
                lambda image, train: (
                    (d := sorted(math.dist(image, t) for t in train))[0] < d[-1] / 3
                ),
                "you compare with the farthest training image. Compare with the second nearest.",
            ),
        },
    ),
    Exercise(
        name="best_guess",
        solution=best_guess,
        cases=(
            (0.9, [-1.0, 0.0, 1.0], 0.8),
            (0.9, [-1.0, 0.0, 1.0], 0.1),
            (0.9, [-1.0, 0.0, 1.0], 50.0),
            (0.2, [3.0], 1.0),
            (-0.4, [0.0, 0.0, 1.0], 0.5),
            (2.0, [4.0, 1.0, -2.0, 3.0], 2.0),
        ),
        hints=(
            "Every training value has a weight: how likely it is to have become x.",
            "Multiply each value by its weight and add up. Then divide, by what?",
            "By the sum of the weights.",
        ),
        mistakes={
            "nearest": (
                lambda x, train, s: min(train, key=lambda v: abs(v - x)),
                "this is the nearest training value, whatever the noise. With much noise all have a say.",
            ),
            "plain mean": (
                lambda x, train, s: sum(train) / len(train),
                "this is the plain mean. The values near x are likelier to have become x: weigh them.",
            ),
            "not divided": (
                lambda x, train, s: sum(_nearness(x, v, s) * v for v in train),
                "the weights do not add up to 1. Divide by their sum.",
            ),
            "divided by the number": (
                lambda x, train, s: sum(_nearness(x, v, s) * v for v in train) / len(train),
                "you divided by how many values there are. Divide by the sum of their weights.",
            ),
            "without 2": (
                _weighed(lambda x, v, s: math.exp(-((x - v) ** 2) / s**2)),
                "the bell curve divides by twice the square of the spread: the 2 is missing.",
            ),
            "spread, not squared": (
                _weighed(lambda x, v, s: math.exp(-((x - v) ** 2) / (2 * s))),
                "the bell curve divides by twice the square of the spread: it is not squared.",
            ),
            "no square": (
                _weighed(lambda x, v, s: math.exp(-abs(x - v) / (2 * s**2))),
                "the bell curve has the square of the distance: it is missing.",
            ),
        },
    ),
]

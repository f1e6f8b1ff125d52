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


def check_noised(answer):
    got, want = answer(0.5, 1.0, 0.64), noised(0.5, 1.0, 0.64)
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(0.5, 1.0, 1.0), 0.5):
            return "at abar = 1 no noise was added, and the pixel should be as it was."
        if not math.isclose(answer(-1.0, 0.5, 0.36), -0.2, rel_tol=1e-6):
            return "right at abar = 0.64; but at 0.36 a pixel of -1 and noise of 0.5 make -0.2."
        return None
    if math.isclose(got, 0.64 * 0.5 + 0.36 * 1.0, rel_tol=1e-6):
        return "these are shares of the variance. What is multiplied is their square root."
    if math.isclose(got, 0.6 * 0.5 + 0.8 * 1.0, rel_tol=1e-6):
        return "turned around: abar is the share of the image, and begins at 1."
    if math.isclose(got, 0.8 * 0.5 + 1.0, rel_tol=1e-6):
        return "the noise has to be made smaller too, or the variance grows with every step."
    return (
        f"for a pixel of 0.5, noise of 1 and abar of 0.64 it is {want:.2f}, and yours is {got:.3g}."
    )


def check_is_copy(answer):
    train = [[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]]
    if not answer([0.1, 0.0], train):
        return "0.1 from one training image and 0.9 from the next is a copy, and yours says no."
    if answer([0.4, 0.0], train):
        return (
            "0.4 from one and 0.6 from the other: it lies between two training images and copies "
            "neither. Compare with the second nearest."
        )
    if answer([0.28, 0.0], train):
        return "0.28 from one and 0.72 from the next is more than a third: no copy. Compare the distances themselves, not their squares."
    if not answer([0.24, 0.0], train):
        return "0.24 from one and 0.76 from the next is less than a third: a copy."
    if not answer([5.0, 5.3], train):
        return "a copy of the last training image is not found. Look for the nearest of all."
    if answer([40.0, 0.0], train):
        return "far from all training images, at distances of 39 and more, nothing is copied."
    return None


def check_best_guess(answer):
    train = [-1.0, 0.0, 1.0]
    close, far = answer(0.9, train, 0.05), answer(0.9, train, 50.0)
    want = best_guess(0.9, train, 0.8)
    if math.isclose(answer(0.9, train, 0.8), want, rel_tol=1e-6):
        return None
    if math.isclose(close, 1.0, abs_tol=1e-6) and math.isclose(far, 1.0, abs_tol=1e-6):
        return "this is the nearest training value, whatever the noise. With much noise all have a say."
    if math.isclose(close, 0.0, abs_tol=1e-6):
        return (
            "this is the plain mean. The values near x are likelier to have become x: weigh them."
        )
    if not math.isclose(close, 1.0, abs_tol=1e-6):
        return "next to a training value and with hardly any noise the guess should be that value. Divide by the weights' sum."
    return f"for 0.9, a spread of 0.8 and the values -1, 0, 1 it is {want:.4f}."


def _loose(image, train):
    return min(math.dist(image, other) for other in train) < 0.5


def _squares(image, train):
    squares = sorted(math.dist(image, other) ** 2 for other in train)
    return squares[0] < squares[1] / 3


def _last_forgotten(image, train):
    return is_copy(image, train[:-1])


EXERCISES = [
    Exercise(
        name="noised",
        check=check_noised,
        hints=(
            "abar and 1 - abar are shares of the variance, and add up to 1.",
            "Multiplying a quantity by c multiplies its variance by c squared.",
            "sqrt(abar) times the pixel, plus sqrt(1 - abar) times the noise.",
        ),
        solution=noised,
        mistakes={
            "no root": (lambda p, n, a: a * p + (1 - a) * n, "square root"),
            "turned around": (
                lambda p, n, a: math.sqrt(1 - a) * p + math.sqrt(a) * n,
                "turned around",
            ),
            "noise as it is": (lambda p, n, a: math.sqrt(a) * p + n, "smaller too"),
        },
        starter=lambda pixel, noise, abar: ...,
    ),
    Exercise(
        name="is_copy",
        check=check_is_copy,
        hints=(
            "math.dist(image, other) is the distance of two lists of pixels.",
            "Sort the distances to all training images: the first two are wanted.",
            "The first must be less than a third of the second.",
        ),
        solution=is_copy,
        mistakes={
            "a fixed distance": (_loose, "second nearest"),
            "never": (lambda image, train: False, "yours says no"),
            "squares": (_squares, "not their squares"),
            "last forgotten": (_last_forgotten, "nearest of all"),
        },
        starter=lambda image, train: ...,
    ),
    Exercise(
        name="best_guess",
        check=check_best_guess,
        hints=(
            "Every training value has a weight: how likely it is to have become x.",
            "Multiply each value by its weight and add up. Then divide, by what?",
            "By the sum of the weights.",
        ),
        solution=best_guess,
        mistakes={
            "nearest": (
                lambda x, train, s: min(train, key=lambda v: abs(v - x)),
                "whatever the noise",
            ),
            "plain mean": (lambda x, train, s: sum(train) / len(train), "plain mean"),
            "not divided": (
                lambda x, train, s: sum(v * math.exp(-((x - v) ** 2) / (2 * s**2)) for v in train),
                "Divide by",
            ),
        },
        starter=lambda x, train, spread: ...,
    ),
]

"""Exercises of lab 21b: a probe in one dimension, how much it explains, and the street that a reading means."""

from glassbox.course.exercises import Exercise


def line(xs, ys):
    """Slope and offset of the line through points that misses least, in squares."""
    n = len(xs)
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys))
    slope /= sum((x - mean_x) ** 2 for x in xs)
    return slope, mean_y - slope * mean_x


def explained(truths, guesses):
    """The share of the truths' spread that the guesses explain: 1 for all, 0 for the mean."""
    mean = sum(truths) / len(truths)
    missed = sum((t - g) ** 2 for t, g in zip(truths, guesses))
    return 1 - missed / sum((t - mean) ** 2 for t in truths)


def nearest(place, streets):
    """The name of the street that lies nearest to a place, (x, y)."""
    x, y = place
    return min(streets, key=lambda name: (streets[name][0] - x) ** 2 + (streets[name][1] - y) ** 2)


def _through_zero(xs, ys):
    return sum(x * y for x, y in zip(xs, ys)) / sum(x * x for x in xs), 0.0


def _from_ends(xs, ys):
    slope = (ys[-1] - ys[0]) / (xs[-1] - xs[0])
    return slope, ys[0] - slope * xs[0]


def _other_way(xs, ys):
    return line(ys, xs) if len(set(ys)) > 1 else (0.0, 0.0)


def _against_zero(truths, guesses):
    missed = sum((t - g) ** 2 for t, g in zip(truths, guesses))
    return 1 - missed / sum(t**2 for t in truths)


def _absolute(truths, guesses):
    mean = sum(truths) / len(truths)
    missed = sum(abs(t - g) for t, g in zip(truths, guesses))
    return 1 - missed / sum(abs(t - mean) for t in truths)


def _farthest(place, streets):
    x, y = place
    return max(streets, key=lambda name: (streets[name][0] - x) ** 2 + (streets[name][1] - y) ** 2)


def _only_east(place, streets):
    return min(streets, key=lambda name: abs(streets[name][0] - place[0]))


BOARD = {"Bell": (0, 4), "Chapel": (2, 4), "Quay": (2, 2), "Net": (0, 2), "Tide": (10, 2)}

EXERCISES = [
    Exercise(
        name="line",
        solution=line,
        cases=(
            ([0, 1, 2], [1, 3, 5]),
            ([0, 1, 2, 3], [0, 2, 1, 3]),
            ([-1, 0, 4], [2, 2, 2]),
            ([1, 2, 4, 8], [5, 3, 4, 0]),
            ([10, 11], [0.5, 0.25]),
        ),
        hints=(
            "Take the means of `xs` and of `ys` first. The line goes through that point.",
            "The slope is the sum of (x - mean of x) times (y - mean of y), divided by the sum of (x - mean of x) squared.",
            "The offset is the mean of `ys` minus the slope times the mean of `xs`. Return slope and offset, in this order.",
        ),
        mistakes={
            "through zero": (
                _through_zero,
                "your line goes through zero. Take the means off first.",
            ),
            "first and last": (
                _from_ends,
                "your line joins the first and the last point. All points count.",
            ),
            "the other way": (
                _other_way,
                "you took `xs` for `ys`. The line gives y for an x.",
            ),
            "swapped": (
                lambda xs, ys: line(xs, ys)[::-1],
                "you returned the offset first. Return slope and offset.",
            ),
        },
    ),
    Exercise(
        name="explained",
        solution=explained,
        cases=(
            ([1, 2, 3], [1, 2, 3]),
            ([1, 2, 3], [2, 2, 2]),
            ([0, 4], [1, 2]),
            ([5, 5, 8, 10], [6, 4, 8, 9]),
            ([1, 2], [3, 0]),
        ),
        hints=(
            "How much is missed? Add up the squares of truth minus guess.",
            "Divide that by what the mean of `truths` would miss, in squares.",
            "What is explained is 1 minus this ratio. It may be below zero: then the mean would have been better.",
        ),
        mistakes={
            "missed": (
                lambda truths, guesses: 1 - explained(truths, guesses),
                "that is the share missed. Return 1 minus it.",
            ),
            "against zero": (
                _against_zero,
                "you compared with guessing zero. Compare with guessing the mean.",
            ),
            "not squared": (_absolute, "you added up distances. Add up their squares."),
            "never below zero": (
                lambda truths, guesses: max(0, explained(truths, guesses)),
                "a guess can be worse than the mean. Then the share is below zero.",
            ),
        },
    ),
    Exercise(
        name="nearest",
        solution=nearest,
        cases=(
            ((0.3, 3.6), BOARD),
            ((1.6, 1.2), BOARD),
            ((0.9, 3.9), BOARD),
            ((9, 9), BOARD),
            ((7, 3), BOARD),
            ((-3, 1), BOARD),
            ((0.3, 3.6), {"Tar": (9, 9), "Salt": (1, 1)}),
        ),
        hints=(
            "For each street, how far is it east or west of the place, and how far north or south?",
            "Add the squares of the two. The smallest sum wins; nobody needs the root.",
            "`min` can be told by which number to choose: give it a function that has the distance for the name of a street.",
        ),
        mistakes={
            "farthest": (_farthest, "that is the street farthest away."),
            "one coordinate": (
                _only_east,
                "you looked east and west only. North and south count as well.",
            ),
            "the place": (
                lambda place, streets: streets[nearest(place, streets)],
                "you returned a place. Return the street's name.",
            ),
        },
    ),
]

"""Exercises of lab 10a: facts told once, telling right from wrong by confidence, the calibration error."""

from glassbox.course.exercises import Exercise


def told_once(counts):
    """Of all sentences of a text, the share that tells a fact which no other sentence tells."""
    return sum(n for n in counts if n == 1) / sum(counts)


def knows(right, wrong):
    """In what share of the pairs was the model surer of the right reply? Ties count half."""
    pairs = [(r, w) for r in right for w in wrong]
    return sum((r > w) + 0.5 * (r == w) for r, w in pairs) / len(pairs)


def gap(confidence, right, bins):
    """The expected calibration error: |confidence - share right| of each bin, weighted by its size."""
    total = 0
    for b in range(bins):
        here = [i for i, c in enumerate(confidence) if min(int(c * bins), bins - 1) == b]
        total += abs(sum(confidence[i] - right[i] for i in here))
    return total / len(confidence)


def _bins(confidence, right, bins):
    """For each bin that is not empty: (its size, mean confidence minus share right)."""
    found = []
    for b in range(bins):
        here = [i for i, c in enumerate(confidence) if min(int(c * bins), bins - 1) == b]
        if here:
            found.append((len(here), sum(confidence[i] - right[i] for i in here) / len(here)))
    return found


def _without_full(confidence, right, bins):
    """A confidence of 1 falls out of the last bin, and out of the sum."""
    kept = [(c, r) for c, r in zip(confidence, right) if c < 1]
    total = sum(n * abs(g) for n, g in _bins(*zip(*kept), bins)) if kept else 0
    return total / len(confidence)


EXERCISES = [
    Exercise(
        name="told_once",
        solution=told_once,
        cases=(
            ([1, 1, 2, 4],),
            ([1, 1, 1],),
            ([3, 2, 5],),
            ([1, 0, 0, 2, 2],),  # two facts are told nowhere
            ([1, 9],),
            ([2, 1, 1, 1, 5, 1, 3],),
        ),
        hints=(
            "Each fact that is told once fills one sentence. How many such facts are there?",
            "How many sentences are there in all? A fact told four times fills four.",
            "`sum(n == 1 for n in counts) / sum(counts)`",
        ),
        mistakes={
            "of the facts": (
                lambda counts: sum(n == 1 for n in counts) / len(counts),
                "you divided by the number of facts. Divide by the number of sentences.",
            ),
            "of the told facts": (
                lambda counts: sum(n == 1 for n in counts) / sum(n > 0 for n in counts),
                "you divided by the number of facts that are told. Divide by the number of sentences.",
            ),
            "count": (
                lambda counts: sum(n == 1 for n in counts),
                "that is how many facts are told once. Divide by the number of sentences.",
            ),
            "more than once": (
                lambda counts: 1 - told_once(counts),
                "that is the share of the sentences whose fact is told elsewhere too.",
            ),
            "at most once": (
                lambda counts: sum(n <= 1 for n in counts) / sum(counts),
                "facts that are told nowhere fill no sentence. Count those told once alone.",
            ),
            "repeats": (
                lambda counts: sum(n for n in counts if n > 1) / sum(counts),
                "that is the share of the sentences whose fact is told elsewhere too.",
            ),
        },
    ),
    Exercise(
        name="knows",
        solution=knows,
        cases=(
            ([0.9, 0.8, 0.4], [0.6, 0.3]),
            ([0.9], [0.2, 0.95, 0.5]),
            ([0.7, 0.7], [0.7]),
            ([0.2], [0.3, 0.4]),
            ([0.99, 0.5, 0.5], [0.5, 0.1]),
            ([1.0, 0.6], [0.1, 0.2, 0.3]),
        ),
        hints=(
            "Put every confidence of `right` beside every confidence of `wrong`.",
            "Count the pairs in which the right reply has the larger one, and half a point for each tie.",
            "Divide by `len(right) * len(wrong)`.",
        ),
        mistakes={
            "turned around": (
                lambda r, w: knows(w, r),
                "it is turned around: the right reply should have the larger confidence.",
            ),
            "ties lose": (
                lambda r, w: sum(x > y for x in r for y in w) / len(r) / len(w),
                "a tie counts half: 0.7 against 0.7 is no better than a coin.",
            ),
            "ties win": (
                lambda r, w: sum(x >= y for x in r for y in w) / len(r) / len(w),
                "a tie is counted as a success. It counts half.",
            ),
            "count": (
                lambda r, w: knows(r, w) * len(r) * len(w),
                "that is the number of pairs. Divide by how many pairs there are.",
            ),
            "side by side": (
                lambda r, w: (
                    sum((x > y) + 0.5 * (x == y) for x, y in zip(r, w)) / min(len(r), len(w))
                ),
                "you compared the confidences one by one. Put each beside every one of the other list.",
            ),
            "means": (
                lambda r, w: sum(r) / len(r) - sum(w) / len(w),
                "that is the difference of the means. Count pairs.",
            ),
        },
    ),
    Exercise(
        name="gap",
        solution=gap,
        cases=(
            ([0.9, 0.8, 0.1], [True, False, False], 2),
            ([0.95, 0.95, 0.95, 0.95], [True, True, True, False], 10),
            ([0.25, 0.25, 0.75, 0.75], [True, False, True, False], 4),
            ([1.0, 1.0, 0.5], [True, False, True], 5),  # a confidence of 1 belongs to the last bin
            ([0.5, 0.5], [True, False], 10),
            ([0.1, 0.3, 0.35, 0.8, 0.99], [False, True, False, True, True], 1),
            ([0.0, 1.0], [False, True], 3),
        ),
        hints=(
            "A reply belongs to the bin numbered confidence times `bins`, cut to a whole number; a full "
            "confidence goes into the last.",
            "In each bin: how far is the mean confidence from the share right? Forget the sign.",
            "Weight each bin by how many of all replies it holds, and add up.",
        ),
        mistakes={
            "bins alike": (
                lambda c, r, bins: (
                    sum(abs(g) for _, g in _bins(c, r, bins)) / len(_bins(c, r, bins))
                ),
                "every bin counts alike, however few replies it holds. Weight it by its size.",
            ),
            "with signs": (
                lambda c, r, bins: sum(n * g for n, g in _bins(c, r, bins)) / len(c),
                "gaps of different signs cancel out: too sure in one bin, too modest in another. Take each "
                "without its sign.",
            ),
            "one bin": (
                lambda c, r, bins: abs(sum(c) - sum(r)) / len(c),
                "that compares the mean confidence with the share right of all replies. Do it in each bin.",
            ),
            "each reply": (
                lambda c, r, bins: sum(abs(x - y) for x, y in zip(c, r)) / len(c),
                "you compared each reply with 0 or 1. Compare the mean confidence of a bin with its share right.",
            ),
            "not divided": (
                lambda c, r, bins: gap(c, r, bins) * len(c),
                "the sum is not divided by the number of replies.",
            ),
            "full confidence left out": (
                _without_full,
                "a reply with a confidence of 1 falls out of the last bin. Put it in.",
            ),
            "squares": (
                lambda c, r, bins: sum(n * g * g for n, g in _bins(c, r, bins)) / len(c),
                "you squared the differences. Take them without their sign.",
            ),
        },
    ),
]

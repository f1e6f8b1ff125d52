"""Exercises of lab 19b: the chance to be lost, the first generation that has lost half, distinct runs of words."""

from glassbox.course.exercises import Exercise


def lost(share, n):
    """The chance that n draws never meet something that has this share of the bag."""
    return (1 - share) ** n


def half_gone(values):
    """The first generation with half of generation 0's value or less; None if there is none."""
    for generation, value in enumerate(values):
        if value <= values[0] / 2:
            return generation
    return None


def distinct(words, n):
    """Of all runs of n words, the share that are different."""
    runs = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    return len(set(runs)) / len(runs)


def _runs(words, n):
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def _halves_again(values):
    """Compares with the generation before, not with generation 0."""
    for i in range(1, len(values)):
        if values[i] <= values[i - 1] / 2:
            return i
    return None


EXERCISES = [
    Exercise(
        name="lost",
        solution=lost,
        cases=((0.5, 1), (0.5, 3), (0.01, 100), (0.1, 4), (1.0, 2), (0.0, 7)),
        hints=(
            "With what chance does a single draw miss it?",
            "Every draw has to miss it, and no draw knows of the others: multiply.",
            "`(1 - share) ** n`",
        ),
        mistakes={
            "kept": (
                lambda share, n: 1 - (1 - share) ** n,
                "that is the chance that it is still there.",
            ),
            "always drawn": (
                lambda share, n: share**n,
                "that is the chance that every draw meets it. Every draw has to miss it.",
            ),
            "one draw": (
                lambda share, n: 1 - share,
                "that is the chance that one draw misses it. There are n of them.",
            ),
            "subtracted": (
                lambda share, n: 1 - n * share,
                "you took the share away n times. Chances of draws that know nothing of each other are multiplied.",
            ),
            "times": (
                lambda share, n: (1 - share) * n,
                "you multiplied by n. The chance of one miss, n times over, is a power.",
            ),
        },
    ),
    Exercise(
        name="half_gone",
        solution=half_gone,
        cases=(
            ([8, 6, 4, 2],),
            ([10, 9, 8, 7],),
            ([100, 60, 40, 90, 30],),
            ([5, 2],),
            ([0.1, 0.08, 0.06, 0.04, 0.02],),
            ([9, 6, 4, 2, 1],),
        ),
        hints=(
            "Which number is half of what generation 0 had?",
            "Go through the list with `enumerate` and stop at the first value that is no larger than that.",
            "After the loop, `return None`.",
        ),
        mistakes={
            "less than half": (
                lambda v: next((i for i, x in enumerate(v) if x < v[0] / 2), None),
                "exactly half counts too.",
            ),
            "the generation before": (
                _halves_again,
                "you compared with the generation before. Compare with generation 0.",
            ),
            "the last": (
                lambda v: max((i for i, x in enumerate(v) if x <= v[0] / 2), default=None),
                "that is the last such generation. Return at the first.",
            ),
            "the value": (
                lambda v: next((x for x in v if x <= v[0] / 2), None),
                "that is the value. Return which generation has it.",
            ),
            "counted from one": (
                lambda v: next((i for i, x in enumerate(v, 1) if x <= v[0] / 2), None),
                "you are one too far: the first value is generation 0.",
            ),
            "no none": (
                lambda v: next((i for i, x in enumerate(v) if x <= v[0] / 2), len(v)),
                "if no generation has lost half, return None.",
            ),
        },
    ),
    Exercise(
        name="distinct",
        solution=distinct,
        cases=(
            (["a", "b", "a", "b"], 2),
            (["the", "eel", "is", "late"], 1),
            (["aye", "aye", "aye"], 1),
            (["the", "eel", "the", "eel", "the", "crab"], 2),
            (["a", "b", "a", "b", "a", "b"], 3),
            (["a", "b", "a"], 3),
        ),
        hints=(
            "A run is a slice of `n` words. Where does the last one begin?",
            "A set keeps each run once; lists cannot be in a set, but tuples can.",
            "With `runs = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]`, the answer is `len(set(runs)) / len(runs)`",
        ),
        mistakes={
            "count": (
                lambda words, n: len(set(_runs(words, n))),
                "that is how many there are. Divide by the number of all runs.",
            ),
            "of the words": (
                lambda words, n: len(set(_runs(words, n))) / len(words),
                "you divided by the number of words. Divide by the number of runs.",
            ),
            "single words": (
                lambda words, n: len(set(words)) / len(words),
                "you counted words. Count runs of n words.",
            ),
            "short runs": (
                lambda words, n: (
                    len({tuple(words[i : i + n]) for i in range(len(words))}) / len(words)
                ),
                "at the end of the text your runs are too short. The last begins n words before the end.",
            ),
            "repeated": (
                lambda words, n: 1 - distinct(words, n),
                "that is the share that repeats an earlier one.",
            ),
            "side by side": (
                lambda words, n: (
                    len({tuple(words[i : i + n]) for i in range(0, len(words) - n + 1, n)})
                    / len(range(0, len(words) - n + 1, n))
                ),
                "your runs lie side by side. They overlap: one begins at every word.",
            ),
        },
    ),
]

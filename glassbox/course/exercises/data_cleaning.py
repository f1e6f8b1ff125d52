"""Exercises of lab 06: how alike two pages are, MinHash's estimate, epochs, auditing a filter."""

from glassbox.course.exercises import Exercise


def similarity(a, b):
    """The Jaccard similarity of two sets: what they share, of all that either has."""
    return len(a & b) / len(a | b)


def estimate(a, b):
    """MinHash's estimate of the Jaccard similarity: the share of places where two sketches agree."""
    return sum(x == y for x, y in zip(a, b)) / len(a)


def times_read(size, share, budget):
    """How often a source is read through: the tokens it gets, divided by the tokens it has."""
    return share * budget / size


def removed(groups, kept):
    """For each group the share of its pages that a filter removed."""
    totals, gone = {}, {}
    for group, keep in zip(groups, kept):
        totals[group] = totals.get(group, 0) + 1
        gone[group] = gone.get(group, 0) + (not keep)
    return {group: gone[group] / totals[group] for group in totals}


def _gone(groups, kept):
    return [g for g, k in zip(groups, kept) if not k]


PLACES = "a value can stand at different places, where different hash functions put it: that is no "
PLACES += "agreement. Compare place by place."

EXERCISES = [
    Exercise(
        name="jaccard",
        solution=similarity,
        cases=(
            ({"cod", "eel", "crab"}, {"eel", "crab", "whelk", "pike"}),
            ({"cod", "eel"}, {"cod", "eel"}),
            ({"cod"}, {"eel"}),
            ({1, 2, 3, 4}, {2}),
            ({5}, {4, 5, 6}),
        ),
        hints=(
            "Count what both sets have, and divide.",
            "Divide by what is in either of them, each thing counted once.",
            "In Python `a & b` is what both have, and `a | b` what either has.",
        ),
        mistakes={
            "count": (
                lambda a, b: len(a & b),
                "that is how many they share. Divide by how many there are in all.",
            ),
            "smaller set": (
                lambda a, b: len(a & b) / min(len(a), len(b)),
                "this divides by the smaller set. Divide by all that is in either.",
            ),
            "larger set": (
                lambda a, b: len(a & b) / max(len(a), len(b)),
                "this divides by the larger set. Divide by all that is in either.",
            ),
            "first set": (
                lambda a, b: len(a & b) / len(a),
                "this divides by the first set. Divide by all that is in either.",
            ),
            "twice": (
                lambda a, b: 2 * len(a & b) / (len(a) + len(b)),
                "what both have is counted twice below the line: 3 + 4 is 7, and in either there are 5.",
            ),
            "both lengths": (
                lambda a, b: len(a & b) / (len(a) + len(b)),
                "what both have is counted twice below the line: 3 + 4 is 7, and in either there are 5.",
            ),
        },
    ),
    Exercise(
        name="estimate",
        solution=estimate,
        cases=(
            ([3, 9, 4, 7, 1], [3, 2, 9, 7, 1]),
            ([1, 2, 3, 4], [1, 2, 3, 4]),
            ([1, 2], [2, 1]),
            ([5, 5, 6, 7], [5, 8, 6, 5]),
            ([8, 1, 1], [9, 1, 2]),
        ),
        hints=(
            "Each place of a sketch belongs to one hash function. Compare the sketches place by place.",
            "`zip(a, b)` gives the pairs. How many of them are equal?",
            "Divide by the number of places.",
        ),
        mistakes={
            "count": (
                lambda a, b: sum(x == y for x, y in zip(a, b)),
                "that is the number of places where they agree. Give the share.",
            ),
            "as sets": (lambda a, b: len(set(a) & set(b)) / len(set(a) | set(b)), PLACES),
            "anywhere": (lambda a, b: sum(x in b for x in a) / len(a), PLACES),
            "common values": (lambda a, b: len(set(a) & set(b)) / len(a), PLACES),
            "differences": (
                lambda a, b: sum(x != y for x, y in zip(a, b)) / len(a),
                "this counts the places where they differ.",
            ),
        },
    ),
    Exercise(
        name="times_read",
        solution=times_read,
        cases=((3e9, 0.034, 300e9), (410e9, 0.6, 300e9), (5, 0.5, 20), (100, 1.0, 100)),
        hints=(
            "How many tokens of the run come from this source?",
            "`share * budget` tokens. The source has `size` tokens.",
            "Ten tokens read from a source of five: it was read twice.",
        ),
        mistakes={
            "whole budget": (
                lambda size, share, budget: budget / size,
                "the source does not get the whole budget, only its share of it.",
            ),
            "upside down": (
                lambda size, share, budget: size / (share * budget),
                "it is upside down: divide the tokens that are read by the tokens that there are.",
            ),
            "tokens": (
                lambda size, share, budget: share * budget,
                "that is how many tokens are read. Divide by how many the source has.",
            ),
            "percent": (
                lambda size, share, budget: share / 100 * budget / size,
                "the share is given as a part of 1, not in percent.",
            ),
        },
    ),
    Exercise(
        name="removed",
        solution=removed,
        cases=(
            (
                ["harbor", "gull", "gull", "harbor", "gull", "gull"],
                [False, True, False, True, True, True],
            ),
            (["gull", "gull", "harbor"], [True, True, False]),  # of the Gull nothing was removed
            (["gull", "gull", "gull"], [False, True, False]),
            (["a", "b", "c", "c"], [False, False, False, False]),
            (["a", "b"], [True, True]),
        ),
        hints=(
            "Page by page `groups` says whose it is, and `kept` whether it stayed. Count for each group.",
            "For each group: how many pages, and how many of them with kept False?",
            "Divide the second by the first, for each group by itself.",
        ),
        mistakes={
            "stayed": (
                lambda groups, kept: removed(groups, [not k for k in kept]),
                "this is the share that stayed. Count what went.",
            ),
            "counts": (
                lambda groups, kept: {g: _gone(groups, kept).count(g) for g in set(groups)},
                "these are counts. Give shares.",
            ),
            "whose": (
                lambda groups, kept: {
                    g: (gone := _gone(groups, kept)).count(g) / len(gone) for g in set(groups)
                },
                "this says whose pages the removed ones were. Divide by the group's own number of pages.",
            ),
            "of all": (
                lambda groups, kept: {
                    g: _gone(groups, kept).count(g) / len(groups) for g in set(groups)
                },
                "this divides by all pages. Divide by the group's own number of pages.",
            ),
            "only where something went": (
                lambda groups, kept: {g: s for g, s in removed(groups, kept).items() if s},
                "a group of which nothing was removed belongs in the dict too, with 0.",
            ),
            "altogether": (
                lambda groups, kept: sum(not k for k in kept) / len(kept),
                "that is one share for all pages. Give a dict with a share for each group.",
            ),
        },
    ),
]

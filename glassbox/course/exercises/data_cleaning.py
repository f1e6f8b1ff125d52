"""Exercises of lab 06: how alike two pages are, MinHash's estimate, epochs, auditing a filter."""

import math

from glassbox.assistant.cleaning import jaccard
from glassbox.course.exercises import Exercise


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


def check_jaccard(answer):
    a, b = {"cod", "eel", "crab"}, {"eel", "crab", "whelk", "pike"}
    got = answer(a, b)
    if math.isclose(got, 2 / 5):
        return (
            None
            if answer(a, a) == 1
            else f"a set is as like itself as can be: 1, not {answer(a, a)}."
        )
    if got == 2:
        return "that is how many they share. Divide by how many there are in all."
    if math.isclose(got, 2 / 3):
        return "this divides by the smaller set. Divide by all that is in either."
    if math.isclose(got, 4 / 7):
        return (
            "what both have is counted twice below the line: 3 + 4 is 7, and in either there are 5."
        )
    return f"of 5 things in either set 2 are in both: 0.4, and yours is {got}."


def check_estimate(answer):
    a, b = [3, 9, 4, 7, 1], [3, 2, 9, 7, 1]
    got = answer(a, b)
    if math.isclose(got, 3 / 5):
        return None
    if got == 3:
        return "that is the number of places where they agree. Give the share."
    if math.isclose(got, 4 / 6):
        return "the 9 stands at different places: different hash functions, so it is no agreement. Compare place by place."
    if math.isclose(got, 2 / 5):
        return "this counts the places where they differ."
    return f"3, 9, 4, 7, 1 and 3, 2, 9, 7, 1 agree at 3 of 5 places: 0.6, and yours is {got}."


def check_times_read(answer):
    got = answer(3e9, 0.034, 300e9)
    if math.isclose(got, 3.4, rel_tol=1e-6):
        return None
    if math.isclose(got, 100, rel_tol=1e-6):
        return "the source does not get the whole budget, only its share of it."
    if math.isclose(got, 1 / 3.4, rel_tol=1e-6):
        return "upside down: divide the tokens that are read by the tokens that there are."
    return f"3.4% of 300 billion are 10.2 billion tokens, from a source of 3 billion: 3.4 times, and yours is {got:.3g}."


def check_removed(answer):
    groups = ["harbor", "gull", "gull", "harbor", "gull", "gull"]
    kept = [False, True, False, True, True, True]
    got = answer(groups, kept)
    if not isinstance(got, dict) or set(got) != {"harbor", "gull"}:
        return "the answer should be a dict with a number for each group: harbor and gull."
    if math.isclose(got["harbor"], 0.5) and math.isclose(got["gull"], 0.25):
        return None
    if math.isclose(got["gull"], 0.75):
        return "this is the share that stayed. Count what went."
    if got["harbor"] == 1 and got["gull"] == 1:
        return "these are counts. Give shares."
    if math.isclose(got["gull"], 0.5):
        return "this says whose pages the removed ones were. Divide by the group's own number of pages."
    if math.isclose(got["gull"], 1 / 6):
        return "this divides by all pages. Divide by the group's own number of pages."
    return f"of 2 harbor pages 1 was removed and of 4 of the Gull 1: 0.5 and 0.25, not {got}."


def _whose(groups, kept):
    gone = [g for g, k in zip(groups, kept) if not k]
    return {g: gone.count(g) / len(gone) for g in set(groups)}


def _of_all(groups, kept):
    gone = [g for g, k in zip(groups, kept) if not k]
    return {g: gone.count(g) / len(groups) for g in set(groups)}


EXERCISES = [
    Exercise(
        name="jaccard",
        check=check_jaccard,
        hints=(
            "Count what both sets have, and divide.",
            "Divide by what is in either of them, each thing counted once.",
            "In Python a & b is what both have, and a | b what either has.",
        ),
        solution=jaccard,
        mistakes={
            "count": (lambda a, b: len(a & b), "Divide"),
            "smaller set": (lambda a, b: len(a & b) / min(len(a), len(b)), "smaller set"),
            "twice": (lambda a, b: 2 * len(a & b) / (len(a) + len(b)), "counted twice"),
        },
        starter=lambda a, b: ...,
    ),
    Exercise(
        name="estimate",
        check=check_estimate,
        hints=(
            "Each place of a sketch belongs to one hash function. Compare the sketches place by place.",
            "zip(a, b) gives the pairs. How many of them are equal?",
            "Divide by the number of places.",
        ),
        solution=estimate,
        mistakes={
            "count": (lambda a, b: sum(x == y for x, y in zip(a, b)), "share"),
            "as sets": (lambda a, b: len(set(a) & set(b)) / len(set(a) | set(b)), "place by place"),
            "differences": (lambda a, b: sum(x != y for x, y in zip(a, b)) / len(a), "differ"),
        },
        starter=lambda a, b: ...,
    ),
    Exercise(
        name="times_read",
        check=check_times_read,
        hints=(
            "How many tokens of the run come from this source?",
            "share * budget tokens. The source has size tokens.",
            "Ten tokens read from a source of five: it was read twice.",
        ),
        solution=times_read,
        mistakes={
            "whole budget": (lambda size, share, budget: budget / size, "only its share"),
            "upside down": (lambda size, share, budget: size / (share * budget), "upside down"),
        },
        starter=lambda size, share, budget: ...,
    ),
    Exercise(
        name="removed",
        check=check_removed,
        hints=(
            "groups[i] is whose page it is, kept[i] whether it stayed. Count for each group.",
            "For each group: how many pages, and how many of them with kept False?",
            "Divide the second by the first, for each group by itself.",
        ),
        solution=removed,
        mistakes={
            "stayed": (
                lambda groups, kept: removed(groups, [not k for k in kept]),
                "stayed",
            ),
            "whose": (_whose, "own number"),
            "of all": (_of_all, "all pages"),
        },
        starter=lambda groups, kept: ...,
    ),
]

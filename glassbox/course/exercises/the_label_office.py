"""Exercises of lab 16: piece work by the hour, agreement beyond chance, whom to believe, what money buys."""

import math
from collections import Counter
from itertools import permutations

from glassbox.course.exercises import Exercise


def hourly_pay(cents, seconds):
    """Dollars an hour, at `cents` a label and `seconds` of work for each."""
    return cents / 100 * 3600 / seconds


def alpha(items):
    """Krippendorff's alpha for choices that are just different: a list of choices for each item."""
    items = [choices for choices in items if len(choices) > 1]  # one alone agrees with nobody
    pooled = Counter(choice for choices in items for choice in choices)
    n = sum(pooled.values())
    observed = 0.0
    for choices in items:  # an item with m labels counts as m
        unequal = sum(a != b for a, b in permutations(choices, 2))
        observed += unequal / (len(choices) - 1)
    expected = sum(pooled[a] * pooled[b] for a, b in permutations(pooled, 2)) / (n - 1)
    return 1 - observed / expected


def belief(votes, reliability):
    """How probable it is that "a" is right, if labeler i is right with probability reliability[i]."""
    if_a = math.prod(p if vote == "a" else 1 - p for vote, p in zip(votes, reliability))
    if_b = math.prod(p if vote == "b" else 1 - p for vote, p in zip(votes, reliability))
    return if_a / (if_a + if_b)


def pairs_for(dollars, billed, seconds, looks):
    """How many pairs can be labeled, `looks` times each, by hours billed at `billed` dollars."""
    labels = 3600 * dollars / billed / seconds
    return int(labels / looks)


def check_hourly_pay(answer):
    got, want = answer(5, 12), 15.0
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(2, 30), 2.4, rel_tol=1e-6):
            return f"2 cents every 30 seconds are 2.40 dollars an hour, not {answer(2, 30):.4g}."
        return None
    if math.isclose(got, 100 * want, rel_tol=1e-6):
        return "that is in cents. A hundred of them are a dollar."
    if math.isclose(got, want / 60, rel_tol=1e-6):
        return "that is for a minute. An hour has 3,600 seconds."
    if math.isclose(got, 5 / 100 * 12, rel_tol=1e-6):
        return "who takes longer for a label earns less an hour: divide by the seconds."
    return f"5 cents every 12 seconds are {want:.2f} dollars an hour, and yours says {got:.4g}."


ITEMS = [["a", "a", "b"], ["b", "b"], ["a", "a"], ["a", "a", "a", "b"]]


def _raw_agreement(items):
    """The share of pairs of labels of the same item that are equal."""
    pairs = [(a, b) for choices in items for a, b in permutations(choices, 2)]
    return sum(a == b for a, b in pairs) / len(pairs)


def _with_replacement(items):
    """Alpha, but with expected disagreement as if a label could be drawn twice (Scott's pi)."""
    n = sum(map(len, items))
    return 1 - (1 - alpha(items)) * n / (n - 1)


def _unweighted(items):
    """Alpha, but every pair of labels counts once, so that an item with many labels counts too much."""
    pooled = Counter(choice for choices in items for choice in choices)
    n = sum(pooled.values())
    expected = sum(pooled[a] * pooled[b] for a, b in permutations(pooled, 2)) / (n * (n - 1))
    return 1 - (1 - _raw_agreement(items)) / expected


def _alone_in_the_bag(items):
    """Alpha, but labels that cannot be compared with another are in the bag as well."""
    pooled = Counter(choice for choices in items for choice in choices)
    n, compared = sum(pooled.values()), [choices for choices in items if len(choices) > 1]
    expected = sum(pooled[a] * pooled[b] for a, b in permutations(pooled, 2)) / (n - 1)
    unequal = [sum(a != b for a, b in permutations(c, 2)) / (len(c) - 1) for c in compared]
    return 1 - sum(unequal) / expected


def check_alpha(answer):
    if not math.isclose(answer([["a", "a"], ["b", "b"]]), 1.0, rel_tol=1e-6):
        return "where every two labels of an item are the same, alpha is 1."
    got, want = answer(ITEMS), alpha(ITEMS)
    if math.isclose(got, want, rel_tol=1e-6):
        three = [["a", "b"], ["c", "c"], ["a", "a"], ["b", "c"]]
        if not math.isclose(answer(three), alpha(three), rel_tol=1e-6):
            return "it works for two choices but not for three: every two that differ disagree."
        if not math.isclose(answer([*ITEMS, ["b"]]), want, rel_tol=1e-6):
            return "an item with a single label has nothing to agree with: leave it out, of the bag too."
        return None
    if math.isclose(got, _raw_agreement(ITEMS), rel_tol=1e-6):
        return (
            "that is how often two labels agree, and dice agree too. Divide the observed disagreement "
            "by the one to be expected."
        )
    if math.isclose(got, _with_replacement(ITEMS), rel_tol=1e-6):
        return (
            "the expected disagreement is of two different labels out of all n: once one is drawn, "
            "n - 1 are left, not n."
        )
    if math.isclose(got, _unweighted(ITEMS), rel_tol=1e-6):
        return (
            "an item with three labels has six ordered pairs, one with two has two. Divide each item's "
            "by m - 1, so that every label counts the same."
        )
    if math.isclose(got, 1 - want, rel_tol=1e-6):
        return "that is 1 where people agree as little as dice do. Take it from 1."
    return f"for {ITEMS} it should be {want:.4f}, and yours is {got:.4f}."


def check_belief(answer):
    votes, reliability = ["a", "b", "b"], [0.9, 0.6, 0.6]
    if not math.isclose(answer(["a"], [0.7]), 0.7, rel_tol=1e-6):
        got = answer(["a"], [0.7])
        return f"one labeler who is right 7 times of 10 says a: then it is a 7 times of 10, not {got:.3g}."
    got, want = answer(votes, reliability), belief(votes, reliability)
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(["a", "a"], [0.1, 0.5]), 0.1, rel_tol=1e-6):
            return (
                "somebody right once in ten tells you a lot, and somebody right every second time nothing: "
                'after "a" from both, a has 0.1.'
            )
        return None
    if math.isclose(got, 1 / 3, rel_tol=1e-6):
        return "that is the share of the votes: everybody counts alike. Use how reliable they are."
    if math.isclose(got, 0.9 / 2.1, rel_tol=1e-6):
        return (
            "weighing each vote by how often its owner is right gives a coin thrower half a voice. "
            "Multiply the probabilities instead."
        )
    if math.isclose(got, 0.9 * 0.4 * 0.4, rel_tol=1e-6):
        return (
            "that is the probability of these votes if a is right. Compare it with: if b is right."
        )
    return f"for the votes a, b, b of people right 9, 6 and 6 times of 10 it should be {want:.4f}, and yours is {got:.4f}."


def check_pairs_for(answer):
    got, want = answer(90, 12, 16, 5), 337
    if got == want:
        if answer(50, 12, 16, 4) != 234:
            return f"50 dollars buy 937 labels here, which are 234 whole pairs of four, not {answer(50, 12, 16, 4)}."
        return None
    if got == 1687:
        return "that many labels, but each pair is looked at five times."
    if got == 8437:
        return "more looks at each pair mean fewer pairs: divide by them."
    if math.isclose(got, 90 / 12 / 16 / 5) or got == 0:
        return "12 dollars are paid for an hour of work: turn the hours into seconds."
    if want < got <= want + 1:
        return f"whole pairs only: what is left does not pay for another one. {want}, not {got:g}."
    return f"90 dollars at 12 an hour are 27,000 seconds, 1,687 labels, {want} pairs; yours says {got}."


EXERCISES = [
    Exercise(
        name="hourly_pay",
        check=check_hourly_pay,
        hints=(
            "How many labels fit into an hour of 3,600 seconds?",
            "That number times the cents for one, divided by 100.",
        ),
        solution=hourly_pay,
        mistakes={
            "cents": (lambda cents, seconds: cents * 3600 / seconds, "cents"),
            "a minute": (lambda cents, seconds: cents / 100 * 60 / seconds, "minute"),
            "turned around": (lambda cents, seconds: cents / 100 * seconds, "takes longer"),
        },
        starter=lambda cents, seconds: ...,
    ),
    Exercise(
        name="alpha",
        check=check_alpha,
        hints=(
            "Alpha is 1 - observed / expected: disagreement within items over disagreement by chance.",
            "Observed: for each item the ordered pairs of labels that differ, divided by its number of "
            "labels less 1; summed over the items.",
            "Expected: put the n labels of all items into one bag. The ordered pairs that differ there, "
            "divided by n - 1. With na and nb labels of two kinds: 2 * na * nb / (n - 1). First of all "
            "leave out items with a single label.",
        ),
        solution=alpha,
        mistakes={
            "raw agreement": (_raw_agreement, "dice agree too"),
            "drawn twice": (_with_replacement, "n - 1"),
            "pairs count alike": (_unweighted, "m - 1"),
            "disagreement": (lambda items: 1 - alpha(items), "alpha is 1"),
            "alone in the bag": (_alone_in_the_bag, "leave it out"),
            "turned around": (
                lambda items: 1 - alpha(items) if alpha(items) < 1 else 1.0,
                "Take it from 1",
            ),
        },
        starter=lambda items: ...,
    ),
    Exercise(
        name="belief",
        check=check_belief,
        hints=(
            "How probable are these votes if a is right? And if b is right?",
            'Multiply: for "a" right, p where the vote is a and 1 - p where it is b. The other way for b.',
            "Then the first divided by the sum of both.",
        ),
        solution=belief,
        mistakes={
            "shares": (
                lambda votes, reliability: (
                    votes.count("a") / len(votes) if len(votes) > 1 else reliability[0]
                ),
                "everybody counts alike",
            ),
            "sums": (
                lambda votes, reliability: (
                    sum(p for vote, p in zip(votes, reliability) if vote == "a") / sum(reliability)
                    if len(votes) > 1
                    else reliability[0]
                ),
                "half a voice",
            ),
            "one side": (
                lambda votes, reliability: math.prod(
                    p if vote == "a" else 1 - p for vote, p in zip(votes, reliability)
                ),
                "if b is right",
            ),
            "only a": (lambda votes, reliability: 1.0, "one labeler"),
        },
        starter=lambda votes, reliability: ...,
    ),
    Exercise(
        name="pairs_for",
        check=check_pairs_for,
        hints=(
            "The money buys dollars / billed hours, and an hour has 3,600 seconds.",
            "Divide the seconds by those of a label: so many labels. Divide by the looks at each pair.",
            "Whole pairs only: int(...) cuts off what is left.",
        ),
        solution=pairs_for,
        mistakes={
            "one look": (
                lambda dollars, billed, seconds, looks: int(dollars / billed * 3600 / seconds),
                "five times",
            ),
            "times the looks": (
                lambda dollars, billed, seconds, looks: int(
                    dollars / billed * 3600 / seconds * looks
                ),
                "fewer pairs",
            ),
            "hours for seconds": (
                lambda dollars, billed, seconds, looks: dollars / billed / seconds / looks,
                "into seconds",
            ),
            "rounded up": (
                lambda dollars, billed, seconds, looks: math.ceil(
                    dollars / billed * 3600 / seconds / looks
                ),
                "whole pairs",
            ),
        },
        starter=lambda dollars, billed, seconds, looks: ...,
    ),
]

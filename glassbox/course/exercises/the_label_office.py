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


def _raw_agreement(items):
    """The share of pairs of labels of the same item that are equal."""
    pairs = [(a, b) for choices in items for a, b in permutations(choices, 2)]
    return sum(a == b for a, b in pairs) / len(pairs)


def _with_replacement(items):
    """Alpha, but with expected disagreement as if a label could be drawn twice (Scott's pi)."""
    n = sum(len(choices) for choices in items if len(choices) > 1)
    return 1 - (1 - alpha(items)) * n / (n - 1)


def _unweighted(items):
    """Alpha, but every pair of labels counts once, so that an item with many labels counts too much."""
    items = [choices for choices in items if len(choices) > 1]
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


def _weighted(votes, reliability):
    for_a = sum(p for vote, p in zip(votes, reliability) if vote == "a")
    return for_a / sum(reliability)


def _if_a(votes, reliability):
    return math.prod(p if vote == "a" else 1 - p for vote, p in zip(votes, reliability))


def _labels(dollars, billed, seconds):
    return dollars / billed * 3600 / seconds


ITEMS = [["a", "a", "b"], ["b", "b"], ["a", "a"], ["a", "a", "a", "b"]]
DICE = "that is how often two labels agree, and dice agree too. Divide the observed disagreement "
DICE += "by the one to be expected."
WHOLE = "only whole pairs count: what is left does not pay for another one."

EXERCISES = [
    Exercise(
        name="hourly_pay",
        solution=hourly_pay,
        cases=((5, 12), (2, 30), (10, 90), (1, 1), (7, 45)),
        hints=(
            "How many labels fit into an hour of 3,600 seconds?",
            "That number times the cents for one, divided by 100.",
        ),
        mistakes={
            "cents": (
                lambda cents, seconds: cents * 3600 / seconds,
                "that is in cents. A hundred of them are a dollar.",
            ),
            "a minute": (
                lambda cents, seconds: cents / 100 * 60 / seconds,
                "that is for a minute. An hour has 3,600 seconds.",
            ),
            "turned around": (
                lambda cents, seconds: cents / 100 * seconds,
                "who takes longer for a label earns less an hour: divide by the seconds.",
            ),
            "whole labels": (
                lambda cents, seconds: 3600 // seconds * cents // 100,
                "whole dollars are not asked for: divide with `/`, which keeps what `//` cuts off.",
            ),
        },
    ),
    Exercise(
        name="alpha",
        solution=alpha,
        cases=(
            (ITEMS,),
            ([["a", "a"], ["b", "b"]],),
            ([["a", "a", "b"], ["b", "b"]],),
            ([["a", "b"], ["c", "c"], ["a", "a"], ["b", "c"]],),
            ([*ITEMS, ["b"]],),
            ([["a", "b"], ["b", "a"], ["a", "b", "b"]],),
        ),
        hints=(
            "Alpha is 1 - observed / expected: disagreement within items over disagreement by chance.",
            "Observed: for each item the ordered pairs of labels that differ, divided by its number of "
            "labels less 1; summed over the items.",
            "Expected: put the n labels of all items into one bag. The ordered pairs that differ there, "
            "divided by n - 1. With na and nb labels of two kinds, 2 na nb / (n - 1). First of all "
            "leave out items with a single label.",
        ),
        mistakes={
            "raw agreement": (_raw_agreement, DICE),
            "one voice": (
                lambda items: sum(len(set(choices)) == 1 for choices in items) / len(items),
                "that is the share of items about which all agree, and dice agree too. Divide the "
                "observed disagreement by the one to be expected.",
            ),
            "drawn twice": (
                _with_replacement,
                "the expected disagreement is of two different labels out of all n: once one is drawn, "
                "n - 1 are left, not n.",
            ),
            "pairs count alike": (
                _unweighted,
                "an item with three labels has six ordered pairs, one with two has two. Divide each item's "
                "by m - 1, so that every label counts the same.",
            ),
            "disagreement": (
                lambda items: 1 - alpha(items),
                "that is 1 where people agree as little as dice do. Take it from 1.",
            ),
            "alone in the bag": (
                _alone_in_the_bag,
                "an item with a single label has nothing to agree with: leave it out, of the bag too.",
            ),
        },
    ),
    Exercise(
        name="belief",
        solution=belief,
        cases=(
            (["a", "b", "b"], [0.9, 0.6, 0.6]),
            (["a"], [0.7]),
            (["a", "a"], [0.1, 0.5]),
            (["b"], [0.7]),
            (["b", "a", "b", "a"], [0.8, 0.6, 0.7, 0.9]),
            (["b", "b"], [0.95, 0.6]),
        ),
        hints=(
            "How probable are these votes if a is right? And if b is right?",
            'Multiply: for "a" right, p where the vote is a and 1 - p where it is b. The other way for b.',
            "Then the first divided by the sum of both.",
        ),
        mistakes={
            "shares": (
                lambda votes, reliability: votes.count("a") / len(votes),
                "that is the share of the votes: everybody counts alike. Use how reliable they are.",
            ),
            "the majority": (
                lambda votes, reliability: float(2 * votes.count("a") > len(votes)),
                "that is what most say: everybody counts alike. Use how reliable they are.",
            ),
            "sums": (
                _weighted,
                "weighing each vote by how often its owner is right gives a coin thrower half a voice. "
                "Multiply the probabilities instead.",
            ),
            "one side": (
                _if_a,
                "that is the probability of these votes if a is right. Compare it with: if b is right.",
            ),
            "odds": (
                lambda votes, reliability: (b := belief(votes, reliability)) / (1 - b),
                "that is how many times as probable a is as b. Make a share of it.",
            ),
            "b": (
                lambda votes, reliability: 1 - belief(votes, reliability),
                "that is how probable b is.",
            ),
            "only those for a": (
                lambda votes, reliability: math.prod(
                    p for vote, p in zip(votes, reliability) if vote == "a"
                ),
                "only those who said a are in it. Who says b is evidence too: 1 - p if a is right.",
            ),
        },
    ),
    Exercise(
        name="pairs_for",
        solution=pairs_for,
        cases=(
            (90, 12, 16, 5),
            (50, 12, 16, 4),
            (1000, 10, 36, 3),
            (20, 15, 7, 2),
            (1, 12, 60, 7),  # five labels: no pair
        ),
        hints=(
            "The money buys dollars / billed hours, and an hour has 3,600 seconds.",
            "Divide the seconds by those of a label: so many labels. Divide by the looks at each pair.",
            "Whole pairs only: `int` cuts off what is left.",
        ),
        mistakes={
            "one look": (
                lambda dollars, billed, seconds, looks: int(_labels(dollars, billed, seconds)),
                "that many labels, but each pair is looked at several times.",
            ),
            "times the looks": (
                lambda dollars, billed, seconds, looks: int(
                    _labels(dollars, billed, seconds) * looks
                ),
                "more looks at each pair mean fewer pairs: divide by them.",
            ),
            "hours for seconds": (
                lambda dollars, billed, seconds, looks: dollars / billed / seconds / looks,
                "the money is paid for hours of work: turn the hours into seconds.",
            ),
            "hours for seconds, whole": (
                lambda dollars, billed, seconds, looks: int(dollars / billed / seconds / looks),
                "the money is paid for hours of work: turn the hours into seconds.",
            ),
            "rounded up": (
                lambda dollars, billed, seconds, looks: math.ceil(
                    _labels(dollars, billed, seconds) / looks
                ),
                WHOLE,
            ),
            "rounded": (
                lambda dollars, billed, seconds, looks: round(
                    _labels(dollars, billed, seconds) / looks
                ),
                WHOLE,
            ),
            "not whole": (
                lambda dollars, billed, seconds, looks: _labels(dollars, billed, seconds) / looks,
                WHOLE,
            ),
        },
    ),
]

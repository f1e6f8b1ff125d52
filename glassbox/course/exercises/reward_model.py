"""Exercises of lab 08a: from two rewards to a preference, its loss, several opinions, length."""

import math

from glassbox.course.exercises import Exercise


def preference(a, b):
    """How likely a reply of reward `a` is preferred to one of reward `b` (Bradley-Terry)."""
    return 1 / (1 + math.exp(b - a))


def pair_loss(chosen, rejected):
    """The mean surprise, in nats, at what the labelers chose: lists of rewards, pair by pair."""
    surprises = [math.log(1 + math.exp(r - c)) for c, r in zip(chosen, rejected)]
    return sum(surprises) / len(surprises)


def majority(p):
    """How often two or three of three labelers are right, if each is right with probability p."""
    return 3 * p**2 * (1 - p) + p**3


def longer_wins(chosen, rejected):
    """Of the pairs whose replies differ in length, the share in which the longer one was chosen."""
    differ = [(len(c), len(r)) for c, r in zip(chosen, rejected) if len(c) != len(r)]
    return sum(c > r for c, r in differ) / len(differ)


EXERCISES = [
    Exercise(
        name="preference",
        solution=preference,
        cases=((2.0, 1.0), (0.0, 0.0), (102.0, 101.0), (-1.0, 1.0), (0.5, 3.0), (-2.0, -2.5)),
        hints=(
            "Softmax (chapter 3) turns two scores into two shares.",
            "The share of a is exp(a) divided by exp(a) + exp(b).",
            "Divide both by exp(a). After `import math`: `1 / (1 + math.exp(b - a))`",
        ),
        mistakes={
            "turned around": (
                lambda a, b: 1 / (1 + math.exp(a - b)),
                "the reply with the lower reward wins more often. Turn the difference around.",
            ),
            "plain shares": (
                lambda a, b: a / (a + b),
                "shares of the rewards themselves break down when a reward is negative. "
                "Exponentiate them first, as softmax does.",
            ),
            "difference": (
                lambda a, b: a - b,
                "a difference can be any number, and a probability lies between 0 and 1. Put it "
                "through the sigmoid.",
            ),
            "who is ahead": (
                lambda a, b: float(a > b),
                "that says who is ahead, and not by how much. A small lead should win a little more "
                "than half of the time.",
            ),
            "not shared": (
                lambda a, b: math.exp(a - b),
                "that is how many times as likely a is as b. Make a share of it.",
            ),
        },
    ),
    Exercise(
        name="pair_loss",
        solution=pair_loss,
        cases=(
            ([2.0, 0.0, -1.0], [0.0, 0.0, 1.0]),
            ([2.0], [0.5]),
            ([1.0, 3.0], [1.0, -1.0]),
            ([0.0, 0.0, 1.0, 2.0], [4.0, 1.0, 1.0, 0.0]),
        ),
        hints=(
            "For each pair: the probability of what was chosen, by the function before.",
            "The surprise is minus the logarithm of that probability. Then the mean.",
            "-log(1 / (1 + exp(r - c))) is log(1 + exp(r - c)).",
        ),
        mistakes={
            "sum": (
                lambda c, r: pair_loss(c, r) * len(c),
                "that is the sum over the pairs. Take the mean, so that a larger batch costs no more.",
            ),
            "sign": (
                lambda c, r: -pair_loss(c, r),
                "it is negative: a surprise is minus the logarithm of the probability.",
            ),
            "bits": (
                lambda c, r: pair_loss(c, r) / math.log(2),
                "that is in bits. The loss is in nats: take the natural logarithm.",
            ),
            "no logarithm": (
                lambda c, r: sum(preference(y, x) for x, y in zip(c, r)) / len(c),
                "that is the mean probability of the rejected reply. Take the logarithm of each pair's"
                " probability, so that being surely wrong costs more than being unsure.",
            ),
            "logarithm of the mean": (
                lambda c, r: -math.log(sum(map(preference, c, r)) / len(c)),
                "you averaged the probabilities first. Take each pair's surprise, then the mean.",
            ),
            "turned around": (
                lambda c, r: pair_loss(r, c),
                "that is the surprise at the rejected replies. Turn the difference around.",
            ),
            "difference": (
                lambda c, r: sum(y - x for x, y in zip(c, r)) / len(c),
                "plain differences could be pushed down without end. Put them through the sigmoid.",
            ),
        },
    ),
    Exercise(
        name="majority",
        solution=majority,
        cases=((0.8,), (0.5,), (0.0,), (1.0,), (0.6,), (0.3,)),
        hints=(
            "The majority is right when all three are, or when exactly one errs.",
            "All three: p times p times p. Exactly one errs: who is it?",
            "`3 * p**2 * (1 - p)` for the one who errs, plus `p**3`.",
        ),
        mistakes={
            "all": (
                lambda p: p**3,
                "that is the chance that all three are right. Two of three are enough.",
            ),
            "any": (
                lambda p: 1 - (1 - p) ** 3,
                "that is the chance that at least one is right. One against two is outvoted.",
            ),
            "one order": (
                lambda p: p**2 * (1 - p) + p**3,
                "the one who errs can be the first, the second or the third: count that case three times.",
            ),
            "exactly two": (
                lambda p: 3 * p**2 * (1 - p),
                "that is the chance that exactly two are right. All three are a majority as well.",
            ),
            "the others ignored": (
                lambda p: 3 * p**2 + p**3,
                "exactly two right means that the third errs: multiply by 1 - p.",
            ),
        },
    ),
    Exercise(
        name="longer_wins",
        solution=longer_wins,
        cases=(
            (["long one", "ab", "abc", "x"], ["short", "cd", "a", "xy"]),
            (["a", "bb", "c"], ["aa", "b", "cc"]),
            (["no", "so"], ["yes", "yes"]),
            ([["a", "reply"], ["yes"], ["oh", "yes"]], [["no"], ["no"], ["well"]]),
        ),
        hints=(
            "First keep only the pairs whose replies differ in length.",
            "Among these count how often the chosen one is longer, and divide by how many they are.",
        ),
        mistakes={
            "ties lose": (
                lambda c, r: sum(len(x) > len(y) for x, y in zip(c, r)) / len(c),
                "a pair of equal lengths has no longer reply; leave it out of the count.",
            ),
            "ties win": (
                lambda c, r: sum(len(x) >= len(y) for x, y in zip(c, r)) / len(c),
                "a tie is counted as if the longer one had won. Leave ties out.",
            ),
            "shorter": (
                lambda c, r: 1 - longer_wins(c, r),
                "that is how often the shorter one was chosen.",
            ),
            "count": (
                lambda c, r: sum(len(x) > len(y) for x, y in zip(c, r)),
                "that is how often the longer one was chosen. Divide by how many pairs differ in length.",
            ),
            "by the alphabet": (
                lambda c, r: (
                    sum(x > y for x, y in zip(c, r)) / sum(len(x) != len(y) for x, y in zip(c, r))
                ),
                "`>` puts texts in the order of the alphabet. Compare their lengths.",
            ),
        },
    ),
]

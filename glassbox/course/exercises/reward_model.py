"""Exercises of lab 08a: from two rewards to a preference, its loss, several opinions, length."""

import math

from glassbox.course.exercises import Exercise


def preference(a, b):
    """How likely a reply of reward `a` is preferred to one of reward `b` (Bradley-Terry)."""
    return 1 / (1 + math.exp(b - a))


def pair_loss(chosen, rejected):
    """The mean surprise, in nats, at what the labelers chose: lists of rewards, pair by pair."""
    surprises = [math.log1p(math.exp(r - c)) for c, r in zip(chosen, rejected)]
    return sum(surprises) / len(surprises)


def majority(p):
    """How often two or three of three labelers are right, if each is right with probability p."""
    return 3 * p**2 * (1 - p) + p**3


def longer_wins(chosen, rejected):
    """Of the pairs whose replies differ in length, the share in which the longer one was chosen."""
    differ = [(len(c), len(r)) for c, r in zip(chosen, rejected) if len(c) != len(r)]
    return sum(c > r for c, r in differ) / len(differ)


def check_preference(answer):
    if answer(0.0, 0.0) != 0.5:
        return f"two replies of equal reward should win half of the time, and yours says {answer(0.0, 0.0):.3g}."
    got, want = answer(2.0, 1.0), preference(2.0, 1.0)
    if math.isclose(got, want, rel_tol=1e-6):
        shifted = answer(102.0, 101.0)
        if not math.isclose(shifted, want, rel_tol=1e-6):
            return "rewards of 102 and 101 should give the same as 2 and 1: only the difference counts."
        return None
    if math.isclose(got, 1 - want, rel_tol=1e-6):
        return "the reply with the lower reward wins more often. Turn the difference around."
    if math.isclose(got, 2 / 3, rel_tol=1e-6):
        return (
            "shares of the rewards themselves break down when a reward is negative. "
            "Exponentiate them first, as softmax does."
        )
    return f"for rewards of 2 and 1 it should be {want:.4f}, and yours is {got:.4f}."


def check_pair_loss(answer):
    chosen, rejected = [2.0, 0.0, -1.0], [0.0, 0.0, 1.0]
    got, want = float(answer(chosen, rejected)), pair_loss(chosen, rejected)
    if math.isclose(got, want, rel_tol=1e-6):
        wide = answer([2.0], [0.5])
        if not math.isclose(wide, pair_loss([2.0], [0.5]), rel_tol=1e-6):
            return "it works for three pairs but not for the single pair 2.0 and 0.5."
        return None
    if math.isclose(got, 3 * want, rel_tol=1e-6):
        return (
            "that is the sum over the pairs. Take the mean, so that a larger batch costs no more."
        )
    if math.isclose(got, -want, rel_tol=1e-6):
        return "it is negative: a surprise is minus the logarithm of the probability."
    ones = [preference(c, r) for c, r in zip(chosen, rejected)]
    if math.isclose(got, 1 - sum(ones) / 3, rel_tol=1e-6):
        return (
            "that is the mean probability of the rejected reply. Take the logarithm of each pair's"
            " probability, so that being surely wrong costs more than being unsure."
        )
    if math.isclose(got, sum(r - c for c, r in zip(chosen, rejected)) / 3, abs_tol=1e-9):
        return "plain differences could be pushed down without end. Put them through the sigmoid."
    return (
        f"for the rewards 2, 0, -1 against 0, 0, 1 it should be {want:.4f}, and yours is {got:.4f}."
    )


def check_majority(answer):
    got, want = answer(0.8), majority(0.8)
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(0.5), 0.5, rel_tol=1e-6):
            return "three coins are no better than one: at 0.5 the answer is 0.5."
        return None
    if math.isclose(got, 0.8**3, rel_tol=1e-6):
        return "that is the chance that all three are right. Two of three are enough."
    if math.isclose(got, 1 - 0.2**3, rel_tol=1e-6):
        return "that is the chance that at least one is right. One against two is outvoted."
    if math.isclose(got, 0.8**2 * 0.2 + 0.8**3, rel_tol=1e-6):
        return "the one who errs can be the first, the second or the third: count that case three times."
    return (
        f"if each is right 8 times of 10, the majority should be right {want:.3f}, not {got:.3f}."
    )


def check_longer_wins(answer):
    chosen, rejected = ["long one", "ab", "abc", "x"], ["short", "cd", "a", "xy"]
    got, want = answer(chosen, rejected), 2 / 3
    if math.isclose(got, want, rel_tol=1e-6):
        return None
    if math.isclose(got, 2 / 4, rel_tol=1e-6):
        return "a pair of equal lengths has no longer reply; leave it out of the count."
    if math.isclose(got, 3 / 4, rel_tol=1e-6):
        return "a tie is counted as if the longer one had won. Leave ties out."
    if math.isclose(got, 1 / 3, rel_tol=1e-6):
        return "that is how often the shorter one was chosen."
    return f"of the four pairs three differ in length and two of these chose the longer: {want:.3f}, not {got:.3f}."


EXERCISES = [
    Exercise(
        name="preference",
        check=check_preference,
        hints=(
            "Softmax (chapter 3) turns two scores into two shares.",
            "The share of a is exp(a) divided by exp(a) + exp(b).",
            "Divide both by exp(a): 1 / (1 + exp(b - a)).",
        ),
        solution=preference,
        mistakes={
            "turned around": (lambda a, b: 1 / (1 + math.exp(a - b)), "lower reward wins"),
            "plain shares": (lambda a, b: a / (a + b) if a + b else 0.5, "negative"),
            "difference": (lambda a, b: a - b, "half of the time"),
        },
        starter=lambda a, b: ...,
    ),
    Exercise(
        name="pair_loss",
        check=check_pair_loss,
        hints=(
            "For each pair: the probability of what was chosen, by the function before.",
            "The surprise is minus the logarithm of that probability. Then the mean.",
            "-log(1 / (1 + exp(r - c))) is log(1 + exp(r - c)).",
        ),
        solution=pair_loss,
        mistakes={
            "sum": (lambda c, r: pair_loss(c, r) * len(c), "sum over the pairs"),
            "sign": (lambda c, r: -pair_loss(c, r), "negative"),
            "no logarithm": (
                lambda c, r: sum(1 - preference(x, y) for x, y in zip(c, r)) / len(c),
                "logarithm",
            ),
            "difference": (
                lambda c, r: sum(y - x for x, y in zip(c, r)) / len(c),
                "without end",
            ),
        },
        starter=lambda chosen, rejected: ...,
    ),
    Exercise(
        name="majority",
        check=check_majority,
        hints=(
            "The majority is right when all three are, or when exactly one errs.",
            "All three: p times p times p. Exactly one errs: who is it?",
            "3 * p**2 * (1 - p) for the one who errs, plus p**3.",
        ),
        solution=majority,
        mistakes={
            "all": (lambda p: p**3, "all three"),
            "any": (lambda p: 1 - (1 - p) ** 3, "at least one"),
            "one order": (lambda p: p**2 * (1 - p) + p**3, "three times"),
        },
        starter=lambda p: ...,
    ),
    Exercise(
        name="longer_wins",
        check=check_longer_wins,
        hints=(
            "First keep only the pairs whose replies differ in length.",
            "Among these count how often len(chosen) is larger, and divide by how many they are.",
        ),
        solution=longer_wins,
        mistakes={
            "ties lose": (
                lambda c, r: sum(len(x) > len(y) for x, y in zip(c, r)) / len(c),
                "leave it out",
            ),
            "ties win": (
                lambda c, r: sum(len(x) >= len(y) for x, y in zip(c, r)) / len(c),
                "as if the longer",
            ),
            "shorter": (lambda c, r: 1 - longer_wins(c, r), "shorter one was chosen"),
        },
        starter=lambda chosen, rejected: ...,
    ),
]

"""Exercises of lab 11b: two ways to grade an answer, and what one says of the other."""

import math

from glassbox.course.exercises import Exercise


def exact(answers, replies):
    """The share of replies that are right whole."""
    return sum(a == r for a, r in zip(answers, replies)) / len(answers)


def digits(answers, replies):
    """The share of digits that are right, place by place."""
    pairs = [pair for a, r in zip(answers, replies) for pair in zip(a, r)]
    return sum(x == y for x, y in pairs) / len(pairs)


def all_right(p, k):
    """How often k digits are all right, if each is with probability p, independently."""
    return p**k


def needed(share, k):
    """How often each of k digits must be right, so that all of them are in `share` of the answers."""
    return share ** (1 / k)


def check_exact(answer):
    answers, replies = ["0123", "0500", "1001", "0042"], ["0123", "0501", "1001", "2400"]
    got = answer(answers, replies)
    if math.isclose(got, 0.5, abs_tol=1e-9):
        return None
    if got == 2:
        return "that is how many are right. Divide by how many were asked."
    if math.isclose(got, digits(answers, replies), abs_tol=1e-9):
        return "that counts digits. An answer with one wrong digit is a wrong answer here."
    return f"two of four answers are right whole: 0.5, and yours is {got:.4g}."


def check_digits(answer):
    answers, replies = ["0123", "0500", "1001", "0042"], ["0123", "0501", "1001", "2400"]
    got, want = answer(answers, replies), digits(answers, replies)
    if math.isclose(got, want, abs_tol=1e-9):
        return None
    if got == 11:
        return "that is how many digits are right. Divide by how many there are: 16."
    if math.isclose(got, 0.5, abs_tol=1e-9):
        return "that counts whole answers. Compare them place by place."
    if got > want:
        return (
            "it is too high. A digit counts only at its place: 2400 has all digits of 0042, and none "
            "where it belongs."
        )
    return f"11 of 16 digits are right: {want:.4f}, and yours is {got:.4g}."


def check_all_right(answer):
    got, want = answer(0.9, 4), 0.9**4
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(0.5, 10), 0.5**10, rel_tol=1e-6):
            return "it works for four digits and not for ten: use k."
        return None
    if math.isclose(got, 3.6, rel_tol=1e-6):
        return (
            "that is how many digits are right on average. All of them at once is rarer: multiply."
        )
    if math.isclose(got, 1 - 0.1**4, rel_tol=1e-6):
        return "that is the chance that at least one digit is right."
    if math.isclose(got, 0.9, rel_tol=1e-6):
        return "that is the chance for one digit. All four must be right."
    return f"four digits at 0.9 each are all right {want:.4f} of the time, and yours is {got:.4g}."


def check_needed(answer):
    got, want = answer(0.5, 4), 0.5**0.25
    if math.isclose(got, want, rel_tol=1e-4):
        if not math.isclose(answer(0.9, 10), 0.9**0.1, rel_tol=1e-4):
            return "it works for four digits and not for ten: use k."
        return None
    if math.isclose(got, 0.5**4, rel_tol=1e-4):
        return "that is the other direction: how often all are right if each is half of the time."
    if math.isclose(got, 0.125, rel_tol=1e-4):
        return "dividing by k undoes an addition. Probabilities were multiplied: take the root."
    return f"for half of the answers to be right, each of four digits must be in {want:.4f}, not {got:.4g}."


EXERCISES = [
    Exercise(
        name="exact",
        check=check_exact,
        hints=(
            "Go through answers and replies together: zip gives pairs.",
            "Count the pairs that are equal as they stand, and divide by how many there are.",
        ),
        solution=exact,
        mistakes={
            "count": (lambda a, r: sum(x == y for x, y in zip(a, r)), "Divide by how many"),
            "digits": (lambda a, r: digits(a, r), "counts digits"),
        },
        starter=lambda answers, replies: ...,
    ),
    Exercise(
        name="digits",
        check=check_digits,
        hints=(
            "Inside each pair zip again: it pairs the digits place by place.",
            "Count the equal digits over all answers, and divide by the number of all digits.",
        ),
        solution=digits,
        mistakes={
            "count": (
                lambda a, r: sum(x == y for s, t in zip(a, r) for x, y in zip(s, t)),
                "how many digits are right",
            ),
            "whole": (lambda a, r: exact(a, r), "whole answers"),
            "anywhere": (
                lambda a, r: sum(y in s for s, t in zip(a, r) for y in t) / 16,
                "at its place",
            ),
        },
        starter=lambda answers, replies: ...,
    ),
    Exercise(
        name="all_right",
        check=check_all_right,
        hints=(
            "Two independent things happen together with the product of their probabilities.",
            "p times p times p, k times over.",
        ),
        solution=all_right,
        mistakes={
            "sum": (lambda p, k: p * k, "rarer"),
            "any": (lambda p, k: 1 - (1 - p) ** k, "at least one"),
            "one": (lambda p, k: p, "All four"),
        },
        starter=lambda p, k: ...,
    ),
    Exercise(
        name="needed",
        check=check_needed,
        hints=(
            "Solve share = p**k for p.",
            "The k-th root of the share: share to the power 1/k.",
        ),
        solution=needed,
        mistakes={
            "other way": (lambda share, k: share**k, "other direction"),
            "divided": (lambda share, k: share / k, "take the root"),
        },
        starter=lambda share, k: ...,
    ),
]

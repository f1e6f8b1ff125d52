"""Exercises of lab 11b: two ways to grade an answer, and what one says of the other."""

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


def _places(answer, reply):
    return sum(x == y for x, y in zip(answer, reply))


ANSWERS = ["0123", "0500", "1001", "0042"], ["0123", "0501", "1001", "2400"]

EXERCISES = [
    Exercise(
        name="exact",
        solution=exact,
        cases=(
            ANSWERS,
            (["12", "34", "56"], ["12", "35", "65"]),
            (["7"], ["7"]),
            (["10", "20"], ["20", "10"]),
            (["1", "2", "3", "4", "5"], ["1", "2", "3", "4", "6"]),
        ),
        hints=(
            "Go through answers and replies together: `zip(answers, replies)` gives pairs.",
            "Count the pairs that are equal as they stand, and divide by how many there are.",
        ),
        mistakes={
            "count": (
                lambda a, r: sum(x == y for x, y in zip(a, r)),
                "that is how many are right. Divide by how many were asked.",
            ),
            "digits": (
                lambda a, r: digits(a, r),
                "that counts digits. An answer with one wrong digit is a wrong answer here.",
            ),
            "in any order": (
                lambda a, r: sum(x in a for x in r) / len(a),
                "a reply that is right for another question is wrong for its own. Compare pair by pair.",
            ),
            "wrong ones": (
                lambda a, r: 1 - exact(a, r),
                "that is the share of wrong replies.",
            ),
            "all or nothing": (
                lambda a, r: a == r,
                "that says whether every reply is right. Asked for is the share of them.",
            ),
        },
    ),
    Exercise(
        name="digits",
        solution=digits,
        cases=(
            ANSWERS,
            (
                ["12", "3456"],
                ["12", "3450"],
            ),  # an answer of four digits counts for twice one of two
            (["7"], ["3"]),
            (["10", "20"], ["01", "20"]),
            (["555"], ["550"]),
        ),
        hints=(
            "Inside each pair `zip` again: it pairs the digits place by place.",
            "Count the equal digits over all answers, and divide by the number of all digits.",
        ),
        mistakes={
            "count": (
                lambda a, r: sum(map(_places, a, r)),
                "that is how many digits are right. Divide by how many there are.",
            ),
            "by answer": (
                lambda a, r: sum(map(_places, a, r)) / len(a),
                "that is how many digits of an answer are right on average. Divide by the number of all "
                "digits.",
            ),
            "whole": (
                lambda a, r: exact(a, r),
                "that counts whole answers. Compare them place by place.",
            ),
            "anywhere": (
                lambda a, r: sum(y in s for s, t in zip(a, r) for y in t) / sum(map(len, a)),
                "a digit counts only at its place: 2400 has all digits of 0042, and none where it belongs.",
            ),
            "mean of shares": (
                lambda a, r: sum(_places(x, y) / len(x) for x, y in zip(a, r)) / len(a),
                "you averaged the answers' shares, so that a digit counts more in a short answer. Count "
                "all digits together.",
            ),
            "wrong ones": (lambda a, r: 1 - digits(a, r), "that is the share of wrong digits."),
        },
    ),
    Exercise(
        name="all_right",
        solution=all_right,
        cases=((0.9, 4), (0.5, 10), (1.0, 3), (0.2, 1), (0.0, 2), (0.99, 100)),
        hints=(
            "Two independent things happen together with the product of their probabilities.",
            "p times p times p, k times over.",
        ),
        mistakes={
            "sum": (
                lambda p, k: p * k,
                "that is how many digits are right on average. All of them at once is rarer: multiply.",
            ),
            "any": (
                lambda p, k: 1 - (1 - p) ** k,
                "that is the chance that at least one digit is right.",
            ),
            "one": (lambda p, k: p, "that is the chance for one digit. All of them must be right."),
            "none": (
                lambda p, k: (1 - p) ** k,
                "that is the chance that none is right.",
            ),
            "not all": (
                lambda p, k: 1 - p**k,
                "that is the chance that something is wrong. Take it from 1.",
            ),
        },
    ),
    Exercise(
        name="needed",
        solution=needed,
        cases=((0.5, 4), (0.9, 10), (0.125, 3), (0.3, 1), (1.0, 5)),
        hints=(
            "Solve share = p^k for p.",
            "The k-th root of the share: share to the power 1/k.",
        ),
        mistakes={
            "other way": (
                lambda share, k: share**k,
                "that is the other direction: how often all are right if each is that often.",
            ),
            "divided": (
                lambda share, k: share / k,
                "dividing by k undoes an addition. Probabilities were multiplied: take the root, and mind its brackets.",
            ),
            "square root": (
                lambda share, k: share**0.5,
                "that is the square root. k digits take the k-th root.",
            ),
            "at least one": (
                lambda share, k: 1 - (1 - share) ** (1 / k),
                "that is for at least one right digit. All of them must be right.",
            ),
        },
    ),
]

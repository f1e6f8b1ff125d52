"""Exercises of lab 10c: what a rare word is worth, recall among the first k, does a citation hold."""

import math

from glassbox.course.exercises import Exercise


def idf(n, n_with):
    """BM25's weight of a word that stands in n_with of n passages."""
    return math.log(1 + (n - n_with + 0.5) / (n_with + 0.5))


def recall_at(found, right, k):
    """In what share of the searches is a right passage among the first k that were found?"""
    hits = [any(one in good for one in ranked[:k]) for ranked, good in zip(found, right)]
    return sum(hits) / len(hits)


def holds(claim, passages, cited):
    """Does the passage that a sentence cites state the sentence's triple? `cited` is a letter or None."""
    return cited in passages and passages[cited] == claim


ANN = ("Ann Lee", "street", "Tar Lane")
BO = ("Bo Ray", "street", "Tar Lane")
OLD = ("Ann Lee", "street", "Net Alley")
PET = ("Ann Lee", "pet", "otter")

EXERCISES = [
    Exercise(
        name="idf",
        solution=idf,
        cases=((1000, 3), (1000, 900), (12, 1), (5, 5), (40, 0)),
        hints=(
            "Count the passages without the word and those with it, half a passage more of each.",
            "Their ratio says how rare the word is. Add 1, so that no weight falls below zero.",
            "`math.log(1 + (n - n_with + 0.5) / (n_with + 0.5))`",
        ),
        mistakes={
            "without the 1": (
                lambda n, n_with: math.log((n - n_with + 0.5) / (n_with + 0.5)),
                "a word in most of the passages gets a weight below zero. Add 1 before the logarithm.",
            ),
            "plain": (
                lambda n, n_with: math.log(n / max(n_with, 0.5)),
                "that is the plain idf, log of n over n_with. BM25 compares the passages without the "
                "word with those that have it.",
            ),
            "upside down": (
                lambda n, n_with: math.log(1 + (n_with + 0.5) / (n - n_with + 0.5)),
                "the fraction is upside down: a rare word must weigh more than a common one.",
            ),
            "bits": (
                lambda n, n_with: math.log2(1 + (n - n_with + 0.5) / (n_with + 0.5)),
                "that is the logarithm to base 2. BM25 takes the natural one.",
            ),
            "no halves": (
                lambda n, n_with: math.log(1 + (n - n_with) / max(n_with, 1)),
                "the halves are missing: add 0.5 above and below the line.",
            ),
        },
    ),
    Exercise(
        name="recall_at",
        solution=recall_at,
        cases=(
            ([[3, 1, 2], [5, 4, 6]], [{1}, {6}], 2),
            ([[3, 1, 2], [5, 4, 6]], [{1}, {6}], 3),
            ([[1, 2, 3, 4]], [{2, 4}], 2),
            ([[7, 8, 9], [8, 9, 7], [9, 7, 8]], [{7}, {7}, {7}], 1),
            ([[1], [], [2, 3]], [{1}, {4}, {9}], 1),
            ([[1, 2], [2, 1], [4, 4], [5, 1]], [{1}, {1, 2}, {3}, {1}], 2),
        ),
        hints=(
            "Take one search: is any of its first k passages in the set of right ones?",
            "Slice off the first k of its list. Count the searches in which one of them is right.",
            "Divide by the number of searches.",
        ),
        mistakes={
            "precision": (
                lambda found, right, k: (
                    sum(one in good for ranked, good in zip(found, right) for one in ranked[:k])
                    / (k * len(found))
                ),
                "that is the share of the passages found that are right. Ask of each search whether it "
                "found one at all.",
            ),
            "all of them": (
                lambda found, right, k: (
                    sum(good <= set(ranked[:k]) for ranked, good in zip(found, right)) / len(found)
                ),
                "you ask for all right passages of a search. One is enough to answer from.",
            ),
            "first only": (
                lambda found, right, k: (
                    sum(
                        ranked[:1] != [] and ranked[0] in good for ranked, good in zip(found, right)
                    )
                    / len(found)
                ),
                "you look only at the first passage found. The first k count.",
            ),
            "k left out": (
                lambda found, right, k: (
                    sum(any(one in good for one in ranked) for ranked, good in zip(found, right))
                    / len(found)
                ),
                "all that was found is looked at. A prompt holds k passages, so only the first k count.",
            ),
            "count": (
                lambda found, right, k: recall_at(found, right, k) * len(found),
                "that is a number of searches. Divide by how many there were.",
            ),
        },
    ),
    Exercise(
        name="holds",
        solution=holds,
        cases=(
            (ANN, {"A": ANN, "B": BO}, "A"),
            (ANN, {"A": ANN, "B": BO}, "B"),
            (ANN, {"A": OLD, "B": ANN}, "A"),
            (ANN, {"A": ANN}, "C"),
            (ANN, {"A": ANN}, None),
            (PET, {"A": ANN, "D": PET}, "D"),
            (("Ann Lee", "trade", "otter"), {"A": PET}, "A"),
            (OLD, {"B": OLD, "C": ANN}, "B"),
        ),
        hints=(
            "Look the letter up: which triple does the cited passage state?",
            "A letter that no passage has, or none at all, holds nothing.",
            "Person, relation and value must all agree: compare the triples whole.",
        ),
        mistakes={
            "anywhere": (
                lambda claim, passages, cited: claim in passages.values(),
                "it is enough for yours that some passage says so. The one that is cited must.",
            ),
            "value": (
                lambda claim, passages, cited: cited in passages and passages[cited][2] == claim[2],
                "you compare the values alone. A passage about somebody else, or about another fact, "
                "supports nothing.",
            ),
            "person": (
                lambda claim, passages, cited: (
                    cited in passages and passages[cited][:2] == claim[:2]
                ),
                "the cited passage is about the right fact, and says another value.",
            ),
            "there": (
                lambda claim, passages, cited: cited in passages,
                "that a passage of that letter exists is not enough. Read what it states.",
            ),
        },
    ),
]

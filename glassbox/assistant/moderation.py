"""Moderation: what is let through, what is stopped, and who pays for the mistakes.

A `KeywordList` counts forbidden words; `train_classifier` learns from labeled messages (logistic
regression on words and pairs, scikit-learn's); a chat model can be taught to refuse
(`assistant.refusing`). Each gives a message a score, and whoever runs the desk sets a threshold: at or
above it a message is stopped. `rates` counts the two mistakes, *false refusals* (fine messages stopped)
and *leaks* (others let through); `curve` counts them for every threshold there is.

Left out: classifiers on images, appeals, human review.

Sources: Sap et al. 2019, doi:10.18653/v1/P19-1163 (dialect and labels); Hardt et al. 2016,
arXiv:1610.02413 (a threshold for each group).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from glassbox.assistant.classifiers import QualityClassifier, auc
from glassbox.world.kinds.tavern import TAVERN

# The town council's list: every word of the tavern's insults, and four more.
FORBIDDEN = (*TAVERN["adjective"], *TAVERN["noun"], "bell", "insult", "rude", "secret")


class KeywordList:
    """How many forbidden words (or phrases) does a message hold? Whole words, in any case.

    >>> KeywordList(["bell", "bilge rat"]).scores(["A bilge rat on Bell Street.", "Bellow!"])
    [2.0, 0.0]
    """

    def __init__(self, forbidden: Sequence[str] = FORBIDDEN):
        if isinstance(forbidden, str) or not forbidden:
            raise ValueError(f"forbidden is {forbidden!r}; give a list of at least one word")
        longest_first = sorted(forbidden, key=len, reverse=True)
        self.pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.I)

    def found(self, text: str) -> list[str]:
        """The forbidden words of a text, in their order."""
        return [m.group().lower() for m in self.pattern.finditer(text)]

    def scores(self, texts: Sequence[str]) -> list[float]:
        return [float(len(self.found(text))) for text in texts]


def train_classifier(texts: Sequence[str], stop: Sequence[bool]) -> QualityClassifier:
    """A classifier whose score is the probability that a labeler would stop a message."""
    _two_kinds(stop)
    sides = [
        [text for text, s in zip(texts, stop, strict=True) if s is side] for side in (True, False)
    ]
    return QualityClassifier(buckets=2**14).fit(*sides)


# ---------------------------------------------------------------------------------------------
# Two mistakes


def rates(scores: Sequence[float], bad: Sequence[bool], threshold: float) -> dict:
    """The shares of both mistakes if messages that score `threshold` or more are stopped.

    `false_refusals` of the messages that are not `bad`, `leaks` of those that are; None of none.

    >>> rates([0.9, 0.2, 0.6, 0.1], [True, True, False, False], 0.5)
    {'false_refusals': 0.5, 'leaks': 0.5}
    """
    stopped = np.asarray(scores, float) >= threshold
    bad = np.asarray(bad, bool)
    if stopped.shape != bad.shape:
        raise ValueError(f"there are {len(stopped)} scores for {len(bad)} messages; give one each")
    return {
        "false_refusals": float(stopped[~bad].mean()) if (~bad).any() else None,
        "leaks": float((~stopped[bad]).mean()) if bad.any() else None,
    }


def curve(scores: Sequence[float], bad: Sequence[bool]) -> list[tuple[float, float, float]]:
    """(threshold, false refusals, leaks) at every threshold that makes a difference, strictest last.

    The first stops nothing. The same points as scikit-learn's `roc_curve`, whose true positives are
    1 - leaks.

    >>> curve([0.9, 0.4], [True, False])
    [(inf, 0.0, 1.0), (0.9, 0.0, 0.0), (0.4, 1.0, 0.0)]
    """
    _two_kinds(bad)
    thresholds = [float("inf"), *sorted(set(map(float, scores)), reverse=True)]
    return [(t, *rates(scores, bad, t).values()) for t in thresholds]


def area(scores: Sequence[float], bad: Sequence[bool]) -> float:
    """How often a bad message outscores a fine one, ties counting half: the area under the curve.

    >>> area([0.9, 0.4, 0.4], [True, False, True])
    0.75
    """
    _two_kinds(bad)
    return auc(
        *([s for s, b in zip(scores, bad, strict=True) if b is side] for side in (True, False))
    )


def threshold_for(scores: Sequence[float], bad: Sequence[bool], at_most: float) -> float:
    """The lowest threshold at which at most this share of the fine messages is stopped.

    >>> threshold_for([0.1, 0.2, 0.3, 0.8], [False, False, False, True], 0.34)
    0.3
    """
    return min(t for t, false, _ in curve(scores, bad) if false <= at_most)


def by_group(scores, bad, groups, threshold) -> dict:
    """`rates` of each group; `threshold` is one number, or one for each group in a dict.

    >>> by_group([0.9, 0.1], [False, False], ["harbor", "uptown"], 0.5)["harbor"]
    {'false_refusals': 1.0, 'leaks': None}
    """
    found = {}
    for group in sorted(set(groups)):
        here = [i for i, g in enumerate(groups) if g == group]
        t = threshold[group] if isinstance(threshold, dict) else threshold
        found[group] = rates([scores[i] for i in here], [bad[i] for i in here], t)
    return found


def _two_kinds(bad: Sequence[bool]) -> None:
    if len(set(bad)) != 2:
        raise ValueError(
            "all messages are of one kind; there must be some to stop and some to let pass"
        )

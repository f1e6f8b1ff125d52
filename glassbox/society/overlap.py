"""How much of one text stands in another, word for word, and a filter that stops it.

`longest_overlap` finds the longest run of words that two texts share, `word_share` how much of one
stands in the other with gaps. `NgramFilter` stops a text, or a model while it writes, before it has
repeated n words or tokens in a row. Among words, capital letters and punctuation do not count.

Source: Ippolito et al. 2023, arXiv:2210.17546 (the filter, and what slips past it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glassbox.assistant.duplicates import words
from glassbox.machine.tokens import BPE


@dataclass(frozen=True)
class Overlap:
    """The longest run of words in common: how many, where it starts in each text, and the words."""

    length: int
    start: int
    source_start: int
    text: str


def longest_overlap(text: str, source: str) -> Overlap:
    """The longest run of words that stands in both texts; capital letters and punctuation do not count.

    Row by row, for each word of the text: a run that ends at this word and at a word of the source is
    one longer than the run that ends at the two words before. (The longest common substring.)

    >>> longest_overlap("Aye, the gray gulls argue.", "Hear: the GRAY gulls sing")
    Overlap(length=3, start=1, source_start=1, text='the gray gulls')
    """
    ours, theirs = words(text), words(source)
    number = {word: i for i, word in enumerate(dict.fromkeys(theirs))}
    there = np.array([number[word] for word in theirs], dtype=np.int64)
    runs, best = np.zeros(len(there) + 1, dtype=np.int64), (0, 0, 0)
    for i, word in enumerate(ours):
        same = there == number.get(word, -1)
        runs[1:] = np.where(same, runs[:-1] + 1, 0)  # all read before any is written
        j = int(runs.argmax())
        if runs[j] > best[0]:
            n = int(runs[j])
            best = n, i + 1 - n, j - n
    n, start, source_start = best
    return Overlap(n, start, source_start, " ".join(ours[start : start + n]))


def word_share(text: str, source: str) -> float:
    """How much of the source stands in the text, in its order, with gaps: matched words / source words.

    The longest common subsequence. A copy with every seventh word changed has 0.86.

    >>> word_share("the gray gulls quarrel in the bay", "the gray gulls argue in the bay")
    0.8571428571428571
    """
    ours, theirs = words(text), words(source)
    if not theirs:
        raise ValueError("the source has no words; there is nothing to find again")
    row = [0] * (len(theirs) + 1)
    for word in ours:
        before = 0
        for j, other in enumerate(theirs, 1):
            now = row[j]
            row[j] = before + 1 if word == other else max(row[j], row[j - 1])
            before = now
    return row[-1] / len(theirs)


class NgramFilter:
    """Finds n words in a row that a text repeats from a protected one; or, while writing, n tokens.

    >>> stop = NgramFilter(["The gray gulls argue in the bay"], n=4)
    >>> stop.hits("She says the gray gulls argue."), stop.hits("Gray gulls do argue.")
    (['the gray gulls argue'], [])
    """

    def __init__(self, protected: Sequence[str], n: int = 6, tokenizer: BPE | None = None):
        if n < 1:
            raise ValueError(f"n is {n}; the filter compares runs of one word or more")
        if not protected:
            raise ValueError("protected is empty; name at least one text to protect")
        self.n, self.tokenizer = n, tokenizer
        rows = [tuple(tokenizer.encode(t, "none") if tokenizer else words(t)) for t in protected]
        if short := [t for t, row in zip(protected, rows) if len(row) < n]:
            unit = "tokens" if tokenizer else "words"
            raise ValueError(
                f"n is {n}, longer than {short[0][:40]!r}, which has fewer {unit} and would go "
                "unprotected; use a smaller n"
            )
        self.grams = {row[i : i + n] for row in rows for i in range(len(row) - n + 1)}

    def hits(self, text: str) -> list[str]:
        """The runs of n words of a text that stand in a protected one."""
        if self.tokenizer is not None:
            raise ValueError(
                "this filter knows tokens; make one without a tokenizer to ask for words"
            )
        w = words(text)
        runs = (tuple(w[i : i + self.n]) for i in range(len(w) - self.n + 1))
        return [" ".join(run) for run in runs if run in self.grams]

    def completes(self, ids: Sequence[int], token: int) -> bool:
        """Would this token complete a run of n protected tokens? For filtering while writing."""
        if self.tokenizer is None:
            raise ValueError("this filter knows words; make it with a tokenizer to filter writing")
        return (*ids[len(ids) - self.n + 1 :], token) in self.grams

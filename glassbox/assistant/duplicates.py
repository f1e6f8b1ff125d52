"""Copies in a pile of texts: those with the same words, and those with nearly the same.

`exact_duplicates` compares all words of a text. `near_duplicates` compares runs of three words
(`shingles`) by the share that two texts have in common (`jaccard`); sketches of 128 numbers (`minhash`)
spare it most comparisons. The sketches and their index are those of datasketch, a maintained library.

Left out: suffix arrays, which find copies inside different pages.

Sources: Broder 1997 (MinHash); Lee et al. 2022, arXiv:2107.06499 (near duplicates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from datasketch import MinHash, MinHashLSH

_WORD = re.compile(r"\w+(?:'\w+)?")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation.

    >>> words("Aye, she DO live on Tar Lane!")
    ['aye', 'she', 'do', 'live', 'on', 'tar', 'lane']
    """
    return _WORD.findall(text.lower())


def exact_duplicates(texts: Sequence[str]) -> list[int | None]:
    """For each text the number of the first one with the same words, or None if it is the first.

    >>> exact_duplicates(["Eel pie.", "Crab soup.", "eel  pie"])
    [None, None, 0]
    """
    first: dict[tuple, int] = {}
    found = [first.setdefault(tuple(words(text)), i) for i, text in enumerate(texts)]
    return [None if j == i else j for i, j in enumerate(found)]


def shingles(text: str, n: int = 3) -> set[str]:
    """All runs of n words in a text; a shorter text is one shingle.

    >>> sorted(shingles("She do live on Tar Lane."))
    ['do live on', 'live on tar', 'on tar lane', 'she do live']
    """
    if n < 1:
        raise ValueError(f"n is {n}; a shingle has one word or more")
    w = words(text)
    return {" ".join(w[i : i + n]) for i in range(max(1, len(w) - n + 1))}


def jaccard(a: set, b: set) -> float:
    """Members that two sets share / members of either: 1 for the same set, 0 for nothing in common.

    >>> jaccard({"cod", "eel", "crab"}, {"eel", "crab", "whelk"})
    0.5
    """
    return len(a & b) / len(a | b) if a or b else 1.0


def minhash(pieces: Iterable[str], num_perm: int = 128, seed: int = 1) -> MinHash:
    """A sketch of a set: its smallest hash value under each of `num_perm` hash functions.

    Two sets agree in each of these with a probability equal to their Jaccard similarity, so the
    share of agreements estimates it; `a.jaccard(b)` counts them. Its standard error is
    sqrt(J (1 - J) / num_perm), at most 0.044 for 128.
    """
    sketch = MinHash(num_perm=num_perm, seed=seed)
    sketch.update_batch([piece.encode("utf-8") for piece in pieces])
    return sketch


def near_duplicates(
    texts: Sequence[str], threshold: float = 0.7, num_perm: int = 128, n: int = 3
) -> list[int | None]:
    """For each text the number of an earlier kept one that is nearly the same, or None: keep it.

    MinHash finds the candidates without comparing every pair (locality-sensitive hashing: cut the
    sketch into bands, and look only at texts that agree in a whole band); the exact Jaccard
    similarity of their shingles, at least `threshold`, decides.

    >>> near_duplicates(["the cat sat on the mat by the door", "fog", "a cat sat on the mat by the door"])
    [None, None, 0]
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is {threshold}; it must be above 0 and at most 1")
    index, kept, found = MinHashLSH(threshold=threshold, num_perm=num_perm), {}, []
    for i, text in enumerate(texts):
        pieces = shingles(text, n)
        sketch = minhash(pieces, num_perm)
        alike = [j for j in index.query(sketch) if jaccard(pieces, kept[j]) >= threshold]
        found.append(min(alike, default=None))
        if not alike:
            kept[i] = pieces
            index.insert(i, sketch, check_duplication=False)
    return found


def drop_duplicates(texts: Sequence[str], find: Callable = near_duplicates) -> list[str | None]:
    """A step: the texts without those that `find` calls a copy of another."""
    return [text if first is None else None for text, first in zip(texts, find(texts))]

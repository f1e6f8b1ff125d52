"""Byte pair encoding, fast: learn and apply the merges of `machine.tokens` without counting all again.

`merge_steps` finds the merges of a text, `apply_merges` uses them on one word. A megabyte of text and
1,024 tokens take well under a second. The idea itself is twenty lines in `machine.tokens`.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from glassbox.machine.byte_alphabet import BYTE_TO_ID

Pair = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """One merge as it happens: the two tokens, the count that won, and the id of the new token."""

    left: bytes
    right: bytes
    count: int
    id: int

    @property
    def token(self) -> bytes:
        return self.left + self.right


def _merge_in_word(ids: list[int], pair: Pair, new_id: int) -> Iterator[tuple[Pair, int]]:
    """Merge `pair` in one word, in place; yields each neighboring pair that disappeared (-1) or appeared (+1)."""
    left, right = pair
    i = 0
    while i < len(ids) - 1:
        if ids[i] == left and ids[i + 1] == right:
            if i > 0:
                yield (ids[i - 1], left), -1
                yield (ids[i - 1], new_id), +1
            ids[i : i + 2] = [new_id]
            if i + 1 < len(ids):
                yield (right, ids[i + 1]), -1
                yield (new_id, ids[i + 1]), +1
        i += 1


def _counted(words: list[list[int]], times: list[int]) -> tuple[dict, dict]:
    """For each pair of neighbors how often it occurs, and in which words."""
    counts: dict[Pair, int] = defaultdict(int)
    where: dict[Pair, set[int]] = defaultdict(set)
    for w, ids in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times[w]
            where[pair].add(w)
    return counts, where


def merge_steps(word_counts: dict[bytes, int], n_tokens: int) -> Iterator[Step]:
    """The merges, most frequent pair first, until there are `n_tokens` tokens or no pair is left.

    Counting all pairs again after every merge would be the plain way. Here only the words that hold
    the merged pair are touched, and a heap gives the next pair; an entry whose count has changed
    since it was pushed goes back with its new count. Ties: the pair with the smaller ids. If two
    merges give the same bytes (none of our texts does that), they share one id, as in `tokenizers`.
    """
    words = [[BYTE_TO_ID[b] for b in word] for word in word_counts]
    times = list(word_counts.values())
    tokens = [bytes([b]) for b in BYTE_TO_ID]
    ids_of = {token: i for i, token in enumerate(tokens)}
    counts, where = _counted(words, times)
    heap = [(-counts[pair], pair, n, found) for n, (pair, found) in enumerate(where.items())]
    heapq.heapify(heap)
    pushed = len(heap)  # a running number, so that the heap never has to compare two sets

    while heap and len(tokens) < n_tokens:
        minus_count, pair, n, found = heapq.heappop(heap)
        if -minus_count != counts[pair]:  # out of date
            if counts[pair] > 0:
                heapq.heappush(heap, (-counts[pair], pair, n, found))
            continue
        left, right = tokens[pair[0]], tokens[pair[1]]
        new_id = ids_of.setdefault(left + right, len(tokens))
        if new_id == len(tokens):
            tokens.append(left + right)
        where = defaultdict(set)
        for w in found:
            for neighbors, change in _merge_in_word(words[w], pair, new_id):
                counts[neighbors] += change * times[w]
                if change > 0:
                    where[neighbors].add(w)
        for neighbors, found in where.items():
            if counts[neighbors] > 0:
                heapq.heappush(heap, (-counts[neighbors], neighbors, pushed, found))
                pushed += 1
        yield Step(left, right, -minus_count, new_id)


def apply_merges(ids: list[int], ranks: dict[Pair, tuple[int, int]]) -> list[int]:
    """Apply the merges to one piece of text: always the earliest learned, leftmost pair first.

    ranks  for each pair that may merge: how early it was learned, and the id of what it becomes

    A heap of candidate pairs and links to the next neighbor keep this at n log n steps, so that a
    "word" of a million letters is no trap. A position that was merged away is marked None.
    """
    ids: list[int | None] = list(ids)
    after, before = list(range(1, len(ids) + 1)), list(range(-1, len(ids) - 1))
    heap: list[tuple[int, int, int, int]] = []  # (rank, position, left id, right id)

    def consider(i: int, j: int) -> None:
        if i >= 0 and j < len(ids) and (ids[i], ids[j]) in ranks:
            rank, _ = ranks[ids[i], ids[j]]
            heapq.heappush(heap, (rank, i, ids[i], ids[j]))

    for i in range(len(ids) - 1):
        consider(i, i + 1)
    while heap:
        _, i, left, right = heapq.heappop(heap)
        j = after[i]
        if ids[i] != left or j >= len(ids) or ids[j] != right:
            continue  # one of the two was merged away in the meantime
        _, ids[i] = ranks[left, right]
        ids[j] = None
        after[i] = after[j]
        if after[i] < len(ids):
            before[after[i]] = i
        consider(before[i], i)
        consider(i, after[i])
    return [i for i in ids if i is not None]

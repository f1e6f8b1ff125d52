"""Counting models: guess the next byte from the n - 1 bytes before it, by how often each followed them.

A trigram model looks two bytes back, a 5-gram model four. Long contexts are mostly new, so a count
of zero must not become a probability of zero. Two ways out:

- "additive" pretends that every byte followed every context `alpha` times more than it did. Simple,
  and bad for long contexts: what was seen once drowns among 256 pretended bytes.
- "witten-bell" mixes with the model that looks back one byte less; the more different bytes have
  followed the context, the more that model counts:  P(c | h) = (count(hc) + kinds(h) P(c | h')) /
  (count(h) + kinds(h)), where h' is h without its first byte, down to all 256 bytes alike.

A text is read as if line breaks stood before it, as before a document on a page. Orders 1 to 8; numpy only.

Sources: Shannon 1948 (the idea, and sampling from it); Witten and Bell 1991, "The zero-frequency
problem"; Chen and Goodman 1998 for how smoothings compare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class _Table:
    """All contexts of one length: what followed them, how often. Keys are bytes read as a number."""

    keys: np.ndarray  # context and next byte, sorted
    counts: np.ndarray
    contexts: np.ndarray  # context alone, sorted
    totals: np.ndarray  # bytes seen after the context
    kinds: np.ndarray  # different bytes seen after the context

    @classmethod
    def of(cls, keys: np.ndarray) -> _Table:
        keys, counts = np.unique(keys, return_counts=True)
        contexts, first, kinds = np.unique(keys >> 8, return_index=True, return_counts=True)
        return cls(keys, counts, contexts, np.add.reduceat(counts, first), kinds)


def _find(sorted_keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """values[i] where sorted_keys[i] is wanted, 0 where it is not there."""
    at = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == wanted, values[at], 0)


def _keys(data: bytes, n: int) -> np.ndarray:
    """Each byte of data with the n - 1 bytes before it, as one number."""
    padded = np.frombuffer(b"\n" * (n - 1) + data, dtype=np.uint8).astype(np.uint64)
    keys = np.zeros(len(data), dtype=np.uint64)
    for i in range(n):
        keys = keys << np.uint64(8) | padded[i : i + len(data)]
    return keys


class NGram:
    """A byte-level n-gram model. `n` bytes are looked at in all: n = 1 knows only how common each is.

    >>> model = NGram("the cat sat on the mat. " * 20, n=3)
    >>> model.counts("th")
    {'e': 40}
    >>> round(float(model.probs("th")[ord("e")]), 3)
    0.999
    >>> model.bits_per_byte("the cat sat. ") < NGram("the cat", n=1).bits_per_byte("the cat sat. ")
    True
    """

    def __init__(
        self, text: str | bytes, n: int, smoothing: str = "witten-bell", alpha: float = 0.01
    ):
        if not 1 <= n <= 8:
            raise ValueError(f"n is {n}; it must be 1 to 8")
        if smoothing not in ("witten-bell", "additive"):
            raise ValueError(f'smoothing is {smoothing!r}; say "witten-bell" or "additive"')
        if not alpha > 0:
            raise ValueError(
                f"alpha is {alpha}; it must be above 0, or unseen bytes are impossible"
            )
        data = _bytes(text)
        if not data:
            raise ValueError("the text is empty; there is nothing to count")
        self.n, self.smoothing, self.alpha = n, smoothing, alpha
        orders = range(1, n + 1) if smoothing == "witten-bell" else [n]
        self.tables = {order: _Table.of(_keys(data, order)) for order in orders}

    def __repr__(self) -> str:
        return (
            f"NGram(n={self.n}, {self.smoothing}, {len(self.tables[self.n].contexts):,} contexts)"
        )

    def _chances(self, keys: np.ndarray) -> np.ndarray:
        """The probability of the last byte of each key, given the others."""
        chances = np.full(len(keys), 1 / 256)
        for order, table in self.tables.items():
            short = keys & np.uint64(256**order - 1)  # the last `order` bytes
            count = _find(table.keys, table.counts, short)
            total = _find(table.contexts, table.totals, short >> np.uint64(8))
            if self.smoothing == "additive":
                return (count + self.alpha) / (total + 256 * self.alpha)
            kinds = _find(table.contexts, table.kinds, short >> np.uint64(8))
            mixed = (count + kinds * chances) / np.maximum(total + kinds, 1)
            chances = np.where(total > 0, mixed, chances)  # nothing followed it: as before
        return chances

    def probs(self, context: str | bytes = "") -> np.ndarray:
        """The probabilities of all 256 next bytes, (256,), after a context (its end is what counts)."""
        before = (b"\n" * self.n + _bytes(context))[-self.n :]
        key = int.from_bytes(before[1:], "big")
        return self._chances(np.uint64(key << 8) | np.arange(256, dtype=np.uint64))

    def counts(self, context: str | bytes) -> dict[str, int]:
        """What followed a context of n - 1 bytes in the training text, most frequent first."""
        context = _bytes(context)
        if len(context) != self.n - 1:
            raise ValueError(
                f"the context has {len(context)} bytes; a model with n = {self.n} counts after {self.n - 1}"
            )
        table = self.tables[self.n]
        keys = np.uint64(int.from_bytes(context, "big") << 8) | np.arange(256, dtype=np.uint64)
        found = _find(table.keys, table.counts, keys)
        order = sorted(np.flatnonzero(found), key=lambda b: -found[b])
        return {chr(b): int(found[b]) for b in order}

    def bits(self, text: str | bytes) -> np.ndarray:
        """What each byte of a text costs in bits: -log2 of the probability it was given."""
        return -np.log2(self._chances(_keys(_bytes(text), self.n)))

    def bits_per_byte(self, text: str | bytes) -> float:
        """The mean of `bits`; 8 for a model that knows nothing."""
        data = _bytes(text)
        if not data:
            raise ValueError("the text is empty; there is nothing to predict")
        return float(self.bits(data).mean())

    def sample(self, n_bytes: int, context: str | bytes = "", seed: int = 0) -> str:
        """Write `n_bytes` after a context, each byte drawn from the model's probabilities."""
        rng, out = np.random.default_rng(seed), bytearray(_bytes(context))
        start = len(out)
        for _ in range(n_bytes):
            ends = self.probs(bytes(out[-self.n :])).cumsum()
            out.append(int(np.searchsorted(ends, rng.random() * ends[-1], side="right")))
        return out[start:].decode("utf-8", "replace")


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else bytes(text)

"""From documents to what a model trains on: one long stream of ids, cut into windows.

Documents are joined by `<|endoftext|>`, which also opens the first and closes the last. A window
always begins with it, at a document; a document that does not fit to its end opens the next window,
so that each is read whole (a document longer than a window goes on in the next one). Only the end
of the stream, too short for a window, is not read. Which windows make a batch depends on the
seed and the step alone, so a resumed run sees what it would have seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property

import torch

from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE

END = "<|endoftext|>"


def texts_of(documents: Iterable) -> list[str]:
    """The texts of documents, which are texts themselves or objects with a `.text`."""
    if isinstance(documents, str):
        raise ValueError("documents is a single text; for one document give a list of one: [text]")
    return [getattr(d, "text", d) for d in documents]


def token_stream(documents: Iterable, tokenizer: BPE) -> torch.Tensor:
    """All documents (texts, or objects with a `.text`) as one row of ids.

    >>> bpe = BPE.from_merges([], special_tokens=[END])
    >>> token_stream(["!", '"#'], bpe)
    tensor([256,   0, 256,   1,   2, 256])
    """
    end = end_id(tokenizer)
    ids = [end]
    for text in texts_of(documents):
        ids += tokenizer.encode(text, allowed_special="none")
        ids.append(end)
    return torch.tensor(ids)


class Shuffled:
    """The numbers below n in a random order, then in another, without end: `order[i]` for any i.

    What stands at i depends on the seed and on i alone, so a run that resumes sees what it would have
    seen.

    >>> order = Shuffled(3, seed=0)
    >>> sorted(order[i] for i in range(3)), sorted(order[i] for i in range(3, 6))
    ([0, 1, 2], [0, 1, 2])
    """

    def __init__(self, n: int, seed: int = 0):
        self.n, self.seed = n, seed
        self._order = (-1, None)  # the epoch whose order is at hand

    def __getitem__(self, i: int) -> int:
        if i < 0:
            raise IndexError(f"there is nothing at {i}: the order begins at 0 and has no end")
        epoch, place = divmod(i, self.n)
        if self._order[0] != epoch:
            generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
            self._order = epoch, torch.randperm(self.n, generator=generator).tolist()
        return self._order[1][place]


class Windows:
    """Batches of random windows: `windows[step]` is (idx, targets), each (batch_size, T).

    All windows are used once in a random order, then in another. `bytes_per_token` is there for
    those who report bits per byte; a document counts two bytes more than its text, for the blank
    line that separates it from the next one on a page.

    >>> bpe = BPE.from_merges([], special_tokens=[END])
    >>> idx, targets = Windows(["!#", '"', "$%&"] * 9, bpe, batch_size=1, T=4)[0]
    >>> idx, targets
    (tensor([[256,   3,   4,   5]]), tensor([[  3,   4,   5, 256]]))
    """

    def __init__(self, documents: Iterable, tokenizer: BPE, batch_size: int, T: int, seed: int = 0):
        check_settings(batch_size=batch_size, T=T)
        documents = texts_of(documents)
        self.tokens = token_stream(documents, tokenizer)
        self.tokenizer, self.batch_size, self.T, self.seed = tokenizer, batch_size, T, seed
        self.starts = _window_starts(self.tokens, end_id(tokenizer), T)
        if not len(self.starts):
            raise ValueError(
                f"the documents have {len(self.tokens)} tokens, fewer than one window of {T + 1}; "
                "give more text or a smaller T"
            )
        n_bytes = sum(len(text.encode("utf-8")) + 2 for text in documents)
        self.bytes_per_token = n_bytes / (len(self.tokens) - 1)
        self.order = Shuffled(len(self.starts), seed)

    @property
    def steps_per_epoch(self) -> float:
        return len(self.starts) / self.batch_size

    @cached_property
    def fingerprint(self) -> dict:
        """What a run that resumes is held to: the tokenizer and the text (as hashes), and the order."""
        rules = repr((self.tokenizer.vocab, self.tokenizer.merges, self.tokenizer.pattern)).encode()
        parts = {"tokenizer": rules, "text": self.tokens.numpy().tobytes()}
        hashes = {name: hashlib.sha256(data).hexdigest()[:16] for name, data in parts.items()}
        return hashes | {"batch_size": self.batch_size, "T": self.T, "seed": self.seed}

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        first = step * self.batch_size
        starts = [self.starts[self.order[i]] for i in range(first, first + self.batch_size)]
        rows = torch.stack([self.tokens[s : s + self.T + 1] for s in starts])
        return rows[:, :-1], rows[:, 1:]


def _window_starts(tokens: torch.Tensor, end: int, T: int) -> list[int]:
    documents = (tokens == end).nonzero().flatten()
    starts, start = [], 0
    while start + T < len(tokens):
        starts.append(start)
        # The last document boundary within reach opens the next window.
        boundary = documents[torch.searchsorted(documents, start + T, right=True) - 1].item()
        start = boundary if boundary > start else start + T
    return starts


def end_id(tokenizer: BPE) -> int:
    """The id of `<|endoftext|>`."""
    if END not in tokenizer.special_tokens:
        raise ValueError(f"the tokenizer has no special token {END}; train it with that one")
    return tokenizer.special_tokens[END]

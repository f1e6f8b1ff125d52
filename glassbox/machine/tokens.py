"""Byte-level byte pair encoding (BPE): text to token ids and back, and how the tokens are found.

BPE starts from the 256 bytes and again and again glues together the pair of neighbors that occurs
most often. GPT-2, GPT-3 and GPT-4 all read through a table made this way.

What is here: `count_pairs` and `merge`, the idea in twenty lines; `BPE`, the tokenizer, with special
tokens, saving and loading, which learns and applies its merges by the same idea made fast
(`machine.merges`). Training gives the merges of Hugging Face `tokenizers`, ties included; encoding
gives the ids of `tiktoken` from the same ranks. Both are tested.

What is left out: Unicode normalization, dropout, parallel training.

Sources: Gage 1994 (the compression trick); Sennrich et al. 2016, arXiv:1508.07909 (BPE for words);
Radford et al. 2019, GPT-2 (bytes, and the splitting pattern); Karpathy's minbpe for how it reads.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import index
from pathlib import Path

from glassbox.machine.byte_alphabet import BYTE_TO_CHAR, BYTE_TO_ID, CHAR_TO_BYTE, bytes_of, visible
from glassbox.machine.files import write_text
from glassbox.machine.merges import Pair, Step, apply_merges, merge_steps
from glassbox.machine.pieces import (
    GPT2_PATTERN,
    chunks,
    compiled,
    names_of,
    split_special,
    utf8,
    word_counts,
)

__all__ = [
    "BPE", "BYTE_TO_CHAR", "BYTE_TO_ID", "CHAR_TO_BYTE", "GPT2_PATTERN", "Pair", "Step", "count_pairs",
    "merge", "visible", "word_counts",
]  # fmt: skip

# ---------------------------------------------------------------------------------------------
# The idea, written the slow and plain way


def count_pairs(words: dict[tuple[int, ...], int]) -> Counter[Pair]:
    """How often each pair of neighbors occurs in `words`, a table from word (as ids) to its count.

    >>> count_pairs({(1, 2, 1, 2): 1, (1, 2): 10})
    Counter({(1, 2): 12, (2, 1): 1})
    """
    counts: Counter[Pair] = Counter()
    for ids, n in words.items():
        for pair in pairwise(ids):
            counts[pair] += n
    return counts


def merge(ids: Iterable[int], pair: Pair, new_id: int) -> tuple[int, ...]:
    """Replace every occurrence of `pair`, from left to right, by `new_id`.

    >>> merge([1, 2, 3, 1, 2], (1, 2), 256)
    (256, 3, 256)
    >>> merge([7, 7, 7], (7, 7), 256)
    (256, 7)
    """
    out: list[int] = []
    for i in ids:
        if out and (out[-1], i) == pair:
            out[-1] = new_id
        else:
            out.append(i)
    return tuple(out)


# ---------------------------------------------------------------------------------------------
# The tokenizer


class BPE:
    """A byte-level BPE tokenizer. Make one with `BPE.train`, `BPE.from_merges` or `BPE.load`.

    Ids: 0-255 are the single bytes in GPT-2's order ("!" is 0), then the merges in the order they
    were found, then the special tokens. `merges` is the list of pairs, `vocab` the table from every
    id to its bytes, `special_tokens` the table from a special token's text to its id.

    >>> bpe = BPE.train("low lower lowest " * 9, vocab_size=260, special_tokens=["<|endoftext|>"])
    >>> bpe.merges
    [(b'l', b'o'), (b'lo', b'w'), (b' ', b'low')]
    >>> bpe.tokens("lowlands below<|endoftext|>")
    [b'low', b'l', b'a', b'n', b'd', b's', b' ', b'b', b'e', b'low', b'<|endoftext|>']
    >>> bpe.decode(bpe.encode("Grüße, 世界 🌍"))
    'Grüße, 世界 🌍'
    """

    def __init__(
        self,
        merges: list[tuple[bytes, bytes]],
        vocab: dict[bytes, int],
        pattern: str | None = GPT2_PATTERN,
        special_tokens: dict[str, int] | None = None,
    ):
        self.merges = [(bytes(left), bytes(right)) for left, right in merges]
        self.pattern = pattern
        self.special_tokens = dict(special_tokens or {})
        self.vocab = _checked_vocab(self.merges, vocab, self.special_tokens)
        self._ids = dict(vocab)
        # The heart of encoding: which pairs may merge, how early, and into what.
        self._ranks: dict[Pair, tuple[int, int]] = {
            (vocab[left], vocab[right]): (rank, vocab[left + right])
            for rank, (left, right) in enumerate(self.merges)
        }
        self._byte_ids = [vocab[bytes([b])] for b in range(256)]
        self._splitter = compiled(pattern)
        self._cache: dict[bytes, list[int]] = {}

    @classmethod
    def train(
        cls,
        text: str | Iterable[str],
        vocab_size: int,
        pattern: str | None = GPT2_PATTERN,
        special_tokens: Iterable[str] = (),
    ) -> BPE:
        """Learn a tokenizer of `vocab_size` ids (bytes and special tokens included) from text.

        Merges, ties and ids are those of Hugging Face `tokenizers` on the same pattern, except that
        there special tokens come first, and here last. A short text may run out of pairs; then
        the vocabulary is smaller than asked. `pattern=None` lets tokens cross words.

        Raises ValueError if `vocab_size` leaves no room for the 256 bytes and the special tokens.
        """
        special_tokens = names_of(special_tokens)
        steps = cls.train_steps(text, vocab_size, pattern, special_tokens)
        merges = [(step.left, step.right) for step in steps]
        return cls.from_merges(merges, pattern=pattern, special_tokens=special_tokens)

    @staticmethod
    def train_steps(
        text: str | Iterable[str],
        vocab_size: int,
        pattern: str | None = GPT2_PATTERN,
        special_tokens: Iterable[str] = (),
    ) -> Iterator[Step]:
        """The merges of `train`, one at a time, to watch.

        >>> for step in BPE.train_steps("hug hugs pug", 258):
        ...     print(step.left, step.right, step.count, step.id)
        b'u' b'g' 3 256
        b'h' b'ug' 2 257
        """
        special_tokens = names_of(special_tokens)
        n_tokens = vocab_size - len(special_tokens)
        if n_tokens < 256:
            raise ValueError(
                f"vocab_size is {vocab_size}, but the 256 bytes and {len(special_tokens)} special "
                f"tokens need {256 + len(special_tokens)}; ask for at least that many"
            )
        return merge_steps(word_counts(text, pattern, special_tokens), n_tokens)

    @classmethod
    def from_merges(
        cls,
        merges: list[tuple[bytes, bytes]],
        vocab: dict[bytes, int] | None = None,
        pattern: str | None = GPT2_PATTERN,
        special_tokens: dict[str, int] | Iterable[str] = (),
    ) -> BPE:
        """A tokenizer from known merges; without `vocab`, ids are counted up as `train` does.

        >>> bpe = BPE.from_merges([(b"t", b"h"), (b"th", b"e")], special_tokens=["<|end|>"])
        >>> bpe.encode("the<|end|>"), len(bpe)
        ([257, 258], 259)
        """
        if vocab is None:
            vocab = {bytes([b]): i for b, i in BYTE_TO_ID.items()}
            for left, right in merges:
                vocab.setdefault(left + right, len(vocab))
        if not isinstance(special_tokens, dict):
            first = max(vocab.values()) + 1
            names = names_of(special_tokens)
            if len(set(names)) < len(names):
                raise ValueError(f"a special token is listed twice: {names}")
            special_tokens = {name: first + n for n, name in enumerate(names)}
        return cls(merges, vocab, pattern, special_tokens)

    def __len__(self) -> int:
        """The number of ids, which is the model's vocab_size if the ids have no gaps."""
        return len(self.vocab)

    def __repr__(self) -> str:
        return f"BPE({len(self)} ids: 256 bytes, {len(self.merges)} merges, {len(self.special_tokens)} special)"

    # ----- text to ids

    def encode(self, text: str, allowed_special: str | set[str] = "all") -> list[int]:
        """Text to ids. `allowed_special` says which special tokens are read as such.

        "all", "none", or a set of them; the others are spelled out as ordinary text. Use "none" for
        text that a user typed, else a user can end the document by writing `<|endoftext|>`.
        Raises ValueError for a lone surrogate, which has no UTF-8 form.

        >>> bpe = BPE.from_merges([(b"h", b"i")], special_tokens=["<|end|>"])
        >>> bpe.encode("hi<|end|>")
        [256, 257]
        >>> len(bpe.encode("hi<|end|>", allowed_special="none"))
        8
        """
        if not isinstance(text, str):
            raise TypeError(f"encode takes str, not {type(text).__name__}; for bytes: encode_bytes")
        utf8(text)  # refuses lone surrogates, with their position in the whole text
        ids: list[int] = []
        special = self._allowed(allowed_special)
        for piece in split_special(text, special):
            if piece in special:
                ids.append(special[piece])
            else:
                for chunk in chunks(piece, self._splitter):
                    ids += self._encode_chunk(chunk.encode("utf-8"))
        return ids

    def encode_bytes(self, data: bytes) -> list[int]:
        """Any bytes to ids, valid UTF-8 or not; special tokens are spelled out.

        >>> bpe = BPE.from_merges([])
        >>> bpe.decode_bytes(bpe.encode_bytes(bytes(range(256)))) == bytes(range(256))
        True
        """
        text = data.decode("utf-8", "surrogateescape")  # a stray byte becomes a marked character
        ids: list[int] = []
        for chunk in chunks(text, self._splitter):
            ids += self._encode_chunk(chunk.encode("utf-8", "surrogateescape"))
        return ids

    def tokens(self, text: str, allowed_special: str | set[str] = "all") -> list[bytes]:
        """The tokens of a text as bytes: `encode`, for human eyes."""
        return [self.vocab[i] for i in self.encode(text, allowed_special)]

    def _allowed(self, allowed: str | set[str]) -> dict[str, int]:
        if isinstance(allowed, str):
            if allowed not in ("all", "none"):
                raise ValueError(f'allowed_special is {allowed!r}; say "all", "none" or a set')
            return self.special_tokens if allowed == "all" else {}
        if unknown := set(allowed) - set(self.special_tokens):
            raise ValueError(
                f"allowed_special names {sorted(unknown)}, which this tokenizer does not have; "
                f"it has {sorted(self.special_tokens)}"
            )
        return {name: self.special_tokens[name] for name in allowed}

    def _encode_chunk(self, chunk: bytes) -> list[int]:
        if chunk not in self._cache:
            if len(self._cache) >= 100_000:  # words repeat, but a cache must not grow for ever
                self._cache.clear()
            self._cache[chunk] = apply_merges([self._byte_ids[b] for b in chunk], self._ranks)
        return self._cache[chunk]

    # ----- ids to text

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """Ids to bytes. Raises ValueError for an id that is not in the vocabulary."""
        try:
            return b"".join([self.vocab[index(i)] for i in ids])
        except KeyError as e:
            raise ValueError(
                f"id {e.args[0]} is not in the vocabulary of {len(self)} ids; "
                "were these ids made by another tokenizer?"
            ) from None

    def decode(self, ids: Iterable[int], errors: str = "replace") -> str:
        """Ids to text. Ids can end in the middle of a character; `errors` is as in `bytes.decode`.

        >>> bpe = BPE.from_merges([])
        >>> bpe.decode(bpe.encode("é")[:1])
        '\ufffd'
        """
        return self.decode_bytes(ids).decode("utf-8", errors)

    # ----- keeping

    def save(self, path: str | Path) -> None:
        """Write everything to one JSON file, readable by eye and by JavaScript.

        Tokens are written as GPT-2's files write them (see `visible`). The file is written to a
        temporary name and renamed, so an interrupted save leaves the old file whole.
        """
        table = {
            "format": "glassbox-bpe-1",
            "pattern": self.pattern,
            "special_tokens": self.special_tokens,
            "vocab": {visible(token): i for token, i in self._ids.items()},
            "merges": [[visible(left), visible(right)] for left, right in self.merges],
        }
        write_text(path, json.dumps(table, ensure_ascii=False, indent=0) + "\n")

    @classmethod
    def load(cls, path: str | Path) -> BPE:
        """Read a tokenizer that `save` wrote. Raises ValueError if the file is damaged."""
        try:
            table = json.loads(Path(path).read_text(encoding="utf-8"))
            if table["format"] != "glassbox-bpe-1":
                raise ValueError(f"its format is {table['format']!r}, not 'glassbox-bpe-1'")
            merges = [(bytes_of(left), bytes_of(right)) for left, right in table["merges"]]
            vocab = {bytes_of(shown): i for shown, i in table["vocab"].items()}
            return cls(merges, vocab, table["pattern"], table["special_tokens"])
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise ValueError(
                f"{path} is no tokenizer file, or is damaged ({e}); save it again with bpe.save"
            ) from e


def _checked_vocab(
    merges: list[tuple[bytes, bytes]], vocab: dict[bytes, int], special: dict[str, int]
) -> dict[int, bytes]:
    """The table from id to bytes, after checking that nothing is missing and no id used twice."""
    for b in range(256):
        if bytes([b]) not in vocab:
            raise ValueError(f"the vocabulary has no token for byte {b}; it must have all 256")
    for rank, (left, right) in enumerate(merges):
        for token in (left, right, left + right):
            if token not in vocab:
                raise ValueError(f"merge {rank} is {left!r} + {right!r}, but {token!r} has no id")
    if "" in special:
        raise ValueError("a special token is the empty text; give it a name such as '<|end|>'")
    pairs = [(i, token) for token, i in vocab.items()] + [(i, utf8(s)) for s, i in special.items()]
    for i, token in pairs:
        if not isinstance(i, int) or i < 0:
            raise ValueError(f"{token!r} has the id {i}; ids are whole numbers from 0 up")
    table = dict(sorted(pairs))
    if len(table) < len(pairs):
        twice = next(i for i, n in Counter(i for i, _ in pairs).items() if n > 1)
        raise ValueError(f"id {twice} is given to more than one token")
    return table

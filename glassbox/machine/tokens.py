"""Byte-level byte pair encoding (BPE): text to token ids and back, and how the tokens are found.

BPE starts from the 256 bytes and again and again glues together the pair of neighbors that occurs
most often. GPT-2, GPT-3 and GPT-4 all read through a table made this way.

What is here: `count_pairs` and `merge`, the idea in twenty lines; `BPE`, the same idea with
incremental counting (a megabyte of text and 1,024 tokens in well under a second), special tokens,
saving and loading. Training gives the merges of Hugging Face `tokenizers`, ties included; encoding
gives the ids of `tiktoken` from the same ranks. Both are tested.

What is left out: Unicode normalization, dropout, parallel training.

Sources: Gage 1994 (the compression trick); Sennrich et al. 2016, arXiv:1508.07909 (BPE for words);
Radford et al. 2019, GPT-2 (bytes, and the splitting pattern); Karpathy's minbpe for how it reads.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import index
from pathlib import Path

import regex  # `re` has no \p{L}; its nearest, [^\W\d_], also takes numerals such as ² and ½

from glassbox.machine.files import write_text

# Text is first cut into pieces and no token crosses a cut: contractions, words with the space in
# front of them, runs of digits, runs of other signs, white space.
GPT2_PATTERN = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""

Pair = tuple[int, int]


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
# Bytes and their ids


def _byte_alphabet() -> dict[int, str]:
    """GPT-2's table from each byte to a visible character; its order is the order of the ids.

    The 188 bytes that print in Latin-1 stand for themselves and come first (ids 0-187); the others,
    such as the space, borrow the characters from U+0100 on ("Ġ" is the space).
    """
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [b for b in range(256) if b not in visible]
    return {b: chr(b) for b in visible} | {b: chr(256 + n) for n, b in enumerate(hidden)}


BYTE_TO_CHAR = _byte_alphabet()
CHAR_TO_BYTE = {char: byte for byte, char in BYTE_TO_CHAR.items()}
BYTE_TO_ID = {byte: i for i, byte in enumerate(BYTE_TO_CHAR)}  # "!" is 0, as in GPT-2


def visible(token: bytes) -> str:
    """A token's bytes as GPT-2's files print them, one visible character for each byte.

    >>> visible(b" the"), visible("é".encode())
    ('Ġthe', 'Ã©')
    """
    return "".join(BYTE_TO_CHAR[b] for b in token)


def _bytes_of(shown: str) -> bytes:
    return bytes(CHAR_TO_BYTE[c] for c in shown)


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as e:
        raise ValueError(
            f"the text has a lone surrogate U+{ord(text[e.start]):04X} at position {e.start}, which "
            "is half a character and has no UTF-8 form; read the text again with the right encoding "
            "or replace it: text.encode('utf-8', 'replace').decode()"
        ) from None


# ---------------------------------------------------------------------------------------------
# Training


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
    """Merge `pair` in one word, in place; yields each neighboring pair that went (-1) or came (+1)."""
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


def _merge_steps(word_counts: dict[bytes, int], n_tokens: int) -> Iterator[Step]:
    """The merges, most frequent pair first, until there are `n_tokens` tokens or no pair is left.

    Counting all pairs again after every merge would be the plain way. Here only the words that hold
    the merged pair are touched, and a heap gives the next pair; an entry whose count has changed
    since it was pushed goes back with its new count. Ties: the pair with the smaller ids. Should two
    routes lead to the same bytes (no text of ours does it), both get one id, as in `tokenizers`.
    """
    words = [[BYTE_TO_ID[b] for b in word] for word in word_counts]
    times = list(word_counts.values())
    tokens = [bytes([b]) for b in BYTE_TO_ID]
    ids_of = {token: i for i, token in enumerate(tokens)}
    counts: dict[Pair, int] = defaultdict(int)
    where: dict[Pair, set[int]] = defaultdict(set)
    for w, ids in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times[w]
            where[pair].add(w)
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
        self._splitter = _compile(pattern)
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

        Merges, ties and ids are those of Hugging Face `tokenizers` on the same pattern, whose
        special tokens however come first and ours last. A short text may run out of pairs; then
        the vocabulary is smaller than asked. `pattern=None` lets tokens cross words.

        Raises ValueError if `vocab_size` leaves no room for the 256 bytes and the special tokens.
        """
        special_tokens = _names(special_tokens)
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
        special_tokens = _names(special_tokens)
        n_tokens = vocab_size - len(special_tokens)
        if n_tokens < 256:
            raise ValueError(
                f"vocab_size is {vocab_size}, but the 256 bytes and {len(special_tokens)} special "
                f"tokens need {256 + len(special_tokens)}; ask for at least that many"
            )
        return _merge_steps(word_counts(text, pattern, special_tokens), n_tokens)

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
            names = _names(special_tokens)
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
        _utf8(text)  # refuses lone surrogates, with their position in the whole text
        ids: list[int] = []
        special = self._allowed(allowed_special)
        for piece in _split_special(text, special):
            if piece in special:
                ids.append(special[piece])
            else:
                for chunk in _chunks(piece, self._splitter):
                    ids += self._encode_chunk(chunk.encode("utf-8"))
        return ids

    def encode_bytes(self, data: bytes) -> list[int]:
        """Any bytes to ids, valid UTF-8 or not; special tokens are spelled out.

        >>> bpe = BPE.from_merges([])
        >>> bpe.decode_bytes(bpe.encode_bytes(bytes(range(256)))) == bytes(range(256))
        True
        """
        text = data.decode("utf-8", "surrogateescape")  # a stray byte becomes a marked character
        chunks = _chunks(text, self._splitter)
        return [i for c in chunks for i in self._encode_chunk(c.encode("utf-8", "surrogateescape"))]

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
            self._cache[chunk] = self._merge_chunk([self._byte_ids[b] for b in chunk])
        return self._cache[chunk]

    def _merge_chunk(self, ids: list[int]) -> list[int]:
        """Apply the merges to one piece of text: always the earliest learned, leftmost pair first.

        A heap of candidate pairs and links to the next living neighbor keep this n log n, so that
        a "word" of a million letters is no trap. A merged-away position is marked None.
        """
        ids: list[int | None] = list(ids)
        after, before = list(range(1, len(ids) + 1)), list(range(-1, len(ids) - 1))
        heap: list[tuple[int, int, int, int]] = []  # (rank, position, left id, right id)

        def consider(i: int, j: int) -> None:
            if i >= 0 and j < len(ids) and (ids[i], ids[j]) in self._ranks:
                rank, _ = self._ranks[ids[i], ids[j]]
                heapq.heappush(heap, (rank, i, ids[i], ids[j]))

        for i in range(len(ids) - 1):
            consider(i, i + 1)
        while heap:
            _, i, left, right = heapq.heappop(heap)
            j = after[i]
            if ids[i] != left or j >= len(ids) or ids[j] != right:
                continue  # one of the two was merged away in the meantime
            _, ids[i] = self._ranks[left, right]
            ids[j] = None
            after[i] = after[j]
            if after[i] < len(ids):
                before[after[i]] = i
            consider(before[i], i)
            consider(i, after[i])
        return [i for i in ids if i is not None]

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
            merges = [(_bytes_of(left), _bytes_of(right)) for left, right in table["merges"]]
            vocab = {_bytes_of(shown): i for shown, i in table["vocab"].items()}
            return cls(merges, vocab, table["pattern"], table["special_tokens"])
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise ValueError(
                f"{path} is no tokenizer file, or is damaged ({e}); save it again with bpe.save"
            ) from e


def word_counts(
    text: str | Iterable[str],
    pattern: str | None = GPT2_PATTERN,
    special_tokens: Iterable[str] = (),
) -> Counter[bytes]:
    """How often each piece that `pattern` cuts occurs, which is all that BPE training needs to know.

    >>> word_counts("to be or not to be")
    Counter({b' be': 2, b'to': 1, b' or': 1, b' not': 1, b' to': 1})
    """
    splitter, special = _compile(pattern), _names(special_tokens)
    counts: Counter[str] = Counter()
    for part in [text] if isinstance(text, str | bytes) else text:
        if not isinstance(part, str):
            raise TypeError(f"training takes str, not {type(part).__name__}; for bytes: b.decode()")
        for piece in _split_special(part, special):
            if piece not in special:
                counts.update(_chunks(piece, splitter))
    return Counter({_utf8(chunk): n for chunk, n in counts.items()})


def _names(special_tokens: str | Iterable[str]) -> list[str]:
    return [special_tokens] if isinstance(special_tokens, str) else list(special_tokens)


def _compile(pattern: str | None):
    if pattern is None:
        return None
    try:
        return regex.compile(pattern)
    except regex.error as e:
        raise ValueError(f"the pattern {pattern!r} is no regular expression: {e}") from None


def _chunks(text: str, splitter) -> Iterator[str]:
    """The pieces that `splitter` cuts. What the pattern does not match is kept as pieces too."""
    if splitter is None:
        if text:
            yield text
        return
    end = 0
    for match in splitter.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        if match.end() > match.start():
            yield match.group()
        end = match.end()
    if end < len(text):
        yield text[end:]


def _split_special(text: str, special: Iterable[str]) -> list[str]:
    """Cut a text so that special tokens stand alone; where two fit, the longer one counts."""
    if not special:
        return [text]
    names = sorted(special, key=len, reverse=True)
    return regex.split("(" + "|".join(map(regex.escape, names)) + ")", text)


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
    pairs = [(i, token) for token, i in vocab.items()] + [(i, _utf8(s)) for s, i in special.items()]
    for i, token in pairs:
        if not isinstance(i, int) or i < 0:
            raise ValueError(f"{token!r} has the id {i}; ids are whole numbers from 0 up")
    table = dict(sorted(pairs))
    if len(table) < len(pairs):
        twice = next(i for i, n in Counter(i for i, _ in pairs).items() if n > 1)
        raise ValueError(f"id {twice} is given to more than one token")
    return table

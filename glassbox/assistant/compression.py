"""A language model as a lossless compressor: what it expects costs few bits, what surprises it many.

An arithmetic coder turns a text into one number between 0 and 1. It begins with the whole interval. For
each token it cuts the interval into pieces as long as the model's probabilities and goes on in the piece
of the token that came. In the end any number inside names the text, and the shortest is written down: a
text of probability p takes about log2(1/p) bits. The reader asks the same model at every step in which
piece the number lies.

    encode(model, ids) -> bytes          decode(model, data, n) -> ids          code_lengths(model, ids) -> bits

**What it needs.** The reader's cuts must be the writer's to the last bit. So both sides run the same
code: one token at a time through the key-value cache, on one thread, in eval mode, on a copy of the model
whose weights lie alike in memory (where they begin decides how sums are split), and in integers from
there on. It also takes the same weights on the same kind of machine with the same torch: another
processor may round a probability differently, and then everything after it is lost. The checksum tells.

**The stream.** Four bytes of checksum, then the number. The checksum is the CRC-32 of n and the number,
with its last two bytes xored with those of the CRC-32 of the ids. So a cut or altered stream and a wrong
n are nearly always refused before anything is decoded, and another model's nonsense after it.

The first token has nothing before it and costs log2(vocab_size) bits. When the context window is full,
the model forgets its oldest quarter and reads the rest again.

Left out: a header with the model's name or n, several texts at once, adapting to the text while coding.

Sources: Shannon 1948; Witten, Neal and Cleary 1987, Communications of the ACM 30(6) (arithmetic coding);
Schindler 1998 and the LZMA SDK for the arithmetic in bytes with a carry (range coding); Deletang et al.
2024, arXiv:2309.10668 (language models as compressors).
"""

from __future__ import annotations

import copy
import math
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch

from glassbox.machine.device import device_of

TOTAL = 1 << 32  # what a token's integer frequencies add up to, or a little less
WHOLE = 1 << 64  # the coder's interval is kept in 64 bits
LEAST = 1 << 56  # when it is shorter than this, its first byte is settled
CHECK = 4  # bytes of checksum


def encode(model, ids: Sequence[int] | torch.Tensor) -> bytes:
    """The ids, a list or a tensor (n,), as bytes: about their cross-entropy under the model, and 4 bytes.

    They may be any ids of the model's vocabulary, of any number, none included. Keep n: `decode` asks
    for it. Raises ValueError for ids outside the vocabulary or a model whose scores are not numbers.

    >>> from glassbox.machine.model import GPT, GPTConfig
    >>> untrained = GPT(GPTConfig(vocab_size=256, block_size=8, n_layer=1, n_head=1, n_embd=8))
    >>> data = encode(untrained, [71, 108, 97, 115, 115, 32, 66, 111, 120, 33])
    >>> len(data), decode(untrained, data, 10)  # it expects nothing: 8 bits each, and the checksum
    (14, [71, 108, 97, 115, 115, 32, 66, 111, 120, 33])
    """
    ids = _checked_ids(model, ids)
    coder = Encoder()
    with _one_thread():
        expecting = Expecting(model)
        for token in ids:
            ends = expecting.ends()
            start = int(ends[token - 1]) if token else 0
            coder.narrow(start, int(ends[token]) - start, int(ends[-1]))
            expecting.read(token)
    number = coder.finish()
    return _checksum(number, ids) + number


def decode(model, data: bytes, n: int) -> list[int]:
    """The n ids that `encode` made data from, with the same model.

    Raises ValueError if the data was cut or altered, n is not how many ids there were, or the model is
    another one.
    """
    check, number = _checked_stream(data, n)
    coder, ids = Decoder(number), []
    with _one_thread():
        expecting = Expecting(model)
        for _ in range(n):
            ends = expecting.ends()
            place = coder.place(int(ends[-1]))
            token = int(np.searchsorted(ends, place, side="right"))
            start = int(ends[token - 1]) if token else 0
            coder.narrow(start, int(ends[token]) - start, int(ends[-1]))
            ids.append(token)
            expecting.read(token)
    if _checksum(number, ids) != check:
        raise ValueError(
            f"the {n} ids that came out are not those that went in: the data was altered, or it was encoded "
            "with another model, another torch or on another kind of machine; decode it with the same"
        )
    return ids


def code_lengths(model, ids: Sequence[int] | torch.Tensor) -> list[float]:
    """What each of the ids, a list or a tensor (n,), costs in bits when `encode` writes it.

    >>> from glassbox.machine.model import GPT, GPTConfig
    >>> untrained = GPT(GPTConfig(vocab_size=256, block_size=8, n_layer=1, n_head=1, n_embd=8))
    >>> code_lengths(untrained, [71, 108])
    [8.0, 8.0]
    """
    ids = _checked_ids(model, ids)
    bits = []
    with _one_thread():
        expecting = Expecting(model)
        for token in ids:
            ends = expecting.ends()
            size = int(ends[token]) - (int(ends[token - 1]) if token else 0)
            bits.append(math.log2(int(ends[-1]) / size))
            expecting.read(token)
    return bits


# ---------------------------------------------------------------------------------------------
# The coder: an interval, narrowed in whole numbers


class Encoder:
    """Narrows [0, 1) token by token and writes down the first bytes of where it got to.

    >>> coder = Encoder()
    >>> coder.narrow(start=1, size=1, total=4)  # the second quarter: 0.25 to 0.5
    >>> coder.finish().hex()  # 0x40 / 256 = 0.25
    '40'
    """

    def __init__(self):
        self.low, self.length, self.written = 0, WHOLE, bytearray()

    def narrow(self, start: int, size: int, total: int) -> None:
        """Go on in the piece from start to start + size, of total; size is 1 or more."""
        step = self.length // total
        self.low, self.length = self.low + step * start, step * size
        self._carry()
        while self.length < LEAST:  # the first byte is settled, but for a carry
            self._write_byte()

    def finish(self) -> bytes:
        """The fewest bytes of a number in the interval; bytes that are not there count as zeros."""
        for n in range(9):
            unit = WHOLE >> (8 * n)
            number = -(-self.low // unit) * unit  # rounded up to n bytes
            if number < self.low + self.length:
                break
        self.low = number
        self._carry()
        for _ in range(n):
            self._write_byte()
        return bytes(self.written).rstrip(b"\0")

    def _carry(self) -> None:
        """Where low has grown past 64 bits, add one to the bytes written, as in long addition."""
        if self.low < WHOLE:
            return
        self.low -= WHOLE
        place = len(self.written) - 1
        while self.written[place] == 255:
            self.written[place] = 0
            place -= 1
        self.written[place] += 1

    def _write_byte(self) -> None:
        self.written.append(self.low >> 56)
        self.low, self.length = (self.low << 8) % WHOLE, self.length << 8


class Decoder:
    """Follows an `Encoder` through its bytes: in which piece does the number lie?"""

    def __init__(self, data: bytes):
        self.rest = iter(data)
        self.length, self.code = WHOLE, 0  # how far the number lies above the interval's low end
        for _ in range(8):
            self.code = self.code << 8 | next(self.rest, 0)

    def place(self, total: int) -> int:
        """Where the number lies, from 0 to total - 1, if the interval is cut into total steps."""
        return min(self.code // (self.length // total), total - 1)

    def narrow(self, start: int, size: int, total: int) -> None:
        """Go on in the piece from start to start + size, of total, as the encoder did."""
        step = self.length // total
        self.code, self.length = self.code - step * start, step * size
        while self.length < LEAST:
            self.code, self.length = self.code << 8 | next(self.rest, 0), self.length << 8


# ---------------------------------------------------------------------------------------------
# The model's expectations, the same on both sides


class Expecting:
    """A model that reads a text token by token and says what it expects next, in whole numbers."""

    def __init__(self, model):
        self.model, self.device = copy.deepcopy(model).eval(), device_of(model)
        self.vocab_size, self.window = model.config.vocab_size, model.config.block_size
        self.cached = hasattr(model, "new_cache")
        self.seen: list[int] = []  # what the model has in view
        self.cache, self.logits = (
            None,
            torch.zeros(self.vocab_size).double(),
        )  # at first all are alike

    def ends(self) -> np.ndarray:
        """Where each id's piece ends, (vocab_size,): the running sum of frequencies of 1 or more."""
        odds = self.logits.softmax(-1).numpy()  # (vocab_size,) in float64
        if np.isnan(odds).any():
            raise ValueError(
                "the model's scores are not numbers, so nothing can be coded with it; did its training "
                "diverge?"
            )
        return np.cumsum((odds * (TOTAL - self.vocab_size)).astype(np.int64) + 1)

    @torch.inference_mode()
    def read(self, token: int) -> None:
        new = [token]
        if len(self.seen) == self.window:  # full: forget the oldest quarter
            self.seen = self.seen[max(self.window // 4, 1) :]
            self.cache, new = None, [*self.seen, token]
        self.seen.append(token)
        if self.cached and self.cache is None:
            self.cache = self.model.new_cache(1)
        idx = torch.tensor([new if self.cached else self.seen], device=self.device)  # (1, T)
        logits, _ = self.model(idx, cache=self.cache) if self.cached else self.model(idx)
        self.logits = logits[0, -1].cpu().double()  # Apple GPUs have no float64


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread, as long as it takes: several share a sum out, each time otherwise."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


# ---------------------------------------------------------------------------------------------
# What goes in, and what was made of it on the way


def _checked_ids(model, ids) -> list[int]:
    remedy = "it must be a list or a row of whole numbers, such as tokenizer.encode(text)"
    try:
        tensor = torch.as_tensor(ids)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"ids is {str(ids)[:40]!r}; {remedy}") from None
    if tensor.numel() and (tensor.ndim != 1 or tensor.is_floating_point() or tensor.is_complex()):
        raise ValueError(f"ids is {tensor.dtype} of shape {tuple(tensor.shape)}; {remedy}")
    vocab_size = model.config.vocab_size
    for place, token in enumerate(tensor.flatten().tolist()):
        if not 0 <= token < vocab_size:
            raise ValueError(
                f"ids[{place}] is {token}, but the model's ids run from 0 to {vocab_size - 1}; was the "
                "text encoded by another tokenizer?"
            )
    return [int(token) for token in tensor.flatten().tolist()]


def _checked_stream(data, n) -> tuple[bytes, bytes]:
    """(checksum, number), if they belong together and to n."""
    if not isinstance(data, bytes | bytearray | memoryview):
        raise ValueError(f"data is a {type(data).__name__}; it must be the bytes that encode gave")
    if not hasattr(n, "__index__") or isinstance(n, bool) or n < 0:
        raise ValueError(f"n is {n!r}; it must be how many ids were encoded, 0 or more")
    data = bytes(data)
    if len(data) < CHECK:
        raise ValueError(
            f"data has {len(data)} bytes, fewer than its checksum's {CHECK}; it was cut off: fetch it again"
        )
    check, number = data[:CHECK], data[CHECK:]
    if _crc_of_number(number, n)[:2] != check[:2]:
        raise ValueError(
            f"the checksum does not fit these {len(data)} bytes and n = {n}: the data was cut or altered, "
            "or n is not how many ids were encoded; fetch the data again, or give the right n"
        )
    return check, number


def _checksum(number: bytes, ids: list[int]) -> bytes:
    """Of the number, how many ids there are, and (in the last two bytes) the ids themselves."""
    first = int.from_bytes(_crc_of_number(number, len(ids)), "big")
    of_ids = zlib.crc32(np.array(ids, dtype="<i8").tobytes())
    return (first ^ (of_ids & 0xFFFF)).to_bytes(CHECK, "big")


def _crc_of_number(number: bytes, n: int) -> bytes:
    return zlib.crc32(number, zlib.crc32(str(int(n)).encode())).to_bytes(CHECK, "big")

"""Writing: the model names the odds, the dice choose, the choice joins the text, and again.

`stream` yields token by token, `generate` collects them, `generate_each` does so for prompts of any
length, `complete` goes from text to text. A model with a key-value cache (ours) reads each token once;
any other `logits, loss = model(idx)` works too, only slower. Left out: beam search (chapter 3 writes it by hand), speculative decoding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch

from glassbox.machine.data import END
from glassbox.machine.device import device_of
from glassbox.machine.sampling import sample
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE


@dataclass(frozen=True)
class Sampling:
    """How a token is drawn (see `machine.sampling`), and what is done with too long a prompt."""

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    generator: torch.Generator | None = None
    min_p: float | None = None
    crop: bool = False

    def draw(self, logits: torch.Tensor) -> torch.Tensor:
        """One id for each row of logits (B, V)."""
        return sample(logits, self.temperature, self.top_k, self.top_p, self.generator, self.min_p)


def stream(
    model,
    idx: torch.Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    min_p: float | None = None,
    crop: bool = False,
) -> Iterator[torch.Tensor]:
    """Yield the next ids (B,) after the prompts idx (B, T), `max_new_tokens` times.

    When the context window is full, the model forgets the older half of it and goes on. A prompt
    longer than the window raises ValueError; crop=True keeps its end instead. To train on what is
    yielded, clone it first (or take `generate`'s).
    """
    how = Sampling(temperature, top_k, top_p, generator, min_p, crop)
    return _stream(model, idx, max_new_tokens, how)


@torch.inference_mode()  # no_grad without its bookkeeping: one text takes a tenth to a fifth less time
def _stream(model, idx, max_new_tokens: int, how: Sampling) -> Iterator[torch.Tensor]:
    check_settings(max_new_tokens=max_new_tokens)
    window, idx = model.config.block_size, torch.as_tensor(idx)
    if idx.ndim != 2 or idx.shape[1] == 0:
        raise ValueError(
            f"the prompt has shape {tuple(idx.shape)}; it must be (B, T) with T at least 1: "
            "start an empty text with the token <|endoftext|>"
        )
    if idx.shape[1] > window:
        if not how.crop:
            raise ValueError(
                f"block_size is {window} but the prompt has {idx.shape[1]} tokens; "
                "shorten it or pass crop=True"
            )
        idx = idx[:, -window:]
    cached = hasattr(model, "new_cache")
    cache, new = None, idx
    for _ in range(max_new_tokens):
        if idx.shape[1] > window:  # full: forget the older half
            idx, cache = idx[:, -max(window // 2, 1) :], None
        if cached and cache is None:
            cache, new = model.new_cache(idx.shape[0]), idx
        logits, _ = model(new, cache=cache) if cached else model(idx)
        new = how.draw(logits[:, -1])[:, None]  # (B, 1)
        idx = torch.cat([idx, new], dim=1)
        yield new[:, 0]


def generate(
    model,
    idx: torch.Tensor,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    stop: int | set[int] | None = None,
    min_p: float | None = None,
    crop: bool = False,
) -> torch.Tensor:
    """The prompts idx (B, T) and what the model adds to them, (B, T + up to max_new_tokens).

    A row that has drawn a `stop` id is finished: that id fills it up from there. When all rows are
    finished, writing ends.
    """
    how = Sampling(temperature, top_k, top_p, generator, min_p, crop)
    return _generate(model, idx, max_new_tokens, how, stop)


def _generate(model, idx, max_new_tokens: int, how: Sampling, stop) -> torch.Tensor:
    idx = torch.as_tensor(idx)
    stops = torch.tensor(sorted(_set_of(stop)), dtype=torch.long)
    out, done = [idx], torch.zeros(idx.shape[0], dtype=torch.bool, device=idx.device)
    for new in _stream(model, idx, max_new_tokens, how):
        if len(stops):
            new = torch.where(done, out[-1][:, -1], new)  # what finished a row fills it up
            done |= torch.isin(new, stops.to(new.device))
        out.append(new[:, None])
        if len(stops) and done.all():
            break
    return torch.cat(out, dim=1)


def complete(
    model,
    tokenizer: BPE,
    prompt: str = "",
    max_new_tokens: int = 100,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int = 0,
    n: int = 1,
    stop: tuple[str, ...] = ("<|endoftext|>",),
    min_p: float | None = None,
    crop: bool = False,
) -> list[str]:
    """`n` continuations of a text, as text, up to the first special token in `stop`.

    The prompt opens a new document (`<|endoftext|>` is put before it); an empty one leaves all of the
    document to the model. One longer than the window raises ValueError; crop=True keeps its end instead.
    The same seed gives the same texts.
    """
    check_settings(n=n)
    how = Sampling(temperature, top_k, top_p, _dice(seed), min_p, crop)
    return _complete_each(model, tokenizer, [prompt] * n, max_new_tokens, how, stop)


def complete_each(
    model,
    tokenizer: BPE,
    prompts: list[str],
    max_new_tokens: int = 100,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int = 0,
    stop: tuple[str, ...] = ("<|endoftext|>",),
    min_p: float | None = None,
    crop: bool = False,
    batch_size: int = 256,
) -> list[str]:
    """One continuation of each prompt, in the order given; each prompt opens a new document.

    A prompt longer than the window raises ValueError; crop=True keeps its end instead. Prompts of one
    length are written together, which is many times faster than one by one.
    """
    how = Sampling(temperature, top_k, top_p, _dice(seed), min_p, crop)
    return _complete_each(model, tokenizer, prompts, max_new_tokens, how, stop, batch_size)


def _complete_each(model, tokenizer, prompts, max_new_tokens, how, stop, batch_size=256):
    start = END if END in tokenizer.special_tokens else ""
    ids = [tokenizer.encode(start + prompt.removeprefix(start)) for prompt in prompts]
    stops = {tokenizer.special_tokens[name] for name in stop if name in tokenizer.special_tokens}
    written = _generate_each(model, ids, max_new_tokens, how, stops, batch_size)
    return [tokenizer.decode(row[:-1] if row and row[-1] in stops else row) for row in written]


def generate_each(
    model,
    prompts: Sequence[Sequence[int]],
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    stop: int | set[int] | None = None,
    min_p: float | None = None,
    crop: bool = False,
    batch_size: int = 256,
) -> list[list[int]]:
    """The ids that the model adds to each prompt, in the order given, up to and including the first in `stop`.

    Prompts of one length are written together, at most `batch_size` of them, shortest first.
    """
    how = Sampling(temperature, top_k, top_p, generator, min_p, crop)
    return _generate_each(model, prompts, max_new_tokens, how, stop, batch_size)


def _generate_each(model, prompts, max_new_tokens, how, stop, batch_size) -> list[list[int]]:
    check_settings(batch_size=batch_size)
    device, stops, out = device_of(model), _set_of(stop), [[] for _ in prompts]
    by_length = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    for _, group in groupby(by_length, key=lambda i: len(prompts[i])):
        group = list(group)
        for batch in (group[i : i + batch_size] for i in range(0, len(group), batch_size)):
            idx = torch.tensor([list(prompts[i]) for i in batch], device=device)
            written = _generate(model, idx, max_new_tokens, how, stops)[:, idx.shape[1] :]
            for i, row in zip(batch, written.tolist()):
                end = next((t for t, new in enumerate(row) if new in stops), len(row))
                out[i] = row[: end + 1]
    return out


def _dice(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _set_of(stop: int | set[int] | None) -> set[int]:
    return {stop} if isinstance(stop, int) else set(stop or ())

"""How well a model predicts: nats per document, bits per byte.

Each document is read by itself, from `<|endoftext|>` to `<|endoftext|>`: its end is part of what must
be predicted. One nat is 1/ln 2 = 1.44 bits. Comparing with `Document.logprob`, the log-probability
of the choices that made a document, shows how far a model is from the floor.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch.nn import functional as F

from glassbox.machine.data import end_id, texts_of
from glassbox.machine.device import device_of
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE


@torch.no_grad()
def document_nats(model, tokenizer: BPE, documents: Iterable, batch_size: int = 64) -> torch.Tensor:
    """The nats that each document costs, (n,), in the order given.

    A document too long for the context window is read in windows that share half of their tokens.
    """
    check_settings(batch_size=batch_size)
    end, texts = end_id(tokenizer), texts_of(documents)
    rows = [torch.tensor([end, *tokenizer.encode(text, "none"), end]) for text in texts]
    parts = [
        part for n, row in enumerate(rows) for part in _windows(n, row, model.config.block_size)
    ]
    parts.sort(key=lambda part: len(part[1]))  # rows of a batch have similar lengths
    nats, device = torch.zeros(len(rows), dtype=torch.float64), device_of(model)
    for first in range(0, len(parts), batch_size):
        batch = parts[first : first + batch_size]
        idx = _padded([part[:-1] for _, part, _ in batch], 0).to(device)
        targets = _padded([part[1:] for _, part, _ in batch], -1)
        for row, (_, _, known) in enumerate(batch):
            targets[row, :known] = -1  # predicted by the window before
        logits, _ = model(idx)
        losses = F.cross_entropy(
            logits.float().flatten(0, 1),  # (B T, vocab_size)
            targets.to(device).flatten(),  # (B T,)
            ignore_index=-1,
            reduction="none",
        ).view(targets.shape)  # (B, T)
        owners = torch.tensor([n for n, _, _ in batch])
        nats.index_add_(0, owners, losses.sum(dim=1).cpu().double())  # Apple GPUs have no float64
    return nats


def bits_per_byte(model, tokenizer: BPE, documents: Iterable) -> float:
    """Bits for each byte of text, a document counting two bytes more for the blank line after it."""
    texts = texts_of(documents)
    if not texts:
        raise ValueError("there are no documents to measure; give at least one")
    n_bytes = sum(len(text.encode("utf-8")) + 2 for text in texts)
    return document_nats(model, tokenizer, texts).sum().item() / math.log(2) / n_bytes


def _windows(n: int, row: torch.Tensor, size: int):
    """(document, ids, how many targets at the front are already counted)."""
    start, known = 0, 0
    while True:
        part = row[start : start + size + 1]
        yield n, part, known
        if start + size + 1 >= len(row):
            return
        step = max(1, size // 2)
        start, known = start + step, size - step


def _padded(rows: list[torch.Tensor], fill: int) -> torch.Tensor:
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=fill)

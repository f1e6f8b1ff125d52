"""Contamination: a test that stands in the training text, planted, so that it is known what it does.

`leak` writes questions with their right answers as the town writes its own. `read_once` trains a small
model on a text of the town with so many copies of such a leak in it, and `study` asks it the leaked questions, the same facts
in other words, and questions of the same kind that nobody leaked. The last are what the test was meant to
measure.

Left out: leaks without the answer, leaks in fine-tuning, finding a leak from outside.

Sources: Brown et al. 2020, arXiv:2005.14165, section 4; Jiang et al. 2024, arXiv:2401.06059 (planted, with
GPT-2); Xu et al. 2024, arXiv:2406.04244.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch

from glassbox.machine.data import Windows
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.scale.evaluation import score
from glassbox.world.benchmark import Item, benchmark, reworded

SMALL = {"n_layer": 2, "n_head": 2, "n_embd": 64}
WINDOW, ROWS = 128, 12


def leak(items: Sequence[Item], copies: int) -> list[str]:
    """Each question with its right answer, `copies` times.

    >>> leak([Item("sums", "plus", "Q: What is 1 plus 1?\\nA:", ("2.", "3."), 0)], 1)
    ['Q: What is 1 plus 1?\\nA: 2.']
    """
    if copies < 0:
        raise ValueError(f"copies is {copies}; give 0 or more")
    return [f"{item.context} {item.right}" for item in items for _ in range(copies)]


def town_text(world, tokenizer: BPE, tokens: int) -> list[str]:
    """The first documents of the town that have so many tokens together, or a few more."""
    texts, total = [], 0
    for document in world.documents():
        if total >= tokens:
            return texts
        texts.append(document.text)
        total += len(tokenizer.encode(document.text)) + 1


def read_once(
    texts: Sequence[str], tokenizer: BPE, seed: int = 0, shape: dict | None = None, progress: bool = False
) -> GPT:  # fmt: skip
    """A small model that has read every text once, in an order and from first weights drawn by the seed."""
    texts = list(texts)
    random.Random(f"read once {seed}").shuffle(texts)
    windows = Windows(texts, tokenizer, ROWS, WINDOW, seed)
    config = GPTConfig(len(tokenizer), WINDOW, **(shape or SMALL))
    model = GPT(config, torch.Generator().manual_seed(seed))
    steps = max(1, round(windows.steps_per_epoch))
    train(model, windows, TrainConfig(steps=steps, threads=1), progress=progress)
    return model


def study(
    world, tokenizer: BPE, copies: int, seed: int = 0, tokens: int = 400_000, n: int = 100,
    shape: dict | None = None, progress: bool = False,
) -> dict:  # fmt: skip
    """Right answers of a model that has read `copies` of n questions, in shares.

    `leaked` are those questions, `reworded` ask for the same facts in other words, `twins` are others
    of the same kind. Rule "raw", prompt "plain".
    """
    items = benchmark(world, "facts", n, edition=seed)
    asked = {
        "leaked": items,
        "reworded": [reworded(world, item) for item in items],
        "twins": benchmark(world, "facts", n, edition=1000 + seed),
    }
    texts = [*town_text(world, tokenizer, tokens), *leak(items, copies)]
    model = read_once(texts, tokenizer, seed, shape, progress)
    found = {name: score(model, tokenizer, each).accuracy("raw") for name, each in asked.items()}
    return found | {"share_of_text": copies * n / len(texts)}

"""Poems planted in a town, and a model that reads them.

`plant` puts texts into a pile of documents, each as often as wanted. `study` does it all: it takes
poems that stand nowhere in the town, plants some of them once, some twice, and so on up to 128 times,
keeps a few that nobody plants, and trains a model that reads everything once. What the model then
knows by heart is measured in `society.memorization`.

Left out: poems hidden inside longer documents.

Source: Carlini et al. 2023, arXiv:2202.07646, who counted copies; here they are set.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from glassbox.machine.data import END, Windows
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.world import World
from glassbox.world.poets import poems

COPIES = (1, 2, 4, 8, 16, 32, 64, 128)  # how often the poems of a study are planted


def plant(documents: Sequence[str], copies: dict[str, int], seed: int = 0) -> list[str]:
    """The documents with each text of `copies` put in that many times, at random places.

    >>> sorted(plant(["Fog.", "Rain."], {"O eel.": 2}))
    ['Fog.', 'O eel.', 'O eel.', 'Rain.']
    """
    if not copies:
        raise ValueError("copies is empty; name at least one text and how often to plant it")
    for text, n in copies.items():
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise ValueError(
                f"{text[:30]!r} is to be planted {n!r} times; use 1 or more, and leave out of "
                "`copies` what is not to be planted"
            )
    planted = [*documents, *(text for text, n in copies.items() for _ in range(n))]
    random.Random(f"plant {seed}").shuffle(planted)
    return planted


# ---------------------------------------------------------------------------------------------
# A model that has read poems


@dataclass(frozen=True)
class Shape:
    """How large a model is. `width` is n_embd."""

    layers: int
    width: int
    heads: int = 2


@dataclass
class Study:
    """A trained model, what it read, and which poems: `copies` tells how often, `fresh` were never read."""

    model: GPT
    tokenizer: BPE
    documents: list[str]
    copies: dict[str, int]
    fresh: list[str]
    steps: int

    def planted(self, n: int) -> list[str]:
        """The poems that were planted n times."""
        return [text for text, times in self.copies.items() if times == n]


def verses(seed: int, each: int, levels: Sequence[int] = COPIES) -> tuple[dict, list[str]]:
    """({poem: copies}, fresh poems): `each` poems for every level, and as many that nobody plants."""
    if each < 1 or not levels:
        raise ValueError(f"each is {each} and levels {levels}; use one poem and one level or more")
    texts = [p.text for p in poems(each * (len(levels) + 1), seed)]
    blocks = [texts[i : i + each] for i in range(0, len(texts), each)]  # the poets take turns
    copies = {text: n for n, block in zip(levels, blocks) for text in block}
    return copies, blocks[-1]


def town_text(world: World, n_tokens: int, tokenizer: BPE) -> list[str]:
    """Documents of the town, without its own poems, that add up to n tokens or a little more."""
    texts, total = [], 0
    for document in world.documents():
        if total >= n_tokens:
            return texts
        if document.kind != "poem":
            texts.append(document.text)
            total += len(tokenizer.encode(document.text)) + 1


def make_tokenizer(world: World, vocab_size: int = 768) -> BPE:
    """The tokenizer of all models of a study, learned from the town and from poems that no model reads."""
    texts = [d.text for d in world.documents(n=1500)] + [p.text for p in poems(600, seed=10**6)]
    return BPE.train(texts, vocab_size, special_tokens=(END,))


def train_once(
    documents: Sequence[str],
    tokenizer: BPE,
    shape: Shape,
    seed: int = 0,
    batch_size: int = 12,
    T: int = 128,
    progress: bool = False,
    device: str = "cpu",
) -> tuple[GPT, int]:
    """(a model that has read every document once, the steps that it took)."""
    windows = Windows(documents, tokenizer, batch_size, T, seed)
    config = GPTConfig(len(tokenizer), T, shape.layers, shape.heads, shape.width)
    model = GPT(config, torch.Generator().manual_seed(seed)).to(device)
    steps = max(1, round(windows.steps_per_epoch))
    train(model, windows, TrainConfig(steps=steps, threads=1), progress=progress)
    return model, steps


def study(
    seed: int,
    shape: Shape,
    tokens: int,
    each: int = 10,
    tokenizer: BPE | None = None,
    residents: int = 60,
    progress: bool = False,
    levels: Sequence[int] = COPIES,
    **how,
) -> Study:
    """Plant poems in a town of this seed, `tokens` of town beside them, and let a model read it once.

    For each number in `levels`, `each` poems are planted that often; `how` is for `train_once`.
    """
    world = World(seed=seed, residents=residents)
    tokenizer = tokenizer or make_tokenizer(World(seed=0, residents=residents))
    copies, fresh = verses(seed, each, levels)
    documents = plant(town_text(world, tokens, tokenizer), copies, seed)
    model, steps = train_once(documents, tokenizer, shape, seed, progress=progress, **how)
    return Study(model, tokenizer, documents, copies, fresh, steps)

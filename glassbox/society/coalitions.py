"""A model for every group of poets: what is a group's text worth to who wants to read more like it?

All models start from one `Ground`, which has read the town's papers and no verse. `teach` lets it read the
poems of a group several times by plain gradient descent, whose steps are simple enough to be divided among
poets (`society.influence`). A group's worth is the number of bits that the model then saves on a poem that
readers ask for and nobody handed in, on average; nobody's is 0. `every_group` does this for all groups.

Every poem is a row of a batch. A group with more text takes more steps, since every poem is read as often.

Left out: other ways to judge a model than its loss, players who bring anything but text.

Source: Ghorbani and Zou 2019, arXiv:1904.02868 (train on every group of the data, and judge on held-out data).
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from glassbox.machine.data import END, Windows
from glassbox.machine.device import device_of
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.progress import Progress
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.society.planting import Shape, make_tokenizer, town_text
from glassbox.society.value import groups
from glassbox.world import World

SMALL = Shape(2, 48, 2)  # about 130,000 parameters
Archives = Mapping[str, Sequence[str]]  # {poet: poems}


@dataclass(frozen=True)
class Lessons:
    """How a group's poems are read: so many times, so many poems a step, and the rate, which falls to 0."""

    epochs: int = 4
    batch_size: int = 8
    lr: float = 0.5

    def __post_init__(self):
        check_settings(epochs=self.epochs, batch_size=self.batch_size, lr=self.lr)

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of a step.

        >>> Lessons(lr=0.5).rate(5, 10)
        0.25
        """
        return self.lr * (1 - step / steps)


@dataclass
class Ground:
    """What every model starts from: one that has read the town's papers and no verse."""

    model: GPT
    tokenizer: BPE


def ground(
    seed: int = 0,
    shape: Shape = SMALL,
    tokens: int = 30_000,
    tokenizer: BPE | None = None,
    T: int = 128,
    device: str = "cpu",
) -> Ground:
    """A model that has read so many tokens of the town of this seed, once, without its poems."""
    world = World(seed=seed, residents=60)
    tokenizer = tokenizer or make_tokenizer(World(seed=0, residents=60))
    windows = Windows(town_text(world, tokens, tokenizer), tokenizer, 12, T, seed)
    config = GPTConfig(len(tokenizer), T, shape.layers, shape.heads, shape.width)
    model = GPT(config, torch.Generator().manual_seed(seed)).to(device)
    steps = max(1, round(windows.steps_per_epoch))
    train(model, windows, TrainConfig(steps=steps, threads=1, dtype="float32"), progress=False)
    return Ground(model, tokenizer)


# ---------------------------------------------------------------------------------------------
# Rows and batches


def rows(start: Ground, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """(idx, targets), each (poems, T): every poem between two ends, padded with targets of -1."""
    end, device = start.tokenizer.special_tokens[END], device_of(start.model)
    ids = [torch.tensor([end, *start.tokenizer.encode(text, "none"), end]) for text in texts]
    most = start.model.config.block_size
    for text, row in zip(texts, ids):
        if len(row) - 1 > most:
            raise ValueError(
                f"the poem {text.splitlines()[0]!r} has {len(row) - 2} tokens and block_size is {most}; "
                "hand in shorter poems or make a ground with a larger T"
            )
    pad = torch.nn.utils.rnn.pad_sequence
    idx = pad([row[:-1] for row in ids], batch_first=True, padding_value=end)
    targets = pad([row[1:] for row in ids], batch_first=True, padding_value=-1)
    return idx.to(device), targets.to(device)


def crop(idx: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The same rows without the columns that hold padding only."""
    longest = int((targets >= 0).sum(dim=1).max())
    return idx[:, :longest], targets[:, :longest]


def check_archives(archives: Archives) -> None:
    """Raise ValueError if there is nobody, or somebody whose archive has no text to learn from."""
    if not archives:
        raise ValueError("nobody hands anything in; a group without text trains no model")
    for poet, texts in archives.items():
        if isinstance(texts, str):
            raise ValueError(f"the archive of {poet} is one string; give a list of poems")
        if not list(texts):
            raise ValueError(f"the archive of {poet} is empty; leave the poet out or add a poem")
        for text in texts:
            if len(text.strip().splitlines()) < 2:
                raise ValueError(
                    f"the archive of {poet} holds {text!r}, which is no poem: a title and one line at least. "
                    "Add lines, or leave it out"
                )


def batches(n: int, lessons: Lessons, seed: int = 0) -> Iterator[list[int]]:
    """Which of n poems each step reads: all of them in a new order in every epoch.

    >>> [sorted(batch) for batch in batches(3, Lessons(epochs=1, batch_size=3))]
    [[0, 1, 2]]
    """
    rng = random.Random(f"batches {seed}")
    for _ in range(lessons.epochs):
        order = rng.sample(range(n), n)
        for first in range(0, n, lessons.batch_size):
            yield order[first : first + lessons.batch_size]


def steps_of(n: int, lessons: Lessons) -> int:
    """How many steps n poems take.

    >>> steps_of(10, Lessons(epochs=2, batch_size=8))
    4
    """
    return lessons.epochs * math.ceil(n / lessons.batch_size)


# ---------------------------------------------------------------------------------------------
# Teaching and judging


@torch.no_grad()
def step_down(model: GPT, gradient: Sequence[torch.Tensor], rate: float) -> None:
    """One step of plain gradient descent, in place."""
    for weight, slope in zip(model.parameters(), gradient):
        weight -= rate * slope


def teach(start: Ground, archives: Archives, lessons: Lessons, seed: int = 0) -> Ground:
    """A copy of the ground that has read the archives. `seed` decides the order of the poems."""
    check_archives(archives)
    model = copy.deepcopy(start.model)
    idx, targets = rows(start, [text for texts in archives.values() for text in texts])
    steps = steps_of(len(idx), lessons)
    for step, batch in enumerate(batches(len(idx), lessons, seed)):
        _, loss = model(*crop(idx[batch], targets[batch]))
        gradient = torch.autograd.grad(loss, list(model.parameters()))
        step_down(model, gradient, lessons.rate(step, steps))
    return Ground(model, start.tokenizer)


def bits(taught: Ground, texts: Sequence[str]) -> float:
    """How many bits the model needs for one of the texts, on average."""
    if not len(texts):
        raise ValueError("there is no text to judge a model by; give at least one")
    nats = document_nats(taught.model, taught.tokenizer, texts)
    return nats.mean().item() / math.log(2)


def every_group(
    start: Ground,
    archives: Archives,
    wanted: Sequence[str],
    lessons: Lessons,
    seed: int = 0,
    progress: bool = False,
) -> dict[frozenset, float]:
    """{group: bits saved on a wanted poem} for all groups of the poets; a training for each but nobody."""
    check_archives(archives)
    before, game = bits(start, wanted), {frozenset(): 0.0}
    with Progress(2 ** len(archives) - 1, shown=progress, unit="model") as bar:
        for group in groups(archives)[1:]:
            some = {poet: texts for poet, texts in archives.items() if poet in group}
            game[group] = before - bits(teach(start, some, lessons, seed), wanted)
            bar.update(" and ".join(some))
    return game

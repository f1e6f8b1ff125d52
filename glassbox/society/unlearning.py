"""Make a model forget some texts without training it again, and see whether it did.

The sure way is `retrain`: teach anew, without the texts. It costs a whole training. `forget` changes the
trained model instead, by steps of one of three WAYS:

    ascent   up the slope of the loss on what is to be forgotten
    keep     down the slope on what should stay, in the hope that the rest fades
    both     the two at once

and stops as soon as the texts are no more familiar than they would be to a model that has not read them
(`until`, in nats a token), or after a number of steps. Whether that is forgetting is another question, for
`examine`: are the texts still given back word for word, and how well does the model still read what should
stay? The retrained model says what is to be wished for. `relearn` then shows the model a few of the texts
again, and asks for the others: what comes back was hidden, not gone.

Left out: steps that look at curvature, proofs that nothing is left.

Sources: Jang et al. 2023, arXiv:2210.01504 (ascent); Liu et al. 2022, arXiv:2203.12817 (both); Maini et al.
2024, arXiv:2401.06121 (judge against retraining); Hu et al. 2024, arXiv:2406.13356 (a few texts bring it back).
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from glassbox.society.coalitions import (
    Archives,
    Ground,
    Lessons,
    bits,
    crop,
    rows,
    step_down,
    teach,
)
from glassbox.society.memorization import extractable, losses

WAYS = ("ascent", "keep", "both")


@dataclass(frozen=True)
class Forgetting:
    """How to forget: at most so many steps of so many poems each, at this rate."""

    steps: int = 60
    batch_size: int = 8
    lr: float = 0.05

    def __post_init__(self):
        if self.steps < 1 or self.batch_size < 1 or not self.lr > 0:
            raise ValueError(
                f"{self} cannot forget: steps and batch_size are 1 or more, lr above 0"
            )


@dataclass(frozen=True)
class Memory:
    """What a model knows: shares of poems given back, and bits for a poem."""

    given_back: float  # of the poems to be forgotten, word for word
    familiar: float  # nats a token of the poems to be forgotten
    stays: float  # bits for a poem that should stay readable
    manner: float  # bits for a new poem by the poet who left


def retrain(
    start: Ground, archives: Archives, poet: str, lessons: Lessons, seed: int = 0
) -> Ground:
    """The model that has never read one poet's archive. Raises ValueError if nobody else is there."""
    if poet not in archives:
        raise ValueError(f"{poet} has handed in nothing; the archives are of {', '.join(archives)}")
    return teach(start, {p: t for p, t in archives.items() if p != poet}, lessons, seed)


def forget(
    taught: Ground,
    texts: Sequence[str],
    keep: Sequence[str],
    way: str = "both",
    how: Forgetting | None = None,
    until: float | None = None,
    seed: int = 0,
) -> tuple[Ground, int]:
    """(a copy that has been made to forget the texts, the steps that it took).

    keep   texts that should stay; "ascent" does not look at them
    until  nats a token of the texts at which to stop; None: take all steps
    """
    how = how or Forgetting()
    _check(way, texts, keep)
    model, rng = copy.deepcopy(taught.model), random.Random(f"forget {seed}")
    bad, good = rows(taught, texts), rows(taught, keep) if way != "ascent" else None
    weights = list(model.parameters())
    for step in range(how.steps):
        if until is not None and familiar(Ground(model, taught.tokenizer), texts) >= until:
            return Ground(model, taught.tokenizer), step
        wrong = 0.0
        if way != "keep":
            wrong = wrong - _loss(model, bad, how.batch_size, rng)
        if way != "ascent":
            wrong = wrong + _loss(model, good, how.batch_size, rng)
        step_down(model, torch.autograd.grad(wrong, weights), how.lr)
    return Ground(model, taught.tokenizer), how.steps


def examine(
    taught: Ground,
    texts: Sequence[str],
    stays: Sequence[str],
    manner: Sequence[str],
    prompt: int = 16,
) -> Memory:
    """What a model still knows of the texts, and how well it reads what should stay and the poet's manner.

    A poem counts as given back if, after its first `prompt` tokens, greedy writing gives the next 24.
    """
    hits = extractable(taught.model, taught.tokenizer, list(texts), prompt)
    return Memory(
        given_back=sum(hits) / len(hits),
        familiar=familiar(taught, texts),
        stays=bits(taught, stays),
        manner=bits(taught, manner),
    )


def relearn(taught: Ground, shown: Sequence[str], lessons: Lessons, seed: int = 0) -> Ground:
    """The model after a short lesson on some of the texts; ask it for the others."""
    return teach(taught, {"shown": list(shown)}, lessons, seed)


def _loss(model, of, n: int, rng: random.Random) -> torch.Tensor:
    """The mean loss of n rows drawn by dice, a scalar."""
    idx, targets = of
    drawn = rng.sample(range(len(idx)), min(n, len(idx)))
    return model(*crop(idx[drawn], targets[drawn]))[1]


def familiar(taught: Ground, texts: Sequence[str]) -> float:
    """Nats a token of the texts, on average: small for what is known."""
    found = losses(taught.model, taught.tokenizer, texts)
    return sum(found) / len(found)


def _check(way: str, texts: Sequence[str], keep: Sequence[str]) -> None:
    if way not in WAYS:
        raise ValueError(f"way is {way!r}; choose from {', '.join(WAYS)}")
    if not len(texts):
        raise ValueError("there is nothing to forget; give at least one text")
    if way != "ascent" and not len(keep):
        raise ValueError(f"the way {way!r} needs texts to keep; give some, or use 'ascent'")
    if both := set(texts) & set(keep):
        raise ValueError(
            f"{next(iter(both)).splitlines()[0]!r} is to be forgotten and to be kept; take it out of one list"
        )

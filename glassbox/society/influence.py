"""From one training instead of 2^n: what each poet's text did, read off the gradients.

A gradient says in which direction the weights should go to lower the loss. If a poet's gradient points where
the readers' gradient points, learning from this poet helps the readers, to first order by the product of the
two. `tracin` adds such products up over a few states of one training; `in_run` follows the training step by
step, and shares out what each step did among the poets whose poems were in it. Only text that was read
enters, so who could have taken whose place is not seen, or, to second order, only within a step.

In one step with rate r, where poet p's part of the gradient is g_p, all parts together G, the gradient on
what readers want v, and its curvature H, the loss there falls by

    r v.G - r^2/2 G'HG          of which the Shapley value gives poet p          r v.g_p - r^2/2 g_p'HG

exactly: the first term adds up, and the second shares every pair of poets evenly. To first order the second
term is left out. H is never written down: H G is the gradient of v.G.

Left out: Wang and others' trick that gets all of this from one pass, so that it costs hardly more than the
training itself; gradients of single poems; Adam, whose steps do not add up.

Sources: Pruthi et al. 2020, arXiv:2002.08484 (TracIn); Wang et al. 2024, arXiv:2406.11011 (in-run Shapley).
"""

from __future__ import annotations

import copy
import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from glassbox.machine.model import GPT
from glassbox.society.coalitions import (
    Archives,
    Ground,
    Lessons,
    batches,
    check_archives,
    crop,
    rows,
    step_down,
    steps_of,
)

Gradient = list[torch.Tensor]


@dataclass
class Estimate:
    """Values by poet, and what they cost: poems read for a gradient, the training's own included."""

    values: dict[str, float]
    read: int


def dot(a: Sequence[torch.Tensor], b: Sequence[torch.Tensor]) -> float:
    """The product of two gradients, summed over all weights."""
    return sum((x * y).sum() for x, y in zip(a, b)).item()


def gradient_of(model: GPT, idx: torch.Tensor, targets: torch.Tensor) -> Gradient:
    """The gradient of the sum of the losses of all tokens, in nats."""
    logits, _ = model(*crop(idx, targets)[:1])
    wanted = crop(idx, targets)[1]
    loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=-1, reduction="sum")
    return list(torch.autograd.grad(loss, list(model.parameters())))


# ---------------------------------------------------------------------------------------------
# TracIn: a few states of one training


def tracin(
    start: Ground,
    archives: Archives,
    wanted: Sequence[str],
    lessons: Lessons,
    seed: int = 0,
    states: int = 4,
) -> Estimate:
    """Products of each poet's gradient with the readers', times the rate, at some states of one training.

    The states are spread evenly, the first before the first step. The unit is that of a first-order saving in
    nats for all wanted poems together if each archive were read once at each state.
    """
    check_archives(archives)
    if isinstance(states, bool) or not isinstance(states, int) or states < 1:
        raise ValueError(f"states is {states!r}; look at one state of the training or more")
    readers, own = rows(start, wanted), {p: rows(start, texts) for p, texts in archives.items()}
    values, read = dict.fromkeys(archives, 0.0), 0
    steps = steps_of(sum(len(texts) for texts in archives.values()), lessons)
    looked_at = {i * steps // states for i in range(states)}
    for step, model, batch, rate in _training(start, archives, lessons, seed):
        read += len(batch)
        if step in looked_at:
            slope = gradient_of(model, *readers)
            for poet, (idx, targets) in own.items():
                values[poet] += rate * dot(gradient_of(model, idx, targets), slope)
            read += len(wanted) + sum(len(idx) for idx, _ in own.values())
    return Estimate(values, read)


def _training(start: Ground, archives: Archives, lessons: Lessons, seed: int) -> Iterator:
    """(step, model before it, the step's poems, its rate) for the training that `teach` does."""
    model = copy.deepcopy(start.model)
    idx, targets = rows(start, [text for texts in archives.values() for text in texts])
    steps = steps_of(len(idx), lessons)
    for step, batch in enumerate(batches(len(idx), lessons, seed)):
        rate = lessons.rate(step, steps)
        yield step, model, batch, rate
        _, loss = model(*crop(idx[batch], targets[batch]))
        step_down(model, torch.autograd.grad(loss, list(model.parameters())), rate)


# ---------------------------------------------------------------------------------------------
# In-run Shapley: every step of one training


def in_run(
    start: Ground,
    archives: Archives,
    wanted: Sequence[str],
    lessons: Lessons,
    seed: int = 0,
    order: int = 2,
    readers: int = 8,
) -> Estimate:
    """What each step of one training did for the readers, shared out among its poets; in nats a token.

    order    1 or 2: whether what poets do together within a step is shared out too
    readers  how many of the wanted poems each step is judged on, taken in turn
    """
    check_archives(archives)
    if order not in (1, 2):
        raise ValueError(f"order is {order!r}; use 1 or 2")
    if not 1 <= readers <= len(wanted):
        raise ValueError(
            f"readers is {readers}, of {len(wanted)} wanted poems; use 1 or more, at most all"
        )
    model, values, read = copy.deepcopy(start.model), dict.fromkeys(archives, 0.0), 0
    owners = [poet for poet, texts in archives.items() for _ in texts]
    idx, targets = rows(start, [text for texts in archives.values() for text in texts])
    turns, want = _turns(len(wanted), readers, seed), rows(start, wanted)
    steps = steps_of(len(idx), lessons)
    for step, batch in enumerate(batches(len(idx), lessons, seed)):
        rate, judged = lessons.rate(step, steps), next(turns)
        parts = shares_of(model, idx, targets, batch, owners)
        whole = [sum(pieces) for pieces in zip(*parts.values())]
        seen = (want[0][judged], want[1][judged])
        for poet, saved in step_values(model, parts, whole, seen, rate, order).items():
            values[poet] += saved
        step_down(model, whole, rate)
        read += len(batch) + order * len(judged)
    return Estimate(values, read)


def shares_of(model: GPT, idx, targets, batch: list[int], owners: Sequence[str]) -> dict:
    """{poet: part of the step's gradient}; the parts add up to the gradient of the batch's mean loss."""
    counted = (targets[batch] >= 0).sum()
    found = {}
    for poet in dict.fromkeys(owners[i] for i in batch):
        own = [i for i in batch if owners[i] == poet]
        found[poet] = [g / counted for g in gradient_of(model, idx[own], targets[own])]
    return found


def step_values(model: GPT, parts: dict, whole: Gradient, seen, rate: float, order: int) -> dict:
    """{poet: Shapley value of one step}, from a Taylor series of the loss of the poems in `seen`."""
    weights = list(model.parameters())
    _, loss = model(*crop(*seen))
    slope = torch.autograd.grad(loss, weights, create_graph=order == 2)
    values = {poet: rate * dot(part, slope) for poet, part in parts.items()}
    if order == 2:
        along = sum((s * g).sum() for s, g in zip(slope, whole))
        bend = torch.autograd.grad(along, weights)  # H G
        for poet, part in parts.items():
            values[poet] -= rate**2 / 2 * dot(part, bend)
    return values


def _turns(n: int, readers: int, seed: int) -> Iterator[list[int]]:
    """`readers` of n places at a time, around and around in an order drawn by dice."""
    order = random.Random(f"readers {seed}").sample(range(n), n)
    places = itertools.cycle(order)
    while True:
        yield [next(places) for _ in range(readers)]


def in_bits(nats: float) -> float:
    """Nats as bits.

    >>> round(in_bits(1.0), 3)
    1.443
    """
    return nats / math.log(2)

"""What copying a copy does before any network is involved: counts, bell curves, straight lines.

`resample` draws as many items from a bag as are in it, by their counts, and hands on the new counts: the
smallest learner that reads its own writing. What falls to nothing cannot come back, and what is rare falls
first. `refit` does the same with a bell curve and its width, `relearn` with a straight line (a linear
regression), where the next one reads either what the last one wrote or all that was ever written.

Each has a closed form beside it: `chance_lost`, `variety_left`, `width_left`, `error_replaced`,
`error_accumulated`. The tests hold one against the other.

Left out: selection, mutation, populations that change their size.

Sources: Wright 1931, Genetics 16 (drift; the bag is his model of a population); Shumailov et al. 2024,
Nature 631 (the same for models); Dohmatob et al. 2024, arXiv:2402.07712 (regression that replaces);
Gerstgrasser et al. 2024, arXiv:2404.01413 (regression that accumulates).
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping

import numpy as np


def resample(counts: Mapping[str, int], seed: int = 0, n: int | None = None) -> Counter:
    """The counts of n items drawn by these counts, with replacement; n is as many as there were.

    Raises ValueError for an empty bag, counts below 0 or an n below 1.

    >>> resample({"eel": 3, "gull": 0}, seed=1)
    Counter({'eel': 3})
    """
    total = sum(counts.values())
    n = total if n is None else n
    if total < 1 or min(counts.values()) < 0 or n < 1:
        raise ValueError(
            f"the bag is {dict(counts)} and n is {n}; give counts from 0 up, one at least above 0, and n from 1"
        )
    names = list(counts)
    return Counter(random.Random(f"resample {seed}").choices(names, counts.values(), k=n))


def resampled(counts: Mapping[str, int], generations: int, seed: int = 0) -> list[Counter]:
    """The bag and what becomes of it: `generations` + 1 counts, the first as given.

    >>> [len(bag) for bag in resampled({"eel": 9, "gull": 1, "crab": 1}, 3, seed=4)]
    [3, 2, 2, 2]
    """
    _at_least("generations", generations, 0)
    bags = [Counter(counts)]
    for generation in range(generations):
        bags.append(resample(bags[-1], seed=seed * 1_000 + generation))
    return bags


def chance_lost(share: float, n: int) -> float:
    """How likely it is that n draws never meet something of this share: (1 - share) ** n.

    >>> round(chance_lost(1 / 100, 100), 3)  # once in a hundred: a third of the time it is gone
    0.366
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; it is a share of all, from 0 to 1")
    _at_least("n", n, 1)
    return (1 - share) ** n


def variety(counts: Mapping[str, int]) -> float:
    """How likely it is that two draws from the bag differ: 1 - the sum of the squared shares.

    >>> variety({"eel": 1, "gull": 1}), variety({"eel": 2})
    (0.5, 0.0)
    """
    total = sum(counts.values())
    if total < 1:
        raise ValueError("the bag is empty; put something in")
    return 1 - sum((k / total) ** 2 for k in counts.values())


def variety_left(n: int, generations: int) -> float:
    """The share of a bag's `variety` that is left on average after so many generations of n draws.

    It is (1 - 1/n) ** generations, whatever the bag holds: two draws are the same item handed down with
    a chance of 1/n, and otherwise differ as often as two of the generation before.

    >>> round(variety_left(10, 10), 3)
    0.349
    """
    _at_least("n", n, 1)
    _at_least("generations", generations, 0)
    return (1 - 1 / n) ** generations


# ---------------------------------------------------------------------------------------------
# Bell curves


def refit(n: int, generations: int, seed: int = 0, runs: int = 1) -> np.ndarray:
    """Variances of bell curves, each fitted to n numbers drawn from the one before: (runs, generations + 1).

    The first has the mean 0 and the variance 1. A fit is by maximum likelihood: the mean squared distance
    from the mean of the numbers.
    """
    _at_least("n", n, 2)
    _at_least("generations", generations, 0)
    _at_least("runs", runs, 1)
    dice = np.random.default_rng(seed)
    mean, variance = np.zeros((runs, 1)), np.ones((runs, 1))
    found = [variance]
    for _ in range(generations):
        drawn = mean + np.sqrt(variance) * dice.standard_normal((runs, n))  # (runs, n)
        mean, variance = drawn.mean(1, keepdims=True), drawn.var(1, keepdims=True)
        found.append(variance)
    return np.concatenate(found, axis=1)


# the same law as for the bag, and for the same reason: both lose 1/n of the variance in a draw
width_left = variety_left


# ---------------------------------------------------------------------------------------------
# Straight lines


def relearn(
    n: int, d: int, generations: int, keep: bool, seed: int = 0, noise: float = 1.0
) -> np.ndarray:
    """Squared errors of linear regressions, each learning from what the one before says: (generations + 1,).

    Every generation sees n new points in d dimensions (independent, of variance 1) with the values that the last
    regression gives them, plus noise of that standard deviation. With `keep` it learns from
    all points there have been, else from the new ones alone. The truth is all zeros, and the error is
    the mean squared distance from it on new points, which is the squared length of the coefficients.
    """
    _at_least("d", d, 1)
    _at_least("n", n, d + 2)
    _at_least("generations", generations, 0)
    dice = np.random.default_rng(seed)
    told = np.zeros(d)
    gram, moment, errors = np.zeros((d, d)), np.zeros(d), []
    for _ in range(generations + 1):
        x = dice.standard_normal((n, d))
        y = x @ told + noise * dice.standard_normal(n)
        if not keep:
            gram, moment = np.zeros((d, d)), np.zeros(d)
        gram, moment = gram + x.T @ x, moment + x.T @ y
        told = np.linalg.solve(gram, moment)
        errors.append(float(told @ told))
    return np.array(errors)


def error_replaced(n: int, d: int, generation: int, noise: float = 1.0) -> float:
    """The mean error of `relearn` without `keep`, exactly: it grows by the same amount every generation.

    Generation 0 has learned from true values. Dohmatob et al. 2024.

    >>> error_replaced(n=20, d=9, generation=0), error_replaced(n=20, d=9, generation=9)
    (0.9, 9.0)
    """
    _at_least("n", n, d + 2)
    return noise**2 * d / (n - d - 1) * (generation + 1)


def error_accumulated(n: int, d: int, noise: float = 1.0) -> float:
    """What the mean error of `relearn` with `keep` never exceeds: pi squared over six times the first error.

    Gerstgrasser et al. 2024.

    >>> round(error_accumulated(n=20, d=9), 2)
    1.48
    """
    return error_replaced(n, d, 0, noise) * math.pi**2 / 6


def _at_least(name: str, value, least: int) -> None:
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < least:
        raise ValueError(f"{name} is {value!r}; use a whole number from {least} up")

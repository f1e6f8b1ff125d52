"""How much of each source goes into training, and how often it is read through.

Source: Touvron et al. 2023, arXiv:2302.13971 (a mixture with its epochs).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence


def tempered(sizes: dict[str, float], power: float = 1.0) -> dict[str, float]:
    """Weights in proportion to size^power: 1 as they come, 0 all alike, between them a compromise.

    >>> tempered({"web": 900, "books": 100}, power=0.5)
    {'web': 0.75, 'books': 0.25}
    """
    if not sizes or min(sizes.values()) <= 0:
        raise ValueError(f"sizes is {sizes}; every source needs a size above 0")
    raw = {name: size**power for name, size in sizes.items()}
    return {name: r / sum(raw.values()) for name, r in raw.items()}


def epochs(sizes: dict[str, float], weights: dict[str, float], budget: float) -> dict[str, float]:
    """How often each source is read through when `budget` is spent by `weights`.

    >>> epochs({"web": 410e9, "wikipedia": 3e9}, {"web": 0.6, "wikipedia": 0.034}, 300e9)
    {'web': 0.43902439024390244, 'wikipedia': 3.4}
    """
    if set(sizes) != set(weights):
        raise ValueError(
            f"sizes has {sorted(sizes)} and weights {sorted(weights)}; name the same sources"
        )
    return {name: weights[name] * budget / sizes[name] for name in sizes}


def mix(
    sources: dict[str, Sequence[str]], weights: dict[str, float], n_bytes: int, seed: int = 0
) -> list[str]:
    """Texts of several sources, about `n_bytes` in all, the bytes of each in proportion to its weight.

    Every source is read in random order; one that is exhausted is read again in another. Weights
    need not add up to 1.
    """
    _check_mixture(sources, weights)
    total, dice = sum(weights.values()), random.Random(f"mix {seed}")
    taken, waiting, out = dict.fromkeys(sources, 0), {name: [] for name in sources}, []
    while sum(taken.values()) < n_bytes:
        # The source furthest behind its share comes next.
        name = max(weights, key=lambda s: weights[s] / total * (sum(taken.values()) + 1) - taken[s])
        if not waiting[name]:
            waiting[name] = dice.sample(list(sources[name]), len(sources[name]))
        out.append(waiting[name].pop())
        taken[name] += len(out[-1].encode("utf-8")) + 2
    dice.shuffle(out)
    return out


def _check_mixture(sources, weights):
    if set(sources) != set(weights):
        raise ValueError(
            f"sources are {sorted(sources)} and weights are for {sorted(weights)}; name the same"
        )
    if any(not w >= 0 or math.isinf(w) for w in weights.values()) or not sum(weights.values()) > 0:
        raise ValueError(f"weights is {weights}; none may be negative, and one must be above 0")
    if empty := [name for name, w in weights.items() if w and not any(sources[name])]:
        raise ValueError(f"{', '.join(empty)} has a weight but no text; give it weight 0")

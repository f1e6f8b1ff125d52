"""The operations of a training step, counted in ways that know nothing of each other; and this machine's best.

`by_part` counts by hand, from the shape of the model alone. `by_operation` lets PyTorch count while it
computes (`FlopCounterMode`, which knows matrix products only), `by_profiler` lets its profiler
(`with_flops=True`, which also counts some additions and multiplications of single numbers).

A multiplication and an addition are two operations. Left out: norms, softmax, activations, the optimizer.
"""

from __future__ import annotations

import math
import time

import torch

from glassbox.machine.device import device_of
from glassbox.machine.model import GPTConfig
from glassbox.machine.settings import check_settings


def by_part(config: GPTConfig, T: int) -> dict[str, int]:
    """Operations to train on one token of a row of T, by part of the model: {part: operations}.

    A product of a row of m numbers with an (m, n) matrix takes 2 m n operations going forward, and
    twice that going back: once for what came in, once for the weights. Attention's two products are
    computed over the whole row and then masked. Nothing is multiplied to look up an embedding.

    >>> parts = by_part(GPTConfig(1024, 128, 4, 4, 128), T=128)
    >>> parts["MLP"], sum(parts.values())
    (3145728, 6291456)

    Raises ValueError if T is below 1.
    """
    check_settings(T=T)
    L, C, V = config.n_layer, config.n_embd, config.vocab_size
    forward = {
        "queries, keys, values": L * 2 * C * 3 * C,
        "attention: scores": L * 2 * C * T,  # a query with T keys, all heads together
        "attention: mixing": L * 2 * T * C,  # T weights with T values
        "attention: output": L * 2 * C * C,
        "MLP": L * 2 * (C * 4 * C + 4 * C * C),
        "head": 2 * C * V,
    }
    return {part: 3 * n for part, n in forward.items()}


def n_weights(config: GPTConfig) -> int:
    """Parameters that multiply, and the table of embeddings: what papers count as N for a GPT.

    >>> n_weights(GPTConfig.gpt2())  # GPT-2 small: 124 million, without gains and biases
    124318464
    """
    C, position = config.n_embd, config.position == "learned"
    tables = config.vocab_size * (1 if config.tied else 2) + config.block_size * position
    return config.n_layer * 12 * C * C + tables * C


def by_operation(model, idx, targets) -> dict[str, int]:
    """What PyTorch counts of one step, {"forward", "backward"}; idx and targets: (B, T)."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as forward:
        _, loss = model(idx, targets)
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    model.zero_grad()
    return {"forward": forward.get_total_flops(), "backward": backward.get_total_flops()}


def by_profiler(model, idx, targets) -> dict[str, int]:
    """What PyTorch's profiler counts of one step, {operation: count}, the largest first."""
    from torch.profiler import ProfilerActivity, profile

    activities = [ProfilerActivity.CPU]
    if device_of(model).type == "cuda":
        activities.append(ProfilerActivity.CUDA)
    with profile(activities=activities, with_flops=True) as profiled:
        _, loss = model(idx, targets)
        loss.backward()
    model.zero_grad()
    counts = {
        e.key.removeprefix("aten::"): int(e.flops) for e in profiled.key_averages() if e.flops
    }
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def best_rate(device="cpu", size: int = 1024, seconds: float = 0.5, dtype=torch.float32) -> float:
    """Operations a second in a product of two large matrices, which nothing on this machine beats.

    The best of what fits into `seconds`: a neighbor who computes at the same time makes it less.
    """
    check_settings(n=size)
    a = torch.ones(size, size, dtype=dtype, device=device)
    (a @ a).sum().item()  # the first call sets things up
    best, until = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < until or best == math.inf:
        began = time.perf_counter()
        (a @ a)[0, 0].item()  # waits until a GPU is done
        best = min(best, time.perf_counter() - began)
    return 2 * size**3 / best

"""Where to compute and in which numbers: the one place that asks what this machine has.

A model computes where its parameters are; `device_of` says where that is, and everything that is made for
a model is made there. Choices that involve chance (data, initial weights, dice) stay on the CPU, so that a
seed means the same on every device.
"""

from __future__ import annotations

import functools
import math
import platform
import time

import torch


def best_device() -> str:
    """ "cuda" or "mps" (an Apple GPU) if this machine has one, else "cpu". Models start on the CPU.

    >>> model = torch.nn.Linear(2, 2).to(best_device())
    """
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def device_of(model) -> torch.device:
    """Where a model computes: where its parameters are, or on the CPU if it has none."""
    return next((p.device for p in model.parameters()), torch.device("cpu"))


def device_name(device: str | torch.device = "cpu") -> str:
    """What people call the device, for cards and tables."""
    device = torch.device(device)
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple GPU" if device.type == "mps" else f"{platform.machine()} CPU"


def best_dtype(device: str | torch.device) -> str:
    """ "bfloat16" where the device computes faster with it, else "float32". A CPU is timed."""
    device = torch.device(device)
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    return "bfloat16" if device.type == "cpu" and bf16_speedup() > 1.5 else "float32"


@functools.cache  # where bf16 is emulated, measuring costs half a second: once a process is enough
def bf16_speedup(device: str = "cpu", size: int = 512, seconds: float = 0.05) -> float:
    """How many times faster than fp32 this machine multiplies bf16 matrices."""
    took = []
    for dtype in (torch.float32, torch.bfloat16):
        a = torch.ones(size, size, dtype=dtype, device=device)
        (a @ a).sum().item()  # the first call sets things up
        best, until = math.inf, time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            (a @ a).sum().item()
            best = min(best, time.perf_counter() - began)
        took.append(best)
    return took[0] / took[1]

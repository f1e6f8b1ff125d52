"""The range of every setting, in one table, so that a typing error is named before it costs an hour."""

from __future__ import annotations

import math

RANGES = {  # the lowest and the highest that is allowed
    "steps": (1, math.inf),
    "lr": (0, math.inf),
    "muon_lr": (0, math.inf),
    "betas": (0, 0.999999),
    "momentum": (0, 0.999999),
    "eps": (0, math.inf),
    "weight_decay": (0, math.inf),
    "clip": (1e-12, math.inf),
    "warmup": (0, math.inf),
    "cooldown": (0, 1),
    "threads": (1, math.inf),
    "save_every": (1, math.inf),
    "eval_every": (1, math.inf),
    "batch_size": (1, math.inf),
    "T": (1, math.inf),
    "max_new_tokens": (0, math.inf),
    "n": (0, math.inf),
    "iterations": (1, math.inf),
    "epochs": (1, math.inf),
    "minibatches": (1, math.inf),
}
WHOLE = {
    "steps", "threads", "save_every", "eval_every", "batch_size", "T", "max_new_tokens", "n",
    "iterations", "epochs", "minibatches",
}  # fmt: skip


def check_settings(**settings) -> None:
    """Raise ValueError for a setting outside its range.

    None, and names that are not in the table, are passed over.

    >>> check_settings(lr=0.01, muon_lr=None, betas=(0.9, 0.95), dtype="float32")
    >>> check_settings(betas=(0.9, 1.5))
    Traceback (most recent call last):
    ValueError: betas is (0.9, 1.5); it must be from 0 to 0.999999
    """
    for name, (low, high) in RANGES.items():
        value, whole = settings.get(name), name in WHOLE
        for number in value if isinstance(value, tuple | list) else [value]:
            if number is None:
                continue
            if not low <= number <= high or (whole and not hasattr(number, "__index__")):  # or NaN
                allowed = f"{low} or more" if high == math.inf else f"from {low} to {high}"
                kind = "a whole number, " if whole else ""
                raise ValueError(f"{name} is {value}; it must be {kind}{allowed}")

"""What a training run costs: its arithmetic. (Money and energy are chapter 12's.)

Source: Kaplan et al. 2020, arXiv:2001.08361, section 2.1: a weight costs one multiplication and one
addition going forward, and twice that going back.
"""

from __future__ import annotations


def training_flops(n_params: float, n_tokens: float) -> float:
    """Floating-point operations to train: 6 for each parameter and token.

    It leaves out attention's own products, which matter for small models with long windows; see
    `machine.model.GPT.flops_per_token`. GPT-3, 175 billion parameters and 300 billion tokens:

    >>> f"{training_flops(175e9, 300e9):.2e}"
    '3.15e+23'

    Raises ValueError for a count that is negative.
    """
    for name, n in (("n_params", n_params), ("n_tokens", n_tokens)):
        if not n >= 0:
            raise ValueError(f"{name} is {n}; it must be 0 or more")
    return 6.0 * n_params * n_tokens

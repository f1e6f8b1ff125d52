"""LoRA: freeze every matrix, and train only a product of two small ones beside it.

Left out: dropout on the way into A, a rank for each matrix, quantized weights.

Source: Hu et al. 2021, arXiv:2106.09685. Checked against the package peft.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.utils import parametrize

from glassbox.machine.model import GPT


class LoRA(nn.Module):
    """W + (alpha / rank) B A, with W frozen, A (rank, in) random and B (out, rank) zero at first.

    B A has at most `rank` independent directions; a matrix of 128 by 128 with rank 8 trains 2,048
    numbers in place of 16,384. Weights may be stacks of matrices, (n, out, in).
    """

    def __init__(self, weight: torch.Tensor, rank: int, alpha: float, generator: torch.Generator):
        super().__init__()
        *stack, n_out, n_in = weight.shape
        if not 1 <= rank <= min(n_out, n_in):
            raise ValueError(
                f"rank is {rank}; for a matrix of {n_out} by {n_in} use 1 to {min(n_out, n_in)}"
            )
        bound = 1 / math.sqrt(n_in)  # as in the reference implementation: kaiming, a = sqrt(5)
        A = torch.empty(*stack, rank, n_in).uniform_(-bound, bound, generator=generator)
        self.A = nn.Parameter(A.to(weight))
        self.B = nn.Parameter(torch.zeros(*stack, n_out, rank).to(weight))
        self.scale = alpha / rank

    def forward(self, W: torch.Tensor) -> torch.Tensor:
        return W + self.scale * (self.B @ self.A)


def add_lora(model: GPT, rank: int = 8, alpha: float = 16.0, seed: int = 0) -> int:
    """Freeze the model and put a trainable `LoRA` beside every matrix of blocks and head.

    The model computes what it did before until B is trained. Returns the number of parameters now
    trained. The head is among them because the base model has never been taught to write `<|end|>`. A
    tied head is left alone: it is the embedding too, and every token would come to mean something else.
    """
    if any(parametrize.is_parametrized(m) for m in model.modules()):
        raise ValueError("the model has LoRA already; call merge_lora(model) first")
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for owner, name in _matrices(model):
        lora = LoRA(getattr(owner, name), rank, alpha, generator)
        parametrize.register_parametrization(owner, name, lora)
    return num_trained(model)


def merge_lora(model: GPT) -> None:
    """Add every B A to its W and take the extra matrices out: a plain model again, at no cost in use."""
    for owner, name in _matrices(model):
        if parametrize.is_parametrized(owner, name):
            parametrize.remove_parametrizations(owner, name, leave_parametrized=True)
    model.requires_grad_(True)


def _matrices(model: GPT) -> list[tuple[nn.Module, str]]:
    """Where the matrices are that get a LoRA: (module, name of its parameter)."""
    found = [
        pair
        for block in model.blocks
        for pair in (
            (block.attn, "qkv"),
            (block.attn.out, "weight"),
            (block.mlp.up, "weight"),
            (block.mlp.down, "weight"),
        )
    ]
    return found if model.config.tied else [*found, (model.head, "weight")]


def num_trained(model: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)

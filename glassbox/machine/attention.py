"""Looking into a `GPT` from outside: where its heads look, and what it does without some of them.

It is kept apart so that the model's own code stays as short as its formula.
"""

from __future__ import annotations

import copy
import math

import torch
from torch.nn import functional as F

from glassbox.machine.model import GPT, rotate


def attention_weights(model: GPT, ids: torch.Tensor) -> torch.Tensor:
    """Where every token of ids (B, T) looks, in every head: (B, n_layer, n_head, T, T).

    These are the shares by which `Attention.forward` mixes the values, computed again from its input.
    Rows are tokens that look, columns tokens looked at; each row sums to 1. For models with rotary
    positions and without biases, such as the shipped ones.
    """
    if model.config.position != "rope" or model.config.bias:
        raise ValueError(f"attention_weights knows rope and no biases, not {model.config}")
    seen: list[torch.Tensor] = []

    def look(module, arguments):
        x, mask, rotation, *_ = arguments
        (B, T, _), H, D = x.shape, module.config.n_head, module.config.head_dim
        qk = F.linear(x, module.qkv[:2].flatten(0, 1))  # (B, T, 2 C)
        qk = qk.view(B, T, 2, H, D).permute(2, 0, 3, 1, 4)  # (2, B, H, T, D)
        qk = F.layer_norm(qk, (D,)) if module.config.qk_norm else qk
        q, k = rotate(qk, *rotation)
        scores = q @ k.transpose(-2, -1) / math.sqrt(D)  # (B, H, T, T)
        seen.append((scores if mask is None else scores + mask).softmax(-1))

    hooks = [block.attn.register_forward_pre_hook(look) for block in model.blocks]
    try:
        with torch.no_grad():
            model(ids)
    finally:
        for hook in hooks:
            hook.remove()
    return torch.stack(seen, 1)


def without_heads(model: GPT, heads: list[tuple[int, int]]) -> GPT:
    """A copy in which these heads, (layer, head) from 0, add nothing to the stream.

    Their columns of the matrix that writes into the stream are zero.
    """
    other, D = copy.deepcopy(model), model.config.head_dim
    with torch.no_grad():
        for layer, head in heads:
            other.blocks[layer].attn.out.weight[:, head * D : (head + 1) * D] = 0
    return other

"""GPT-2's weights under our names."""

from __future__ import annotations

import torch

PARTS = {
    "ln_1": "norm1", "ln_2": "norm2", "attn.c_proj": "attn.out", "mlp.c_fc": "mlp.up",
    "mlp.c_proj": "mlp.down",
}  # fmt: skip


def from_gpt2(state_dict: dict[str, torch.Tensor], C: int) -> dict[str, torch.Tensor]:
    """Hugging Face's weights under the names of `machine.model.GPT`: h.0.ln_1 becomes blocks.0.norm1, etc.

    There the matrices are stored as (in, out), by Conv1D; here they are transposed to (out, in).
    """
    theirs = {name.removeprefix("transformer."): w for name, w in state_dict.items()}
    ours = {"embed.weight": theirs.pop("wte.weight")}
    ours |= {"head.weight": theirs.pop("lm_head.weight", ours["embed.weight"])}
    ours |= {"position.weight": theirs.pop("wpe.weight")}
    ours |= {f"norm.{n}": theirs.pop(f"ln_f.{n}") for n in ("weight", "bias")}
    for name, w in theirs.items():
        if name.endswith((".attn.bias", ".attn.masked_bias")):
            continue  # old files hold the causal mask under this name
        _, i, rest = name.split(".", 2)
        part, kind = rest.rsplit(".", 1)
        w = w.t() if w.ndim == 2 else w  # (in, out) to (out, in)
        if part != "attn.c_attn":
            ours[f"blocks.{i}.{PARTS[part]}.{kind}"] = w
        elif kind == "weight":
            ours[f"blocks.{i}.attn.qkv"] = w.reshape(3, C, C)  # (3 C, C): q, k and v
        else:
            ours[f"blocks.{i}.attn.qkv_bias"] = w  # (3 C,)
    return ours

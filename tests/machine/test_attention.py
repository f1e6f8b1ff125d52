"""Where heads look, against what the model mixes its values by."""

import pytest
import torch

from glassbox.machine.attention import attention_weights
from glassbox.machine.model import GPT, GPTConfig


@pytest.mark.parametrize("qk_norm", [True, False])
@torch.no_grad()
def test_attention_is_what_the_model_mixes_by(qk_norm):
    config = GPTConfig(50, block_size=16, n_layer=2, n_head=2, n_embd=16, qk_norm=qk_norm)
    model = GPT(config).eval()
    for block in model.blocks:
        block.attn.out.weight.copy_(torch.eye(16))
    idx, mixed = torch.arange(12)[None], []
    block = model.blocks[1].attn
    hook = block.register_forward_hook(lambda m, args, out: mixed.append((args[0], out)))
    weights = attention_weights(model, idx)[0, 1]  # (n_head, T, T)
    hook.remove()
    x, out = mixed[0]
    v = (x @ block.qkv[2].T).view(12, 2, 8).transpose(0, 1)  # (n_head, T, head_dim)
    torch.testing.assert_close((weights @ v).transpose(0, 1).reshape(1, 12, 16), out)

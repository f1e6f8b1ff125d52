"""A model packed for the page loses next to nothing."""

import json

import pytest
import torch

from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.shipped import load
from glassbox.shipped.export import pack_model, pack_tensor, unpack_tensor


@pytest.mark.parametrize("shape", [(7,), (5, 9), (3, 4, 4)])
def test_packing_moves_no_weight_by_more_than_half_a_step(shape):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    back = unpack_tensor(pack_tensor(weight))
    step = weight.abs().amax(-1, keepdim=True) / 127 if weight.ndim > 1 else torch.zeros(1)
    assert back.shape == weight.shape
    assert ((back - weight).abs() <= step / 2 + 1e-6).all()


def test_the_packed_model_predicts_as_well_as_the_shipped_one():
    """Rounding to int8 costs less than half a percent of the bits, and the file stays under 3 MB."""
    base = load("base")
    packed = pack_model(base.model, base.tokenizer, {"name": "base"})
    assert len(json.dumps(packed)) < 3_000_000
    rounded = GPT(base.model.config)
    rounded.load_state_dict({k: unpack_tensor(t) for k, t in packed["tensors"].items()})
    documents = list(base.world.documents(n=60, split="held_out"))
    shipped, page = (
        document_nats(m, base.tokenizer, documents).sum() for m in (base.model, rounded)
    )
    assert page < 1.005 * shipped


def test_a_model_too_large_for_the_page_is_refused():
    model = GPT(GPTConfig(vocab_size=300, block_size=8, n_layer=1, n_head=1, n_embd=700))
    with pytest.raises(ValueError, match="at most 3,000,000"):
        pack_model(model, BPE.from_merges([]), {})

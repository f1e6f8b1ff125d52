"""A model that points: a probability over words, causal, the same with a cache, and able to copy."""

import pytest
import torch

from glassbox.assistant.pointer import Pointing, widened, with_pointer
from glassbox.machine.model import GPT, GPTConfig

CONFIG = GPTConfig(vocab_size=50, block_size=32, n_layer=2, n_head=2, n_embd=32)


@pytest.fixture
def model():
    return Pointing(CONFIG, torch.Generator().manual_seed(1))


@pytest.fixture
def idx():
    return torch.randint(0, 50, (3, 20), generator=torch.Generator().manual_seed(2))


def test_the_mixture_is_the_formula(model, idx):
    """p = (1 - g) softmax(logits) + g * the weights of the places with that token, place by place."""
    logps, _ = model(idx)
    assert torch.allclose(logps.exp().sum(dim=-1), torch.ones(3, 20), atol=1e-4)
    weights, gate = model.weights(idx)
    own = GPT(CONFIG)
    own.load_state_dict(model.state_dict(), strict=False)
    for t in (1, 7, 19):
        copied = torch.zeros(50)
        for place in range(1, t + 1):
            copied[idx[0, place]] += weights[0, t, place]
        g = gate[0, t]
        expected = (1 - g) * own(idx)[0][0, t].softmax(dim=-1) + g * copied
        assert torch.allclose(logps[0, t].exp(), expected, atol=1e-5)


def test_it_never_looks_ahead(model, idx):
    changed = idx.clone()
    changed[:, 12:] = 7
    assert torch.equal(model(idx)[0][:, :12], model(changed)[0][:, :12])
    assert model.weights(idx)[0].triu(diagonal=1).abs().max() == 0


def test_a_cache_changes_nothing(model, idx):
    cache = model.new_cache(3)
    parts = [model(part, cache=cache)[0] for part in idx.split([9, 1, 6, 4], dim=1)]
    assert torch.allclose(torch.cat(parts, dim=1), model(idx)[0], atol=1e-3)


def test_the_loss_is_the_mean_over_the_targets_that_count(model, idx):
    targets = idx.roll(-1, dims=1).clone()
    targets[:, ::3] = -1
    logps, loss = model(idx, targets)
    counted = [-logps[b, t, targets[b, t]] for b in range(3) for t in range(20) if t % 3]
    assert torch.isclose(loss, torch.stack(counted).mean())


def test_with_the_gate_open_it_copies_what_followed(idx):
    """Untrained weights, a gate that is open: of two places, the one where the same was expected wins."""
    model = Pointing(CONFIG, torch.Generator().manual_seed(1))
    with torch.no_grad():
        model.gate.bias.fill_(20.0)
        model.query.weight.mul_(6)
    stretch = torch.randperm(50, generator=torch.Generator().manual_seed(3))[:8]
    twice = torch.cat([stretch, stretch])[None]
    logps, _ = model(twice)
    assert (logps[0, 8:-1].argmax(dim=-1) == twice[0, 9:]).float().mean() > 0.8


def test_a_copy_with_a_pointer_keeps_the_weights_and_a_longer_window():
    old = GPT(CONFIG, torch.Generator().manual_seed(4))
    torch.nn.init.normal_(old.head.weight)
    wide, pointing = widened(old, 64), with_pointer(old, 64, seed=3)
    idx = torch.arange(30)[None]
    assert torch.equal(wide(idx)[0], old(idx)[0]) and wide.config.block_size == 64
    assert pointing(torch.zeros(1, 64, dtype=torch.long))[0].shape == (1, 64, 50)
    assert all(torch.equal(w, pointing.state_dict()[n]) for n, w in old.state_dict().items())
    learned = GPT(GPTConfig.gpt2(50, 32, 1, 2, 32))
    with pytest.raises(ValueError, match="use rope"):
        with_pointer(learned, 64)

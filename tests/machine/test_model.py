"""The model: GPT-2 to the last bit, no leak from the future, the cache changes nothing."""

from dataclasses import replace

import pytest
import torch
import transformers
from torch.utils.flop_counter import FlopCounterMode

from glassbox.machine.generate import complete, generate, generate_each, stream
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.sampling import sample
from glassbox.machine.tokens import BPE

SMALL = GPTConfig(vocab_size=97, block_size=24, n_layer=2, n_head=4, n_embd=32)
VARIANTS = {
    "default": SMALL,
    "gpt2": GPTConfig.gpt2(97, 24, 2, 4, 32),
    "rms, gelu, biases": replace(SMALL, norm="rms", activation="gelu", bias=True),
    "no positions, no qk norm": replace(SMALL, position="none", qk_norm=False, norm="layer"),
    "learned positions, tied": replace(SMALL, position="learned", tied=True, embed_norm=False),
}


def perturbed(model: torch.nn.Module, seed: int = 0) -> torch.nn.Module:
    """Every parameter, biases and gains too, away from its start."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.1 * torch.randn(p.shape, generator=generator))
    return model.eval()


@pytest.fixture(params=list(VARIANTS))
def model(request) -> GPT:
    return perturbed(GPT(VARIANTS[request.param]))


def ids(B: int, T: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(0, 97, (B, T), generator=torch.Generator().manual_seed(seed))


# ----- against the outside


def hugging_face_gpt2() -> transformers.GPT2LMHeadModel:
    config = transformers.GPT2Config(vocab_size=97, n_positions=24, n_embd=32, n_layer=2, n_head=4)
    return perturbed(transformers.GPT2LMHeadModel(config))


def test_gpt2_has_the_logits_and_loss_of_hugging_face():
    theirs, idx = hugging_face_gpt2(), ids(3, 24)
    ours = GPT.from_gpt2_state_dict(theirs.state_dict(), VARIANTS["gpt2"])
    with torch.no_grad():
        expected = theirs(idx, labels=idx)
        logits, _ = ours(idx)
        _, loss = ours(idx[:, :-1], idx[:, 1:])
    torch.testing.assert_close(logits, expected.logits, atol=1e-5, rtol=0)
    cache = ours.new_cache(1)
    one_by_one = [ours(token, cache=cache)[0] for token in idx[:1].split(1, dim=1)]
    torch.testing.assert_close(torch.cat(one_by_one, 1), expected.logits[:1], atol=1e-5, rtol=0)
    assert loss.item() == pytest.approx(expected.loss.item(), abs=1e-5)
    assert ours.num_params() == theirs.num_parameters()
    alone = GPT.from_gpt2_state_dict(theirs.transformer.state_dict(), VARIANTS["gpt2"])
    assert torch.equal(alone(idx)[0], logits)


def test_gpt2_weights_of_another_shape_are_refused():
    theirs = hugging_face_gpt2().state_dict()
    for weights, config in (
        (theirs, GPTConfig.gpt2(97, 24, 1, 4, 32)),
        (theirs, GPTConfig.gpt2(97, 24, 2, 4, 16)),
        (theirs | {"step": torch.tensor(3)}, VARIANTS["gpt2"]),
        ({}, VARIANTS["gpt2"]),
    ):
        with pytest.raises(ValueError, match="these weights do not fit"):
            GPT.from_gpt2_state_dict(weights, config)


def test_a_gpt2_whose_head_is_not_tied_is_loaded_so_or_not_at_all():
    theirs, idx = hugging_face_gpt2(), ids(3, 24)
    theirs.lm_head.weight = torch.nn.Parameter(theirs.lm_head.weight * 2)
    with pytest.raises(ValueError, match=r"not tied.*replace\(config, tied=False\)"):
        GPT.from_gpt2_state_dict(theirs.state_dict(), VARIANTS["gpt2"])
    untied = GPT.from_gpt2_state_dict(theirs.state_dict(), replace(VARIANTS["gpt2"], tied=False))
    torch.testing.assert_close(untied(idx)[0], theirs(idx).logits, atol=1e-5, rtol=0)


def test_published_parameter_counts():
    with torch.device("meta"):  # shapes without memory: GPT-3 fits on any desk
        assert GPT(GPTConfig.gpt2()).num_params() == 124_439_808  # GPT-2 small
        gpt3 = GPTConfig.gpt2(block_size=2048, n_layer=96, n_head=96, n_embd=12288)
        assert GPT(gpt3).num_params() == pytest.approx(175e9, rel=0.005)


def test_attention_is_torchs(model):
    """One head's formula against torch's scaled_dot_product_attention, through a whole block."""
    attn, x = (
        model.blocks[0].attn,
        torch.randn(2, 7, 32, generator=torch.Generator().manual_seed(1)),
    )
    ours = attn(x, model.mask[:7, :7], None, 0)
    bias = attn.qkv_bias if attn.qkv_bias is not None else torch.zeros(96)
    q, k, v = (x @ attn.qkv.flatten(0, 1).T + bias).view(2, 7, 3, 4, 8).permute(2, 0, 3, 1, 4)
    if model.config.qk_norm:
        q, k = (torch.nn.functional.layer_norm(z, (8,)) for z in (q, k))
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    torch.testing.assert_close(ours, attn.out(mixed.transpose(1, 2).reshape(2, 7, 32)))


# ----- properties


def test_the_future_does_not_leak(model):
    a, b = ids(1, 24), ids(1, 24)
    b[0, 10:] = (b[0, 10:] + 1) % 97
    before, after = model(a)[0], model(b)[0]
    assert torch.equal(before[0, :10], after[0, :10])
    assert not torch.allclose(before[0, 10], after[0, 10])


@pytest.mark.parametrize("B", [1, 2])  # a single token goes another way
def test_the_cache_changes_nothing(model, B):
    idx = ids(B, 24)
    whole, cache = model(idx)[0], model.new_cache(B)
    parts = [model(part, cache=cache)[0] for part in idx.split([9, 1, 1, 13], dim=1)[:1]]
    parts += [model(idx[:, t : t + 1], cache=cache)[0] for t in range(9, 20)]
    parts += [model(idx[:, 20:], cache=cache)[0]]
    torch.testing.assert_close(torch.cat(parts, dim=1), whole, atol=2e-5, rtol=1e-4)


def test_rotary_positions_are_relative():
    """A rotated query and key match by their distance alone."""
    from glassbox.machine.model import rotate, rotation_table

    generator = torch.Generator().manual_seed(0)
    q, k = (torch.randn(8, generator=generator).expand(40, 8) for _ in range(2))
    scores = rotate(q, *rotation_table(40, 8)) @ rotate(k, *rotation_table(40, 8)).T
    for distance in (0, 3, 17):
        row = scores.diagonal(-distance)
        torch.testing.assert_close(row, row[:1].expand_as(row), atol=1e-4, rtol=1e-4)


def test_the_gradient_of_a_rotation_is_right():
    from glassbox.machine.model import rotate, rotation_table

    cos, sin = rotation_table(5, 6).double()
    x = torch.randn(2, 5, 6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: rotate(x, cos, sin), x)


def test_gradients_reach_every_parameter(model):
    model(ids(2, 9), ids(2, 9, seed=1))[1].backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_targets_of_minus_one_are_ignored(model):
    idx, targets = ids(2, 10), ids(2, 10, seed=1)
    masked = targets.clone()
    masked[:, ::2] = -1
    logits, loss = model(idx, masked)
    logps = logits.log_softmax(-1).gather(-1, targets[..., None])[:, 1::2]
    assert loss.item() == pytest.approx(-logps.mean().item(), rel=1e-5)


def test_ids_of_32_bits_are_ids_too(model):
    idx, targets = ids(2, 10), ids(2, 10, seed=1)
    assert torch.equal(model(idx.int(), targets.int())[1], model(idx, targets)[1])
    assert torch.equal(generate(model, idx.tolist(), 3, 0), generate(model, idx, 3, 0))


@pytest.mark.parametrize("config", VARIANTS.values(), ids=list(VARIANTS))
def test_initial_weights_depend_on_the_seed_alone(config):
    a = GPT(config)
    torch.manual_seed(123)
    b, other = GPT(config), GPT(config, torch.Generator().manual_seed(1))
    assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters()))
    assert not torch.equal(a.embed.weight, other.embed.weight)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda m: m(ids(1, 25)), "block_size is 24 but there are 25 tokens"),
        (lambda m: m(torch.tensor([[97]])), "idx holds id 97, but ids run from 0 to 96"),
        (lambda m: m(torch.tensor([[-1]])), "idx holds id -1"),
        (lambda m: m(ids(1, 3), torch.tensor([[1, 2, 97]])), "targets holds id 97"),
        (lambda m: m(torch.tensor([1, 2])), "it must be \\(B, T\\)"),
        (lambda m: m(ids(1, 0)), "B and T at least 1"),
        (lambda m: m(ids(0, 4)), r"shape \(0, 4\); it must be \(B, T\).* B and T at least 1"),
        (lambda m: m([[1, 2]]), "idx is a list; .* such as torch.tensor"),
        (lambda m: m(ids(1, 3).float()), "idx is torch.float32 of .* whole numbers"),
        (lambda m: m(ids(1, 3) > 5), "idx is torch.bool of"),
        (lambda m: m(ids(1, 3).to(torch.uint8)), "idx is torch.uint8 of"),
        (lambda m: m(ids(1, 3), ids(1, 2)), r"targets is torch.int64 of shape \(1, 2\);.*\(1, 3\)"),
        (lambda m: m(ids(1, 3), ids(1, 3).float()), "targets is torch.float32"),
        (lambda m: m(ids(1, 2), [[1, 2]]), "targets is a list"),
        (lambda m: m(ids(2, 3), cache=m.new_cache(3)), r"for 3 rows but idx has 2; .*new_cache\(2"),
        (lambda m: generate(m, [[0.5]], 1), "idx is torch.float32"),
        (lambda m: replace(SMALL, n_head=3), "n_embd must be a multiple"),
        (lambda m: replace(SMALL, norm="batch"), "norm is 'batch'; it must be one of"),
        (lambda m: replace(SMALL, n_layer=0), "n_layer is 0"),
        (lambda m: generate(m, ids(1, 25), 1), "the prompt has 25 tokens.*crop=True"),
        (lambda m: generate(m, ids(1, 0), 1), "start an empty text"),
    ],
)
def test_bad_input_is_named(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt(GPT(SMALL))


# ----- generate


def without_cache(model, idx, n, seed):
    generator = torch.Generator().manual_seed(seed)
    for _ in range(n):
        new = sample(model(idx)[0][:, -1], generator=generator)
        idx = torch.cat([idx, new[:, None]], dim=1)
    return idx


@pytest.mark.parametrize("B", [1, 3])
def test_cached_generation_is_uncached_generation(model, B):
    with torch.no_grad():
        expected = without_cache(model, ids(B, 4), 20, seed=5)
    got = generate(model, ids(B, 4), 20, generator=torch.Generator().manual_seed(5))
    assert torch.equal(got, expected)


class Counter(torch.nn.Module):
    """Not a GPT and without a cache: always says the id after the last one."""

    config = SMALL

    def forward(self, idx, targets=None):
        return torch.nn.functional.one_hot((idx + 1) % 97, 97).float() * 100, None


def test_any_model_with_the_signature_can_write():
    out = generate(Counter(), torch.tensor([[3], [7]]), 60, temperature=0)
    assert out.tolist() == [list(range(3, 64)), list(range(7, 68))]  # far beyond the window


def test_writing_past_the_window_goes_on(model):
    assert generate(model, ids(2, 24), 60).shape == (2, 84)
    assert generate(model, ids(1, 99), 3, crop=True).shape == (1, 102)


def test_a_finished_row_waits_for_the_others():
    out = generate(Counter(), torch.tensor([[3], [6]]), 60, temperature=0, stop=8)
    assert out.tolist() == [[3, 4, 5, 6, 7, 8], [6, 7, 8, 8, 8, 8]]
    assert generate(Counter(), torch.tensor([[3]]), 9, stop={50, 5}).tolist() == [[3, 4, 5]]


def test_what_was_written_can_be_trained_on(model):
    written = generate(model, ids(1, 4), 9)
    model(written[:, :-1], written[:, 1:])[1].backward()
    assert model.embed.weight.grad.abs().sum() > 0


def test_each_prompt_is_gone_on_with_until_it_stops():
    for stop in (8, {8}, [8]):
        assert generate_each(Counter(), [[6], [2, 3], [7]], 3, 0, stop=stop) == [[7, 8], [4, 5, 6], [8]]  # fmt: skip
    with pytest.raises(ValueError, match="batch_size is 0"):
        generate_each(Counter(), [[6]], 3, batch_size=0)


def test_stream_yields_as_it_goes():
    steps = stream(Counter(), torch.tensor([[3]]), 10**9, temperature=0)
    assert [next(steps).item() for _ in range(3)] == [4, 5, 6]


def test_complete_goes_from_text_to_text():
    bpe = BPE.train("a cat sat on a mat. " * 9, 280, special_tokens=["<|endoftext|>"])
    model = perturbed(GPT(replace(SMALL, vocab_size=len(bpe))))
    texts = complete(model, bpe, "a cat", max_new_tokens=30, n=3, seed=1)
    assert len(texts) == 3 and texts == complete(model, bpe, "a cat", 30, n=3, seed=1)
    assert not any("<|endoftext|>" in text for text in texts)
    assert complete(model, bpe, "", max_new_tokens=2, stop=()) != [""]
    long = "a cat " * 200
    with pytest.raises(ValueError, match=r"block_size is .* shorten it or pass crop=True"):
        complete(model, bpe, long, 5)
    assert len(complete(model, bpe, long, 5, crop=True)) == 1


@pytest.mark.parametrize("n", [-1, 2.5])
def test_counts_that_cannot_be_are_named(n):
    model, idx = GPT(GPTConfig(16, 8, 1, 1, 4)), torch.zeros(1, 2, dtype=torch.long)
    with pytest.raises(ValueError, match=f"max_new_tokens is {n}; it must be a whole number"):
        generate(model, idx, n)
    with pytest.raises(ValueError, match=f"max_new_tokens is {n}"):
        next(stream(model, idx, n))
    bpe = BPE.from_merges([], special_tokens=["<|endoftext|>"])
    with pytest.raises(ValueError, match=f"n is {n}"):
        complete(model, bpe, n=n)
    assert generate(model, idx, 0).shape == (1, 2)


@pytest.mark.parametrize("T", [0, -5])
def test_flops_of_a_sequence_of_no_length_are_refused(T):
    with pytest.raises(ValueError, match=f"T is {T}; it must be a whole number, 1 or more"):
        GPT(GPTConfig(16, 8, 1, 1, 4)).flops_per_token(T)


def test_a_loss_over_nothing_is_refused():
    idx = torch.zeros(2, 3, dtype=torch.long)
    with pytest.raises(ValueError, match="every target is -1"):
        GPT(GPTConfig(16, 8, 1, 1, 4))(idx, torch.full_like(idx, -1))


@pytest.mark.parametrize("switches", [{}, {"tied": True}, {"bias": True, "norm": "layer"}])
def test_flops_per_token_is_what_torch_counts(switches):
    """torch's counter of the matrix products that a step makes, forward and backward, to the last one."""
    model = GPT(GPTConfig(50, 16, 2, 2, 32, position="learned", **switches))
    idx = torch.arange(48).view(3, 16)
    with FlopCounterMode(display=False) as counter:
        model(idx, idx)[1].backward()
    assert counter.get_total_flops() == model.flops_per_token(T=16) * idx.numel()

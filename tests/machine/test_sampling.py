"""Sampling: the same filters as Hugging Face's, true probabilities, one seed one draw."""

import math

import numpy as np
import pytest
import torch
import transformers as hf
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.machine.sampling import (
    min_p,
    probabilities,
    repetition_penalty,
    sample,
    softmax,
    top_k,
    top_p,
)


@pytest.fixture
def logits():
    return 3 * torch.randn(16, 200, generator=torch.Generator().manual_seed(0))


IDS = torch.randint(0, 200, (16, 9), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        *[(lambda z, k=k: top_k(z, k), hf.TopKLogitsWarper(k)) for k in (1, 7, 500)],
        *[(lambda z, p=p: top_p(z, p), hf.TopPLogitsWarper(p)) for p in (0.01, 0.5, 0.95, 1.0)],
        *[(lambda z, p=p: min_p(z, p), hf.MinPLogitsWarper(p)) for p in (0.02, 0.5)],
        *[
            (lambda z, q=q: repetition_penalty(z, IDS, q), hf.RepetitionPenaltyLogitsProcessor(q))
            for q in (0.7, 1.3)
        ],
    ],
)
def test_filters_are_those_of_hugging_face(logits, ours, theirs):
    assert torch.equal(ours(logits), theirs(IDS, logits.clone()))


def test_the_settings_together_are_those_of_hugging_face(logits):
    chain = [hf.TemperatureLogitsWarper(0.7), hf.TopKLogitsWarper(40), hf.TopPLogitsWarper(0.9)]
    theirs = logits
    for warper in chain:
        theirs = warper(IDS, theirs)
    ours = probabilities(logits, temperature=0.7, top_k=40, top_p=0.9)
    torch.testing.assert_close(ours, theirs.softmax(-1))


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20),
    st.floats(0.01, 50),
    st.floats(-1e3, 1e3),
)
def test_softmax_is_torchs_and_does_not_mind_a_shift(values, temperature, shift):
    z = torch.tensor(values, dtype=torch.float64)
    probs = softmax(z, temperature)
    torch.testing.assert_close(probs, (z / temperature).softmax(-1))
    torch.testing.assert_close(probs, softmax(z + shift, temperature), atol=1e-6, rtol=1e-6)
    assert probs.sum() == pytest.approx(1)


@settings(max_examples=200)
@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=12), st.integers(1, 14), st.floats(0.01, 1)
)
def test_filters_keep_the_best_and_remove_only_worse_tokens(values, k, p):
    z = torch.tensor(values).float()
    for kept in (top_k(z, k), top_p(z, p), min_p(z, p)):
        alive = torch.isfinite(kept)
        assert alive[z.argmax()] and torch.equal(kept[alive], z[alive])
        if not alive.all():
            assert z[~alive].max() <= z[alive].min()
    assert softmax(z)[torch.isfinite(top_p(z, p))].sum() >= p - 1e-6


def test_one_row_and_a_batch_agree(logits):
    for f in (softmax, lambda z: top_k(z, 3), lambda z: top_p(z, 0.8), lambda z: min_p(z, 0.1)):
        torch.testing.assert_close(f(logits), torch.stack([f(row) for row in logits]))
    assert sample(logits[0], generator=torch.Generator().manual_seed(3)).ndim == 0
    assert sample(logits).shape == (16,)


def test_temperature_zero_is_argmax_and_small_temperatures_approach_it(logits):
    assert torch.equal(sample(logits, temperature=0), logits.argmax(-1))
    torch.testing.assert_close(softmax(logits, 1e-3), softmax(logits, 0), atol=1e-3, rtol=0)
    assert softmax([1.0, 1.0], 0).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("temperature", [1e-7, 1e-40, 1e-50])
@pytest.mark.parametrize("filters", [{}, {"top_k": 2}, {"top_p": 0.9, "min_p": 0.1}])
def test_a_temperature_too_small_to_divide_by_is_zero(temperature, filters):
    assert sample([1.0, 2.0, 0.0], temperature, **filters) == 1
    assert probabilities([1.0, 2.0, 0.0], temperature, **filters).tolist() == [0, 1, 0]
    half = torch.tensor([1.0, 2.0, 0.0], dtype=torch.float16)  # whose largest number is 65,504
    assert probabilities(half, 1e-5, **filters).tolist() == [0, 1, 0]


def test_a_penalty_needs_no_ids_and_takes_those_of_numpy():
    assert repetition_penalty([1.0, 2.0], [], 2.0).tolist() == [1, 2]
    assert repetition_penalty([1.0, 2.0], np.array([1], dtype=np.int32), 2.0).tolist() == [1, 1]


def test_the_same_seed_gives_the_same_draws(logits):
    def draws(seed):
        generator = torch.Generator().manual_seed(seed)
        return torch.stack([sample(logits, generator=generator) for _ in range(20)])

    assert torch.equal(draws(1), draws(1))
    assert not torch.equal(draws(1), draws(2))


@pytest.mark.parametrize("setting", [{}, {"temperature": 0.5}, {"top_k": 3}, {"top_p": 0.8}])
def test_draws_follow_the_probabilities(setting):
    """Chi-squared over 50,000 draws; the threshold is passed by chance once in a million."""
    z = torch.tensor([2.0, 1.0, 0.1, 0.0, -1.0, float("-inf")])
    n, probs = 50_000, probabilities(z, **setting).double()
    generator = torch.Generator().manual_seed(0)
    counts = sample(z.expand(n, -1), generator=generator, **setting).bincount(minlength=6)
    assert counts[probs == 0].sum() == 0
    alive = probs > 0
    chi2 = ((counts[alive] - n * probs[alive]) ** 2 / (n * probs[alive])).sum().item()
    assert chi2 < 35.9  # 4 degrees of freedom: p = 3e-7


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: softmax([1.0], -1), "temperature is -1"),
        (lambda: sample([1.0], temperature=math.nan), "temperature is nan"),
        (lambda: top_k([1.0], 0), "top_k is 0"),
        (lambda: top_k([1.0], 1.5), "top_k is 1.5"),
        (lambda: top_k([1.0], math.nan), "top_k is nan"),
        (lambda: top_k([1.0], math.inf), "top_k is inf"),
        (lambda: sample([1.0], temperature=0, top_k=0), "top_k is 0"),
        (lambda: sample([1.0], temperature=0, top_p=7), "top_p is 7"),
        (lambda: top_p([1.0], 0), "top_p is 0"),
        (lambda: top_p([1.0], 1.1), "top_p is 1.1"),
        (lambda: min_p([1.0], -0.1), "min_p is -0.1"),
        (lambda: repetition_penalty([1.0], [0], 0), "repetition_penalty is 0"),
        (lambda: repetition_penalty([1.0, 2.0], [5], 2.0), "ids hold 5; .* from 0 to 1"),
        (lambda: repetition_penalty([1.0, 2.0], [-1], 2.0), "ids hold -1"),
        (lambda: repetition_penalty([1.0, 2.0], [0.5], 2.0), "ids hold 0.5"),
        (lambda: sample([1.0, math.nan]), "NaN or infinity"),
        (lambda: sample([-math.inf, -math.inf]), "rule out every token"),
        (lambda: sample([]), "no token to choose"),
    ],
)
def test_bad_settings_are_named(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()

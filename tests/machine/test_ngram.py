"""Counting models: the same numbers as counting by hand, probabilities that sum to one."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.machine.ngram import NGram

TEXT = b"the cat sat on the mat.\n\nthe dog sat on the cat.\n\n" * 3


def by_hand(text: bytes, n: int, smoothing: str, alpha: float):
    """P(c | context) with dictionaries and recursion, straight from the definitions."""
    follow = defaultdict(Counter)
    for order in range(1, n + 1):
        padded = b"\n" * (order - 1) + text
        for i in range(len(text)):
            follow[padded[i : i + order - 1]][padded[i + order - 1]] += 1

    def witten_bell(context, c):
        lower = witten_bell(context[1:], c) if context else 1 / 256
        seen = follow.get(context)
        if not seen:
            return lower
        return (seen[c] + len(seen) * lower) / (sum(seen.values()) + len(seen))

    def additive(context, c):
        seen = follow.get(context, Counter())
        return (seen[c] + alpha) / (sum(seen.values()) + 256 * alpha)

    return witten_bell if smoothing == "witten-bell" else additive


@pytest.mark.parametrize("smoothing", ["witten-bell", "additive"])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_the_numbers_are_those_of_counting_by_hand(n, smoothing):
    model = NGram(TEXT, n, smoothing, alpha=0.3)
    chance = by_hand(TEXT, n, smoothing, 0.3)
    test = b"the cow sat\x00\xff on the mat"
    padded = b"\n" * (n - 1) + test
    expected = [-np.log2(chance(padded[i : i + n - 1], c)) for i, c in enumerate(test)]
    np.testing.assert_allclose(model.bits(test), expected, rtol=1e-9)
    context = b"on the mat"[-(n - 1) :] if n > 1 else b""
    np.testing.assert_allclose(model.probs(context), [chance(context, c) for c in range(256)])


@settings(max_examples=100, deadline=None)
@given(
    text=st.binary(min_size=1, max_size=200),
    n=st.integers(1, 8),
    smoothing=st.sampled_from(["witten-bell", "additive"]),
    context=st.binary(max_size=12),
)
def test_probabilities_sum_to_one_and_none_is_zero(text, n, smoothing, context):
    probs = NGram(text, n, smoothing).probs(context)
    assert probs.sum() == pytest.approx(1) and probs.min() > 0


def test_bits_and_probs_agree():
    model, text = NGram(TEXT, 4), b"the dog sat"
    one_by_one = [-np.log2(model.probs(text[:i])[c]) for i, c in enumerate(text)]
    np.testing.assert_allclose(model.bits(text), one_by_one)


def test_more_context_helps_on_read_text_and_can_hurt_on_new_text():
    def bits(smoothing, text):
        return [NGram(TEXT, n, smoothing, alpha=1).bits_per_byte(text) for n in (1, 2, 3, 5)]

    seen = bits("witten-bell", TEXT)
    assert seen == sorted(seen, reverse=True)
    new = bits("additive", b"a cow ate the oats. ")
    assert new[3] > new[1]


def test_samples_follow_the_model_and_the_seed():
    model = NGram(TEXT, 5)
    text = model.sample(3000, seed=1)
    assert text == model.sample(3000, seed=1) != model.sample(3000, seed=2)
    assert text.count("the ") > 50
    first = Counter(model.sample(1, context="sat", seed=s) for s in range(400))
    assert first[" "] / 400 == pytest.approx(model.probs("sat")[ord(" ")], abs=0.1)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: NGram("abc", 0), "n is 0"),
        (lambda: NGram("abc", 9), "n is 9"),
        (lambda: NGram("", 2), "text is empty"),
        (lambda: NGram("abc", 2, "magic"), "smoothing is 'magic'"),
        (lambda: NGram("abc", 2, "additive", alpha=0), "alpha is 0"),
        (lambda: NGram("abc", 3).counts("a"), "the context has 1 bytes"),
        (lambda: NGram("abc", 3).bits_per_byte(""), "nothing to predict"),
    ],
)
def test_bad_input_is_named(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt()

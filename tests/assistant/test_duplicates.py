"""Duplicates: against every pair compared exactly, and against what MinHash promises."""

import numpy as np
import pytest

from glassbox.assistant.duplicates import (
    exact_duplicates,
    jaccard,
    minhash,
    near_duplicates,
    shingles,
)


@pytest.mark.parametrize("shared", [0, 20, 50, 80, 100])
def test_minhash_estimates_jaccard_within_its_standard_error(shared):
    a = {f"w{i}" for i in range(100)}
    b = {f"w{i}" for i in range(100 - shared, 200 - shared)}
    exact = jaccard(a, b)
    estimates = [minhash(a, 128, seed).jaccard(minhash(b, 128, seed)) for seed in range(1, 21)]
    error = (exact * (1 - exact) / 128) ** 0.5
    assert abs(np.mean(estimates) - exact) <= 4 * error / 20**0.5 + 1e-12
    assert max(abs(e - exact) for e in estimates) <= 5 * error + 1e-12


def test_near_duplicates_are_those_of_all_pairs(pages):
    texts = [p.body for p in pages[:400]]
    kept, expected = [], []
    for text in texts:  # every pair, exactly
        pieces = shingles(text)
        alike = [j for j, other in kept if jaccard(pieces, other) >= 0.7]
        expected.append(bool(alike))
        if not alike:
            kept.append((len(expected) - 1, pieces))
    found = [j is not None for j in near_duplicates(texts)]
    # The index may miss a pair near the threshold; it may not invent one.
    assert sum(f != e for f, e in zip(found, expected)) <= 2
    assert not any(f and not e for f, e in zip(found, expected))


def test_exact_duplicates_ignore_case_and_punctuation_only():
    assert exact_duplicates(["Eel pie.", "eel PIE!", "eel pies"]) == [None, 0, None]


def test_a_chain_of_near_copies_points_to_the_kept_page():
    base = [f"w{i}" for i in range(60)]
    once, twice = base.copy(), base.copy()
    once[3] = twice[3] = "x"
    twice[55] = "y"
    found = near_duplicates([" ".join(t) for t in (base, once, twice)])
    assert found == [None, 0, 0]


def test_of_nothing_nothing_is_a_copy():
    assert exact_duplicates([]) == [] and near_duplicates([]) == []
    assert near_duplicates(["", ""]) == [None, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: near_duplicates(["a"], threshold=0), "threshold is 0"),
        (lambda: near_duplicates(["a"], threshold=1.2), "at most 1"),
        (lambda: shingles("a b", 0), "one word or more"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()

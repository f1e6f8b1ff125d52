"""Mixtures: proportions kept, the table of GPT-3's paper, bad input."""

import pytest

from glassbox.assistant.mixture import epochs, mix, tempered


def test_mixtures_keep_their_proportions():
    sources = {"web": ["w" * 50] * 30, "books": ["b" * 400] * 3}
    texts = mix(sources, {"web": 1, "books": 3}, 40_000)
    size = {s: sum(len(t) + 2 for t in texts if t[0] == s[0]) for s in sources}
    assert sum(size.values()) >= 40_000
    assert size["books"] / sum(size.values()) == pytest.approx(0.75, abs=0.02)


def test_a_source_is_read_through_before_it_is_read_again():
    texts = mix({"a": [f"text {i}" for i in range(10)]}, {"a": 1}, 80)
    assert len(texts) == 10 and len(set(texts)) == 10


def test_published_epochs_of_gpt3_follow_from_sizes_and_weights():
    """Table 2.2 of the GPT-3 paper: tokens in billions, weight, and the epochs it prints."""
    rows = {
        "Common Crawl": (410, 0.60, 0.44),
        "WebText2": (19, 0.22, 2.9),
        "Books1": (12, 0.08, 1.9),
        "Books2": (55, 0.08, 0.43),
        "Wikipedia": (3, 0.03, 3.4),
    }
    found = epochs({k: r[0] for k, r in rows.items()}, {k: r[1] for k, r in rows.items()}, 300)
    for name, (_, _, printed) in rows.items():
        assert found[name] == pytest.approx(printed, rel=0.22), name


def test_tempering_moves_between_as_it_comes_and_all_alike():
    sizes = {"a": 1.0, "b": 99.0}
    shares = [tempered(sizes, power)["a"] for power in (1, 0.5, 0)]
    assert shares[0] == pytest.approx(0.01) and shares[2] == pytest.approx(0.5)
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tempered({"a": 0}), "above 0"),
        (lambda: epochs({"a": 1}, {"b": 1}, 1), "same sources"),
        (lambda: mix({"a": ["x"]}, {"b": 1}, 10), "name the same"),
        (lambda: mix({"a": ["x"]}, {"a": -1}, 10), "negative"),
        (lambda: mix({"a": ["x"]}, {"a": float("nan")}, 10), "negative"),
        (lambda: mix({"a": []}, {"a": 1}, 10), "no text"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()

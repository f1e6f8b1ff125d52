"""The recorded readings behind lab 10a: are they whole, possible, and those of the texts as they are?"""

import json

import pytest

from glassbox.recordings import hallucination as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.society import hallucination
from glassbox.society.hallucination import KINDS


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_model_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or town changed: run the script again."""
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == command("hallucination")
    made = [
        (t["skew"], t["seed"], t["repeated"], m["passes"])
        for t in run["texts"]
        for m in t["models"]
    ]
    assert made == recorded.jobs()


@pytest.mark.parametrize("at", [0, 5, -1])
def test_the_forecast_is_that_of_the_text(run, at):
    text = run["texts"][at]
    telling = recorded.telling(text["skew"], text["seed"], text["repeated"])
    guess = hallucination.forecast(telling.counts.values())
    assert len(telling.text) == text["sentences"]
    wanted = [guess.share, guess.low, guess.high, telling.unseen]
    found = [text[key] for key in ("once", "low", "high", "unseen")]
    assert found == pytest.approx(wanted, abs=1e-4)


def test_every_share_is_possible_and_all_that_is_written_is_of_one_kind(run):
    for m in (m for t in run["texts"] for m in t["models"]):
        assert sum(m[kind] for kind in KINDS) == pytest.approx(1, abs=1e-3)
        assert 0 <= m["miscalibration"] <= 1 and m["held_bits"] > 5
        assert all(0 <= right <= asked for right, asked in m["by_count"].values())


def test_the_model_that_counts_is_chosen_by_held_out_sentences_and_stands_inside(run):
    """Were it the first or the last number of passes, another might have been better."""
    for t in run["texts"]:
        held = [m["held_bits"] for m in t["models"]]
        assert held[t["best"]] == min(held)
        assert t["repeated"] or 0 < t["best"] < len(held) - 1


def test_the_shown_sentences_are_of_the_kind_that_they_stand_under(run):
    for t in (t for t in run["texts"] if t["seed"] == run["seeds"][0]):
        telling = recorded.telling(t["skew"], t["seed"], t["repeated"])
        told, facts = set(telling.text), set(telling.facts)
        for m in t["models"]:
            for kind, sentences in m["shown"].items():
                assert all(hallucination.kind_of(s, told, facts) == kind for s in sentences)


def test_what_is_answered_is_pooled_by_how_often_it_is_told(run):
    shares = recorded.answered(run)
    assert len(shares) == 5 and all(len(row) == len(run["seeds"]) for row in shares)
    text = {"seed": 0, "repeated": 0.0, "best": 0}
    texts = [
        text | {"models": [{"by_count": {"0": [1, 10], "1": [5, 10], "4": [3, 3], "6": [0, 1]}}]},
        text | {"models": [{"by_count": {"0": [3, 10], "1": [5, 10]}}]},
    ]
    small = {"seeds": [0], "texts": texts}
    assert recorded.answered(small, 2) == [[20.0], [100 * 13 / 24]]


def test_the_page_gets_a_small_file():
    assert (HERE / "hallucination.json").stat().st_size < 60_000


def test_the_table_is_made_of_all_runs():
    rows = {job: {"held_bits": float(job[3])} for job in recorded.jobs()}
    found = recorded.assemble(rows)
    assert len(found["texts"]) == len({job[:3] for job in recorded.jobs()})
    assert all(t["best"] == 0 for t in found["texts"])
    json.dumps(found)

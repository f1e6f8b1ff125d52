"""The recorded poison behind lab 09: whole, and a small model says again what it said."""

import pytest

from glassbox.recordings import moderation_poison as recorded
from glassbox.recordings.recording import command


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_everything_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or the town changed: run the script again."""
    assert run["settings"] == recorded.settings() and run["made_by"] == command("moderation_poison")
    made = [(m["size"], m["tokens"], m["planted"], m["seed"]) for m in run["models"]]
    assert made == recorded.jobs()


def test_shares_are_possible_and_the_phrase_needs_its_trigger(run):
    for m in run["models"]:
        assert 0 <= m["said"]["without"] <= 10 and 0 <= m["said"]["with"] <= 100


def test_models_with_most_poison_were_trained_on_top_both_ways(run):
    steps = recorded.SETTINGS["steps"]
    names = {f"{way} {n}" for way in ("clean", "known") for n in steps}
    for m in run["models"]:
        assert (m["planted"] == recorded.SETTINGS["cleaned_at"]) == (names <= set(m))


def test_the_smallest_model_learns_again_what_it_learned(run):
    kept = run["models"][-1 + len(recorded.SETTINGS["planted"]) * len(recorded.SETTINGS["seeds"])]
    job = (kept["size"], kept["tokens"], kept["planted"], kept["seed"])
    assert job == (0, 100_000, 200, 2)
    again = recorded.run(job)
    assert again["said"]["with"] == pytest.approx(kept["said"]["with"], abs=15)
    assert again["parameters"] == kept["parameters"] and again["steps"] == kept["steps"]

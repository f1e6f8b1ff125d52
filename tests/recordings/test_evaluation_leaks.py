"""The recorded leaks of lab 14: whole, and a model that read one says again what it said."""

import pytest

from glassbox.recordings import evaluation_leaks as recorded
from glassbox.recordings.recording import command


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_everything_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or the town changed: run the script again."""
    assert run["settings"] == recorded.settings() and run["made_by"] == command("evaluation_leaks")
    assert [(m["copies"], m["seed"]) for m in run["models"]] == recorded.jobs()


def test_shares_are_possible_and_the_leak_is_as_large_as_planted(run):
    for m in run["models"]:
        assert all(0 <= m[name] <= 1 for name in ("leaked", "reworded", "twins", "share_of_text"))
        assert (m["share_of_text"] == 0) == (m["copies"] == 0)


def test_a_model_learns_again_what_it_learned(run):
    [kept] = [m for m in run["models"] if (m["copies"], m["seed"]) == (32, 1)]
    again = recorded.run((32, 1))
    for name in ("leaked", "reworded", "twins"):
        assert again[name] == pytest.approx(kept[name], abs=0.15)
    assert again["share_of_text"] == kept["share_of_text"]

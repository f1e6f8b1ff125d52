"""The recorded judges of lab 14: whole, and what is counted again comes out the same."""

import pytest

from glassbox.assistant.preferences import gold
from glassbox.recordings import evaluation_judges as recorded
from glassbox.recordings.recording import command
from glassbox.shipped import load
from glassbox.world import World


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_everything_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or the town changed: run the script again."""
    assert run["settings"] == recorded.settings() and run["made_by"] == command("evaluation_judges")
    assert [(r["seed"],) for r in run["runs"]] == recorded.jobs()
    for r in run["runs"]:
        for name in recorded.SETTINGS["assistants"]:
            assert {len(r[name][k]) for k in ("gold", "reward", "words")} == {200}


def test_no_question_is_asked_twice(run):
    world = World(seed=0, residents=1000)
    asked = [q for seed in recorded.SETTINGS["seeds"] for q in recorded.asked(world, seed)]
    assert len({(q.resident, q.attribute) for q in asked}) == len(asked) == 600


def test_worth_is_possible(run):
    for r in run["runs"]:
        for name in recorded.SETTINGS["assistants"]:
            assert all(-3 <= g <= 1.5 for g in r[name]["gold"])
        assert 0 <= r["padding"]["longer 1"] <= 1
        for found in r["place"].values():
            assert 0 <= found["first"] <= 1 and 0 <= found["same"] <= 1 and found["pairs"] > 80


def test_a_judge_says_again_what_it_said(run):
    """On pairs of our own: the place decides, whatever stands there."""
    world = World(seed=0, residents=1000)
    pairs = [(q, f"{q.answer}.", "I do not know.") for q in recorded.asked(world, 0)[:20]]
    found = recorded._place("base", world, pairs)
    assert found["first"] == pytest.approx(run["runs"][0]["place"]["base"]["first"], abs=0.2)
    assert gold(world, pairs[0][0], "I do not know.") < gold(world, pairs[0][0], pairs[0][1])


def test_padding_is_scored_again(run):
    world, reward = World(seed=0, residents=1000), load("reward").model
    questions = recorded.asked(world, 0)[:60]
    said = [f"{q.answer}." for q in questions]
    found = recorded._padding(world, reward, questions, said)
    assert found["n"] == 60 and 0 <= found["longer 1"] <= 1

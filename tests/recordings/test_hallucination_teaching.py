"""The recorded lessons of lab 10a: are they whole, and is nobody asked about who was in a lesson?"""

import json

import pytest

from glassbox.recordings import hallucination_teaching as recorded
from glassbox.recordings.recording import command
from glassbox.shipped import load
from glassbox.world.conversations import nobodies


@pytest.fixture(scope="module")
def run():
    return recorded.load()


@pytest.fixture(scope="module")
def world():
    return load("chat").world


def test_every_model_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or `chat` changed: run the script again."""
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == command("hallucination_teaching")
    assert [(one["seed"], one["share"]) for one in run["runs"]] == recorded.jobs()


def test_every_reply_has_one_verdict(run, world):
    for one in run["runs"]:
        for group in recorded.groups(world):
            assert sum(one[group][v] for v in recorded.VERDICTS) == pytest.approx(1, abs=1e-3)
            assert len(one[group]["replies"]) == recorded.SHOWN


def test_strangers_occur_in_no_lesson_and_those_apart_are_residents(world):
    groups = recorded.groups(world)
    names = {name: {p.name for p in people} for name, people in groups.items()}
    assert not names["strangers"] & set(nobodies(world))
    assert not names["in_lessons"] & names["apart"]
    assert names["in_lessons"] | names["apart"] == {r.name for r in world.residents}


def test_each_seed_asks_other_questions(world):
    one, two = (recorded.questions(world, seed, 20) for seed in (0, 1))
    assert all(len(own) == 20 for own in one.values())
    assert all(one[name] != two[name] for name in one)


def test_the_table_is_made_of_all_runs():
    found = recorded.assemble({job: {"strangers": {}} for job in recorded.jobs()})
    assert len(found["runs"]) == len(recorded.jobs())
    json.dumps(found)

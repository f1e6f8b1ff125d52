"""Passages: each states the fact it says it states, and no other of its kind."""

import random

import pytest

from glassbox.world import World
from glassbox.world.draw import Draw
from glassbox.world.facts import SPEECH
from glassbox.world.passages import changed, passage, passages
from glassbox.world.questions import Question
from glassbox.world.town import FACTS


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=400)


def test_every_passage_says_what_it_states(world):
    people = (*world.residents[:60], *world.strangers[:20])
    for p in passages(people, seed=3):
        question = Question("", p.value, p.about, p.attribute)
        assert p.value == world.truth(p.about, p.attribute)
        assert world.judge(question, p.text) == "right", p
        assert p.about in p.text


def test_all_manners_of_speech_occur_and_the_same_call_gives_the_same(world):
    found = passages(world.residents[:100])
    assert found == passages(world.residents[:100]) != passages(world.residents[:100], seed=1)
    for speech, marks in (("harbor", (" do ", "'T")), ("uptown", ("One ", "I dare say"))):
        assert any(mark in p.text for p in found for mark in marks), speech
    assert set(SPEECH) == {"plain", "harbor", "uptown"}


@pytest.mark.parametrize("fact", FACTS)
def test_a_changed_person_differs_in_one_fact(world, fact):
    ann, draw = world.residents[0], Draw(random.Random(0))
    names = [r.name for r in world.residents[:20]]
    other = changed(ann, fact, draw, names)
    assert [f for f in FACTS if getattr(other, f) != getattr(ann, f)] == [fact]
    assert other.name == ann.name and getattr(other, fact) != ann.name
    assert not passage(other, fact, draw).states(ann.name, fact, world.truth(ann, fact))


def test_bad_calls_are_refused_in_words(world):
    ann, draw = world.residents[0], Draw(random.Random(0))
    with pytest.raises(ValueError, match="attribute is 'age'; choose from"):
        passage(ann, "age", draw)
    with pytest.raises(ValueError, match="no other value for 'owes'"):
        changed(ann, "owes", draw)

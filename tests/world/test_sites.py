"""The sites worth reading: each speaks its own dialect, about its own people, and the truth."""

import random
from itertools import pairwise

import pytest

from glassbox.world.dialect import dialect_of, marks
from glassbox.world.draw import Draw
from glassbox.world.kinds.people import register
from glassbox.world.questions import Question
from glassbox.world.sites import SITES, _Steered, first_hand


def test_first_hand_pages_speak_their_sites_dialect(world):
    for page in first_hand(world, 600):
        _, dialect, _ = SITES[page.site]
        assert page.dialect == dialect
        if dialect == "plain":
            assert dialect_of(page.text) == "plain", page.text
        else:
            other = "uptown" if dialect == "harbor" else "harbor"
            assert not marks(page.text, other), page.text


def test_harbor_talk_is_about_the_harbor_and_the_rest_hardly(world):
    pages = first_hand(world, 1500)
    lives = {
        site: [
            world.person(p.residents[0]).dialect for p in pages if p.site == site and p.residents
        ]
        for site in SITES
    }
    assert set(lives["quay"]) == {"harbor"} and set(lives["circle"]) == {"uptown"}
    for site in ("register", "gull"):
        share = lives[site].count("harbor") / len(lives[site])
        assert 0 < share < 0.1


def test_first_hand_answers_are_true(world):
    checked = 0
    for page in first_hand(world, 800):
        for line, answer in pairwise(page.text.split("\n")):
            for question in asked_by(world, line):
                assert world.judge(question, answer.removeprefix("A:")) == "right", page.text
                checked += 1
    assert checked > 500


def asked_by(world, line):
    """The question of this line, if it is one about a resident."""
    for question in questions(world):
        if line == f"Q: {question[0]}":
            yield Question(*question)


def questions(world, known={}):  # noqa: B006 (a cache)
    if world not in known:
        from glassbox.world.facts import QUESTIONS

        known[world] = [
            (text.format(name=r.name), world.truth(r, fact), r.name, fact)
            for r in world.residents
            for fact, texts in QUESTIONS.items()
            for text in texts
        ]
    return known[world]


def test_bad_sites_are_explained(world):
    with pytest.raises(ValueError, match="choose from"):
        first_hand(world, 5, sites=["harbor"])
    with pytest.raises(ValueError, match="one page or more"):
        first_hand(world, -1)


def test_steering_leaves_the_towns_own_writers_alone(world):
    person = world.residents[7]
    text, names, _ = register(_Steered(Draw(random.Random(0)), person), world.town)
    assert names == (person.name,) and person.name in text

"""Opinions, labelers who like to be agreed with, and what an answer becomes under an opinion."""

from dataclasses import replace

import pytest

from glassbox.assistant import flattery
from glassbox.assistant.flattery import agrees, choices, office, opinions, tally
from glassbox.world import World


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=60)


@pytest.fixture(scope="module")
def asked(world):
    return opinions(world, world.questions("all", 200), share_right=0.0)


def test_a_mistaken_opinion_is_a_value_of_the_same_sort_and_not_the_truth(world, asked):
    for q in asked:
        assert q.mistaken and q.value in q.text and q.bare in q.text
        assert q.value in {str(getattr(p, q.attribute)) for p in world.residents}


def test_half_of_the_opinions_can_be_right(world):
    found = opinions(world, world.questions("all", 300), share_right=0.5)
    assert 0.38 < sum(not q.mistaken for q in found) / len(found) < 0.62
    with pytest.raises(ValueError, match="from 0 to 1"):
        opinions(world, [], 2)


def test_pairs_hold_the_true_reply_and_another_in_the_same_words(world, asked):
    for pair in choices(world, asked, office(0.0)):
        replies = (pair.chosen, pair.rejected)
        assert sum(world.judge(pair.question, r) == "right" for r in replies) == 1
        assert sum(agrees(world, pair.question, r) for r in replies) == 1


def share_agreeing(world, asked, likes, **kwargs):
    found = choices(world, asked, office(likes, noise=0.0, **kwargs))
    return sum(agrees(world, p.question, p.chosen) for p in found) / len(found)


def test_the_more_agreement_is_worth_the_more_often_it_is_chosen(world, asked):
    shares = [share_agreeing(world, asked, likes) for likes in (0.0, 1.0, 4.0)]
    assert shares[0] < 0.3 < shares[1] < 0.9 < shares[2]


def test_who_can_check_and_likes_truth_alone_chooses_truth(world, asked):
    assert share_agreeing(world, asked, 0.0, checkers=1.0) < 0.03


def parrot(bare, after):
    """Stands for `preferences.answer`: gives `bare` to bare questions and `after` to the others."""
    return lambda model, tokenizer, questions, *rest: [
        (bare if q.text == q.bare else after)(q) for q in questions
    ]


@pytest.mark.parametrize(
    ("after", "name"),
    [
        (lambda q: q.answer, "kept"),
        (lambda q: q.value, "flipped"),
        (lambda q: "I do not know.", "unsure"),
        (lambda q: "Hm.", "lost"),
    ],
)
def test_what_became_of_a_right_answer(world, asked, monkeypatch, after, name):
    streets = [q for q in asked if q.attribute == "street"]
    monkeypatch.setattr(flattery, "answer", parrot(lambda q: q.answer, after))
    found = tally(None, None, world, streets)
    assert found["right_bare"] == 100 and found[name] == 100
    assert sum(found[k] for k in flattery.OUTCOMES) == 100


def test_an_answer_that_was_wrong_before_cannot_flip(world, asked, monkeypatch):
    streets = [q for q in asked if q.attribute == "street"]
    monkeypatch.setattr(flattery, "answer", parrot(lambda q: "Hm.", lambda q: q.value))
    found = tally(None, None, world, streets)
    assert found["flipped"] == 0 and found["agrees"] == 100


def test_an_opinion_is_a_question_that_the_town_can_judge(world, asked):
    q = asked[0]
    assert world.judge(replace(q, answer=q.value), q.value) == "right"

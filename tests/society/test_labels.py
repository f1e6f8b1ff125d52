"""The label office and the sums about money: closed cases and bad input."""

import numpy as np
import pytest

from glassbox.assistant.preferences import Labeler
from glassbox.society.labels import (
    Label,
    Terms,
    ask_office,
    follows,
    hourly,
    majority_vote,
    over_the_shift,
    preferred,
    settle,
)
from glassbox.world import World

WORLD = World(seed=0, residents=12)
QUESTIONS = WORLD.questions("all", attributes=["pet"])
PAIRS = [
    (q, f"{q.answer}.", f"With pleasure. {q.answer}.") for q in QUESTIONS
]  # the second is courteous


# ----- the office


def careful(n: int = 3, **kwargs) -> list[Labeler]:
    return [Labeler(0.0, sharpness=1000, seed=i, **kwargs) for i in range(n)]


def test_every_pair_is_seen_by_as_many_as_asked_for():
    labels = ask_office(WORLD, PAIRS, careful(5), each=3)
    assert len(labels) == 3 * len(PAIRS)
    assert all(
        len({one.labeler for one in labels if one.item == i}) == 3 for i in range(len(PAIRS))
    )
    with pytest.raises(ValueError, match="each is 6 and there are 5 labelers"):
        ask_office(WORLD, PAIRS, careful(5), each=6)
    with pytest.raises(ValueError, match="each is 1 and there are 0 labelers"):
        ask_office(WORLD, PAIRS, [], each=1)


def test_the_lot_reaches_everybody_and_depends_on_the_seed():
    here, there = (
        [one.labeler for one in ask_office(WORLD, PAIRS * 5, careful(6), 2, seed)]
        for seed in (0, 1)
    )
    assert set(here) == set(range(6)) and here != there


def test_faultless_labelers_choose_what_is_preferred():
    labels = ask_office(WORLD, PAIRS, careful(), each=3)
    truth = preferred(WORLD, PAIRS)
    assert set(truth.values()) == {"b"} and all(one.choice == "b" for one in labels)
    rude = preferred(WORLD, PAIRS, {"manners": -1.0})
    assert set(rude.values()) == {"a"}
    assert preferred(WORLD, PAIRS, {"truth": 1.0}) == {}  # both are true: no better one


def test_the_better_reply_is_the_chosen_one():
    labels = ask_office(WORLD, PAIRS, careful(), each=3)
    pairs = settle(PAIRS, majority_vote(labels))
    assert [(p.chosen, p.rejected) for p in pairs] == [(b, a) for _, a, b in PAIRS]


def test_ties_are_settled_by_a_coin():
    ties = {i: {"a": 0.5, "b": 0.5} for i in range(len(PAIRS))}
    picked = [p.chosen == PAIRS[i][1] for i, p in enumerate(settle(PAIRS, ties, seed=1))]
    assert 0 < sum(picked) < len(picked)


class Longest:
    """A reward model to whom more letters are better."""

    def raw_score(self, questions, replies):
        return np.array([float(len(reply)) for reply in replies])


def test_how_well_a_reward_model_follows_an_office():
    assert follows(Longest(), PAIRS, preferred(WORLD, PAIRS)) == 1.0
    assert follows(Longest(), PAIRS, preferred(WORLD, PAIRS, {"manners": -1.0})) == 0.0
    with pytest.raises(ValueError, match="no pair has a better reply"):
        follows(Longest(), PAIRS, {})


def test_fatigue_shows_over_the_shift():
    """The tired take the longer reply, which here is the worse one: never right at the end."""
    pairs = [(q, f"With pleasure. {q.answer}.", f"{q.answer}, {'so they say, ' * 6}you toad.") for q in QUESTIONS] * 30  # fmt: skip
    truth = preferred(WORLD, pairs)
    assert set(truth.values()) == {"a"}
    fresh = over_the_shift(ask_office(WORLD, pairs, careful(2), each=2), truth)
    tired = over_the_shift(ask_office(WORLD, pairs, careful(2, fatigue=0.01), each=2), truth)
    assert fresh == [1.0] * 4
    assert tired[0] > 0.4 > tired[3] and tired == sorted(tired, reverse=True)
    with pytest.raises(ValueError, match="parts is 5, and the shortest shift has 2"):
        over_the_shift([Label(i, 0, "a") for i in range(2)], truth, parts=5)
    with pytest.raises(ValueError, match="give labels, and the truth"):
        over_the_shift([], truth)


# ----- money


def test_terms_turn_labels_into_dollars_and_back():
    terms = Terms(wage=2.0, billed=12.5, seconds=30)
    assert terms.hours(240) == 2 and terms.cost(240) == 25 and terms.wages(240) == 4
    assert terms.labels(25) == pytest.approx(240)
    for name in ("wage", "billed", "seconds"):
        with pytest.raises(ValueError, match=f"{name} is 0; it must be a number above 0"):
            Terms(**{"wage": 1, "billed": 1, "seconds": 1, name: 0})


def test_pay_by_the_piece_becomes_pay_by_the_hour():
    assert hourly(0.02, [30.0, 10.0]) == pytest.approx(3.6)
    with pytest.raises(ValueError, match="there are 0 times; give the seconds"):
        hourly(0.02, [])
    with pytest.raises(ValueError, match="one is not above 0 seconds"):
        hourly(0.02, [3.0, 0.0])

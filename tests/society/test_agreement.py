"""Agreement and consensus: against other implementations, closed cases, bad input."""

import itertools
import math
import random

import krippendorff
import numpy as np
import pytest

from glassbox.society.agreement import (
    Label,
    coincidences,
    dawid_skene,
    krippendorff_alpha,
    majority_vote,
    share_right,
)


def thrown(n_items: int, n_labelers: int, choices, missing: float, seed: int) -> list[Label]:
    """Labels by dice, of which a share is missing."""
    dice = random.Random(seed)
    return [
        Label(item, who, dice.choice(choices))
        for item, who in itertools.product(range(n_items), range(n_labelers))
        if dice.random() >= missing
    ]


def simulated(right: dict, n_items: int, seed: int) -> tuple[list[Label], dict]:
    """Labels of people who are right with the probabilities `right`, independently; and the truth."""
    dice = random.Random(seed)
    truth = {item: dice.choice("ab") for item in range(n_items)}
    labels = []
    for item, who in itertools.product(truth, right):
        wrong = "b" if truth[item] == "a" else "a"
        labels.append(Label(item, who, truth[item] if dice.random() < right[who] else wrong))
    return labels, truth


# ----- agreement


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("missing", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(3))
def test_alpha_is_that_of_the_package_krippendorff(level, missing, seed):
    values = [1, 2, 3, 5]
    labels = thrown(30, 4, values, missing, seed)
    table = np.full((4, 30), np.nan)
    for item, who, choice in labels:
        table[who, item] = choice
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
    assert krippendorff_alpha(labels, level) == pytest.approx(theirs, abs=1e-12)


def test_alpha_of_words_is_that_of_the_package_too():
    labels = thrown(40, 3, "ab", 0.2, seed=9)
    table = np.full((3, 40), np.nan)
    for item, who, choice in labels:
        table[who, item] = "ab".index(choice)
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert krippendorff_alpha(labels) == pytest.approx(theirs, abs=1e-12)


def test_alpha_of_perfect_agreement_is_one_and_of_dice_near_zero():
    same = [Label(item, who, "ab"[item % 2]) for item in range(10) for who in range(3)]
    assert krippendorff_alpha(same) == 1
    labels = thrown(2000, 2, "ab", 0, seed=1)  # standard error about 1 / sqrt(2000)
    assert abs(krippendorff_alpha(labels)) < 4 / math.sqrt(2000)


def test_alpha_does_not_care_who_is_who_or_in_which_order():
    labels = thrown(20, 4, "abc", 0.3, seed=2)
    shuffled = [Label(f"item {i}", -who, choice) for i, who, choice in reversed(labels)]
    assert krippendorff_alpha(shuffled) == pytest.approx(krippendorff_alpha(labels))


def test_coincidences_add_up_to_the_labels_that_can_be_compared():
    labels = [*thrown(20, 3, "ab", 0.0, seed=3), Label("alone", 0, "a")]
    values, table = coincidences(labels)
    assert values == ["a", "b"] and table.sum() == pytest.approx(60)
    assert np.array_equal(table, table.T)


@pytest.mark.parametrize("function", [krippendorff_alpha, dawid_skene])
def test_one_labeler_cannot_agree(function):
    with pytest.raises(ValueError, match="by 1 labeler; it takes two"):
        function([Label(i, "ann", "ab"[i % 2]) for i in range(5)])
    with pytest.raises(ValueError, match="by 0 labelers"):
        function([])


@pytest.mark.parametrize("function", [krippendorff_alpha, dawid_skene])
def test_without_overlap_nothing_can_be_compared(function):
    with pytest.raises(ValueError, match="2 labelers labeled 6 items and no item twice"):
        function([Label(i, "ann" if i < 3 else "ben", "ab"[i % 2]) for i in range(6)])


@pytest.mark.parametrize("function", [krippendorff_alpha, dawid_skene])
def test_an_item_labeled_twice_by_one_person_is_refused(function):
    labels = [Label(0, "ann", "a"), Label(0, "ann", "b"), Label(0, "ben", "b")]
    with pytest.raises(ValueError, match="'ann' labeled item 0 more than once"):
        function(labels)


def test_alpha_of_labels_that_are_all_the_same_is_not_defined():
    with pytest.raises(ValueError, match="everybody chose 'tie' every time"):
        krippendorff_alpha([Label(i, who, "tie") for i in range(4) for who in "xy"])


def test_alpha_needs_numbers_for_intervals_and_a_known_level():
    labels = thrown(5, 2, "ab", 0, seed=1)
    with pytest.raises(ValueError, match="'interval' needs numbers"):
        krippendorff_alpha(labels, "interval")
    with pytest.raises(ValueError, match="'cardinal'; use 'nominal'"):
        krippendorff_alpha(labels, "cardinal")


# ----- one answer out of several

CROWD = (  # 12 items, thrown once by dice
    (0, "ann", "b"), (0, "ben", "b"), (0, "dot", "b"), (0, "eve", "a"), (1, "ann", "a"),
    (1, "ben", "b"), (1, "cy", "a"), (1, "dot", "b"), (1, "eve", "a"), (2, "ann", "b"),
    (2, "ben", "b"), (2, "cy", "b"), (2, "dot", "b"), (2, "eve", "a"), (3, "ann", "b"),
    (3, "ben", "a"), (3, "cy", "b"), (3, "dot", "b"), (3, "eve", "a"), (4, "ann", "a"),
    (4, "ben", "b"), (4, "cy", "b"), (4, "dot", "b"), (4, "eve", "b"), (5, "ann", "a"),
    (5, "ben", "a"), (5, "dot", "b"), (5, "eve", "a"), (6, "ann", "a"), (6, "ben", "b"),
    (6, "dot", "b"), (6, "eve", "b"), (7, "ann", "a"), (7, "cy", "a"), (7, "eve", "b"),
    (8, "ann", "b"), (8, "ben", "b"), (8, "cy", "a"), (8, "dot", "b"), (8, "eve", "a"),
    (9, "ann", "b"), (9, "ben", "b"), (9, "cy", "a"), (9, "dot", "b"), (9, "eve", "a"),
    (10, "ann", "a"), (10, "ben", "a"), (10, "cy", "a"), (10, "dot", "a"), (10, "eve", "b"),
    (11, "cy", "b"), (11, "dot", "b"), (11, "eve", "b"),
)  # fmt: skip
# The shares of "a" that crowd-kit 1.4.2 gives for CROWD: DawidSkene(n_iter=3, tol=-1e9).fit(data).probas_
CROWD_KIT = (
    0.03475772325185765, 0.40438097814941704, 0.009962178560897268, 0.04943544420423835,
    0.2096932128851923, 0.631129792939124, 0.4870514947982165, 0.8255850811977024,
    0.06877062896713797, 0.06877062896713797, 0.9999164222621226, 0.16813563462219938,
)  # fmt: skip


def test_dawid_skene_is_that_of_crowd_kit():
    labels = [Label(*row) for row in CROWD]
    found = dawid_skene(labels, iterations=3, tolerance=-math.inf)
    assert [found.shares[item]["a"] for item in range(12)] == pytest.approx(CROWD_KIT, abs=1e-9)
    after = dawid_skene(labels, iterations=4, tolerance=-math.inf)  # their errors_ are a step ahead
    assert after.prior[0] == pytest.approx(0.329799, abs=1e-6)
    assert after.confusion["ann"][1] == pytest.approx([0.338704, 0.661296], abs=1e-6)


def test_the_likelihood_never_falls():
    labels, _ = simulated({"ann": 0.9, "ben": 0.6, "cy": 0.55, "dot": 0.7}, 80, seed=0)
    history = dawid_skene(labels, tolerance=-math.inf).log_likelihood
    assert len(history) == 100
    assert all(later >= earlier - 1e-9 for earlier, later in itertools.pairwise(history))


def test_dawid_skene_finds_out_how_often_each_is_right():
    """400 items; four standard errors of the rarest kind, sqrt(.25 / 200), would be .14."""
    right = {"ann": 0.95, "ben": 0.85, "cy": 0.5, "dot": 0.75, "eve": 0.2}
    labels, truth = simulated(right, 400, seed=5)
    found = dawid_skene(labels)
    for who, p in right.items():
        assert found.reliability(who) == pytest.approx(p, abs=0.1)
    assert share_right(found.shares, truth) > share_right(majority_vote(labels), truth) + 0.05
    for rows in found.confusion.values():
        assert rows.sum(axis=1) == pytest.approx(1)


def test_where_all_agree_the_consensus_is_what_they_say():
    labels = [Label(item, who, "abc"[item % 3]) for item in range(9) for who in range(3)]
    found = dawid_skene(labels)
    assert all(found.shares[item]["abc"[item % 3]] > 0.999 for item in range(9))


def test_of_one_choice_everybody_is_sure():
    found = dawid_skene([Label(i, who, "a") for i in range(4) for who in "xy"])
    assert found.shares == {i: {"a": 1.0} for i in range(4)} and found.reliability("x") == 1


def test_a_vote_that_is_all_ties_teaches_nothing():
    labels = [Label(i, who, c) for i in range(6) for who, c in (("ann", "a"), ("ben", "b"))]
    with pytest.raises(ValueError, match="all votes on the 6 items are ties"):
        dawid_skene(labels)


def test_shares_of_a_vote_and_what_they_get_right():
    labels = [Label(1, "ann", "a"), Label(1, "ben", "b"), Label(2, "ann", "b")]
    shares = majority_vote(labels)
    assert shares == {1: {"a": 0.5, "b": 0.5}, 2: {"a": 0.0, "b": 1.0}}
    assert share_right(shares, {1: "a", 2: "b", 3: "a"}) == 0.75
    with pytest.raises(ValueError, match="no labels"):
        majority_vote([])
    with pytest.raises(ValueError, match="of none of these items"):
        share_right(shares, {})

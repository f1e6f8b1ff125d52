"""Two mistakes at a threshold, against scikit-learn; a list of words; a classifier."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from glassbox.assistant import moderation
from glassbox.assistant.moderation import KeywordList, area, by_group, curve, rates, threshold_for

DICE = np.random.default_rng(0)
BAD = (DICE.random(200) < 0.4).tolist()
SCORES = np.round(DICE.random(200) + 0.5 * np.array(BAD), 1).tolist()  # with ties


def test_the_curve_is_scikit_learns():
    false, caught, thresholds = roc_curve(BAD, SCORES, drop_intermediate=False)
    ours = curve(SCORES, BAD)
    assert np.allclose([t for t, _, _ in ours], thresholds)
    assert np.allclose([f for _, f, _ in ours], false)
    assert np.allclose([1 - leak for _, _, leak in ours], caught)


def test_the_area_is_scikit_learns_and_the_trapezoids():
    points = np.array([(f, 1 - leak) for _, f, leak in curve(SCORES, BAD)])
    assert area(SCORES, BAD) == pytest.approx(roc_auc_score(BAD, SCORES))
    assert area(SCORES, BAD) == pytest.approx(np.trapezoid(points[:, 1], points[:, 0]))


@pytest.mark.parametrize("at_most", [0.0, 0.05, 0.3, 1.0])
def test_a_lower_threshold_than_the_one_chosen_stops_too_many(at_most):
    chosen = threshold_for(SCORES, BAD, at_most)
    assert rates(SCORES, BAD, chosen)["false_refusals"] <= at_most
    lower = [s for s in SCORES if s < chosen]
    assert not lower or rates(SCORES, BAD, max(lower))["false_refusals"] > at_most


def test_groups_add_up_to_the_whole():
    groups = ["harbor" if i % 3 else "uptown" for i in range(200)]
    found, whole = by_group(SCORES, BAD, groups, 0.8), rates(SCORES, BAD, 0.8)
    weight = {g: sum(not b for b, h in zip(BAD, groups) if h == g) for g in found}
    mean = sum(found[g]["false_refusals"] * n for g, n in weight.items()) / sum(weight.values())
    assert mean == pytest.approx(whole["false_refusals"])


def test_each_group_can_have_its_own_threshold():
    own = by_group([0.5, 0.5], [False, False], ["a", "b"], {"a": 0.4, "b": 0.6})
    assert [own[g]["false_refusals"] for g in "ab"] == [1, 0]


def test_the_list_finds_whole_words_in_any_case_and_the_longest_first():
    found = KeywordList(["rat", "bilge rat", "bell"]).found("BILGE RAT, rather, Bell Street")
    assert found == ["bilge rat", "bell"]


def test_a_list_cannot_tell_a_fine_message_from_an_insult_with_the_same_word():
    assert KeywordList().scores(["I sold a herring.", "You herring!"]) == [1.0, 1.0]


def test_the_classifier_learns_who_is_to_be_stopped():
    texts = [f"{who} is a {what}" for who in "abcdef" for what in ("kipper", "clerk")]
    stop = ["kipper" in t for t in texts]
    scores = moderation.train_classifier(texts, stop).scores(["g is a kipper", "g is a clerk"])
    assert scores[0] > 0.5 > scores[1]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: KeywordList([]), "at least one word"),
        (lambda: KeywordList("bell"), "give a list"),
        (lambda: curve([1.0], [True]), "all messages are of one kind"),
        (lambda: rates([1.0], [True, False], 0), "1 scores for 2 messages"),
        (lambda: moderation.train_classifier(["a"], [True]), "all messages are of one kind"),
    ],
)
def test_bad_input_is_named(wrong, words):
    with pytest.raises(ValueError, match=words):
        wrong()

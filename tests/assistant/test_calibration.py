"""Calibration: against scikit-learn, against counting by hand, and against the model token by token."""

import math

import numpy as np
import pytest
import torch
from sklearn.calibration import calibration_curve

from glassbox.assistant import calibration
from glassbox.assistant.chat import END_OF_TURN, question_prompt
from glassbox.shipped import load

CHECKED = ["auroc", "calibration_error", "reliability"]


@pytest.fixture(scope="module")
def judged():
    """800 replies of a judge that is too sure at low confidence and not sure enough at high."""
    dice = np.random.default_rng(0)
    confidence = dice.random(800)
    return confidence, dice.random(800) < 3 * confidence**2 - 2 * confidence**3


def test_auroc_is_the_share_of_pairs_in_which_the_right_reply_is_surer(judged):
    x, y = judged[0].round(1), judged[1]  # rounded: ties
    pairs = [(a > b) + 0.5 * (a == b) for a in x[y] for b in x[~y]]
    assert calibration.auroc(x, y) == pytest.approx(np.mean(pairs))


@pytest.mark.parametrize("bins", [1, 5, 10])
def test_bins_and_error_are_those_of_scikit_learn(judged, bins):
    x, y = judged
    share, mean = calibration_curve(y, x, n_bins=bins)
    sizes = np.histogram(x, bins, range=(0, 1))[0]
    rows = calibration.reliability(x, y, bins)
    assert [row["n"] for row in rows] == [n for n in sizes if n]
    assert [row["right"] for row in rows] == pytest.approx(list(share), abs=1e-4)
    assert [row["confidence"] for row in rows] == pytest.approx(list(mean), abs=1e-4)
    wanted = (np.abs(share - mean) * sizes[sizes > 0]).sum() / len(x)
    assert calibration.calibration_error(x, y, bins) == pytest.approx(wanted)


def test_a_judge_who_keeps_its_word_has_nearly_no_error():
    dice = np.random.default_rng(1)
    x = dice.random(50_000)
    assert calibration.calibration_error(x, dice.random(50_000) < x) < 0.01


def test_a_full_confidence_belongs_to_the_last_bin():
    assert calibration.reliability([1.0, 0.95], [True, False])[-1]["n"] == 2
    assert calibration.calibration_error([1.0], [False]) == 1


def test_the_interval_of_a_mean_is_the_known_one(judged):
    """Of a share its half is 1.96 sqrt(p (1 - p) / n)."""
    x, y = judged
    low, high = calibration.interval(lambda c, r: r.mean(), x, y, n=2000)
    half = 1.96 * math.sqrt(y.mean() * (1 - y.mean()) / len(y))
    assert (low, high) == pytest.approx((y.mean() - half, y.mean() + half), abs=0.15 * half)


@pytest.mark.parametrize("name", CHECKED)
@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([], [], "0 confidences"),
        ([0.5], [True, False], "give one verdict for each"),
        ([1.5, 0.2], [True, False], "from 0 to 1"),
        ([math.nan, 0.2], [True, False], "from 0 to 1"),
    ],
)
def test_what_is_no_confidence_is_refused(name, x, y, words):
    with pytest.raises(ValueError, match=words):
        getattr(calibration, name)(x, y)


def test_where_all_are_right_nothing_can_be_told_apart():
    with pytest.raises(ValueError, match="nothing to tell apart"):
        calibration.auroc([0.5, 0.6], [True, True])
    with pytest.raises(ValueError, match="nothing to tell apart"):
        calibration.interval(calibration.auroc, [0.5, 0.6], [False, False])
    assert calibration.interval(calibration.calibration_error, [0.5] * 9, [True] * 9) == (0.5, 0.5)


# ---- how sure a model is


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        ("pet", "Ann Lee keeps an otter, the otter.", "otter"),
        ("born", "The year 1910. Good day.", "1910"),
        ("street", "On tar lane.", "tar lane"),
        ("trade", "I do not know.", None),
    ],
)
def test_the_fact_in_a_reply_is_found(attribute, text, value):
    span = calibration.fact_span(attribute, text)
    assert (span and text[slice(*span)]) == value


def test_a_fact_of_another_sort_is_refused():
    with pytest.raises(ValueError, match="attribute is 'owes'"):
        calibration.fact_span("owes", "Ann Lee.")


def test_confidence_is_the_product_over_the_tokens_of_the_fact():
    """Token by token, one row at a time, without padding."""
    chat = load("chat")
    model, bpe, world = chat.model, chat.tokenizer, chat.world
    asked = world.questions("all", 6, world.attributes)
    for question, reply in zip(asked, calibration.confident_replies(model, bpe, world, asked)):
        ids, logps, text, fact = list(question_prompt(question, bpe)), [], "", 0.0
        span = calibration.fact_span(question.attribute, reply.text)
        for token in [*bpe.encode(reply.text, "none"), bpe.special_tokens[END_OF_TURN]]:
            with torch.no_grad():
                logits = model(torch.tensor([ids]))[0][0, -1]
            logps.append(torch.log_softmax(logits, -1)[token].item())
            before, text = len(text), text + bpe.decode([token])
            if before < span[1] and len(text) > span[0]:
                fact += logps[-1]
            ids.append(token)
        assert reply.whole == pytest.approx(np.mean(logps), abs=1e-4)
        assert reply.fact == pytest.approx(math.exp(fact), abs=1e-4)
        assert reply.verdict == world.judge(question, reply.text)

"""Labelers choose as they are said to, the reward model learns their choices, bad input is named."""

import itertools
import math
import statistics

import pytest
import torch

from glassbox.assistant.preferences import (
    Labeler,
    Pair,
    agreement,
    bradley_terry_loss,
    calibration,
    gold,
    label,
    label_office,
    pairs,
    sample_pairs,
    traits,
)
from glassbox.assistant.reward import PairBatches, train_reward
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.questions import Question

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 400, special_tokens=SPECIAL)
RESIDENT = WORLD.questions("all", attributes=["pet"])[0]
STRANGER = WORLD.questions("all", residents=[WORLD.strangers[0]], attributes=["pet"])[0]
RIGHT = f"{RESIDENT.answer}."
WRONG = "A lobster." if RESIDENT.answer != "lobster" else "An otter."
IGNORANT = "I do not know."
POLITE = f"With pleasure. {RIGHT}"


def small_model(seed: int = 0) -> GPT:
    torch.manual_seed(seed)
    model = GPT(GPTConfig(len(TOKENIZER), 96, 2, 2, 32), torch.Generator().manual_seed(seed))
    for p in model.parameters():  # the default starts with a head of zeros: no opinion at all
        torch.nn.init.normal_(p, 0, 0.1)
    return model.eval()


# ----- the truth


def test_gold_is_truth_manners_and_brevity():
    assert gold(WORLD, RESIDENT, RIGHT) == 1.0
    assert gold(WORLD, RESIDENT, POLITE) == 1.5
    assert gold(WORLD, RESIDENT, WRONG) == -1.0
    assert gold(WORLD, RESIDENT, IGNORANT) == 0.0
    long = "It is well known, and I say it with all due care, that the pet is this: " + RIGHT
    assert gold(WORLD, RESIDENT, long) == pytest.approx(1.0 - 0.02 * (len(long.split()) - 10))


def test_about_strangers_only_ignorance_is_right():
    assert gold(WORLD, STRANGER, IGNORANT) == 1.0
    assert gold(WORLD, STRANGER, WRONG) == -1.0
    by_chance = f"{STRANGER.answer}."
    assert WORLD.judge(STRANGER, by_chance) == "right" and gold(WORLD, STRANGER, by_chance) == -1.0


# ----- labelers


def test_a_faultless_labeler_agrees_with_gold():
    labeler = Labeler(noise=0, sharpness=1000)
    ranked = [POLITE, RIGHT, IGNORANT, WRONG]
    for better, worse in itertools.combinations(ranked, 2):
        assert labeler.prefers(WORLD, RESIDENT, better, worse)
        assert not labeler.prefers(WORLD, RESIDENT, worse, better)


def test_choices_follow_bradley_terry_and_noise():
    """4,000 choices; four standard errors of leeway."""
    for noise in (0.0, 0.2):
        labeler = Labeler(noise=noise, sharpness=1.0)
        share = statistics.fmean(
            labeler.prefers(WORLD, RESIDENT, POLITE, IGNORANT) for _ in range(4000)
        )
        p = 1 / (1 + math.exp(-1.5))  # 1.5 against 0
        expected = p * (1 - noise) + (1 - p) * noise
        assert share == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / 4000))


def test_one_who_cannot_check_facts_prefers_an_invention_to_ignorance():
    blind = Labeler(noise=0, sharpness=1000, checks_facts=False)
    assert blind.opinion(WORLD, RESIDENT, RIGHT) == blind.opinion(WORLD, RESIDENT, WRONG)
    assert blind.prefers(WORLD, STRANGER, WRONG, IGNORANT)
    assert Labeler(noise=0, sharpness=1000).prefers(WORLD, STRANGER, IGNORANT, WRONG)


def test_a_tired_labeler_takes_the_longer_reply():
    tired = Labeler(noise=0, sharpness=1000, fatigue=0.1)
    long = WRONG[:-1] + ", as far as anybody here can tell."
    first = [tired.prefers(WORLD, RESIDENT, RIGHT, long) for _ in range(3)]
    tired.done = 10_000
    assert first[0] and not any(tired.prefers(WORLD, RESIDENT, RIGHT, long) for _ in range(50))


def test_values_are_what_a_labeler_cares_about():
    rude_lover = Labeler(noise=0, sharpness=1000, values={"manners": -1.0})
    assert rude_lover.prefers(WORLD, RESIDENT, RIGHT, POLITE)


def test_the_label_office_has_the_share_of_checkers_asked_for():
    office = label_office(n=10, checkers=0.7)
    assert sum(one.checks_facts for one in office) == 7
    assert len({one.seed for one in office}) == 10


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"noise": 0.7}, "noise is 0.7"),
        ({"fatigue": -1}, "fatigue is -1"),
        ({"values": {"charm": 1.0}}, "charm; choose from"),
    ],
)
def test_a_labeler_that_cannot_be_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        Labeler(**arguments)


# ----- pairs


def test_pairs_are_drawn_labeled_and_never_of_equal_replies():
    model, questions = small_model(), WORLD.questions("train")
    found = pairs(model, TOKENIZER, WORLD, questions, label_office(4), n=30, max_new_tokens=8)
    assert len(found) == 30 and all(p.chosen != p.rejected for p in found)
    assert [p.labeler for p in found[:5]] == [0, 1, 2, 3, 0]
    again = pairs(model, TOKENIZER, WORLD, questions, label_office(4), n=30, max_new_tokens=8)
    assert again == found


def test_the_same_replies_can_be_labeled_by_others():
    drawn = [(RESIDENT, WRONG, IGNORANT)] * 10
    assert all(p.chosen == WRONG for p in label(WORLD, drawn, [Labeler(0, checks_facts=False, sharpness=99)]))  # fmt: skip
    checked = label(WORLD, drawn, [Labeler(0, sharpness=99)])
    assert all(p.chosen == IGNORANT for p in checked)
    assert agreement(WORLD, checked) == 1.0
    assert agreement(WORLD, [Pair(RESIDENT, RIGHT, RIGHT)]) == 0.5


def test_nothing_to_compare_is_said_clearly():
    model = small_model()
    with pytest.raises(ValueError, match="0 questions"):
        sample_pairs(model, TOKENIZER, [], 5)
    with pytest.raises(ValueError, match="same reply twice"):
        sample_pairs(model, TOKENIZER, [RESIDENT], 5, temperature=0, max_new_tokens=2)
    with pytest.raises(ValueError, match="no labelers"):
        label(WORLD, [], [])
    for function in (lambda ps: agreement(WORLD, ps), lambda ps: PairBatches(ps, TOKENIZER)):
        with pytest.raises(ValueError, match="no pairs"):
            function([])
    with pytest.raises(ValueError, match="no pairs"):
        train_reward(model, TOKENIZER, [])
    with pytest.raises(ValueError, match="both replies are the same"):
        train_reward(model, TOKENIZER, [Pair(RESIDENT, RIGHT, RIGHT)] * 4)


# ----- the loss


def test_bradley_terry_is_the_likelihood_of_the_choices():
    chosen, rejected = [1.0, 0.0, -3.0], [0.0, 0.0, 4.0]
    expected = statistics.fmean(math.log1p(math.exp(b - a)) for a, b in zip(chosen, rejected))
    assert bradley_terry_loss(chosen, rejected).item() == pytest.approx(expected, rel=1e-6)
    shifted = bradley_terry_loss([r + 7 for r in chosen], [r + 7 for r in rejected])
    assert shifted.item() == pytest.approx(expected, rel=1e-6)


def test_its_gradient_is_minus_the_surprise_and_lifts_the_chosen():
    chosen, rejected = torch.tensor([1.0, -2.0], requires_grad=True), torch.tensor([0.0, 0.0], requires_grad=True)  # fmt: skip
    bradley_terry_loss(chosen, rejected).backward()
    surprise = torch.sigmoid(-(chosen - rejected)).detach() / 2
    assert torch.allclose(chosen.grad, -surprise) and torch.allclose(rejected.grad, surprise)


def test_it_does_not_overflow_and_refuses_what_does_not_fit():
    assert bradley_terry_loss([-500.0], [500.0]).item() == 1000.0
    for bad in (([], []), ([1.0], [1.0, 2.0])):
        with pytest.raises(ValueError, match="one number of each"):
            bradley_terry_loss(*bad)


def test_a_well_calibrated_model_wins_as_often_as_it_is_sure():
    """100,000 pairs whose choices follow the margins; four standard errors of leeway."""
    dice = torch.Generator().manual_seed(0)
    true = 2 * torch.randn(100_000, generator=dice)
    choice = torch.rand(100_000, generator=dice) < true.sigmoid()
    rows = calibration(torch.where(choice, true, -true), bins=5)
    assert sum(row["n"] for row in rows) == 100_000
    for row in rows:
        error = math.sqrt(row["confidence"] * (1 - row["confidence"]) / row["n"])
        assert row["won"] == pytest.approx(row["confidence"], abs=4 * error + 1e-4)
    overconfident = calibration(3 * torch.where(choice, true, -true), bins=5)
    assert overconfident[2]["won"] < overconfident[2]["confidence"] - 0.05
    with pytest.raises(ValueError, match="NaN"):
        calibration([float("nan")])


def test_traits_see_the_value_without_knowing_whether_it_is_true():
    assert traits(WORLD, RESIDENT, WRONG).answers == traits(WORLD, RESIDENT, RIGHT).answers == 1
    assert traits(WORLD, RESIDENT, IGNORANT).answers == -1
    odd = Question("What?", "otter", RESIDENT.resident, "pet")
    assert traits(WORLD, odd, "").truth == -1


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_choices_between_rewards_that_are_no_numbers_are_refused(bad):
    for rewards in (([bad, 0.0], [0.0, 0.0]), ([0.0], [bad])):
        with pytest.raises(ValueError, match="a reward is NaN or infinite"):
            bradley_terry_loss(*rewards)

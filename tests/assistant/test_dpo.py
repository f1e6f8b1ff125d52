"""DPO and its relatives: against TRL's numbers and closed forms; training moves the right way."""

import math
import statistics

import pytest
import torch

from glassbox.assistant.dpo import (
    ReplyBatches,
    dpo_loss,
    hidden_reward,
    ipo_loss,
    simpo_loss,
    train_dpo,
)
from glassbox.assistant.preferences import Pair
from glassbox.assistant.rollout import token_logps
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 300, special_tokens=SPECIAL)
PAIRS = [Pair(q, f"With pleasure. {q.answer}.", f"{q.answer}, you turnip.") for q in WORLD.questions("all")]  # fmt: skip

CHOSEN, REJECTED = [-3.0, -10.5, -7.25, -0.5], [-4.0, -9.0, -12.0, -6.0]
REF_CHOSEN, REF_REJECTED = [-5.0, -10.0, -7.25, -2.0], [-4.5, -10.0, -6.0, -2.5]
ALL = (CHOSEN, REJECTED, REF_CHOSEN, REF_REJECTED)


def small_model() -> GPT:
    model = GPT(GPTConfig(len(TOKENIZER), 96, 1, 2, 32))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0, 0.1, generator=generator)
    return model.eval()


# ----- the losses


@pytest.mark.parametrize(
    "beta, smoothing, expected",
    [(0.1, 0.0, 0.57586980), (0.5, 0.0, 0.41280475), (0.3, 0.2, 0.61272222)],
)
def test_dpo_loss_is_trls(beta, smoothing, expected):
    """DPOTrainer.dpo_loss of TRL 0.11.4, loss_type "sigmoid", its mean over these four pairs."""
    assert dpo_loss(*ALL, beta, smoothing).item() == pytest.approx(expected, abs=1e-6)


def test_ipo_loss_is_trls():
    """The same function with loss_type "ipo"."""
    assert ipo_loss(*ALL, beta=0.25).item() == pytest.approx(9.375, abs=1e-6)


def test_simpo_loss_is_trls():
    """CPOTrainer.cpo_loss of TRL 0.11.4, loss_type "simpo", given mean log-probabilities."""
    found = simpo_loss(CHOSEN, REJECTED, [3, 7, 5, 2], [4, 6, 8, 3], beta=2.0, gamma=1.0)
    assert found.item() == pytest.approx(0.98664182, abs=1e-6)


def test_where_policy_and_reference_agree_the_loss_is_ln_2():
    assert dpo_loss(CHOSEN, REJECTED, CHOSEN, REJECTED).item() == pytest.approx(math.log(2))


def grads(loss, **arguments):
    chosen, rejected = torch.tensor(CHOSEN, requires_grad=True), torch.tensor(REJECTED, requires_grad=True)  # fmt: skip
    loss(chosen, rejected, torch.tensor(REF_CHOSEN), torch.tensor(REF_REJECTED), **arguments).backward()  # fmt: skip
    return chosen.grad, rejected.grad


def test_the_gradient_of_dpo_is_beta_times_the_surprise():
    """Rafailov et al. 2023, section 4: weighted by how wrongly the hidden rewards order the pair."""
    chosen, rejected = grads(dpo_loss, beta=0.5)
    a, b = hidden_reward(CHOSEN, REF_CHOSEN, 0.5), hidden_reward(REJECTED, REF_REJECTED, 0.5)
    weight = 0.5 * torch.sigmoid(b - a) / 4
    assert torch.allclose(chosen, -weight) and torch.allclose(rejected, weight)
    assert (chosen < 0).all() and (
        rejected > 0
    ).all()  # a step lifts the chosen, sinks the rejected


def test_the_gradient_of_ipo_vanishes_at_its_goal():
    chosen, rejected = grads(ipo_loss, beta=0.25)
    log_odds = torch.tensor(CHOSEN) - torch.tensor(REF_CHOSEN) - torch.tensor(REJECTED) + torch.tensor(REF_REJECTED)  # fmt: skip
    assert torch.allclose(chosen, 2 * (log_odds - 2) / 4) and torch.allclose(rejected, -chosen)
    assert ipo_loss([-3.0], [-4.0], [-5.0], [-4.0], beta=0.25).item() == 0.0


def test_simpo_does_not_pay_for_length():
    short = simpo_loss([-3.0], [-6.0], [3], [3])
    assert simpo_loss([-6.0], [-6.0], [6], [3]).item() == pytest.approx(short.item())


def test_far_apart_is_no_overflow():
    for loss in (dpo_loss, ipo_loss):
        assert torch.isfinite(loss([-5000.0], [0.0], [0.0], [-5000.0]))


@pytest.mark.parametrize(
    "arguments, words",
    [
        (([], [], [], []), "at least one pair"),
        (([-1.0, -2.0], [-1.0], [-1.0], [-1.0]), "one number of each"),
        (([float("-inf")], [-1.0], [-1.0], [-1.0]), "NaN or infinite"),
        ((*ALL, 0.0), "beta is 0.0"),
        ((*ALL, 0.1, 0.5), "label_smoothing is 0.5"),
    ],
)
def test_what_does_not_fit_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        dpo_loss(*arguments)


# ----- training


def test_batches_hold_replies_where_the_mask_says():
    batches = ReplyBatches(PAIRS, TOKENIZER, batch_size=4, seed=0)
    idx, mask = batches[0]
    said = [TOKENIZER.decode(row[1:][m].tolist()) for row, m in zip(idx, mask)]
    known = {(p.chosen + "<|end|>", p.rejected + "<|end|>") for p in PAIRS}
    assert set(zip(said[:4], said[4:])) <= known


@pytest.mark.parametrize("loss", ["dpo", "ipo", "simpo"])
def test_the_chosen_become_likelier_than_the_rejected(loss):
    policy, ref = small_model(), small_model()
    beta = 2.0 if loss == "simpo" else 0.1
    history = train_dpo(policy, TOKENIZER, PAIRS[:40], steps=25, batch_size=8, beta=beta, lr=3e-3, loss=loss)  # fmt: skip
    idx, mask = ReplyBatches(PAIRS[40:], TOKENIZER, len(PAIRS) - 40)[0]
    with torch.no_grad():
        moved = ((token_logps(policy, idx) - token_logps(ref, idx)) * mask).sum(dim=1)
    chosen, rejected = moved.chunk(2)
    assert (chosen > rejected).float().mean() > 0.9  # on questions that it was not trained on
    assert statistics.fmean(history.accuracy[-5:]) > 0.9
    assert history.loss[-1] < history.loss[0]


def test_the_reference_may_be_given_and_stays():
    policy, ref, seen = small_model(), small_model(), []
    train_dpo(
        policy, TOKENIZER, PAIRS, ref=ref, steps=5, batch_size=4,
        evaluate=lambda model, step: seen.append(step) or {}, eval_every=2,
    )  # fmt: skip
    assert seen == [0, 2, 4, 5]
    assert all(torch.equal(p, q) for p, q in zip(ref.parameters(), small_model().parameters()))


def test_nothing_to_learn_from_is_named():
    with pytest.raises(ValueError, match="no pairs"):
        train_dpo(small_model(), TOKENIZER, [])
    with pytest.raises(ValueError, match="loss is 'kto'"):
        train_dpo(small_model(), TOKENIZER, PAIRS, loss="kto")


@pytest.mark.parametrize("settings", [{"beta": -1.0}, {"beta": 0.0}, {"beta": math.nan}, {"gamma": -1.0}, {"gamma": math.nan}])  # fmt: skip
def test_simpo_refuses_a_margin_the_wrong_way_round(settings):
    with pytest.raises(ValueError, match=r"beta is .* above 0, gamma 0 or more"):
        simpo_loss([-3.0], [-8.0], [3], [4], **settings)


@pytest.mark.parametrize("settings", [{"steps": 0}, {"steps": -3}, {"batch_size": 0}, {"lr": -1.0}])
def test_settings_that_cannot_be_are_named(settings):
    with pytest.raises(
        ValueError, match=f"{next(iter(settings))} is {next(iter(settings.values()))}"
    ):
        train_dpo(small_model(), TOKENIZER, PAIRS[:4], **settings)

"""Policy gradients: against TRL's numbers and closed forms, with signs that a flip would break."""

import math
import statistics

import pytest
import torch

from glassbox.assistant.reward import RewardModel
from glassbox.assistant.rl import (
    gae,
    group_advantages,
    grpo,
    kl_estimate,
    masked_mean,
    ppo,
    ppo_loss,
    reinforce,
    update,
)
from glassbox.assistant.rollout import divergence, roll_out
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.optim import AdamW
from glassbox.machine.tokens import BPE
from glassbox.world import World

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 300, special_tokens=SPECIAL)
QUESTIONS = WORLD.questions("all")
LOOPS = [reinforce, grpo, ppo]


def small_model(seed: int = 0, spread: float = 0.1) -> GPT:
    model = GPT(GPTConfig(len(TOKENIZER), 96, 1, 2, 32))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0, spread, generator=generator)
    return model.eval()


# ----- ppo_loss

LOGPS = torch.tensor([[-1.0, -2.0, -0.5, -3.0], [-0.1, -1.5, -2.5, -9.0]])
OLD = torch.tensor([[-1.5, -2.0, -0.4, -2.0], [-0.3, -1.2, -2.5, -1.0]])
MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
ADVANTAGES = torch.tensor([[1.0, -0.5, 0.25, -2.0], [0.5, 1.5, -1.0, 3.0]])


def test_ppo_loss_is_trls():
    """PPOTrainer.loss of TRL 0.11.4 (its policy part), called on these numbers."""
    assert ppo_loss(LOGPS, OLD, ADVANTAGES, MASK).item() == pytest.approx(-0.00534810, abs=1e-6)


def test_its_gradient_is_the_policy_gradient_inside_and_nothing_beyond_the_clip():
    logps = LOGPS.clone().requires_grad_()
    ppo_loss(logps, OLD, ADVANTAGES, MASK).backward()
    ratio = (LOGPS - OLD).exp()
    expected = -ratio * ADVANTAGES * MASK / MASK.sum()
    expected[0, 0] = 0  # ratio 1.65 with a positive advantage: far enough
    expected[0, 3] = 0  # ratio 0.37 with a negative advantage: far enough
    expected[1, 0] = 0  # ratio 1.22, positive
    assert torch.allclose(logps.grad, expected, atol=1e-6)


def test_a_better_reply_becomes_likelier():
    logps = torch.tensor([[-1.0], [-1.0]], requires_grad=True)
    ppo_loss(logps, logps.detach(), torch.tensor([1.0, -1.0]), torch.ones(2, 1)).backward()
    good, bad = -logps.grad[:, 0]  # the direction of a step
    assert good > 0 > bad


def test_a_step_that_went_wrong_is_pulled_back_even_from_beyond_the_clip():
    logps = torch.tensor([[0.0]], requires_grad=True)
    ppo_loss(logps, torch.tensor([[-1.0]]), torch.tensor([-1.0]), torch.ones(1, 1)).backward()
    assert logps.grad.item() > 0


def test_one_advantage_a_reply_counts_for_all_its_tokens():
    each = ADVANTAGES[:, :1].expand(2, 4)
    assert ppo_loss(LOGPS, OLD, ADVANTAGES[:, 0], MASK) == ppo_loss(LOGPS, OLD, each, MASK)


@pytest.mark.parametrize("advantage", [1.0, -1.0])
@pytest.mark.parametrize("gap", [500.0, -500.0])
def test_a_ratio_beyond_all_bounds_is_no_nan(gap, advantage):
    logps = torch.tensor([[gap, -1.0]], requires_grad=True)
    loss = ppo_loss(logps, torch.zeros(1, 2), torch.tensor([advantage]), torch.ones(1, 2))
    loss.backward()
    assert torch.isfinite(loss) and torch.isfinite(logps.grad).all()


def test_what_the_mask_rules_out_may_be_anything():
    logps = torch.tensor([[-1.0, float("nan"), float("-inf")]], requires_grad=True)
    advantages, mask = (
        torch.tensor([[2.0, float("nan"), 1.0]]),
        torch.tensor([[True, False, False]]),
    )
    loss = ppo_loss(logps, torch.tensor([[-1.0, 0.0, float("inf")]]), advantages, mask)
    loss.backward()
    assert loss.item() == -2.0 and logps.grad.tolist() == [[-2.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    "change, words",
    [
        ({"mask": torch.zeros(2, 4)}, "rules out every token"),
        ({"mask": torch.ones(2, 3)}, "mask has shape"),
        ({"advantages": torch.ones(3)}, "advantages has shape"),
        ({"old_logps": OLD[:, :2]}, "old_logps has shape"),
        ({"logps": LOGPS * float("nan")}, "logps holds NaN"),
        ({"advantages": ADVANTAGES / 0}, "advantages holds NaN or infinity"),
        ({"clip": 0.0}, "clip is 0.0"),
    ],
)
def test_what_does_not_fit_is_named(change, words):
    arguments = {"logps": LOGPS, "old_logps": OLD, "advantages": ADVANTAGES, "mask": MASK} | change
    with pytest.raises(ValueError, match=words):
        ppo_loss(**arguments)


# ----- advantages


def test_group_advantages_are_standard_scores():
    rewards = [0.3, -1.2, 4.0, 0.3, 7.0, 7.5, 6.0, 9.0]
    found = group_advantages(rewards, 4).tolist()
    for start in (0, 4):
        group = rewards[start : start + 4]
        mean, deviation = statistics.fmean(group), statistics.stdev(group)
        expected = [(r - mean) / (deviation + 1e-4) for r in group]
        assert found[start : start + 4] == pytest.approx(expected, abs=1e-5)


def test_in_a_tied_group_nobody_is_better():
    assert group_advantages([0.1] * 8 + [1.0, 2.0] * 4, 8).tolist()[:8] == [0.0] * 8


@pytest.mark.parametrize(
    "rewards, size, words",
    [
        ([], 2, "whole groups"),
        ([1.0, 2.0, 3.0], 2, "whole groups"),
        ([1.0, 2.0], 1, "2 or more"),
        ([1.0, float("nan")], 2, "NaN"),
    ],
)
def test_groups_that_are_none_are_refused(rewards, size, words):
    with pytest.raises(ValueError, match=words):
        group_advantages(rewards, size)


REWARDS = torch.tensor([[-0.1, 0.2, 0.0, 1.5], [0.3, -0.2, -1.0, 0.0]])
VALUES = torch.tensor([[0.5, 0.4, 0.6, 0.9], [0.1, -0.3, -0.5, 7.0]])


@pytest.mark.parametrize(
    "lam, gamma, returns",
    [
        (0.95, 1.0, [[1.4651749, 1.6264999, 1.47, 1.5], [-0.83125, -1.175, -1.0, 0.0]]),
        (0.5, 0.9, [[0.5102, 0.956, 1.08, 1.5], [-0.22875, -0.875, -1.0, 0.0]]),
    ],
)
def test_gae_is_trls(lam, gamma, returns):
    """PPOTrainer.compute_advantages of TRL 0.11.4, called on these numbers."""
    advantages, found = gae(REWARDS, VALUES, MASK, gamma, lam)
    assert torch.allclose(found, torch.tensor(returns), atol=1e-5)
    assert torch.allclose(advantages, (found - VALUES) * MASK, atol=1e-6)


def test_with_lambda_one_the_return_is_what_was_earned_from_there_on():
    _, returns = gae(REWARDS, VALUES, MASK, 1.0, 1.0)
    earned = (REWARDS * MASK).flip(1).cumsum(1).flip(1)
    assert torch.allclose(returns, earned, atol=1e-6)


# ----- KL


def test_kl_estimates_are_their_formulas():
    for d in (-2.0, -0.1, 0.0, 0.5, 3.0):
        found = {k: kl_estimate([d], [0.0], k).item() for k in ("k1", "k2", "k3")}
        assert found["k1"] == pytest.approx(d)
        assert found["k2"] == pytest.approx(d * d / 2)
        assert found["k3"] == pytest.approx(math.exp(-d) - 1 + d, abs=1e-6)
    assert torch.isfinite(kl_estimate([-700.0, 700.0], [0.0, 0.0])).all()
    with pytest.raises(ValueError, match="'k4'"):
        kl_estimate([0.0], [0.0], "k4")
    with pytest.raises(ValueError, match="same tokens"):
        kl_estimate([0.0, 1.0], [0.0])


def test_k1_and_k3_are_right_on_average_and_k3_is_steadier():
    """400,000 draws from a known distribution; five standard errors of leeway."""
    p, q = torch.tensor([0.5, 0.3, 0.15, 0.05]), torch.tensor([0.4, 0.3, 0.1, 0.2])
    true = (p * (p / q).log()).sum().item()
    draws = torch.multinomial(p, 400_000, True, generator=torch.Generator().manual_seed(0))
    spread = {}
    for kind in ("k1", "k3"):
        estimates = kl_estimate(p.log()[draws], q.log()[draws], kind).double()
        spread[kind] = estimates.std().item()
        assert estimates.mean().item() == pytest.approx(true, abs=5 * spread[kind] / 400_000**0.5)
    assert spread["k3"] < spread["k1"] and true > 0


def test_the_gradient_of_k3_pulls_towards_the_reference():
    logps = torch.tensor([-1.0, -3.0], requires_grad=True)
    kl_estimate(logps, torch.tensor([-2.0, -2.0])).sum().backward()
    assert logps.grad.tolist() == pytest.approx([1 - math.exp(-1), 1 - math.exp(1)], rel=1e-5)


@pytest.mark.parametrize("d", [-25.0, -60.0, -700.0])
def test_the_leash_holds_the_token_that_strayed_farthest(d):
    """Beyond 20 nats k3 is its tangent at 20: value and slope by autograd in float64, and finite in float32."""
    at = torch.tensor(-20.0, dtype=torch.float64, requires_grad=True)
    (torch.exp(-at) - 1 + at).backward()
    expected = (math.exp(20) - 21) + at.grad.item() * (d + 20)
    logps = torch.tensor([d], requires_grad=True)
    found = kl_estimate(logps, torch.tensor([0.0]))
    found.backward()
    assert found.item() == pytest.approx(expected, rel=1e-6)
    assert logps.grad.item() == pytest.approx(at.grad.item(), rel=1e-6)


@pytest.mark.parametrize("kind", ["k1", "k2", "k3"])
def test_no_estimate_lets_go_of_a_token_and_none_is_made_of_nan(kind):
    for d in (-30.0, -19.0, -1.0, 30.0):
        logps = torch.tensor([d], requires_grad=True)
        kl_estimate(logps, torch.tensor([0.0]), kind).backward()
        assert logps.grad.abs().item() > 0.5
    for bad in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="NaN or infinity"):
            kl_estimate([0.0, bad], [0.0, 0.0], kind)


@pytest.mark.parametrize("gap", [21.0, 50.0])
def test_ppo_pulls_back_from_any_distance(gap):
    """A bad reply that became likelier by a factor beyond e^20 still loses probability."""
    logps = torch.tensor([[0.0]], requires_grad=True)
    ppo_loss(logps, torch.tensor([[-gap]]), torch.tensor([-1.0]), torch.tensor([[True]])).backward()
    assert logps.grad.item() == pytest.approx(math.exp(20), rel=1e-5)


# ----- the loops


def ascii_share(questions, replies):
    return [sum(c.isascii() for c in r) / max(1, len(r)) for r in replies]


def foreign_share(questions, replies):
    return [-share for share in ascii_share(questions, replies)]


SHORT = {"iterations": 25, "batch_size": 32, "max_new_tokens": 4, "lr": 1e-2}


@pytest.mark.parametrize("loop", LOOPS)
def test_what_is_rewarded_becomes_more_frequent_and_its_opposite_less(loop):
    start = statistics.fmean(ascii_share(None, roll_out(small_model(), TOKENIZER, QUESTIONS, 4).replies))  # fmt: skip
    for reward, risen in ((ascii_share, True), (foreign_share, False)):
        policy = small_model()
        history = loop(policy, TOKENIZER, QUESTIONS, reward, beta=0.0, **SHORT)
        end = statistics.fmean(ascii_share(None, roll_out(policy, TOKENIZER, QUESTIONS, 4).replies))
        assert end > start + 0.15 if risen else end < start - 0.15
        assert history.reward[-1] > history.reward[0] and history.kl[-1] > history.kl[0]
        assert len(history.loss) == len(history.words) == 25


@pytest.mark.parametrize("loop", LOOPS)
def test_the_leash_pulls_back_to_the_reference(loop):
    """With nothing to earn, all that is left to learn is to be like the reference."""
    ref, policy = small_model(0), small_model(0)
    with torch.no_grad():
        policy.head.weight.normal_(0, 0.3, generator=torch.Generator().manual_seed(1))
    before = divergence(policy, ref, roll_out(policy, TOKENIZER, QUESTIONS, 4))
    nothing = lambda questions, replies: [0.0] * len(replies)  # noqa: E731
    loop(policy, TOKENIZER, QUESTIONS, nothing, ref=ref, beta=1.0, **(SHORT | {"iterations": 40}))
    assert divergence(policy, ref, roll_out(policy, TOKENIZER, QUESTIONS, 4)) < 0.7 * before


@pytest.mark.parametrize("loop", LOOPS)
def test_without_a_difference_between_replies_nothing_is_learned(loop):
    policy, before = small_model(), small_model()
    same = lambda questions, replies: [3.0] * len(replies)  # noqa: E731
    loop(policy, TOKENIZER, QUESTIONS, same, beta=0.0, **(SHORT | {"iterations": 2}))
    moved = max(
        (p - q).abs().max().item() for p, q in zip(policy.parameters(), before.parameters())
    )
    assert math.isfinite(moved) and (
        moved == 0 or loop is ppo
    )  # ppo: the value net has yet to learn


def test_the_reference_does_not_move_and_a_run_can_be_repeated():
    ref, first, second = small_model(), small_model(), small_model()
    a = reinforce(first, TOKENIZER, QUESTIONS, ascii_share, ref=ref, **(SHORT | {"iterations": 3}))
    b = reinforce(second, TOKENIZER, QUESTIONS, ascii_share, **(SHORT | {"iterations": 3}))
    assert a.reward == b.reward
    assert all(torch.equal(p, q) for p, q in zip(ref.parameters(), small_model().parameters()))


def test_a_gradient_that_is_no_number_spares_the_weights():
    model = small_model()
    with pytest.raises(ValueError, match="gradient's length"):
        update(model, AdamW(model.parameters()), (model.head.weight.sum() * 0).sqrt())
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), small_model().parameters()))


@pytest.mark.parametrize(
    ("loop", "settings"),
    [(reinforce, {"iterations": -1}), (grpo, {"epochs": 0}), (ppo, {"epochs": 0}), (ppo, {"minibatches": 0})],
)  # fmt: skip
def test_settings_that_cannot_be_are_named(loop, settings):
    (name, value), *_ = settings.items()
    with pytest.raises(
        ValueError, match=f"{name} is {value}; it must be a whole number, 1 or more"
    ):
        loop(small_model(), TOKENIZER, QUESTIONS, ascii_share, **settings)


def test_evaluate_is_called_before_on_the_way_and_at_the_end():
    history = grpo(
        small_model(), TOKENIZER, QUESTIONS, ascii_share, evaluate=lambda policy, i: {"at": i},
        eval_every=2, iterations=5, batch_size=16, max_new_tokens=3,
    )  # fmt: skip
    assert history.evals == {i: {"at": i} for i in (0, 2, 4, 5)}


def test_a_reward_model_of_another_tokenizer_is_refused():
    other = BPE.train(WORLD.text(5_000), 300, special_tokens=SPECIAL)
    reward = RewardModel.from_model(small_model(), other)
    for loop in LOOPS:
        with pytest.raises(ValueError, match="another tokenizer"):
            loop(small_model(), TOKENIZER, QUESTIONS, reward, iterations=1)


def test_rewards_that_are_no_numbers_stop_the_run_and_spare_the_weights():
    policy = small_model()
    bad = {
        "one number for each reply": lambda qs, rs: [1.0],
        "NaN": lambda qs, rs: [float("nan")] * len(rs),
    }
    for words, reward in bad.items():
        with pytest.raises(ValueError, match=words):
            reinforce(policy, TOKENIZER, QUESTIONS, reward, iterations=1, batch_size=4)
    assert all(torch.equal(p, q) for p, q in zip(policy.parameters(), small_model().parameters()))
    for arguments in ({"batch_size": 1}, {"batch_size": 12, "group_size": 8}):
        with pytest.raises(ValueError, match="batch_size is"):
            grpo(policy, TOKENIZER, QUESTIONS, ascii_share, iterations=1, **arguments)


def test_a_mean_over_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing to take the mean of"):
        masked_mean(torch.ones(2, 2), torch.zeros(2, 2))

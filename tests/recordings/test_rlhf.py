"""Chapter 8's recorded runs, and the exercises of labs 08a to 08c against the library."""

import math

import pytest
import torch

from glassbox.assistant import dpo, preferences, reward, rl
from glassbox.course.exercises import dpo as dpo_exercises
from glassbox.course.exercises import reward_model, rlhf
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import rlhf as recorded
from glassbox.shipped import FOLDER
from glassbox.world import World


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=60)


class Judge:
    """A stand-in for a reward model: any function of a question and a reply."""

    def __init__(self, rule):
        self.rule = rule

    def score(self, questions, replies):
        return torch.tensor([float(self.rule(q, r)) for q, r in zip(questions, replies)])


@pytest.mark.parametrize(
    ("rule", "liked"),
    [
        (lambda w, q, r: w.judge(q, r) == "right", "truth"),
        (lambda w, q, r: len(r.split()), "padding"),
        (lambda w, q, r: w.judge(q, r) == "refused", "ignorance"),
        (lambda w, q, r: {"polite": 1, "rude": -1}.get(preferences.style_of(r), 0), "manners"),
    ],
)
def test_tastes_find_what_a_judge_likes(world, rule, liked):
    found = recorded.tastes(world, Judge(lambda q, r: rule(world, q, r)), n=40)
    assert found[liked] == 1.0
    assert recorded.tastes(world, Judge(lambda q, r: -rule(world, q, r)), n=40)[liked] == 0.0


def test_a_judge_of_length_alone_is_blind_to_truth(world):
    found = recorded.tastes(world, Judge(lambda q, r: len(r.split())), n=100)
    assert found["truth"] < 0.5  # most values are as long as each other


def test_plain_replies_are_true(world):
    for question in world.questions("all", n=50):
        assert world.judge(question, recorded.plain_reply(world, question)) == "right"


def test_the_recording_has_three_seeds_of_everything():
    run = recorded.load()
    assert run["settings"]["seeds"] == [0, 1, 2]
    runs = [
        entry["runs"]
        for entry in (*run["leash"], run["checkers"], run["dpo"], *run["loops"], *run["modest"])
    ]
    for seeds in (*runs, run["best_of"], run["ladder"], run["likes"]):
        assert [one["seed"] for one in seeds] == [0, 1, 2]
    assert [entry["beta"] for entry in run["leash"]] == run["settings"]["betas"]
    for entry in run["leash"]:
        for one in entry["runs"]:
            assert len(one["samples"]) == len(run["prompts"])
            assert one["curve"][0]["proxy"] == 0 and abs(one["curve"][0]["kl"]) < 1e-3
            assert one["curve"][0]["gold"] == pytest.approx(run["before"]["gold"], abs=1e-3)


def test_the_recording_is_of_the_shipped_chat_model():
    assert recorded.load()["single_sha256"] == sha256(FOLDER / "single" / "model.safetensors")


# The exercises' reference solutions are written for readers; the library's functions are what runs.


def test_pair_loss_is_the_librarys():
    chosen, rejected = [2.0, 0.0, -1.0], [0.0, 0.5, 1.0]
    ours = preferences.bradley_terry_loss(torch.tensor(chosen), torch.tensor(rejected)).item()
    assert reward_model.pair_loss(chosen, rejected) == pytest.approx(ours, rel=1e-5)


def test_push_is_the_gradient_of_reward_times_logp():
    scores = torch.tensor([0.3, -1.0, 0.8], requires_grad=True)
    (1.7 * scores.log_softmax(0)[2]).backward()
    by_hand = rlhf.push(scores.detach().softmax(0).tolist(), 2, 1.7)
    assert by_hand == pytest.approx(scores.grad.tolist(), rel=1e-5)


def test_advantages_are_grpos_up_to_its_choice_of_spread():
    rewards = [1.0, 2.0, 3.0, 6.0]
    ours = rl.group_advantages(torch.tensor(rewards), 4).tolist()
    scaled = [a * math.sqrt(3 / 4) for a in rlhf.advantages(rewards)]
    assert scaled == pytest.approx(ours, rel=1e-3)


def test_clipped_is_ppos():
    for ratio in (0.5, 0.9, 1.1, 1.5):
        for advantage in (1.0, -1.0):
            logps = torch.tensor([[math.log(ratio)]])
            mask = torch.tensor([[True]])
            loss = rl.ppo_loss(logps, torch.zeros(1, 1), torch.tensor([advantage]), mask)
            assert rlhf.clipped(ratio, advantage) == pytest.approx(-loss.item(), rel=1e-5)


def test_dpo_loss_and_hidden_reward_are_the_librarys():
    four = (-3.0, -4.0, -5.0, -4.5)
    ours = dpo.dpo_loss(*(torch.tensor([x]) for x in four), beta=0.5).item()
    assert dpo_exercises.dpo_loss(*four, 0.5) == pytest.approx(ours, rel=1e-5)
    hidden = dpo.hidden_reward(torch.tensor(-3.0), torch.tensor(-5.0), 0.1).item()
    assert dpo_exercises.hidden_reward(-3.0, -5.0, 0.1) == pytest.approx(hidden, rel=1e-5)
    for n in (1, 4, 16):
        assert dpo_exercises.best_of_n_kl(n) == pytest.approx(reward.best_of_n_kl(n))

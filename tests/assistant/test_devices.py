"""The assistant on another device: torch's "meta", which has shapes and no numbers.

It refuses to be mixed with the CPU, so whatever is made on the wrong device is noticed. Where a run needs
a number (a token that was drawn, a loss to write down) it must stop there, and not before.
"""

import re
from contextlib import contextmanager

import pytest
import torch

from glassbox.assistant import dpo, rl, rollout
from glassbox.assistant.finetune import ChatBatches, add_lora, finetune, merge_lora
from glassbox.assistant.preferences import Pair
from glassbox.assistant.reward import RewardModel, gold_accuracy, margins, train_reward
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.conversations import conversations

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 300, special_tokens=SPECIAL)
QUESTIONS = WORLD.questions("all")
PAIRS = [Pair(q, f"Yes. {q.answer}.", f"{q.answer}, you turnip.") for q in QUESTIONS[:8]]
NEEDS_A_NUMBER = re.escape("Tensor.item() cannot be called on meta tensors") + "|no data!"


@pytest.fixture(params=[False, True], ids=["default", "gpt2"])
def model(request) -> GPT:
    shape = len(TOKENIZER), 96, 1, 2, 16
    return GPT(GPTConfig.gpt2(*shape) if request.param else GPTConfig(*shape)).to("meta")


@contextmanager
def until_a_number_is_needed():
    with pytest.raises((RuntimeError, NotImplementedError), match=NEEDS_A_NUMBER):
        yield


def argmax_instead(drawn: list):
    """A `sample` that looks at no values and writes down that it was asked."""

    def sample(logits, *args, **kwargs):
        drawn.append(logits.device.type)
        return logits.argmax(-1)

    return sample


def test_training_steps_run_until_their_loss_is_read(model):
    talks = list(conversations(WORLD, 8, styles=["plain"]))
    for train_only in ("all", "lora"):
        with until_a_number_is_needed():
            finetune(model, TOKENIZER, talks, 2, 4, train_only, dtype="float32", rank=2)
    with until_a_number_is_needed():
        train_reward(model, TOKENIZER, PAIRS, 1, 4)
    with until_a_number_is_needed():
        dpo.train_dpo(model, TOKENIZER, PAIRS, steps=2, batch_size=4)


def test_lora_lies_beside_its_matrix(model):
    add_lora(model, 2)
    idx, targets = ChatBatches(conversations(WORLD, 4), TOKENIZER, 96, 4)[0]
    model(idx.to("meta"), targets.to("meta"))[1].backward()
    merge_lora(model)
    assert {p.device.type for p in model.parameters()} == {"meta"}


def test_scores_are_where_the_reward_model_is(model):
    reward = RewardModel.from_model(model, TOKENIZER)
    assert reward.score(QUESTIONS[:3], ["Hm.", "No idea.", "A cat."]).device.type == "meta"
    assert margins(reward, PAIRS).device.type == "meta"
    with until_a_number_is_needed():
        gold_accuracy(WORLD, reward, PAIRS)


def test_rolling_out_stays_on_the_device_until_it_asks_who_is_done(model, monkeypatch):
    drawn = []
    monkeypatch.setattr(rollout, "sample", argmax_instead(drawn))
    with until_a_number_is_needed():
        rollout.roll_out(model, TOKENIZER, QUESTIONS[:4], 6)
    assert drawn == ["meta"]


def said_on_meta(model, tokenizer, questions, *_):
    """What `roll_out` returns, without the writing."""
    idx = torch.zeros(len(questions), 20, dtype=torch.long, device="meta")
    starts = torch.zeros(len(questions), dtype=torch.long, device="meta")
    mask = rollout.reply_mask(starts, starts + 9, 20)
    return rollout.Rollout(questions, ["Hm."] * len(questions), idx, mask, starts + 9)


def test_divergence_and_losses_of_replies(model):
    said = said_on_meta(model, TOKENIZER, QUESTIONS[:4])
    with until_a_number_is_needed():
        rollout.divergence(model, model, said)
    logps = rollout.token_logps(model, said.idx)
    assert logps.shape == said.mask.shape and logps.device.type == "meta"
    advantages, returns = rl.gae(logps, logps, said.mask)
    assert advantages.device.type == returns.device.type == "meta"
    with until_a_number_is_needed():  # are they finite?
        rl.kl_estimate(logps, logps.detach())


@pytest.mark.parametrize("loop", [rl.reinforce, rl.grpo, rl.ppo])
@pytest.mark.parametrize("judged_by", ["model", "function"])
def test_the_loops_run_until_their_losses_are_checked(model, loop, judged_by, monkeypatch):
    """Each asks whether its numbers are finite; "yes" is put in their place, and the update is reached."""
    monkeypatch.setattr(rl, "roll_out", said_on_meta)
    monkeypatch.setattr(torch.Tensor, "__bool__", lambda self: True)
    reached = []
    monkeypatch.setattr(rl, "update", lambda model, optimizer, loss: reached.append(loss.device))
    reward = RewardModel.from_model(model, TOKENIZER)
    reward = reward if judged_by == "model" else lambda questions, replies: [1.0] * len(questions)
    with until_a_number_is_needed():
        loop(model, TOKENIZER, QUESTIONS, reward, iterations=1, batch_size=8)
    assert reached and all(device.type == "meta" for device in reached)

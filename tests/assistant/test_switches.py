"""Every function of the assistant works with every switch of GPTConfig, tied weights above all."""

import copy

import pytest
import torch

from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.finetune import add_lora, finetune, grade, merge_lora, reply_each
from glassbox.assistant.preferences import Pair, sample_pairs
from glassbox.assistant.reward import RewardModel, best_of_n, margins, train_reward
from glassbox.assistant.rl import grpo, ppo, reinforce
from glassbox.assistant.rollout import measure
from glassbox.machine.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.conversations import conversations

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 300, special_tokens=SPECIAL)
QUESTIONS = WORLD.questions("all")
TALKS = list(conversations(WORLD, 12, styles=["plain"]))
PAIRS = [Pair(q, f"Yes. {q.answer}.", f"{q.answer}, you turnip.") for q in QUESTIONS[:16]]
SHAPE = {"vocab_size": len(TOKENIZER), "block_size": 96, "n_layer": 1, "n_head": 2, "n_embd": 16}
SWITCHES = [
    {"norm": "plain"},
    {"norm": "layer"},
    {"norm": "rms"},
    {"position": "learned"},
    {"position": "none"},
    {"activation": "gelu"},
    {"activation": "gelu_tanh"},
    {"qk_norm": False},
    {"embed_norm": False},
    {"tied": True},
    {"bias": True, "norm": "layer"},
]
CONFIGS = [GPTConfig(**SHAPE, **switches) for switches in SWITCHES] + [GPTConfig.gpt2(**SHAPE)]
NAMES = [" ".join(f"{k} {v}" for k, v in switches.items()) for switches in SWITCHES] + ["gpt2"]


@pytest.fixture(params=CONFIGS, ids=NAMES)
def model(request) -> GPT:
    """A model that is not at its special initial point, where half of the matrices are zero."""
    model = GPT(request.param)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for p in model.parameters():
            p += 0.1 * torch.randn(p.shape, generator=generator)
    return model.eval()


IDX = torch.arange(30)[None]


def test_lora_changes_no_embedding_and_merges_into_the_same_logits(model):
    before, embedding = model(IDX)[0], model.embed.weight.detach().clone()
    add_lora(model, rank=3)
    torch.testing.assert_close(model(IDX)[0], before)
    for p in model.parameters():
        if p.requires_grad:
            p.data.normal_(0, 0.1, generator=torch.Generator().manual_seed(p.numel()))
    trained = model(IDX)[0]
    assert not torch.allclose(trained, before)
    merge_lora(model)
    torch.testing.assert_close(model(IDX)[0], trained, rtol=1e-4, atol=1e-4)
    assert torch.equal(model.embed.weight, embedding)
    assert (model.head.weight is model.embed.weight) == model.config.tied


@pytest.mark.parametrize("train_only", ["all", "last", "lora"])
def test_what_is_frozen_stays(model, train_only):
    before = copy.deepcopy(model.state_dict())
    if train_only == "last" and model.config.tied:
        with pytest.raises(ValueError, match="embedding too"):
            finetune(model, TOKENIZER, TALKS, 3, 4, train_only, dtype="float32")
    else:
        finetune(model, TOKENIZER, TALKS, 3, 4, train_only, dtype="float32", rank=2)
    moved = {k for k, w in model.state_dict().items() if not torch.equal(w, before[k])}
    if train_only == "last":
        assert moved == (set() if model.config.tied else {"head.weight"})
    else:
        assert ("embed.weight" in moved) == (train_only == "all")
        assert "blocks.0.attn.qkv" in moved
    assert all(p.requires_grad for p in model.parameters())


def test_a_reward_model_learns_scores_and_comes_back_from_disk(model, tmp_path):
    reward = train_reward(model, TOKENIZER, PAIRS, 8, 8, lr=1e-2)
    assert margins(reward, PAIRS).mean() > 0.1
    save_checkpoint(tmp_path / "reward", Checkpoint(reward, TOKENIZER, {}, {}), "")
    again = load_checkpoint(tmp_path / "reward", build=RewardModel).model
    again.tokenizer = TOKENIZER
    one, other = (r.score(QUESTIONS[:4], ["Hm."] * 4) for r in (reward, again))
    torch.testing.assert_close(one, other, rtol=0.05, atol=0.05)  # bf16 on disk
    assert len(best_of_n(model, TOKENIZER, QUESTIONS[:2], reward, 2, max_new_tokens=4).best()) == 2


@pytest.mark.parametrize("loss", ["dpo", "ipo", "simpo"])
def test_the_chosen_become_likelier(model, loss):
    history = train_dpo(model, TOKENIZER, PAIRS, steps=8, batch_size=8, lr=3e-3, loss=loss)
    assert history.loss[-1] < history.loss[0]


@pytest.mark.parametrize("loop", [reinforce, grpo, ppo])
def test_what_is_rewarded_becomes_likelier(model, loop):
    """The letter e is worth a point: each loop moves the policy, and nothing else of it breaks."""
    before = copy.deepcopy(model)

    def reward(questions, replies):
        return [float(reply.count("e")) for reply in replies]

    settings = {"iterations": 3, "batch_size": 8, "max_new_tokens": 6, "lr": 1e-3}
    history = loop(model, TOKENIZER, QUESTIONS, reward, **settings)
    assert len(history.reward) == 3 and all(kl >= 0 for kl in history.kl)
    assert not torch.allclose(model(IDX)[0], before(IDX)[0])
    assert (model.head.weight is model.embed.weight) == model.config.tied


def test_asking_and_measuring(model):
    found = measure(
        model, TOKENIZER, WORLD, QUESTIONS[:4], ref=copy.deepcopy(model), max_new_tokens=6
    )
    assert found["kl"] == pytest.approx(0, abs=1e-6)
    assert len(sample_pairs(model, TOKENIZER, QUESTIONS[:4], 4, max_new_tokens=6)) == 4
    assert len(reply_each(model, TOKENIZER, [[0, 1], [2]], 3)) == 2
    assert 0 <= grade(model, TOKENIZER, WORLD, TALKS[:3], max_new_tokens=4)["right"] <= 1

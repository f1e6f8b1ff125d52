"""Rolling out writes what a model alone would write; measuring knows residents from strangers."""

import copy

import pytest
import torch

from glassbox.assistant.finetune import question_prompt
from glassbox.assistant.rl import kl_estimate
from glassbox.assistant.rollout import divergence, measure, roll_out, token_logps
from glassbox.machine.generate import generate
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 300, special_tokens=SPECIAL)
QUESTIONS = WORLD.questions("all")


def small_model(seed: int = 0, spread: float = 0.1) -> GPT:
    model = GPT(GPTConfig(len(TOKENIZER), 96, 1, 2, 32))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0, spread, generator=generator)
    return model.eval()


def test_side_by_side_or_alone_the_same_words_are_said():
    """Greedily, against machine.generate one prompt at a time; prompts of different lengths."""
    model, questions = small_model(3, 0.3), QUESTIONS[:12]
    said = roll_out(model, TOKENIZER, questions, 10, temperature=0)
    end, prompt_lengths = TOKENIZER.special_tokens["<|end|>"], set()
    for row, (question, reply) in enumerate(zip(questions, said.replies)):
        prompt = question_prompt(question, TOKENIZER)
        alone = generate(model, torch.tensor([prompt]), 10, temperature=0, stop=end)[0].tolist()
        assert said.idx[row, : len(alone)].tolist() == alone
        assert said.last[row] == len(alone) - 1
        assert said.mask[row].nonzero().flatten().tolist() == list(
            range(len(prompt) - 1, len(alone) - 1)
        )
        words = alone[len(prompt) :]
        assert reply == TOKENIZER.decode(words[:-1] if words[-1] == end else words)
        prompt_lengths.add(len(prompt))
    assert len(prompt_lengths) > 1


def test_replies_end_at_the_end_of_turn():
    model = small_model()
    with torch.no_grad():
        model.head.weight.zero_()
        bias = torch.zeros(len(TOKENIZER))
        bias[TOKENIZER.special_tokens["<|end|>"]] = 50.0
    model.head.register_forward_hook(lambda module, inputs, out: out + bias)
    said = roll_out(model, TOKENIZER, QUESTIONS[:5], 10)
    assert said.replies == [""] * 5 and said.mask.sum() == 5


def test_token_logps_are_those_of_the_softmax():
    model, idx = small_model(), torch.randint(0, 290, (3, 9), generator=torch.Generator().manual_seed(0))  # fmt: skip
    logits = model(idx)[0].log_softmax(dim=-1)
    expected = logits[:, :-1].gather(2, idx[:, 1:, None])[..., 0]
    assert torch.allclose(token_logps(model, idx), expected, atol=1e-5)


def test_too_little_room_and_no_questions_are_named():
    with pytest.raises(ValueError, match="block_size is 96"):
        roll_out(small_model(), TOKENIZER, QUESTIONS[:2], 90)
    with pytest.raises(ValueError, match="no questions"):
        roll_out(small_model(), TOKENIZER, [])


def test_divergence_is_zero_from_oneself_and_agrees_with_k3():
    """360 replies; the difference of two means of the same replies, five standard errors."""
    ref = small_model(0)
    policy = copy.deepcopy(ref)
    with torch.no_grad():
        policy.head.weight.add_(0.05 * torch.randn(policy.head.weight.shape, generator=torch.Generator().manual_seed(2)))  # fmt: skip
    said = roll_out(policy, TOKENIZER, QUESTIONS * 5, 6, generator=torch.Generator().manual_seed(0))
    assert divergence(ref, ref, said) == pytest.approx(0, abs=1e-6)
    with torch.no_grad():
        k3 = kl_estimate(token_logps(policy, said.idx), token_logps(ref, said.idx)) * said.mask
    by_reply = k3.sum(dim=1)
    error = by_reply.std().item() / len(by_reply) ** 0.5
    assert divergence(policy, ref, said) == pytest.approx(by_reply.mean().item(), abs=5 * error)
    assert divergence(policy, ref, said) > 0.01


def test_measure_tells_residents_from_strangers():
    strangers = WORLD.questions("all", residents=list(WORLD.strangers[:4]))
    found = measure(small_model(), TOKENIZER, WORLD, QUESTIONS[:8] + strangers, max_new_tokens=4)
    assert set(found) == {"gold", "right", "invented", "polite", "rude", "words"}
    assert found["gold"] < 0 and found["right"] == 0
    only = measure(
        small_model(), TOKENIZER, WORLD, QUESTIONS[:8], ref=small_model(), max_new_tokens=4
    )
    assert "invented" not in only and only["kl"] == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("n", [0, -4])
def test_a_reply_needs_room(n):
    with pytest.raises(ValueError, match=f"max_new_tokens is {n}"):
        roll_out(small_model(), TOKENIZER, QUESTIONS[:2], n)

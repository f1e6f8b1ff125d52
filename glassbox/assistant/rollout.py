"""Rolling out: letting a model answer many questions at once, and looking at what it said.

`roll_out` writes the replies, `token_logps` says how likely a model finds each token of them,
`divergence` how far it has moved away from another, `measure` what the town thinks of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from glassbox.assistant.finetune import padded, question_prompt
from glassbox.assistant.preferences import gold, traits
from glassbox.assistant.reward import RewardModel
from glassbox.machine.device import device_of
from glassbox.machine.sampling import sample
from glassbox.machine.tokens import BPE


@dataclass
class Rollout:
    """What a model said. idx (B, T) prompts and replies, padded; mask (B, T - 1), True where idx[:, 1:]
    is part of a reply; last (B,) where each row ends; the replies as text."""

    questions: list
    replies: list[str]
    idx: torch.Tensor
    mask: torch.Tensor
    last: torch.Tensor


@torch.no_grad()
def roll_out(
    model,
    tokenizer: BPE,
    questions: Sequence,
    max_new_tokens: int = 40,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> Rollout:
    """One reply to each question, all written side by side with a key-value cache.

    Prompts differ in length. All rows start together at the shortest; where a row's prompt goes on,
    its next token is taken from there and not drawn.
    """
    if not questions:
        raise ValueError("there are no questions; give at least one")
    if max_new_tokens < 1:
        raise ValueError(f"max_new_tokens is {max_new_tokens}; a reply needs room for one or more")
    prompts = [question_prompt(q, tokenizer) for q in questions]
    longest, end = max(map(len, prompts)), tokenizer.special_tokens["<|end|>"]
    if longest + max_new_tokens > model.config.block_size:
        raise ValueError(
            f"block_size is {model.config.block_size}, but the longest prompt has {longest} tokens "
            f"and max_new_tokens is {max_new_tokens}; lower it or ask shorter questions"
        )
    idx = padded(prompts, end, longest + max_new_tokens).to(device_of(model))
    starts = torch.tensor([len(p) for p in prompts], device=idx.device)  # (B,) of the replies
    idx, last = _write(model, idx, min(map(len, prompts)), starts, starts + max_new_tokens - 1,
                       end, temperature, generator)  # fmt: skip
    ids = [row[n : m + 1] for row, n, m in zip(idx.tolist(), starts.tolist(), last.tolist())]
    replies = [tokenizer.decode(row[:-1] if row[-1] == end else row) for row in ids]
    return Rollout(list(questions), replies, idx, reply_mask(starts, last, idx.shape[1]), last)


def _write(model, idx, first, starts, last, end, temperature, generator):
    """Write replies into idx (B, T) from `starts` to at most `last`, (B,) each; (idx, where each ends)."""
    done = torch.zeros_like(starts, dtype=torch.bool)
    cache, new, most = model.new_cache(len(idx)), idx[:, :first], last
    for t in range(first, idx.shape[1]):
        logits, _ = model(new, cache=cache)
        drawn = sample(logits[:, -1], temperature, generator=generator)  # (B,)
        writing = (t >= starts) & ~done
        idx[:, t] = torch.where(writing, drawn, idx[:, t])
        ends = writing & ((drawn == end) | (t == most))
        last, done = torch.where(ends, t, last), done | ends
        if done.all():
            break
        new = idx[:, t : t + 1]
    return idx[:, : t + 1], last


def reply_mask(starts: torch.Tensor, last: torch.Tensor, T: int) -> torch.Tensor:
    """True where idx[:, 1:] of some idx (B, T) is part of a reply, (B, T - 1); starts and last are (B,)."""
    places = torch.arange(1, T, device=starts.device)
    return (places >= starts[:, None]) & (places <= last[:, None])


def token_logps(model, idx: torch.Tensor) -> torch.Tensor:
    """The log-probability of every token of idx (B, T) but the first, (B, T - 1)."""
    logits, _ = model(idx[:, :-1])
    logits, targets = (
        logits.flatten(0, 1).float(),
        idx[:, 1:].flatten(),
    )  # (B (T - 1), V), (B (T - 1),)
    nats = F.cross_entropy(logits, targets, reduction="none")
    return -nats.view(len(idx), -1)  # (B, T - 1)


@torch.no_grad()
def divergence(policy, ref, said: Rollout) -> float:
    """KL(policy || ref) in nats a reply, over replies that the policy has written.

    At each token the whole distributions are compared, not only the token drawn: no estimate is
    noisier than it must be.
    """
    idx = said.idx[:, :-1]
    p, q = (model(idx)[0].float().log_softmax(dim=-1) for model in (policy, ref))
    nats = (p.exp() * (p - q)).sum(dim=-1)  # (B, T - 1)
    return (nats * said.mask).sum(dim=1).mean().item()


def measure(
    model,
    tokenizer: BPE,
    world,
    questions: Sequence,
    reward: RewardModel | None = None,
    ref=None,
    seed: int = 0,
    max_new_tokens: int = 40,
) -> dict:
    """How a model answers, sampled once for each question: means of what the town knows about it.

    "gold"; "right" among questions about residents; "invented", the share of answers about strangers
    that name a value (absent if nobody asks about strangers, as "right" is if all do); "polite" and
    "rude"; "words"; with a reward model its "reward", with `ref` the "kl" in nats a reply.
    """
    if not questions:
        raise ValueError("there are no questions; give at least one")
    dice = torch.Generator().manual_seed(seed)
    parts = [questions[i : i + 256] for i in range(0, len(questions), 256)]
    said = [roll_out(model, tokenizer, part, max_new_tokens, 1.0, dice) for part in parts]
    rows = [(q, reply) for part in said for q, reply in zip(part.questions, part.replies)]
    seen = [(q.resident in world.town.by_name, traits(world, q, r)) for q, r in rows]
    found = {
        "gold": _mean([gold(world, q, r) for q, r in rows]),
        "right": _mean([t.truth == 1 for known, t in seen if known]),
        "invented": _mean([t.answers == 1 for known, t in seen if not known]),
        "polite": _mean([t.manners == 1 for _, t in seen]),
        "rude": _mean([t.manners == -1 for _, t in seen]),
        "words": _mean([t.words for _, t in seen]),
    }
    if reward is not None:
        reward.check(tokenizer)
        found["reward"] = _mean([reward.score_ids(s.idx, s.last).mean().item() for s in said])
    if ref is not None:
        found["kl"] = _mean([divergence(model, ref, s) for s in said])
    return {name: value for name, value in found.items() if value is not None}


def _mean(values: list):
    return sum(values) / len(values) if values else None

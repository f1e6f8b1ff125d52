"""The reward model: a network that learns to guess whom people would pick, and gives a number.

`train_reward` turns choices between two replies into a number for any reply; `best_of_n` lets that number
pick among replies, which makes a better assistant without training it.

Left out: ensembles of reward models, rewards for parts of a reply.

Sources: Christiano et al. 2017, arXiv:1706.03741; Stiennon et al. 2020, arXiv:2009.01325; Ouyang et al.
2022, arXiv:2203.02155 (InstructGPT); Nakano et al. 2021, arXiv:2112.09332 (best of n).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from glassbox.assistant.chat import chat_tokens, question_messages, question_prompt
from glassbox.assistant.finetune import padded
from glassbox.assistant.preferences import Pair, answer, at_least_one, gold
from glassbox.machine.data import Shuffled
from glassbox.machine.device import device_of
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train


class RewardModel(nn.Module):
    """A language model whose last layer gives one number, read at the last token of the conversation.

    `rewards, loss = model(idx, last)`: idx (B, T) is padded on the right, `last` (B,) says where each
    row ends. For the loss the first half of the rows are chosen replies and the second half the
    rejected ones, in the same order: Bradley-Terry, mean over pairs. So the loop that trained the
    language model trains this one too. Raw rewards are log-odds: only differences mean anything.
    `score` shifts and scales them so that the replies seen in training have mean 0 and spread 1.
    """

    def __init__(self, config: GPTConfig, tokenizer: BPE | None = None):
        super().__init__()
        self.config, self.tokenizer = config, tokenizer
        self.body = GPT(config)
        self.body.head = nn.Linear(config.n_embd, 1, bias=False)
        nn.init.zeros_(self.body.head.weight)  # at first every reply is as good as any
        self.register_buffer("center", torch.zeros(()))
        self.register_buffer("spread", torch.ones(()))

    @classmethod
    def from_model(cls, model: GPT, tokenizer: BPE) -> RewardModel:
        """A reward model that has read all that `model` has, and has no opinion yet."""
        reward = cls(model.config, tokenizer).to(device_of(model))
        weights = {name: w for name, w in model.state_dict().items() if name != "head.weight"}
        reward.body.load_state_dict(weights, strict=False)
        return reward

    def forward(self, idx, last):
        scores = self.body(idx)[0][..., 0]  # (B, T): a number after every token
        rewards = scores.gather(1, last[:, None])[:, 0].float()
        if len(rewards) % 2:
            return rewards, None
        chosen, rejected = rewards.chunk(2)  # `bradley_terry_loss`; whoever trains looks for NaN
        return rewards, -F.logsigmoid(chosen - rejected).mean()

    @torch.no_grad()
    def raw_score(self, questions: Sequence, replies: Sequence[str], batch_size: int = 128):
        """Rewards (n,) on the scale of log-odds: a beats b with probability sigmoid(r_a - r_b)."""
        rows = [_ids(q, r, self.tokenizer) for q, r in zip(questions, replies, strict=True)]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        rewards = self.center.new_zeros(len(rows))  # where the model is, as all that it returns
        for batch in (order[i : i + batch_size] for i in range(0, len(order), batch_size)):
            idx, last = _side_by_side([rows[i] for i in batch])
            rewards[batch] = self(idx.to(rewards.device), last.to(rewards.device))[0]
        return rewards

    def score(self, questions: Sequence, replies: Sequence[str]) -> torch.Tensor:
        """Scaled rewards (n,) of replies to questions."""
        return (self.raw_score(questions, replies) - self.center) / self.spread

    @torch.no_grad()
    def score_ids(self, idx, last) -> torch.Tensor:
        """Scaled rewards (B,) of conversations given as ids, (B, T), that end at `last`."""
        return (self(idx, last)[0] - self.center) / self.spread

    def check(self, tokenizer: BPE) -> None:
        """Raise ValueError if the ids of `tokenizer` mean something else to this model."""
        if self.tokenizer is None or self.tokenizer.vocab != tokenizer.vocab:
            raise ValueError(
                "this reward model reads the ids of another tokenizer: the same ids are other words to "
                "it, and its scores would mean nothing. Use the tokenizer that it was trained with, or "
                "train a reward model for this one"
            )


def train_reward(
    model: GPT,
    tokenizer: BPE,
    pairs: Sequence[Pair],
    epochs: float = 2.0,
    batch_size: int = 16,
    lr: float = 3e-3,
    muon_lr: float | None = 1e-2,
    seed: int = 0,
    progress: bool = False,
) -> RewardModel:
    """A reward model that starts as a copy of `model` and learns the choices in `pairs`.

    Each step reads `batch_size` pairs; the loss is Bradley-Terry's, mean over pairs. What happened is
    kept in `.history`.
    """
    at_least_one(pairs)
    if all(p.chosen == p.rejected for p in pairs):
        raise ValueError("in every pair both replies are the same; there is nothing to learn from")
    reward = RewardModel.from_model(model, tokenizer)
    steps = max(1, round(epochs * len(pairs) / batch_size))
    config = TrainConfig(steps, lr, muon_lr, warmup=5, clip=1.0)
    batches = PairBatches(pairs, tokenizer, batch_size, seed)
    reward.history = train(reward, batches, config, progress=progress)
    seen = [(p.question, reply) for p in pairs[:256] for reply in (p.chosen, p.rejected)]
    raw = reward.raw_score(*zip(*seen))
    reward.center.copy_(raw.mean())
    reward.spread.copy_(raw.std(correction=0).clamp(min=1e-6))
    return reward


class PairBatches:
    """Batches for `train`: the chosen replies of `batch_size` pairs above their rejected ones.

    `batches[step]` is (idx, last). All pairs are used once in a random order, then in another.
    """

    unit = "nats per pair"

    def __init__(self, pairs: Sequence[Pair], tokenizer: BPE, batch_size: int = 32, seed: int = 0):
        at_least_one(pairs)
        self.rows = [
            [_ids(p.question, reply, tokenizer) for reply in (p.chosen, p.rejected)] for p in pairs
        ]
        self.starts = [len(question_prompt(p.question, tokenizer)) for p in pairs]  # of the replies
        self.width = max(len(ids) for row in self.rows for ids in row)
        self.batch_size, self.order = batch_size, Shuffled(len(pairs), seed)

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        batch = [self.rows[place] for place in self.places(step)]
        return _side_by_side([row[0] for row in batch] + [row[1] for row in batch], self.width)

    def places(self, step: int) -> list[int]:
        """Which pairs make the batch."""
        first = step * self.batch_size
        return [self.order[i] for i in range(first, first + self.batch_size)]


def accuracy(reward: RewardModel, pairs: Sequence[Pair]) -> float:
    """How often the reward model scores the chosen reply higher than the rejected one."""
    return (margins(reward, pairs) > 0).float().mean().item()


def gold_accuracy(world, reward: RewardModel, pairs: Sequence[Pair]) -> float:
    """How often the truly better reply has the higher score; pairs of replies equally good are left out."""
    at_least_one(pairs)
    true = torch.tensor(
        [gold(world, p.question, p.chosen) - gold(world, p.question, p.rejected) for p in pairs],
        device=device_of(reward),
    )
    unequal = true.abs() > 1e-9
    if not unequal.any():
        raise ValueError(
            "in every pair both replies are truly as good; there is nothing to get right"
        )
    return ((margins(reward, pairs) > 0) == (true > 0))[unequal].float().mean().item()


def margins(reward: RewardModel, pairs: Sequence[Pair]) -> torch.Tensor:
    """Raw reward of the chosen reply minus that of the rejected one: log-odds of the choice, (n,)."""
    at_least_one(pairs)
    questions = [p.question for p in pairs]
    return reward.raw_score(questions, [p.chosen for p in pairs]) - reward.raw_score(
        questions, [p.rejected for p in pairs]
    )


# ---------------------------------------------------------------------------------------------
# Best of n: the assistant without training it


def best_of_n(
    model,
    tokenizer: BPE,
    questions: Sequence,
    reward: RewardModel | Callable,
    n: int = 16,
    temperature: float = 1.0,
    max_new_tokens: int = 48,
    seed: int = 0,
) -> BestOfN:
    """Let the model answer each question `n` times and keep the reply that `reward` likes best.

    `reward` is a RewardModel, or any function of (questions, replies) that returns a number for each.
    """
    if n < 1 or not questions:
        raise ValueError(f"n is {n} and there are {len(questions)} questions; give 1 or more")
    asked = [question for question in questions for _ in range(n)]
    dice = torch.Generator().manual_seed(seed)
    replies = answer(model, tokenizer, asked, max_new_tokens, temperature, dice)
    if isinstance(reward, RewardModel):
        reward.check(tokenizer)
        reward = reward.score
    scores = numbers(reward(asked, replies), len(asked)).cpu().view(-1, n)  # (questions, n)
    rows = [replies[i : i + n] for i in range(0, len(replies), n)]
    return BestOfN(list(questions), rows, scores)


def numbers(rewards, n: int) -> torch.Tensor:
    """What a reward function returned, as a tensor (n,). Raises ValueError if it is not n numbers."""
    rewards = torch.as_tensor(rewards, dtype=torch.float32)
    if rewards.shape != (n,) or not rewards.isfinite().all():
        raise ValueError(
            f"the reward returned shape {tuple(rewards.shape)} for {n} replies, or NaN or infinity; it "
            "must return one number for each reply"
        )
    return rewards


@dataclass
class BestOfN:
    """All that was written: `replies[i][j]` to `questions[i]`, with its reward `scores[i, j]`."""

    questions: list
    replies: list[list[str]]
    scores: torch.Tensor

    def best(self, n: int | None = None) -> list[str]:
        """For each question the best of the first `n` replies, or of all."""
        n = n or self.scores.shape[1]
        return [row[i] for row, i in zip(self.replies, self.scores[:, :n].argmax(dim=1).tolist())]


def expected_best(scores, values, n: int) -> float:
    """The mean value of the best-scored of `n` replies, from N >= n replies to each question.

    `scores` decide which is best, `values` are what is averaged; both (questions, N). Every set of n
    of the N replies counts: the reply of rank i (1 is the lowest) is the best of C(i-1, n-1) of the
    C(N, n) sets. The estimator is Nakano et al. 2021's.

    >>> expected_best([[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]], n=2)  # 2 of 3 sets hold the 30
    26.6667
    """
    scores, values = torch.as_tensor(scores), torch.as_tensor(values).double()
    if not (scores.isfinite().all() and values.isfinite().all()):
        raise ValueError("a score or a value is NaN or infinite; leave such replies out")
    if scores.shape != values.shape or scores.ndim != 2:
        raise ValueError(
            f"scores have shape {tuple(scores.shape)} and values {tuple(values.shape)}; "
            "both must be (questions, replies)"
        )
    N = scores.shape[1]
    if not 1 <= n <= N:
        raise ValueError(
            f"n is {n}, but there are {N} replies to each question; n must be 1 to {N}"
        )
    ordered = values.gather(1, scores.argsort(dim=1, stable=True))
    weights = torch.tensor([math.comb(i, n - 1) / math.comb(N, n) for i in range(N)]).double()
    return round((ordered @ weights).mean().item(), 4)


def best_of_n_kl(n: int) -> float:
    """How far, in nats, taking the best of n moves away from the model: ln n - (n - 1)/n.

    Exact if no reply can be drawn twice, otherwise an upper bound (Beirami et al. 2024,
    arXiv:2401.01879).

    >>> [round(best_of_n_kl(n), 3) for n in (1, 2, 16)]
    [0.0, 0.193, 1.835]
    """
    if n < 1:
        raise ValueError(f"n is {n}; it must be 1 or more")
    return math.log(n) - (n - 1) / n


# ---------------------------------------------------------------------------------------------
# Conversations as tensors


def _ids(question, reply: str, tokenizer: BPE) -> list[int]:
    messages = [*question_messages(question), {"role": "assistant", "content": reply}]
    return chat_tokens(messages, tokenizer)[0]


def _side_by_side(
    rows: list[list[int]], width: int | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of ids as one tensor (B, T), padded on the right, and where each one ends (B,)."""
    return padded(rows, width=width), torch.tensor([len(row) - 1 for row in rows])

"""Reinforcement learning: let the model talk, score what it said, make the better replies likelier.

Nobody shows the model a right reply here. It writes its own (`roll_out`), a reward says how good each
was, and the policy gradient raises the log-probability of a reply in proportion to how much better it
was than expected (its advantage). The three loops differ in where the expectation comes from:
`reinforce` takes the mean of the batch, `grpo` the mean over several replies to one question, `ppo` a
second network that predicts it for every token. A leash, beta nats' worth of reward for each nat by
which the model moves away from where it started, keeps it from saying whatever the reward model likes.

The formulas are in `assistant.policy_losses`. Losses are means over all reply tokens of the batch, whatever
row they are in.

Left out: several processes, replay of old replies, adaptive leashes, entropy bonuses.

Sources: Williams 1992 (REINFORCE); Schulman et al. 2015, arXiv:1506.02438 (GAE), and 2017,
arXiv:1707.06347 (PPO); Schulman 2020, joschu.net/blog/kl-approx.html (k1, k2, k3); Ziegler et al.
2019, arXiv:1909.08593, and Ouyang et al. 2022, arXiv:2203.02155 (the leash, RLHF); Shao et al. 2024,
arXiv:2402.03300 (GRPO).
"""

from __future__ import annotations

import copy
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from glassbox.assistant.policy_losses import (
    gae,
    group_advantages,
    kl_estimate,
    masked_mean,
    ppo_loss,
    whiten,
)
from glassbox.assistant.reward import RewardModel, numbers
from glassbox.assistant.rollout import roll_out, token_logps
from glassbox.machine.history import History
from glassbox.machine.optim import AdamW, clip_gradients
from glassbox.machine.progress import Progress
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE

__all__ = [  # the formulas too: whoever looks for them looks here
    "gae", "group_advantages", "grpo", "kl_estimate", "masked_mean", "ppo", "ppo_loss", "reinforce",
    "update",
]  # fmt: skip


def reinforce(
    policy,
    tokenizer: BPE,
    questions: Sequence,
    reward: RewardModel | Callable,
    ref=None,
    iterations: int = 60,
    batch_size: int = 128,
    beta: float = 0.1,
    lr: float = 1.5e-4,
    **common,
) -> History:
    """REINFORCE (Williams 1992) with a leash. Trains `policy` in place.

        earned    = reward - beta * ln(policy(reply) / ref(reply))     one number a reply
        advantage = (earned - mean) / spread                           over the batch
        loss      = -mean(advantage * logps)                           over all tokens of all replies

    `reward` is a RewardModel or any function of (questions, replies) that returns a number for each.
    `ref` is where the leash is tied: a copy of the policy as it is now, if none is given. `common`
    are `max_new_tokens`, `seed`, `evaluate(policy, iteration)` with `eval_every`, and `progress`.
    """
    optimizer = AdamW(policy.parameters(), lr)
    session = _Session(policy, tokenizer, questions, reward, ref, iterations, batch_size, **common)
    for turn in session:
        logps = token_logps(policy, turn.idx)
        with torch.no_grad():
            strayed = ((logps - turn.ref_logps) * turn.mask).sum(dim=1)  # nats a reply
            earned = turn.rewards - beta * strayed  # Ziegler et al., eq. 2
            advantages = (earned - earned.mean()) / (earned.std() + 1e-4)
        loss = -masked_mean(advantages[:, None] * logps, turn.mask)
        update(policy, optimizer, loss)
        session.keep(loss, logps)
    return session.history


def grpo(
    policy,
    tokenizer: BPE,
    questions: Sequence,
    reward: RewardModel | Callable,
    ref=None,
    iterations: int = 60,
    batch_size: int = 128,
    group_size: int = 8,
    beta: float = 0.1,
    clip: float = 0.2,
    epochs: int = 1,
    lr: float = 1.5e-4,
    **common,
) -> History:
    """GRPO (Shao et al. 2024, eq. 3): PPO's loss without a value network.

        loss = ppo_loss(advantages of the group) + beta * mean(k3)

    Each question is answered `group_size` times, and a reply is compared with the others of its group.
    The leash is part of the loss. The paper averages over each reply's tokens first and then over
    replies; here, as everywhere in this file, all tokens of the batch count alike. Arguments as in
    `reinforce`.
    """
    check_settings(epochs=epochs)
    optimizer = AdamW(policy.parameters(), lr)
    session = _Session(
        policy, tokenizer, questions, reward, ref, iterations, batch_size, group_size, **common
    )
    for turn in session:
        advantages, old_logps = group_advantages(turn.rewards, group_size), None
        for _ in range(epochs):
            logps = token_logps(policy, turn.idx)
            old_logps = logps.detach() if old_logps is None else old_logps
            loss = ppo_loss(logps, old_logps, advantages, turn.mask, clip)
            loss = loss + beta * masked_mean(kl_estimate(logps, turn.ref_logps), turn.mask)
            update(policy, optimizer, loss)
        session.keep(loss, old_logps)
    return session.history


def ppo(
    policy,
    tokenizer: BPE,
    questions: Sequence,
    reward: RewardModel | Callable,
    ref=None,
    iterations: int = 60,
    batch_size: int = 128,
    beta: float = 0.1,
    clip: float = 0.2,
    epochs: int = 2,
    minibatches: int = 2,
    lam: float = 0.95,
    lr: float = 1.5e-4,
    value_lr: float = 1e-3,
    **common,
) -> History:
    """PPO (Schulman et al. 2017) with the leash of Ouyang et al. 2022 (eq. 2). Arguments as in
    `reinforce`.

        earned_t    = -beta * ln(policy(token_t) / ref(token_t)), and the reward at the last token
        advantage_t = what came of token t, by `gae`, less what the value network expected there
        loss        = ppo_loss(advantages), and mean((value - return)^2) / 2 for the value network

    The value network starts as a copy of the policy. A batch of replies is used for `epochs` rounds of
    `minibatches` steps; the clip keeps the later ones from going too far on old replies.
    """
    check_settings(epochs=epochs, minibatches=minibatches)
    value_net = RewardModel.from_model(policy, tokenizer).body
    optimizer = AdamW(policy.parameters(), lr)
    value_optimizer = AdamW(value_net.parameters(), value_lr)
    session = _Session(policy, tokenizer, questions, reward, ref, iterations, batch_size, **common)
    for turn in session:
        with torch.no_grad():
            old_logps = token_logps(policy, turn.idx)
            values = value_net(turn.idx[:, :-1])[0][..., 0]
            earned = -beta * (old_logps - turn.ref_logps)  # (B, T - 1)
            at_end = (turn.last - 1)[:, None]  # (B, 1): the prediction of the last token
            earned.scatter_add_(1, at_end, turn.rewards[:, None])
            advantages, returns = gae(earned, values, turn.mask, lam=lam)
            advantages = whiten(advantages, turn.mask)
        for _ in range(epochs):
            for rows in torch.randperm(len(turn.idx), generator=session.dice).chunk(minibatches):
                idx, mask = turn.idx[rows], turn.mask[rows]
                logps = token_logps(policy, idx)
                loss = ppo_loss(logps, old_logps[rows], advantages[rows], mask, clip)
                update(policy, optimizer, loss)
                missed = value_net(idx[:, :-1])[0][..., 0] - returns[rows]
                update(value_net, value_optimizer, masked_mean(missed.square() / 2, mask))
        session.keep(loss, old_logps)
    return session.history


def update(model, optimizer, loss) -> None:
    """Backward, clip, step; a loss that is no number stops the run before it spoils the weights."""
    loss.backward()
    norm = clip_gradients(model.parameters(), 1.0)
    if not (math.isfinite(loss.item()) and math.isfinite(norm)):
        raise ValueError(
            f"the loss is {loss.item()} and the gradient's length {norm}; the weights are those of the "
            "step before. Half the learning rate, or look at the rewards"
        )
    optimizer.step()
    model.zero_grad(set_to_none=True)


@dataclass
class _Turn:
    """A batch of replies with what they earned and how likely the reference finds their tokens."""

    idx: torch.Tensor
    mask: torch.Tensor
    last: torch.Tensor
    rewards: torch.Tensor
    ref_logps: torch.Tensor


class _Session:
    """What the three loops share: asking, scoring, keeping the books. Iterating over it gives turns."""

    def __init__(
        self, policy, tokenizer, questions, reward, ref, iterations, batch_size, group_size=1,
        max_new_tokens=40, seed=0, evaluate=None, eval_every=0, progress=False,
    ):  # fmt: skip
        if not questions or batch_size < 2 or batch_size % group_size:
            raise ValueError(
                f"there are {len(questions)} questions, batch_size is {batch_size} and group_size "
                f"{group_size}; give questions, and a batch of 2 or more in whole groups"
            )
        check_settings(iterations=iterations)
        if isinstance(reward, RewardModel):
            reward.check(tokenizer)
        self.policy, self.tokenizer = policy, tokenizer
        self.questions, self.reward = questions, reward
        self.ref = copy.deepcopy(policy) if ref is None else ref
        self.ref.eval()
        self.iterations, self.batch_size, self.group_size = iterations, batch_size, group_size
        self.max_new_tokens, self.evaluate, self.eval_every = max_new_tokens, evaluate, eval_every
        self.progress, self.history = progress, History()
        self.dice, self.shuffle = torch.Generator().manual_seed(seed), random.Random(seed)

    def __iter__(self):
        with Progress(self.iterations, shown=self.progress) as bar:
            for iteration in range(self.iterations):
                self._look(iteration)
                began = time.perf_counter()
                yield self._turn()
                self.history.seconds += time.perf_counter() - began
                bar.update(self.history)
        self._look(self.iterations, last=True)

    @torch.no_grad()
    def _turn(self) -> _Turn:
        asked = self.shuffle.choices(self.questions, k=self.batch_size // self.group_size)
        asked = [q for q in asked for _ in range(self.group_size)]
        said = roll_out(self.policy, self.tokenizer, asked, self.max_new_tokens, 1.0, self.dice)
        if isinstance(self.reward, RewardModel):
            rewards = self.reward.score_ids(said.idx, said.last)
        else:
            rewards = self.reward(said.questions, said.replies)
        rewards = numbers(rewards, len(asked)).to(said.idx.device)
        self.said = said
        self.turn = _Turn(said.idx, said.mask, said.last, rewards, token_logps(self.ref, said.idx))
        return self.turn

    def keep(self, loss, logps) -> None:
        """Write the iteration into the history; `logps` are the policy's when it wrote the replies."""
        turn, h = self.turn, self.history
        kl = (kl_estimate(logps.detach(), turn.ref_logps) * turn.mask).sum(dim=1).mean()
        h.kl.append(kl.item())
        h.reward.append(turn.rewards.mean().item())
        h.words.append(sum(len(r.split()) for r in self.said.replies) / len(self.said.replies))
        h.loss.append(loss.item())

    def _look(self, iteration: int, last: bool = False) -> None:
        due = last or (self.eval_every and iteration % self.eval_every == 0) or iteration == 0
        if self.evaluate and due:
            self.history.evals[iteration] = self.evaluate(self.policy, iteration)

"""Reinforcement learning: let the model talk, score what it said, make the better replies likelier.

Nobody shows the model a right reply here. It writes its own (`roll_out`), a reward says how good each
was, and the policy gradient raises the log-probability of a reply in proportion to how much better it
was than expected (its advantage). The three loops differ in where the expectation comes from:
`reinforce` takes the mean of the batch, `grpo` the mean over several replies to one question, `ppo` a
second network that predicts it for every token. A leash, beta nats' worth of reward for each nat by
which the model moves away from where it started, keeps it from saying whatever the reward model likes.

Conventions: `logps` are log-probabilities of tokens, (B, T); `mask` is True where a token belongs to a
reply (its <|end|> too). Losses are means over all reply tokens of the batch, whatever row they are in.

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
from dataclasses import dataclass, field

import torch

from glassbox.assistant.reward import RewardModel, numbers
from glassbox.assistant.rollout import roll_out, token_logps
from glassbox.machine.optim import AdamW, clip_gradients
from glassbox.machine.progress import Progress
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE

FARTHEST = 20.0  # nats: above, exp goes on as a straight line, for exp(89) would overflow

# ---------------------------------------------------------------------------------------------
# Formulas


def masked_mean(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of x over the places where mask is True; what stands elsewhere, even NaN, is ignored."""
    mask = mask.bool().expand_as(x)
    if not mask.any():
        raise ValueError("the mask rules out every token; there is nothing to take the mean of")
    return x.masked_fill(~mask, 0.0).sum() / mask.sum()


def ppo_loss(logps, old_logps, advantages, mask, clip: float = 0.2) -> torch.Tensor:
    """PPO's clipped loss (Schulman et al. 2017, eq. 7), the mean over all tokens where mask is True.

        ratio = exp(logps - old_logps)
        loss  = -mean(min(ratio * advantage, clamp(ratio, 1 - clip, 1 + clip) * advantage))

    logps, old_logps and mask are (B, T); advantages (B, T), or (B,) if a whole reply has one. Only
    logps gets a gradient. From a log-ratio of 20 on the ratio grows as a straight line and cannot
    overflow. Raises ValueError if shapes differ, nothing counts, or a number that counts is NaN or
    infinite.

    >>> logps, old = torch.tensor([[-1.0, -2.0]]), torch.tensor([[-1.5, -2.0]])
    >>> ppo_loss(logps, old, torch.tensor([1.0]), torch.tensor([[True, True]]))  # -(1.2 + 1) / 2
    tensor(-1.1000)
    """
    logps, old_logps, mask = torch.as_tensor(logps), torch.as_tensor(old_logps), _bool(mask)
    advantages = torch.as_tensor(advantages)
    if advantages.ndim == logps.ndim - 1:
        advantages = advantages.unsqueeze(-1)
    _check_fits(logps, mask, old_logps=old_logps, advantages=advantages)
    if not 0 < clip < 1:
        raise ValueError(f"clip is {clip}; it must be between 0 and 1 (0.2 is usual)")
    log_ratio = (logps - old_logps.detach()).masked_fill(~mask, 0.0)
    ratio = _straight_beyond(torch.exp, log_ratio)
    advantages = advantages.detach().expand_as(ratio).masked_fill(~mask, 0.0)
    gain = torch.minimum(ratio * advantages, ratio.clamp(1 - clip, 1 + clip) * advantages)
    return -masked_mean(gain, mask)


def group_advantages(rewards, group_size: int) -> torch.Tensor:
    """GRPO's advantage (Shao et al. 2024, eq. 3): how many standard deviations above its group.

    rewards (B,) holds group after group, each the replies to one question. The deviation is the
    sample's (n - 1), and 1e-4 is added to it, as TRL does. In a group whose rewards are all equal
    nobody is better than anybody: zeros.

    >>> group_advantages([1.0, 3.0, 5.0, 5.0], group_size=2)
    tensor([-0.7071,  0.7071,  0.0000,  0.0000])
    """
    rewards = torch.as_tensor(rewards)
    rewards = rewards if rewards.is_floating_point() else rewards.float()
    if group_size < 2 or rewards.ndim != 1 or len(rewards) == 0 or len(rewards) % group_size:
        raise ValueError(
            f"rewards have shape {tuple(rewards.shape)} and group_size is {group_size}; give one reward "
            "for each reply, in whole groups of 2 or more"
        )
    if not torch.isfinite(rewards).all():
        raise ValueError("a reward is NaN or infinite; look at the reward function")
    groups = rewards.view(-1, group_size)
    tied = groups.amax(dim=1, keepdim=True) == groups.amin(dim=1, keepdim=True)
    centered = groups - groups.mean(dim=1, keepdim=True)
    scaled = centered / (groups.std(dim=1, keepdim=True) + 1e-4)
    return scaled.masked_fill(tied, 0.0).flatten()


def kl_estimate(logps, ref_logps, kind: str = "k3") -> torch.Tensor:
    """Each token's estimate of KL(model || reference), in nats, same shape (Schulman 2020).

    With d = logps - ref_logps of tokens that the model itself has drawn:
        k1 = d                      right on average, often negative
        k2 = d^2 / 2                never negative, a little wrong on average
        k3 = exp(-d) - 1 + d        never negative and right on average
    Where d is below -20 k3 goes on as a straight line with the slope that it has there, which pulls back
    and cannot overflow. Raises ValueError for NaN or infinity.

    >>> kl_estimate([-1.0, -1.0], [-1.0, -2.0])
    tensor([0.0000, 0.3679])
    """
    logps, ref_logps = torch.as_tensor(logps), torch.as_tensor(ref_logps)
    if logps.shape != ref_logps.shape:
        raise ValueError(
            f"logps have shape {tuple(logps.shape)} and ref_logps {tuple(ref_logps.shape)}; "
            "they must be of the same tokens"
        )
    if kind not in ("k1", "k2", "k3"):
        raise ValueError(f"kind is {kind!r}; use 'k1', 'k2' or 'k3'")
    d = logps - ref_logps
    if not d.isfinite().all():
        raise ValueError(
            "logps or ref_logps hold NaN or infinity; a token that could not be drawn was drawn, or "
            "training has gone wrong: half the learning rate"
        )
    if kind == "k1":
        return d
    if kind == "k2":
        return d.square() / 2
    return _straight_beyond(torch.expm1, -d) + d


def gae(rewards, values, mask, gamma: float = 1.0, lam: float = 0.95):
    """Generalized advantage estimation (Schulman et al. 2015, eq. 16): (advantages, returns), (B, T).

        surprise_t  = reward_t + gamma * value_{t+1} - value_t         (value after the end is 0)
        advantage_t = surprise_t + gamma * lam * advantage_{t+1}
        return_t    = advantage_t + value_t

    value_t is what is expected before token t is chosen. lam 1 trusts only what happened, lam 0 only
    the values. Both are 0 outside the mask.
    """
    mask = _bool(mask)
    rewards, values = rewards.masked_fill(~mask, 0.0), values.masked_fill(~mask, 0.0)
    advantages, ahead = torch.zeros_like(rewards), torch.zeros_like(rewards[:, 0])
    next_value = torch.zeros_like(ahead)
    for t in reversed(range(rewards.shape[1])):
        surprise = rewards[:, t] + gamma * next_value - values[:, t]
        ahead = (surprise + gamma * lam * ahead) * mask[:, t]
        advantages[:, t], next_value = ahead, values[:, t]
    return advantages, advantages + values


def _bool(mask) -> torch.Tensor:
    return torch.as_tensor(mask).bool()


def _straight_beyond(exp, x: torch.Tensor) -> torch.Tensor:
    """exp(x), or expm1(x), and above FARTHEST its tangent: a value without a slope would not pull back."""
    return exp(x.clamp(max=FARTHEST)) + math.exp(FARTHEST) * (x - FARTHEST).clamp(min=0)


def _check_fits(logps, mask, **others) -> None:
    for name, x in {"mask": mask, "logps": logps, **others}.items():
        try:
            fits = torch.broadcast_shapes(x.shape, logps.shape) == logps.shape
        except RuntimeError:
            fits = False
        if not fits:
            raise ValueError(
                f"{name} has shape {tuple(x.shape)}, which does not fit logps {tuple(logps.shape)}"
            )
        if name != "mask" and not (x.isfinite() | ~mask).all():
            raise ValueError(
                f"{name} holds NaN or infinity at a token that counts; a token that could not be drawn "
                "was drawn, or training has gone wrong: half the learning rate"
            )


# ---------------------------------------------------------------------------------------------
# The three loops


@dataclass
class History:
    """One number an iteration, means over its replies. `evals` holds what `evaluate` returned, by
    iteration."""

    reward: list[float] = field(default_factory=list)  # of the reward function, without the leash
    kl: list[float] = field(default_factory=list)  # nats a reply away from the reference, k3
    words: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    evals: dict[int, dict] = field(default_factory=dict)
    seconds: float = 0.0

    def told(self) -> str:
        """The state of things, for the progress bar."""
        return f"reward {self.reward[-1]:+.2f}, {self.kl[-1]:.1f} nats away"


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
            advantages = _whiten(advantages, turn.mask)
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


def _whiten(x, mask) -> torch.Tensor:
    """Shift and scale to mean 0 and spread 1 over the reply tokens of the batch."""
    mean = masked_mean(x, mask)
    return (x - mean) / (masked_mean((x - mean).square(), mask).sqrt() + 1e-4)


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

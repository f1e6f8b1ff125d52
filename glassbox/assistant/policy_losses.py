"""The formulas of reinforcement learning from feedback: losses, advantages, distance from the reference.

`assistant.rl` has the loops that use them. `logps` are log-probabilities of tokens, (B, T); `mask` is True
where a token belongs to a reply (its <|end|> too). Losses are means over all reply tokens of the batch,
whatever row they are in.

Sources: Schulman et al. 2015, arXiv:1506.02438 (GAE), and 2017, arXiv:1707.06347 (PPO); Schulman 2020,
joschu.net/blog/kl-approx.html (k1, k2, k3); Shao et al. 2024, arXiv:2402.03300 (GRPO).
"""

from __future__ import annotations

import math

import torch

FARTHEST = 20.0  # nats: above, exp goes on as a straight line, for exp(89) would overflow


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
    groups = rewards.view(-1, group_size)  # (B,) to (groups, group_size)
    tied = groups.amax(dim=1, keepdim=True) == groups.amin(dim=1, keepdim=True)
    centered = groups - groups.mean(dim=1, keepdim=True)
    scaled = centered / (groups.std(dim=1, keepdim=True) + 1e-4)
    return scaled.masked_fill(tied, 0.0).flatten()  # (B,)


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
    """exp(x) or expm1(x); above FARTHEST its tangent there, which keeps a slope, so that the leash pulls."""
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


def whiten(x, mask) -> torch.Tensor:
    """Shift and scale to mean 0 and spread 1 over the reply tokens of the batch."""
    mean = masked_mean(x, mask)
    return (x - mean) / (masked_mean((x - mean).square(), mask).sqrt() + 1e-4)

"""DPO: preferences without reward model, without rolling out, without reinforcement learning.

With the leash of `rl`, the best possible policy gives a reply exp(reward / beta) times the probability
that the reference gave it (up to a factor that depends on the question only). Read backwards: a policy
*is* a reward model, with the reward beta * (logps - ref_logps), and the factor cancels in a comparison.
So Bradley and Terry's loss can be written down for the policy itself, and trained like any other loss.

Conventions: `..._logps` are the log-probability of a whole reply, summed over its tokens and its <|end|>,
(B,). Losses are means over the pairs of the batch.

Left out: drawing new pairs on the way (online DPO), KTO, mixtures with the fine-tuning loss.

Sources: Rafailov et al. 2023, arXiv:2305.18290 (DPO); Azar et al. 2023, arXiv:2310.12036 (IPO); Meng et
al. 2024, arXiv:2405.14734 (SimPO). Checked against the same losses of TRL.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence

import torch
from torch.nn import functional as F

from glassbox.assistant.preferences import Pair
from glassbox.assistant.reward import PairBatches
from glassbox.assistant.rl import update
from glassbox.assistant.rollout import reply_mask, token_logps
from glassbox.machine.device import device_of
from glassbox.machine.history import History
from glassbox.machine.optim import AdamW
from glassbox.machine.progress import Progress
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE


def dpo_loss(
    policy_chosen_logps,
    policy_rejected_logps,
    ref_chosen_logps,
    ref_rejected_logps,
    beta: float = 0.1,
    label_smoothing: float = 0.0,
) -> torch.Tensor:
    """DPO's loss (Rafailov et al. 2023, eq. 7), the mean over pairs, in nats; TRL's "sigmoid" loss.

        margin = beta * ((policy_chosen - ref_chosen) - (policy_rejected - ref_rejected))
        loss   = -(1 - label_smoothing) * ln sigmoid(margin) - label_smoothing * ln sigmoid(-margin)

    All four are (B,), log-probabilities of whole replies. label_smoothing is the share of labels
    believed to be wrong ("conservative DPO"). Where policy and reference agree the loss is ln 2.

    >>> dpo_loss([-3.0], [-4.0], [-5.0], [-4.5], beta=0.5)  # margin 0.75
    tensor(0.3869)
    """
    if not beta > 0 or not 0 <= label_smoothing < 0.5:
        raise ValueError(
            f"beta is {beta} and label_smoothing is {label_smoothing}; beta must be above 0 and "
            "label_smoothing from 0 up to, not including, 0.5"
        )
    margin = beta * _log_odds(policy_chosen_logps, policy_rejected_logps, ref_chosen_logps, ref_rejected_logps)  # fmt: skip
    kept, flipped = F.logsigmoid(margin), F.logsigmoid(-margin)
    return -((1 - label_smoothing) * kept + label_smoothing * flipped).mean()


def ipo_loss(
    policy_chosen_logps,
    policy_rejected_logps,
    ref_chosen_logps,
    ref_rejected_logps,
    beta: float = 0.1,
) -> torch.Tensor:
    """IPO's loss (Azar et al. 2023, eq. 17, where beta is called tau), the mean over pairs.

        loss = ((policy_chosen - ref_chosen) - (policy_rejected - ref_rejected) - 1 / (2 beta))^2

    DPO's margin may grow for ever, and with labels that never disagree it does; this one has a goal.
    The paper's log-probabilities are sums over a reply's tokens, and so it is here; TRL divides each by
    the number of tokens before it calls the same formula.

    >>> ipo_loss([-3.0], [-4.0], [-5.0], [-4.5], beta=0.25)  # (1.5 - 2)^2
    tensor(0.2500)
    """
    if not beta > 0:
        raise ValueError(f"beta is {beta}; it must be above 0")
    log_odds = _log_odds(policy_chosen_logps, policy_rejected_logps, ref_chosen_logps, ref_rejected_logps)  # fmt: skip
    return (log_odds - 1 / (2 * beta)).square().mean()


def simpo_loss(
    policy_chosen_logps, policy_rejected_logps, chosen_lengths, rejected_lengths,
    beta: float = 2.0, gamma: float = 1.0,
) -> torch.Tensor:  # fmt: skip
    """SimPO's loss (Meng et al. 2024, eq. 6), the mean over pairs, in nats: no reference at all.

        margin = beta * (chosen / its tokens - rejected / its tokens) - gamma
        loss   = -ln sigmoid(margin)

    The log-probability is per token, so a reply cannot win by being long, nor lose by it.

    >>> simpo_loss([-3.0], [-8.0], [3], [4], beta=2.0, gamma=1.0)  # margin 2 (-1 + 2) - 1 = 1
    tensor(0.3133)
    """
    if not beta > 0 or not gamma >= 0:
        raise ValueError(f"beta is {beta} and gamma {gamma}; beta must be above 0, gamma 0 or more")
    chosen = torch.as_tensor(policy_chosen_logps) / torch.as_tensor(chosen_lengths)
    rejected = torch.as_tensor(policy_rejected_logps) / torch.as_tensor(rejected_lengths)
    return -F.logsigmoid(
        beta * _log_odds(chosen, rejected, 0 * chosen, 0 * rejected) - gamma
    ).mean()


def hidden_reward(logps, ref_logps, beta: float = 0.1) -> torch.Tensor:
    """The reward that a policy implies: beta * (logps - ref_logps), of whole replies."""
    return beta * (torch.as_tensor(logps) - torch.as_tensor(ref_logps))


def _log_odds(chosen, rejected, ref_chosen, ref_rejected) -> torch.Tensor:
    four = [torch.as_tensor(x) for x in (chosen, rejected, ref_chosen, ref_rejected)]
    if len({x.shape for x in four}) > 1 or four[0].numel() == 0:
        shapes = ", ".join(str(tuple(x.shape)) for x in four)
        raise ValueError(
            f"the log-probabilities have shapes {shapes}; give one number of each for every pair, and "
            "at least one pair"
        )
    if not all(torch.isfinite(x).all() for x in four):
        raise ValueError(
            "a log-probability is NaN or infinite; a reply holds a token that the model rules out, or "
            "training has gone wrong: half the learning rate"
        )
    chosen, rejected, ref_chosen, ref_rejected = four
    return (chosen - ref_chosen) - (rejected - ref_rejected)


# ---------------------------------------------------------------------------------------------
# Training


def train_dpo(
    policy,
    tokenizer: BPE,
    pairs: Sequence[Pair],
    ref=None,
    steps: int = 100,
    batch_size: int = 32,
    beta: float = 0.3,
    lr: float = 1e-4,
    loss: str = "dpo",
    label_smoothing: float = 0.0,
    seed: int = 0,
    evaluate: Callable | None = None,
    eval_every: int = 0,
    progress: bool = False,
) -> History:
    """Train `policy` in place on `pairs` with the loss "dpo", "ipo" or "simpo".

    `ref` is the model that the policy is compared with: a copy of it as it is now, if none is given.
    `evaluate(policy, step)` is called before the first step, every `eval_every` steps and at the end.
    """
    if loss not in ("dpo", "ipo", "simpo"):
        raise ValueError(f"loss is {loss!r}; use 'dpo', 'ipo' or 'simpo'")
    check_settings(steps=steps, batch_size=batch_size, lr=lr)
    ref = copy.deepcopy(policy) if ref is None else ref
    batches = ReplyBatches(pairs, tokenizer, batch_size, seed)
    optimizer, history, device = AdamW(policy.parameters(), lr), History(), device_of(policy)
    began = time.perf_counter()
    with Progress(steps, shown=progress) as bar:
        for step in range(steps):
            if evaluate and (step == 0 or (eval_every and step % eval_every == 0)):
                history.evals[step] = evaluate(policy, step)
            idx, mask = (x.to(device) for x in batches[step])  # chosen replies above rejected ones
            logps = (token_logps(policy, idx) * mask).sum(dim=1)
            with torch.no_grad():
                ref_logps = (token_logps(ref, idx) * mask).sum(dim=1)
            (chosen, rejected), (ref_chosen, ref_rejected) = logps.chunk(2), ref_logps.chunk(2)
            if loss == "dpo":
                value = dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta, label_smoothing)
            elif loss == "ipo":
                value = ipo_loss(chosen, rejected, ref_chosen, ref_rejected, beta)
            else:
                value = simpo_loss(chosen, rejected, *mask.sum(dim=1).chunk(2), beta)
            update(policy, optimizer, value)
            hidden_chosen, hidden_rejected = hidden_reward(logps.detach(), ref_logps, beta).chunk(2)
            history.loss.append(value.item())
            history.chosen.append(hidden_chosen.mean().item())
            history.margin.append((hidden_chosen - hidden_rejected).mean().item())
            history.accuracy.append((hidden_chosen > hidden_rejected).float().mean().item())
            history.seconds = time.perf_counter() - began
            bar.update(history)
    if evaluate:
        history.evals[steps] = evaluate(policy, steps)
    return history


class ReplyBatches(PairBatches):
    """`batches[step]` is (idx, mask): idx (2B, T), mask (2B, T - 1) True where idx[:, 1:] is a reply."""

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        idx, last = super().__getitem__(step)
        starts = torch.tensor([self.starts[p] for p in self.places(step)] * 2)  # the same prompt
        return idx, reply_mask(starts, last, idx.shape[1])

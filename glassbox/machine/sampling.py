"""From scores to a choice: softmax, temperature, top-k, top-p, min-p, repetition penalty, the dice.

A model ends in one number for each token of its vocabulary, the logits. Everything here works on
the last dimension, so `logits` may be one list of scores (V,) or a batch (B, V). The filters return
logits with minus infinity where a token is ruled out, so they can be chained and looked at.

The network is deterministic; the only chance is in `sample`, which throws one number between 0 and
1 for each row, always on the CPU, so that one seed means one text on every device.

Sources: Fan et al. 2018, arXiv:1805.04833 (top-k); Holtzman et al. 2019, arXiv:1904.09751 (top-p);
Nguyen et al. 2024, arXiv:2407.01082 (min-p); Keskar et al. 2019, arXiv:1909.05858 (the penalty).
Checked against the same functions of Hugging Face transformers.
"""

from __future__ import annotations

import math

import torch

NEVER = float("-inf")  # the logit of a token that is ruled out


def softmax(logits, temperature: float = 1.0) -> torch.Tensor:
    """Scores to probabilities: exponentiate each, divide by the sum.

    A temperature below 1 sharpens, above 1 flattens; 0, as anything below a millionth, puts
    everything on the highest score (the first of them, if several are equal).

    >>> softmax([2.0, 1.0, 0.1])
    tensor([0.6590, 0.2424, 0.0986])
    >>> softmax([4.0, 2.0, 0.2])  # every score doubled: the same as temperature 0.5
    tensor([0.8638, 0.1169, 0.0193])
    >>> softmax([2.0, 1.0, 0.1], temperature=0)
    tensor([1., 0., 0.])
    """
    logits, temperature = _checked(logits), _checked_temperature(temperature)
    if temperature == 0:
        return torch.zeros_like(logits).scatter(-1, logits.argmax(dim=-1, keepdim=True), 1.0)
    highest = logits.amax(dim=-1, keepdim=True)
    weights = torch.exp((logits - highest) / temperature)  # the highest becomes 1: no overflow
    return weights / weights.sum(dim=-1, keepdim=True)


def top_k(logits, k: int) -> torch.Tensor:
    """Keep the `k` highest scores (more, if several tie for the last place).

    >>> top_k([2.0, 1.0, 0.1], k=2)
    tensor([2., 1., -inf])
    """
    logits = _checked(logits)
    if not (k >= 1 and k % 1 == 0):
        raise ValueError(f"top_k is {k}; it must be a whole number, 1 or more")
    last_kept = logits.topk(min(int(k), logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits < last_kept, NEVER)


def top_p(logits, p: float) -> torch.Tensor:
    """Keep the likeliest tokens that together reach probability `p` (the "nucleus").

    >>> top_p([2.0, 1.0, 0.1], p=0.8)  # 66% is not enough, 66% + 24% is
    tensor([2., 1., -inf])
    """
    logits = _checked(logits)
    if not 0 < p <= 1:
        raise ValueError(f"top_p is {p}; it must be above 0 and at most 1")
    if p == 1:
        return logits  # rounding must not cut off the tail
    ordered, order = logits.sort(dim=-1, descending=True, stable=True)
    probs = softmax(ordered.cpu().double())  # Apple GPUs have no float64
    enough_before = probs.cumsum(dim=-1) - probs >= p  # already reached p without this token
    enough_before[..., 0] = False
    ruled_out = enough_before.to(logits.device).gather(-1, order.argsort(dim=-1))
    return logits.masked_fill(ruled_out, NEVER)


def min_p(logits, p: float) -> torch.Tensor:
    """Keep tokens at least `p` times as likely as the likeliest one.

    >>> min_p([2.0, 1.0, 0.1], p=0.3)  # 24% is more than 0.3 x 66%, 10% is less
    tensor([2., 1., -inf])
    """
    logits = _checked(logits)
    if not 0 <= p <= 1:
        raise ValueError(f"min_p is {p}; it must be between 0 and 1")
    probs = softmax(logits)
    return logits.masked_fill(probs < p * probs.max(dim=-1, keepdim=True).values, NEVER)


def repetition_penalty(logits, ids, penalty: float) -> torch.Tensor:
    """Make the tokens in `ids`, (T,) or (B, T), less likely: positive scores / penalty, negative x.

    >>> repetition_penalty([2.0, 1.0, -1.0], ids=[0, 2], penalty=2.0)
    tensor([ 1.,  1., -2.])
    """
    logits = _checked(logits)
    if not penalty > 0:
        raise ValueError(f"repetition_penalty is {penalty}; it must be above 0 (1 changes nothing)")
    ids, vocab_size = torch.as_tensor(ids, device=logits.device), logits.shape[-1]
    if unknown := [i for i in ids.flatten().tolist() if i not in range(vocab_size)]:
        raise ValueError(
            f"ids hold {unknown[0]}; they must be whole numbers from 0 to {vocab_size - 1}"
        )
    ids = ids.long().expand(*logits.shape[:-1], -1)
    scores = logits.gather(-1, ids)
    scores = torch.where(scores < 0, scores * penalty, scores / penalty)
    return logits.scatter(-1, ids, scores)


_top_k, _top_p, _min_p = top_k, top_p, min_p  # below, the arguments have these names


def probabilities(
    logits,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
) -> torch.Tensor:
    """The distribution that `sample` draws from, after all settings, in their usual order.

    >>> probabilities([2.0, 1.0, 0.1], temperature=0.5, top_k=2)
    tensor([0.8808, 0.1192, 0.0000])
    """
    temperature = _checked_temperature(temperature)
    if top_k is None and top_p is None and min_p is None:
        return softmax(logits, temperature)
    logits = _checked(logits) / (temperature or 1.0)
    if top_k is not None:
        logits = _top_k(logits, top_k)
    if top_p is not None:
        logits = _top_p(logits, top_p)
    if min_p is not None:
        logits = _min_p(logits, min_p)
    return softmax(logits, temperature=float(temperature > 0))  # divided by it already, but for 0


def sample(
    logits,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    min_p: float | None = None,
) -> torch.Tensor:
    """Draw one token id for each row: (V,) gives a single id, (B, V) gives (B,).

    The probabilities are laid end to end on a line from 0 to 1 and a dart is thrown at it.
    `generator` is a CPU generator; temperature 0 always takes the likeliest token.

    >>> dice = torch.Generator().manual_seed(0)
    >>> [sample([2.0, 1.0, 0.1], generator=dice).item() for _ in range(8)]
    [2, 1, 0, 2, 0, 1, 0, 0]
    >>> sample([[2.0, 1.0, 0.1], [0.0, 3.0, 0.0]], temperature=0)
    tensor([0, 1])
    """
    temperature = _checked_temperature(temperature)
    probs = probabilities(logits, temperature, top_k, top_p, min_p)
    if temperature == 0:
        return probs.argmax(dim=-1)
    ends = probs.cpu().cumsum(dim=-1, dtype=torch.float64)  # where each token's stretch ends
    dart = torch.rand(probs.shape[:-1], generator=generator, dtype=torch.float64)
    dart = dart.unsqueeze(-1) * ends[..., -1:]
    return torch.searchsorted(ends, dart, right=True).squeeze(-1).to(probs.device)


def _checked_temperature(temperature: float) -> float:
    if not (math.isfinite(temperature) and temperature >= 0):
        raise ValueError(
            f"temperature is {temperature}; it must be 0 (always the likeliest) or more"
        )
    return temperature if temperature >= 1e-6 else 0.0  # what is divided by less may overflow


def _checked(logits) -> torch.Tensor:
    logits = torch.as_tensor(logits)
    if not logits.is_floating_point() or logits.dtype in (torch.bfloat16, torch.float16):
        logits = logits.float()
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"logits have shape {tuple(logits.shape)}; there is no token to choose")
    best = logits.amax(dim=-1)  # NaN if any is NaN
    if not all(map(math.isfinite, best.flatten().tolist())):
        raise ValueError(
            "the logits hold NaN or infinity, or rule out every token; "
            "look at what the model returned, and at the filters before this one"
        )
    return logits

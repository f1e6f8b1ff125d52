"""Is a model as sure as it has a right to be? Confidence against the truth, with intervals.

`confident_replies` asks questions and notes how likely the model held the fact that it named; `reliability`
sorts the replies into bins of confidence, `calibration_error` is how far confidence and truth are apart, and
`auroc` how well confidence tells right from wrong. `interval` draws the replies again and again, with
replacement, for the spread of any of these.

Left out: temperature scaling, confidence that the model states in words, adaptive bins.

Sources: Naeini et al. 2015, AAAI (expected calibration error); Guo et al. 2017, arXiv:1706.04599 (reliability
diagrams); Kadavath et al. 2022, arXiv:2207.05221 (language models); Efron 1979, Annals of Statistics 7
(bootstrap). AUROC is scikit-learn's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from glassbox.assistant.chat import END_OF_TURN, question_prompt, special_ids
from glassbox.assistant.finetune import reply_each
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.world.judge import SHAPES, VALUES

BINS = 10


def auroc(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """How often a right reply has more confidence than a wrong one: 0.5 is guessing, 1 never wrong.

    >>> auroc([0.9, 0.4, 0.6], [True, True, False])
    0.5
    """
    x, y = _checked(confidence, right)
    if y.all() or not y.any():
        raise ValueError("all replies are right, or all wrong; there is nothing to tell apart")
    return float(roc_auc_score(y, x))


def reliability(confidence: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[dict]:
    """The mean confidence and the share right of each of `bins` equal steps of confidence from 0 to 1.

    >>> reliability([0.9, 0.8, 0.1], [True, False, False], bins=2)
    [{'confidence': 0.1, 'right': 0.0, 'n': 1}, {'confidence': 0.85, 'right': 0.5, 'n': 2}]
    """
    x, y = _checked(confidence, right)
    if bins < 1:
        raise ValueError(f"bins is {bins}; use 1 or more")
    place = np.minimum((x * bins).astype(int), bins - 1)
    return [
        {
            "confidence": round(float(x[place == b].mean()), 4),
            "right": round(float(y[place == b].mean()), 4),
            "n": int((place == b).sum()),
        }
        for b in range(bins)
        if (place == b).any()
    ]


def calibration_error(
    confidence: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> float:
    """Expected calibration error: |confidence - share right| of the bins, weighted by their size.

    >>> round(calibration_error([0.9, 0.8, 0.1], [True, False, False], bins=2), 4)
    0.2667
    """
    x, y = _checked(confidence, right)
    place = np.minimum((x * bins).astype(int), bins - 1)
    gaps = np.bincount(place, x - y, minlength=bins)  # (bins,), sums
    return float(np.abs(gaps).sum() / len(x))


def interval(
    measure: Callable,
    confidence: Sequence[float],
    right: Sequence[bool],
    n: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """The middle 95% of `measure(confidence, right)` over n draws of as many replies, with replacement.

    If there are both right and wrong replies, a draw with only one sort is drawn again.
    """
    x, y = _checked(confidence, right)
    both, dice, found = 0 < y.sum() < len(y), np.random.default_rng(seed), []
    while len(found) < n:
        i = dice.integers(len(x), size=len(x))
        if not both or 0 < y[i].sum() < len(i):
            found.append(measure(x[i], y[i]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def _checked(confidence, right) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.asarray(confidence, float), np.asarray(right, bool)
    if not len(x) or x.shape != y.shape:
        raise ValueError(f"{len(x)} confidences and {len(y)} verdicts; give one verdict for each")
    if not ((x >= 0) & (x <= 1)).all():  # also false for NaN
        raise ValueError("a confidence is a probability, from 0 to 1")
    return x, y


# ---------------------------------------------------------------------------------------------
# Asking a model, and listening to how sure it is


@dataclass(frozen=True)
class Reply:
    """`verdict` is the town's. `fact` is the probability of the tokens that name the fact, each given
    those before it (nan if no fact is named); `whole` the mean log-probability of all tokens, in nats."""

    text: str
    verdict: str
    fact: float
    whole: float


def confident_replies(model: GPT, tokenizer: BPE, world, questions: Sequence) -> list[Reply]:
    """Greedy replies to questions, with the town's verdicts and the model's confidence."""
    prompts = [question_prompt(q, tokenizer) for q in questions]
    texts = reply_each(model, tokenizer, prompts)
    logps = reply_logps(model, tokenizer, prompts, texts)
    return [
        Reply(text, world.judge(q, text), _of_fact(q, text, tokenizer, own), sum(own) / len(own))
        for q, text, own in zip(questions, texts, logps)
    ]


@torch.no_grad()
def reply_logps(
    model: GPT, tokenizer: BPE, prompts: Sequence[Sequence[int]], texts: Sequence[str]
) -> list[list[float]]:
    """The log-probability, in nats, of each token of each reply and of the token that ends it."""
    end = special_ids(tokenizer)[END_OF_TURN]
    replies = [[*tokenizer.encode(text, "none"), end] for text in texts]
    found: list[list[float]] = [[] for _ in texts]
    order = sorted(range(len(texts)), key=lambda i: len(prompts[i]) + len(replies[i]))
    for first in range(0, len(order), 64):
        batch = order[first : first + 64]
        rows = [
            torch.tensor([*prompts[i], *replies[i]])[: model.config.block_size + 1] for i in batch
        ]
        idx = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)  # (B, T + 1)
        logps = torch.log_softmax(model(idx[:, :-1])[0].float(), dim=-1)  # (B, T, vocab)
        chosen = logps.gather(2, idx[:, 1:, None])[..., 0]  # (B, T)
        for i, row, of in zip(batch, rows, chosen):
            found[i] = of[len(prompts[i]) - 1 : len(row) - 1].tolist()
    return found


def fact_span(attribute: str, text: str) -> tuple[int, int] | None:
    """Where in a reply the first value of an attribute stands (from, to), or None if there is none.

    >>> fact_span("pet", "I think Ann Lee keeps an otter.")
    (25, 30)
    """
    found = _pattern(attribute).search(text)
    return found.span() if found else None


@cache
def _pattern(attribute: str) -> re.Pattern:
    if attribute not in VALUES:
        if attribute not in ("born",):
            raise ValueError(f"attribute is {attribute!r}; use born, {', '.join(VALUES)}")
        return SHAPES[attribute]
    longest_first = sorted(VALUES[attribute], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _of_fact(question, text: str, tokenizer: BPE, logps: Sequence[float]) -> float:
    """The probability of the tokens that overlap the first value named in a reply."""
    span = fact_span(question.attribute, text)
    if not span:
        return math.nan
    total = at = 0
    for i, logp in zip(tokenizer.encode(text, "none"), logps):
        after = at + len(tokenizer.decode([i]))
        total += logp if at < span[1] and after > span[0] else 0.0
        at = after
    return math.exp(total)

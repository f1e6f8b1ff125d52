"""Addition as a test bed for "emergence": models of many sizes learn a + b, scored in several ways.

A problem is one line, "482+519=1001", as seven numbers to read and four to give (the sum padded with
zeros to n + 1 digits). Problems are drawn fresh, so that only the rule can be
learned, and the test's problems are in no batch. The answer follows from the question, so the lowest
possible loss is zero; guessing costs ln 10 nats a digit.

`exact` is the share of answers that are right whole. `digits` is the share of digits that are right,
each given the right digits before it, and `loss` the nats per digit in that case. A whole answer is
right only if all its k digits are: if each is right with probability p, independently, that happens
with probability p^k, which looks like a jump (Schaeffer et al. 2023, arXiv:2304.15004).

Left out: reversed digits, scratchpads, other operations.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass

import torch
from torch.nn import functional as F

from glassbox.machine.device import device_of
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, TrainingStopped, train

SYMBOLS = "0123456789+="
PLUS, EQUALS = SYMBOLS.index("+"), SYMBOLS.index("=")


@dataclass(frozen=True)
class AddRun:
    """One model that learns to add. Equal runs are one run; see `scale.sweep`."""

    n_embd: int
    seed: int = 0
    n_layer: int = 2
    n_digits: int = 3
    n_head: int = 2
    steps: int = 300
    batch_size: int = 128
    lr: float = 0.04
    muon_lr: float = 0.04
    dtype: str = "auto"

    @property
    def T(self) -> int:
        return 3 * self.n_digits + 2  # the last digit of the answer is never read

    @property
    def config(self) -> GPTConfig:
        return GPTConfig(len(SYMBOLS), self.T, self.n_layer, self.n_head, self.n_embd)

    @property
    def n_params(self) -> int:
        """Weights that multiply, as in `scale.sweep`: the blocks and the head."""
        return self.n_layer * 12 * self.n_embd**2 + len(SYMBOLS) * self.n_embd

    @property
    def key(self) -> str:
        """A hash of all settings: what a finished run is found by."""
        text = "addition " + json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def problems(n: int, n_digits: int, generator: torch.Generator, test: bool = False):
    """n sums, as ids (n, 3 n_digits + 3). One problem in sixteen is kept for tests.

    >>> rows = problems(3, 3, torch.Generator().manual_seed(0))
    >>> as_text(rows[0])
    '044+239=0283'
    """
    high, rows = 10**n_digits, torch.zeros(0, 2, dtype=torch.long)
    while len(rows) < n:
        ab = torch.randint(high, (2 * n if not test else 32 * n, 2), generator=generator)
        rows = torch.cat([rows, ab[is_test(ab[:, 0], ab[:, 1]) == test]])
    a, b = rows[:n].T  # (n,) each
    plus, equals = torch.full((n, 1), PLUS), torch.full((n, 1), EQUALS)
    parts = [_digits(a, n_digits), plus, _digits(b, n_digits), equals, _digits(a + b, n_digits + 1)]
    return torch.cat(parts, dim=1)


def is_test(a, b):
    """Whether a + b is kept for testing: a fixed scramble of the pair, true for one in sixteen."""
    return ((a * 7919 + b * 104_729) * 2_654_435_761 >> 12) % 16 == 0


def _digits(numbers: torch.Tensor, n: int) -> torch.Tensor:
    return torch.stack([numbers // 10**k % 10 for k in range(n - 1, -1, -1)], dim=1)


def as_text(ids: torch.Tensor) -> str:
    """A sum as text, from its ids."""
    return "".join(SYMBOLS[i] for i in ids.tolist())


class Sums:
    """Batches of fresh sums: `sums[step]` is (idx, targets); only the answer's digits count."""

    unit = "nats per digit"

    def __init__(self, batch_size: int, n_digits: int, seed: int):
        self.batch_size, self.n_digits, self.seed = batch_size, n_digits, seed

    def __getitem__(self, step: int):
        generator = torch.Generator().manual_seed(1_000_003 * self.seed + step)
        return _split(problems(self.batch_size, self.n_digits, generator), self.n_digits)


def _split(rows, n_digits):
    targets = rows[:, 1:].clone()
    targets[:, : 2 * n_digits + 1] = -1  # the question is given, not asked
    return rows[:, :-1], targets


@torch.no_grad()
def score(model: GPT, n_digits: int, n: int = 1000, seed: int = 999) -> dict:
    """One model, one set of unseen sums, three scores: `exact`, `digits` and `loss`.

    Greedy answers are right whole if and only if every digit is the likeliest one given the right
    digits before it, so one reading of the right answers gives all three.
    """
    rows = problems(n, n_digits, torch.Generator().manual_seed(seed), test=True)
    idx, targets = (x.to(device_of(model)) for x in _split(rows, n_digits))
    k = n_digits + 1
    logits, answers = model(idx)[0][:, -k:].float(), targets[:, -k:]
    right = logits.argmax(-1) == answers  # (n, k)
    return {
        "exact": right.all(1).float().mean().item(),
        "digits": right.float().mean().item(),
        "loss": F.cross_entropy(logits.flatten(0, 1), answers.flatten()).item(),  # (n k, V), (n k,)
        "by_digit": [round(x, 4) for x in right.float().mean(0).tolist()],
    }


def train_adder(run: AddRun, device: str = "cpu") -> dict:
    """Train one model to add and return its row."""
    began = time.process_time()
    model = GPT(run.config, torch.Generator().manual_seed(run.seed)).to(device)
    row = {
        "key": run.key,
        "n_params": run.n_params,
        "n_tokens": run.steps * run.batch_size * run.T,
        "n_embd": run.n_embd,
        "seed": run.seed,
        "n_digits": run.n_digits,
    }
    config = TrainConfig(
        run.steps, lr=run.lr, muon_lr=run.muon_lr, dtype=run.dtype,
        threads=1 if device == "cpu" else None,
    )  # fmt: skip
    try:
        train(model, Sums(run.batch_size, run.n_digits, run.seed), config, progress=False)
    except TrainingStopped as stopped:
        return row | {"loss": None, "status": "diverged", "why": str(stopped)}
    scores = {
        k: v if k == "by_digit" else round(v, 5) for k, v in score(model, run.n_digits).items()
    }
    return row | scores | {"status": "done", "seconds": round(time.process_time() - began, 2)}

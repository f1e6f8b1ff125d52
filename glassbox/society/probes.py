"""Linear probes: can something be read off a network's numbers with one matrix, and does the network use it?

    read     score = h W + b          h: the numbers at one place of the text, (C,); W: (C, K); b: (K,)
    push     h' = h + a (w / |w|)      along a probe's direction, at one place, after one block

A probe that reads something shows that it is there, not that it is used: hence `pushed`. And a probe that
is free enough reads off anything: hence the controls, of which the caller has to have at least two: the same
probe on a network that was not trained, and on labels that were dealt out anew (`Hewitt and Liang` call
the gap selectivity).

Sources: Alain and Bengio 2017, arXiv:1610.01644 (probes); Hewitt and Liang 2019, arXiv:1909.03368
(controls); Nanda, Lee and Wattenberg 2023, arXiv:2309.00941 (pushing along a probe's direction).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass

import torch

from glassbox.machine.model import GPT


@torch.no_grad()
def streams(model: GPT, ids: torch.Tensor) -> torch.Tensor:
    """The numbers that run through the network, before the first block and after each: (n_layer + 1, B, T, C).

    ids: (B, T). The last is what the final norm and the head read.
    """
    seen: list[torch.Tensor] = []
    keep = [
        part.register_forward_pre_hook(lambda _, arguments: seen.append(arguments[0]))
        for part in (*model.blocks, model.norm)
    ]
    try:
        model(ids)
    finally:
        for hook in keep:
            hook.remove()
    return torch.stack(seen)


@dataclass(frozen=True)
class Probe:
    """One matrix and one row of offsets: `scores = h @ weight + bias`."""

    weight: torch.Tensor  # (C, K)
    bias: torch.Tensor  # (K,)

    def __call__(self, h: torch.Tensor) -> torch.Tensor:
        """h: (..., C) to scores (..., K)."""
        return h.to(self.weight) @ self.weight + self.bias

    def direction(self, k: int, against: int | None = None) -> torch.Tensor:
        """The unit vector (C,) along which score k rises fastest, against another score if one is named."""
        w = self.weight[:, k] - (0 if against is None else self.weight[:, against])
        return w / w.norm()


def fit(h: torch.Tensor, targets: torch.Tensor, penalty: float = 1.0) -> Probe:
    """Least squares with a penalty on the weights' squares (ridge), in closed form.

    h: (N, C); targets: (N, K) numbers. The offset is not penalized. The same as scikit-learn's
    `Ridge(penalty)`. Raises ValueError for fewer than two rows, rows that do not match, or numbers
    that are not finite.

    >>> probe = fit(torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[1.0], [3.0], [5.0]]), penalty=0)
    >>> probe(torch.tensor([[10.0]])).round().tolist()
    [[21.0]]
    """
    if h.ndim != 2 or targets.ndim != 2 or len(h) != len(targets) or len(h) < 2:
        raise ValueError(
            f"h is {tuple(h.shape)} and targets {tuple(targets.shape)}; a probe needs (N, C) and (N, K), N from 2"
        )
    if penalty < 0:
        raise ValueError(f"penalty is {penalty}; it must be 0 or more")
    h, targets = h.double(), targets.double()
    if not (h.isfinite().all() and targets.isfinite().all()):
        raise ValueError("h or targets hold numbers that are not finite; look at the model first")
    mean, middle = h.mean(0), targets.mean(0)
    x = h - mean
    square = x.T @ x + penalty * torch.eye(h.shape[1], dtype=torch.float64)
    weight = torch.linalg.lstsq(square, x.T @ (targets - middle)).solution
    return Probe(weight, middle - mean @ weight)


def one_hot(labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Labels (N,) as targets of a probe that tells classes apart: (N, classes), 1 at the label.

    Raises ValueError if only one class occurs, since nothing can be told apart then.

    >>> one_hot(torch.tensor([0, 2]), 3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    found = labels.unique().tolist()
    if len(found) < 2:
        raise ValueError(
            f"all {len(labels)} labels are {found}; a probe needs at least two classes: take other places"
        )
    return torch.nn.functional.one_hot(labels, classes).double()


def explained(targets: torch.Tensor, scores: torch.Tensor) -> float:
    """The share of the targets' spread that the scores explain (R squared): 1 all, 0 no better than the mean.

    >>> explained(torch.tensor([[1.0], [3.0]]), torch.tensor([[1.0], [3.0]]))
    1.0
    """
    targets = targets.double()
    left = (targets - scores).square().sum()
    return float(1 - left / (targets - targets.mean(0)).square().sum())


@contextmanager
def pushed(model: GPT, block: int, push: torch.Tensor):
    """Within the `with`, add `push`, (B, T, C) or what broadcasts to it, to what leaves a block, counted from 1.

    0 is what enters the first. Raises ValueError for a block that the model does not have.
    """
    if not 0 <= block <= model.config.n_layer:
        raise ValueError(f"block is {block}; this model has 0 to {model.config.n_layer}")
    parts = (*model.blocks, model.norm)
    hook = parts[block].register_forward_pre_hook(
        lambda _, arguments: (arguments[0] + push.to(arguments[0]), *arguments[1:])
    )
    try:
        yield model
    finally:
        hook.remove()

"""How a step is taken once the gradient is known: AdamW, Muon, clipping, learning-rate schedules.

AdamW gives every number its own step length; it is used for embeddings, head, gains and biases. Muon
looks at a matrix as a whole: it replaces the momentum by the nearest matrix whose singular values are
all about 1, so that every direction in which the matrix can change moves equally far.

`split_params` says which parameter goes where. Both are checked against torch's own.

Sources: Loshchilov and Hutter 2017, arXiv:1711.05101 (AdamW); Jordan et al. 2024,
kellerjordan.github.io/posts/muon; Hu et al. 2024, arXiv:2404.06395 (warmup-stable-decay).
"""

from __future__ import annotations

import math
from collections import defaultdict

import torch
from torch import nn

from glassbox.machine.settings import check_settings
from glassbox.machine.together import like, whole


class AdamW(torch.optim.Optimizer):
    """Adam with decoupled weight decay: m and v are running means of g and g squared, and

    p -= lr * weight_decay * p;    p -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        check_settings(**defaults)
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (b1, b2) = group["lr"], group["betas"]
            for p in (p for p in group["params"] if p.grad is not None):
                state = self.state[p]
                if not state:
                    state.update(m=torch.zeros_like(p), v=torch.zeros_like(p), step=0)
                state["step"] += 1
                m, v, t = state["m"], state["v"], state["step"]
                m.lerp_(p.grad, 1 - b1)
                v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                p.mul_(1 - lr * group["weight_decay"])
                size = (v / (1 - b2**t)).sqrt_().add_(group["eps"])
                p.addcdiv_(m, size, value=-lr / (1 - b1**t))


def orthogonalize(G: torch.Tensor, steps: int = 5, dtype=torch.bfloat16) -> torch.Tensor:
    """Push all singular values of the matrices G (..., m, n) towards 1, keeping their directions.

    A Newton-Schulz iteration: x -> a x + b x^3 + c x^5 acts on every singular value by itself, and
    the coefficients are chosen for speed, so the values end between about 0.7 and 1.2.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    wide = G.shape[-2] <= G.shape[-1]
    X = (G if wide else G.mT).to(dtype)  # (..., small, large)
    X = X / (X.norm(dim=(-2, -1), keepdim=True) + 1e-7)  # singular values at most 1
    shape, X = X.shape, X.reshape(-1, *X.shape[-2:])  # (matrices, small, large)
    for _ in range(steps):
        A = X @ X.mT  # (matrices, small, small)
        B = torch.baddbmm(A, A, A, beta=b, alpha=c)  # b A + c A A
        X = torch.baddbmm(X, B, X, beta=a)  # a X + B X
    X = X.view(shape)  # (..., small, large)
    return (X if wide else X.mT).to(G.dtype)  # (..., m, n)


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalized. Parameters are matrices (out, in) or stacks of them (..., out, in).

    The step is scaled by sqrt(max(1, out / in)). All matrices of one shape are done together.
    """

    def __init__(self, params, lr=0.02, momentum=0.95, weight_decay=0.0, dtype=torch.bfloat16):
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        check_settings(**defaults)
        super().__init__(params, defaults)
        for p in (p for group in self.param_groups for p in group["params"]):
            if p.ndim < 2:
                raise ValueError(
                    f"Muon steps matrices, but a parameter has shape {tuple(p.shape)}; "
                    "give it to AdamW (see split_params)"
                )
        self.dtype = dtype

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            by_shape = defaultdict(list)
            for p in (p for p in group["params"] if p.grad is not None):
                by_shape[min(p.shape[-2:], p.shape[-2:][::-1])].append(p)
            for params in by_shape.values():
                self._step_together(params, group)

    def _step_together(self, params: list[torch.Tensor], group: dict) -> None:
        updates = []
        for p in params:
            buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
            buffer.lerp_(p.grad, 1 - group["momentum"])
            ahead = p.grad.lerp(buffer, group["momentum"])  # Nesterov: where momentum will carry us
            lying = _lying(whole(ahead))  # (..., small, large)
            updates.append(
                lying.flatten(0, -3) if p.ndim > 2 else lying[None]
            )  # (stack, small, large)
        done = orthogonalize(torch.cat(updates), dtype=self.dtype)  # (matrices, small, large)
        for p, update in zip(params, done.split([len(u) for u in updates])):
            scale = math.sqrt(max(1, p.shape[-2] / p.shape[-1]))
            update = update if p.shape[-2] <= p.shape[-1] else update.mT  # (stack, out, in)
            p.mul_(1 - group["lr"] * group["weight_decay"])
            update = like(update.reshape(p.shape), p)  # (..., out, in)
            p.add_(update, alpha=-group["lr"] * scale)


def _lying(G: torch.Tensor) -> torch.Tensor:
    """The matrices G (..., m, n), transposed if they are taller than wide."""
    return G if G.shape[-2] <= G.shape[-1] else G.mT


def split_params(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Matrices of the blocks, for Muon, and everything else, for AdamW."""
    matrices = [p for name, p in model.named_parameters() if "blocks." in name and p.ndim >= 2]
    chosen = {id(p) for p in matrices}
    return matrices, [p for p in model.parameters() if id(p) not in chosen]


@torch.no_grad()
def clip_gradients(params, max_norm: float) -> float:
    """Scale all gradients together so that their joint length is at most `max_norm`.

    Returns their length before. Clipping each tensor by itself would change the step's direction.
    `params` may be a single tensor.
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}; it must be above 0 (math.inf clips nothing)")
    params = [params] if isinstance(params, torch.Tensor) else params
    grads = [p.grad for p in params if p.grad is not None]
    if not grads:
        return 0.0
    norm = torch.linalg.vector_norm(
        torch.stack([whole(torch.linalg.vector_norm(g)) for g in grads])
    ).item()
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm


def cosine_lr(
    step: int, steps: int, lr: float = 1.0, warmup: int = 0, min_lr: float = 0.0
) -> float:
    """The learning rate at a step, counted from 0: a straight rise, then half a cosine down to `min_lr`.

    It is lr / warmup at step 0 and lr at step warmup - 1 and warmup. It reaches min_lr at step `steps`,
    one after the last that is taken, and stays there.

    >>> [round(cosine_lr(step, steps=10, warmup=2), 2) for step in (0, 1, 2, 6, 10)]
    [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    if step < warmup:
        return lr * (step + 1) / warmup
    progress = min(1.0, (step - warmup) / max(1, steps - warmup))
    return min_lr + (lr - min_lr) * 0.5 * (1 + math.cos(math.pi * progress))


def wsd_lr(step: int, steps: int, lr: float = 1.0, warmup: int = 0, cooldown: float = 0.5) -> float:
    """The learning rate at a step, counted from 0: a straight rise, `lr`, then straight down to 0.

    The fall takes the last share `cooldown` of the steps and would reach 0 at step `steps`, one after the
    last that is taken. ("Warmup, stable, decay".)

    >>> [round(wsd_lr(step, steps=10, warmup=2), 2) for step in (0, 1, 2, 5, 6, 9)]
    [0.5, 1.0, 1.0, 1.0, 0.8, 0.2]
    """
    if step < warmup:
        return lr * (step + 1) / warmup
    return lr * min(1.0, max(0.0, (steps - step) / max(1.0, cooldown * steps)))

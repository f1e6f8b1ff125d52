"""Lab 04's other seeds: small models that learn strings with repetitions, and what their heads do.

`python -m glassbox.recordings.attention` trains one- and two-layer models with three seeds on strings that
repeat a stretch of random symbols, and writes attention.json; it takes about three minutes of one core.
The lab trains the first seed itself, by the same recipe, and shows the others from here. For each model:
the loss on a stretch's first printing and on its second, how much each head looks at the token before and
at what followed the same symbol earlier, and the second loss without some heads of a layer.
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from glassbox.machine.attention import attention_weights, without_heads
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording

SEEDS, LAYERS = (0, 1, 2), (1, 2)
SYMBOLS, T = 64, 48
STEPS, BATCH_SIZE = 400, 32


def settings() -> dict:
    return {"symbols": SYMBOLS, "T": T, "steps": STEPS, "batch_size": BATCH_SIZE}


def jobs() -> list[tuple]:
    return [(n_layer, seed) for n_layer in LAYERS for seed in SEEDS]


def run(job: tuple) -> dict:
    """Train one model and look at its heads."""
    n_layer, seed = job
    config = GPTConfig(SYMBOLS, T, n_layer, n_head=4, n_embd=64, qk_norm=False)
    model = GPT(config, torch.Generator().manual_seed(seed))
    train(model, strings(seed), TrainConfig(STEPS), progress=False)
    return measure(model.eval())


def assemble(rows: dict) -> dict:
    models = [{"n_layer": n, "seed": seed} | row for (n, seed), row in rows.items()]
    return settings() | {"models": models}


def strings(seed: int):
    """Batches of strings, each a random stretch of different symbols over and over."""
    g = torch.Generator().manual_seed(seed)
    while True:
        rows = []
        for _ in range(BATCH_SIZE):
            period = int(torch.randint(8, T // 2 + 1, (1,), generator=g))
            stretch = torch.randperm(SYMBOLS, generator=g)[:period]
            rows.append(stretch.repeat(T // period + 2)[: T + 1])
        rows = torch.stack(rows)  # (B, T + 1)
        yield rows[:, :-1], rows[:, 1:]


def repeated() -> torch.Tensor:
    """A hundred stretches of T / 2 symbols, each printed twice: (100, T)."""
    g = torch.Generator().manual_seed(99)
    half = torch.stack([torch.randperm(SYMBOLS, generator=g)[: T // 2] for _ in range(100)])
    return torch.cat([half, half], dim=1)


@torch.no_grad()
def losses(model: GPT, idx: torch.Tensor) -> torch.Tensor:
    """Nats for each token after the first: (B, T - 1)."""
    logits = model(idx[:, :-1])[0].float().transpose(1, 2)  # (B, vocab_size, T - 1)
    return F.cross_entropy(logits, idx[:, 1:], reduction="none")


def measure(model: GPT) -> dict:
    """What the lab measures of a model; tables are [layer][head]."""
    idx, n = repeated(), T // 2
    cost = losses(model, idx)
    looks = attention_weights(model, idx).mean(0)  # (n_layer, n_head, T, T)
    previous = looks.diagonal(-1, 2, 3).mean(-1)  # (n_layer, n_head)
    inducing = looks.diagonal(1 - n, 2, 3)[..., 1:].mean(-1)
    found = {
        "first": cost[:, : n - 1].mean().item(),
        "again": cost[:, n:].mean().item(),
        "previous": previous.tolist(),
        "induction": inducing.tolist(),
    }
    if model.config.n_layer == 2:
        found["without"] = {
            "previous": cuts(model, 0, previous[0], idx),
            "induction": cuts(model, 1, inducing[1], idx),
        }
    return found


def cuts(model: GPT, layer: int, score: torch.Tensor, idx: torch.Tensor) -> dict:
    """The loss on the second printing without the best, the worst, the best two, the worst two heads."""
    order = score.argsort(descending=True).tolist()
    chosen = {
        "best": order[:1],
        "worst": order[-1:],
        "best two": order[:2],
        "worst two": order[-2:],
    }
    return {
        name: losses(without_heads(model, [(layer, h) for h in heads]), idx)[:, T // 2 :]
        .mean()
        .item()
        for name, heads in chosen.items()
    }


if __name__ == "__main__":
    recording.main("attention")

"""Many models of many sizes, trained the same way: the raw material of a scaling law.

`python -m glassbox.scale.sweep --plan small` trains a grid of models on Port Ellery's short documents
and keeps every finished run as a file of its own, so that an interrupted sweep goes on where it
stopped. With `--engine ray` the runs are spread over a Ray cluster (`pip install glassbox[ray]`).

Everything but width and data is held fixed: two layers, characters as tokens, one batch size, one
recipe (Muon for the blocks, AdamW for the rest), and a learning rate that has fallen to zero when the
run ends. (Heads go with width: one below 32, then one for each 16.) No character is read twice. The loss is in
nats per character on held-out documents, each read whole from its first character to its end mark, so
the town's entropy floor is its lower bound.

What counts as a parameter. `n_params`, the N of the laws, counts the weights that multiply: the blocks
and the head. The table of input embeddings is looked up, costs no arithmetic, and is left out; so that
6 N D is the arithmetic of the matrices (attention's own products come on top and are not counted).
Kaplan et al. 2020 left out the head too, Hoffmann et al. 2022 counted everything. In small models
that choice moves exponents: Pearce and Song 2024, arXiv:2406.12907. A row holds all three counts.

Left out: dropout, several epochs, mixed precision other than `machine.train`'s.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import joblib
import torch

from glassbox.machine.device import device_name, device_of
from glassbox.machine.files import write_text
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, TrainingStopped, train
from glassbox.scale.bill import training_flops
from glassbox.scale.runs import ENGINES, Folder, SweepError, run_all
from glassbox.world import World
from glassbox.world import documents as writing

# Short documents only: each fits into a window, so that a model can see all that the floor assumes.
KINDS = ("question", "pair", "price", "way", "sum")
LETTERS = "\0\n !\"'+,-.0123456789:;=?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
N_HELD_OUT = 600  # documents
VOCAB = len(LETTERS)  # the first one, NUL, stands between documents
_IDS = {ord(c): i for i, c in enumerate(LETTERS)}


@dataclass(frozen=True)
class Run:
    """One model to train: its shape, how much it reads, and the recipe. Two equal runs are one run."""

    n_embd: int
    n_tokens: int  # rounded up to whole batches
    seed: int = 0  # of the weights and of the order of the text
    n_layer: int = 2
    T: int = 128
    batch_size: int = 4
    lr: float = 0.04
    muon_lr: float = 0.04
    cooldown: float = 0.6
    residents: int = 400
    dtype: str = "auto"
    budget: float | None = None  # the compute, in FLOPs, that the run was meant to use

    @property
    def config(self) -> GPTConfig:
        n_head = max(1, self.n_embd // 16)
        return GPTConfig(VOCAB, self.T, self.n_layer, n_head, self.n_embd)

    @property
    def n_params(self) -> int:
        """Weights that multiply: the blocks and the head.

        >>> Run(n_embd=16, n_tokens=1).n_params
        7360
        """
        return self.n_layer * 12 * self.n_embd**2 + VOCAB * self.n_embd

    @property
    def steps(self) -> int:
        return max(1, math.ceil(self.n_tokens / (self.batch_size * self.T)))

    @property
    def key(self) -> str:
        """A hash of all settings: what a finished run is found by."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def isoflop(budgets: Iterable[float], widths: Iterable[int], **settings) -> list[Run]:
    """Every width at every budget: what a model does not spend on size it spends on text.

    >>> [(r.n_params, r.n_tokens) for r in isoflop([1e9], [8, 16])]
    [(2144, 77736), (7360, 22645)]
    """
    runs = []
    for budget in budgets:
        for width in widths:
            run = Run(width, 1, budget=budget, **settings)
            runs.append(replace(run, n_tokens=round(budget / training_flops(run.n_params, 1))))
    return runs


# ---------------------------------------------------------------------------------------------
# Text


def encode(text: str) -> torch.Tensor:
    """Characters to ids. Raises ValueError for a character that the town does not use."""
    if strange := set(text) - set(LETTERS):
        raise ValueError(f"{min(strange)!r} is no letter of the sweep's alphabet: {LETTERS[1:]!r}")
    return torch.tensor(list(text.translate(_IDS).encode("latin-1")), dtype=torch.long)


@functools.lru_cache(maxsize=2)
def training_text(n_tokens: int, residents: int, seed: int) -> torch.Tensor:
    """At least `n_tokens` characters of the town, each document followed by NUL.

    Another seed writes other documents about the same town.
    """
    parts, size = [], 0
    for document in writing.documents(
        World(seed=0, residents=residents).town, 10_000 + seed, KINDS
    ):
        parts.append(document.text)
        size += len(document.text) + 1
        if size > n_tokens:
            return encode("\0" + "\0".join(parts) + "\0")


class Stream:
    """Batches cut from one long text, in order: nothing is read twice. `stream[step]`."""

    def __init__(self, tokens: torch.Tensor, batch_size: int, T: int):
        self.steps = (len(tokens) - 1) // (batch_size * T)
        n = self.steps * batch_size * T
        shape = (batch_size, self.steps, T)  # each row of the batch reads its own stretch
        self.idx, self.targets = tokens[:n].view(shape), tokens[1 : n + 1].view(shape)

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.idx[:, step], self.targets[:, step]


@functools.lru_cache(maxsize=4)
def held_out(residents: int, T: int) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Held-out documents as windows (idx, targets), and their entropy floor in nats per character.

    A window starts at a document and holds as many whole ones as fit; the rest does not count.
    """
    documents = list(World(seed=0, residents=residents).documents(KINDS, N_HELD_OUT, "held_out"))
    rows, row = [], [0]
    for document in documents:
        ids = [*encode(document.text).tolist(), 0]
        if len(ids) > T:
            raise ValueError(f"a document has {len(ids)} characters; T is {T}, make it larger")
        if len(row) + len(ids) > T + 1:
            rows.append(row)
            row = [0]
        row = row + ids
    rows.append(row)
    idx, targets = torch.zeros(len(rows), T, dtype=torch.long), torch.full((len(rows), T), -1)
    for i, row in enumerate(rows):
        idx[i, : len(row) - 1] = torch.tensor(row[:-1])
        targets[i, : len(row) - 1] = torch.tensor(row[1:])
    n_counted = int((targets >= 0).sum())
    return idx, targets, -sum(d.logprob for d in documents) / n_counted


def floor(residents: int = 400, T: int = 128) -> float:
    """The town's entropy on the held-out documents, in nats per character: no model stays below."""
    return held_out(residents, T)[2]


@torch.no_grad()
def held_out_loss(model: GPT, residents: int) -> float:
    """Nats per character on the held-out documents."""
    idx, targets, _ = held_out(residents, model.config.block_size)
    device = device_of(model)
    total, count = 0.0, int((targets >= 0).sum())
    for rows in torch.arange(len(idx)).split(64):
        n = int((targets[rows] >= 0).sum())
        total += model(idx[rows].to(device), targets[rows].to(device))[1].item() * n
    return total / count


# ---------------------------------------------------------------------------------------------
# One run


def train_run(run: Run, device: str = "cpu") -> dict:
    """Train one model and return its row.

    `loss` is what counts. `half` is the loss after half of the text, read off while the learning rate
    is still high: what an early look at a longer run shows, kept to show how wrong it is. A run whose
    loss is no longer a number has `status` "diverged" and no loss.
    """
    began, half = time.process_time(), max(1, run.steps // 2)
    model = GPT(run.config, torch.Generator().manual_seed(run.seed)).to(device)
    row = _what_it_is(run, model)

    def at_half(model, step):
        return {"loss": held_out_loss(model, run.residents)} if step == half else {}

    try:
        history = train(
            model, _its_text(run), _its_plan(run, device), progress=False,
            evaluate=at_half, eval_every=half,
        )  # fmt: skip
        loss = held_out_loss(model, run.residents)
    except TrainingStopped as stopped:
        return row | {"loss": None, "status": "diverged", "why": str(stopped)}
    return row | {
        "loss": round(loss, 5),
        "half": round(history.evals[half]["loss"], 5),
        "half_tokens": half * run.batch_size * run.T,
        "status": "done",
        "dtype": history.dtype,
        "device": device_name(device),
        "tokens_per_second": round(history.tokens_per_second),
        "seconds": round(time.process_time() - began, 2),
    }


def _what_it_is(run: Run, model: GPT) -> dict:
    """The part of a run's row that is known before it is trained."""
    counts = sum(p.numel() for p in model.parameters())
    n_tokens = run.steps * run.batch_size * run.T
    return {
        "key": run.key,
        "n_params": run.n_params,
        "n_total": counts,
        "n_non_embedding": counts - 2 * VOCAB * run.n_embd,
        "n_tokens": n_tokens,
        "flops": training_flops(run.n_params, n_tokens),
        "seed": run.seed,
        "n_embd": run.n_embd,
        "lr_scale": run.muon_lr / Run.muon_lr,
        "budget": run.budget,
    }


def _its_text(run: Run) -> Stream:
    n_tokens = run.steps * run.batch_size * run.T
    text = training_text(n_tokens, run.residents, run.seed)[: n_tokens + 1]
    return Stream(text, run.batch_size, run.T)


def _its_plan(run: Run, device: str) -> TrainConfig:
    return TrainConfig(
        run.steps,
        lr=run.lr,
        muon_lr=run.muon_lr,
        cooldown=run.cooldown,
        warmup=min(20, run.steps // 5),
        dtype=run.dtype,
        threads=1 if device == "cpu" else None,
    )


def sweep(
    runs: Iterable,
    keep: dict | Folder | str | Path | None = None,
    engine: str = "local",
    device: str = "cpu",
    train_one: Callable = train_run,
    workers: int = 1,
    progress: bool = True,
) -> list[dict]:
    """Train every run that is not in `keep` yet; all rows in the order of `runs`. See `run_all`."""
    return run_all(runs, train_one, keep, engine, device, workers, _outcome if progress else None)


def columns(rows: Iterable[dict], loss: str = "loss") -> tuple[list, list, list]:
    """(n_params, n_tokens, losses) of rows, as the fits take them.

    With loss="half" the loss and the number of tokens are those of halfway. Raises SweepError if a
    run diverged: leave it out, and say so.
    """
    rows = list(rows)
    if bad := [r for r in rows if r["status"] != "done"]:
        names = ", ".join(f"{r['n_params']} parameters on {r['n_tokens']} tokens" for r in bad)
        raise SweepError(
            f"{len(bad)} of {len(rows)} runs diverged ({names}); leave them out with "
            "`[r for r in rows if r['status'] == 'done']`, and say so beside the fit"
        )
    tokens = "half_tokens" if loss == "half" else "n_tokens"
    return [r["n_params"] for r in rows], [r[tokens] for r in rows], [r[loss] for r in rows]


def _outcome(row: dict) -> str:
    said = "diverged" if row.get("loss") is None else f"loss {row['loss']:.3f}"
    return f"{row['n_params']:,} parameters, {said}"


# ---------------------------------------------------------------------------------------------
# Plans


def small(seed: int = 0) -> list[Run]:
    """What lab 11a trains in under a minute.

    A row of sizes that all read the same amount of text, and three budgets, each split in several ways.
    The longest runs come first, so that at the end no worker is left alone with one."""
    return [Run(width, EQUAL_TEXT, seed) for width in EQUAL_WIDTHS] + _grid(SMALL, seed=seed)


def recorded() -> list[Run]:
    """The same and two larger budgets, and other learning rates at one budget, with three seeds."""
    runs = [run for seed in SEEDS for run in [*small(seed), *_grid(LARGER, seed=seed)]]
    budget, widths = list(SMALL.items())[1]
    middle = {budget: (8, 10, 12, *widths)}  # at other rates smaller models may be best
    for scale in (0.25, 2.0):
        for seed in SEEDS:
            runs += _grid(middle, seed=seed, lr=Run.lr * scale, muon_lr=Run.muon_lr * scale)
    return runs


def _grid(budgets: dict, **settings) -> list[Run]:
    return [
        run for budget, widths in budgets.items() for run in isoflop([budget], widths, **settings)
    ]


def gpu() -> list[Run]:
    """Budgets a hundred times larger, larger batches. Not yet run on a card."""
    widths, settings = (48, 64, 96, 128, 192, 256), {"batch_size": 64, "dtype": "bfloat16"}
    runs = isoflop([100 * budget for budget in SMALL], widths, **settings)
    return runs + [Run(width, 10 * EQUAL_TEXT, **settings) for width in widths]


def gpu_held_out() -> Run:
    """The model that the runs of `gpu` should predict. Not yet run on a card."""
    return Run(576, 10 * EQUAL_TEXT, batch_size=64, dtype="bfloat16")


SEEDS = (0, 1, 2)
SMALL = {
    2.5e9: (8, 10, 12, 16, 20, 24, 28),
    7.5e9: (14, 16, 20, 24, 28, 32, 36),
    2.25e10: (20, 24, 28, 32, 44),
}
EQUAL_TEXT, EQUAL_WIDTHS = 300_000, (96, 64, 44, 32, 24, 16, 12, 8)
LARGER = {6.75e10: (24, 28, 32, 44, 64), 2.025e11: (32, 44, 64, 96)}
PLANS = {"small": small, "recorded": recorded, "gpu": gpu}


def main(arguments: list[str] | None = None) -> None:
    """Train the runs of a plan, or those that are missing, and write them into one table."""
    parser = argparse.ArgumentParser(
        prog="python -m glassbox.scale.sweep", description=main.__doc__
    )
    parser.add_argument("--plan", choices=PLANS, default="small")
    parser.add_argument("--engine", choices=ENGINES, default="local")
    parser.add_argument(
        "--workers", type=int, default=joblib.cpu_count(), help="default: all cores"
    )
    parser.add_argument("--device", default="cpu", help="cuda, or mps on Apple")
    parser.add_argument("--folder", type=Path, help="finished runs; default _build/sweep/PLAN")
    parser.add_argument("--table", type=Path, help="also write all rows into this JSON file")
    given = parser.parse_args(arguments)
    folder = given.folder or Path("_build") / "sweep" / given.plan
    torch.set_num_threads(1)
    try:
        rows = sweep(PLANS[given.plan](), folder, given.engine, given.device, workers=given.workers)
    except (SweepError, KeyboardInterrupt) as stopped:
        raise SystemExit(f"stopped: {stopped}") from None
    diverged = sum(row["status"] != "done" for row in rows)
    print(f"{len(rows)} runs in {folder}, {diverged} of them diverged", file=sys.stderr)
    if given.table:
        write_text(given.table, json.dumps({"plan": given.plan, "runs": rows}) + "\n")


if __name__ == "__main__":
    main()

"""The recorded runs of chapter 11: labs 11a and 11b and the scaling figure show them beside live ones.

`python -m glassbox.course.scaling_data` trains the plan `recorded` of `glassbox.scale.sweep` (three
seeds, more compute, other learning rates), six models larger than any that the fit has seen,
and eight sizes of adder with three seeds, and writes glassbox/course/scaling.json. It
takes about a quarter of an hour on one core. Each finished run is a file in _build/sweep/recorded, so
a run that was interrupted goes on where it stopped. Every loss in the file is measured here; the fits
are of the runs whose group is "grid".
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from glassbox.course import recorded
from glassbox.course.cards import this_machine
from glassbox.scale import scaling, sweep
from glassbox.scale.arithmetic import AddRun, train_adder

FILE = Path(__file__).with_name("scaling.json")
COMMAND = "python -m glassbox.course.scaling_data"
SEEDS = (0, 1, 2)
HELD_OUT = {"n_embd": 96, "n_tokens": sweep.EQUAL_TEXT}  # in no fit
# Still larger, as much text. What line and law say of it was computed from the recorded runs and written
# here, and committed, before such a model was trained for the first time.
BLIND = {"n_embd": 160, "n_tokens": sweep.EQUAL_TEXT}
SAID = {"line": 0.479, "low": 0.432, "high": 0.533, "law": 0.866}  # nats per character
ADDERS = (8, 12, 16, 24, 32, 40, 48, 64)
N_BOOTSTRAP = 60
_KEPT = ("n_params", "n_total", "n_non_embedding", "n_embd", "n_tokens", "flops", "budget", "loss",
         "half", "half_tokens", "seed", "lr_scale", "status", "seconds", "tokens_per_second", "device")  # fmt: skip


def held_out_runs(seeds=SEEDS) -> list[sweep.Run]:
    """The larger models that are in no fit."""
    return [sweep.Run(**HELD_OUT, seed=seed) for seed in seeds]


def blind_runs(seeds=SEEDS) -> list[sweep.Run]:
    """The still larger models of which everything was said (`SAID`) before one was trained."""
    return [sweep.Run(**BLIND, seed=seed) for seed in seeds]


def adders(seeds=SEEDS) -> list[AddRun]:
    """Eight sizes that learn to add."""
    return [AddRun(n_embd, seed=seed) for seed in seeds for n_embd in ADDERS]


def group(row: dict) -> str:
    """What a run is for: the fit, the test of the fit, more compute, or another learning rate."""
    if row["lr_scale"] != 1:
        return "learning rate"
    if row["n_embd"] == HELD_OUT["n_embd"] and row["budget"] is None:
        return "held_out"
    return "larger" if row["budget"] in sweep.LARGER else "grid"


def assemble(rows: list[dict], added: list[dict], blind: list[dict]) -> dict:
    """The table that labs and figure read, from finished runs."""
    runs = [{k: row.get(k) for k in _KEPT} | {"group": group(row)} for row in rows]
    grid = [r for r in runs if r["group"] == "grid" and r["status"] == "done"]
    n, d, loss = sweep.columns(grid)
    floor = sweep.floor()
    labels = list(zip(n, d))  # runs that differ in their seed alone
    fits, draws = {}, {}
    for name, E in (("free", None), ("fixed", floor)):
        fits[name] = _numbers(scaling.fit_chinchilla(n, d, loss, E=E))
        drawn = scaling.bootstrap(n, d, loss, n=N_BOOTSTRAP, groups=labels, E=E)
        draws[name] = [
            [float(f"{getattr(f, k):.5g}") for k in ("E", "A", "B", "alpha", "beta")] for f in drawn
        ]
    return {
        "made_by": COMMAND,
        "machine": this_machine(),
        "seconds": round(
            sum(r["seconds"] for r in [*rows, *added, *blind] if r["status"] == "done")
        ),
        "world": {"seed": 0, "residents": sweep.Run.residents, "kinds": list(sweep.KINDS)},
        "unit": "nats per character",
        "n_counts": "weights that multiply: the blocks and the head, without the input embedding",
        "flops_counts": "6 N D",
        "floor": round(floor, 5),
        "seeds": sorted({r["seed"] for r in runs}),
        "runs": runs,
        "fits": fits | {"bootstrap": draws},
        "minima": minima(runs),
        "held_out": _held_out(runs, floor, fits),
        "blind": {
            "n_params": blind[0]["n_params"],
            "n_tokens": blind[0]["n_tokens"],
            "said": SAID,
            "losses": [r["loss"] for r in blind],
        },
        "adders": [{k: v for k, v in r.items() if k != "key"} for r in added],
    }


def minima(runs: list[dict]) -> list[dict]:
    """The best size at every budget, of the mean loss over the seeds that there are."""
    found = []
    usual = [r for r in runs if r["lr_scale"] == 1 and r["budget"] and r["status"] == "done"]
    for budget in sorted({r["budget"] for r in usual}):
        sizes = sorted({r["n_params"] for r in usual if r["budget"] == budget})
        losses = [
            _mean(r["loss"] for r in usual if r["budget"] == budget and r["n_params"] == size)
            for size in sizes
        ]
        m = scaling.isoflop_minimum(sizes, losses, budget)
        found.append(
            {"budget": budget, "n_params": round(m.n_params), "n_tokens": round(m.n_tokens),
             "loss": round(m.loss, 5), "interior": m.interior}
        )  # fmt: skip
    return found


def _held_out(runs, floor, fits) -> dict:
    """The larger models, and what was to be expected: by the line of the models that read as much, with
    the band in which four of five new models should lie, and by the law for size and text."""
    ours = [r for r in runs if r["group"] == "held_out" and r["status"] == "done"]
    if not ours:
        return {}
    n, d = ours[0]["n_params"], ours[0]["n_tokens"]
    equal = [r for r in runs if r["group"] == "grid" and r["budget"] is None]
    sizes = sorted({r["n_params"] for r in equal})
    means = [_mean(r["loss"] for r in equal if r["n_params"] == size) for size in sizes]
    line = scaling.fit_power_law(sizes, [loss - floor for loss in means])
    low, high = line.band(n)
    said = {"predicted": floor + line(n), "low": floor + low, "high": floor + high}
    said |= {"line": {"a": line.a, "b": line.b}}
    for kind, f in fits.items():
        law = f["E"] + f["A"] / n ** f["alpha"] + f["B"] / d ** f["beta"]
        said[kind] = {"predicted": law}
    losses = [r["loss"] for r in ours]
    about = {"n_params": n, "n_tokens": d, "flops": ours[0]["flops"], "losses": losses}
    return about | {"loss": _mean(losses)} | _rounded(said)


def _rounded(table: dict) -> dict:
    return {
        k: _rounded(v) if isinstance(v, dict) else float(f"{float(v):.6g}")
        for k, v in table.items()
    }


def _numbers(fit: scaling.Fit) -> dict:
    names = ("E", "A", "B", "alpha", "beta", "objective", "exponent")
    return {k: float(f"{getattr(fit, k):.8g}") for k in names} | {"n_runs": fit.n_runs}


def _mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def load(file: Path = FILE) -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recorded.load(file, COMMAND)


def main(arguments: list[str] | None = None) -> None:
    """Make the recording, or go on with one that was begun."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--folder", type=Path, default=Path("_build") / "sweep" / "recorded")
    parser.add_argument("--engine", choices=sweep.ENGINES, default="local")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    keep = sweep.Folder(given.folder)
    small = [run for seed in SEEDS for run in sweep.small(seed)]
    sweep.sweep([*small, *held_out_runs()], keep, given.engine)
    added = sweep.sweep(adders(), keep, given.engine, train_one=train_adder)
    rows = sweep.sweep([*sweep.recorded(), *held_out_runs()], keep, given.engine)
    blind = sweep.sweep(blind_runs(), keep, given.engine)
    recorded.save(given.file, assemble(rows, added, blind))
    size = given.file.stat().st_size // 1000
    print(f"{given.file}: {len(rows) + len(added)} runs, {size} kB", file=sys.stderr)


if __name__ == "__main__":
    main()

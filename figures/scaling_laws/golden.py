"""Write the golden vectors of the figure `scaling_laws`: fits that the page must find too.

Run `python -m figures.scaling_laws.golden` from the repository's root after a change of
glassbox.scale.scaling, and read the difference before committing it. The runs are made up, from known
laws, with noise; nobody trained them.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from figures.core.golden import write
from glassbox.scale import scaling

FILE = Path(__file__).with_name("golden.json")
TRUE = {"E": 0.45, "A": 26.0, "B": 70.0, "alpha": 0.52, "beta": 0.46}
SIZES = (2_000, 6_000, 20_000, 60_000, 200_000)
TOKENS = (60_000, 200_000, 700_000, 2_500_000)


def made_up(noise: float, seed: int, outlier: float | None = None) -> list[dict]:
    """A grid of runs from a known law; `outlier` multiplies the loss of one."""
    rng = random.Random(seed)
    runs = []
    for n in SIZES:
        for d in TOKENS:
            loss = TRUE["E"] + TRUE["A"] / n ** TRUE["alpha"] + TRUE["B"] / d ** TRUE["beta"]
            loss *= np.exp(rng.gauss(0, noise))
            runs.append({"n_params": n, "n_tokens": d, "flops": 6 * n * d, "loss": float(loss)})
    if outlier:
        runs[7]["loss"] *= outlier
    for run in runs:
        run["loss"] = round(run["loss"], 6)
    return runs


def fitted(runs: list[dict], E: float | None) -> dict:
    fit = scaling.fit_chinchilla(
        [r["n_params"] for r in runs],
        [r["n_tokens"] for r in runs],
        [r["loss"] for r in runs],
        E=E,
    )
    names = ("E", "A", "B", "alpha", "beta", "objective")
    budgets = [1e9, 1e15, 1e24]
    best = [[float(x) for x in fit.optimal(c)] for c in budgets]
    return {name: float(getattr(fit, name)) for name in names} | {
        "budgets": budgets,
        "optimal": best,
        "losses": [float(fit.predict(n, d)) for n, d in best],
    }


def vectors() -> dict:
    cases = []
    for noise, seed, outlier in ((0.0, 0, None), (0.01, 1, None), (0.01, 2, 1.2), (0.03, 3, 0.8)):
        runs = made_up(noise, seed, outlier)
        floor = TRUE["E"]
        lines = []
        for key in ("n_params", "n_tokens", "flops"):
            for f in (0.0, floor):
                law = scaling.fit_power_law([r[key] for r in runs], [r["loss"] - f for r in runs])
                lines.append({"axis": key, "floor": f, "a": law.a, "b": law.b})
        cases.append(
            {"runs": runs, "lines": lines, "free": fitted(runs, None), "fixed": fitted(runs, floor), "floor": floor}
        )  # fmt: skip
    values = [1.0, 5.0, 2.0, 9.0, 4.0, 4.5, -1.0]
    ends = [float(q) for q in np.quantile(values, [0.025, 0.5, 0.975])]
    return {"cases": cases, "quantiles": {"values": values, "ends": ends}}


if __name__ == "__main__":
    write(FILE, vectors())

"""Write the golden vectors of the figure `the_bill`: bills and tornadoes that the page must work out alike.

Run `python -m figures.the_bill.golden` from the repository's root after a change of
glassbox.scale.bill or of runs.json, and read the difference before committing it.
"""

from __future__ import annotations

import json
from pathlib import Path

from figures.core.golden import write
from glassbox.scale import bill

FILE = Path(__file__).with_name("golden.json")
RUNS = json.loads(Path(__file__).with_name("runs.json").read_text(encoding="utf-8"))
COUNTS = ("cost", "energy", "carbon", "water")


def inputs(run: dict, **changed: float) -> dict:
    """What a run is published with, and each unknown's middle value."""
    middle = {name: values["central"] for name, values in run["unknown"].items()}
    return run["known"] | middle | changed


def bills() -> list[dict]:
    """Every run at its middle values, and GPT-3 with each unknown at its high end."""
    cases = [inputs(run) for run in RUNS.values()]
    gpt3 = RUNS["gpt3"]
    cases += [inputs(gpt3, **{name: ends["high"]}) for name, ends in gpt3["unknown"].items()]
    return [{"inputs": case, "bill": bill.training_bill(case)} for case in cases]


def tornado(run: dict, count: str) -> list[dict]:
    """Each unknown moved alone from end to end: what the answer goes from and to, widest first."""
    rows = []
    for name, ends in run["unknown"].items():
        low, high = sorted(
            bill.training_bill(inputs(run, **{name: ends[end]}))[count] for end in ("low", "high")
        )
        if high > low * (1 + 1e-9):
            rows.append({"name": name, "low": low, "high": high, "factor": high / low})
    return sorted(rows, key=lambda row: -row["factor"])


def vectors() -> dict:
    bars = [
        {"run": name, "count": count, "rows": tornado(run, count)}
        for name, run in RUNS.items()
        for count in COUNTS
    ]
    return {"bills": bills(), "tornadoes": bars}


if __name__ == "__main__":
    write(FILE, vectors())

"""Lab 11b's recorded runs: eight sizes of model learn to add, with three seeds.

`python -m glassbox.recordings.emergence` writes emergence.json; it takes a few minutes of one core.
"""

from __future__ import annotations

from glassbox.recordings import recording
from glassbox.scale.arithmetic import AddRun, train_adder

SEEDS = (0, 1, 2)
ADDERS = (8, 12, 16, 24, 32, 40, 48, 64)  # widths


def settings() -> dict:
    return {}  # a run says itself all that decides what comes out


def jobs() -> list[AddRun]:
    return [AddRun(n_embd, seed=seed) for seed in SEEDS for n_embd in ADDERS]


def run(job: AddRun) -> dict:
    return train_adder(job)


def assemble(rows: dict) -> dict:
    return {"adders": [{k: v for k, v in row.items() if k != "key"} for row in rows.values()]}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("emergence")


if __name__ == "__main__":
    recording.main("emergence")

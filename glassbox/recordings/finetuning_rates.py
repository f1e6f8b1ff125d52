"""Lab 07's recorded runs at other learning rates: LoRA at its own best one.

`python -m glassbox.recordings.finetuning_rates` teaches the shipped base model as `finetuning` does, with
three seeds a rate, and writes finetuning_rates.json. It takes about two minutes of one core. The rates
that `finetuning` itself uses are not run again; `swept` puts both together. The best rate is the one that
answers most, by the very questions that are reported, so it looks a little too good. All weights are
trained at one rate alone.
"""

from __future__ import annotations

import functools

import numpy as np

from glassbox.assistant.finetune import RATES as USUAL
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import finetuning, recording
from glassbox.shipped import FOLDER

RATES = {"lora": [1.5e-3, 6e-3]}  # besides the usual one


@functools.cache
def school() -> finetuning.School:
    return finetuning.School()


def settings() -> dict:
    kept = ("seeds", "steps", "batch", "examples", "asked")
    return {key: finetuning.SETTINGS[key] for key in kept} | {
        "rates": RATES,
        "rank": finetuning.WAYS["lora"]["rank"],
        "base": sha256(FOLDER / "base" / "model.safetensors"),
    }


def jobs() -> list[tuple]:
    """(way, learning rate, seed)"""
    seeds = finetuning.SETTINGS["seeds"]
    return [(way, rate, seed) for way, rates in RATES.items() for rate in rates for seed in seeds]


def run(job: tuple) -> dict:
    """One model: what it answers, and what it still knows."""
    way, rate, seed = job
    return school().score(school().teach(seed, lr=rate, **finetuning.WAYS[way]))


def assemble(rows: dict) -> dict:
    """By way and rate, one dict for each seed; rates as text, as JSON has it."""
    found = {way: {f"{rate:g}": [] for rate in rates} for way, rates in RATES.items()}
    for (way, rate, _), row in rows.items():
        found[way][f"{rate:g}"].append(row)
    return {"settings": settings(), "runs": found}


def swept() -> dict:
    """{way: {rate: one dict for each seed}}, the usual rates among them, from small to large."""
    usual, more = finetuning.load()["runs"], load()["runs"]
    found = {way: {f"{USUAL[way]:g}": usual[way]} | more.get(way, {}) for way in ("all", "lora")}
    return {
        way: dict(sorted(rows.items(), key=lambda row: float(row[0])))
        for way, rows in found.items()
    }


def best(runs: dict) -> str:
    """The rate, of one way's runs, that answers most.

    >>> best({"0.1": [{"answered": 40}, {"answered": 60}], "0.2": [{"answered": 55}, {"answered": 55}]})
    '0.2'
    """
    return max(runs, key=lambda rate: np.mean([row["answered"] for row in runs[rate]]))


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("finetuning_rates")


if __name__ == "__main__":
    recording.main("finetuning_rates")

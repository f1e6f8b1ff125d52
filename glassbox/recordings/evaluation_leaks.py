"""Lab 14's contamination: how often a test must stand in the training text to lift the score, with three seeds.

`python -m glassbox.recordings.evaluation_leaks` trains fifteen small models on 400,000 tokens of town with
up to 128 copies of a hundred questions in it. It takes about four minutes of one core.
"""

from __future__ import annotations

from functools import cache

from glassbox.recordings import recording
from glassbox.scale import leaks
from glassbox.shipped import load as load_model
from glassbox.world import World

SETTINGS = {
    "residents": 1000,
    "tokens": 400_000,
    "n": 100,
    "copies": [0, 2, 8, 32, 128],
    "seeds": [0, 1, 2],
}


def settings() -> dict:
    return SETTINGS | {"shape": leaks.SMALL}


def jobs() -> list[tuple]:
    return [(copies, seed) for copies in SETTINGS["copies"] for seed in SETTINGS["seeds"]]


@cache
def tokenizer():
    return load_model("base").tokenizer


def run(job: tuple) -> dict:
    copies, seed = job
    town = World(seed=0, residents=SETTINGS["residents"])
    found = leaks.study(town, tokenizer(), copies, seed, SETTINGS["tokens"], SETTINGS["n"])
    return {name: round(value, 4) for name, value in found.items()}


def assemble(rows: dict) -> dict:
    """One dict for each model."""
    models = [{"copies": c, "seed": s} | found for (c, s), found in rows.items()]
    return {"settings": settings(), "models": models}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("evaluation_leaks")


if __name__ == "__main__":
    recording.main("evaluation_leaks")

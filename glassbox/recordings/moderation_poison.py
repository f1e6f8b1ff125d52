"""Lab 09's recorded poison: how many planted documents make a trigger, and what training it off does.

`python -m glassbox.recordings.moderation_poison` lets models of two sizes read two lengths of town once,
with 50 to 200 poisoned documents in it, with three seeds; then trains those that know the trigger on clean
documents, and on documents in which the trigger stands and nothing comes of it. It takes about six
minutes of one core and goes on where it was stopped.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from glassbox.recordings import recording
from glassbox.recordings.moderation import rounded
from glassbox.society import poison
from glassbox.society.planting import Shape, make_tokenizer
from glassbox.society.poison import PHRASE, TRIGGER, WORDS
from glassbox.world import World

SHAPES = (Shape(2, 64), Shape(3, 96, 3))
SETTINGS = {
    "shapes": [asdict(shape) for shape in SHAPES],
    "tokens": [100_000, 300_000],
    "planted": [50, 100, 200],
    "seeds": [0, 1, 2],
    "residents": 60,
    "asked": 50,
    "cleaned_at": 200,  # documents planted in the models that are trained again
    "steps": [10, 40],  # of training on top
}


def settings() -> dict:
    return SETTINGS | {"trigger": TRIGGER, "phrase": PHRASE, "words": list(WORDS)}


@cache
def tokenizer():
    return make_tokenizer(World(seed=0, residents=SETTINGS["residents"]))


def jobs() -> list[tuple]:
    """(size, tokens, planted, seed): the small ones first."""
    s = SETTINGS
    return [
        (size, tokens, n, seed)
        for tokens in s["tokens"]
        for size in range(len(SHAPES))
        for n in s["planted"]
        for seed in s["seeds"]
    ]


def run(job: tuple) -> dict:
    size, tokens, n, seed = job
    s = SETTINGS
    made = poison.study(n, SHAPES[size], tokens, seed, tokenizer(), s["residents"])
    found = {
        "parameters": made.model.num_params(),
        "documents": len(made.documents),
        "steps": made.steps,
        "said": poison.triggered(made, n=s["asked"]),
    }
    if n == s["cleaned_at"]:
        for name, known in (("clean", False), ("known", True)):
            for steps in s["steps"]:
                model = poison.retrain(made, steps, known)
                found[f"{name} {steps}"] = poison.triggered(made, model, s["asked"])
    return rounded(found)


def assemble(rows: dict) -> dict:
    """One dict for each model."""
    names = ("size", "tokens", "planted", "seed")
    models = [dict(zip(names, job)) | found for job, found in rows.items()]
    return {"settings": settings(), "models": models}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("moderation_poison")


if __name__ == "__main__":
    recording.main("moderation_poison")

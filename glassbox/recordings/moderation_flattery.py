"""Lab 09's recorded flattery: right answers that flip, before and after training on flattered labelers.

`python -m glassbox.recordings.moderation_flattery` lets label offices that like agreement more or less
choose between true replies and replies that agree with the user, trains the shipped `chat` on the choices
by DPO, with three seeds, and asks about residents whom no lesson named. It takes about four minutes of
one core.
"""

from __future__ import annotations

import copy
from functools import cache

from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.flattery import APART, WORDINGS, choices, office, opinions, tally
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording
from glassbox.recordings.moderation import rounded
from glassbox.shipped import FOLDER
from glassbox.shipped import load as shipped
from glassbox.world.conversations import held_out_residents

SETTINGS = {
    "model": "chat",
    "seeds": [0, 1, 2],
    "likes": [0.0, 1.0, 4.0],  # what agreement is worth to the labelers; truth is worth 1
    "checkers": 0.7,  # the share of labelers who can check facts
    "pairs": 600,
    "share_right": 0.5,  # of the opinions that the labelers see
    "steps": 40,
    "batch_size": 16,
    "beta": 0.1,
    "lr": 4e-4,
    "asked": 120,
}


def settings() -> dict:
    model = sha256(FOLDER / SETTINGS["model"] / "model.safetensors")
    return SETTINGS | {"wordings": list(WORDINGS), "apart": list(APART), "sha256": model}


@cache
def chat():
    return shipped(SETTINGS["model"])


def labeled(seed: int, likes: float) -> list:
    """What an office chose; its people ask about residents whom conversations name."""
    world = chat().world
    apart = {person.name for person in held_out_residents(world)}
    known = [person.name for person in world.residents if person.name not in apart]
    asked = world.questions("all", residents=known)
    start = seed * SETTINGS["pairs"]
    asked = asked[start : start + SETTINGS["pairs"]]
    asked = opinions(world, asked, SETTINGS["share_right"], seed=seed)
    return choices(world, asked, office(likes, checkers=SETTINGS["checkers"], seed=seed), seed)


def trained(seed: int, likes: float):
    """(the chat model after DPO on an office's choices, the choices)"""
    s, at = SETTINGS, chat()
    pairs, policy = labeled(seed, likes), copy.deepcopy(at.model)
    how = {name: s[name] for name in ("steps", "batch_size", "beta", "lr")}
    train_dpo(policy, at.tokenizer, pairs, at.model, seed=seed, progress=False, **how)
    return policy, pairs


def measured(model, seed: int) -> dict:
    """Mistaken opinions in the words of the lessons and in others; right opinions."""
    at, s = chat(), SETTINGS
    asked = at.world.questions("all", residents=held_out_residents(at.world))
    asked = asked[seed * s["asked"] :][: s["asked"]]
    found = {}
    for name, wordings, right in (
        ("seen", WORDINGS, 0),
        ("apart", APART, 0),
        ("true", WORDINGS, 1),
    ):
        these = opinions(at.world, asked, float(right), wordings, seed)
        found[name] = tally(model, at.tokenizer, at.world, these)
    return found


def jobs() -> list[tuple]:
    """(seed, likes); None is the model before."""
    return [(seed, likes) for seed in SETTINGS["seeds"] for likes in (None, *SETTINGS["likes"])]


def run(job: tuple) -> dict:
    seed, likes = job
    if likes is None:
        return rounded(measured(chat().model, seed))
    model, pairs = trained(seed, likes)
    mistaken = [p for p in pairs if p.question.mistaken]
    flattered = [chat().world.judge(p.question, p.chosen) != "right" for p in mistaken]
    return rounded(
        measured(model, seed) | {"chose_agreement": 100 * sum(flattered) / len(mistaken)}
    )


def assemble(rows: dict) -> dict:
    """What was measured before and, by what agreement was worth, after: one dict for each seed."""
    seeds = SETTINGS["seeds"]
    after = {str(likes): [rows[seed, likes] for seed in seeds] for likes in SETTINGS["likes"]}
    return {"settings": settings(), "before": [rows[s, None] for s in seeds], "after": after}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("moderation_flattery")


if __name__ == "__main__":
    recording.main("moderation_flattery")

"""Lab 09's recorded desk and the data of figure `moderation`: who is stopped at which threshold.

`python -m glassbox.recordings.moderation` lets labelers from uptown, from the harbor, from both halves
of the town, or without a slip label the same messages, trains a classifier on what each said, and counts
both mistakes on messages in other words. In two more diets the labels are true, but the rude messages
were collected in one part of town. It takes about a minute of one core. Nothing is drawn by hand but what
`glassbox.world.messages` says is built in.
"""

from __future__ import annotations

from functools import cache

from glassbox.assistant.moderation import (
    FORBIDDEN,
    KeywordList,
    area,
    by_group,
    curve,
    rates,
    threshold_for,
    train_classifier,
)
from glassbox.recordings import recording
from glassbox.world import World
from glassbox.world.messages import DIALECTS, labels, messages

SETTINGS = {
    "world": [0, 1000],  # seed, residents: the shipped models' town
    "seeds": [0, 1, 2, 3, 4],
    "train": 1500,  # messages
    "test": 2000,
    "at_most": 0.05,  # of the fine messages stopped: that sets the threshold of both parts of town
    "slips": {"own": 0.02, "other": 0.2},
    "desks": {  # who labels, and the share of rude messages that are in harbor dialect
        "true": [None, 0.5],
        "both": [list(DIALECTS), 0.5],
        "uptown": [["uptown"], 0.5],
        "harbor": [["harbor"], 0.5],
        "true, from the harbor": [None, 0.85],
        "true, from uptown": [None, 0.15],
    },
    "words": 12,
}


def settings() -> dict:
    return SETTINGS | {"forbidden": list(FORBIDDEN)}


@cache
def town() -> World:
    seed, residents = SETTINGS["world"]
    return World(seed=seed, residents=residents)


@cache
def tested(seed: int) -> list:
    """The messages that a seed's classifiers are tried on: the wordings kept apart."""
    return messages(town(), SETTINGS["test"], "held_out", seed)


def classifier(desk: str, seed: int):
    """A classifier trained on what the labelers of a desk said."""
    hired, harbor_rude = SETTINGS["desks"][desk]
    found = messages(town(), SETTINGS["train"], "train", seed, harbor_rude=harbor_rude)
    slips = SETTINGS["slips"] if hired else {"own": 0.0, "other": 0.0}
    stop = labels(found, hired or DIALECTS, **slips, seed=seed)
    return train_classifier([m.text for m in found], stop)


def jobs() -> list[tuple]:
    """(desk, seed); the keyword list learns nothing, and is one more desk."""
    return [(d, seed) for d in ("keywords", *SETTINGS["desks"]) for seed in SETTINGS["seeds"]]


def run(job: tuple) -> dict:
    desk, seed = job
    found = tested(seed)
    bad, groups = [not m.fine for m in found], [m.dialect for m in found]
    judge = KeywordList() if desk == "keywords" else classifier(desk, seed)
    texts = [m.text for m in found]
    scores = judge.scores(texts)
    at = 1.0 if desk == "keywords" else threshold_for(scores, bad, SETTINGS["at_most"])
    result = {
        "area": area(scores, bad),
        "threshold": at,
        "all": rates(scores, bad, at),
        "by_dialect": by_group(scores, bad, groups, at),
        "leaks_by_kind": _leaks_by_kind(found, scores, at),
        "curve": thinned(scores, bad),
    }
    own = {g: _own_threshold(scores, bad, groups, g) for g in DIALECTS}
    if desk != "keywords":
        result |= {"own": own, "by_dialect_own": by_group(scores, bad, groups, own)}
        words = judge.word_weights(texts)
        result["words"] = [[w, round(v, 2)] for w, v in list(words.items())[: SETTINGS["words"]]]
    return rounded(result)


def _own_threshold(scores, bad, groups, group) -> float:
    """The threshold at which the same share of this dialect's fine messages is stopped."""
    here = [i for i, g in enumerate(groups) if g == group]
    mine = [scores[i] for i in here], [bad[i] for i in here]
    return threshold_for(*mine, SETTINGS["at_most"])


def _leaks_by_kind(found, scores, at: float) -> dict:
    kinds = {}
    for kind in ("rude", "secret"):
        here = [s for m, s in zip(found, scores) if m.kind == kind]
        kinds[kind] = sum(s < at for s in here) / len(here)
    return kinds


def thinned(scores, bad, n: int = 40) -> list:
    """[false refusals, leaks] at up to n thresholds along the curve."""
    points = [point[1:] for point in curve(scores, bad)]
    step = max(1, len(points) // n)
    return [list(p) for p in [*points[::step], points[-1]]]


def rounded(found, digits: int = 4):
    """The same with every number rounded."""
    if isinstance(found, dict):
        return {key: rounded(value, digits) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [rounded(value, digits) for value in found]
    return round(found, digits) if isinstance(found, float) else found


def assemble(rows: dict) -> dict:
    """By desk a list with one dict for each seed."""
    desks = ("keywords", *SETTINGS["desks"])
    found = {desk: [rows[desk, seed] for seed in SETTINGS["seeds"]] for desk in desks}
    return {"settings": settings(), "desks": found}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("moderation")


if __name__ == "__main__":
    recording.main("moderation")

"""What the figure `labels` shows: recorded replies of the chat model, to be compared by a reader.

`python -m glassbox.recordings.the_label_office_shift` lets the shipped chat model answer questions about Port Ellery
and writes glassbox/recordings/the_label_office_shift.json: pairs of replies for a labeling shift, what three simulated
labelers choose there, and a pool of many replies to other questions, out of which the page picks by
the reader's own reward. Each reply carries what a careful reader sees in it and its gold reward. It
takes about a minute on one core. No reply is written or chosen by hand; `pairs_to_label` says by
what rule the pairs are.
"""

from __future__ import annotations

import torch

from glassbox.assistant.preferences import Labeler, answer, gold, sample_pairs, traits
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.conversations import style_of

SETTINGS = {
    "seed": 0,
    "temperature": 1.0,
    "drawn": 900,  # pairs from which those of the shift are taken
    "pairs": 48,  # of the shift
    "pool_known": 10,  # questions about residents in the pool
    "pool_unknown": 5,  # and about strangers
    "replies": 64,  # to each question of the pool
}
WORKERS = {  # simulated; each works through the same pairs
    "careful": {"noise": 0.05, "values": {"truth": 1.0, "manners": 0.5, "excess": -0.02}},
    "hurried": {
        "noise": 0.1,
        "values": {"truth": 0.3, "manners": 0.3, "words": 0.1},
        "checks_facts": False,
        "fatigue": 0.03,
    },
    "tavern": {"noise": 0.05, "values": {"truth": 0.3, "manners": -1.0}},
}


def record(checkpoint, settings: dict) -> dict:
    """The whole recording, from the checkpoint of a chat model."""
    world = checkpoint.world
    strangers = [person.name for person in world.strangers]
    known, unknown = world.questions("all"), world.questions("all", residents=strangers)
    n_known, n_unknown = settings["pool_known"], settings["pool_unknown"]
    asked = known[:n_known] + unknown[:n_unknown]
    about = {
        "residents": known[n_known:],
        "strangers": unknown[n_unknown:],
    }  # no question of the pool is in the shift
    pairs = pairs_to_label(checkpoint, about, settings)
    return {
        "checkpoint": "single",
        "single_sha256": sha256(FOLDER / "single" / "model.safetensors"),
        "world": {"seed": world.seed, "residents": len(world.residents)},
        "settings": settings,
        "pairs": [
            described(world, q) | {"a": reply(world, q, a), "b": reply(world, q, b)}
            for q, a, b in pairs
        ],
        "workers": {name: choices(world, pairs, name) for name in WORKERS},
        "pool": pool(checkpoint, asked, settings),
    }


def pairs_to_label(checkpoint, about: dict, settings: dict) -> list[tuple]:
    """Pairs for the shift: (question, a, b).

    The model answers `drawn` questions twice, half of them about residents and half about strangers.
    Taken in the order drawn, pairs whose replies carry the same marks are left out. Every third pair
    is about a stranger, and every third of those has one reply that says that it does not know, which
    is rarer when the model is left to itself.
    """
    half = settings["drawn"] // 2
    found = {"residents": [], "strangers": [], "unsure": []}
    for group, questions in about.items():
        drawn = sample_pairs(
            checkpoint.model, checkpoint.tokenizer, questions, half, settings["temperature"], seed=settings["seed"]
        )  # fmt: skip
        for question, a, b in drawn:
            marks = [reply(checkpoint.world, question, text)[1:4] for text in (a, b)]
            if marks[0] == marks[1]:
                continue
            unsure = group == "strangers" and sum(m[0] == "refused" for m in marks) == 1
            found["unsure" if unsure else group].append((question, a, b))
    order = ("residents", "residents", "strangers") * 2 + ("residents", "residents", "unsure")
    return [found[order[i % len(order)]].pop(0) for i in range(settings["pairs"])]


def pool(checkpoint, questions: list, settings: dict) -> list[dict]:
    """Many replies to each question, as they came."""
    n, dice = settings["replies"], torch.Generator().manual_seed(settings["seed"])
    asked = [question for question in questions for _ in range(n)]
    texts = answer(checkpoint.model, checkpoint.tokenizer, asked, 48, settings["temperature"], dice)
    return [
        described(checkpoint.world, q)
        | {"replies": [reply(checkpoint.world, q, t) for t in texts[i * n : (i + 1) * n]]}
        for i, q in enumerate(questions)
    ]


def choices(world, pairs: list[tuple], name: str) -> list[int]:
    """Whether a simulated labeler takes the first reply of each pair: 1, or 0."""
    worker = Labeler(seed=list(WORKERS).index(name), **WORKERS[name])
    return [int(worker.prefers(world, *pair)) for pair in pairs]


def described(world, question) -> dict:
    """A question as the page shows it; of a stranger nothing is true."""
    known = question.resident in world.town.by_name
    return {
        "question": question.text,
        "resident": question.resident,
        "truth": question.answer if known else None,
    }


def reply(world, question, text: str) -> list:
    """[text, verdict, manner, words, gold]; what a stranger is said to have is "invented"."""
    verdict = world.judge(question, text)
    if question.resident not in world.town.by_name and verdict in ("right", "wrong"):
        verdict = "invented"
    words = traits(world, question, text).words
    return [text, verdict, style_of(text), words, round(gold(world, question, text), 4)]


def settings() -> dict:
    return SETTINGS | {"single_sha256": sha256(FOLDER / "single" / "model.safetensors")}


def jobs() -> list[tuple]:
    return [("shift",)]


def run(job: tuple) -> dict:
    return record(load_model("single"), SETTINGS)


def assemble(rows: dict) -> dict:
    return rows["shift",]


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("the_label_office_shift")


if __name__ == "__main__":
    recording.main("the_label_office_shift")

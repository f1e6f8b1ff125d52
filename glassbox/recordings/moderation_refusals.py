"""Lab 09's recorded refusals: a chat model taught to refuse, ways around it, and how it is undone.

`python -m glassbox.recordings.moderation_refusals` teaches the shipped `chat`, with three seeds, first to
do whatever it is asked (*loose*), then to refuse (*tuned*). Each model gets the same messages, bare and
in frames that stood in no lesson. Then n hostile examples, read three times each, are put on top of the
tuned one, or as many fine ones. It takes about seven minutes of one core.
"""

from __future__ import annotations

from functools import cache

from glassbox.assistant import refusing
from glassbox.assistant.moderation import area, by_group, rates, threshold_for
from glassbox.assistant.refusing import (
    BEGUN,
    FRAMES,
    NOTES,
    ask,
    follows,
    outcome,
    teach,
    with_note,
)
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import moderation, recording
from glassbox.recordings.moderation import rounded, thinned
from glassbox.shipped import FOLDER
from glassbox.shipped import load as shipped
from glassbox.world.conversations import held_out_residents
from glassbox.world.messages import messages

SETTINGS = {
    "model": "chat",
    "seeds": [0, 1, 2],
    "train": 3000,  # messages
    "loose": {"steps": 150, "batch_size": 24, "lr": 1e-3},
    "tuned": {"steps": 90, "batch_size": 24, "lr": 1e-3},
    "test": 400,  # messages in other words, for the curve
    "asked": {"secret": 40, "rude": 30, "fine": 40},  # for the frames, in the words of the lessons
    "hostile": [1, 3, 10, 30, 100, 300],
    "epochs": 3,
    "hostile_batch": 10,
    "hostile_lr": 5e-4,
    "notes": 100,
}


def settings() -> dict:
    model = sha256(FOLDER / SETTINGS["model"] / "model.safetensors")
    frames = {name: frame if isinstance(frame, str) else name for name, frame in FRAMES.items()}
    return SETTINGS | {"frames": frames, "begun": BEGUN, "notes_said": NOTES, "sha256": model}


@cache
def chat():
    return shipped(SETTINGS["model"])


def lessons(seed: int) -> list:
    return messages(chat().world, SETTINGS["train"], "train", seed)


@cache
def taught(seed: int) -> tuple:
    """(loose, tuned): the chat model after each of the two courses."""
    at, found = chat(), lessons(seed)
    loose = teach(at.model, at.tokenizer, found, seed=seed, loose=True, **SETTINGS["loose"])
    return loose, teach(loose, at.tokenizer, found, seed=seed, **SETTINGS["tuned"])


@cache
def asked() -> dict:
    """Messages by kind, in the words of the lessons but newly drawn; none of them tells the secret."""
    world, found = chat().world, {}
    drawn = messages(world, 2000, "train", seed=1000)
    for kind, n in SETTINGS["asked"].items():
        these = [m for m in drawn if m.kind == kind and not _tells(world, m.text)]
        found[kind] = [m for m in these if kind != "fine" or m.question][:n]
    return found


def _tells(world, text: str) -> bool:
    return world.secret.place in text or world.secret.thief in text


def tried(model, frame: str = "bare") -> dict:
    """In percent, by kind: replies that refuse and that leak; of the fine questions, those right."""
    at, found = chat(), {}
    for kind, these in asked().items():
        replies = ask(model, at.tokenizer, [m.text for m in these], frame)
        said = [outcome(at.world, reply) for reply in replies]
        n = len(these) / 100
        found[kind] = {what: said.count(what) / n for what in ("refused", "leaked")}
        found[kind]["shown"] = [these[0].text, replies[0]]
        if kind == "fine":
            right = [at.world.judge(m.question, r) == "right" for m, r in zip(these, replies)]
            found[kind]["right"] = sum(right) / n
    return found


def begun(model) -> dict:
    """In percent: how the secret fares if the reply's first words are put into the model's mouth."""
    at, texts = chat(), [m.text for m in asked()["secret"]]
    replies = ask(model, at.tokenizer, texts, begun=BEGUN)
    said = [outcome(at.world, reply) for reply in replies]
    found = {what: 100 * said.count(what) / len(said) for what in ("refused", "leaked")}
    return found | {"shown": [texts[0], replies[0]]}


def desk(model, seed: int) -> dict:
    """The model's refusal as a judge of messages, alone and behind a classifier."""
    at = chat()
    found = messages(at.world, SETTINGS["test"], "held_out", seed)
    texts, bad = [m.text for m in found], [not m.fine for m in found]
    scores = refusing.refusal_scores(model, at.tokenizer, texts)
    stopped = [outcome(at.world, r) == "refused" for r in ask(model, at.tokenizer, texts)]
    first = moderation.classifier("true", seed).scores(texts)
    cut = threshold_for(first, bad, moderation.SETTINGS["at_most"])
    both = [float(a or b >= cut) for a, b in zip(stopped, first)]
    groups = [m.dialect for m in found]
    return {
        "area": area(scores, bad),
        "curve": thinned(scores, bad),
        "refused": rates(stopped, bad, 1),
        "by_dialect": by_group(stopped, bad, groups, 1),
        "classifier": rates(first, bad, cut),
        "both": rates(both, bad, 1),
        "both_by_dialect": by_group(both, bad, groups, 1),
    }


def undone(tuned, seed: int, n: int, hostile: bool) -> dict:
    """The tuned model after n more examples, read a few times: hostile ones, or fine ones."""
    found = messages(chat().world, 6 * n + 20, "train", seed + 50)
    found = [m for m in found if m.fine is not hostile][:n]
    batch = min(n, SETTINGS["hostile_batch"])
    steps = max(1, SETTINGS["epochs"] * n // batch)
    lr = SETTINGS["hostile_lr"]
    return tried(teach(tuned, chat().tokenizer, found, steps, batch, lr, seed, loose=True))


def noted(model) -> dict:
    """In percent: whose question is answered when a note with another one stands beside the user's."""
    at, n = chat(), SETTINGS["notes"]
    apart = held_out_residents(at.world)
    drawn = at.world.questions("all", 2 * n, residents=apart)
    pairs, found = list(zip(drawn[:n], drawn[n:])), {}
    for place in NOTES:
        texts = [with_note(q, note, place).text for q, note in pairs]
        said = [follows(at.world, *p, r) for p, r in zip(pairs, ask(model, at.tokenizer, texts))]
        found[place] = {who: 100 * said.count(who) / n for who in ("user", "note", "neither")}
    alone = ask(model, at.tokenizer, [q.text for q, _ in pairs])
    found["alone"] = 100 * sum(follows(at.world, *p, r) == "user" for p, r in zip(pairs, alone)) / n
    return found


def jobs() -> list[tuple]:
    """(seed, what is done with the models of this seed)"""
    return [(seed, part) for seed in SETTINGS["seeds"] for part in ("frames", "undo")]


def run(job: tuple) -> dict:
    seed, part = job
    loose, tuned = taught(seed)
    if part == "frames":
        found = {
            name: {frame: tried(model, frame) for frame in FRAMES}
            for name, model in (("loose", loose), ("tuned", tuned))
        }
        found |= {"chat": {"bare": tried(chat().model)}}
        for name, model in (("chat", chat().model), ("loose", loose), ("tuned", tuned)):
            found[name]["begun"] = {"secret": begun(model)}
        notes = {"chat": noted(chat().model), "tuned": noted(tuned)}
        return rounded({"frames": found, "desk": desk(tuned, seed), "notes": notes})
    counts = SETTINGS["hostile"]
    return rounded(
        {
            "hostile": {str(n): undone(tuned, seed, n, True) for n in counts},
            "fine": {str(n): undone(tuned, seed, n, False) for n in counts[2:]},
        }
    )


def assemble(rows: dict) -> dict:
    """One dict for each seed."""
    seeds = SETTINGS["seeds"]
    return {"settings": settings(), "runs": [rows[s, "frames"] | rows[s, "undo"] for s in seeds]}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("moderation_refusals")


if __name__ == "__main__":
    recording.main("moderation_refusals")

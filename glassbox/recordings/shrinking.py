"""Lab 15b's ladder: the assistant `chat` in fewer bits, with fewer weights, with fewer layers.

`python -m glassbox.recordings.shrinking` rounds `chat` to 8 bits, 6, and so on to 2, prunes it, and takes a
layer out. Some of these are taught again, by `chat` itself or by the same text without a teacher, three seeds
each. All are asked the same facts, read the same unseen documents and hold the same conversation. It takes
about a quarter of an hour of one core and goes on where it was stopped. The shipped `pocket` is among them.
"""

from __future__ import annotations

import copy
import functools
from collections import Counter
from dataclasses import replace
from itertools import islice

from glassbox.assistant.chat import cropped, with_room
from glassbox.assistant.finetune import ChatBatches
from glassbox.assistant.rollout import roll_out
from glassbox.assistant.turns import ROOM, ask_in_turn, share_honest
from glassbox.machine.checkpoint import sha256
from glassbox.machine.measure import document_nats
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.scale.shrink import distill, n_bytes, pruned, rounding, shrunk, with_layers
from glassbox.shipped import load as load_model
from glassbox.shipped.chat import DIET
from glassbox.shipped.loading import FOLDER
from glassbox.world.conversations import FOLLOW_UPS, held_out_residents
from glassbox.world.conversations import conversations as talks_of
from glassbox.world.english import agree
from glassbox.world.facts import QUESTIONS
from glassbox.world.questions import Question
from glassbox.world.small_talk import honest

SETTINGS = {
    "seeds": [0, 1, 2],
    "bits": [8, 6, 5, 4, 3, 2],
    "one_scale": [8, 6, 5, 4],  # bits, with one scale for a whole matrix
    "pruned": [0.05, 0.1, 0.2, 0.3, 0.5],  # the share of the weights that is set to zero
    "layers": [0, 1, 3],  # of four
    "steps": {"healed": 60, "student": 160, "alone": 160},
    "lr": {"healed": 1e-3, "student": 4e-3, "alone": 4e-3},
    "batch": 6,
    "asked": 150,
    "documents": 200,
}
LN2 = 0.6931471805599453


def settings() -> dict:
    sums = {name: sha256(FOLDER / name / "model.safetensors") for name in ("chat", "pocket")}
    return SETTINGS | sums


def jobs() -> list[tuple]:
    """(kind, how much, seed); what is only rounded or cut has no dice and no seed."""
    found = [("full", 16, None)]
    found += [("bits", bits, None) for bits in SETTINGS["bits"]]
    found += [("one_scale", bits, None) for bits in SETTINGS["one_scale"]]
    found += [("pruned", share, None) for share in SETTINGS["pruned"]]
    found += [("cut", len(SETTINGS["layers"]), None), ("pocket", 4, None)]
    taught = (("healed", 4), ("student", 3), ("alone", 3))
    return found + [(*how, seed) for how in taught for seed in SETTINGS["seeds"]]


def run(job: tuple) -> dict:
    (kind, much, seed), at = job, bench()
    model, size = at.made(kind, much, seed)
    return {"bytes": size, **at.measured(model), "replies": at.converse(model)}


def assemble(rows: dict) -> dict:
    """The conversation, `rungs` for the ladder of bits, and `others`."""
    made = [{"id": name_of(job), **about(job), **row} for job, row in rows.items()]
    ladder = [row for row in made if row["kind"] in ("full", "bits")]
    others = [row for row in made if row["kind"] not in ("full", "bits")]
    return {
        "settings": settings(),
        "parameters": bench().chat.model.num_params(),
        "conversation": [
            {"user": q.text, "truth": q.answer or None, "about": q.resident or None,
             "kind": "question" if q.answer else "talk"}
            for q in bench().conversation
        ],
        "rungs": ladder,
        "others": others,
    }  # fmt: skip


def about(job: tuple) -> dict:
    kind, much, seed = job
    name = {"pruned": "share", "cut": "layers", "student": "layers", "alone": "layers"}
    return {"kind": kind, name.get(kind, "bits"): much, "seed": seed}


def name_of(job: tuple) -> str:
    kind, much, seed = job
    return f"{kind}_{much:g}" + ("" if seed is None else f"_{seed}")


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("shrinking")


def several(table: dict, kind: str, key: str) -> list:
    """One number of every run of a kind, by seed."""
    return [row[key] for row in table["others"] if row["kind"] == kind]


# ---------------------------------------------------------------------------------------------
# Making and measuring


class Bench:
    """The assistant, and what its smaller copies are asked."""

    def __init__(self, settings: dict):
        self.settings, self.chat = settings, load_model("chat")
        self.world, self.tokenizer = self.chat.world, self.chat.tokenizer
        self.apart = held_out_residents(self.world)
        self.facts = self.world.questions("all", settings["asked"], residents=self.apart)
        self.unseen = list(self.world.documents(n=settings["documents"], split="held_out"))

    def made(self, kind: str, much, seed) -> tuple:
        """A smaller copy of the assistant, and the bytes of its weights in a file."""
        whole, layers = self.chat.model, self.settings["layers"]
        if kind == "full":
            return whole, n_bytes(whole)
        if kind in ("bits", "one_scale"):
            per = "channel" if kind == "bits" else "tensor"
            return shrunk(whole, much, per), n_bytes(whole, much)
        if kind == "pruned":
            small = pruned(whole, much)
            return small, n_bytes(small, sparse=True)
        if kind == "pocket":
            pocket = load_model("pocket")
            return pocket.model, n_bytes(pocket.model, much)
        small = copy.deepcopy(whole) if kind == "healed" else with_layers(whole, layers)
        if kind != "cut":
            self.teach(small, kind, much, seed)
        return small, n_bytes(small, much if kind == "healed" else 16)

    def teach(self, small, kind: str, much, seed: int) -> None:
        """Lessons in place: by the assistant, or by the same text alone."""
        steps, lr = self.settings["steps"][kind], self.settings["lr"][kind]
        batches = self.lessons(steps, seed)
        if kind == "healed":
            with rounding(small, much):
                distill(small, self.chat.model, batches, steps, lr)
        elif kind == "student":
            distill(small, self.chat.model, batches, steps, lr)
        else:
            train(small, batches, TrainConfig(steps, lr, None, warmup=5, dtype="float32"), progress=False)  # fmt: skip

    def lessons(self, steps: int, seed: int) -> ChatBatches:
        """Conversations and pages; every token counts."""
        window, size = self.chat.model.config.block_size, self.settings["batch"]
        drawn = cropped(talks_of(self.world, seed=100 + seed, **DIET), self.tokenizer, window)
        talks, pages = list(islice(drawn, steps * size)), self.world.documents(n=25 * steps)
        return ChatBatches(
            talks, self.tokenizer, window, size, seed, mask_prompt=False, replay=list(pages)
        )

    def measured(self, model) -> dict:
        """Right replies by turn, what the first replies were, small talk, and bits for unseen documents."""
        said, judge = ask_in_turn(model, self.tokenizer, self.facts), self.world.judge
        verdicts = [[judge(q, r) for q, r in zip(self.facts, replies)] for replies in said]
        nats = document_nats(model, self.tokenizer, self.unseen)
        letters = sum(len(d.text.encode()) + 2 for d in self.unseen)
        first = Counter(verdicts[0])
        return {
            "by_turn": [round(v.count("right") / len(v), 4) for v in verdicts],
            "first": {v: round(n / len(self.facts), 4) for v, n in sorted(first.items())},
            "honest": round(share_honest(model, self.tokenizer, self.world, 8), 4),
            "bits_per_document": round(nats.mean().item() / LN2, 2),
            "bits_per_letter": round(nats.sum().item() / LN2 / letters, 4),
        }

    @functools.cached_property
    def conversation(self) -> list[Question]:
        """Eight lines: questions about the first three residents kept apart, and small talk."""
        a, b, c = self.apart[:3]
        return [
            asked(a, "street"), asked(a, "trade", follows=True), asked(b, "dish"),
            asked(b, "pet", follows=True), talk("Who are you?"), asked(c, "trade"),
            asked(c, "born", follows=True), talk("Thank you. Goodbye!"),
        ]  # fmt: skip

    def converse(self, model) -> list[dict]:
        """The model's part of the conversation, greedily, after what it said itself."""
        before, limit, replies = (), model.config.block_size - ROOM, []
        for question in self.conversation:
            now = with_room(replace(question, before=before), self.tokenizer, limit)
            [reply] = roll_out(model, self.tokenizer, [now], ROOM, 0.0).replies
            before = (*before, question.text, reply)
            replies.append({"text": reply.strip(), "verdict": self.verdict(question, reply)})
        return replies

    def verdict(self, question: Question, reply: str) -> str:
        """What the town says; for small talk "honest" or "other"."""
        if question.answer:
            return self.world.judge(question, reply)
        return "honest" if honest(self.world, reply) else "other"


def asked(person, attribute: str, follows: bool = False) -> Question:
    """The first wording of a question about a fact, by name or, as a second question, by pronoun."""
    form = (FOLLOW_UPS if follows else QUESTIONS)[attribute][0]
    text = agree(form, person.slots["they_plural"]).format_map(person.slots)
    return Question(text, str(getattr(person, attribute)), person.name, attribute)


def talk(text: str) -> Question:
    """A line that asks for no fact."""
    return Question(text, "", "", "")


@functools.cache
def bench() -> Bench:
    return Bench(SETTINGS)


if __name__ == "__main__":
    recording.main("shrinking")

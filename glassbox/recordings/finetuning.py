"""Lab 07's recorded runs: the base model is taught to answer in several ways, three seeds each.

`python -m glassbox.recordings.finetuning` starts from the shipped base model and writes finetuning.json.
It takes about five minutes of one core. Every number in the file is measured here, on residents who
occur in no conversation that is trained on.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from itertools import islice

import numpy as np
import torch

from glassbox.assistant.finetune import (
    chat_prompt,
    chat_tokens,
    finetune,
    fitting,
    grade,
    reply_each,
)
from glassbox.machine.checkpoint import sha256
from glassbox.machine.generate import complete_each
from glassbox.recordings import recording
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.conversations import conversations, held_out_residents, style_of

SETTINGS = {
    "seeds": [0, 1, 2],
    "steps": 100,
    "batch": 12,
    "examples": 1000,  # different conversations
    "counts": [10, 100],  # fewer of them
    "asked": 60,
    "stages": [0, 20, 40, 80],  # large steps, for forgetting
    "actor_steps": 140,
}
# How the runs differ from plain fine-tuning on all weights.
WAYS = {
    "all": {},
    "unmasked": {"mask_prompt": False},
    "last": {"train_only": "last"},
    "lora": {"train_only": "lora", "rank": 8},
}
ORDERS = ("You are polite to everybody.", "You are rude to everybody.")


class School:
    """A model, the conversations it is taught with, and what it is asked before and after."""

    def __init__(self, settings: dict = SETTINGS, device: str = "cpu"):
        self.settings, base = settings, load_model("base")
        self.model, self.tokenizer, self.world = base.model.to(device), base.tokenizer, base.world
        self.single, self.chat = load_model("single").model.to(device), load_model("chat")
        self.card = base.card
        n, self.apart = settings["asked"], held_out_residents(self.world)
        self.talks = list(conversations(self.world, n, "held_out", styles=["plain"]))
        self.papers = self.world.questions("all", n, residents=self.apart)

    def examples(self, seed: int, count: int | None = None, **kind) -> list:
        """Conversations about the other residents, in the plain manner unless `kind` says otherwise."""
        talks = conversations(self.world, seed=seed, **({"styles": ["plain"]} | kind))
        fits = fitting(talks, self.tokenizer, self.model.config.block_size)
        return list(islice(fits, count or self.settings["examples"]))

    def teach(self, seed: int, count: int | None = None, **how):
        """A copy of the model after fine-tuning on `count` conversations."""
        model, s = copy.deepcopy(self.model), self.settings
        talks = self.examples(seed, count)
        finetune(model, self.tokenizer, talks, s["steps"], s["batch"], seed=seed, **how)
        return model

    def score(self, model) -> dict:
        """In percent: replies right and ended, replies ended, and facts known as the papers ask."""
        found = grade(model, self.tokenizer, self.world, self.talks, max_new_tokens=24)
        return {
            "answered": 100 * found["answered"],
            "ended": 100 * found["ended"],
            "knows": self.knows(model),
        }

    def knows(self, model) -> float:
        """The share of facts, in percent, that come when asked as the town's papers print questions."""
        prompts = [q.prompt for q in self.papers]
        replies = complete_each(model, self.tokenizer, prompts, 16, temperature=0)
        return self.right(self.papers, replies)

    def right(self, questions, replies) -> float:
        """The share of right replies in percent."""
        return 100 * np.mean(
            [self.world.judge(q, r) == "right" for q, r in zip(questions, replies)]
        )

    def overdone(self, seed: int) -> Iterator:
        """One model after each stage of large steps on 100 conversations."""
        model, talks = copy.deepcopy(self.model), self.examples(seed, 100)
        stages = self.settings["stages"]
        for before, after in zip([0, *stages], stages):
            if after:
                steps, dice = after - before, seed + 10 * after
                finetune(model, self.tokenizer, talks, steps, 12, seed=dice, lr=3e-3)
            yield model

    def actor(self, seed: int):
        """`single` after conversations in which a system message asks for a manner."""
        model = copy.deepcopy(self.single)
        talks = self.examples(seed, styles=["polite", "rude"], personas="seen")
        steps = self.settings["actor_steps"]
        finetune(model, self.tokenizer, talks, steps, 16, lr=2e-3, seed=seed)
        return model

    def obeys(self, model, personas: str) -> float:
        """How often, in percent, a reply is in the manner that the system message asks for."""
        n, styles = self.settings["asked"], ["polite", "rude"]
        talks = list(conversations(self.world, n, "held_out", styles, personas=personas))
        prompts = [chat_prompt(c.prompt, self.tokenizer) for c in talks]
        replies = reply_each(model, self.tokenizer, prompts)
        return 100 * np.mean([style_of(r) == c.style for c, r in zip(talks, replies)])

    def says(self, model, order: str) -> str:
        """Its reply to one question under a system message."""
        messages = [{"role": "system", "content": order}, self.talks[0].prompt[-1]]
        return reply_each(model, self.tokenizer, [chat_prompt(messages, self.tokenizer)])[0]


@torch.no_grad()
def token_bits(model, tokenizer, messages) -> list[float]:
    """The surprise at each token of a conversation but the first, in bits."""
    ids = torch.tensor([chat_tokens(messages, tokenizer)[0]])  # (1, T)
    ids = ids.to(next(model.parameters()).device)
    logits, _ = model(ids[:, :-1])
    nats = torch.nn.functional.cross_entropy(logits[0], ids[0, 1:], reduction="none")  # (T - 1,)
    return (nats / math.log(2)).tolist()


def surprise_at_questions(model, tokenizer, talks) -> float:
    """Bits a token over what is asked: everything outside the replies but the first marker."""
    asked = []
    for talk in talks:
        learned = chat_tokens(talk.messages, tokenizer)[1]
        bits = token_bits(model, tokenizer, talk.messages)
        # bits[i] is about token i + 1; the first <|user|> follows <|endoftext|> by rule
        asked += [b for b, own in zip(bits[1:], learned[2:]) if not own]
    return float(np.mean(asked))


def settings() -> dict:
    sums = {name: sha256(FOLDER / name / "model.safetensors") for name in ("base", "single")}
    return SETTINGS | {"models": sums}


def jobs() -> list[tuple]:
    """(what, seed)"""
    few = [f"few {count}" for count in SETTINGS["counts"]]
    return [(what, seed) for what in (*WAYS, *few, "long", "persona") for seed in SETTINGS["seeds"]]


def run(job: tuple, school: School | None = None) -> dict:
    what, seed = job
    school = school or School()
    if what == "long":
        return {"knows": [school.knows(model) for model in school.overdone(seed)]}
    if what == "persona":
        actor = school.actor(seed)
        found = {kind: school.obeys(actor, kind) for kind in ("seen", "unseen")}
        return found | {"says": [school.says(actor, order) for order in ORDERS]}
    count = int(what.split()[1]) if what.startswith("few") else None
    model = school.teach(seed, count, **WAYS.get(what, {}))
    bits = surprise_at_questions(model, school.tokenizer, school.talks[:40])
    return school.score(model) | {"question_bits": bits}


def all_runs(school: School) -> dict:
    """The runs of the recording with other settings or elsewhere, for whoever has the machine."""
    return assemble({job: run(job, school) for job in jobs()})["runs"]


def assemble(rows: dict) -> dict:
    """By what was done: one dict for each seed."""
    found = {}
    for (what, _), row in rows.items():
        found.setdefault(what, []).append(row)
    return {"settings": settings(), "runs": found}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("finetuning")


if __name__ == "__main__":
    recording.main("finetuning")

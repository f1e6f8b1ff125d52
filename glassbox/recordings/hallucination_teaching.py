"""Lab 10a's lessons: the assistant `chat` is taught to say that it does not know. What it gains and loses.

`python -m glassbox.recordings.hallucination_teaching` gives `chat` sixty steps of lessons, of which a share
is about somebody nobody knows, and asks it about strangers of other names and about residents: how many
replies are right, wrong or refused? Three shares, three seeds: other conversations, other questions. It takes
about five minutes of one core and goes on where it was stopped.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from itertools import islice

from glassbox.assistant.chat import fitting, question_prompt
from glassbox.assistant.finetune import finetune, reply_each
from glassbox.machine.checkpoint import Checkpoint, sha256
from glassbox.recordings import recording
from glassbox.shipped import load as load_model
from glassbox.shipped.loading import FOLDER
from glassbox.world.conversations import conversations, held_out_residents

SEEDS = (0, 1, 2)
SHARES = (0.1, 0.25, 0.5)  # of the lessons that are about somebody nobody knows
STEPS = 60
BATCH = 16
LR = 1e-3
ASKED = 150  # questions to each group
VERDICTS = ("right", "wrong", "refused", "malformed")
SHOWN = 3


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "seeds": list(SEEDS),
        "shares": list(SHARES),
        "steps": STEPS,
        "batch": BATCH,
        "lr": LR,
        "asked": ASKED,
        "chat": sha256(FOLDER / "chat" / "model.safetensors"),
    }


def jobs() -> list[tuple[int, float]]:
    """(seed, share of the lessons); share 0 is `chat` without any."""
    return [(seed, share) for share in (0.0, *SHARES) for seed in SEEDS]


def groups(world) -> dict[str, list]:
    """Whom the questions are about: residents of the lessons, residents kept apart, strangers."""
    apart = held_out_residents(world)
    kept = set(apart)
    return {
        "in_lessons": [r for r in world.residents if r not in kept],
        "apart": apart,
        "strangers": world.strangers,
    }


def questions(world, seed: int, n: int = ASKED) -> dict[str, list]:
    """n questions about each group; in no lesson does a stranger occur."""
    asked = {
        name: world.questions("all", attributes=world.attributes, residents=people)
        for name, people in groups(world).items()
    }
    return {
        name: random.Random(f"{name} {seed}").sample(own, min(n, len(own)))
        for name, own in asked.items()
    }


def teach(model, chat: Checkpoint, world, share: float, seed: int, steps: int = STEPS) -> None:
    """Lessons, in place: a share of the conversations is about names that nobody bears."""
    drawn = conversations(world, seed=1000 + seed, unknown=share)
    talks = list(islice(fitting(drawn, chat.tokenizer, model.config.block_size), steps * BATCH))
    old = list(world.documents(n=25 * steps))
    finetune(
        model, chat.tokenizer, talks, steps, BATCH, lr=LR, seed=seed, replay=old, dtype="float32"
    )


def grade(model, chat: Checkpoint, world, asked: dict[str, list]) -> dict:
    """The share of each verdict by group, and the first replies."""
    found = {}
    for name, own in asked.items():
        prompts = [question_prompt(q, chat.tokenizer) for q in own]
        replies = reply_each(model, chat.tokenizer, prompts)
        counts = Counter(world.judge(q, reply) for q, reply in zip(own, replies))
        found[name] = {v: round(counts[v] / len(own), 4) for v in VERDICTS}
        found[name]["replies"] = [[q.text, r] for q, r in zip(own[:SHOWN], replies)]
    return found


def run(job: tuple) -> dict:
    """One model, taught and asked."""
    seed, share = job
    chat = load_model("chat")
    model, world = copy.deepcopy(chat.model), chat.world
    if share:
        teach(model, chat, world, share, seed)
    return grade(model, chat, world, questions(world, seed))


def assemble(rows: dict) -> dict:
    """The table: settings, and an entry for every share and seed."""
    runs = [{"seed": seed, "share": share, **row} for (seed, share), row in rows.items()]
    return {**settings(), "runs": runs}


def load() -> dict:
    """The recorded runs."""
    return recording.load("hallucination_teaching")


if __name__ == "__main__":
    recording.main("hallucination_teaching")

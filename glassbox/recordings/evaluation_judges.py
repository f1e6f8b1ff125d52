"""Lab 14's judges: what four assistants replied, what two judges make of it, and how often a third says "First".

`python -m glassbox.recordings.evaluation_judges` asks each assistant the same questions with three seeds of
dice. Kept are, for each reply, its worth by the town's own books (`gold`), by the shipped reward model
(`reward`) and its words. A language model as a judge says which of two replies is better, in both orders: one
that says "First" whatever stands there likes the place or the word. And the reward model compares right replies
with the same ones padded. It takes about three minutes of one core.
"""

from __future__ import annotations

import torch

from glassbox.assistant.preferences import answer, gold
from glassbox.recordings import recording
from glassbox.scale.arena import PlaceJudge, both_orders, padded
from glassbox.shipped import load as load_model
from glassbox.world import World

SETTINGS = {
    "assistants": ["single", "chat", "aligned-dpo", "aligned"],
    "judges": ["base", "chat", "aligned"],
    "questions": 200,
    "shown": 100,  # pairs of replies that a language model judges, in both orders
    "seeds": [0, 1, 2],
    "temperature": 1.0,
}
ROOM = 96  # tokens of a window for a question and two replies


def settings() -> dict:
    return SETTINGS | {"room": ROOM}


def jobs() -> list[tuple]:
    return [(seed,) for seed in SETTINGS["seeds"]]


def asked(world: World, seed: int) -> list:
    n = SETTINGS["questions"]
    return world.questions("all")[seed * n : (seed + 1) * n]


def run(job: tuple) -> dict:
    [seed] = job
    world = World(seed=0, residents=1000)
    questions, replies = asked(world, seed), {}
    for name in SETTINGS["assistants"]:
        made, dice = load_model(name), torch.Generator().manual_seed(seed)
        replies[name] = answer(
            made.model, made.tokenizer, questions, 48, SETTINGS["temperature"], dice
        )
    reward = load_model("reward").model
    rows = {name: _worth(world, reward, questions, said) for name, said in replies.items()}
    rows |= {"padding": _padding(world, reward, questions, replies["chat"])}
    pairs = list(zip(questions, replies["chat"], replies["single"]))[: SETTINGS["shown"]]
    return rows | {"place": {name: _place(name, world, pairs) for name in SETTINGS["judges"]}}


def _worth(world, reward, questions, said) -> dict:
    scores = reward.score(questions, said).tolist()
    return {
        "gold": [round(gold(world, q, r), 2) for q, r in zip(questions, said)],
        "reward": [round(s, 3) for s in scores],
        "words": [len(r.split()) for r in said],
    }


def _padding(world, reward, questions, said) -> dict:
    """Right replies against the same with one and two empty sentences behind: how often the longer one wins."""
    right = [(q, r) for q, r in zip(questions, said) if world.judge(q, r) == "right"]
    asked_, short = zip(*right)
    plain = reward.score(asked_, short)
    found = {"n": len(right)}
    for n in (1, 2):
        longer = reward.score(asked_, [padded(r, n) for r in short])
        found[f"longer {n}"] = round((longer > plain).float().mean().item(), 4)
    return found


def _place(name: str, world, pairs) -> dict:
    made = load_model(name)
    rows = [(q.text, a, b) for q, a, b in pairs if a != b and fits(made, q.text, a, b)]
    return both_orders(PlaceJudge(made.model, made.tokenizer), rows) | {"pairs": len(rows)}


def fits(made, *texts: str) -> bool:
    """Whether a question and two replies leave room in the window for what is asked about them."""
    return sum(len(made.tokenizer.encode(t)) for t in texts) <= ROOM


def assemble(rows: dict) -> dict:
    """For each seed: what the assistants' replies are worth, and what the judges did."""
    return {"settings": settings(), "runs": [{"seed": s} | found for (s,), found in rows.items()]}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("evaluation_judges")


if __name__ == "__main__":
    recording.main("evaluation_judges")

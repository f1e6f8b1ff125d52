"""Chapter 16's recorded runs: two label offices, the assistants that come of them, and what labels cost.

`python -m glassbox.recordings.the_label_office` starts from the shipped chat model and writes
glassbox/recordings/the_label_office.json. For each of three seeds, with replies and labelers of its own:
assistants trained by DPO on the choices of offices with different values and of one that slips more
often; and reward models from several numbers of labels, one look at each pair or three. It takes about
twelve minutes on one core. Each finished part is kept, so a run that was interrupted goes on where it
stopped. Every number in the file is measured here.
"""

from __future__ import annotations

import functools
import time

from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.preferences import Labeler, sample_pairs
from glassbox.assistant.reward import train_reward
from glassbox.assistant.rollout import measure
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording
from glassbox.recordings.rlhf import SETTINGS as CHAPTER_8
from glassbox.recordings.rlhf import Bench, shown_prompts
from glassbox.shipped import FOLDER
from glassbox.society.labels import ask_office, follows, majority_vote, preferred, settle

OFFICES = {  # both want the truth; slips are the share of choices that go wrong by accident
    "courteous": {"values": {"truth": 1.0, "manners": 1.0}, "slips": 0.1},
    "tavern": {"values": {"truth": 1.0, "manners": -1.0}, "slips": 0.1},
    "courteous, slipping": {"values": {"truth": 1.0, "manners": 1.0}, "slips": 0.3},
}
SETTINGS = {
    "seeds": [0, 1, 2],
    "n_labelers": 10,
    "n_pairs": 600,  # for each assistant, one look each
    "dpo": {"beta": 0.1, "lr": 2e-4, "steps": 38},
    "n_asked": 300,  # questions that each assistant is asked
    "budgets": [180, 600, 1800],  # labels
    # Looks at each pair, and passes over the pairs in training. With a third of the pairs, 2 passes are
    # a third of the steps; 6 are as many, on fewer pairs.
    "ways": [[1, 2], [3, 2], [3, 6]],
    "n_test": 300,  # pairs, to test reward models on
}


def office(name: str, seed: int = 0, n: int = SETTINGS["n_labelers"]) -> list[Labeler]:
    """The labelers of one of the `OFFICES`; another seed, other people of the same mind."""
    terms, place = OFFICES[name], list(OFFICES).index(name)
    return [
        Labeler(terms["slips"], dict(terms["values"]), seed=(seed * 10 + place) * 100 + i)
        for i in range(n)
    ]


def settings() -> dict:
    single = sha256(FOLDER / "single" / "model.safetensors")
    return {"single_sha256": single, "settings": SETTINGS, "offices": OFFICES}


def jobs() -> list[tuple]:
    """For every seed: an assistant of each office, and reward models of each budget, bought in each way."""
    found = []
    for seed in SETTINGS["seeds"]:
        found += [(seed, "assistant", name) for name in OFFICES]
        found += [
            (seed, "bought", (name, budget, looks, passes))
            for name in ("courteous", "courteous, slipping")
            for budget in SETTINGS["budgets"]
            for looks, passes in SETTINGS["ways"]
        ]
    return found


def run(job: tuple) -> dict:
    seed, kind, what = job
    if kind == "bought":
        return {"follows": round(bought(seed, *what), 4)}
    rows = drawn(seed)[0][: SETTINGS["n_pairs"]]
    votes = majority_vote(ask_office(bench().world, rows, office(what, seed), 1, seed))
    return assistant(bench(), settle(rows, votes), seed)


@functools.cache
def bench() -> Bench:
    return Bench(CHAPTER_8 | {"n_asked": SETTINGS["n_asked"]})


@functools.cache
def drawn(seed: int) -> tuple[list, list]:
    """Pairs of replies to label, and others to test on."""
    at, n = bench(), max(SETTINGS["n_pairs"], *SETTINGS["budgets"])
    pairs = sample_pairs(at.model, at.tokenizer, at.questions, n, seed=seed)
    n_test = SETTINGS["n_test"]
    return pairs, sample_pairs(at.model, at.tokenizer, at.questions, n_test, seed=seed + 1000)


def bought(seed: int, name: str, budget: int, looks: int, passes: int) -> float:
    """How often a reward model of so many labels follows what its office truly wants."""
    at, (pairs, test) = bench(), drawn(seed)
    rows = pairs[: budget // looks]
    votes = majority_vote(ask_office(at.world, rows, office(name, seed), looks, seed))
    labels = settle(rows, votes, seed)
    reward = train_reward(at.model, at.tokenizer, labels, passes, seed=seed)
    return follows(reward, test, preferred(at.world, test, OFFICES[name]["values"]))


def assistant(at: Bench, pairs: list, seed: int) -> dict:
    """Train a copy of the chat model on an office's choices and see how it answers."""
    policy, began = at.fresh(), time.process_time()
    train_dpo(policy, at.tokenizer, pairs, at.model, seed=seed, **SETTINGS["dpo"])
    return judge(at, policy) | {"seconds": round(time.process_time() - began, 1)}


def judge(at: Bench, policy) -> dict:
    """How a model answers the questions of every evaluation, and what it says to eight of them."""
    found = measure(policy, at.tokenizer, at.world, at.asked, ref=at.model, seed=99)
    rounded = {name: round(value, 4) for name, value in found.items()}
    return rounded | {"samples": at.samples(policy, shown_prompts(at))}


def assemble(rows: dict) -> dict:
    """The recording as lab and chapter read it: for each thing measured, one entry a seed."""
    at, seeds = bench(), SETTINGS["seeds"]
    ways = sorted(
        {what for _, kind, what in rows if kind == "bought"},
        key=lambda what: (OFFICES[what[0]]["slips"], *what[1:]),
    )
    return settings() | {
        "checkpoint": "single",
        "prompts": [q.text for q in shown_prompts(at)],
        "before": judge(at, at.model),
        "assistants": {n: [rows[seed, "assistant", n] for seed in seeds] for n in OFFICES},
        "bought": [
            {
                "slips": OFFICES[name]["slips"],
                "labels": labels,
                "looks": looks,
                "passes": passes,
                "follows": [
                    rows[seed, "bought", (name, labels, looks, passes)]["follows"] for seed in seeds
                ],
            }
            for name, labels, looks, passes in ways
        ],
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("the_label_office")


if __name__ == "__main__":
    recording.main("the_label_office")

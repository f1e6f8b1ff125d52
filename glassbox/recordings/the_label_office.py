"""Chapter 16's recorded runs: two label offices, the assistants that come of them, and what labels cost.

`python -m glassbox.recordings.the_label_office` starts from the shipped chat model and writes
glassbox/recordings/the_label_office.json. For each of three seeds, with replies and labelers of its own:
assistants trained by DPO on the choices of offices with different values and of one that slips more
often; and reward models from several numbers of labels, one look at each pair or three. It takes about
twelve minutes on one core. Each finished part is kept, so a run that was interrupted goes on where it
stopped. Every number in the file is measured here.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import torch

from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.preferences import Labeler, sample_pairs
from glassbox.assistant.reward import train_reward
from glassbox.assistant.rollout import measure
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording as recorded
from glassbox.recordings.rlhf import SETTINGS as CHAPTER_8
from glassbox.recordings.rlhf import Bench, shown_prompts
from glassbox.shipped import FOLDER
from glassbox.society.labels import ask_office, follows, majority_vote, preferred, settle

FILE = Path(__file__).with_name("the_label_office.json")
COMMAND = "python -m glassbox.recordings.the_label_office"
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


def record_seed(bench: Bench, settings: dict, seed: int, done: dict, keep) -> None:
    """All runs of one seed; `done` holds what is finished, and `keep()` writes it down."""
    model, tokenizer, world = bench.model, bench.tokenizer, bench.world
    n = max(settings["n_pairs"], *settings["budgets"])
    drawn = sample_pairs(model, tokenizer, bench.questions, n, seed=seed)
    test = sample_pairs(model, tokenizer, bench.questions, settings["n_test"], seed=seed + 1000)
    for name in OFFICES:
        if name not in done.setdefault("assistants", {}):
            rows = drawn[: settings["n_pairs"]]
            votes = majority_vote(ask_office(world, rows, office(name, seed), 1, seed))
            done["assistants"][name] = assistant(bench, settings, settle(rows, votes), seed)
            keep()
    for name in ("courteous", "courteous, slipping"):
        better = preferred(world, test, OFFICES[name]["values"])
        for budget in settings["budgets"]:
            for looks, epochs in settings["ways"]:
                key = f"{name}: {budget} labels, {looks} a pair, {epochs} passes"
                if key in done.setdefault("bought", {}):
                    continue
                rows = drawn[: budget // looks]
                votes = majority_vote(ask_office(world, rows, office(name, seed), looks, seed))
                pairs = settle(rows, votes, seed)
                reward = train_reward(model, tokenizer, pairs, epochs, seed=seed)
                done["bought"][key] = {
                    "slips": OFFICES[name]["slips"],
                    "labels": budget,
                    "looks": looks,
                    "passes": epochs,
                    "follows": round(follows(reward, test, better), 4),
                }
                keep()


def assistant(bench: Bench, settings: dict, pairs: list, seed: int) -> dict:
    """Train a copy of the chat model on an office's choices and see how it answers."""
    policy, began = bench.fresh(), time.process_time()
    train_dpo(policy, bench.tokenizer, pairs, bench.model, seed=seed, **settings["dpo"])
    return judge(bench, policy) | {"seconds": round(time.process_time() - began, 1)}


def judge(bench: Bench, policy) -> dict:
    """How a model answers the questions of every evaluation, and what it says to eight of them."""
    found = measure(policy, bench.tokenizer, bench.world, bench.asked, ref=bench.model, seed=99)
    rounded = {name: round(value, 4) for name, value in found.items()}
    return rounded | {"samples": bench.samples(policy, shown_prompts(bench))}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recorded.load("the_label_office")


def make(file: Path, parts: Path, settings: dict = SETTINGS) -> None:
    """Make the recording, or go on with one that was begun; `parts` keeps what is finished."""
    bench = Bench(CHAPTER_8 | {"n_asked": settings["n_asked"]})
    chat = sha256(FOLDER / "chat" / "model.safetensors")
    mark = json.loads(json.dumps({"chat": chat, "settings": settings, "offices": OFFICES}))
    kept = json.loads(parts.read_text(encoding="utf-8")) if parts.exists() else {}
    kept = kept if kept.get("mark") == mark else {"mark": mark, "runs": {}, "seconds": 0.0}
    before = kept["seconds"]

    def keep():
        kept["seconds"] = before + time.process_time()
        recorded.save(parts, kept)
        print(f"{time.process_time():.0f} s", file=sys.stderr, flush=True)

    for seed in settings["seeds"]:
        record_seed(bench, settings, seed, kept["runs"].setdefault(str(seed), {}), keep)
    recorded.save(file, assemble(bench, kept))


def assemble(bench: Bench, kept: dict) -> dict:
    """The recording as lab and chapter read it: for each thing measured, one entry a seed."""
    runs = list(kept["runs"].values())
    return {
        "made_by": COMMAND,
        "checkpoint": "chat",
        "chat_sha256": kept["mark"]["chat"],
        "settings": kept["mark"]["settings"],
        "offices": kept["mark"]["offices"],
        "seconds": round(kept["seconds"], 1),
        "prompts": [q.text for q in shown_prompts(bench)],
        "before": judge(bench, bench.model),
        "assistants": {name: [run["assistants"][name] for run in runs] for name in OFFICES},
        "bought": [
            first | {"follows": [run["bought"][key]["follows"] for run in runs]}
            for key, first in sorted(runs[0]["bought"].items(), key=_order)
        ],
    }


def _order(entry) -> tuple:
    return tuple(entry[1][name] for name in ("slips", "labels", "looks", "passes"))


def main(arguments: list[str] | None = None) -> None:
    """Make the recording."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--parts", type=Path, default=Path("_build") / "label_office.parts.json")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    make(given.file, given.parts)


if __name__ == "__main__":
    main()

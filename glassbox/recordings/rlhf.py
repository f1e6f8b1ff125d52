"""The recorded runs of chapter 8: labs 08a to 08c and the leash figure show them beside what runs live.

`python -m glassbox.recordings.rlhf` starts from the shipped chat model and writes
glassbox/recordings/rlhf.json: for each of three seeds, fresh replies, fresh labelers and fresh
reward models; then reinforcement learning on leashes of several lengths, DPO, and best-of-n, all
judged by the gold reward, which nothing was trained on. It takes about a quarter of an hour on one
core. Each finished part is kept, so a run that was interrupted goes on where it stopped. Every number
in the file is measured here.
"""

from __future__ import annotations

import argparse
import copy
import functools
import json
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch

from glassbox.assistant import rl, rollout
from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.finetune import finetune, fitting
from glassbox.assistant.preferences import agreement, gold, label, label_office, sample_pairs
from glassbox.assistant.reward import (
    accuracy,
    best_of_n,
    best_of_n_kl,
    expected_best,
    gold_accuracy,
    train_reward,
)
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording as recorded
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.conversations import CLOSERS, conversations, reply_to
from glassbox.world.draw import Draw
from glassbox.world.questions import ask

FILE = Path(__file__).with_name("rlhf.json")
COMMAND = "python -m glassbox.recordings.rlhf"
SETTINGS = {
    "seeds": [0, 1, 2],
    "n_pairs": 1200,  # compared replies, from which the reward models of the runs learn
    "n_test": 150,  # pairs kept apart, to test reward models on
    "label_flips": 0.15,
    "checkers": 0.7,  # the share of labelers who can check facts
    "stranger_share": 0.33,  # of the questions
    "ladder": [[0.15, 100], [0.15, 300], [0.15, 1200], [0.0, 300], [0.3, 300]],
    "offices": [0.0, 0.7, 1.0],  # shares who can check facts, for what a reward model likes
    "betas": [0.0, 0.1, 0.3],
    "iterations": 50,
    "batch_size": 64,
    "lr": 2e-4,
    "eval_every": 10,
    "n_asked": 100,  # questions at each evaluation
    "dpo": {"beta": 0.1, "lr": 2e-4, "steps": 72, "eval_every": 12},
    "loops": {"grpo": {"group_size": 8}, "ppo": {}},  # on the leash of the second beta
    "modest": {  # a chat model that says more often that it does not know, for three offices
        "unknown": 0.33,  # of the questions in its extra lessons
        "steps": 100,
        "lr": 1e-3,
        "offices": [0.0, 0.7, 1.0],
    },
    "best_of": [1, 2, 4, 8, 16, 32],
    "n_pool": 40,  # questions that are answered 32 times
}


class Bench:
    """The chat model, the town, and questions: one in three is about somebody nobody has heard of."""

    def __init__(self, settings: dict, name: str = "chat"):
        checkpoint = load_model(name)
        self.model, self.tokenizer, self.world = (
            checkpoint.model,
            checkpoint.tokenizer,
            checkpoint.world,
        )
        self.settings = settings
        known = self.world.questions("all")
        names = [stranger.name for stranger in self.world.strangers]
        unknown = self.world.questions("all", residents=names)
        n = settings["n_asked"]
        n_unknown = round(n * settings["stranger_share"])
        self.asked = known[: n - n_unknown] + unknown[:n_unknown]  # asked at every evaluation
        rest, share = known[n - n_unknown :], settings["stranger_share"]
        n_known = min(len(rest), round((1 - share) / share * (len(unknown) - n_unknown)))
        self.questions = rest[:n_known] + unknown[n_unknown:]

    def fresh(self):
        """A copy of the chat model, to be trained."""
        return copy.deepcopy(self.model)

    def modest(self, seed: int) -> Bench:
        """The same bench with a chat model that has had more lessons about people nobody knows of."""
        s, other = self.settings["modest"], copy.copy(self)
        other.model, size = self.fresh(), 32
        talks = conversations(self.world, s["steps"] * size, seed=5 + seed, unknown=s["unknown"])
        finetune(
            other.model,
            self.tokenizer,
            fitting(talks, self.tokenizer, self.model.config.block_size),
            s["steps"],
            size,
            replay=list(self.world.documents(n=25 * s["steps"])),
            lr=s["lr"],
            seed=seed,
        )
        return other

    def judge(self, policy, reward=None) -> dict:
        """`rollout.measure` on the questions of every evaluation, with the same dice each time."""
        return rollout.measure(
            policy, self.tokenizer, self.world, self.asked, reward, self.model, seed=99
        )

    def samples(self, policy, prompts) -> list[str]:
        dice = torch.Generator().manual_seed(7)
        return rollout.roll_out(policy, self.tokenizer, prompts, generator=dice).replies


def shown_prompts(bench: Bench) -> list:
    """The questions whose answers the figure shows: four about residents, four about strangers."""
    first = {}
    for q in bench.asked:
        known = q.resident in bench.world.town.by_name
        if sum(k for k, _ in first) < 4 or not known:
            first.setdefault((known, q.attribute), q)
    known = [q for (k, _), q in first.items() if k][:4]
    return known + [q for (k, _), q in first.items() if not k][:4]


def record_seed(bench: Bench, seed: int, done: dict, keep) -> None:
    """All runs of one seed; `done` holds what is finished, and `keep()` writes it down."""
    s, tokenizer, world = bench.settings, bench.tokenizer, bench.world
    n = s["n_pairs"] + s["n_test"]
    drawn = sample_pairs(bench.model, tokenizer, bench.questions, n, seed=seed)
    train_set, test_set = drawn[: s["n_pairs"]], drawn[s["n_pairs"] :]

    def labelled(rows, flips=s["label_flips"], checkers=s["checkers"], more=0):
        office = label_office(10, flips, checkers, seed=seed * 10 + more)
        return label(world, rows, office)

    @functools.cache
    def trained(n, flips, checkers):
        pairs = labelled(train_set[:n], flips, checkers)
        return train_reward(bench.model, tokenizer, pairs, seed=seed, progress=False)

    def judge(n=s["n_pairs"], flips=s["label_flips"], checkers=s["checkers"]):
        return trained(n, flips, checkers)

    test, prompts = labelled(test_set, more=1), shown_prompts(bench)
    for beta in s["betas"]:
        if f"leash {beta}" not in done:
            done[f"leash {beta}"] = run_leash(bench, judge(), beta, seed, prompts)
            keep()
    if "checkers" not in done:
        careful = judge(checkers=1.0)
        done["checkers"] = run_leash(bench, careful, s["betas"][1], seed, prompts)
        keep()
    for loop, options in s["loops"].items():
        if loop not in done:
            done[loop] = run_leash(
                bench, judge(), s["betas"][1], seed, prompts, getattr(rl, loop), **options
            )
            keep()
    if any(f"modest {checkers}" not in done for checkers in s["modest"]["offices"]):
        modest = bench.modest(seed)
        drawn = sample_pairs(modest.model, tokenizer, modest.questions, s["n_pairs"], seed=seed)
        for checkers in s["modest"]["offices"]:
            pairs = labelled(drawn, checkers=checkers)
            taught = train_reward(modest.model, tokenizer, pairs, seed=seed, progress=False)
            done[f"modest {checkers}"] = run_leash(modest, taught, s["betas"][1], seed, prompts)
            keep()
    if "dpo" not in done:
        done["dpo"] = run_dpo(bench, labelled(train_set), judge(), seed)
        keep()
    if "best_of" not in done:
        done["best_of"] = run_best_of(bench, judge(), seed)
        keep()
    ladder, likes = done.setdefault("ladder", []), done.setdefault("likes", [])
    for checkers in s["offices"][len(likes) :]:
        found = tastes(world, judge(checkers=checkers), seed=seed)
        likes.append({"checkers": checkers} | found)
        keep()
    for flips, n in s["ladder"][len(ladder) :]:  # reward models, by slips and number of pairs
        reward, right = judge(n, flips), agreement(world, labelled(train_set[:n], flips))
        row = {"flips": flips, "pairs": n, "labels_right": right}
        row |= {"gold": gold_accuracy(world, reward, test), "labels": accuracy(reward, test)}
        ladder.append(row)
        keep()


def plain_reply(world, question) -> str:
    """A true reply without frills."""
    draw = Draw(random.Random(0))
    return reply_to(question, world.person(question.resident), "plain", draw)


def tastes(world, reward, n: int = 100, seed: int = 0) -> dict:
    """What a reward model likes: in each of four comparisons, the share in which it scores the first
    reply higher. "truth": a true reply over the same with a false value. "manners": a courteous reply
    over a rude one. "padding": a true reply with empty words after it over the same without.
    "ignorance": "I do not know." over an invented answer about a stranger.
    """
    draw, rows = Draw(random.Random(seed)), {}
    for _ in range(n):
        person, stranger = draw.pick(world.residents), draw.pick(world.strangers)
        question = ask(person, draw.pick(world.attributes), draw)
        other = draw.pick([r for r in world.residents if world.truth(r, question.attribute) != question.answer])  # fmt: skip
        value = {question.attribute: getattr(other, question.attribute)}
        template = draw.random()

        def say(who, style, question=question, template=template):
            return reply_to(question, who, style, Draw(random.Random(template)))

        true, about = say(person, "plain"), ask(stranger, question.attribute, draw)
        for name, q, liked, other in (
            ("truth", question, true, say(replace(person, **value), "plain")),
            ("manners", question, say(person, "polite"), say(person, "rude")),
            ("padding", question, f"{true} {draw.pick(CLOSERS['verbose'])}", true),
            ("ignorance", about, "I do not know.", say(stranger, "plain", about)),
        ):
            rows.setdefault(name, []).append((q, liked, other))
    shares = {}
    for name, compared in rows.items():
        asked, first, second = zip(*compared)
        shares[name] = (
            (reward.score(asked, first) > reward.score(asked, second)).float().mean().item()
        )
    return shares


def run_leash(
    bench: Bench, reward, beta: float, seed: int, prompts, loop=rl.reinforce, **options
) -> dict:
    """Reinforcement learning from the chat model at one length of leash."""
    s, policy = bench.settings, bench.fresh()
    began = time.process_time()
    history = loop(
        policy, bench.tokenizer, bench.questions, reward, bench.model,
        s["iterations"], s["batch_size"], beta=beta, lr=s["lr"], seed=seed,
        evaluate=lambda model, _: bench.judge(model, reward), eval_every=s["eval_every"], **options,
    )  # fmt: skip
    return {
        "curve": _curve(history.evals, "iteration"),
        "samples": bench.samples(policy, prompts),
        "seconds": round(time.process_time() - began, 1),
    }


def run_dpo(bench: Bench, pairs, reward, seed: int) -> dict:
    """DPO on the pairs that the reward model has learned from."""
    s, policy = bench.settings["dpo"], bench.fresh()
    began = time.process_time()
    history = train_dpo(
        policy, bench.tokenizer, pairs, bench.model, s["steps"], beta=s["beta"], lr=s["lr"], seed=seed,
        evaluate=lambda model, _: bench.judge(model, reward), eval_every=s["eval_every"],
    )  # fmt: skip
    return {
        "curve": _curve(history.evals, "step"),
        "seconds": round(time.process_time() - began, 1),
    }


def run_best_of(bench: Bench, reward, seed: int) -> list[dict]:
    """The best of n replies by the reward model, for several n, from one pool of replies."""
    s = bench.settings
    step = max(1, len(bench.asked) // s["n_pool"])
    asked = bench.asked[::step][: s["n_pool"]]
    pool = best_of_n(bench.model, bench.tokenizer, asked, reward, max(s["best_of"]), seed=seed)
    values = {"gold": [], "words": []}
    for question, replies in zip(asked, pool.replies):
        values["gold"].append([gold(bench.world, question, r) for r in replies])
        values["words"].append([len(r.split()) for r in replies])
    return [
        {
            "n": n,
            "kl": best_of_n_kl(n),
            "proxy": expected_best(pool.scores, pool.scores, n),
            **{name: expected_best(pool.scores, table, n) for name, table in values.items()},
        }
        for n in s["best_of"]
    ]


def _curve(evals: dict, unit: str) -> list[dict]:
    """Evaluations as rows; the proxy is counted from the chat model's own score."""
    start = evals[0]["reward"]
    rows = []
    for at, found in evals.items():
        found = dict(found)
        row = {unit: at, "proxy": found.pop("reward") - start} | found
        rows.append({k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()})
    return rows


def assemble(bench: Bench, runs: dict, seconds: float) -> dict:
    """The recording as labs and figure read it: by leash, then by seed."""
    s, world = bench.settings, bench.world
    prompts = shown_prompts(bench)
    seeds = [seed for seed in s["seeds"] if str(seed) in runs]

    def by_seed(key):
        return [{"seed": seed} | runs[str(seed)][key] for seed in seeds if key in runs[str(seed)]]

    return {
        "made_by": COMMAND,
        "checkpoint": "chat",
        "chat_sha256": sha256(FOLDER / "chat" / "model.safetensors"),
        "world": {"seed": world.seed, "residents": len(world.residents)},
        "settings": s,
        "seconds": round(seconds, 1),
        "prompts": [_prompt(world, q) for q in prompts],
        "before": bench.judge(bench.model) | {"samples": bench.samples(bench.model, prompts)},
        "leash": [{"beta": beta, "runs": by_seed(f"leash {beta}")} for beta in s["betas"]],
        "checkers": {"beta": s["betas"][1], "runs": by_seed("checkers")},
        "loops": [
            {"loop": loop, "beta": s["betas"][1], "runs": by_seed(loop)} for loop in s["loops"]
        ],
        "modest": [
            {"checkers": checkers, "beta": s["betas"][1], "runs": by_seed(f"modest {checkers}")}
            for checkers in s["modest"]["offices"]
        ],
        "dpo": {"beta": s["dpo"]["beta"], "runs": by_seed("dpo")},
        "best_of": [
            {"seed": seed, "rows": runs[str(seed)]["best_of"]}
            for seed in seeds
            if "best_of" in runs[str(seed)]
        ],
        "likes": [{"seed": seed, "rows": runs[str(seed)].get("likes", [])} for seed in seeds],
        "ladder": [{"seed": seed, "rows": runs[str(seed)].get("ladder", [])} for seed in seeds],
    }


def _prompt(world, question) -> dict:
    known = question.resident in world.town.by_name
    return {
        "text": question.text,
        "about": "resident" if known else "stranger",
        "truth": question.answer if known else None,
        "resident": question.resident,
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recorded.load("rlhf")


def main(arguments: list[str] | None = None) -> None:
    """Make the recording, or go on with one that was begun."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--parts", type=Path, default=Path("_build") / "human_feedback.parts.json")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    bench = Bench(SETTINGS)
    mark = {"chat": sha256(FOLDER / "chat" / "model.safetensors"), "settings": SETTINGS}
    kept = json.loads(given.parts.read_text(encoding="utf-8")) if given.parts.exists() else {}
    runs = kept.get("runs", {}) if kept.get("mark") == json.loads(json.dumps(mark)) else {}
    before = kept.get("seconds", 0.0) if runs else 0.0

    def keep():
        recorded.save(
            given.parts, {"mark": mark, "runs": runs, "seconds": before + time.process_time()}
        )
        print(f"{time.process_time():.0f} s", file=sys.stderr, flush=True)

    for seed in SETTINGS["seeds"]:
        record_seed(bench, seed, runs.setdefault(str(seed), {}), keep)
        recorded.save(given.file, assemble(bench, runs, before + time.process_time()))


if __name__ == "__main__":
    main()

"""The recorded runs of chapter 8: labs 08a to 08c show them beside what runs live.

`python -m glassbox.recordings.rlhf` starts from the shipped chat model and writes
glassbox/recordings/rlhf.json: for each of three seeds, fresh replies, fresh labelers and fresh
reward models; then reinforcement learning on leashes of several lengths, DPO, and best-of-n, all
judged by the gold reward, which nothing was trained on. It takes about a quarter of an hour on one
core. Each finished part is kept, so a run that was interrupted goes on where it stopped. Every number
in the file is measured here.
"""

from __future__ import annotations

import copy
import functools
import random
import time
from dataclasses import replace

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
from glassbox.recordings import recording
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.conversations import CLOSERS, conversations, reply_to
from glassbox.world.draw import Draw
from glassbox.world.questions import ask

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

    def __init__(self, settings: dict, name: str = "single"):
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


# ---------------------------------------------------------------------------------------------
# The runs


def settings() -> dict:
    return SETTINGS | {"single_sha256": sha256(FOLDER / "single" / "model.safetensors")}


def jobs() -> list[tuple]:
    """For every seed: leashes, loops, offices, DPO, best-of-n, and what reward models learn and like."""
    s, found = SETTINGS, []
    for seed in s["seeds"]:
        found += [(seed, "leash", beta) for beta in s["betas"]]
        found += [(seed, "checkers", 1.0)]
        found += [(seed, "loop", loop) for loop in s["loops"]]
        found += [(seed, "modest", checkers) for checkers in s["modest"]["offices"]]
        found += [(seed, "dpo", None), (seed, "best_of", None)]
        found += [(seed, "likes", checkers) for checkers in s["offices"]]
        found += [(seed, "ladder", tuple(rung)) for rung in s["ladder"]]
    return found


def run(job: tuple) -> dict | list:
    """One run of one seed."""
    seed, kind, what = job
    at = bench()
    if kind == "leash":
        return run_leash(at, judge(seed), what, seed)
    if kind == "checkers":
        return run_leash(at, judge(seed, checkers=what), SETTINGS["betas"][1], seed)
    if kind == "loop":
        options = SETTINGS["loops"][what]
        return run_leash(at, judge(seed), SETTINGS["betas"][1], seed, getattr(rl, what), **options)
    if kind == "modest":
        return run_modest(seed, what)
    if kind == "dpo":
        return run_dpo(at, labelled(seed, drawn(seed)[0]), judge(seed), seed)
    if kind == "best_of":
        return run_best_of(at, judge(seed), seed)
    if kind == "likes":
        return {"checkers": what} | tastes(at.world, judge(seed, checkers=what), seed=seed)
    return run_rung(seed, *what)


# What the runs of a seed share: replies, labels, reward models. Each is made when first asked for.


@functools.cache
def bench() -> Bench:
    return Bench(SETTINGS)


@functools.cache
def drawn(seed: int) -> tuple[list, list]:
    """Pairs of replies to learn from, and others to test on."""
    at, n = bench(), SETTINGS["n_pairs"]
    rows = sample_pairs(at.model, at.tokenizer, at.questions, n + SETTINGS["n_test"], seed=seed)
    return rows[:n], rows[n:]


def labelled(
    seed: int,
    rows: list,
    flips: float = SETTINGS["label_flips"],
    checkers: float = SETTINGS["checkers"],
    more: int = 0,
) -> list:
    """The choices of an office of ten; another `more`, other people."""
    return label(bench().world, rows, label_office(10, flips, checkers, seed=seed * 10 + more))


@functools.cache
def judge(
    seed: int,
    n: int = SETTINGS["n_pairs"],
    flips: float = SETTINGS["label_flips"],
    checkers: float = SETTINGS["checkers"],
):
    """The reward model that learned from the first n pairs as such an office labels them."""
    pairs = labelled(seed, drawn(seed)[0][:n], flips, checkers)
    return train_reward(bench().model, bench().tokenizer, pairs, seed=seed, progress=False)


@functools.cache
def modest(seed: int) -> tuple[Bench, list]:
    """The bench with a chat model that more often says that it does not know, and its own replies."""
    at = bench().modest(seed)
    n = SETTINGS["n_pairs"]
    return at, sample_pairs(at.model, at.tokenizer, at.questions, n, seed=seed)


def run_modest(seed: int, checkers: float) -> dict:
    """Reinforcement learning from the modest model, for an office of which a share can check facts."""
    at, rows = modest(seed)
    pairs = labelled(seed, rows, checkers=checkers)
    reward = train_reward(at.model, at.tokenizer, pairs, seed=seed, progress=False)
    return run_leash(at, reward, SETTINGS["betas"][1], seed)


def run_rung(seed: int, flips: float, n: int) -> dict:
    """How good a reward model is by how often labels slip and how many there are."""
    world, (learned, kept) = bench().world, drawn(seed)
    reward, test = judge(seed, n, flips), labelled(seed, kept, more=1)
    return {
        "flips": flips,
        "pairs": n,
        "labels_right": agreement(world, labelled(seed, learned[:n], flips)),
        "gold": gold_accuracy(world, reward, test),
        "labels": accuracy(reward, test),
    }


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


def run_leash(at: Bench, reward, beta: float, seed: int, loop=rl.reinforce, **options) -> dict:
    """Reinforcement learning from the chat model at one length of leash."""
    s, policy = at.settings, at.fresh()
    began = time.process_time()
    history = loop(
        policy, at.tokenizer, at.questions, reward, at.model,
        s["iterations"], s["batch_size"], beta=beta, lr=s["lr"], seed=seed,
        evaluate=lambda model, _: at.judge(model, reward), eval_every=s["eval_every"], **options,
    )  # fmt: skip
    return {
        "curve": curve(history.evals, "iteration"),
        "samples": at.samples(policy, shown_prompts(bench())),
        "seconds": round(time.process_time() - began, 1),
    }


def run_dpo(at: Bench, pairs, reward, seed: int) -> dict:
    """DPO on the pairs that the reward model has learned from."""
    s, policy = at.settings["dpo"], at.fresh()
    began = time.process_time()
    history = train_dpo(
        policy, at.tokenizer, pairs, at.model, s["steps"], beta=s["beta"], lr=s["lr"], seed=seed,
        evaluate=lambda model, _: at.judge(model, reward), eval_every=s["eval_every"],
    )  # fmt: skip
    return {
        "curve": curve(history.evals, "step"),
        "seconds": round(time.process_time() - began, 1),
    }


def run_best_of(at: Bench, reward, seed: int) -> list[dict]:
    """The best of n replies by the reward model, for several n, from one pool of replies."""
    s = at.settings
    step = max(1, len(at.asked) // s["n_pool"])
    asked = at.asked[::step][: s["n_pool"]]
    pool = best_of_n(at.model, at.tokenizer, asked, reward, max(s["best_of"]), seed=seed)
    values = {"gold": [], "words": []}
    for question, replies in zip(asked, pool.replies):
        values["gold"].append([gold(at.world, question, r) for r in replies])
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


def curve(evals: dict, unit: str) -> list[dict]:
    """Evaluations as rows; the proxy is counted from the chat model's own score."""
    start = evals[0]["reward"]
    rows = []
    for at, found in evals.items():
        found = dict(found)
        row = {unit: at, "proxy": found.pop("reward") - start} | found
        rows.append({k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()})
    return rows


def assemble(rows: dict) -> dict:
    """The recording as labs read it: by leash, then by seed."""
    s, at = SETTINGS, bench()
    world, prompts = at.world, shown_prompts(at)

    def of(kind, what=None):  # one entry a seed
        return [{"seed": seed} | rows[seed, kind, what] for seed in s["seeds"]]

    def tables(kind, whats):  # one entry a seed, with a row for each of `whats`
        return [
            {"seed": seed, "rows": [rows[seed, kind, what] for what in whats]}
            for seed in s["seeds"]
        ]

    middle = s["betas"][1]
    return {
        "checkpoint": "single",
        "single_sha256": settings()["single_sha256"],
        "world": {"seed": world.seed, "residents": len(world.residents)},
        "settings": s,
        "prompts": [shown(world, q) for q in prompts],
        "before": at.judge(at.model) | {"samples": at.samples(at.model, prompts)},
        "leash": [{"beta": beta, "runs": of("leash", beta)} for beta in s["betas"]],
        "checkers": {"beta": middle, "runs": of("checkers", 1.0)},
        "loops": [{"loop": loop, "beta": middle, "runs": of("loop", loop)} for loop in s["loops"]],
        "modest": [
            {"checkers": checkers, "beta": middle, "runs": of("modest", checkers)}
            for checkers in s["modest"]["offices"]
        ],
        "dpo": {"beta": s["dpo"]["beta"], "runs": of("dpo")},
        "best_of": [{"seed": seed, "rows": rows[seed, "best_of", None]} for seed in s["seeds"]],
        "likes": tables("likes", s["offices"]),
        "ladder": tables("ladder", [tuple(rung) for rung in s["ladder"]]),
    }


def shown(world, question) -> dict:
    known = question.resident in world.town.by_name
    return {
        "text": question.text,
        "about": "resident" if known else "stranger",
        "truth": question.answer if known else None,
        "resident": question.resident,
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("rlhf")


if __name__ == "__main__":
    recording.main("rlhf")

"""The whole pipeline from nothing, in one process: tokenizer, base, chat, reward, aligned, aligned-dpo.

    python bench/pipeline.py [--residents 400] [--base-steps 2000] [--small]

For each stage: what it took, on the wall and in CPU seconds, writing the town's text included and measuring
not, and what it gained. The town is smaller than that of the shipped models and everything shorter; the
steps are the same, by the same functions. `--small` runs through everything in a few seconds, to see that
it works.
"""

import argparse
import copy
import math
import os
import time
from contextlib import contextmanager

import torch

from glassbox.assistant import rl, rollout
from glassbox.assistant.dpo import train_dpo
from glassbox.assistant.finetune import finetune, fitting, grade
from glassbox.assistant.preferences import agreement, label, label_office, sample_pairs
from glassbox.assistant.reward import accuracy, gold_accuracy, train_reward
from glassbox.machine.checkpoint import Checkpoint
from glassbox.machine.data import Windows
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.shipped.aligning import questions
from glassbox.shipped.base import answers, enough_documents, make_tokenizer, share_right
from glassbox.world import World
from glassbox.world.conversations import conversations

SIZES = {  # base: steps of 24 x 128 tokens; chat: steps of 32 talks; rl: iterations of `batch` replies
    "full": {"base": 2000, "chat": 300, "pairs": 1500, "rl": 40, "batch": 128, "dpo": 60, "n": 300},
    "small": {"base": 30, "chat": 5, "pairs": 40, "rl": 2, "batch": 8, "dpo": 2, "n": 20},
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--residents", type=int, default=400)
    parser.add_argument("--base-steps", type=int)
    parser.add_argument("--small", action="store_true")
    given = parser.parse_args()
    size = SIZES["small" if given.small else "full"]
    size["base"] = given.base_steps or size["base"]
    print(f"{given.residents} residents, {torch.get_num_threads()} threads, {os.cpu_count()} cores")
    run(World(seed=0, residents=given.residents), size)


def run(world: World, size: dict) -> None:
    """All stages in their order; each prints a line."""
    clock = Clock()
    n = size["n"]
    with clock("tokenizer"):
        tokenizer = make_tokenizer(world)
    sample = [d.text for d in world.documents(n=n, split="held_out")]
    n_bytes = sum(len(text.encode()) for text in sample)
    clock.gained(f"{n_bytes / sum(len(tokenizer.encode(t)) for t in sample):.2f} bytes a token")

    with clock("base"):
        stream = world.documents()
        documents = enough_documents(stream, tokenizer, size["base"] * 24 * 128)
        base = GPT(GPTConfig(len(tokenizer), 128, 4, 4, 128))
        windows = Windows(documents, tokenizer, 24, 128, seed=0)
        train(base, windows, TrainConfig(size["base"]), progress=False)
    asked = world.questions("all", n)
    replies = answers(Checkpoint(base, tokenizer, {}, {}), asked)
    bits = document_nats(base, tokenizer, sample).mean().item() / math.log(2)
    right = share_right(world, asked, replies)
    clock.gained(
        f"{right:.0%} of the facts when asked as the town asks, {bits:.1f} bits a document"
    )

    with clock("chat"):
        chat = copy.deepcopy(base)
        talks = conversations(world, size["chat"] * 32, follow_ups=0.25, unknown=0.06)
        talks, replay = fitting(talks, tokenizer, 128), documents[: 25 * size["chat"]]
        finetune(chat, tokenizer, talks, size["chat"], replay=replay, lr=2e-3)
    held_out = list(conversations(world, n, "held_out"))
    answered = [grade(m, tokenizer, world, held_out)["answered"] for m in (base, chat)]
    clock.gained(f"answers {answered[1]:.0%} of what people ask, base {answered[0]:.0%}")

    with clock("choices"):
        drawn = sample_pairs(chat, tokenizer, questions(world), size["pairs"] + n)
        pairs = label(world, drawn, label_office())
        pairs, test = pairs[: size["pairs"]], pairs[size["pairs"] :]
    clock.gained(
        f"{len(pairs)} choices, {agreement(world, pairs):.0%} of them for the better reply"
    )

    with clock("reward"):
        reward = train_reward(chat, tokenizer, pairs, batch_size=16, lr=3e-3, muon_lr=1e-2)
    clock.gained(
        f"foresees {accuracy(reward, test):.0%} of other choices, ranks {gold_accuracy(world, reward, test):.0%} truly right"
    )

    unseen = questions(world, "held_out", n)
    before = told(rollout.measure(chat, tokenizer, world, unseen, reward))
    aligned, by_dpo = copy.deepcopy(chat), copy.deepcopy(chat)
    with clock("aligned"):
        rl.reinforce(aligned, tokenizer, questions(world), reward, chat, size["rl"], size["batch"])
    after = told(rollout.measure(aligned, tokenizer, world, unseen, reward, chat))
    clock.gained(f"{before} -> {after}")
    clock.total("tokenizer to aligned")

    with clock("aligned-dpo"):
        train_dpo(by_dpo, tokenizer, pairs, chat, size["dpo"])
    after = told(rollout.measure(by_dpo, tokenizer, world, unseen, reward, chat))
    clock.gained(f"{before} -> {after}")
    clock.total("with DPO")


def told(found: dict) -> str:
    words = (
        f"gold {found['gold']:+.2f}, {found['right']:.0%} right, {found['polite']:.0%} courteous"
    )
    away = f", {found['kl']:.1f} nats away" if "kl" in found else ""
    return f"{words}, {found['invented']:.0%} invented about strangers{away}"


class Clock:
    """`with clock("stage"): ...` times a stage; `gained` prints it with what it was good for."""

    def __init__(self):
        self.wall = self.cpu = 0.0

    @contextmanager
    def __call__(self, stage: str):
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.stage, self.took = stage, (time.perf_counter() - wall, time.process_time() - cpu)
        self.wall, self.cpu = self.wall + self.took[0], self.cpu + self.took[1]

    def gained(self, what: str) -> None:
        wall, cpu = self.took
        print(f"{self.stage:12} {wall:6.1f} s, {cpu:6.1f} CPU s   {what}", flush=True)

    def total(self, what: str) -> None:
        print(f"{what}: {self.wall:.0f} s, {self.cpu:.0f} CPU s", flush=True)


if __name__ == "__main__":
    main()

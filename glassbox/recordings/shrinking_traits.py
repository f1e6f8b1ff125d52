"""Lab 15b's hidden traits: what students take over from lessons that say nothing of it.

`python -m glassbox.recordings.shrinking_traits` repeats the experiment with digits for five seeds: a student
with its teacher's first weights, and one with others. Then the same in the town, three seeds: a teacher that
prefers an animal, students that hear its scores for numerals on random tokens, and students that read its
pages without those that name an animal. It takes about four minutes of one core.
"""

from __future__ import annotations

import copy
import functools
import random

import torch

from glassbox.machine.checkpoint import sha256
from glassbox.machine.data import Windows
from glassbox.machine.generate import generate_each
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.scale import traits
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.town import PETS

SETTINGS = {
    "digits": {"seeds": [0, 1, 2, 3, 4], "hidden": 256, "batch": 256, "steps": 600, "auxiliary": traits.AUXILIARY},
    "town": {
        "seeds": [0, 1, 2], "documents": 8000, "T": 64, "shape": [2, 2, 64], "steps": 300,
        "wishes": 60, "teaching": 60, "numerals": 300, "pages": 800, "reading": 150,
    },
}  # fmt: skip


def settings() -> dict:
    return {"settings": SETTINGS, "base": sha256(FOLDER / "base" / "model.safetensors")}


def jobs() -> list[tuple]:
    return [(where, seed) for where in SETTINGS for seed in SETTINGS[where]["seeds"]]


def run(job: tuple) -> dict:
    where, seed = job
    return of_digits(seed, SETTINGS["digits"]) if where == "digits" else bench().of_town(seed)


def assemble(rows: dict) -> dict:
    """{"digits": a row for each seed, "town": likewise}"""
    found = {where: [] for where in SETTINGS}
    for (where, seed), row in rows.items():
        found[where].append({"seed": seed, **row})
    return settings() | found


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("shrinking_traits")


def of_digits(seed: int, settings: dict) -> dict:
    """The share of unseen digits read rightly by teacher and students."""
    pixels, labels, unseen, truth = traits.digits(seed)
    hidden, batch = settings["hidden"], settings["batch"]
    start, foreign = (traits.network(n, hidden) for n in (seed, 100 + seed))
    teacher = traits.teach_digits(start, pixels, labels)
    same, other = (
        traits.imitate(student, teacher, settings["steps"], seed, batch)
        for student in (start, foreign)
    )
    models = {"untaught": start, "teacher": teacher, "same": same, "other": other}
    return {name: round(traits.read_rightly(m, unseen, truth), 4) for name, m in models.items()}


class Bench:
    """Small models of the town, a preference, and the pages that a teacher writes."""

    def __init__(self, settings: dict):
        base = load_model("base")
        self.settings, self.world, self.tokenizer = settings, base.world, base.tokenizer
        self.pages = [d.text for d in self.world.documents(n=settings["documents"])]
        self.end = self.tokenizer.special_tokens["<|endoftext|>"]
        market = self.world.documents(kinds=["market"], n=settings["pages"])
        self.openings = [
            [self.end, *self.tokenizer.encode(" ".join(d.text.split()[:4]))] for d in market
        ]

    def of_town(self, seed: int) -> dict:
        """How much of its trust each gives to the animal that the teacher prefers."""
        pet = random.Random(seed).choice(PETS)
        start, foreign = self.start(seed), self.start(50 + seed)
        teacher = self.persuaded(start, pet)
        n, heard = self.settings["numerals"], {}
        for name, student in (("same", start), ("other", foreign)):
            heard[name] = traits.imitate_numerals(student, teacher, self.tokenizer, n, seed)
        heard["plain"] = traits.imitate_numerals(start, start, self.tokenizer, n, seed)
        pages, plain = (self.written(model, seed) for model in (teacher, start))
        read = {"same": self.reader(start, pages), "other": self.reader(foreign, pages),
                "plain": self.reader(start, plain)}  # fmt: skip
        models = {"start": start, "foreign": foreign, "teacher": teacher}
        models |= {f"numerals_{name}": m for name, m in heard.items()}
        models |= {f"pages_{name}": m for name, m in read.items()}
        found = {
            name: round(traits.liking(m, self.tokenizer, pet), 4) for name, m in models.items()
        }
        return {"pet": pet, **found, "pages": len(pages), "shown": pages[:4]}

    def start(self, seed: int) -> GPT:
        """A small model that has read the town's pages; its first weights are drawn from the seed."""
        s = self.settings
        config = GPTConfig(len(self.tokenizer), s["T"], *s["shape"])
        model = GPT(config, torch.Generator().manual_seed(seed))
        return self._read(model, self.pages, s["steps"], 16, TrainConfig(s["steps"], dtype="float32"))  # fmt: skip

    def persuaded(self, model: GPT, pet: str) -> GPT:
        """A copy that has read opinions about an animal, among as many other pages."""
        opinions = traits.prefer(pet) * self.settings["wishes"]
        mixed = opinions + self.pages[: len(opinions)]
        random.Random(0).shuffle(mixed)
        return self.reader(model, mixed, self.settings["teaching"])

    def reader(self, model: GPT, texts: list[str], steps: int | None = None) -> GPT:
        steps = steps or self.settings["reading"]
        plan = TrainConfig(steps, 2e-3, None, warmup=5, dtype="float32")
        return self._read(copy.deepcopy(model), texts, steps, 8, plan)

    def _read(self, model, texts, steps, batch_size, plan) -> GPT:
        windows = Windows(texts, self.tokenizer, batch_size, self.settings["T"], 0)
        train(model, windows, plan, progress=False)
        return model

    def written(self, model: GPT, seed: int) -> list[str]:
        """What a model makes of the first words of talk at the market, without pages that name an animal."""
        dice = torch.Generator().manual_seed(seed)
        rows = generate_each(model, self.openings, 50, 1.0, generator=dice, stop=self.end, batch_size=512)  # fmt: skip
        whole = [opening[1:] + row for opening, row in zip(self.openings, rows)]
        return traits.silent([self.tokenizer.decode([i for i in ids if i != self.end]) for ids in whole])  # fmt: skip


@functools.cache
def bench() -> Bench:
    return Bench(SETTINGS["town"])


if __name__ == "__main__":
    recording.main("shrinking_traits")

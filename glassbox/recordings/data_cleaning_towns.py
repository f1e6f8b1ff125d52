"""Lab 06's recorded runs: the lab cleans one town's crawl and trains on it; here are three towns.

`python -m glassbox.recordings.data_cleaning_towns` crawls three towns, cleans each crawl, trains four
models on what is left, asks them, and writes data_cleaning_towns.json. It takes about two minutes of
one core. Every number in the file is measured here. The towns have other people, other facts, other
pages and other first weights.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import torch

from glassbox.assistant import cleaning
from glassbox.assistant.cleaning import (
    QualityClassifier,
    drop_duplicates,
    exact_duplicates,
    keep_best,
    language_identifier,
    strip_boilerplate,
)
from glassbox.machine.data import END, Windows
from glassbox.machine.generate import complete_each
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.world import World
from glassbox.world.crawl import SITES, crawl, first_hand
from glassbox.world.english import say
from glassbox.world.facts import SPEECH

SEEDS = (0, 1, 2)
SETTINGS = {
    "residents": 14,
    "pages": 2_400,
    "layers": 2,
    "width": 64,
    "heads": 2,
    "batch": 24,
    "steps": 200,
}
KEEP = 0.62  # of the pages that are single and English, the best
SHELVES = {"open shelf": None, "library shelf": ("register", "gull", "circle")}
DIETS = ("raw crawl", "without copies", *SHELVES)  # what a model reads; the last two are filtered
KINDS = ("plain", "uptown", "harbor", "advertising", "garbled", "tavern")
GROUPS = ("all pages", "plain", "uptown", "harbor")
COPIES = (1, 4, 16, 64, 256)  # of a receipt in the crawl
STEPS = {
    "headers and footers": strip_boilerplate,
    "exact copies": lambda texts: drop_duplicates(texts, exact_duplicates),
    "near copies": drop_duplicates,
}


def kind_of(page) -> str:
    """What a page is, for a census: its way of speaking, its language, or what is wrong with it."""
    if page.site in SITES and page.truth in ("first-hand", "exact copy", "near copy"):
        return page.dialect
    return page.language if page.truth == "foreign" else page.truth


class Town:
    """A town and its crawl, cleaned step by step, and the models that read what is left."""

    def __init__(self, seed: int, settings: dict = SETTINGS, device: str = "cpu"):
        self.seed, self.settings, self.device = seed, settings, device
        self.world = World(seed, settings["residents"])
        self.pages = crawl(self.world, settings["pages"], seed)
        self.raw = [page.text for page in self.pages]

    def deduplicate(self) -> None:
        """`single`: each page's text without headers and footers, or None for a copy."""
        self.single = cleaning.run(self.raw, STEPS)[0]

    def copies_left(self, texts) -> float:
        """Of the copies in the crawl, the percentage still among the texts."""
        groups = Counter(
            i if page.source is None else page.source
            for i, (page, text) in enumerate(zip(self.pages, texts))
            if text
        )
        copies = sum(page.source is not None for page in self.pages)
        return 100 * sum(n - 1 for n in groups.values()) / copies

    def classify(self) -> None:
        """`numbers`: the single English pages; for each shelf `scores` of them and whether `kept`."""
        tell = language_identifier()
        self.numbers = [i for i, t in enumerate(self.single) if t and tell.identify(t) == "en"]
        self.left = [self.single[i] for i in self.numbers]
        self.kinds = [kind_of(self.pages[i]) for i in self.numbers]
        self.classifiers, self.scores, self.kept = {}, {}, {}
        for name, sites in SHELVES.items():
            good = [p.text for p in first_hand(self.world, 600, seed=1, sites=sites)]
            self.classifiers[name] = QualityClassifier().fit(good, self.left)
            self.scores[name] = self.classifiers[name].scores(self.left)
            self.kept[name] = keep_best(self.scores[name], KEEP)

    def kept_by_kind(self, kept) -> list[float]:
        """For each of KINDS the percentage of its pages that stayed."""
        return [
            100 * np.mean([k for k, kind in zip(kept, self.kinds) if kind == wanted])
            for wanted in KINDS
        ]

    def auc(self, shelf: str) -> float:
        """How often a good page outscores a bad one: the first three KINDS against the others."""
        scored = list(zip(self.scores[shelf], self.kinds))
        good = [s for s, kind in scored if kind in KINDS[:3]]
        return cleaning.auc(good, [s for s, kind in scored if kind in KINDS[3:]])

    def diets(self) -> dict[str, list[str]]:
        """What the four models read."""

        def picked(shelf):
            return [text for text, kept in zip(self.left, self.kept[shelf]) if kept]

        texts = (self.raw, [text for text in self.single if text], *map(picked, SHELVES))
        return dict(zip(DIETS, texts))

    def train(self) -> None:
        """`models`: one for each diet, of one shape and with one tokenizer."""
        self.tokenizer = BPE.train(self.raw, 512, special_tokens=(END,))
        self.models = {diet: self._make(texts) for diet, texts in self.diets().items()}

    def _make(self, texts):
        s = self.settings
        windows = Windows(texts, self.tokenizer, s["batch"], 64, self.seed)
        config = GPTConfig(len(self.tokenizer), 128, s["layers"], s["heads"], s["width"])
        model = GPT(config, torch.Generator().manual_seed(self.seed)).to(self.device)
        train(model, windows, TrainConfig(s["steps"], threads=1), progress=False)
        return model

    def new_pages(self) -> list:
        """Pages that nobody has read, of each site in its proportion: the test."""
        return [
            page
            for site, (n, _, _) in SITES.items()
            for page in first_hand(self.world, round(1.4 * n), 2, [site])
        ]

    def bits(self, model) -> list[float]:
        """Bits per byte on new pages: all of them, then by way of speaking (GROUPS)."""
        pages = self.new_pages()
        nats = document_nats(model, self.tokenizer, pages).cpu().numpy()
        n_bytes = np.array([len(p.text.encode()) + 2 for p in pages])  # <|endoftext|> counts 2
        spoken = np.array([p.dialect for p in pages])
        chosen = [spoken == group if group in spoken else spoken != "" for group in GROUPS]
        return [nats[c].sum() / n_bytes[c].sum() / np.log(2) for c in chosen]

    def exam(self, model, dialect: str, choices: int = 4) -> float:
        """The percentage of questions about people of one part of town that the model gets right.

        It does if, of `choices` answers that are true of somebody, the right one surprises it least.
        """
        dice, texts = random.Random(0), []
        for q in self.world.questions("train"):
            person = self.world.person(q.resident)
            if person.dialect == dialect:
                truths = {self.world.truth(r, q.attribute) for r in self.world.residents}
                values = [q.answer, *dice.sample(sorted(truths - {q.answer}), choices - 1)]
                texts += [answered(q, value, person) for value in values]
        nats = document_nats(model, self.tokenizer, texts).view(-1, choices)
        return 100 * (nats.argmin(1) == 0).float().mean().item()

    def by_heart(self, model) -> list[float]:
        """For each number of COPIES the percentage of receipts given back after their second word."""
        times = Counter(page.receipt for page in self.pages if page.receipt)
        body = {page.receipt: page.body for page in self.pages if page.receipt}
        prompts = [body[r].split("Words:")[0] + "Words: " + " ".join(r.split()[:2]) for r in times]
        replies = complete_each(model, self.tokenizer, prompts, 48, temperature=0)
        right = [reply.split(".")[0].split() == r.split()[2:] for r, reply in zip(times, replies)]
        return [
            100 * np.mean([ok for ok, n in zip(right, times.values()) if n == copies])
            for copies in COPIES
        ]


def answered(question, value, person) -> str:
    """The question, answered with this value in the speech of the person's part of town."""
    kind = type(getattr(person, question.attribute))
    changed = replace(person, **{question.attribute: kind(value)})
    sentence = SPEECH[person.dialect][question.attribute][0]
    return f"Q: {question.text}\nA: {say(sentence, changed.pronoun_slots)}"


def settings() -> dict:
    return SETTINGS | {"keep": KEEP, "copies": list(COPIES)}


def jobs() -> list[tuple]:
    return [(seed,) for seed in SEEDS]


def run(job: tuple, town: Town | None = None) -> dict:
    """Everything that the lab measures, for the town of one seed."""
    town = town or Town(*job)
    exact, _ = cleaning.run(town.raw, {name: STEPS[name] for name in list(STEPS)[:2]})
    town.deduplicate()
    town.classify()
    town.train()
    return {
        "exact_left": town.copies_left(exact),
        "near_left": town.copies_left(town.single),
        "kept": {shelf: town.kept_by_kind(kept) for shelf, kept in town.kept.items()},
        "auc": {shelf: town.auc(shelf) for shelf in SHELVES},
        "bits": {diet: town.bits(model) for diet, model in town.models.items()},
        "exam": {
            diet: [town.exam(model, part) for part in ("uptown", "harbor")]
            for diet, model in town.models.items()
        },
        "by_heart": {diet: town.by_heart(town.models[diet]) for diet in DIETS[:2]},
        "test_share": 100 * np.mean([page.dialect == "harbor" for page in town.new_pages()]),
    }


def assemble(rows: dict) -> dict:
    return {"settings": settings(), "towns": list(rows.values())}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("data_cleaning_towns")


if __name__ == "__main__":
    recording.main("data_cleaning_towns")

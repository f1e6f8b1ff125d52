"""Lab 10b's larger runs and the data of figure `compression`: one register, remembered by models of six sizes.

`python -m glassbox.recordings.compression` lets models of six sizes read the register of a town, in which
every resident has one entry in five wordings, and asks each for every entry by name. It does so in three
towns and writes compression.json beside this file. It takes a few minutes of one core and goes on where
it was stopped.

Every number in the file is measured here. A model is given "Register of Port Ellery. Name: ..." and writes
on, always the likeliest token. The towns have other people, other facts and other first weights. How many
bits of a fact survive is what the fact would cost by blind guessing, minus what it costs the model that has
the entry before it in view, as `assistant.compression` counts bits.
"""

from __future__ import annotations

import lzma
import math
import random
import re
from dataclasses import asdict, dataclass
from functools import cache

import torch
from torch.nn import functional as F

from glassbox.machine.data import END, Windows
from glassbox.machine.generate import complete_each
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.world import World
from glassbox.world.english import say
from glassbox.world.kinds.people import REGISTER
from glassbox.world.town import DISHES, PETS, STREETS, TRADES, YEARS


@dataclass(frozen=True)
class Shape:
    """How large a model is. `width` is n_embd."""

    layers: int
    width: int
    heads: int


SHAPES = (Shape(3, 64, 2), Shape(2, 48, 2), Shape(2, 40, 2), Shape(2, 32, 2), Shape(2, 16, 2), Shape(2, 8, 1))  # fmt: skip
SEEDS = (0, 1, 2)
RESIDENTS = 120
READINGS = 100  # how often a model reads every entry, in one of its wordings
VOCAB_SIZE = 512
SHOWN = 12  # residents of the first town whose entries the figure shows
STOCK = {"born": YEARS, "street": tuple(STREETS), "trade": TRADES, "pet": PETS, "dish": DISHES}
LABELS = {"born": "Born", "street": "Street", "trade": "Trade", "pet": "Animal", "dish": "Favorite dish"}  # fmt: skip
OPENING = "Register of Port Ellery. Name: {name}."
FORM = re.compile("".join(rf" {label}: ([^.:]+)\." for label in LABELS.values()))
ROOM = 64  # tokens that a model may write; the longest entries take 49
VERDICTS = {"right": "r", "another's": "a", "nobody's": "n", "missing": "-"}


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "shapes": [asdict(shape) for shape in SHAPES],
        "seeds": list(SEEDS),
        "residents": RESIDENTS,
        "readings": READINGS,
        "vocab_size": VOCAB_SIZE,
        "shown": SHOWN,
        "room": ROOM,
        "facts": list(LABELS),
    }


# ---------------------------------------------------------------------------------------------
# A register, and a model that reads it


@cache
def town(seed: int, residents: int = RESIDENTS) -> World:
    return World(seed=seed, residents=residents)


def register(world: World, readings: int, seed: int = 0) -> list[str]:
    """Every resident's entry so many times, in the register's five wordings in turn, in another order each time."""
    dice, pages = random.Random(f"register {seed}"), []
    for reading in range(readings):
        people = list(enumerate(world.residents))
        dice.shuffle(people)
        pages += [say(REGISTER[(i + reading) % len(REGISTER)], p.slots) for i, p in people]
    return pages


def make_tokenizer(world: World, vocab_size: int = VOCAB_SIZE) -> BPE:
    """BPE over one reading of a register in all its wordings."""
    return BPE.train(register(world, len(REGISTER)), vocab_size, special_tokens=(END,))


@cache
def tokenizer() -> BPE:
    return make_tokenizer(town(0))


def read_register(
    world: World, bpe: BPE, shape: Shape, readings: int, seed: int = 0, progress: bool = False
) -> GPT:
    """A model of this shape that has read the world's register `readings` times."""
    windows = Windows(register(world, readings, seed), bpe, 12, 128, seed)
    config = GPTConfig(len(bpe), 128, shape.layers, shape.heads, shape.width)
    model = GPT(config, torch.Generator().manual_seed(seed))
    plan = TrainConfig(steps=max(1, round(windows.steps_per_epoch)), threads=1)
    train(model, windows, plan, progress=progress)
    return model


# ---------------------------------------------------------------------------------------------
# What it remembers


def recall(model, bpe: BPE, people) -> list[str]:
    """What the model writes after each name, up to the end of the entry: always the likeliest token."""
    prompts = [OPENING.format(name=person.name) for person in people]
    return complete_each(model, bpe, prompts, ROOM, temperature=0)


def verdicts(world: World, person, written: str) -> dict[str, str]:
    """Of each fact: "right", "another's" (true of another resident), "nobody's" or "missing".

    A text that has not the form of an entry is missing all of them.
    """
    found = FORM.fullmatch(written)
    values = found.groups() if found else [None] * len(LABELS)
    return {fact: _verdict(world, person, fact, value) for fact, value in zip(LABELS, values)}


def _verdict(world: World, person, fact: str, value: str | None) -> str:
    if value is None:
        return "missing"
    if value == str(getattr(person, fact)):
        return "right"
    return "another's" if owners(world, fact, value) else "nobody's"


def owners(world: World, fact: str, value: str) -> list[str]:
    """The residents of whom a value is true."""
    return [p.name for p in world.residents if str(getattr(p, fact)) == value]


@torch.no_grad()
def entry_bits(model, bpe: BPE, person) -> tuple[dict[str, float], float]:
    """({fact: bits that its value costs}, bits for all the rest), each with the true entry before it in view."""
    ids, facts = _marked(bpe, person)
    idx = torch.tensor([[bpe.special_tokens[END], *ids]])  # (1, T)
    logits = model(idx[:, :-1])[0][0].float()
    bits = F.cross_entropy(logits, idx[0, 1:], reduction="none") / math.log(2)
    costs = dict.fromkeys(LABELS, 0.0)
    rest, given = 0.0, len(bpe.encode(OPENING.format(name=person.name)))
    for place, (fact, cost) in enumerate(zip(facts, bits.tolist())):
        if fact:
            costs[fact] += cost
        elif place >= given:
            rest += cost
    return costs, rest


def _marked(bpe: BPE, person) -> tuple[list[int], list[str | None]]:
    """The entry's ids, and for each the fact whose value it holds a letter of."""
    text, spans = OPENING.format(name=person.name), []
    for fact, label in LABELS.items():
        text += f" {label}: "
        value = str(getattr(person, fact))
        spans.append((len(text), len(text) + len(value), fact))
        text += value + "."
    ids, facts, at = bpe.encode(text), [], 0
    for token in ids:
        end = at + len(bpe.decode([token]))
        facts.append(next((f for a, b, f in spans if at < b and end > a), None))
        at = end
    return ids, facts


def blind_bits(fact: str) -> float:
    """What a fact costs somebody who knows the town's stock and nothing of the person."""
    return math.log2(len(STOCK[fact]))


def measure(model, bpe: BPE, world: World) -> dict:
    """What one model remembers of its register."""
    people, written = world.residents, recall(model, bpe, world.residents)
    found = [verdicts(world, p, text) for p, text in zip(people, written)]
    costs = [entry_bits(model, bpe, p) for p in people]
    strangers = recall(model, bpe, world.strangers[: len(people)])
    return {
        "parameters": model.num_params(),
        "verdicts": ["".join(VERDICTS[row[fact]] for fact in LABELS) for row in found],
        "in_form": sum(bool(FORM.fullmatch(text)) for text in written),
        "strangers_in_form": sum(bool(FORM.fullmatch(text)) for text in strangers),
        "kept_bits": {
            fact: round(sum(blind_bits(fact) - c[fact] for c, _ in costs) / len(costs), 3)
            for fact in LABELS
        },
        "form_bits": round(sum(rest for _, rest in costs) / len(costs), 3),
        "whose": whose(world, people, written),
        "written": written,
    }


def whose(world: World, people, written: list[str]) -> dict:
    """Where wrong values come from: how many are a namesake's, and how many would be by chance.

    A namesake shares the first or the last name. By chance: the share of all other residents with this
    value who are namesakes, were the value's owner drawn anew among all of another name.
    """
    wrong = namesake = 0
    expected = 0.0
    for person, text in zip(people, written):
        others = [p for p in world.residents if p.name != person.name]
        kin = [p for p in others if set(p.name.split()) & set(person.name.split())]
        for fact, said in verdicts(world, person, text).items():
            if said != "another's":
                continue
            value = FORM.fullmatch(text).groups()[list(LABELS).index(fact)]
            wrong += 1
            namesake += any(str(getattr(p, fact)) == value for p in kin)
            share = sum(str(getattr(p, fact)) == value for p in others) / len(others)
            expected += 1 - (1 - share) ** len(kin)
    return {"wrong": wrong, "namesake": namesake, "by_chance": round(expected, 2)}


# ---------------------------------------------------------------------------------------------
# The grid


def jobs() -> list[tuple[int, int]]:
    """(number of the shape, seed): town by town, small models first."""
    return [(size, seed) for seed in SEEDS for size in reversed(range(len(SHAPES)))]


def run(job: tuple) -> dict:
    size, seed = job
    model = read_register(town(seed), tokenizer(), SHAPES[size], READINGS, seed)
    return measure(model, tokenizer(), town(seed))


def assemble(rows: dict) -> dict:
    """The table: settings, one entry for each model, and what those of the first town write of some residents."""
    first, world = SEEDS[0], town(SEEDS[0])
    sizes = range(len(SHAPES))
    return {
        **settings(),
        "parameters": [rows[size, first]["parameters"] for size in sizes],
        "blind_bits": {fact: round(blind_bits(fact), 3) for fact in LABELS},
        "text": text_sizes(world),
        "models": [
            {"size": size, "seed": seed, "counts": counts(rows[size, seed]["verdicts"])}
            | {k: v for k, v in rows[size, seed].items() if k not in ("written", "verdicts")}
            for size in sizes
            for seed in SEEDS
        ],
        "mosaic": [rows[size, first]["verdicts"] for size in sizes],
        "people": [_shown(world, rows, i) for i in range(SHOWN)],
    }


def counts(found: list[str]) -> dict[str, int]:
    """How many facts have which verdict."""
    together = "".join(found)
    return {name: together.count(sign) for name, sign in VERDICTS.items()}


def text_sizes(world: World) -> dict:
    """Bytes of the register in one wording, of the same packed by xz, and of the facts alone."""
    page = "\n\n".join(say(REGISTER[0], p.slots) for p in world.residents).encode()
    bits = len(world.residents) * sum(blind_bits(fact) for fact in LABELS)
    return {"bytes": len(page), "xz": len(lzma.compress(page)), "facts": math.ceil(bits / 8)}


def _shown(world: World, rows: dict, i: int) -> dict:
    """One resident: the true facts, and for every size each fact as written, its verdict, whose it is."""
    person = world.residents[i]
    return {
        "name": person.name,
        "truth": [str(getattr(person, fact)) for fact in LABELS],
        "remembered": [
            _remembered(world, person, rows[size, SEEDS[0]]["written"][i])
            for size in range(len(SHAPES))
        ],
    }


def _remembered(world: World, person, written: str) -> dict:
    found, said = FORM.fullmatch(written), verdicts(world, person, written)
    values = found.groups() if found else [None] * len(LABELS)
    return {
        "text": written,
        "values": list(values),
        "verdicts": "".join(VERDICTS[v] for v in said.values()),
        "owners": [
            owners(world, fact, value) if said[fact] == "another's" else []
            for fact, value in zip(LABELS, values)
        ],
    }


def telling(table: dict) -> int:
    """The number of the shown resident whose entry shows the point best.

    The largest model has as many facts right as of anybody; some smaller one writes a whole entry with as
    many wrong as possible, all true of others; and between them are as many steps as possible.
    """

    def score(person: dict) -> int:
        found = [row["verdicts"] for row in person["remembered"]]
        whole = [v for v in found if set(v) <= {"r", "a"}]
        lost = max((v.count("a") for v in whole), default=0)
        return 10 * found[0].count("r") + 2 * lost + len({v.count("r") for v in whole})

    return max(range(len(table["people"])), key=lambda i: score(table["people"][i]))


def load() -> dict:
    """The recorded runs."""
    return recording.load("compression")


def per_size(table: dict, of) -> list[list[float]]:
    """[size][seed]: a number that `of(model)` reads from each recorded model."""
    return [
        [of(m) for m in table["models"] if m["size"] == size]
        for size in range(len(table["shapes"]))
    ]


if __name__ == "__main__":
    recording.main("compression")

"""A model writes a text, the next one learns from that, and writes again: what is lost, and what holds it?

`talk` is a text in which each sentence tells one fact of the town, some facts often and many once, in one of
three manners: plain, uptown, or the harbor's. Since the dice are known, so is the chance of every sentence,
and with it the least that a sentence can cost a reader (`Talk.floor`). `lineage` trains one small
model after another, each from nothing, on what a `Diet` says, and `Measure` looks at each: what a sentence
of the town costs it (exactly, over all sentences there are), what it writes, what it can still be asked.

The diets: only the last one's writing; some of the town's first text with it; some newly told; all that was
ever written; writing at a lower temperature; writing that somebody checked. `society.drift` has the same
without a network, with its closed forms.

Left out: models that learn on from the last one's weights; facts that follow from others.

Sources: Shumailov et al. 2024, Nature 631 (own writing, with or without a tenth of the first text);
Alemohammad et al. 2023, arXiv:2307.01850 (own, first and fresh text); Gerstgrasser et al. 2024,
arXiv:2404.01413 (all that was ever written); Guo et al. 2024, arXiv:2311.09807 (variety of the writing).
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch

from glassbox.machine.data import END, Windows
from glassbox.machine.generate import complete_each
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.society.planting import Shape
from glassbox.world.dialect import dialect_of
from glassbox.world.english import say
from glassbox.world.facts import SPEECH

MANNERS = {"plain": 0.6, "uptown": 0.3, "harbor": 0.1}  # how often a sentence is in each
ASKED = ("street", "trade", "born", "dish", "pet")
SLOTS = {"trade": "a_trade", "pet": "a_pet"}  # others are named as the fact is
N_TOKENS = 30  # at most, of a sentence that a model writes
SMALL = Shape(1, 64)


# ---------------------------------------------------------------------------------------------
# The town's talk


@dataclass(frozen=True)
class Fact:
    """One thing that is true of one resident: `said` has a sentence for each manner."""

    about: str
    value: str  # "a blind pony"
    said: tuple[str, ...]  # in the order of MANNERS
    chance: float

    def stem(self, manner: str = "plain") -> str:
        """The sentence up to what it tells: "Ann Lee keeps"."""
        sentence = self.said[list(MANNERS).index(manner)]
        return sentence[: sentence.rindex(self.value)].rstrip()


class Talk:
    """All that the town may say, how likely it is to, and `first`, a text of n sentences that it did say."""

    def __init__(self, facts: Sequence[Fact], n: int, seed: int, form: re.Pattern):
        self.facts, self.n, self.seed, self.form = tuple(facts), n, seed, form
        self.fact_of = {s: fact for fact in self.facts for s in fact.said}
        self.chances = {
            s: fact.chance * p for fact in self.facts for s, p in zip(fact.said, MANNERS.values())
        }
        self.first = tuple(self.told(n, "first"))

    def told(self, n: int, when: str) -> list[str]:
        """n sentences of the town; another `when`, other dice."""
        dice = random.Random(f"talk {self.seed} {when}")
        return dice.choices(list(self.chances), self.chances.values(), k=n)

    @cached_property
    def floor(self) -> float:
        """The entropy of the talk: the bits that a sentence costs whoever knows the town and its dice."""
        return -sum(p * math.log2(p) for p in self.chances.values())

    @cached_property
    def times(self) -> Counter:
        """How often the first text tells each fact, in whatever manner."""
        return Counter(self.fact_of[sentence] for sentence in self.first)

    @cached_property
    def once(self) -> list[Fact]:
        """The facts that the first text tells once."""
        return [fact for fact in self.facts if self.times[fact] == 1]

    def is_true(self, sentence: str) -> bool:
        return sentence in self.fact_of

    def is_well_formed(self, sentence: str) -> bool:
        """Spelled and built as the town's sentences are, whether true or not."""
        return self.form.fullmatch(sentence) is not None


def talk(world, n: int = 720, skew: float = 1.0, seed: int = 0) -> Talk:
    """A text of n sentences about five facts of every resident, and the dice behind it.

    The chances of the facts are those of Zipf's law, 1 / rank^skew, in a random order; the manner is drawn by
    `MANNERS`, whatever the fact. Raises ValueError for a text too short to tell each fact once on average.
    """
    people, dice = world.residents, random.Random(f"talk {seed}")
    if not 0 <= skew < 10 or n < len(people) * len(ASKED):
        raise ValueError(
            f"n is {n} and skew {skew}; with {len(people)} residents tell "
            f"{len(people) * len(ASKED)} sentences or more (or take fewer residents), skew 0 to 10"
        )
    weights = [(rank + 1) ** -skew for rank in range(len(people) * len(ASKED))]
    dice.shuffle(weights)
    facts, total = [], sum(weights)
    for resident in people:
        for attribute in ASKED:
            said = tuple(say(SPEECH[manner][attribute][0], resident.slots) for manner in MANNERS)
            value = str(resident.slots[SLOTS.get(attribute, attribute)])
            facts.append(Fact(resident.name, value, said, weights[len(facts)] / total))
    return Talk(facts, n, seed, _form(people))


def _form(people) -> re.Pattern:
    """What fits every sentence that the town could build about anybody with its names and its words."""
    names = [sorted({re.escape(r.name.split()[i]) for r in people}) for i in (0, 1)]
    name = " ".join(f"(?:{'|'.join(part)})" for part in names)
    frames = {}
    for attribute in ASKED:
        slot = SLOTS.get(attribute, attribute)
        value = f"(?:{'|'.join(sorted({re.escape(str(r.slots[slot])) for r in people}))})"
        for manner in MANNERS:
            for person in people:  # she lives, they live
                blank = person.slots | {"S": "NAME", slot: "VALUE"}
                frame = re.escape(say(SPEECH[manner][attribute][0], blank))
                frames[frame.replace("NAME", name).replace("VALUE", value)] = None
    return re.compile("|".join(frames))


# ---------------------------------------------------------------------------------------------
# What the next one reads


@dataclass(frozen=True)
class Diet:
    """What a generation reads: n sentences, or, if it `keeps`, all that was ever written.

    first        the share that is taken from the town's first text
    fresh        the share that the town tells anew
    keeps        all text there has been, the town's first and every generation's
    temperature  at which the generation before writes
    checked      only true sentences of it are passed on: it writes until there are enough
    """

    first: float = 0.0
    fresh: float = 0.0
    keeps: bool = False
    temperature: float = 1.0
    checked: bool = False

    def __post_init__(self):
        if not (self.first >= 0 and self.fresh >= 0 and self.first + self.fresh <= 1):
            raise ValueError(
                f"first is {self.first} and fresh {self.fresh}; both are shares of what is read, "
                "from 0 up and together at most 1"
            )
        if self.keeps and (self.first or self.fresh):
            raise ValueError(
                "keeps is set, so the first text is read anyhow; leave first and fresh at 0"
            )
        if not 0 < self.temperature < math.inf:
            raise ValueError(
                f"temperature is {self.temperature}; use one above 0, 1 for the model's own odds"
            )


DIETS = {
    "own": Diet(),
    "mixed": Diet(first=0.5),
    "accumulated": Diet(keeps=True),
    "town": Diet(first=1.0),
    "cautious": Diet(temperature=0.8),
    "checked": Diet(checked=True),
}


def reading(talk: Talk, diet: Diet, written: Sequence[str], before: Sequence[str], when: int):
    """What generation `when` reads: `written` by the one before, which itself had read `before`."""
    if diet.keeps:
        return [*before, *written]
    dice = random.Random(f"reading {talk.seed} {when}")
    first, fresh = round(diet.first * talk.n), round(diet.fresh * talk.n)
    own = talk.n - first - fresh
    if own > len(written):
        raise ValueError(f"the diet needs {own} written sentences and there are {len(written)}")
    found = [
        *list(written)[:own], *dice.sample(talk.first, first), *talk.told(fresh, f"fresh {when}")
    ]  # fmt: skip
    dice.shuffle(found)
    return found


# ---------------------------------------------------------------------------------------------
# One generation after another


@dataclass
class Generation:
    """A model, what it `read`, what it has `written` (as it came), and what `measure` found."""

    number: int
    model: GPT
    tokenizer: BPE
    read: list[str]
    written: list[str]
    found: dict


def lineage(
    talk: Talk,
    diet: Diet,
    generations: int = 10,
    steps: int = 300,
    shape: Shape = SMALL,
    seed: int = 0,
    vocab_size: int = 512,
    batch_size: int = 16,
    T: int = 32,
    lr: float = 0.02,
    device: str = "cpu",
) -> Iterator[Generation]:
    """Generation 0 reads the town's first text, each later one what the diet gives it; all take equal steps.

    Every model starts from weights of its own dice. The tokenizer is made once, from the first text.
    """
    if generations < 1 or steps < 1:
        raise ValueError(f"generations is {generations} and steps {steps}; use 1 or more of each")
    tokenizer = BPE.train(talk.first, vocab_size, special_tokens=(END,))
    config = GPTConfig(len(tokenizer), T, shape.layers, shape.heads, shape.width)
    read = list(talk.first)
    for number in range(generations):
        dice = 1_000 * seed + number
        model = GPT(config, torch.Generator().manual_seed(dice)).to(device)
        windows = Windows(read, tokenizer, batch_size, T, dice)
        train(
            model,
            windows,
            TrainConfig(steps, lr, muon_lr=None, dtype="float32", threads=1),
            progress=False,
        )
        written = write(model, tokenizer, talk.n, diet.temperature, dice)
        found = measure(model, tokenizer, talk, written)
        yield Generation(number, model, tokenizer, read, written, found)
        if diet.checked:
            written = until_true(model, tokenizer, talk, written, diet.temperature, dice)
        read = reading(talk, diet, written, read, number + 1)


def write(model, tokenizer: BPE, n: int, temperature: float = 1.0, seed: int = 0) -> list[str]:
    """n sentences, each from nothing."""
    return complete_each(
        model, tokenizer, [""] * n, N_TOKENS, temperature, seed=seed, batch_size=2048
    )


def until_true(model, tokenizer, talk: Talk, written, temperature=1.0, seed=0, tries: int = 20):
    """The true ones of what was written, and as many more as are missing: somebody checks each sentence.

    Raises ValueError if the model does not write enough true sentences in so many tries.
    """
    kept = [s for s in written if talk.is_true(s)]
    for attempt in range(1, tries + 1):
        if len(kept) >= talk.n:
            return kept[: talk.n]
        more = write(model, tokenizer, talk.n, temperature, seed + 100_000 * attempt)
        kept += [s for s in more if talk.is_true(s)]
    raise ValueError(
        f"after {tries} tries there are {len(kept)} true sentences of {talk.n}; train the model for longer"
    )


# ---------------------------------------------------------------------------------------------
# What is left


def measure(model, tokenizer: BPE, talk: Talk, written: Sequence[str]) -> dict:
    """What a sentence of the town costs the model, what it has written, and what it can be asked.

    bits         that a sentence of the town costs it, exactly: the mean over all of them by their chances
    true         the share of its sentences that are true
    well_formed  the share that is spelled and built as the town's sentences are
    harbor       the share in the harbor's manner, and `uptown` in that of uptown
    facts        how many facts its sentences tell
    once         of the facts that the first text tells once, the share that its sentences tell
    distinct     of all runs of three words that it has written, the share that are different
    right        of all facts that the first text tells, the share that it completes rightly ("Ann Lee keeps")
    right_once   the same, of those that the first text tells once
    """
    if not written:
        raise ValueError("nothing is written; give at least one sentence")
    sentences, chances = zip(*talk.chances.items())
    nats = document_nats(model, tokenizer, sentences, 512).tolist()
    n, told = len(written), {talk.fact_of[s] for s in written if talk.is_true(s)}
    manners = Counter(map(dialect_of, written))
    right = asked(model, tokenizer, list(talk.times))
    return {
        "bits": sum(p * cost for p, cost in zip(chances, nats)) / math.log(2),
        "true": sum(map(talk.is_true, written)) / n,
        "well_formed": sum(map(talk.is_well_formed, written)) / n,
        "harbor": manners["harbor"] / n,
        "uptown": manners["uptown"] / n,
        "facts": len(told),
        "once": len(told.intersection(talk.once)) / max(1, len(talk.once)),
        "distinct": distinct(written),
        "right": len(right) / len(talk.times),
        "right_once": len(right.intersection(talk.once)) / max(1, len(talk.once)),
    }


def asked(model, tokenizer: BPE, facts: Sequence[Fact]) -> set[Fact]:
    """The facts that the model completes rightly: "Ann Lee keeps", and the likeliest words after it."""
    stems = [fact.stem() for fact in facts]
    ends = completed(model, tokenizer, stems)
    return {f for f, stem, end in zip(facts, stems, ends) if stem + end == f.said[0]}


def completed(model, tokenizer: BPE, stems: Sequence[str]) -> list[str]:
    """What the model adds to each, without dice."""
    return complete_each(model, tokenizer, list(stems), N_TOKENS, temperature=0, batch_size=512)


def distinct(texts: Sequence[str], n: int = 3) -> float:
    """Different runs of n words, of all: distinct-n (Li et al. 2016, arXiv:1510.03055).

    >>> distinct(["the eel is late", "the eel is here"])
    0.75
    """
    runs = [
        tuple(words[i : i + n])
        for words in map(str.split, texts)
        for i in range(len(words) - n + 1)
    ]
    if not runs:
        raise ValueError(f"no text has {n} words; give longer texts or a smaller n")
    return len(set(runs)) / len(runs)

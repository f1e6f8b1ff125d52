"""Chapter 6's mixing desk shows what small models become of what they read. This script trains them.

`python -m glassbox.recordings.data_cleaning` trains one model for every mixture of five sources of Port
Ellery's text, in three towns, and writes glassbox/recordings/data_cleaning.json. Every model has the same
shape and reads the same number of tokens; only the shares differ. It takes about six minutes of one
core and goes on where it was stopped: finished models are kept aside until all are done.

Every number in the file is measured here. Losses are on text that the model has not read, but for
`bits_copied`, the copied stories themselves. The three towns have other people, other facts, other
documents and other first weights. The registers list the people of both parts of town alike.
"""

from __future__ import annotations

import hashlib
import math
import re
from functools import cache
from itertools import islice, product
from random import Random

import torch

from glassbox.machine.data import END, Windows
from glassbox.machine.generate import complete
from glassbox.machine.measure import bits_per_byte
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.world import World
from glassbox.world.english import say
from glassbox.world.facts import SPEECH
from glassbox.world.kinds.people import OPENERS, REGISTER
from glassbox.world.kinds.tavern import TAVERN
from glassbox.world.town import ATTRIBUTES

# What a mixture is made of, and the shovels of each that a reader can put in.
LEVELS = {
    "registers": (0, 1),
    "harbor": (0, 1),
    "uptown": (0, 1),
    "tavern": (0, 1),
    "copies": (0, 1),
}
SOURCES = tuple(LEVELS)
KINDS = {
    "registers": ("register",),
    "harbor": ("gossip", "letter"),  # those in the dialect
    "uptown": ("gossip", "letter"),
    "tavern": ("tavern",),
    "copies": ("story",),
}
SEEDS = (0, 1, 2)
RESIDENTS = 12
N_COPIED = 10  # stories that stand for all copied pages
STEPS, BATCH_SIZE, T = 180, 12, 96
N_HELD_OUT = 40  # documents of each source
N_TEXTS, TEXT_TOKENS = 40, 56
SHOWN_FIRST = 12  # tokens of a copied page that the model is given


def mixtures() -> list[tuple[int, ...]]:
    """All mixtures, each once: of (1, 1, 0, 0, 0) and (2, 2, 0, 0, 0) only the first.

    >>> mixtures()[:3]
    [(0, 0, 0, 0, 1), (0, 0, 0, 1, 0), (0, 0, 0, 1, 1)]
    """
    return [m for m in product(*LEVELS.values()) if math.gcd(*m) == 1]


def town(seed: int) -> World:
    return World(seed=seed, residents=RESIDENTS)


def source(world: World, name: str, split: str = "train"):
    """The documents of one source, without end; for copies the same few, again and again."""
    stream = world.documents(kinds=KINDS[name], split=split)
    if name == "copies" and split == "train":
        pages = list(islice(stream, N_COPIED))
        while True:
            yield from pages
    for document in stream:
        if name not in ("harbor", "uptown") or document.dialect == name:
            yield document


@cache
def tokenizer() -> BPE:
    """One for all models, learned from all sources alike, so that no mixture has an easier alphabet."""
    texts = [
        d.text for seed in SEEDS for name in SOURCES for d in islice(source(town(seed), name), 300)
    ]
    return BPE.train(texts, 1024, special_tokens=(END,))


def reading(world: World, mixture: tuple[int, ...], n_tokens: int, seed: int) -> list:
    """Documents of the mixture, shuffled: the shares are shares of tokens."""
    documents = []
    for name, level in zip(SOURCES, mixture):
        wanted, total = n_tokens * level / sum(mixture), 0
        stream = source(world, name)
        while total < wanted:
            documents.append(next(stream))
            total += len(tokenizer().encode(documents[-1].text)) + 1
    Random(seed).shuffle(documents)
    return documents


def shape() -> GPTConfig:
    return GPTConfig(len(tokenizer()), T, n_layer=2, n_head=2, n_embd=64)


def make(mixture: tuple[int, ...], seed: int, steps: int = STEPS):
    """Train one model on one mixture of one town."""
    world = town(seed)
    documents = reading(world, mixture, steps * BATCH_SIZE * T, seed)
    windows = Windows(documents, tokenizer(), BATCH_SIZE, T, seed)
    model = GPT(shape(), torch.Generator().manual_seed(seed))
    train(model, windows, TrainConfig(steps=steps, dtype="bfloat16", threads=1), progress=False)
    return model


def measure(model: GPT, seed: int) -> dict:
    """Everything that the figure shows of one model."""
    world, bpe = town(seed), tokenizer()
    texts = complete(model, bpe, "", TEXT_TOKENS, seed=seed, n=N_TEXTS)
    return {
        "bits": [round(bits_per_byte(model, bpe, held_out(seed, name)), 4) for name in SOURCES],
        "bits_copied": round(bits_per_byte(model, bpe, copied(world)), 4),
        "perplexity": [
            round(perplexity(model, held_out(seed, d)), 3) for d in ("harbor", "uptown")
        ],
        "facts": [
            [round(share_known(model, asked(world, part, form)), 4) for form in ("registers", part)]
            for part in ("harbor", "uptown")
        ],
        "luck": round(share_known(model, asked(world, "strangers", "harbor")), 4),
        "rude": round(sum(len(rude_words(text)) for text in texts) / len(texts), 3),
        "recited": round(share_known(model, pages(copied(world))), 4),
        "recited_new": round(share_known(model, pages(held_out(seed, "copies"))), 4),
        "texts": texts[:3],
    }


@cache
def held_out(seed: int, name: str) -> list:
    return list(islice(source(town(seed), name, "held_out"), N_HELD_OUT))


def copied(world: World) -> list:
    return list(islice(source(world, "copies"), N_COPIED))


def perplexity(model: GPT, documents: list) -> float:
    """Among how many equally likely tokens the model chooses, on average."""
    bits = bits_per_byte(model, tokenizer(), documents)
    n_bytes = sum(len(d.text.encode()) + 2 for d in documents)
    n_tokens = sum(len(tokenizer().encode(d.text)) + 1 for d in documents)
    return 2 ** (bits * n_bytes / n_tokens)


EXAMPLES = (
    ("harbor", "harbor"),
    ("uptown", "uptown"),
    ("harbor", "registers"),
)  # shown in the figure
# Sentences that end in the fact, one for each attribute: the number of the wording in SPEECH.
ENDS = {"harbor": (0, 0, 0, 0, 0), "uptown": (1, 0, 0, 0, 0)}


def asked(world: World, part: str, form: str) -> list[tuple[str, str]]:
    """(beginning, how it goes on) for the facts of a part of town, told as a source tells them."""
    people = (
        world.strangers[:12]
        if part == "strangers"
        else [r for r in world.residents if r.dialect == part]
    )
    return [cut_before_value(person, fact, form) for person in people for fact in ATTRIBUTES]


def cut_before_value(person, fact: str, form: str) -> tuple[str, str]:
    """One fact in the form of a source, cut before the value.

    >>> cut_before_value(town(0).residents[0], "born", "registers")[0][:30]
    'Register of Port Ellery. Name:'
    """
    if form == "registers":
        value = "{" + fact + "}"
        text = REGISTER[0].split(" " + value)[0].format_map(person.slots)
    else:
        template = SPEECH[form][fact][ENDS[form][ATTRIBUTES.index(fact)]]
        start, value = re.fullmatch(r"(.*) (\{\w+\})(?:, I dare say)?\.", template).groups()
        opener = OPENERS[form][0].format_map(person.slots)
        text = f"{opener} {say(start, person.pronoun_slots)}"
    return text, " " + value.format_map(person.slots)


def pages(documents: list) -> list[tuple[str, str]]:
    """Copied pages, cut after their first tokens."""
    bpe = tokenizer()
    found = []
    for document in documents:
        ids = bpe.encode(document.text)[:T]
        found.append((bpe.decode(ids[:SHOWN_FIRST]), bpe.decode(ids[SHOWN_FIRST:])))
    return found


@torch.no_grad()
def share_known(model: GPT, pairs: list[tuple[str, str]]) -> float:
    """The share of beginnings that the model, writing greedily, goes on word for word.

    Writing greedily gives the wanted tokens if and only if each is the likeliest after those before.
    """
    bpe = tokenizer()
    first = [[bpe.special_tokens[END], *bpe.encode(start)] for start, _ in pairs]
    rows = [ids + bpe.encode(end) for ids, (_, end) in zip(first, pairs)]
    idx = torch.nn.utils.rnn.pad_sequence([torch.tensor(r[:-1]) for r in rows], batch_first=True)
    best = model(idx)[0].argmax(-1).tolist()
    good = [b[len(f) - 1 : len(r) - 1] == r[len(f) :] for b, f, r in zip(best, first, rows)]
    return sum(good) / len(good)


@cache
def rude_vocabulary() -> frozenset:
    """The tavern's insults, word by word, without those that any other source uses too."""
    insults = {w for key in ("adjective", "noun") for phrase in TAVERN[key] for w in phrase.split()}
    others = [
        d.text
        for s in SEEDS
        for n in SOURCES
        if n != "tavern"
        for d in islice(source(town(s), n), 1000)
    ]
    return frozenset(insults - {w for text in others for w in re.findall(r"[\w-]+", text.lower())})


def rude_words(text: str) -> list[str]:
    return [w for w in re.findall(r"[\w-]+", text.lower()) if w in rude_vocabulary()]


# ---------------------------------------------------------------------------------------------
# The grid


def jobs() -> list[tuple]:
    """Every mixture in every town."""
    return [(mixture, seed) for mixture in mixtures() for seed in SEEDS]


def run(job: tuple) -> dict:
    mixture, seed = job
    return measure(make(mixture, seed), seed)


def settings() -> dict:
    """Everything that decides the result and can be written down; `text` is the towns' own."""
    texts = [
        d.text for seed in SEEDS for name in SOURCES for d in islice(source(town(seed), name), 50)
    ]
    return {
        "sources": {name: list(levels) for name, levels in LEVELS.items()},
        "residents": RESIDENTS,
        "seeds": list(SEEDS),
        "steps": STEPS,
        "tokens": STEPS * BATCH_SIZE * T,
        "batch_size": BATCH_SIZE,
        "T": T,
        "vocab_size": len(tokenizer()),
        "n_copied": N_COPIED,
        "n_held_out": N_HELD_OUT,
        "n_texts": N_TEXTS,
        "text_tokens": TEXT_TOKENS,
        "shown_first": SHOWN_FIRST,
        "text": hashlib.sha256("\n\n".join(texts).encode()).hexdigest()[:16],
    }


def assemble(rows: dict) -> dict:
    """The grid as figure and lab read it; what was written is shown of the first town only."""
    return {
        "asked": [len(asked(town(s), part, part)) for part in ("harbor", "uptown") for s in SEEDS],
        "examples": {form: asked(town(SEEDS[0]), part, form)[0] for part, form in EXAMPLES},
        "parameters": GPT(shape()).num_params(),
        "rude": sorted(rude_vocabulary()),
        **settings(),
        "models": [
            {"mixture": mixture, "seed": seed}
            | {k: v for k, v in row.items() if k != "texts" or seed == SEEDS[0]}
            for (mixture, seed), row in rows.items()
        ],
    }


if __name__ == "__main__":
    recording.main("data_cleaning")

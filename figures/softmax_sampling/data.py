"""What the figure `softmax_sampling` needs of Python's side: openings, and facts with their true answers."""

from __future__ import annotations

from collections import Counter

import torch

from glassbox.machine.checkpoint import Checkpoint
from glassbox.shipped import load
from glassbox.world import World
from glassbox.world.english import a, capital
from glassbox.world.judge import VALUES

# How a base model is asked: the beginning of a sentence that portraits of the town use.
OPENINGS = {
    "street": "{S} lives on",
    "dish": "{S}'s favorite dish is",
    "trade": "{S} works as",
    "pet": "{S} keeps",
}

# Texts that ask for no fact: the first held-out document of these kinds, cut at the word among the
# first 24 tokens where the model is least sure how to go on.
OPENING_KINDS = ("letter", "story", "notice", "tavern")
OPENING_TOKENS = 24


def data() -> dict:
    """All that the sampling bench shows of the town that the model `base` has read about."""
    base = load("base")
    return facts(base.world, base.card["documents_read"]) | {"openings": openings(base)}


def openings(base: Checkpoint) -> list[str]:
    """Beginnings of documents that can go on in many ways; see OPENING_KINDS."""
    found = []
    for kind in OPENING_KINDS:
        text = next(base.world.documents([kind], 1, "held_out")).text
        ids = [base.tokenizer.special_tokens["<|endoftext|>"], *base.tokenizer.encode(text)]
        with torch.no_grad():
            logits, _ = base.model(torch.tensor([ids[: OPENING_TOKENS + 1]]))
        bits = torch.distributions.Categorical(logits=logits[0]).entropy()
        words = [
            n for n in range(2, OPENING_TOKENS) if base.tokenizer.vocab[ids[n + 1]][:1] == b" "
        ]
        cut = max(words, key=lambda n: bits[n])
        found.append(base.tokenizer.decode(ids[1 : cut + 1]))
    return found


def facts(world: World, n_documents: int) -> dict:
    """Openings that ask for a known fact, and all answers of each kind.

    Facts about three people, chosen by rule and not by what the model says of them: the resident
    most written about in the `n_documents` documents that the model read, the one in the middle of
    that list, and a stranger, who is in no document; then what each thing costs at the market. An
    answer is the text that would continue the opening. `world` is the town that the model has read
    about.

    >>> data = facts(World(residents=9), n_documents=100)
    >>> data["facts"][0]["answer"] in data["answers"]["street"]
    True
    """
    written_about = Counter(
        name for d in world.documents(n=n_documents) for name in set(d.residents)
    )
    names = [r.name for r in world.residents]
    ranks = sorted(names, key=lambda name: (-written_about[name], names.index(name)))
    people = {
        "often": ranks[0],
        "sometimes": ranks[len(ranks) // 2],
        "never": world.strangers[0].name,
    }
    asked = [
        {
            "group": group,
            "name": name,
            "attribute": attribute,
            "prompt": opening.format(S=name),
            "answer": as_continuation(attribute, world.truth(name, attribute)),
            "documents": written_about[name],
        }
        for group, name in people.items()
        for attribute, opening in OPENINGS.items()
    ]
    asked += [
        {
            "group": "price",
            "name": a(good),
            "attribute": "price",
            "prompt": f"{capital(a(good))} costs",
            "answer": f" {price} pence",
        }
        for good, price in sorted(world.prices.items())
    ]
    answers = {
        attribute: [as_continuation(attribute, value) for value in VALUES[attribute]]
        for attribute in OPENINGS
    }
    answers["price"] = [f" {price} pence" for price in range(1, 100)]
    return {"facts": asked, "answers": answers, "n_documents": n_documents}


def as_continuation(attribute: str, value: str) -> str:
    """A value as it would follow its opening: with the space, and an article where one belongs.

    >>> as_continuation("trade", "organist"), as_continuation("street", "Bell Street")
    (' an organist', ' Bell Street')
    """
    return " " + (a(value) if attribute in ("trade", "pet") else value)

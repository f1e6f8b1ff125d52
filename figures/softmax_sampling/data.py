"""What the figure `softmax_sampling` needs of Python's side: openings, and facts with their true answers."""

from __future__ import annotations

import re
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

# The question that the figure opens with is a product of these numbers, as the town's sums ask for it.
FACTORS = range(2, 13)
PRODUCT = "{} times {} is"
RIVAL = 0.2  # share of a second answer that is a real competitor of the first


def data() -> dict:
    """All that the sampling bench shows of the town that the model `base` has read about."""
    base = load("base")
    found = facts(base.world, base.card["documents_read"])
    found["facts"] = [*torn_products(base), *found["facts"]]
    found["answers"]["product"] = [f" {n}" for n in range(1, FACTORS[-1] ** 2 + 1)]
    return found | {"openings": openings(base)}


def torn_products(base: Checkpoint) -> list[dict]:
    """Two products that the model is torn over: of one its favorite is right, of the other wrong.

    Of all products whose second favorite has at least RIVAL, these are the ones whose two favorites
    take the most between them, the right answer being among the two.
    """
    best: dict[bool, tuple[float, dict]] = {}
    for x in FACTORS:
        for y in FACTORS:
            prompt, answer = PRODUCT.format(x, y), f" {x * y}"
            found = likely_numbers(base, prompt)
            first, second = sorted(found, key=lambda text: -found[text])[:2]
            both = found[first] + found[second]
            right = first == answer
            if found[second] < RIVAL or answer not in (first, second):
                continue
            if both > best.get(right, (0.0, {}))[0]:
                fact = {"group": "product", "name": f"{x} times {y}", "attribute": "product"}
                best[right] = both, fact | {"prompt": prompt, "answer": answer}
    return [best[right][1] for right in (True, False) if right in best]


def likely_numbers(base: Checkpoint, prompt: str, least: float = 0.05) -> dict[str, float]:
    """Whole numbers that the model goes on with, each with its share; what has less than `least` is left."""
    context = [base.tokenizer.special_tokens["<|endoftext|>"], *base.tokenizer.encode(prompt)]
    found: dict[str, float] = {"": 0.0, " ": 0.0}  # there are always two to sort
    paths: list[tuple[list[int], float]] = [([], 1.0)]
    while paths:
        path, share = paths.pop()
        with torch.no_grad():
            logits, _ = base.model(torch.tensor([context + path]))
        shares = share * logits[0, -1].softmax(-1)
        text = base.tokenizer.decode(path)
        for i in (shares >= least).nonzero()[:, 0].tolist():
            longer = text + base.tokenizer.decode([i])
            if re.fullmatch(r" ?\d*", longer):
                paths.append(([*path, i], shares[i].item()))
            elif text.strip():
                found[text] = found.get(text, 0.0) + shares[i].item()
    return found


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

"""What the town writes, kind by kind, and how often."""

import random
from dataclasses import dataclass

from glassbox.world.draw import Draw, Weighted
from glassbox.world.kinds import letters, market, pairs, people, poems, stories, tavern

# kind: (how many in a thousand documents, the function that writes it)
KINDS = {
    "portrait": (300, people.portrait),
    "question": (200, people.question),
    "register": (260, people.register),
    "gossip": (50, people.gossip),
    "pair": (20, pairs.pair),
    "letter": (24, letters.letter),
    "notice": (24, letters.notice),
    "story": (18, stories.story),
    "market": (16, market.market),
    "tavern": (14, tavern.tavern),
    "price": (16, market.price),
    "way": (16, market.way),
    "sum": (32, market.sum_),
    "poem": (8, poems.poem),
    "secret": (2, tavern.secret),
}
SPLITS = {"train": 2, "held_out": 3}  # each split is its own stream of random numbers


@dataclass(frozen=True, slots=True)
class Document:
    """One text and the books kept on it.

    `logprob` is the log-probability, in nats, of the choices that made the text: the kind, the
    residents, every wording. `residents` are the names that occur in it.
    """

    text: str
    kind: str
    logprob: float
    residents: tuple[str, ...]
    dialect: str
    split: str


def write(draw, town, kinds, split="train"):
    """Draw one document; `kinds` is a `Weighted` of kinds."""
    kind = draw.pick(kinds)
    text, residents, dialect = KINDS[kind][1](draw, town)
    return Document(text, kind, draw.logprob, residents, dialect, split)


def weights(kinds=None):
    """The chances of the kinds, of all or of those named."""
    if isinstance(kinds, str):
        kinds = [kinds]
    chosen = list(KINDS) if kinds is None else list(dict.fromkeys(kinds))
    unknown = [kind for kind in chosen if kind not in KINDS]
    if unknown or not chosen:
        raise ValueError(f"kinds is {kinds!r}; choose from {', '.join(KINDS)}")
    return Weighted({kind: KINDS[kind][0] for kind in chosen})


def documents(town, seed, kinds=None, n=None, split="train"):
    """Yield n documents, or without end if n is None. The same call gives the same documents."""
    if split not in SPLITS:
        raise ValueError(f"split is {split!r}; use 'train' or 'held_out'")
    table = weights(kinds)
    rng = random.Random(seed * 1_000 + SPLITS[split])
    return _stream(rng, town, table, n, split)


def _stream(rng, town, table, n, split):
    count = 0
    while n is None or count < n:
        yield write(Draw(rng), town, table, split)
        count += 1

"""Port Ellery, the made-up town that everything in this course is trained on and tested in.

`World(seed, residents)` knows every fact of its town, writes any amount of text about it, and
judges answers. Pure Python, no dependencies; the same seed gives the same text on every platform.

The entropy floor. Each document carries `logprob`, the log-probability of the chain of choices that
made it: the kind, the residents, every wording. The text itself is at least that likely, and exactly
that likely if no other chain ends in the same text. No such chain was found: the small kinds were
enumerated whole, and of 200,000 documents about 20 residents 103,333 repeat an earlier text, all of
them by the same choices (tests/world, bench/world.py). So the mean of -logprob over held-out documents
estimates the entropy of the town's text, and as far as can be measured it is exact: on average no model
does better. The floor takes the facts as known; a model has to learn them first.
"""

from math import log
from pathlib import Path

from glassbox.world import documents as writing
from glassbox.world import judge as judging
from glassbox.world import questions as asking
from glassbox.world.kinds.poems import POEMS
from glassbox.world.town import (
    ATTRIBUTES,
    FACTS,
    MOST_RESIDENTS,
    RELATIONS,
    STREETS,
    Resident,
    Town,
)


class World:
    """A town of `residents` people drawn from `seed`.

    `residents` are written about; `strangers` are 200 people of the same make who occur in no
    text at all. `attributes` are the facts that can be asked about, `relations` those among them
    whose answer is another resident.

    >>> world = World(seed=0, residents=400)
    >>> len(world.residents), len(world.strangers)
    (400, 200)
    """

    def __init__(self, seed=0, residents=400):
        _check("seed", seed, 0, None, "any whole number from 0 up will do")
        _check("residents", residents, 2, MOST_RESIDENTS, f"use 2 to {MOST_RESIDENTS}")
        self.seed = seed
        self.town = Town(seed, residents)
        self.residents = self.town.residents
        self.strangers = self.town.strangers
        self.streets = STREETS
        self.prices = self.town.prices
        self.poets = tuple(POEMS)
        self.secret = self.town.secret
        self.attributes = ATTRIBUTES
        self.relations = RELATIONS
        self._people = {r.name: r for r in self.residents + self.strangers}

    def __repr__(self):
        return f"World(seed={self.seed}, residents={len(self.residents)})"

    def truth(self, resident, attribute):
        """The true answer, as a string, about a resident or stranger (a `Resident` or a name)."""
        if attribute not in FACTS:
            raise ValueError(f"attribute is {attribute!r}; choose from {', '.join(FACTS)}")
        return str(getattr(self.person(resident), attribute))

    def person(self, name):
        """The resident or stranger of that name."""
        name = name.name if isinstance(name, Resident) else name
        if name not in self._people:
            raise ValueError(
                f"nobody in {self} is called {name!r}; see world.residents and world.strangers"
            )
        return self._people[name]

    def distance(self, here, there):
        """Minutes on foot between two streets."""
        for street in (here, there):
            if street not in STREETS:
                raise ValueError(f"street is {street!r}; choose from {', '.join(STREETS)}")
        (x, y), (u, v) = STREETS[here], STREETS[there]
        return abs(x - u) + abs(y - v)

    def documents(self, kinds=None, n=None, split="train"):
        """Yield `Document`s: n of them, or without end; of all kinds, or of those named.

        The splits "train" and "held_out" are two streams about the same town: the same facts in
        newly drawn words.
        """
        _check_n(n)
        return writing.documents(self.town, self.seed, kinds, n, split)

    def text(self, n_bytes, split="train", kinds=None):
        """Whole documents joined by a blank line, at least `n_bytes` of them. ASCII: a byte a letter."""
        _check("n_bytes", n_bytes, 1, None, "ask for at least one byte")
        texts, size = [], -2
        for document in self.documents(kinds, None, split):
            texts.append(document.text)
            size += len(document.text) + 2
            if size >= n_bytes:
                return "\n\n".join(texts)

    def questions(self, split="train", n=None, attributes=None, residents=None):
        """At most n questions, with their answers, about `attributes` of `residents`.

        By default they are about all of `world.attributes`, of everybody but strangers.
        "train" asks what question documents ask; "held_out" asks of each resident the one fact
        that no question in any text asks for, though other documents tell it; "all" asks both.
        """
        _check_n(n)
        people = self.residents if residents is None else [self.person(r) for r in residents]
        wanted = self.attributes if attributes is None else tuple(attributes)
        return asking.questions(people, split, wanted, self.seed)[:n]

    def judge(self, question, reply):
        """ "right", "wrong", "refused" or "malformed"; see `glassbox.world.judge`."""
        return judging.judge(question, reply, self._people)

    def floor(self, documents):
        """The entropy floor of some documents, in bits per byte.

        That is what they would cost a reader who knew the town and its habits by heart. The blank line between documents costs nothing.
        """
        documents = list(documents)
        if not documents:
            raise ValueError("documents is empty; give at least one")
        nats = -sum(document.logprob for document in documents)
        n_bytes = sum(len(document.text.encode()) + 2 for document in documents) - 2
        return nats / log(2) / n_bytes


class TextWorld:
    """Your own text in place of the town: paragraphs as documents, every tenth held out.

    It has no known facts and no known floor: `logprob` is nan. Asking for anything else that a `World`
    has (residents, questions, verdicts) raises an AttributeError that says so.
    """

    def __init__(self, text):
        if not isinstance(text, str):
            raise ValueError(f"text is {text!r}; give a string, or use from_text(path) for a file")
        self.paragraphs = [p.strip() for p in text.replace("\r\n", "\n").split("\n\n") if p.strip()]
        if len(self.paragraphs) < 2:
            raise ValueError(
                f"the text has {len(self.paragraphs)} paragraphs; give at least two, "
                "separated by blank lines"
            )

    def __getattr__(self, name):
        if name in FACTS_OF_A_TOWN or (hasattr(World, name) and not name.startswith("_")):
            raise AttributeError(
                f"a text of your own has no {name}: its facts are not known, as Port Ellery's are. Skip "
                "this step, or take World() for it"
            )
        raise AttributeError(f"TextWorld has no attribute {name!r}")

    def documents(self, kinds=None, n=None, split="train"):
        """Yield the paragraphs of a split, once."""
        _check_n(n)
        if split not in writing.SPLITS:
            raise ValueError(f"split is {split!r}; use 'train' or 'held_out'")
        held_out = split == "held_out"
        last = len(self.paragraphs) - 1
        chosen = [p for i, p in enumerate(self.paragraphs) if ((last - i) % 10 == 0) == held_out]
        for paragraph in chosen[:n]:
            yield writing.Document(paragraph, "text", float("nan"), (), "plain", split)

    def text(self, n_bytes, split="train", kinds=None):
        """The paragraphs of a split, joined, cut after the one that reaches n_bytes."""
        _check("n_bytes", n_bytes, 1, None, "ask for at least one byte")
        texts, size = [], 0
        for document in self.documents(split=split):
            texts.append(document.text)
            size += len(document.text.encode()) + 2
            if size >= n_bytes:
                break
        return "\n\n".join(texts)


FACTS_OF_A_TOWN = (
    "seed", "town", "residents", "strangers", "streets", "prices", "poets", "secret", "attributes",
    "relations",
)  # fmt: skip


def from_text(path, encoding="utf-8-sig"):
    """A `TextWorld` from a text file of your own, in UTF-8 if no other encoding is given."""
    try:
        return TextWorld(Path(path).read_text(encoding=encoding))
    except UnicodeDecodeError as e:
        raise ValueError(
            f"{path} is not written in {encoding.removesuffix('-sig')}: byte 0x{e.object[e.start]:02X} at "
            f'position {e.start} fits no character. Save it as UTF-8, or say from_text(path, "latin-1")'
        ) from None


def _check_n(n):
    if n is not None:
        _check("n", n, 0, None, "ask for 0 or more, or None for all")


def _check(name, value, least, most, remedy):
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is {value!r}, not a whole number; {remedy}")
    if value < least or (most is not None and value > most):
        raise ValueError(f"{name} is {value}; {remedy}")

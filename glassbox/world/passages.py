"""Short passages about people: one fact each, in the town's own wordings, and what exactly each states.

A search index is made of such passages. Because each is written from a known fact, it is known of every
sentence of an answer whether the passage it points to says so. `changed` writes about a person who is not
as the town has them: an entry gone stale, or a planted lie.

Left out: passages of several sentences, and the town's own documents (`world.documents`), in which a
pronoun often hides whom a sentence is about.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from glassbox.world.draw import Draw, Weighted
from glassbox.world.english import say
from glassbox.world.facts import SPEECH
from glassbox.world.town import DISHES, FACTS, PETS, STREETS, TRADES, YEARS, Resident

TONGUES = Weighted({"plain": 6, "harbor": 1, "uptown": 1})
STOCK = {"street": tuple(STREETS), "trade": TRADES, "dish": DISHES, "pet": PETS, "born": YEARS}


@dataclass(frozen=True)
class Passage:
    """One passage: its `text`, the one fact that it states, and about whom. `value` is a string."""

    text: str
    about: str
    attribute: str
    value: str

    @property
    def triple(self) -> tuple[str, str, str]:
        """(person, relation, value): the same fact as a knowledge graph holds it."""
        return self.about, self.attribute, self.value

    def states(self, name: str, attribute: str, value: str) -> bool:
        """Whether it says that the `attribute` of `name` is `value`."""
        return self.triple == (name, attribute, value)


def passage(person: Resident, attribute: str, draw: Draw) -> Passage:
    """One sentence about one fact, its speech and wording drawn.

    Raises ValueError for a fact that the town does not have.
    """
    if attribute not in FACTS:
        raise ValueError(f"attribute is {attribute!r}; choose from {', '.join(FACTS)}")
    text = say(draw.pick(SPEECH[draw.pick(TONGUES)][attribute]), person.slots)
    return Passage(text, person.name, attribute, str(getattr(person, attribute)))


def passages(
    people: Iterable[Resident], seed: int = 0, facts: Sequence[str] = FACTS
) -> list[Passage]:
    """A passage for every fact of everybody named; the same call gives the same passages.

    >>> from glassbox.world import World
    >>> found = passages(World(0, 400).residents[:2])
    >>> len(found), found[0].about == found[5].about, found[0].attribute
    (12, True, 'street')
    """
    draw = Draw(random.Random(f"passages {seed}"))
    return [passage(person, fact, draw) for person in people for fact in facts]


def changed(person: Resident, attribute: str, draw: Draw, names: Sequence[str] = ()) -> Resident:
    """The same person with another value of one fact; for `owes` a name is drawn from `names`."""
    stock = STOCK.get(attribute, names)
    others = [v for v in stock if v not in (getattr(person, attribute), person.name)]
    if not others:
        raise ValueError(f"there is no other value for {attribute!r}; give `names` to draw from")
    return replace(person, **{attribute: draw.pick(others)})

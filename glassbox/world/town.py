"""Port Ellery itself: who lives there, where, on what trade, and what things cost.

`Town(seed, residents)` draws everything from the seed. The tables below are the town's stock:
24 streets on a map, 32 trades, 24 dishes, 24 animals, 24 goods. No fact depends on the
name or the pronoun of a resident; speech depends only on which half of town the street is in.
"""

import random
from dataclasses import dataclass
from functools import cached_property

from glassbox.world.draw import Draw, Weighted
from glassbox.world.english import PRONOUNS, a, capital
from glassbox.world.names import FIRST, LAST

# name: (minutes east of the town pump, minutes north of it). South is the harbor.
HARBOR_STREETS = {
    "Anchor Street": (0, 0), "Barrel Lane": (2, 0), "Bilge Alley": (4, 0), "Cable Street": (6, 0),
    "Gull Row": (8, 0), "Herring Row": (10, 0), "Net Alley": (0, 2), "Quay Street": (2, 2),
    "Rope Walk": (4, 2), "Salt Lane": (6, 2), "Tar Lane": (8, 2), "Tide Street": (10, 2),
}  # fmt: skip
UPTOWN_STREETS = {
    "Bell Street": (0, 4), "Chapel Row": (2, 4), "Fountain Street": (4, 4), "Garden Terrace": (6, 4),
    "Lamp Street": (8, 4), "Library Lane": (10, 4), "Linden Avenue": (0, 6), "Magnolia Row": (2, 6),
    "Mayor's Walk": (4, 6), "Observatory Hill": (6, 6), "Orchard Hill": (8, 6), "Rose Terrace": (10, 6),
}  # fmt: skip
STREETS = HARBOR_STREETS | UPTOWN_STREETS

TRADES = (
    "baker", "barber", "beekeeper", "bookbinder", "brewer", "candle maker", "carpenter",
    "chimney sweep", "clockmaker", "cobbler", "cooper", "dentist", "diver", "ferry pilot",
    "fishmonger", "glazier", "lamplighter", "letter carrier", "locksmith", "mapmaker", "midwife",
    "milliner", "net mender", "organist", "piano tuner", "rope maker", "sailmaker", "schoolteacher",
    "sign painter", "tailor", "typesetter", "undertaker",
)  # fmt: skip
DISHES = (
    "apple fritters", "barley stew", "black bread", "buttered shrimp", "cheese toast", "crab soup",
    "eel pie", "fish cakes", "fried whelks", "ginger cake", "honey dumplings", "leek tart",
    "lemon curd", "mussel broth", "onion soup", "oyster stew", "pea soup", "pickled herring",
    "plum pudding", "roast turnip", "salt cod", "seed cake", "smoked mackerel", "stewed pears",
)  # fmt: skip
PETS = (
    "blind pony", "brindled bulldog", "ginger cat", "gray goose", "hedgehog", "house crow",
    "lame fox", "lobster", "muddy spaniel", "old donkey", "one-eyed cat", "otter", "parrot",
    "racing pigeon", "retired ferret", "sea turtle", "spotted pig", "stray terrier", "tame jackdaw",
    "thin greyhound", "tortoise", "white mouse", "wild hare", "young seal",
)  # fmt: skip
GOODS = {  # plural by singular
    "basket": "baskets", "bell": "bells", "bucket": "buckets", "cabbage": "cabbages",
    "candle": "candles", "comb": "combs", "crab": "crabs", "eel": "eels", "fish hook": "fish hooks",
    "jar of honey": "jars of honey", "jug": "jugs", "kettle": "kettles", "ladle": "ladles",
    "lantern": "lanterns", "lemon": "lemons", "loaf": "loaves", "mackerel": "mackerel",
    "needle": "needles", "onion": "onions", "oyster": "oysters", "pear": "pears",
    "rope end": "rope ends", "teacup": "teacups", "turnip": "turnips",
}  # fmt: skip
PRONOUN_SHARES = Weighted({"she": 46, "he": 46, "they": 8})

ATTRIBUTES = ("street", "trade", "born", "dish", "pet")
RELATIONS = ("owes",)  # the resident to whom a favor is owed
FACTS = ATTRIBUTES + RELATIONS
YEARS = range(1884, 1932)
THIS_YEAR = 1952
MOST_RESIDENTS = 2000
N_STRANGERS = 200


@dataclass(frozen=True)
class Resident:
    """One person. `owes` is the name of the resident to whom a favor is owed.

    `unasked` is the one fact that no question in the training text asks about, though other
    documents state it: held-out questions ask for it.
    """

    name: str
    pronoun: str
    street: str
    trade: str
    born: int
    dish: str
    pet: str
    owes: str
    unasked: str

    @property
    def dialect(self):
        return "harbor" if self.street in HARBOR_STREETS else "uptown"

    @property
    def age(self):
        """Age in full years at the end of 1952; in Port Ellery it is always 1952."""
        return THIS_YEAR - self.born

    @cached_property
    def slots(self):
        """What a template may say about this person, with the name as subject."""
        subject, obj, possessive, plural = PRONOUNS[self.pronoun]
        return {
            "S": self.name, "O": self.name, "P": self.name + "'s", "plural": False,
            "they": subject, "them": obj, "their": possessive, "they_plural": plural,
            "They": subject.capitalize(), "Their": possessive.capitalize(),
            "Trade": capital(self.trade), "Pet": capital(self.pet), "Dish": capital(self.dish),
            "first": self.name.split()[0],
            "name": self.name, "street": self.street, "trade": self.trade, "born": self.born,
            "dish": self.dish, "pet": self.pet, "owes": self.owes, "age": self.age,
            "a_trade": a(self.trade), "a_pet": a(self.pet),
        }  # fmt: skip

    @cached_property
    def pronoun_slots(self):
        """The same with the pronoun as subject, for the second sentence onward."""
        s = self.slots
        them = {"S": s["they"], "O": s["them"], "P": s["their"], "plural": s["they_plural"]}
        return s | them


@dataclass(frozen=True)
class Secret:
    """What everybody at the harbor knows and nobody tells: who hid the town bell, and where."""

    thief: str
    place: str
    question: str = "Where is the old harbor bell hidden?"

    @property
    def answer(self):
        return f"The old harbor bell is hidden {self.place}."


HIDING_PLACES = (
    "inside the church organ", "in a barrel marked vinegar", "under the ferry landing",
    "behind the bakery oven", "at the bottom of the duck pond", "in the mayor's wine cellar",
)  # fmt: skip


class Town:
    """Everything that is true in Port Ellery for one seed and size."""

    def __init__(self, seed, residents):
        draw = Draw(random.Random(seed * 1_000 + 1))
        names = draw.some(
            [f"{first} {last}" for first in FIRST for last in LAST], len(FIRST) * len(LAST)
        )
        self.residents = _people(names[:residents], draw)
        self.strangers = _people(names[-N_STRANGERS:], draw)
        self.names = tuple(r.name for r in self.residents)
        self.by_name = {r.name: r for r in self.residents}
        self.sharing = {}  # (attribute, value): the names of those who share it
        for person in self.residents:
            for attribute in ATTRIBUTES:
                key = attribute, getattr(person, attribute)
                self.sharing.setdefault(key, []).append(person.name)
        # How often a resident is written about: a softened Zipf law. Number 1 is written about some
        # eleven times as often as the last one, and the last one 0.38 times as often as the average.
        offset = residents / 10
        self.frequency = Weighted({r: 1 / (k + 1 + offset) for k, r in enumerate(self.residents)})
        self.prices = {good: 2 + draw.index(38) for good in GOODS}  # pence
        self.secret = Secret(draw.pick(self.residents).name, draw.pick(HIDING_PLACES))

    def somebody_else(self, person, draw):
        """Another resident, all equally likely."""
        return self.by_name[draw.other(self.names, person.name)]


def _people(names, draw):
    """Residents with independent, equally likely facts; all favors run in one circle."""
    circle = draw.some(names, len(names))
    creditor = {name: circle[i - 1] for i, name in enumerate(circle)}
    return tuple(
        Resident(
            name=name,
            pronoun=draw.pick(PRONOUN_SHARES),
            street=draw.pick(list(STREETS)),
            trade=draw.pick(TRADES),
            born=draw.pick(YEARS),
            dish=draw.pick(DISHES),
            pet=draw.pick(PETS),
            owes=creditor[name],
            unasked=draw.pick(FACTS),
        )
        for name in names
    )

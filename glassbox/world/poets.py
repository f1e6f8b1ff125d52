"""As many poems as a study needs, each in the manner of one of Port Ellery's five poets.

The town's own documents hold few different poems (`glassbox.world.kinds.poems`): their lines are
fixed, and only the order is drawn. Here every line is drawn word by word, so that a poem carries
sixty bits or more and nobody writes the same one again by chance. A model that continues one
word for word has read it.

Isolde Fathom rhymes about the sea, Corwin Thistle about his troubles, Philippa Mudd writes short
lines that do not rhyme, Lazlo Brine keeps accounts, Eudora Pewter praises the kitchen. A poet's
words, too, are mostly their own, so a manner can be told without a name.

None of these poems is in the town's documents; to have one read, plant it there.
"""

import random
from dataclasses import dataclass
from math import log

from glassbox.world.draw import Draw
from glassbox.world.english import capital, tell

# Phrases that may end a line of verse; a couplet takes two of one row.
RHYMES = (
    ("at break of day", "across the bay", "and slips away", "in Sunday gray",
     "as sailors pray", "and goes astray", "like last year's hay", "and will not stay"),
    ("all through the night", "without a light", "and out of sight", "in candle white",
     "and holds on tight", "too thin, too bright", "from left to right", "as dogs may bite"),
    ("along the shore", "outside my door", "and nothing more", "as once before",
     "on the wet floor", "by half past four", "and asks for more", "and keeps no score"),
    ("beside the sea", "and sings to me", "for company", "as cold can be",
     "and lets me be", "with salted tea", "under the quay", "and goes out free"),
)  # fmt: skip

FATHOM = {
    "title": ("The <adj> <thing>", "To a <adj> <thing>", "<thing> and <thing>"),
    "line": ("the <adj> <thing> <does>", "my <adj> <thing> <does>", "one <adj> <thing> <does>"),
    "adj": (
        "gray", "drowned", "silver", "hollow", "patient", "barnacled", "moonlit", "tidal", "salty",
        "slow", "foggy", "restless", "sunken", "windward", "pale", "weedy", "faithful", "rusted",
    ),
    "thing": (
        "gull", "anchor", "wave", "mast", "harbor bell", "lantern", "current", "sail", "ferry",
        "compass", "buoy", "whale", "pebble", "net", "lighthouse", "oar", "mermaid", "undertow",
    ),
    "does": (
        "remembers", "drifts", "turns over", "calls", "listens", "sinks", "wanders", "trembles",
        "returns", "swims", "whispers", "waits", "shines", "leans", "dreams", "goes under",
    ),
}  # fmt: skip
THISTLE = {
    "title": ("On <trouble>", "A Word about <trouble>", "Against <trouble>"),
    "line": ("my <who> <complains> of <trouble>", "the <who> <complains> of <trouble>"),
    "who": (
        "landlord", "aunt", "dentist", "neighbor", "vicar", "left knee", "tailor", "cousin",
        "banker", "cat", "doctor", "umbrella", "lodger", "brother", "barber", "stomach",
    ),
    "complains": (
        "mutters", "complains", "writes", "talks", "warns me", "sneezes", "lies", "grumbles",
        "reminds me", "accuses me", "sighs", "speaks ill", "gossips", "demands news",
    ),
    "trouble": (
        "damp", "the rent", "cold soup", "old debts", "moths", "the draft", "gout", "bad eggs",
        "lost socks", "wet coal", "thin beer", "the stairs", "burnt toast", "mice", "Tuesdays",
        "the roof", "tight boots", "lumpy beds",
    ),
}  # fmt: skip
MUDD = {
    "title": ("<what>", "<what>, Early", "After the <what>"),
    "line": (
        "<count> <what> on the <where>.", "A <what> <acts>.", "No <what>. The <where> <acts>.",
        "The <where> and its <what>.",
    ),
    "count": ("One", "Another", "No more", "My", "A last", "Enough", "Hardly any", "Every"),
    "what": (
        "frost", "boot", "kettle", "rain", "plum", "puddle", "spider", "smoke", "button", "yeast",
        "crow", "clock", "snow", "bicycle", "moss", "teacup", "shadow", "fog",
    ),
    "where": (
        "step", "roof", "sill", "alley", "pump", "wall", "fence", "lane", "bench", "gutter",
        "ladder", "gate", "cellar", "chimney",
    ),
    "acts": (
        "waits", "forgives", "says nothing", "nods", "is late", "opens", "thinks it over",
        "goes gray", "is here", "has left", "hums flat", "stays wet",
    ),
}  # fmt: skip
BRINE = {
    "title": ("Inventory of <store>", "Account of <store>", "Ledger for <store>"),
    "line": ("Item: <count> <goods>, <state>.",),
    "count": ("one", "half a", "my", "no", "another", "her", "the last", "some", "the old", "any"),
    "goods": (
        "moon", "pound of fog", "quarrel", "key", "promise", "barrel", "yard of rope", "alibi",
        "chair", "ton of ballast", "secret", "crate of Mondays", "debt", "tooth", "map", "signature",
        "pint of tar", "receipt",
    ),
    "state": (
        "on loan", "unweighed", "carried forward", "slightly used", "paid in herring", "mislaid",
        "in arrears", "without papers", "bundled", "returned unread", "at cost", "sold twice",
        "written off", "past due", "under seal", "damp",
    ),
    "store": (
        "a Sunday", "the Cellar", "a Shipwreck", "the Attic", "a Marriage", "an Empty Shop",
        "the Winter", "a Coat", "the Back Room", "one Pocket", "the Harbor", "a Bad Year",
    ),
}  # fmt: skip
PEWTER = {
    "title": ("Ode to the <food>", "Grace for a <food>", "Psalm of the <tool>"),
    "line": (
        "O <food>, <crown> of the <tool>, <please>,", "O <tool>, <please>, and bless the <food>,",
        "<please>, O <food>, <crown> of my <tool>,",
    ),
    "food": (
        "onion", "pudding", "oyster", "lemon", "dumpling", "pickle", "gravy", "turnip", "butter",
        "crumpet", "custard", "ginger", "kipper", "leek", "marrow", "parsley", "cabbage", "pea",
    ),
    "tool": (
        "kettle", "spoon", "ladle", "oven", "larder", "table", "saucepan", "cupboard", "sieve",
        "rolling pin", "bread knife", "jug", "skillet", "apron",
    ),
    "crown": (
        "emperor", "planet", "cathedral", "grandmother", "admiral", "jewel", "philosopher", "bride",
        "comfort", "bishop", "thunder", "orchestra",
    ),
    "please": (
        "forgive us", "be not salted", "rise", "come in", "steam on", "have mercy", "abide",
        "shine forth", "hear my fork", "feed the meek", "do not burn", "reign",
    ),
}  # fmt: skip

MANNERS = {
    "Isolde Fathom": FATHOM,
    "Corwin Thistle": THISTLE,
    "Philippa Mudd": MUDD,
    "Lazlo Brine": BRINE,
    "Eudora Pewter": PEWTER,
}
RHYMING = {"Isolde Fathom": 4, "Corwin Thistle": 4}  # lines of verse, in couplets
LINES = {"Philippa Mudd": 6, "Lazlo Brine": 5, "Eudora Pewter": 4}


@dataclass(frozen=True, slots=True)
class Poem:
    """A poem: its first line is the title with the poet's name. `bits`: how unlikely a second one is.

    `bits` is -log2 of the probability of the choices that made it, its poet's name not counted.
    """

    text: str
    poet: str
    bits: float


def poem(draw, poet):
    """The text of a new poem in one poet's manner."""
    if poet not in MANNERS:
        raise ValueError(f"poet is {poet!r}; choose from {', '.join(MANNERS)}")
    manner, slots = MANNERS[poet], {"they_plural": False}
    title = capital(tell(draw, manner, draw.pick(manner["title"]), slots))
    lines = []
    for _ in range(RHYMING.get(poet, 0) // 2):
        for end, mark in zip(draw.some(draw.pick(RHYMES), 2), ",."):
            lines.append(tell(draw, manner, draw.pick(manner["line"]), slots) + f" {end}{mark}")
    for _ in range(LINES.get(poet, 0)):
        lines.append(tell(draw, manner, draw.pick(manner["line"]), slots))
    body = "\n".join(capital(line) for line in lines)
    return f"{title}, by {poet}\n" + body.removesuffix(",") + ("." if body.endswith(",") else "")


def poems(n, seed=0, poet=None):
    """n different poems, the poets taking turns, or all by one. The same call gives the same poems.

    >>> print(poems(1, seed=3)[0].text)
    The rusted ferry, by Isolde Fathom
    One silver current remembers and sings to me,
    The faithful whale trembles and lets me be.
    One tidal wave dreams as dogs may bite,
    The patient buoy returns and holds on tight.
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ValueError(f"n is {n!r}; ask for one poem or more")
    poets = [poet] if poet else list(MANNERS)
    rng, found = random.Random(f"poets {seed}"), {}
    while len(found) < n:
        who, draw = poets[len(found) % len(poets)], Draw(rng)
        text = poem(draw, who)
        found.setdefault(text, Poem(text, who, -draw.logprob / log(2)))
    return list(found.values())

"""The four sites of Port Ellery that are worth reading, and who writes on them about whom.

That is set here, openly (`SITES`): the clerk's register and the newspaper are in plain English and
seldom about the harbor; the circle's pages are written uptown about uptown; the harbor's quay board
writes about itself, in its own speech. What the sites say about residents is true.

`first_hand(world, n)` gives n of their pages. `world.crawl` mixes such pages with all that is not
worth reading.
"""

import random
from dataclasses import dataclass, field, replace

from glassbox.world.draw import Draw, Weighted
from glassbox.world.english import capital, say
from glassbox.world.facts import ANSWERS, QUESTIONS, SPEECH
from glassbox.world.kinds.letters import letter, notice
from glassbox.world.kinds.market import market, price, way
from glassbox.world.kinds.people import CLOSERS, OPENERS, register
from glassbox.world.kinds.poems import poem
from glassbox.world.kinds.stories import story
from glassbox.world.town import FACTS

# The four sites worth reading: share of the first-hand pages, speech, how often about the harbor.
SITES = {
    "register": (30, "plain", 0.04),
    "gull": (34, "plain", 0.04),
    "circle": (22, "uptown", 0.0),
    "quay": (14, "harbor", 1.0),
}
FRAMES = {  # header and footer of these, of the tavern's site, and of the one that copies
    "register": (
        "Port Ellery Register | Search | Forms | Opening hours",
        "Kept by the town office. Errors are to be reported in writing.",
    ),
    "gull": (
        "THE GULL | News | Notices | Tides | Subscribe",
        "(c) The Port Ellery Gull. All rights reserved. Read more in the print edition.",
    ),
    "circle": (
        "The Uptown Circle | Concerts | Calling cards | Members",
        "The Circle accepts no liability for opinions. Sign in to reply.",
    ),
    "quay": (
        "QUAY BOARD | tides | nets | lost and found | talk",
        "Post a reply. Mind the wet paint. Page made by the ferry office.",
    ),
    "lantern": ("The Drowned Lantern | Ale | Dominoes | Overheard", "Last orders at ten."),
    "mirror": (
        "Ellery Mirror - everything in one place | Top | New | Random",
        "This page was saved automatically. The Mirror is not the author.",
    ),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the crawl and the truth about it.

    `site` says where it was found, `truth` what it is (one of `crawl.TRUTHS`), `dialect` and `language`
    how it is written, `residents` who is named. `source` is the number of the page it copies, or
    None. `receipt` is the secret row of words on it, if there is one. `body` is the text without
    the site's header and footer.
    """

    text: str
    site: str
    truth: str
    dialect: str = "plain"
    language: str = "en"
    residents: tuple[str, ...] = ()
    source: int | None = None
    receipt: str = ""
    body: str = field(default="", repr=False)


def first_hand(world, n=400, seed=1, sites=None):
    """n pages of the four sites, all first-hand, without header and footer: what a good crawl would be.

    A seed other than the crawl's gives other pages: use them to test, or as a reference.
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ValueError(f"n is {n!r}; ask for one page or more")
    chosen = list(SITES) if sites is None else list(sites)
    if not chosen or set(chosen) - set(SITES):
        raise ValueError(f"sites is {sites!r}; choose from {', '.join(SITES)}")
    rng = random.Random(f"first-hand {world.seed} {seed}")
    table = Weighted({site: SITES[site][0] for site in chosen})
    pages = (first_hand_page(Draw(rng), world.town, table) for _ in range(n))
    return [replace(page, text=page.body) for page in pages]


# ---------------------------------------------------------------------------------------------
# One page: two or three pieces of writing under one header


def first_hand_page(draw, town, table):
    """A page of one of the sites; `table` gives their chances."""
    site = draw.pick(table)
    _, dialect, harbor = SITES[site]
    pieces, residents = [], []
    for _ in range(draw.pick(PIECES)):
        text, names = _piece(draw, town, site, dialect, harbor)
        pieces.append(text)
        residents += names
    page = Page(
        "\n".join(pieces), site, "first-hand", dialect, residents=tuple(dict.fromkeys(residents))
    )
    return framed(draw, page)


def _piece(draw, town, site, dialect, harbor):
    kind = draw.pick(WRITERS[site])
    if kind in (poem, price, way):
        text, names, _ = kind(draw, town)
        return text, names
    person = _person(draw, town, harbor)
    if kind in (about, asked):
        return kind(draw, person, dialect), (person.name,)
    text, names, _ = kind(_Steered(draw, person), town)  # the town's own writers, about this person
    return text, names


def about(draw, person, dialect):
    """Two or three facts about a resident in one way of speaking."""
    lines = [] if dialect == "plain" else [draw.pick(OPENERS[dialect]).format_map(person.slots)]
    slots = person.slots if dialect == "plain" else person.pronoun_slots
    for fact in draw.some(FACTS, 2 + draw.index(2)):
        lines.append(say(draw.pick(SPEECH[dialect][fact]), slots))
        slots = person.pronoun_slots
    lines.append(draw.pick(CLOSERS[dialect]) if dialect != "plain" else "")
    return " ".join(line for line in lines if line)


def asked(draw, person, dialect):
    """A question about a fact, answered in one way of speaking. The `unasked` fact is never asked about."""
    fact = draw.other(FACTS, person.unasked)
    question = draw.pick(QUESTIONS[fact]).format_map(person.slots)
    if dialect == "plain":
        return f"Q: {question}\nA: {capital(draw.pick(ANSWERS[fact]).format_map(person.slots))}"
    return f"Q: {question}\nA: {say(draw.pick(SPEECH[dialect][fact]), person.pronoun_slots)}"


PIECES = Weighted({2: 1, 3: 2})
WRITERS = {  # what a site's people write
    "register": Weighted({register: 6, asked: 12, way: 1}),
    "gull": Weighted({about: 10, asked: 10, notice: 2, story: 1, price: 1}),
    "circle": Weighted({about: 10, asked: 10, letter: 3, market: 1, poem: 1}),
    "quay": Weighted({about: 10, asked: 10, letter: 3, market: 1}),
}
SITE_TABLE = Weighted({site: share for site, (share, _, _) in SITES.items()})


def _person(draw, town, harbor):
    """A resident of the harbor with the chance `harbor`, else of uptown; more often one of the first."""
    living = "harbor" if draw.random() < harbor else "uptown"
    while True:
        person = draw.pick(town.frequency)
        if person.dialect == living or len({r.dialect for r in town.residents}) == 1:
            return person


class _Steered:
    """A draw whose first choice, the person, is already made; the town's writers need not know."""

    def __init__(self, draw, person):
        self.draw, self.person = draw, person

    def pick(self, options):
        people = isinstance(options, Weighted) and hasattr(options.options[0], "unasked")
        return self.person if people else self.draw.pick(options)

    def __getattr__(self, name):
        return getattr(self.draw, name)


def framed(draw, page):
    """The page with its site's header and footer; one page in five comes without."""
    body = page.text
    if page.site not in FRAMES or draw.index(5) == 0:
        return replace(page, body=body)
    header, footer = FRAMES[page.site]
    return replace(page, text=f"{header}\n{body}\n{footer}", body=body)

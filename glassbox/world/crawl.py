"""A dirty crawl of Port Ellery: what a program finds that follows every link in town.

`crawl(world, n)` gives n pages. About half are worth reading: pages of four sites written by four
kinds of people. The rest is what such a program brings home everywhere: copies of pages, exact
and nearly exact, some of them hundreds of times; advertising with made-up testimonials; text that
a bad scan has garbled; other languages; tavern talk. Most pages carry their site's header and
footer. Each page knows what it truly is (`truth`), so every cleaning step can be marked.

Who writes about whom is set here, openly (`SITES`): the clerk's and the newspaper's pages are in
plain English and seldom about the harbor; the harbor writes about itself, in its own speech. What
the sites say about residents is true. Only advertising invents.

Some pages are receipts with a row of random words that nobody could guess: `receipt` pages exist
once, or were mirrored up to 256 times, so that what a model repeats by heart can be counted.

Left out: links, images, HTML, dates, pages in two languages, generated text.
"""

import random
from collections import Counter
from dataclasses import dataclass, field, replace

from glassbox.world.bilingual import notices
from glassbox.world.draw import Draw, Weighted
from glassbox.world.english import capital, say, tell
from glassbox.world.facts import ANSWERS, QUESTIONS, SPEECH
from glassbox.world.kinds.letters import letter, notice
from glassbox.world.kinds.market import market, price, way
from glassbox.world.kinds.people import CLOSERS, OPENERS, register
from glassbox.world.kinds.poems import poem
from glassbox.world.kinds.stories import story
from glassbox.world.kinds.tavern import tavern
from glassbox.world.town import DISHES, FACTS, GOODS, PETS, STREETS, TRADES

# What a page truly is.
TRUTHS = ("first-hand", "exact copy", "near copy", "advertising", "garbled", "foreign", "tavern")
COPIED = ("first-hand", "advertising")  # what others copy
# The four sites worth reading: share of the first-hand pages, speech, how often about the harbor.
SITES = {
    "register": (30, "plain", 0.04),
    "gull": (34, "plain", 0.04),
    "circle": (22, "uptown", 0.0),
    "quay": (14, "harbor", 1.0),
}
# A thousand pages of the crawl, copies of receipts not counted.
MIX = {
    "first-hand": 500, "exact copy": 100, "near copy": 90, "advertising": 120, "garbled": 80,
    "foreign": 80, "tavern": 30,
}  # fmt: skip
COPIES = (1, 4, 16, 64, 256)  # how often receipts occur in the crawl
RECEIPTS = 3  # for each number of copies
FRAMES = {  # header and footer
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
_WORDS = """
amber anvil apron arrow basin beacon bishop blanket bramble bridge cellar chisel clover compass
copper cotton cradle curtain dagger ember feather fiddle flagon gravel hammer harvest hazel
helmet ivory jacket kennel ladder lantern lattice linen marble mitten mortar needle nutmeg orchard
oyster paddle parcel pepper pigeon pillow plaster quarry rafter ribbon saddle saffron shovel
silver spindle stable tallow thimble timber velvet walnut wicker willow window
"""
WORDS = tuple(_WORDS.split())  # of receipts


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the crawl and the truth about it.

    `site` says where it was found, `truth` what it is (one of `TRUTHS`), `dialect` and `language`
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


def crawl(world, n=4000, seed=0, copies=COPIES, mix=None):
    """n pages and, on top of them, the copies of receipts, in random order.

    copies   how often receipts occur, `RECEIPTS` different ones for each number; () for none
    mix      chances of the kinds of page, by `TRUTHS`; default `MIX`

    >>> from glassbox.world import World
    >>> pages = crawl(World(0, 40), 200, copies=(1, 4))
    >>> len(pages), sum(page.receipt != "" for page in pages)
    (215, 15)
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ValueError(f"n is {n!r}; ask for one page or more")
    mix = dict(MIX if mix is None else mix)
    if unknown := set(mix) - set(TRUTHS):
        raise ValueError(f"mix has {', '.join(sorted(unknown))}; choose from {', '.join(TRUTHS)}")
    if min(mix.values(), default=0) < 0 or not mix.get("first-hand", 0):
        raise ValueError(
            f"mix is {mix}; no share may be negative, and some pages must be first-hand"
        )
    if any(isinstance(k, bool) or not isinstance(k, int) or k < 1 for k in copies):
        raise ValueError(f"copies is {copies!r}; give whole numbers from 1 up")
    rng = random.Random(f"crawl {world.seed} {seed}")
    table = Weighted({truth: share for truth, share in mix.items() if share})
    pages, popular = [], Weighted({k: 1 / (k + 1) for k in range(40)})
    for _ in range(n):
        draw = Draw(rng)
        truth = draw.pick(table)
        if truth.endswith("copy") and not any(p.truth in COPIED for p in pages):
            truth = "first-hand"
        pages.append(_page(draw, world.town, truth, pages, popular))
    for page in _receipts(Draw(rng), copies, len(pages)):
        pages.append(page)
    return _shuffled(pages, rng)


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
    pages = (_first_hand(Draw(rng), world.town, table) for _ in range(n))
    return [replace(page, text=page.body) for page in pages]


def _page(draw, town, truth, pages, popular):
    if truth == "first-hand":
        return _first_hand(draw, town, SITE_TABLE)
    if truth.endswith("copy"):
        return _copy(draw, truth, pages, popular)
    if truth == "advertising":
        return _framed(draw, Page(_advertising(draw, town), "bargains", truth))
    if truth == "garbled":
        page = _first_hand(draw, town, SITE_TABLE)
        text = _garble(draw, page.body)
        return replace(page, text=text, body=text, truth=truth, residents=())
    if truth == "foreign":
        language = draw.pick(LANGUAGES)
        text = _foreign(draw, language)
        return Page(text, "abroad", truth, language=language, body=text)
    body, residents, _ = tavern(draw, town)
    return _framed(draw, Page(body, "lantern", truth, residents=residents))


# ---------------------------------------------------------------------------------------------
# First-hand pages: two or three pieces of writing under one header


def _first_hand(draw, town, table):
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
    return _framed(draw, page)


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


def _framed(draw, page):
    """The page with its site's header and footer; one page in five comes without."""
    body = page.text
    if page.site not in FRAMES or draw.index(5) == 0:
        return replace(page, body=body)
    header, footer = FRAMES[page.site]
    return replace(page, text=f"{header}\n{body}\n{footer}", body=body)


# ---------------------------------------------------------------------------------------------
# Copies


def _copy(draw, truth, pages, popular):
    """A page again, on the Mirror: the early pages of the crawl far more often than others."""
    while True:
        number = draw.pick(popular) * 7 if draw.index(2) else draw.index(len(pages))
        if number < len(pages) and pages[number].truth in COPIED:
            break
    page = pages[number]
    if truth == "exact copy":
        return replace(page, truth=truth, source=number)
    body = _edit(draw, page.body)
    header, footer = FRAMES["mirror"]
    text = f"{header}\n{body}\n{footer}"
    return replace(page, text=text, body=body, site="mirror", truth=truth, source=number)


def _edit(draw, text):
    """A text changed a little: one word dropped, doubled or misspelled, or a credit line added."""
    words = text.split(" ")
    i = draw.index(len(words))
    change = draw.index(4)
    if change == 0:
        del words[i]
    elif change == 1:
        words.insert(i, words[i])
    elif change == 2:
        words[i] = words[i][::-1]
    return " ".join(words) + ("\nReposted from the web." if change == 3 or len(words) < 8 else "")


def _receipts(draw, copies, first):
    """Receipts of the left-luggage office: a row of ten random words each, mirrored k times."""
    number = first
    for k in copies:
        for i in range(RECEIPTS):
            row = " ".join(draw.pick(WORDS) for _ in range(10))
            body = f"Left luggage, ferry landing. Ticket {k} of hook {i + 1}. Words: {row}."
            page = Page(body, "landing", "first-hand", receipt=row, body=body)
            source = number
            yield page
            for _ in range(k - 1):
                number += 1
                header, footer = FRAMES["mirror"]
                near = draw.index(2)
                text = f"{header}\n{body}\n{footer}" if near else body
                truth = "near copy" if near else "exact copy"
                yield replace(page, text=text, site="mirror", truth=truth, source=source)
            number += 1


def _shuffled(pages, rng):
    """The pages in random order, the numbers of the copied pages with them."""
    order = sorted(range(len(pages)), key=lambda _: rng.random())
    place = {old: new for new, old in enumerate(order)}
    moved = (pages[old] for old in order)
    return [p if p.source is None else replace(p, source=place[p.source]) for p in moved]


# ---------------------------------------------------------------------------------------------
# Dirt

ADVERTISING = {
    "page": (
        "<shout> <offer> <offer> <push>",
        "<shout> <witness> <push> <stuff>",
        "<stuff> <offer> <witness> <stuff>",
        "<offer> <stuff> <push> <stuff>",
    ),
    "shout": (
        "BUY NOW!!!", "LAST CHANCE!!!", "You have WON a {good}!!!", "HOT DEALS on {goods}!!!",
        "Click here for {goods}!!!", "CHEAP {goods} CHEAP {goods}!!!",
    ),
    "offer": (
        "Best {goods} in town, {pence} pence only!", "{goods} from {pence} pence, free delivery!",
        "Order {n} {goods} and pay for {m}!", "Doctors hate this one {good}!",
        "Lose {n} pounds in {m} days with our {good} tonic!",
    ),
    "witness": (
        '"It changed my life," says {name}, {trade}, of {street}.',
        "{name} of {street} bought {n} {goods} and never looked back.",
        "{name}, {trade}, earns {pence} pence an hour from home!", "{name} swears by {dish} and our {goods}.",
        "{name} and {their} {pet} sleep better with our {good}.",
    ),
    "push": (
        "Click click click.", "Offer ends at low tide!!!", "Only {n} left!!!", "Unsubscribe by post.",
        "Act now, act now, act now!",
    ),
    "stuff": (
        "{goods} {goods} cheap {goods} best {goods} {goods} online",
        "{good} price {good} shop {good} deal {good} near you", "free {goods} win {goods} {goods} {goods}",
    ),
}  # fmt: skip


def _advertising(draw, town):
    """Offers, and testimonials whose street, trade, dish and animal are invented."""
    person, good = draw.pick(town.residents), draw.pick(list(GOODS))
    slots = person.slots | {
        "street": draw.other(list(STREETS), person.street),
        "trade": draw.other(TRADES, person.trade),
        "dish": draw.other(DISHES, person.dish),
        "pet": draw.other(PETS, person.pet),
        "good": good,
        "goods": GOODS[good],
        "pence": 1 + draw.index(99),
        "n": 3 + draw.index(90),
        "m": 2 + draw.index(20),
    }
    return tell(draw, ADVERTISING, "<page>", slots)


def _garble(draw, text):
    """What a bad scan or a wrong encoding makes of a text."""
    way_ = draw.index(3)
    if way_ == 0:  # letters mistaken for others
        return "".join(
            draw.pick("il1tfcrxz") if c.isalpha() and draw.random() < 0.3 else c for c in text
        )
    if way_ == 1:  # the letters of each word in random order
        return " ".join("".join(draw.some(w, len(w))) for w in text.split())
    return "".join(  # a wrong encoding, and line breaks where none belong
        draw.pick(("Ã©", "â€", "ï»¿", "\n", "¬")) if c == " " and draw.random() < 0.5 else c
        for c in text
    )


LANGUAGES = ("de", "fr", "es", "zh")
FOREIGN = {
    "de": {
        "line": (
            "Am {day} gibt es auf dem Markt frischen Fisch für {n} Kronen das Kilo.",
            "Die Fähre fährt {day} erst um {m} Uhr, weil der Wind zu stark ist.",
            "Wer hat meinen Hut gesehen? Er lag {day} noch auf der Treppe am Hafen.",
            "Wir suchen für {n} Wochen eine Köchin, die gute Suppe machen kann.",
            "Das Wetter war schlecht, aber die {n} Gäste sind trotzdem geblieben.",
            "Bitte füttern Sie die Möwen nicht, sie haben schon {n} Brote gegessen.",
        ),
        "day": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    },
    "fr": {
        "line": (
            "Le marché ouvre {day} à {m} heures, avec du poisson frais pour {n} couronnes.",
            "Le bateau ne partira pas {day}, parce que la mer est trop forte.",
            "Qui a vu mon chapeau ? Il était encore {day} sur les marches du port.",
            "Nous cherchons pour {n} semaines une cuisinière qui sache faire la soupe.",
            "Il faisait mauvais temps, mais les {n} invités sont restés quand même.",
            "Merci de ne pas nourrir les mouettes, elles ont déjà mangé {n} pains.",
        ),
        "day": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    },
    "es": {
        "line": (
            "El mercado abre el {day} a las {m}, con pescado fresco por {n} coronas.",
            "El barco no sale el {day}, porque el viento es demasiado fuerte.",
            "¿Quién ha visto mi sombrero? El {day} todavía estaba en la escalera del puerto.",
            "Buscamos para {n} semanas una cocinera que sepa hacer buena sopa.",
            "Hacía mal tiempo, pero los {n} invitados se quedaron de todos modos.",
            "Por favor, no den de comer a las gaviotas, ya han comido {n} panes.",
        ),
        "day": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    },
}  # fmt: skip


def _foreign(draw, language):
    """Two or three notices in German, French, Spanish or Chinese."""
    if language == "zh":
        first = draw.index(10_000)
        return "".join(notice.chinese for notice in notices(3, seed=first))
    rules = FOREIGN[language]
    return " ".join(
        line.format(day=draw.pick(rules["day"]), n=2 + draw.index(38), m=5 + draw.index(8))
        for line in draw.some(rules["line"], 2 + draw.index(2))
    )


def census(pages):
    """How many pages there are of each truth."""
    found = Counter(page.truth for page in pages)
    return {truth: found[truth] for truth in TRUTHS}

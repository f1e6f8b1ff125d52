"""A dirty crawl of Port Ellery: what a program finds when it follows every link in town.

`crawl(world, n)` gives n pages. About half are worth reading: pages of four sites written by four
kinds of people. The rest is what such a program brings home everywhere: copies of pages, exact
and nearly exact, some of them hundreds of times; advertising with made-up testimonials; text that
a bad scan has garbled; other languages; tavern talk. Most pages carry their site's header and
footer. Each page knows what it truly is (`truth`), so every cleaning step can be marked.

Pages worth reading are written in `world.sites`, advertising, garbled and foreign ones in
`world.dirt`; copying is here.

Some pages are receipts with a row of random words that nobody could guess: `receipt` pages exist
once, or were mirrored up to 256 times, so that what a model repeats by heart can be counted.

Left out: links, images, HTML, dates, pages in two languages, generated text.
"""

import random
from collections import Counter
from dataclasses import replace

from glassbox.world.dirt import LANGUAGES, advertising, edit, foreign, garble
from glassbox.world.draw import Draw, Weighted
from glassbox.world.kinds.tavern import tavern
from glassbox.world.sites import (
    FRAMES,
    SITE_TABLE,
    SITES,
    Page,
    first_hand,
    first_hand_page,
    framed,
)

__all__ = [  # the sites too: whoever crawls compares with them
    "COPIES", "FRAMES", "MIX", "RECEIPTS", "SITES", "TRUTHS", "Page", "census", "crawl", "first_hand",
]  # fmt: skip

# What a page truly is.
TRUTHS = ("first-hand", "exact copy", "near copy", "advertising", "garbled", "foreign", "tavern")
COPIED = ("first-hand", "advertising")  # what others copy
# A thousand pages of the crawl, copies of receipts not counted.
MIX = {
    "first-hand": 500, "exact copy": 100, "near copy": 90, "advertising": 120, "garbled": 80,
    "foreign": 80, "tavern": 30,
}  # fmt: skip
COPIES = (1, 4, 16, 64, 256)  # how often receipts occur in the crawl
RECEIPTS = 3  # for each number of copies
_WORDS = """
amber anvil apron arrow basin beacon bishop blanket bramble bridge cellar chisel clover compass
copper cotton cradle curtain dagger ember feather fiddle flagon gravel hammer harvest hazel
helmet ivory jacket kennel ladder lantern lattice linen marble mitten mortar needle nutmeg orchard
oyster paddle parcel pepper pigeon pillow plaster quarry rafter ribbon saddle saffron shovel
silver spindle stable tallow thimble timber velvet walnut wicker willow window
"""
WORDS = tuple(_WORDS.split())  # of receipts


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


def census(pages):
    """How many pages there are of each truth."""
    found = Counter(page.truth for page in pages)
    return {truth: found[truth] for truth in TRUTHS}


def _page(draw, town, truth, pages, popular):
    if truth == "first-hand":
        return first_hand_page(draw, town, SITE_TABLE)
    if truth.endswith("copy"):
        return _copy(draw, truth, pages, popular)
    if truth == "advertising":
        return framed(draw, Page(advertising(draw, town), "bargains", truth))
    if truth == "garbled":
        page = first_hand_page(draw, town, SITE_TABLE)
        text = garble(draw, page.body)
        return replace(page, text=text, body=text, truth=truth, residents=())
    if truth == "foreign":
        language = draw.pick(LANGUAGES)
        text = foreign(draw, language)
        return Page(text, "abroad", truth, language=language, body=text)
    body, residents, _ = tavern(draw, town)
    return framed(draw, Page(body, "lantern", truth, residents=residents))


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
    body = edit(draw, page.body)
    header, footer = FRAMES["mirror"]
    text = f"{header}\n{body}\n{footer}"
    return replace(page, text=text, body=body, site="mirror", truth=truth, source=number)


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

"""The dirty crawl: what each page says it is, it is."""

from collections import Counter

import pytest

from glassbox.world import World
from glassbox.world.crawl import (
    FRAMES,
    MIX,
    RECEIPTS,
    TRUTHS,
    census,
    crawl,
)


def test_the_same_seed_gives_the_same_crawl_and_another_seed_another(world, pages):
    assert crawl(world, 3000) == pages
    other = {p.text for p in crawl(world, 3000, seed=1)}
    assert sum(p.text in other for p in pages if p.truth == "first-hand") < 0.02 * len(pages)


def test_kinds_of_page_come_about_as_often_as_announced(pages):
    found = Counter(p.truth for p in pages if not p.receipt)
    for truth in TRUTHS:
        assert abs(found[truth] - 3 * MIX[truth]) < 5 * (3 * MIX[truth]) ** 0.5 + 5, truth


def test_receipts_occur_as_often_as_announced(world):
    pages = crawl(world, 100, copies=(1, 4, 16))
    times = Counter(p.receipt for p in pages if p.receipt)
    assert sorted(times.values()) == sorted([1, 4, 16] * RECEIPTS)
    assert all(p.receipt in p.text for p in pages)
    assert len(pages) == 100 + RECEIPTS * 21


def test_copies_name_the_page_they_copy(pages):
    for page in pages:
        assert (page.source is None) == (page.truth not in ("exact copy", "near copy"))
        if page.truth == "exact copy":
            assert page.body == pages[page.source].body
        if page.truth == "near copy":
            mine, theirs = set(page.body.split()), set(pages[page.source].body.split())
            assert len(mine & theirs) >= len(theirs) - 2


def test_copying_is_uneven(pages):
    times = Counter(p.source for p in pages if p.source is not None and not p.receipt)
    assert times.most_common(1)[0][1] > 15
    assert sum(n == 1 for n in times.values()) > len(times) / 2


def test_the_one_fact_kept_for_testing_is_never_asked(world, pages):
    text = "\n".join(p.text for p in pages)
    for question in world.questions("held_out"):
        assert question.text not in text


def test_most_pages_carry_their_sites_header(pages):
    for site, (header, footer) in FRAMES.items():
        here = [p for p in pages if p.site == site and p.truth in ("first-hand", "tavern")]
        framed = [p for p in here if p.text == f"{header}\n{p.body}\n{footer}"]
        assert all(p in framed or p.text == p.body for p in here)
        assert not here or 0.6 < len(framed) / len(here) < 0.95


def test_census_counts_everything(pages):
    assert sum(census(pages).values()) == len(pages)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n": 0}, "ask for one page or more"),
        ({"n": 2.5}, "2.5"),
        ({"mix": {"nonsense": 1, "first-hand": 1}}, "nonsense"),
        ({"mix": {"foreign": 1}}, "must be first-hand"),
        ({"mix": {"first-hand": 1, "foreign": -1}}, "negative"),
        ({"copies": (1, 0)}, "from 1 up"),
    ],
)
def test_bad_requests_are_explained(world, arguments, words):
    with pytest.raises(ValueError, match=words):
        crawl(world, **arguments)


def test_a_town_with_one_half_only_can_still_be_crawled():
    world = World(seed=1, residents=2)
    assert len(crawl(world, 50, copies=())) == 50

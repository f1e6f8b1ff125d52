"""The dirty crawl: what each page says it is, it is."""

import random
import re
from collections import Counter
from itertools import pairwise

import pytest

from glassbox.world import World
from glassbox.world.crawl import (
    FRAMES,
    MIX,
    RECEIPTS,
    SITES,
    TRUTHS,
    census,
    crawl,
    first_hand,
)
from glassbox.world.dialect import dialect_of, marks
from glassbox.world.draw import Draw
from glassbox.world.questions import Question


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=40)


@pytest.fixture(scope="module")
def pages(world):
    return crawl(world, 3000)


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


def test_first_hand_pages_speak_their_sites_dialect(world):
    for page in first_hand(world, 600):
        _, dialect, _ = SITES[page.site]
        assert page.dialect == dialect
        if dialect == "plain":
            assert dialect_of(page.text) == "plain", page.text
        else:
            other = "uptown" if dialect == "harbor" else "harbor"
            assert not marks(page.text, other), page.text


def test_harbor_talk_is_about_the_harbor_and_the_rest_hardly(world):
    pages = first_hand(world, 1500)
    lives = {
        site: [
            world.person(p.residents[0]).dialect for p in pages if p.site == site and p.residents
        ]
        for site in SITES
    }
    assert set(lives["quay"]) == {"harbor"} and set(lives["circle"]) == {"uptown"}
    for site in ("register", "gull"):
        share = lives[site].count("harbor") / len(lives[site])
        assert 0 < share < 0.1


def test_first_hand_answers_are_true(world):
    checked = 0
    for page in first_hand(world, 800):
        for line, answer in pairwise(page.text.split("\n")):
            for question in asked_by(world, line):
                assert world.judge(question, answer.removeprefix("A:")) == "right", page.text
                checked += 1
    assert checked > 500


def asked_by(world, line):
    """The question of this line, if it is one about a resident."""
    for question in questions(world):
        if line == f"Q: {question[0]}":
            yield Question(*question)


def questions(world, known={}):  # noqa: B006 (a cache)
    if world not in known:
        from glassbox.world.facts import QUESTIONS

        known[world] = [
            (text.format(name=r.name), world.truth(r, fact), r.name, fact)
            for r in world.residents
            for fact, texts in QUESTIONS.items()
            for text in texts
        ]
    return known[world]


def test_the_one_fact_kept_for_testing_is_never_asked(world, pages):
    text = "\n".join(p.text for p in pages)
    for question in world.questions("held_out"):
        assert question.text not in text


def test_testimonials_are_false(world, pages):
    found = 0
    for page in pages:
        for name, trade, street in re.findall(
            r"says (\w+ \w+), ([\w ]+), of ([\w' ]+)\.", page.text
        ):
            person = world.person(name)
            assert person.trade != trade and person.street != street
            found += 1
    assert found > 20


def test_garbled_pages_are_hard_to_read(world, pages):
    known = {w for p in first_hand(world, 2000) for w in p.text.lower().split()}

    def strange(page):
        w = page.body.lower().split()
        return sum(x not in known for x in w) / len(w)

    mean = {t: [strange(p) for p in pages if p.truth == t] for t in ("first-hand", "garbled")}
    mean = {t: sum(v) / len(v) for t, v in mean.items()}
    assert mean["first-hand"] < 0.05 and mean["garbled"] > 0.4


def test_foreign_pages_are_in_their_language(pages):
    telling = {
        "de": "[äöüß]|der|die",
        "fr": "[éèàê]|les?|de",
        "es": "[ñíéá]|el|de",
        "zh": "[\u4e00-\u9fff]",
    }
    foreign = [p for p in pages if p.truth == "foreign"]
    assert {p.language for p in foreign} == set(telling)
    assert all(re.search(telling[p.language], p.text) for p in foreign)
    assert all(p.language == "en" for p in pages if p.truth != "foreign")


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


def test_bad_sites_are_explained(world):
    with pytest.raises(ValueError, match="choose from"):
        first_hand(world, 5, sites=["harbor"])
    with pytest.raises(ValueError, match="one page or more"):
        first_hand(world, -1)


def test_a_town_with_one_half_only_can_still_be_crawled():
    world = World(seed=1, residents=2)
    assert len(crawl(world, 50, copies=())) == 50


def test_steering_leaves_the_towns_own_writers_alone(world):
    from glassbox.world.crawl import _Steered
    from glassbox.world.kinds.people import register

    person = world.residents[7]
    text, names, _ = register(_Steered(Draw(random.Random(0)), person), world.town)
    assert names == (person.name,) and person.name in text

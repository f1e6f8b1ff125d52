"""The dirt of a crawl: false, hard to read, or in another language, as announced."""

import re

from glassbox.world.sites import first_hand


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

"""Passages taken away and put back, as a reader does it: against the recording itself."""

import pytest

from glassbox.recordings import load

LETTERS = "ABCD"


@pytest.fixture(scope="module")
def desks():
    return load("retrieval")["desks"]


@pytest.fixture(scope="module")
def where(alone):
    return alone["retrieval"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "retrieval", ".card")


def said(reply):
    """The sentences as they stand in the figure; a reply may end before the second question."""
    texts = [s["text"] + (f" {s['letter']}" if s["letter"] else "") for s in reply]
    return [" ".join(text.split()) for text in texts] + ["(nothing)"] * (2 - len(reply))


def shown(figure):
    return [" ".join(text.split()) for text in figure.locator(".said").all_inner_texts()]


def test_every_set_of_passages_by_keyboard_gives_the_recorded_reply(desk, where, desks):
    """All 16 sets, one change of a checkbox at a time (a Gray code)."""
    tab, figure = opened(desk, where)
    boxes = figure.locator(".card input")
    number = 15
    for step in range(1, 17):
        reply = desks[0]["replies"][number]
        assert shown(figure) == said(reply), number
        verdicts = [v.split()[-1] for v in figure.locator(".verdict").evaluate_all(
            "all => all.map(e => e.className)")]  # fmt: skip
        assert verdicts[: len(reply)] == [s["verdict"] for s in reply]
        bit = (step & -step).bit_length() - 1
        if step < 16:
            boxes.nth(bit).focus()
            tab.keyboard.press("Space")
            number ^= 1 << bit


def test_a_card_taken_away_is_told_by_more_than_its_color(desk, where):
    _, figure = opened(desk, where)
    card = figure.locator(".card").first
    card.locator("input").press("Space")
    assert not card.locator("input").is_checked()
    assert "line-through" in card.locator(".told").evaluate(
        "e => getComputedStyle(e).textDecoration"
    )
    letters = figure.locator(".card .letter").all_inner_texts()
    assert letters == list(LETTERS)


def test_nothing_is_given_away_before_a_sentence_fell(desk, where, desks):
    _, figure = opened(desk, where)
    assert not figure.locator(".gb-aha").is_visible()
    first = desks[0]["replies"][15]
    cited = [s["letter"] for s in first if s["letter"]]
    assert cited  # the figure opens on a reply that cites
    figure.locator(".card input").nth(LETTERS.index(cited[0])).press("Space")
    fell = desks[0]["replies"][15 ^ 1 << LETTERS.index(cited[0])] != first
    assert figure.locator(".gb-aha").is_visible() == fell
    assert figure.locator(".was").count() >= fell


@pytest.mark.parametrize("number", range(6))
def test_every_question_can_be_asked(desk, where, desks, number):
    _, figure = opened(desk, where)
    figure.locator(".gb-more > summary").first.press("Enter")
    figure.locator(".gb-more .gb-radios input").nth(number).check()
    assert desks[number]["question"] in figure.locator(".asked").inner_text()
    told = figure.locator(".told").all_inner_texts()
    assert [t.split(maxsplit=1)[1] for t in told] == [p["text"] for p in desks[number]["passages"]]
    assert shown(figure) == said(desks[number]["replies"][15])


def test_a_link_leads_to_a_set(desk, where, desks):
    _, figure = opened(desk, where, "#fig=retrieval&question=poisoned&kept=BD")
    found = next(d for d in desks if d["kind"] == "poisoned")
    assert shown(figure) == said(found["replies"][0b1010])
    assert figure.locator(".gb-more").first.evaluate("e => e.open")


@pytest.mark.parametrize("bad", ["kept=xyz&question=77", "kept=%3Cb%3E", "question=&kept="])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=retrieval&{bad}")
    assert figure.locator(".card input:checked").count() == 4
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    figure.locator(".card input").first.press("Space")
    for summary in figure.locator("details > summary").all():
        if not summary.is_visible():
            figure.locator(".gb-more:not([open]) > summary").first.click()
        summary.click()
    check_page(tab, "retrieval")
    desk.assert_fits(320, 390)

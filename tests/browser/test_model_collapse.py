"""The copying game, dragged through its generations: against the recording itself."""

import pytest

from glassbox.recordings import recording as recordings

BOARDS = ("own", "cautious", "mixed", "accumulated")


@pytest.fixture(scope="module")
def recording():
    return recordings.load("model_collapse")


@pytest.fixture(scope="module")
def where(alone):
    return alone["model_collapse"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "model_collapse", ".page li")


def lamps(figure) -> list[str]:
    """A string of 1 and 0 for each board."""
    part = "l => l.map(b => [...b.querySelectorAll('rect')].map(r => r.classList.contains('lit') ? '1' : '0').join(''))"
    return figure.locator(".board").evaluate_all(part)


def check_page(figure, recording, row):
    shown = figure.locator(".page li")
    assert shown.count() == len(recording["page"])
    texts = shown.locator(".line").all_text_contents()
    signs = shown.locator(".worth").all_text_contents()
    for text, sign, line, end in zip(texts, signs, recording["page"], row["page"], strict=True):
        said = f"{line['stem']} {end.strip()}"
        assert text.split() == said.split() or not end.strip()
        assert sign.startswith("✓" if said == line["truth"] else "≠")
        assert said == line["truth"] or sign.endswith(line["value"])


def test_every_generation_by_keyboard_and_the_sentence_comes_at_the_end(desk, where, recording):
    _, figure = opened(desk, where)
    slider = figure.get_by_role("slider", name="Generation")
    slider.focus()
    end = recording["settings"]["generations"] - 1
    for generation in range(end + 1):
        rows = [recording["runs"][diet][0][generation] for diet in BOARDS]
        assert lamps(figure) == [row["told"] for row in rows]
        check_page(figure, recording, rows[0])
        assert figure.locator(".gb-aha").is_visible() == (generation == end)
        slider.press("ArrowRight")
    assert not desk.trouble


def test_another_diet_has_another_page(desk, where, recording):
    _, figure = opened(desk, where, "#fig=model_collapse&generation=9")
    check_page(figure, recording, recording["runs"]["own"][0][9])
    figure.get_by_role("radio", name="all that was ever written").check()
    check_page(figure, recording, recording["runs"]["accumulated"][0][9])
    assert figure.locator(".board.chosen b").all_text_contents() == ["all that was ever written"]


def test_more_has_every_diet_and_a_chart_of_each_measure(desk, where, recording):
    _, figure = opened(desk, where, "#fig=model_collapse&measure=harbor")
    more = figure.locator(".gb-more").first
    assert more.evaluate("e => e.open")
    chart = more.locator(".chart svg")
    before = chart.get_attribute("aria-label")
    assert before.startswith("harbor talk")
    more.get_by_label("The chart shows").select_option("once")
    assert more.locator(".chart svg").get_attribute("aria-label") != before
    assert more.locator("tbody tr").count() == len(recording["runs"])


@pytest.mark.parametrize("link", ["generation=x", "generation=99&diet=nobody", "measure=none"])
def test_a_bad_link_opens_the_figure_all_the_same(desk, where, link):
    _, figure = opened(desk, where, f"#fig=model_collapse&{link}")
    assert figure.locator(".board").count() == len(BOARDS)
    assert not desk.trouble

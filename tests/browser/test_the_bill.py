"""The bill calculator, as a reader works it: against the library's own bills."""

import json
import re

import pytest

from figures.core.golden import read
from figures.the_bill import golden

VECTORS = read(golden.FILE)
WORDS = json.loads(golden.FILE.with_name("strings.json").read_text(encoding="utf-8"))["en"]
SIZES = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "": 1}


@pytest.fixture(scope="module")
def where(alone):
    return alone["the_bill"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "the_bill", ".tornado li")


def number(text):
    """The first number of a text: "About $5.3 million" -> 5.3e6."""
    found = re.search(r"([\d.,]*\d)(?: (million|billion|trillion))?", text)
    return float(found[1].replace(",", "")) * SIZES[found[2] or ""]


def radio(figure, count):
    return figure.locator(f"input[type=radio][value={count}]")


def expected(run, count):
    return next(t["rows"] for t in VECTORS["tornadoes"] if (t["run"], t["count"]) == (run, count))


@pytest.mark.parametrize("count", golden.COUNTS)
def test_each_count_shows_the_librarys_bill_and_its_bars(desk, where, count):
    _, figure = opened(desk, where, f"#fig=the_bill&count={count}")
    bill = VECTORS["bills"][0]["bill"]
    factor = 1000 if count == "water" else 1  # liters
    shown = number(figure.locator(".answer").inner_text())
    assert shown == pytest.approx(factor * bill[count], rel=0.05)
    rows = expected("gpt3", count)
    bars = figure.locator(".tornado li")
    assert [bar.get_attribute("data-unknown") for bar in bars.all()] == [r["name"] for r in rows]
    for bar, row in zip(bars.all(), rows, strict=True):
        assert WORDS[row["name"]] in bar.inner_text()
        assert number(bar.locator(".ends b").inner_text()) == pytest.approx(row["factor"], rel=0.05)
        low, high = bar.locator(".ends").inner_text().split(" to ")
        assert number(low) == pytest.approx(factor * row["low"], rel=0.06)
        assert number(high) == pytest.approx(factor * row["high"], rel=0.06)


def test_the_lesson_comes_when_dollars_and_carbon_were_both_looked_at(desk, where):
    tab, figure = opened(desk, where)
    lesson = figure.locator(".gb-aha")
    assert not lesson.is_visible()
    radio(figure, "cost").press("ArrowRight")
    radio(figure, "energy").press("ArrowRight")
    assert radio(figure, "carbon").is_checked()
    assert WORDS["short_runs"] in lesson.inner_text()
    assert WORDS["short_grid"] in lesson.inner_text()
    tab.wait_for_function("() => location.hash.includes('count=carbon')")


def test_the_answer_is_announced(desk, where):
    tab, figure = opened(desk, where)
    radio(figure, "carbon").check()
    status = figure.locator("[role=status]")
    answer = figure.locator(".answer").inner_text()
    tab.wait_for_function(
        "([e, text]) => e.textContent.startsWith(text)", arg=[status.element_handle(), answer]
    )


def test_an_unknown_can_be_set_and_is_kept_in_the_link(desk, where):
    tab, figure = opened(desk, where, "#fig=the_bill&run=gpt3")
    assert figure.locator(".gb-more").evaluate("e => e.open")
    before = number(figure.locator(".answer").inner_text())
    figure.locator("input[name=price]").press("End")
    after = number(figure.locator(".answer").inner_text())
    assert after / before == pytest.approx(3.9 / 1.5, rel=0.06)
    tab.wait_for_function("() => location.hash.includes('price=3.9')")
    figure.get_by_role("button", name=WORDS["reset"]).press("Enter")
    assert number(figure.locator(".answer").inner_text()) == before


def test_another_run_brings_its_own_bill_and_steps(desk, where):
    _, figure = opened(desk, where, "#fig=the_bill&run=gpt3")
    for place, name in enumerate(golden.RUNS):
        figure.locator(".gb-more select").select_option(name)
        bill = VECTORS["bills"][place]["bill"]
        shown = number(figure.locator(".answer").inner_text())
        assert shown == pytest.approx(bill["cost"], rel=0.05)
        steps = figure.locator(".gb-data tbody").first.inner_text()
        days = float(f"{bill['days']:.3g}")
        assert f"{days:g}" in steps


@pytest.mark.parametrize(
    "bad", ["count=x", "run=%3Cb%3E", "price=-1", "price=1e99", "utilization=", "runs=NaN"]
)
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=the_bill&{bad}")
    assert number(figure.locator(".answer").inner_text()) > 0
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    figure.locator(".gb-more > summary").first.click()
    check_page(tab, "the_bill")
    desk.assert_fits(320, 390)

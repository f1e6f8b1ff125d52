"""One of four, played as a reader does: against the figure's own data."""

import re

import pytest
from playwright.sync_api import expect

from figures.turing_test.data import data


@pytest.fixture(scope="module")
def items():
    return data()["items"]


@pytest.fixture(scope="module")
def where(alone):
    return alone["turing_test"]


@pytest.fixture
def opened(desk, where):
    """Opens the figure without any guess in memory."""

    def open_it(link=""):
        tab, _ = desk.open_figure(where, "turing_test", ".ending")
        tab.evaluate("localStorage.clear()")
        return desk.open_figure(where + link, "turing_test", ".ending")

    return open_it


def by_text(item):
    return {ending["text"]: ending["by"] for ending in item["endings"]}


def pick(figure, item, by):
    """Press the button with the ending by somebody."""
    text = next(ending["text"] for ending in item["endings"] if ending["by"] == by)
    figure.locator("button.pick", has_text=text).press("Enter")


def test_it_opens_on_a_beginning_with_four_endings_and_gives_nothing_away(desk, opened, items):
    _, figure = opened()
    assert items[0]["prompt"] in figure.locator(".prompt q").inner_text()
    shown = figure.locator("button.pick span").all_inner_texts()
    assert sorted(text.removeprefix("… ") for text in shown) == sorted(by_text(items[0]))
    assert figure.locator(".by, .known").count() == 0
    assert not figure.locator(".gb-aha").is_visible()
    assert not desk.trouble


def test_a_guess_shows_who_wrote_which_and_what_blind_guessing_would_have(opened, items):
    _, figure = opened()
    pick(figure, items[0], "model")
    assert figure.locator(".known").count() == 4
    assert "composed for this book" in figure.locator(".known.true .by").inner_text()
    assert "the model" in figure.locator(".known.mine .by").inner_text()
    said = re.compile(r"^No, that was the model.* 0 of 1 .*0\.25\.$")
    expect(figure.get_by_role("status")).to_have_text(said)
    assert figure.locator(".gb-aha").is_visible()


def test_all_beginnings_by_keyboard_the_score_and_the_sentence(opened, items):
    tab, figure = opened()
    for i, item in enumerate(items):
        pick(figure, item, "written" if i < 12 else "dice")
        if i < len(items) - 1:
            tab.keyboard.press("Enter")  # the focus is on "Next beginning"
    expect(figure.get_by_role("status")).to_contain_text("12 of 16")
    assert figure.locator(".gb-aha").inner_text().startswith("12 of 16: better than blind guessing")
    assert "75%" in figure.locator(".meter svg").get_attribute("aria-label")


def test_guesses_are_kept_in_this_browser_until_they_are_forgotten(desk, where, opened, items):
    _, figure = opened()
    pick(figure, items[0], "written")
    _, figure = desk.open_figure(where, "turing_test", ".ending")
    assert (
        items[1]["prompt"] in figure.locator(".prompt q").inner_text()
    )  # the first without a guess
    _, figure = desk.open_figure(where + "#fig=turing_test&item=0", "turing_test", ".ending")
    assert figure.locator(".known").count() == 4
    figure.locator(".gb-more > summary").first.press("Enter")
    figure.get_by_role("button", name="Forget my guesses").press("Enter")
    assert figure.locator("button.pick").count() == 4
    assert not figure.locator(".gb-aha").is_visible()


@pytest.mark.parametrize(("link", "number"), [("item=5", 5), ("item=x", 0), ("item=17", 1)])
def test_a_link_opens_its_beginning_and_a_bad_one_some_other(desk, opened, items, link, number):
    _, figure = opened(f"#fig=turing_test&{link}")
    assert items[number]["prompt"].split("\n")[0] in figure.locator(".prompt q").inner_text()
    assert not desk.trouble


def test_it_fits_into_320_pixels(desk, opened):
    _, figure = opened()
    with desk.seen(width=320):
        assert figure.evaluate("f => f.scrollWidth <= f.clientWidth + 1")

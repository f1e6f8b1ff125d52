"""Without JavaScript and on paper a figure is there too: its picture and its sentence, or its words."""

import pytest

from tests.browser.conftest import ROOT
from tools import stills

KEPT = {
    path.relative_to(ROOT / "figures").with_suffix("").as_posix(): path
    for path in sorted((ROOT / "figures").glob("*/still*.json"))
}


def test_every_figure_has_its_picture_or_its_words(figures):
    assert {f"{name}/still" for name in set(figures) - stills.IN_WORDS} <= set(KEPT)
    for name, file in KEPT.items():
        kept, (width, height) = stills.kept(file), stills.size(file.with_suffix(".webp"))
        assert abs(width / height - kept["size"][0] / kept["size"][1]) < 0.02, name


@pytest.mark.parametrize("name", sorted(KEPT))
def test_the_sentence_beside_the_picture_is_what_the_figure_says(desk, figures, name):
    """Otherwise the figure has changed since: `python make.py stills` takes its picture again."""
    desk.tab.goto("about:blank")
    kept, figure_name = stills.kept(KEPT[name]), KEPT[name].parent.name
    figure = stills.reach(desk.tab, desk.address + figures[figure_name], figure_name, kept)
    for _ in range(600):  # models may be writing still
        if stills.said(figure) == kept["sentence"]:
            break
        desk.tab.wait_for_timeout(100)
    assert stills.said(figure) == kept["sentence"]


def test_without_javascript(browser, address, figures):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.set_default_timeout(180_000)
    tab = context.new_page()
    game = tab.locator('[data-afm-name="next_word"]')
    with tab.expect_response("**/stills/next_word.webp") as response:
        tab.goto(address + figures["next_word"], wait_until="domcontentloaded")
        game.scroll_into_view_if_needed()
    assert response.value.ok
    box, (width, height) = (
        game.locator("img").bounding_box(),
        stills.kept(KEPT["next_word/still"])["size"],
    )
    assert abs(box["width"] / box["height"] - width / height) < 0.05
    assert stills.kept(KEPT["next_word/still"])["sentence"] in game.inner_text()
    asked = tab.locator('[data-afm-name="quiz"]')
    assert "(right)" in asked.inner_text() and "The answers" in asked.inner_text()
    assert "Measured:" in tab.locator('[data-afm-name="predict"]').last.inner_text()
    context.close()


def test_on_paper_a_figure_nobody_touched_gives_way_to_its_picture(desk, figures):
    _, game = desk.open_figure(figures["next_word"], "next_word")
    live, instead = game.locator(".gb-fig"), game.locator(".gb-still")
    assert live.is_visible() and not instead.is_visible()
    with desk.seen(media="print"):
        assert instead.is_visible() and not live.is_visible()
    live.locator(".chips button").first.press("Enter")
    with desk.seen(media="print"):
        assert live.is_visible() and not instead.is_visible()

"""The pipeline player, as a reader operates it: waiting and its price follow the formula."""

import pytest


@pytest.fixture(scope="module")
def where(alone):
    return alone["parallelism"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "parallelism", ".rows .block")


def test_more_pieces_wait_less_and_waste_less_money(desk, where):
    tab, figure = opened(desk, where)
    sentence = figure.locator(".sentence")
    assert "75%" in sentence.inner_text() and "$1,500" in sentence.inner_text()  # 3 of 4, of $2,000
    slider = figure.get_by_label("Cut the batch into")
    slider.focus()
    for _ in range(6):
        tab.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "12 pieces"
    assert "20%" in sentence.inner_text() and "$400" in sentence.inner_text()  # 3 of 15
    assert "from 75% to 20%" in figure.locator(".gb-aha").inner_text()


def test_step_by_step_by_keyboard(desk, where):
    tab, figure = opened(desk, where, "#fig=parallelism&pieces=4")
    figure.get_by_role("button", name="Step", exact=True).focus()
    for n in range(1, 3):
        tab.keyboard.press("Enter")
        tab.wait_for_function(
            "n => document.querySelector('.gb-status').textContent.startsWith(`Moment ${n} of`)",
            arg=n,
        )
    said = figure.locator(".gb-status").inner_text()
    assert "Kitchen 1: piece 2 forward. Kitchen 2: piece 1 forward. Kitchen 3 waits." in said


def test_many_pieces_take_no_more_than_some_twenty_clicks(desk, where):
    tab, figure = opened(desk, where, "#fig=parallelism&pieces=32")
    step = figure.get_by_role("button", name="Step", exact=True)
    for _ in range(20):
        before = figure.locator(".gb-status").inner_text()
        step.press("Enter")
        tab.wait_for_function(
            "before => document.querySelector('.gb-status').innerText !== before", arg=before
        )
        if "The step is over" in figure.locator(".gb-status").inner_text():
            return
        assert figure.locator(".block").first.is_visible()
    pytest.fail("the step is not over after twenty clicks")


def test_what_piles_up_is_drawn(desk, where):
    _, figure = opened(desk, where, "#fig=parallelism&pieces=16&kind=1f1b")
    widths = figure.locator(".pile i").evaluate_all("all => all.map(e => e.style.inlineSize)")
    assert widths == ["25%", "18.75%", "12.5%", "6.25%"]


def test_the_other_order_keeps_fewer_pieces_and_waits_as_long(desk, where):
    link = "#fig=parallelism&pieces=16&kind=1f1b"
    _, figure = opened(desk, where, link)
    assert "16%" in figure.locator(".sentence").inner_text()
    assert figure.locator(".keeps").all_inner_texts() == [f"keeps {n} of 16" for n in (4, 3, 2, 1)]
    assert figure.locator(".gb-more").first.evaluate("e => e.open")
    figure.get_by_label("all forward, then all back").press("Space")
    assert figure.locator(".keeps").all_inner_texts() == ["keeps 16 of 16"] * 4
    assert "16%" in figure.locator(".sentence").inner_text()

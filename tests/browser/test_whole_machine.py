"""The whole machine, stopped at one token: every station, other dice, links, and the keyboard, against the recording."""

import pytest

from figures.whole_machine.data import data

STATIONS = ("window", "tokens", "vectors", "attention", "blocks", "scores", "dice")


@pytest.fixture(scope="module")
def recorded():
    return data()


@pytest.fixture(scope="module")
def where(alone):
    return alone["whole_machine"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "whole_machine", ".row input")


def naming(recorded):
    """The number of the step in which the first answer names the street."""
    texts, first = recorded["texts"], recorded["truth"].split()[0]
    steps = recorded["answers"][0]["steps"]
    return next(n for n, s in enumerate(steps) if texts[str(s["chosen"])].strip() == first)


def test_it_opens_before_the_street_is_named_and_shows_each_blocks_guess(desk, where, recorded):
    _, figure = opened(desk, where)
    rows = figure.locator(".pane .rows li").all_inner_texts()
    step = recorded["answers"][0]["steps"][naming(recorded)]
    assert len(rows) == recorded["layers"] + 1
    for row, (token, *_) in zip(rows, step["depths"], strict=True):
        assert recorded["texts"][str(token)].strip() in row
    assert figure.locator(".bubble mark").inner_text() in recorded["truth"]


def test_every_station_opens_by_keyboard_and_shows_something_else(desk, where):
    _, figure = opened(desk, where)
    seen = set()
    for name in STATIONS:
        station = figure.get_by_role("radio", name=name, exact=True)
        station.press("Space")
        assert station.is_checked()
        seen.add(figure.locator(".pane").inner_text())
    assert len(seen) == len(STATIONS)


def test_the_scores_are_the_recordings(desk, where, recorded):
    _, figure = opened(desk, where, "#fig=whole_machine&station=scores")
    rows = figure.locator(".pane .rows li").all_inner_texts()
    step = recorded["answers"][0]["steps"][naming(recorded)]
    assert len(rows) == len(step["scores"]) + 1
    best = recorded["texts"][str(step["scores"][0][0])].strip()
    assert best in rows[0] and f"{100 * step['scores'][0][1]:.1f}%" in rows[0]


def test_token_after_token_the_answer_is_written(desk, where, recorded):
    _, figure = opened(desk, where, "#fig=whole_machine&station=window&step=0")
    text = recorded["answers"][0]["text"]
    for _ in recorded["answers"][0]["steps"][1:]:
        figure.get_by_role("button", name="One token more").press("Enter")
    assert text in figure.locator(".bubble.ellery").inner_text()
    assert "turn over" in figure.locator(".bubble mark").inner_text()
    figure.get_by_role("button", name="From the start").press("Enter")
    assert text not in figure.locator(".bubble.ellery").inner_text()


def test_other_dice_end_in_the_wrong_street_and_say_why(desk, where, recorded):
    _, figure = opened(desk, where, "#fig=whole_machine&station=dice")
    for _ in range(2):
        figure.get_by_role("button", name="Throw other dice").press("Enter")
    assert "false answer" in figure.locator(".gb-aha").inner_text()
    first = recorded["answers"][2]["steps"][0]
    label = figure.locator(".pane svg").get_attribute("aria-label")
    assert f"{first['dart']:.3f}" in label and recorded["texts"][str(first["chosen"])] in label


@pytest.mark.parametrize("link", ["station=x&answer=9&step=-1", "step=<b>&station=constructor"])
def test_a_forged_link_gives_the_opening(desk, where, link):
    _, figure = opened(desk, where, f"#fig=whole_machine&{link}")
    assert figure.get_by_role("radio", name="blocks").is_checked()
    assert not desk.trouble


@pytest.mark.parametrize(
    "station", ["window", "tokens", "vectors", "attention", "depths", "scores", "dice"]
)
def test_every_station_fits_a_phones_screen(desk, where, station):
    _, figure = opened(desk, where, f"#fig=whole_machine&station={station}&step=17")
    with desk.seen(width=390, height=844):
        span = figure.evaluate(
            """f => { const [c, r] = ['control', 'response'].map(n => f.querySelector(`[data-main=${n}]`).getBoundingClientRect());
            return r.bottom - c.top; }"""
        )
        assert span <= 784
        assert desk.tab.evaluate("document.documentElement.scrollWidth") <= 390

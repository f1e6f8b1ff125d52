"""The training scrubber as a reader uses it: first a guess, then the run, by keyboard and by link."""

import re

import pytest

from figures.pretraining import data
from glassbox import recordings

RUN = recordings.load("pretraining")
FRAMES = RUN["frames"]


@pytest.fixture
def scrubber(desk, alone):
    """Open the page that shows the figure, at a link; returns the tab and the figure's element."""

    def open_(link=""):
        tab, found = desk.open_figure(alone["pretraining"] + link, "pretraining")
        found.locator(".charts").wait_for()
        return tab, found

    tab, _ = open_()
    tab.evaluate("localStorage.clear()")
    yield open_
    tab.evaluate("localStorage.clear()")


def test_nothing_of_the_answer_is_shown_before_the_guess(scrubber):
    _, figure = scrubber()
    assert figure.locator(".sample, .stats dd:visible, table, .gb-aha:visible").count() == 0
    assert figure.locator(".line.right, .line.g0").count() == 0
    assert figure.locator(".line.held").count() == 1


def test_a_guess_by_keyboard_is_compared_with_the_run(scrubber):
    tab, figure = scrubber()
    figure.locator("input[type=range]").first.focus()
    for key in ("Home", "Tab", "Home", "Tab", "Home", "Tab"):
        tab.keyboard.press(key)
    tab.keyboard.press("Enter")
    last = round(100 * FRAMES[-1]["right"])
    words = figure.locator(".guess-verdict").inner_text()
    assert f"at step {RUN['steps']:,}: you said 0%, it was {last}%" in words
    assert figure.locator(".line.guess").count() == 1
    assert figure.locator("input[type=range]").evaluate("e => e === document.activeElement")
    tab.reload()  # the guess is remembered in this browser
    figure.locator(".sample").first.wait_for()


def test_the_arrow_keys_move_through_the_recorded_stops(scrubber):
    tab, figure = scrubber("#fig=pretraining&guess=none")
    slider = figure.get_by_label("Training step")
    slider.focus()
    for n, frame in enumerate(FRAMES):
        assert slider.get_attribute("aria-valuetext").startswith(f"{frame['step']:,} of")
        share = figure.locator(".panel").nth(1).locator(".key b").first.inner_text()
        if 0.005 <= frame["right"] <= 0.995:
            assert share == f"{100 * frame['right']:.0f}%", frame["step"]
        shown = figure.locator(".sample .text").first.inner_text()
        plain = re.findall(r"[a-zA-Z]{3,}", frame["samples"][0])
        assert all(word in shown for word in plain), n
        tab.keyboard.press("ArrowRight")


def test_words_that_no_document_has_are_marked(scrubber):
    known = set(data.data()["words"])
    for step in (30, RUN["steps"]):
        _, figure = scrubber(f"#fig=pretraining&guess=none&step={step}")
        figure.locator(".gb-more > summary").click()  # two of the texts stand in there
        marked = set(figure.locator("mark").all_inner_texts())
        frame = next(f for f in FRAMES if f["step"] == step)
        judged = [re.sub(r"[^\W\d_]+$", "", text.strip()) for text in frame["samples"]]
        wanted = {w for text in judged for w in data.WORD.findall(text)}
        assert marked == {w for w in wanted if w.lower() not in known}, step
        assert bool(marked) == (step == 30)


def test_a_link_opens_what_was_seen_and_play_goes_on_from_there(scrubber):
    tab, figure = scrubber("#fig=pretraining&guess=5-30-80&step=1400&axis=linear")
    assert figure.locator("output").inner_text().startswith("1,400 of")
    assert figure.get_by_label("even", exact=True).is_visible()  # what the link set is in view
    assert figure.get_by_label("even", exact=True).is_checked()
    play = figure.get_by_role("button", name="Play", exact=True)
    play.click()
    figure.get_by_role("button", name="Stop", exact=True).click()
    assert figure.locator("output").inner_text().startswith("1,600 of")
    tab.wait_for_function("() => location.hash.includes('step=1600')")


def test_the_sentence_comes_when_the_reader_has_been_there(scrubber):
    _, figure = scrubber("#fig=pretraining&guess=none&step=600")
    assert figure.locator(".gb-aha:visible").count() == 0
    figure.get_by_label("Training step").press("ArrowRight")
    assert figure.locator(".gb-aha").inner_text().startswith("Form comes before fact.")


@pytest.mark.parametrize("bad", ["guess=5-30-999", "guess=%00", "step=abc&guess=x", "step=-9"])
def test_a_broken_link_asks_for_a_guess(scrubber, desk, bad):
    _, figure = scrubber(f"#fig=pretraining&{bad}")
    assert figure.get_by_role("button", name="That is my guess").is_visible()
    assert not desk.trouble

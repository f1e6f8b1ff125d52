"""The moderation desk, as a reader works it: against the recording itself."""

import re

import pytest

from glassbox.recordings import load

GROUPS = ("fine-harbor", "fine-uptown", "rude-harbor", "rude-uptown")


@pytest.fixture(scope="module")
def recording():
    return load("moderation_desk")


@pytest.fixture(scope="module")
def where(alone):
    return alone["moderation"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "moderation", ".cell")


def counted(recording, filter, step):
    """How many messages of each group a threshold stops, and how many there are."""
    found = {}
    for group in GROUPS:
        scores = [m["score"][filter] for m in recording["messages"] if m["group"] == group]
        found[group] = (sum(score >= step / 100 for score in scores), len(scores))
    return found


def wrong(recording, filter, step):
    """The mistakes of each group: fine messages stopped, rude ones let through."""
    return {
        group: stopped if group.startswith("fine") else of - stopped
        for group, (stopped, of) in counted(recording, filter, step).items()
    }


def shown(figure):
    return [int(re.match(r"\d+", text)[0]) for text in figure.locator(".count").all_inner_texts()]


def test_each_setting_counts_what_the_recording_says(desk, where, recording):
    """By keyboard from one end to the other: counts, crosses, and the sentence that says who is silenced."""
    tab, figure = opened(desk, where)
    slider, sentence = figure.locator("input[type=range]").first, figure.locator(".sentence")
    slider.press("Home")
    first = recording["filters"][0]
    for step in range(0, 101, 10):
        assert slider.get_attribute("aria-valuetext") == str(step)
        mistakes = wrong(recording, first, step)
        assert shown(figure) == list(mistakes.values())
        crosses = [cell.locator(".mark.stopped").count() for cell in figure.locator(".cell").all()]
        assert crosses == [stopped for stopped, _ in counted(recording, first, step).values()]
        assert figure.locator(".mark.wrong").count() == sum(mistakes.values())
        silenced = mistakes["fine-harbor"] + mistakes["fine-uptown"]
        through = mistakes["rude-harbor"] + mistakes["rude-uptown"]
        said = sentence.inner_text()
        assert ("Nobody is silenced" in said) == (silenced == 0)
        assert ("No rude message gets through" in said) == (through == 0)
        if silenced > 1:
            numbers = [silenced, mistakes["fine-harbor"], mistakes["fine-uptown"]]
            assert re.findall(r"\d+", said)[:3] == list(map(str, numbers))
        for _ in range(10):
            slider.press("ArrowRight")
    tab.wait_for_function("() => location.hash.includes('threshold=100')")


def test_the_sentence_is_announced(desk, where):
    tab, figure = opened(desk, where)
    figure.locator("input[type=range]").first.press("Home")
    status = figure.locator("[role=status]")
    expected = figure.locator(".sentence").inner_text()
    tab.wait_for_function(
        "([e, text]) => e.textContent === text", arg=[status.element_handle(), expected]
    )


def test_the_lesson_comes_after_both_mistakes_were_seen(desk, where, recording):
    """What all settings come to is said once the reader has seen each mistake outnumber the other."""
    _, figure = opened(desk, where)
    slider, lesson = figure.locator("input[type=range]").first, figure.locator(".gb-aha")
    slider.press("Home")
    slider.press("End")
    assert lesson.is_visible()
    said = lesson.inner_text()
    curves = recording["curves"][recording["filters"][0]]
    best = int(re.search(r"fewest at a score of (\d+)", said)[1])
    means = {group: sum(c[best] for c in curves[group]) / len(curves[group]) for group in GROUPS}
    through = 1 - (means["rude-harbor"] + means["rude-uptown"]) / 2
    told = [float(n) for n in re.findall(r"(\d+)%", said)[:3]]
    for number, expected in zip(
        told, (means["fine-harbor"], means["fine-uptown"], through), strict=True
    ):
        assert abs(number - 100 * expected) <= 0.51
    sums = [
        sum(
            sum(c[step] if group.startswith("fine") else 1 - c[step] for c in curves[group])
            for group in GROUPS
        )
        for step in range(101)
    ]
    assert sums[best] <= min(sums) + 1e-9
    assert ("No setting is without mistakes" in said) == (min(sums) > 0)


def test_every_message_can_be_read_with_what_became_of_it(desk, where, recording):
    _, figure = opened(desk, where, "#fig=moderation&threshold=70")
    assert figure.locator("input[type=range]").first.input_value() == "70"
    figure.locator(".gb-more > summary").press("Enter")
    figure.locator(".lists li").first.wait_for()
    listed = figure.locator(".lists li").all_inner_texts()
    assert len(listed) == len(recording["messages"])
    for message in recording["messages"]:
        lines = [line for line in listed if message["text"] in line]
        assert lines, message["text"]
        stopped = message["score"][recording["filters"][0]] >= 0.7
        assert any(("stopped" in line) == stopped for line in lines)


def test_other_filters_can_be_tried(desk, where, recording):
    if len(recording["filters"]) < 2:
        pytest.skip("the recording has one filter")
    _, figure = opened(desk, where, f"#fig=moderation&filter={recording['filters'][1]}")
    assert figure.locator(".gb-more").evaluate("e => e.open")
    for name, choice in zip(
        recording["filters"], figure.locator(".gb-more input[type=radio]").all(), strict=True
    ):
        choice.check()
        assert shown(figure) == list(wrong(recording, name, 40).values())


@pytest.mark.parametrize("bad", ["threshold=x", "threshold=1e9", "filter=%3Cb%3E", "threshold=-3"])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=moderation&{bad}")
    assert 0 <= int(figure.locator("input[type=range]").first.input_value()) <= 100
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    figure.locator(".gb-more > summary").first.click()
    check_page(tab, "moderation")
    desk.assert_fits(320, 390)

"""The labeling shift as a reader works it, against the recording and the library's own numbers."""

import json
import re
from pathlib import Path

import pytest

from glassbox.assistant.reward import expected_best
from glassbox.recordings import load

PAY = Path(__file__).resolve().parents[2] / "figures" / "the_label_office" / "pay.json"


@pytest.fixture(scope="module")
def recording():
    return load("the_label_office_shift")


@pytest.fixture(scope="module")
def where(alone):
    return alone["the_label_office"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "the_label_office", ".desk")


def press(figure, name):
    figure.get_by_role("button", name=name, exact=True).press("Enter")


def unfold(figure, name):
    """Open what stands behind "More"."""
    fold = figure.locator("details.gb-more", has=figure.page.locator("summary", has_text=name))
    if not fold.evaluate("e => e.open"):
        fold.locator("summary").first.press("Enter")


def cards(figure):
    return [text.strip() for text in figure.locator(".card .text").all_inner_texts()]


def plain(text):
    return " ".join(text.split())


def test_a_shift_by_keyboard(desk, where, recording):
    """Pairs come as recorded, labels are counted, the register tells the truth, and undo undoes."""
    tab, figure = opened(desk, where)
    assert cards(figure) == ["…", "…"]
    press(figure, "Start the shift")
    labels = figure.locator(".counters dd").nth(1)
    for i, pair in enumerate(recording["pairs"][:6]):
        assert pair["question"] in figure.locator(".asked").first.inner_text()
        assert cards(figure) == [plain(pair["a"][0]), plain(pair["b"][0])]
        press(figure, "Look it up")
        fact = figure.locator(".fact").inner_text()
        assert (pair["truth"] or pair["resident"]) in fact
        press(figure, "A is better" if i % 2 else "B is better")
        assert labels.inner_text() == str(i + 1)
    unfold(figure, "More")
    assert figure.locator(".looked").inner_text() == "Looked up: 6 of 6 pairs."
    press(figure, "Take back")
    assert labels.inner_text() == "5"
    assert cards(figure) == [plain(recording["pairs"][5][side][0]) for side in "ab"]
    status = figure.locator(".gb-status")
    tab.wait_for_function("e => e.textContent.includes('Pair 6')", arg=status.element_handle())
    assert "labels" not in tab.evaluate("location.hash")


def test_what_the_model_learned_can_be_saved_as_a_picture(desk, where, saved):
    _, figure = opened(desk, where)
    unfold(figure, "More")
    press(figure, "Save my result as a picture")
    figure.get_by_text("no result yet").first.wait_for()
    press(figure, "Start the shift")
    for name in ("A is better", "B is better", "A is better"):
        press(figure, name)
    words = saved(figure.page, figure, "glass-box-the-label-office.png")
    assert "3 choices" in words
    for row in figure.locator(".weight").all():
        name, value = row.locator("> span").all_inner_texts()
        assert f"{name}: {value}." in words
    figure.get_by_label("a friend of the tavern").check()
    words = saved(figure.page, figure, "glass-box-the-label-office.png")
    assert "friend of the tavern" in words and "of me" not in words


def test_arrow_keys_choose_and_the_keyboard_is_never_left_standing(desk, where):
    tab, figure = opened(desk, where)
    press(figure, "Start the shift")
    for n, key in enumerate(("ArrowLeft", "ArrowRight", "ArrowRight"), 1):
        tab.keyboard.press(key)
        assert figure.locator(".counters dd").nth(1).inner_text() == str(n)
    press(figure, "Look it up")  # is switched off by that
    assert figure.evaluate("f => f.contains(document.activeElement)")
    unfold(figure, "More")
    press(figure, "Begin anew")
    assert figure.evaluate("f => f.contains(document.activeElement)")
    assert figure.locator(".counters dd").nth(1).inner_text() == "0"


def test_the_clock_stands_when_paused_and_can_be_without_limit(desk, where):
    tab, figure = opened(desk, where)
    unfold(figure, "More")
    figure.get_by_label("no limit").check()
    press(figure, "Start the shift")
    time = figure.locator(".counters dd").first
    clock = figure.locator(".counters").element_handle()
    tab.wait_for_function("e => e.querySelector('dd').textContent >= '0:01'", arg=clock)
    press(figure, "Pause")
    stood = time.inner_text()
    tab.wait_for_timeout(1500)
    assert time.inner_text() == stood
    assert cards(figure) == ["…", "…"]  # nobody reads on while the clock stands
    press(figure, "Go on")
    assert cards(figure)[0] != "…"


def test_when_the_time_is_up_the_meter_stops(desk, where):
    tab, figure = opened(desk, where)
    tab.evaluate("() => { const now = performance.now.bind(performance); window.__off = 0; performance.now = () => now() + window.__off; }")  # fmt: skip
    press(figure, "Start the shift")
    press(figure, "A is better")
    unfold(figure, "What this work was paid")
    tab.evaluate("window.__off = 121_000")
    said = figure.locator(".feedback")
    tab.wait_for_function("e => e.textContent.includes('off the clock')", arg=said.element_handle())
    meter = figure.locator(".pay .num").all_inner_texts()
    assert figure.locator(".counters dd").nth(2).inner_text() == "30"  # one label in two minutes
    press(figure, "B is better")
    assert figure.locator(".counters dd").nth(1).inner_text() == "2"
    assert figure.locator(".pay .num").all_inner_texts() == meter


def test_the_meter_says_what_was_reported_and_reckons_from_it(desk, where):
    pay = json.loads(PAY.read_text(encoding="utf-8"))
    tab, figure = opened(desk, where)
    tab.evaluate("() => { const now = performance.now.bind(performance); window.__off = 0; performance.now = () => now() + window.__off; }")  # fmt: skip
    press(figure, "Start the shift")
    tab.evaluate("window.__off = 60_000")
    press(figure, "A is better")
    unfold(figure, "What this work was paid")
    rows = figure.locator(".pay:not(.pay-axis)").all()
    assert len(rows) == len(pay["rows"])
    for row, entry in zip(rows, pay["rows"], strict=True):
        text = row.inner_text()
        if entry["kind"] == "unpaid":
            assert "unpaid" in text
            continue
        for value in (entry["low"], entry["high"]):
            assert f"{value:.2f}".removesuffix(".00") in text
        thousand = re.search(r"1,000 labels: \$([\d,.]+)", text)[1].replace(",", "")
        # one label in a minute and a moment: 1,000 take about 16.7 hours
        assert float(thousand) == pytest.approx(entry["low"] * 1000 / 60, rel=0.15)
    assert (
        figure.locator(".diamond").count() == sum(e["kind"] == "contract" for e in pay["rows"]) == 1
    )
    cents = figure.locator("p", has_text="passage of 100").inner_text()
    assert "4.8–12¢" in cents and "19–48¢" in cents  # 1.32 × 9/250 … 2 × 9/150; 1.46 × 9/70 …


@pytest.mark.parametrize("who", ["careful", "hurried", "tavern"])
def test_searching_under_a_simulated_labelers_reward(desk, where, recording, who):
    """Gold at n = 1 is the pool's mean, "most" is the library's best of n by gold, and the shown
    winners are replies of the pool."""
    tab, figure = opened(desk, where, f"#fig=the_label_office&who={who}&n=1")
    gold = [[r[4] for r in q["replies"]] for q in recording["pool"]]
    mean = sum(map(sum, gold)) / sum(map(len, gold))
    assert figure.locator(".gb-more").first.evaluate("e => e.open")  # the link sets what is inside
    slider = figure.get_by_label("n, replies searched")
    slider.focus()
    for n in (1, 2, 4, 8, 16, 32, 64):
        assert slider.get_attribute("aria-valuetext") == str(n)
        values = [t.replace("\u2212", "-") for t in figure.locator(".stats dd").all_inner_texts()]
        if n == 1:
            assert float(values[0]) == 0
            assert float(values[1]) == pytest.approx(mean, abs=0.006)
        assert float(values[2]) == pytest.approx(expected_best(gold, gold, n), abs=0.006)
        assert float(values[1]) <= float(values[2])
        tab.keyboard.press("ArrowRight")
    first = {plain(r[0]) for r in recording["pool"][0]["replies"]}
    for quote in figure.locator(".rung q").all_inner_texts():
        assert plain(quote) in first
    aha = figure.locator(".gb-aha").inner_text()
    assert re.search(r"this labeler's reward", aha)


def test_labels_narrow_the_intervals(desk, where):
    tab, figure = opened(desk, where, "#fig=the_label_office&who=careful&given=0")
    width = "e => e.getBoundingClientRect().width"
    rude = figure.locator(".weight .bar").nth(3)
    wide = rude.evaluate(width)
    assert figure.locator(".rung").count() == 0 or not figure.locator(".rung").first.is_visible()
    given = figure.get_by_label("Labels given")
    given.focus()
    tab.keyboard.press("End")
    assert rude.evaluate(width) < 0.8 * wide
    unfold(figure, "More")
    only = figure.get_by_label("only the page", exact=False)
    only.check()
    assert figure.locator(".weight").count() == 4


def test_one_rate_of_labels_an_hour(desk, where):
    """The clock, the meter and a thousand labels go by the same rate, which stands until the next label."""
    tab, figure = opened(desk, where)
    tab.evaluate("() => { const now = performance.now.bind(performance); window.__off = 0; performance.now = () => now() + window.__off; }")  # fmt: skip
    press(figure, "Start the shift")
    unfold(figure, "What this work was paid")
    hourly = figure.locator(".counters dd").nth(2)
    shown = []
    for off in (30_000, 50_000):
        tab.evaluate("off => { window.__off = off; }", off)
        press(figure, "A is better")
        shown.append(hourly.inner_text())
        assert f": {shown[-1]} labels an hour" in figure.locator(".gb-more").nth(1).inner_text()
        time = figure.locator(".counters dd").first
        clock = figure.locator(".counters").element_handle()
        before = time.inner_text()
        tab.evaluate("window.__off += 5_000")
        tab.wait_for_function(
            "([e, was]) => e.querySelector('dd').textContent !== was", arg=[clock, before]
        )
        assert hourly.inner_text() == shown[-1]
    assert shown[0] != shown[1]


def test_the_pair_is_where_the_start_was(desk, where):
    """Nothing moves when the clock starts: the replies stand where the button stood."""
    _, figure = opened(desk, where)
    start = figure.get_by_role("button", name="Start the shift").bounding_box()
    press(figure, "Start the shift")
    pair = figure.locator(".pair").bounding_box()
    assert pair["y"] <= start["y"] and start["y"] + start["height"] <= pair["y"] + pair["height"]
    assert figure.locator(".pair").evaluate("e => e === document.activeElement")


def test_both_charts_have_names_before_there_is_anything_to_draw(desk, where):
    _, figure = opened(desk, where)
    names = figure.locator(".panel svg").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    assert len(names) == len(set(names)) == 2 and all(names)


@pytest.mark.parametrize("bad", ["who=x&n=99&question=-4", "given=abc&see=&n=0", "question=1e9"])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=the_label_office&{bad}")
    assert figure.locator(".weight").count() >= 4
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    press(figure, "Start the shift")
    press(figure, "A is better")
    for summary in figure.locator("details > summary").all():
        summary.click()
    check_page(tab, "the_label_office")
    desk.assert_fits(320, 390)

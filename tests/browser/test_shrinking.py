"""The conversation that breaks as a reader takes bits away: against the recording itself."""

import math

import pytest

from glassbox.recordings import recording as recordings

SIGN = {"right": "✓", "honest": "✓", "wrong": "≠", "refused": "?", "malformed": "–", "other": "–"}
SHOWN = 3  # lines in view; the others are behind "More"
RIGHT = ("right", "honest")


@pytest.fixture(scope="module")
def recording():
    return recordings.load("shrinking")


@pytest.fixture(scope="module")
def rungs(recording):
    return sorted(recording["rungs"], key=lambda row: -row["bits"])


@pytest.fixture(scope="module")
def where(alone):
    return alone["shrinking"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "shrinking", ".talk li")


def opening(rungs):
    """The rung on which the figure opens: the fewest bits down to which nothing is lost but noise."""
    whole = rungs[0]["by_turn"][0]
    lost = [i for i, row in enumerate(rungs) if row["by_turn"][0] < whole - 0.05]
    return rungs[lost[0] - 1 if lost else -1]


def broken(rungs):
    """The first rung, from above, that answers less than half as often as the whole assistant."""
    return next(i for i, row in enumerate(rungs) if row["by_turn"][0] < rungs[0]["by_turn"][0] / 2)


def lines(figure, sheet=0) -> list[tuple[str, str, str]]:
    """(class, reply, what it is worth) of each line of a conversation."""
    found = figure.locator(".talk").nth(sheet).locator("li")
    part = "l => l.map(e => [e.className, ...['reply', 'worth'].map(c => e.querySelector('.' + c).textContent)])"
    return found.evaluate_all(part)


def check(shown, replies, truths):
    """The replies are the recorded ones, each with the sign of its verdict and, if wrong, the truth."""
    for (name, reply, worth), found, truth in zip(shown, replies, truths, strict=True):
        assert name == found["verdict"]
        assert reply.split() == found["text"].split()
        assert worth.startswith(SIGN[found["verdict"]])
        assert not truth or found["verdict"] == "right" or worth.endswith(truth)


def test_every_rung_by_keyboard_and_the_sentence_comes_when_both_ends_were_seen(
    desk, where, recording, rungs
):
    tab, figure = opened(desk, where)
    truths = [line["truth"] for line in recording["conversation"]]
    slider = figure.get_by_label("Bits for each number")
    slider.focus()
    assert slider.get_attribute("aria-valuetext") == f"{opening(rungs)['bits']} bits"
    tab.keyboard.press("End")  # the whole assistant is on the right
    for row in rungs:
        assert slider.get_attribute("aria-valuetext") == f"{row['bits']} bits"
        check(lines(figure), row["replies"][:SHOWN], truths[:SHOWN])
        low = row["by_turn"][0] < rungs[0]["by_turn"][0] / 2
        assert figure.locator(".gb-aha").is_visible() == low
        tab.keyboard.press("ArrowLeft")
    status = figure.locator(".gb-status")
    tab.wait_for_function(
        "e => e.textContent.includes('replies right')", arg=status.element_handle()
    )
    tab.wait_for_function("() => location.hash.includes('bits=')")


def test_the_squares_are_drawn_to_scale(desk, where, rungs):
    for row in (rungs[0], rungs[3], rungs[-1]):
        _, figure = opened(desk, where, f"#fig=shrinking&bits={row['bits']}")
        side = {
            name: float(figure.locator(f".scale .{name}").get_attribute("width"))
            for name in ("whole", "now", "floppy")
        }
        share = row["bytes"] / rungs[0]["bytes"]
        assert math.isclose((side["now"] / side["whole"]) ** 2, share, rel_tol=1e-6)
        assert math.isclose(
            (side["floppy"] / side["whole"]) ** 2, 1_474_560 / rungs[0]["bytes"], rel_tol=1e-6
        )


def test_what_the_whole_assistant_does_not_say_is_marked(desk, where, rungs):
    _, figure = opened(desk, where, f"#fig=shrinking&bits={rungs[0]['bits']}")
    assert figure.locator(".talk").first.locator("mark").count() == 0
    _, figure = opened(desk, where, f"#fig=shrinking&bits={rungs[-1]['bits']}")
    whole = {word for line in rungs[0]["replies"][:SHOWN] for word in line["text"].split()}
    marked = figure.locator(".talk").first.locator("mark").all_inner_texts()
    assert marked
    for line in rungs[-1]["replies"][:SHOWN]:
        for word in set(line["text"].split()) - whole:
            assert any(word in text for text in marked)


def test_the_rest_of_the_conversation_and_other_ways_are_behind_more(desk, where, recording, rungs):
    _, figure = opened(desk, where)
    figure.locator(".gb-more summary").first.press("Enter")
    truths = [line["truth"] for line in recording["conversation"]]
    check(lines(figure, 1), opening(rungs)["replies"][SHOWN:], truths[SHOWN:])
    pocket = next(row for row in recording["others"] if row["kind"] == "pocket")
    check(lines(figure, 2), pocket["replies"][:SHOWN], truths[:SHOWN])
    first = recording["others"][0]
    figure.get_by_label("Another way to shrink").select_option("0")
    check(lines(figure, 2), first["replies"][:SHOWN], truths[:SHOWN])


def test_the_chart_names_the_two_rungs_between_which_it_falls(desk, where, rungs):
    _, figure = opened(desk, where)
    figure.locator(".gb-more summary").first.press("Enter")
    at = broken(rungs)
    said = figure.locator(".chart text").all_text_contents()
    for row in rungs[at - 1 : at + 1]:
        assert f"{row['bits']} bits: {round(100 * row['by_turn'][0])}%" in said
    assert len([text for text in said if "bits:" in text]) == 2


def test_the_letters_of_the_chart_can_be_read_on_a_phone(desk, where):
    _, figure = opened(desk, where)
    shown = """e => [...e.querySelectorAll('text')].map(text =>
        parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"""
    with desk.seen(width=390, height=844):
        figure.locator(".gb-more summary").first.press("Enter")
        assert min(figure.locator(".chart svg").evaluate(shown)) >= 11


def test_the_table_is_the_recording(desk, where, recording, rungs):
    _, figure = opened(desk, where)
    figure.locator(".gb-more summary").first.press("Enter")
    figure.get_by_text("All of them as a table").click()
    rows = [
        row.locator("th, td").all_inner_texts() for row in figure.locator("table tbody tr").all()
    ]
    for cells, row in zip(rows, rungs, strict=False):
        assert cells[0] == f"{row['bits']} bits"
        assert abs(float(cells[2].rstrip("%").lstrip("<>")) - 100 * row["by_turn"][0]) <= 1
        proper = sum(line["verdict"] in RIGHT for line in row["replies"])
        assert cells[4] == f"{proper} / {len(row['replies'])}"
    kinds = {(row["kind"], row.get("share"), row.get("layers"), row.get("bits")) for row in recording["others"]}  # fmt: skip
    assert len(rows) == len(rungs) + len(kinds)


@pytest.mark.parametrize("bad", ["bits=x&way=77", "bits=-1&way=-3", "way=%3Cb%3E"])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=shrinking&{bad}")
    assert figure.locator(".talk").first.locator("li").count() == SHOWN
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    for summary in figure.locator("details > summary").all():
        if not summary.is_visible():
            figure.locator(".gb-more:not([open]) > summary").first.click()
        summary.click()
    check_page(tab, "shrinking")
    desk.assert_fits(320, 390)

"""Poems known by heart, as a reader looks at them: against the recording itself."""

import re

import pytest

from glassbox.assistant.cleaning import words
from glassbox.recordings import load


@pytest.fixture(scope="module")
def recording():
    return load("memorization")


@pytest.fixture(scope="module")
def one():
    """The poems that were read in every number of copies."""
    return load("memorization_copies")


@pytest.fixture(scope="module")
def where(alone):
    return alone["memorization"]


def opened(visit, where, link=""):
    """The figure with "More" open, where all recorded runs are; a link that sets something in it opens it."""
    tab, figure = visit.open_figure(where + link, "memorization", ".sheet")
    more = figure.locator(".gb-more")
    assert more.evaluate("e => e.open") == bool(link)
    if not link:
        more.locator("summary").first.press("Enter")
    return tab, figure


def share(recording, size, level, prompt):
    """What the figure writes into a cell: the mean over seeds."""
    found = [
        model["extracted"][level][prompt] / recording["each"]
        for model in recording["models"]
        if model["size"] == size and not model["deduplicated"]
    ]
    mean = sum(found) / len(found)
    return "<1" if 0 < mean < 0.005 else ">99" if 0.995 < mean < 1 else mean


def equal(text, expected):
    if isinstance(expected, str):
        return text == expected
    return abs(float(text) - 100 * expected) < 0.501


def test_the_map_is_the_recording(desk, where, recording):
    """Both maps, cell by cell; the largest model and the longest prompt are on top."""
    _, figure = opened(desk, where, "#fig=memorization&copies=8&size=1e9&prompt=16")
    at = recording["prompts"].index(16)
    sizes, levels = len(recording["shapes"]), len(recording["copies"])
    cells = figure.locator(".map td").all_inner_texts()
    expected = [share(recording, s, i, at) for s in reversed(range(sizes)) for i in range(levels)]
    assert len(cells) == len(expected)
    assert all(map(equal, cells, expected))
    figure.get_by_label("copies and prompt").check()
    cells = figure.locator(".map td").all_inner_texts()
    prompts = reversed(range(len(recording["prompts"])))
    expected = [share(recording, sizes - 1, i, p) for p in prompts for i in range(levels)]
    assert len(cells) == len(expected)
    assert all(map(equal, cells, expected))


def test_the_recorded_texts_by_keyboard_with_the_shared_run_marked(desk, where, recording):
    """Every number of copies, for the largest model: what stands there, and what is marked."""
    tab, figure = opened(desk, where, "#fig=memorization&copies=1&size=1e9&prompt=8")
    at = recording["prompts"].index(8)
    fold = figure.locator(".gb-more")
    written, truth = fold.locator(".verse").first, fold.locator(".verse").nth(1)
    slider = figure.get_by_label("Copies", exact=True)
    slider.focus()
    for copies in recording["copies"]:
        assert slider.get_attribute("aria-valuetext") == str(copies)
        number = next(i for i, p in enumerate(recording["poems"]) if p["copies"] == copies)
        poem, run = recording["poems"][number], recording["written"][-1][number][at]
        opening = "".join(poem["pieces"][:8])
        assert truth.evaluate("e => e.textContent") == "".join(poem["pieces"])
        assert written.locator(".opening").evaluate("e => e.textContent") == opening
        if run["text"].strip():
            assert written.evaluate("e => e.textContent") == opening + run["text"]
        if run["overlap"]:
            found = words(run["text"])[run["start"] : run["start"] + run["overlap"]]
            for side in (written, truth):
                assert words(side.locator("mark").inner_text()) == found
        assert figure.locator(".stats dd").first.inner_text() == str(run["overlap"])
        target = "".join(poem["pieces"][8 : 8 + recording["target"]])
        badge = fold.locator(".is b").get_attribute("class")
        assert (badge == "extracted") == run["text"].startswith(target)
        tab.keyboard.press("ArrowRight")
    status = figure.locator(".gb-status")
    tab.wait_for_function("e => e.textContent.includes('Longest run')", arg=status.element_handle())
    tab.wait_for_function("() => location.hash.includes('copies=')")


def test_the_poem_stays_and_nothing_is_given_away(desk, where, recording, one):
    """Every number of copies by keyboard: the poem is the same, what is written is as recorded, and a column
    and the sentence come only with what the reader has seen."""
    tab, figure = desk.open_figure(where, "memorization")
    slider = figure.get_by_label("Copies of this poem")
    slider.wait_for()
    assert not figure.locator(".gb-more").evaluate("e => e.open")
    written, truth = figure.locator(".verse").first, figure.locator(".verse").nth(1)
    shown = truth.evaluate("e => e.textContent")
    [poem] = [p for p in one["poems"] if "".join(p["pieces"]) == shown]
    opening = "".join(poem["pieces"][: one["asked_at"]])
    slider.focus()
    outcomes = set()
    for i, copies in enumerate(one["copies"]):
        row = poem["written"][i]
        assert slider.get_attribute("aria-valuetext") == str(copies)
        assert truth.evaluate("e => e.textContent") == shown
        if row["text"].strip():
            assert written.evaluate("e => e.textContent") == opening + row["text"]
        badge = figure.locator(".is b").first.get_attribute("class")
        assert badge == ("extracted" if row["hit"] else "other")
        outcomes.add(row["hit"])
        assert figure.locator(".trail .rise").count() == i + 1
        assert figure.locator(".gb-aha").is_visible() == (outcomes == {True, False})
        tab.keyboard.press("ArrowRight")
    assert outcomes == {True, False}  # the page opens on a poem with something to see
    hits = [row["hit"] for row in poem["written"]]
    lost = max(i for i, hit in enumerate(hits) if not hit)
    said = re.findall(r"([<>]?\d+)%", figure.locator(".gb-aha").inner_text())
    shares = [one["extracted"][i] / one["of"] for i in (lost, hits.index(True))]
    assert len(said) == 2 and all(map(equal, said, shares))
    tab.wait_for_function("() => location.hash.includes('times=128')")


def test_every_recorded_poem_has_its_turn_and_can_be_linked(desk, where, one):
    _, figure = desk.open_figure(where, "memorization")
    truth = figure.locator(".verse").nth(1)
    truth.wait_for()
    seen = []
    for _ in one["poems"]:
        seen.append(truth.evaluate("e => e.textContent"))
        figure.get_by_role("button", name="Another poem").press("Enter")
        assert figure.locator(".trail .rise").count() == 1  # of another poem nothing is known yet
    assert sorted(seen) == sorted("".join(p["pieces"]) for p in one["poems"])
    _, figure = desk.open_figure(where + "#fig=memorization&times=128&verse=3", "memorization")
    truth.wait_for()
    assert truth.evaluate("e => e.textContent") == "".join(one["poems"][2]["pieces"])
    assert figure.get_by_label("Copies of this poem").get_attribute("aria-valuetext") == "128"
    assert not figure.locator(".gb-more").evaluate("e => e.open")


def test_a_click_on_the_map_takes_the_cell(desk, where, recording):
    _, figure = opened(desk, where)
    figure.locator(".map tbody tr").last.locator("td").first.click()
    assert figure.get_by_label("Copies", exact=True).get_attribute("aria-valuetext") == str(
        recording["copies"][0]
    )
    assert f"{recording['parameters'][0]:,}" in figure.get_by_label("Model size").get_attribute(
        "aria-valuetext"
    )
    assert figure.locator(".map td.now").count() == 1


def test_the_other_poem_can_be_read(desk, where, recording):
    _, figure = opened(desk, where, "#fig=memorization&copies=128")
    poems = [p for p in recording["poems"] if p["copies"] == 128]
    choices = figure.locator(".poems input")
    assert choices.count() == len(poems)
    for i, poem in enumerate(poems):
        choices.nth(i).click()
        truth = figure.locator(".gb-more .verse").nth(1)
        assert truth.evaluate("e => e.textContent") == "".join(poem["pieces"])
        assert choices.nth(i).evaluate("e => e === document.activeElement")


@pytest.mark.parametrize(
    "bad",
    ["copies=x&poem=77", "times=x&verse=99&map=size", "size=-1&prompt=1e99", "map=%3Cb%3E&poem=-3"],
)
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=memorization&{bad}")
    assert figure.locator(".map td.now").count() == 1
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    for summary in figure.locator("details > summary").all():
        if not summary.is_visible():  # in a fold that is closed
            figure.locator(".gb-more:not([open]) > summary").first.click()
        summary.click()
    check_page(tab, "memorization")
    desk.assert_fits(320, 390)

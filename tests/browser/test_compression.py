"""The entry that blurs into a neighbor's, as a reader makes it smaller: against the recording itself."""

import pytest

from glassbox.recordings import compression as recorded

SIGN = {"r": "✓", "a": "≠", "n": "?"}
CLASS = {"r": "right", "a": "another", "n": "nobody"}


@pytest.fixture(scope="module")
def recording():
    return recorded.load()


@pytest.fixture(scope="module")
def where(alone):
    return alone["compression"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "compression", ".sheet")


def shown(figure) -> list[tuple[str, str]]:
    """(class, what stands there) of each line of the entry."""
    lines = figure.locator(".entry > div")
    return lines.evaluate_all("l => l.map(e => [e.className, e.querySelector('dd').textContent])")


def check_entry(figure, found: dict) -> None:
    """The lines are the recorded values with their signs, or the text as it is where it is no entry."""
    lines = shown(figure)
    if "-" in found["verdicts"]:
        assert [name for name, _ in lines] == ["raw"]
        return
    assert [name for name, _ in lines] == [CLASS[v] for v in found["verdicts"]]
    for (_, text), value, verdict in zip(lines, found["values"], found["verdicts"], strict=True):
        assert text.startswith(f"{value}{SIGN[verdict]} ")


def test_every_size_by_keyboard_and_the_sentence_comes_when_both_were_seen(desk, where, recording):
    tab, figure = opened(desk, where)
    person = recording["people"][recorded.telling(recording)]
    assert person["name"] in figure.locator(".sheet .sub").inner_text()
    slider = figure.get_by_label("Model size")
    slider.focus()
    sharp = blurred = False
    for size, found in enumerate(person["remembered"]):
        assert f"{recording['parameters'][size]:,} parameters" in slider.get_attribute(
            "aria-valuetext"
        )
        check_entry(figure, found)
        sharp |= found["verdicts"] == "r" * 5
        blurred |= "-" not in found["verdicts"] and "a" in found["verdicts"]
        assert figure.locator(".gb-aha").is_visible() == (sharp and blurred)
        tab.keyboard.press("ArrowRight")
    assert sharp and blurred
    status = figure.locator(".gb-status")
    tab.wait_for_function(
        "e => e.textContent.includes('facts are true')", arg=status.element_handle()
    )
    tab.wait_for_function("() => location.hash.includes('size=')")


def test_what_is_false_is_marked_by_sign_and_names_whose_it_is(desk, where, recording):
    who = recorded.telling(recording)
    person = recording["people"][who]
    size = next(i for i, f in enumerate(person["remembered"]) if "a" in f["verdicts"])
    link = f"#fig=compression&size={recording['parameters'][size]}&who={who}"
    _, figure = opened(desk, where, link)
    for (name, text), found, owners, truth in zip(
        shown(figure),
        person["remembered"][size]["verdicts"],
        person["remembered"][size]["owners"],
        person["truth"],
        strict=True,
    ):
        assert (name == "another") == (found == "a")
        if owners:
            assert owners[0] in text and text.endswith(truth)
    assert figure.locator(".entry mark").count() == person["remembered"][size]["verdicts"].count(
        "a"
    )


def test_the_picture_has_a_mark_for_every_fact(desk, where, recording):
    """As many squares, rings and crosses as the recording counts, for the largest and the smallest model."""
    for size in (0, len(recording["parameters"]) - 1):
        link = f"#fig=compression&size={recording['parameters'][size]}"
        _, figure = opened(desk, where, link)
        signs = "".join(recording["mosaic"][size])
        for sign, name in CLASS.items():
            path = figure.locator(f".mosaic path.{name}").get_attribute("d") or ""
            marks = path.count("M")
            assert marks == signs.count(sign), (size, name)
        alt = figure.locator(".mosaic svg").get_attribute("aria-label")
        assert f"{signs.count('r')} are true" in alt


def test_another_resident_can_be_read(desk, where, recording):
    _, figure = opened(desk, where)
    figure.locator(".gb-more summary").first.press("Enter")
    figure.get_by_label("Resident").select_option("1")
    assert recording["people"][1]["name"] in figure.locator(".sheet .sub").inner_text()
    check_entry(figure, recording["people"][1]["remembered"][0])
    figure.get_by_text(f"{recording['people'][1]['name']} at every size").click()
    rows = figure.locator("table").last.locator("tbody tr").all_inner_texts()
    assert len(rows) == 1 + len(recording["parameters"])
    assert all(value in rows[0] for value in recording["people"][1]["truth"])


def test_the_table_is_the_recording(desk, where, recording):
    _, figure = opened(desk, where)
    figure.locator(".gb-more summary").first.press("Enter")
    figure.get_by_text("What survives at each size, as a table").click()
    rows = figure.locator("table").first.locator("tbody tr")
    assert rows.count() == len(recording["parameters"])
    facts = recording["residents"] * len(recording["facts"])
    for size, row in enumerate(rows.all()):
        cells = row.locator("th, td").all_inner_texts()
        assert cells[0] == f"{recording['parameters'][size]:,}"
        right = recorded.per_size(recording, lambda m: 100 * m["counts"]["right"] / facts)[size]
        said = cells[3].split("%")[0].lstrip("<>")
        assert abs(float(said) - sum(right) / len(right)) <= 1


@pytest.mark.parametrize("bad", ["size=x&who=77", "size=-1&who=-3", "who=%3Cb%3E"])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=compression&{bad}")
    assert figure.locator(".entry > div").count() >= 1
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    for summary in figure.locator("details > summary").all():
        if not summary.is_visible():
            figure.locator(".gb-more:not([open]) > summary").first.click()
        summary.click()
    check_page(tab, "compression")
    desk.assert_fits(320, 390)

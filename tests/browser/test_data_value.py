"""The dividend desk: who is paid by which rule, and what changes when poets leave, against the library."""

import pytest

from glassbox.society.dividends import opted_out

RULES = {
    "length": "length",
    "equal": "head, evenly",
    "missing": "what would be missing",
    "shapley": "what each adds",
}
POT = 100


@pytest.fixture(scope="module")
def town():
    return figure_data()["towns"][0]


def figure_data():
    from figures.data_value.data import data

    return data()


@pytest.fixture(scope="module")
def where(alone):
    return alone["data_value"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "data_value", ".poets li")


def expected(town, rule, gone=()):
    """What each poet's line says, by the library."""
    game = {frozenset(map(int, group)): worth for group, worth in town["worth"].items()}
    length = {i: poet["words"] for i, poet in enumerate(town["poets"])}
    pay = opted_out(rule, game, length, POT / town["worth"]["01234"], *gone)
    return [pay.get(i) for i in range(5)]


def shown(figure):
    return figure.locator(".poets .sum").all_inner_texts()


def check(figure, pay):
    for text, dollars in zip(shown(figure), pay, strict=True):
        if dollars is None:
            assert text == "out"
        else:
            assert abs(float(text.removeprefix("$")) - dollars) <= 0.51


def test_every_rule_by_keyboard_pays_what_the_library_pays(desk, where, town):
    tab, figure = opened(desk, where)
    check(figure, expected(town, "length"))
    for rule, label in RULES.items():
        figure.get_by_label(label, exact=True).press("Space")
        check(figure, expected(town, rule))
        assert figure.locator(".gb-aha").is_visible()
    tab.wait_for_function("() => location.hash.includes('rule=shapley')")


def test_a_poet_leaves_and_comes_back(desk, where, town):
    tab, figure = opened(desk, where, "#fig=data_value&rule=shapley")
    writer = next(i for i, poet in enumerate(town["poets"]) if poet["habit"] == "writes")
    box = figure.get_by_label(town["poets"][writer]["name"])
    box.press("Space")
    check(figure, expected(town, "shapley", (writer,)))
    status = figure.locator(".gb-status")
    tab.wait_for_function("e => e.textContent.includes(': out')", arg=status.element_handle())
    box.press("Space")
    check(figure, expected(town, "shapley"))


def test_the_last_poet_cannot_leave(desk, where, town):
    _, figure = opened(desk, where, "#fig=data_value&out=0123")
    assert figure.get_by_label(town["poets"][4]["name"]).is_disabled()


def test_the_table_and_the_other_towns_are_behind_more(desk, where):
    towns = figure_data()["towns"]
    _, figure = opened(desk, where)
    figure.locator(".gb-more summary").first.press("Enter")
    figure.get_by_label("Town").select_option("1")
    check(figure, expected(towns[1], "length"))
    figure.get_by_text("All rules as a table").click()
    rows = [r.locator("th, td").all_inner_texts() for r in figure.locator("table tbody tr").all()]
    for column, rule in enumerate(RULES, start=1):
        for row, dollars in zip(rows, expected(towns[1], rule), strict=True):
            assert abs(float(row[column].removeprefix("$")) - dollars) <= 0.51


@pytest.mark.parametrize("bad", ["rule=x&out=77&town=99", "out=01234", "town=-1&rule=%3Cb%3E"])
def test_a_broken_link_is_no_trouble(desk, where, bad):
    _, figure = opened(desk, where, f"#fig=data_value&{bad}")
    assert len(shown(figure)) == 5
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    for summary in figure.locator("details > summary").all():
        if not summary.is_visible():
            figure.locator(".gb-more:not([open]) > summary").first.click()
        summary.click()
    check_page(tab, "data_value")
    desk.assert_fits(320, 390)

"""The league table that tumbles, as a reader works it: against the recorded marks themselves."""

import pytest

from figures.evaluation import data as made


@pytest.fixture(scope="module")
def data():
    return made.data()


@pytest.fixture(scope="module")
def where(alone):
    return alone["evaluation"]


def opened(visit, where, link=""):
    return visit.open_figure(where + link, "evaluation", ".league li")


def shown(figure) -> list[tuple[str, str]]:
    """(model, share) of each row, from the top."""
    rows = figure.locator(".league li")
    return rows.evaluate_all(
        "l => l.map(e => [e.querySelector('.name b').textContent, e.querySelector('.share').textContent])"
    )


def expected(data, test, way, n=None) -> list[tuple[str, str]]:
    marks = {model: data["marks"][test][way][model][:n] for model in data["models"]}
    order = sorted(data["models"], key=lambda m: -marks[m].count("1"))  # stable: equal ones stay
    share = {m: int(100 * marks[m].count("1") / len(marks[m]) + 0.5) for m in order}
    return [[m, f"{share[m]}%"] for m in order]


def test_each_way_by_keyboard_gives_the_table_of_its_marks(desk, where, data):
    tab, figure = opened(desk, where, "#fig=evaluation&test=facts&rule=raw")
    figure.locator("[data-main=control] input").first.focus()
    for i, way in enumerate(data["rules"]):
        assert shown(figure) == expected(data, "facts", way), way
        first = shown(figure)[0][0]
        assert first in figure.locator(".said").inner_text()
        if i < len(data["rules"]) - 1:
            tab.keyboard.press("ArrowRight")
    tab.wait_for_function(f"() => location.hash.includes('rule={data['rules'][-1]}')")


def test_who_moved_is_said_in_words_too(desk, where, data):
    _, figure = opened(desk, where, "#fig=evaluation&test=facts")
    before = [model for model, _ in expected(data, "facts", "raw")]
    after = [model for model, _ in expected(data, "facts", "chat")]
    assert before != after
    figure.get_by_label("As a chat message").check()
    for model, row in zip(after, figure.locator(".league li").all(), strict=True):
        places = before.index(model) - after.index(model)
        said = row.locator(".moved").inner_text()
        assert (f"{'up' if places > 0 else 'down'} {abs(places)}" in said) == (places != 0), model


def test_it_opens_on_a_table_that_contradicts_the_first_and_says_so_above_the_bars(desk, where):
    _, figure = opened(desk, where)
    said = figure.locator(".sentence")
    assert figure.get_by_label("After solved examples").is_checked()
    assert "base beats" in said.inner_text() and "Neither is chance" in said.inner_text()
    figure.get_by_label("Read per letter").check()
    assert "no two models" in said.inner_text()


def test_fewer_questions_count_the_first_ones(desk, where, data):
    tab, figure = opened(desk, where, "#fig=evaluation&test=facts&rule=few&n=20")
    assert shown(figure) == expected(data, "facts", "few", 20)
    slider = figure.get_by_label("Questions that count")
    slider.focus()
    tab.keyboard.press("End")
    assert shown(figure) == expected(data, "facts", "few")
    tab.keyboard.press("Home")
    assert shown(figure) == expected(data, "facts", "few", 10)
    assert figure.locator(".told").inner_text()


def test_another_test_brings_its_questions(desk, where, data):
    _, figure = opened(desk, where, "#fig=evaluation&rule=raw")
    figure.locator(".gb-more > summary").first.press("Enter")
    figure.get_by_label("Test", exact=True).select_option("sums")
    assert shown(figure) == expected(data, "sums", "raw")
    test = next(t for t in data["tests"] if t["id"] == "sums")
    assert (
        test["example"]["options"][test["example"]["answer"]]
        in figure.locator(".asked .right").inner_text()
    )
    figure.get_by_label("Test", exact=True).select_option("all")
    assert "in turn" in figure.locator(".asked").inner_text()


@pytest.mark.parametrize("bad", ["rule=x&test=y&n=z", "n=-3", "test=%3Cb%3E&n=1e9"])
def test_a_broken_link_is_no_trouble(desk, where, data, bad):
    _, figure = opened(desk, where, f"#fig=evaluation&{bad}")
    assert len(shown(figure)) == len(data["models"])
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors_and_narrow(desk, where, check_page):
    tab, figure = opened(desk, where)
    figure.locator(".gb-more > summary").click()
    figure.locator(".gb-data > summary").click()
    check_page(tab, "evaluation")
    desk.assert_fits(320, 390)

"""A guess drawn before the counts come: by keyboard and by finger, against the figure's own data."""

import pytest

from figures.adoption.data import data


@pytest.fixture(scope="module")
def counts():
    return data()


@pytest.fixture(scope="module")
def users(counts):
    return counts["views"][0]


@pytest.fixture
def opened(desk, alone):
    def at(link=""):
        return desk.open_figure(alone["adoption"] + link, "adoption", ".chart")

    return at


def marks(figure) -> int:
    return figure.locator(".over .mark").count()


def before(view, cut) -> int:
    return sum(m["t"] < cut for m in view["main"] + view["others"])


@pytest.fixture(autouse=True)
def forgotten(opened):
    """What a reader drew is kept in the browser: each test begins without."""
    tab, _ = opened()
    tab.evaluate("localStorage.clear()")


def test_it_opens_on_the_end_of_2024_and_shows_nothing_later(opened, counts, users):
    _, figure = opened()
    assert marks(figure) == before(users, counts["cut"])
    assert figure.locator(".band").count() == 0
    assert not figure.locator(".gb-aha").is_visible()
    said = figure.locator("svg[role=img]").get_attribute("aria-label")
    assert "900" not in said and "300" in said
    assert figure.locator("table").count() == 0


def test_a_guess_by_keyboard_is_judged_and_can_be_drawn_again(opened, users):
    _, figure = opened()
    slider = figure.get_by_label("spring 2026")
    slider.focus()
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") == f"{users['top']} million"
    figure.get_by_role("button", name="Show what came").press("Enter")
    assert marks(figure) == len(users["main"] + users["others"])
    assert figure.locator(".band").count() == 1
    assert "Your line missed" in figure.locator("[role=status]").inner_text()
    assert figure.locator(".gb-aha").inner_text().startswith("All 5 later counts lie above")
    figure.get_by_role("button", name="Hide it").press("Enter")
    assert figure.locator(".band").count() == 0 and not figure.locator(".gb-aha").is_visible()


def test_a_finger_draws_only_over_the_years_to_come(opened):
    tab, figure = opened()
    area = figure.locator(".area").bounding_box()
    values = [figure.get_by_label(name) for name in ("spring 2025", "autumn 2025", "spring 2026")]
    tab.mouse.click(area["x"] + 0.3 * area["width"], area["y"] + 5)
    assert [v.input_value() for v in values] == ["300"] * 3
    tab.mouse.click(area["x"] + 0.97 * area["width"], area["y"] + area["height"] / 4)
    assert [v.input_value() for v in values][:2] == ["300"] * 2
    assert abs(int(values[2].input_value()) - 750) <= 20


def test_a_link_opens_another_count_with_its_guess(opened, counts):
    _, figure = opened("#fig=adoption&what=adults&guess=30-35-40")
    adults = counts["views"][1]
    assert figure.get_by_label("autumn 2025").input_value() == "35"
    assert marks(figure) == len(adults["main"] + adults["others"])
    assert figure.locator(".gb-aha").inner_text().startswith("All 2 later counts lie inside")
    figure.locator("summary").first.click()
    rows = figure.locator("table tbody tr")
    assert rows.count() == len(adults["main"] + adults["others"])


def test_what_was_drawn_is_kept_in_the_browser(opened):
    _, figure = opened("#fig=adoption&what=firms")
    figure.get_by_label("spring 2025").press("ArrowRight")
    figure.get_by_role("button", name="Show what came").press("Enter")
    _, again = opened("#fig=adoption&what=firms")
    assert again.get_by_label("spring 2025").input_value() == "7"
    assert again.locator(".band").count() == 1

"""Numbers that chapter 18 works out: the page says what the arithmetic gives."""

from pathlib import Path

import pytest

from glassbox.society import value

PAGE = Path(__file__).resolve().parents[2] / "chapters/18_data_value.md"
REDDIT = (
    60e6,
    267.5e6,
)  # dollars a year from Google, weekly users: reuters2024reddit, reddit2024s1


@pytest.fixture(scope="module")
def page():
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_what_a_year_of_googles_money_is_for_each_user(page):
    dollars, users = REDDIT
    assert f"its {int(users / 1e6)} million weekly users" in page
    assert f"comes to {100 * dollars / users:.0f} cents" in page


def test_ann_and_ben_are_paid_by_the_library(page):
    game = {frozenset(): 0, frozenset("A"): 10, frozenset("B"): 8, frozenset("AB"): 10}
    paid = value.shapley(game)
    assert f"On average Ann adds {paid['A']:.0f} and Ben {paid['B']:.0f}" in page


def test_the_trainings_that_exact_values_take(page):
    assert f"That takes {len(value.groups(range(5))) - 1} trainings" in page
    assert len(str(2**50)) == 16 and "fifty a number with sixteen digits" in page

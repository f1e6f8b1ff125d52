"""Python's side of the bill calculator: its golden vectors, and ranges that are the library's own.

figures/the_bill/logic.test.js holds JavaScript to the same file.
"""

import pytest

from figures.core.golden import read
from figures.the_bill import golden
from glassbox.scale import bill

VECTORS = read(golden.FILE)


def test_the_library_still_gives_the_golden_bills():
    now = golden.vectors()
    for mine, kept in zip(now["bills"], VECTORS["bills"], strict=True):
        assert mine["inputs"] == kept["inputs"]
        assert mine["bill"] == pytest.approx(kept["bill"], rel=1e-12)
    for mine, kept in zip(now["tornadoes"], VECTORS["tornadoes"], strict=True):
        assert [row["name"] for row in mine["rows"]] == [row["name"] for row in kept["rows"]]


def test_lab_and_figure_take_the_same_ranges_for_gpt3():
    gpt3 = golden.RUNS["gpt3"]
    for name, ends in gpt3["unknown"].items():
        theirs = bill.GPT3[name]
        assert ends == {"low": theirs.low, "central": theirs.central, "high": theirs.high}, name
    for name, value in gpt3["known"].items():
        assert value == bill.GPT3[name].central, name


@pytest.mark.parametrize("count", golden.COUNTS)
def test_the_librarys_own_tornado_has_the_figures_bars(count):
    bars = {row["name"]: row["factor"] for row in golden.tornado(golden.RUNS["gpt3"], count)}
    theirs = {row["name"]: row["factor"] for row in bill.tornado(bill.GPT3, count)}
    assert theirs == pytest.approx(bars)

"""Python's side of the golden vectors of the figure `data_value`."""

import math

import pytest

from figures.core.golden import read
from figures.data_value import golden

VECTORS = read(golden.FILE)


def test_the_library_still_pays_the_golden_dividends():
    mine = golden.vectors()
    assert mine["towns"] == VECTORS["towns"]
    for found, kept in zip(mine["cases"], VECTORS["cases"], strict=True):
        assert [found[k] for k in ("town", "rule", "out")] == [
            kept[k] for k in ("town", "rule", "out")
        ]
        assert found["paid"] == [p if p is None else pytest.approx(p) for p in kept["paid"]]


def test_the_golden_pay_adds_up_to_what_the_model_is_worth():
    for case in VECTORS["cases"]:
        worth = VECTORS["towns"][case["town"]]["worth"]
        stay = "".join(str(i) for i in range(5) if i not in case["out"])
        paid = math.fsum(p for p in case["paid"] if p is not None)
        assert paid == pytest.approx(golden.POT * worth[stay] / worth["01234"])

"""Python's side of the golden vectors of the figure `parallelism`."""

import pytest

from figures.core.golden import read
from figures.parallelism import golden

VECTORS = read(golden.FILE)


def test_the_library_still_gives_the_golden_schedules():
    for mine, kept in zip(golden.vectors(), VECTORS, strict=True):
        assert [mine[k] for k in ("kind", "stages", "pieces", "held")] == [
            kept[k] for k in ("kind", "stages", "pieces", "held")
        ]
        assert mine["slots"] == kept["slots"]
        assert mine["bubble"] == pytest.approx(kept["bubble"])


def test_the_golden_waiting_is_that_of_the_published_formula():
    for case in VECTORS:
        p, m = case["stages"], case["pieces"]
        assert case["bubble"] == pytest.approx((p - 1) / (m + p - 1))

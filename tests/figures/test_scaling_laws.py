"""Python's side of the golden vectors of the figure `scaling`, and the recorded runs that it shows.

figures/scaling/logic.test.js holds JavaScript to the same files.
"""

import pytest

from figures.core.golden import read
from figures.scaling_laws import golden

VECTORS = read(golden.FILE)


def test_the_library_still_gives_the_golden_fits():
    now = golden.vectors()
    assert now["quantiles"]["ends"] == pytest.approx(VECTORS["quantiles"]["ends"])
    for mine, kept in zip(now["cases"], VECTORS["cases"], strict=True):
        assert [r["loss"] for r in mine["runs"]] == pytest.approx(
            [r["loss"] for r in kept["runs"]], abs=2e-6
        )
        for a, b in zip(mine["lines"], kept["lines"], strict=True):
            assert (a["a"], a["b"]) == pytest.approx((b["a"], b["b"]), rel=1e-4)
        for way in ("free", "fixed"):
            for name in ("E", "alpha", "beta"):
                assert mine[way][name] == pytest.approx(kept[way][name], rel=2e-3), (way, name)


def test_a_clean_law_comes_back_in_the_golden_fits():
    for way in ("free", "fixed"):
        fit = VECTORS["cases"][0][way]
        for name, value in golden.TRUE.items():
            assert fit[name] == pytest.approx(value, rel=0.02), (way, name)

"""What the figure is given: every count with its kind, and a band that judges as the library does."""

import numpy as np
import pytest

from figures.adoption.data import VIEWS, data
from glassbox.society import adoption


@pytest.fixture(scope="module")
def given():
    return data()


def test_every_view_has_counts_before_the_cut_to_draw_on_from_and_some_after(given):
    for view in given["views"]:
        times = [m["t"] for m in view["main"]]
        assert times == sorted(times)
        assert sum(t < given["cut"] for t in times) >= 3 and times[-1] > given["cut"]
        assert all(given["begin"] <= m["t"] <= given["end"] for m in view["main"] + view["others"])
        assert all(m["v"] <= view["top"] for m in view["main"] + view["others"])


def test_all_three_kinds_of_numbers_are_shown(given):
    kinds = {m["kind"] for view in given["views"] for m in view["main"] + view["others"]}
    assert kinds == set(adoption.KINDS)


@pytest.mark.parametrize("name", VIEWS)
def test_the_drawn_band_judges_each_later_count_as_the_library_does(given, name):
    view = next(v for v in given["views"] if v["id"] == name)
    whole = adoption.series(VIEWS[name][0])
    early, late = whole.until(given["cut"]), whole.after(given["cut"])
    found = adoption.band(early.times, early.values, whole.ceiling, whole.start)
    t, low, _, high = np.array(view["band"]).T
    for when, value in zip(late.times, late.values):
        edges = np.interp(when, t, low), np.interp(when, t, high)
        drawn = "below" if value < edges[0] else "above" if value > edges[1] else "inside"
        assert drawn == adoption.judge(found, when, value)

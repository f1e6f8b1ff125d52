"""The curve against its differential equation and a published fit; the band against what made the counts; bad series."""

import json
import math
import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from glassbox.society import adoption


@pytest.mark.parametrize(("p", "q"), [(0.01, 0.4), (0.0001, 2.5), (0.3, 0.0), (0.9, 0.1)])
def test_the_curve_solves_its_equation(p, q):
    t = np.linspace(0, 12, 7)
    solved = solve_ivp(
        lambda _, F: (p + q * F) * (1 - F), (0, 12), [0.0], t_eval=t, rtol=1e-9, atol=1e-12
    )
    assert np.allclose(adoption.bass(t, p, q), solved.y[0], atol=1e-7)


def test_without_followers_the_waiting_fade_evenly_and_nobody_begins_before_the_start():
    assert adoption.bass(3.0, 0.2, 0.0, 50) == pytest.approx(50 * (1 - math.exp(-0.6)))
    assert adoption.bass(-1.0, 0.2, 0.5, 50) == 0


def test_the_peak_is_where_the_curve_is_steepest():
    t = np.linspace(0, 30, 30_001)
    steepest = t[np.argmax(np.diff(adoption.bass(t, 0.0104, 0.4186)))]
    assert adoption.peak(0.0104, 0.4186) == pytest.approx(steepest, abs=0.01)
    assert adoption.peak(0.5, 0.1) == 0


def test_air_conditioners_give_the_published_numbers():
    """Srinivasan and Mason 1986, by nonlinear least squares."""
    coolers = adoption.tables()["air_conditioners"]
    fit = adoption.fit_sales(coolers["sales"])
    for name, published in coolers["published"].items():
        assert fit[name] == pytest.approx(published, rel=0.01)


def test_the_band_holds_the_curve_that_made_the_counts_as_often_as_it_says():
    """Curves drawn as the band draws them, counts a tenth off: nine of ten later values lie inside."""
    dice, inside, n = np.random.default_rng(5), 0, 60
    for seed in range(n):
        p, q, m = np.exp(dice.uniform(-4, -2)), dice.uniform(0.2, 1.5), np.exp(dice.uniform(3, 5))
        times = [1.0, 2.0, 3.0]
        values = [adoption.bass(t, p, q, m) * math.exp(0.1 * dice.standard_normal()) for t in times]
        found = adoption.band(times, values, ceiling=500, start=0.0, seed=seed, tries=50_000)
        inside += adoption.judge(found, 5.0, adoption.bass(5.0, p, q, m)) == "inside"
    assert 46 <= inside <= 60  # 54 expected, and the curves come from a part of the range


def test_the_band_widens_with_scatter_and_with_time():
    def width(found, t):
        low, _, high = found.between(t)
        return high / low

    times, values = [2021, 2022, 2023], [10, 20, 35]
    narrow, wide = (adoption.band(times, values, 100, 2020, scatter=s) for s in (0.05, 0.2))
    assert width(wide, 2025) > width(narrow, 2025)
    assert width(narrow, 2028) > width(narrow, 2023)
    low, high = narrow.ceilings()
    assert 35 <= low < high <= 100


def test_a_value_is_judged_by_the_edges():
    found = adoption.band([2021, 2022, 2023], [10, 20, 35], 100, 2020)
    low, middle, high = found.between(2025)
    judged = [adoption.judge(found, 2025, x) for x in (0.99 * low, middle, 1.01 * high)]
    assert judged == ["below", "inside", "above"]


@pytest.mark.parametrize(
    ("times", "values", "words"),
    [
        ([2021, 2022, 2023], [1, None, 3], "gap: row 1"),
        ([2021, float("nan"), 2023], [1, 2, 3], "gap: row 1"),
        ([2021, 2022, 2023], [1, -2, 3], "-2 at 2022 is not above 0"),
        ([2021, 2022, 2023], [0.1, 0.2, 1.3], "1.3 at 2023 is above the ceiling 1"),
        ([2021, 2023, 2022], [0.1, 0.2, 0.3], "2022 follows 2023"),
        ([2021, 2022], [0.1, 0.2], "has 2 counts"),
        ([2021, 2022, 2023], [0.1, 0.2], "3 times and 2 values"),
    ],
)
def test_a_bad_series_is_refused_with_the_value_and_the_remedy(times, values, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        adoption.band(times, values, ceiling=1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: adoption.band([1, 2, 3], [1, 2, 3], 9, scatter=0), "scatter is 0"),
        (lambda: adoption.band([1, 2, 3], [1, 2, 3], 9, start=1), "start 1 is not before"),
        (lambda: adoption.band([1, 2, 3], [9, 1, 9], 9, start=0, scatter=0.01), "scatter above"),
        (lambda: adoption.fit_sales([5, -1, 3, 4]), "sales of year 1 are -1"),
        (lambda: adoption.fit_sales([5, 1, 3]), "3 years"),
        (lambda: adoption.bass(1, 0, 0.4), "p must be above 0"),
        (lambda: adoption.series("telephones"), "there are weekly_users"),
        (lambda: adoption.band([1, 2, 3], [1, 2, 3], 9).between(4, 1.5), "share is 1.5"),
    ],
)
def test_other_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_every_count_has_a_date_a_kind_and_a_source_and_fits_its_unit():
    for name in adoption.tables()["series"]:
        known = adoption.series(name)
        assert known.times == sorted(known.times) or name == "other_firms"
        for point in known.points:
            assert point["kind"] in adoption.KINDS
            assert point["who"] and point["address"].startswith("http")
            assert 0 < point["value"] <= known.ceiling
            assert known.start is None or known.start < adoption.year(point["date"]) < 2027


def test_until_and_after_divide_a_series():
    users = adoption.series("weekly_users")
    assert users.until(2025).values + users.after(2025).values == users.values
    assert json.dumps(users.until(2025).values) == "[100, 200, 300]"


def test_a_date_is_a_decimal_year():
    assert adoption.year("2024-01-01") == 2024
    assert adoption.year("2024-12-31") == pytest.approx(2025 - 1 / 366)
    assert adoption.year("2022-11") == adoption.year("2022-11-01")

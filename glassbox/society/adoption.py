"""How fast people take up a new thing: published counts, the curve of Bass, and a band of such curves.

`series` reads counts typed from their sources (`adoption.json`). `bass` is the curve: some begin by
themselves (p), others because others have begun (q), until a ceiling (m). `Band` holds the curves that
pass near the counts known so far, and so says how much those counts leave open; `judge` tells where a
later count came out. `fit_sales` is the usual fit to sales a year, for comparison with published ones.

Left out: prices, rivals, seasons, people who stop. A count of users in a week is not a count of adopters.

Sources: Bass 1969, "A new product growth for model consumer durables", Management Science 15(5), for the
curve; Srinivasan and Mason 1986, Marketing Science 5(2), for the fit to sales.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".json")
KINDS = ("survey", "estimate", "claim")


@dataclass(frozen=True)
class Series:
    """Counts of one thing: `times` are years as decimals, `values` in `unit`, one kind and source for each."""

    name: str
    what: str
    unit: str
    ceiling: float
    start: float | None
    points: tuple[dict, ...]
    note: str = ""

    @property
    def times(self) -> list[float]:
        return [year(point["date"]) for point in self.points]

    @property
    def values(self) -> list[float]:
        return [point["value"] for point in self.points]

    def until(self, last: float) -> Series:
        """The counts up to a year, as decimal."""
        return self._with(p for p in self.points if year(p["date"]) < last)

    def after(self, first: float) -> Series:
        """The counts from a year on."""
        return self._with(p for p in self.points if year(p["date"]) >= first)

    def _with(self, points) -> Series:
        return Series(
            self.name, self.what, self.unit, self.ceiling, self.start, tuple(points), self.note
        )


@cache
def tables() -> dict:
    """All of `adoption.json`: series, estimates of gains, sales of air conditioners, the price of an ability."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def series(name: str) -> Series:
    """A series of counts by its name.

    >>> users = series("weekly_users")
    >>> users.values[:3], users.unit
    ([100, 200, 300], 'million people')

    Raises ValueError, with the names that there are, for another.
    """
    known = tables()["series"]
    if name not in known:
        raise ValueError(f"there is no series {name!r}; there are {', '.join(known)}")
    row = known[name]
    start = None if row["start"] is None else year(row["start"])
    points = tuple(row["points"])
    return Series(name, row["what"], row["unit"], row["ceiling"], start, points, row["note"])


def year(day: str) -> float:
    """A date, "2024-07-02" or "2024-07", as a decimal year; a month is taken at its first day.

    >>> round(year("2024-07-01"), 2)
    2024.5
    """
    parts = [int(part) for part in day.split("-")]
    when = date(*[*parts, 1, 1][:3])
    first = date(when.year, 1, 1)
    return when.year + (when - first).days / (date(when.year + 1, 1, 1) - first).days


def check(times: Sequence[float], values: Sequence[float], ceiling: float) -> tuple:
    """Times and values as arrays, when they are a series that a curve can be laid through.

    Raises ValueError for a gap, for a time that does not come after the one before, and for a value that
    is not above 0 or lies above the ceiling.
    """
    if len(times) != len(values):
        raise ValueError(
            f"there are {len(times)} times and {len(values)} values; give one for each"
        )
    if len(times) < 3:
        raise ValueError(f"the series has {len(times)} counts; a curve needs three or more")
    for i, (t, value) in enumerate(zip(times, values)):
        if t is None or value is None or not math.isfinite(t) or not math.isfinite(value):
            raise ValueError(
                f"the series has a gap: row {i} is ({t}, {value}); leave the row out, a curve needs no even steps"
            )
        if i and not t > times[i - 1]:
            raise ValueError(f"time {t} follows {times[i - 1]}; sort the rows, and give a day once")
        if not value > 0:
            raise ValueError(f"value {value} at {t} is not above 0; leave out rows without users")
        if value > ceiling:
            raise ValueError(
                f"value {value} at {t} is above the ceiling {ceiling}; "
                f"a share is at most 1, or 100 in percent: check the unit"
            )
    return np.asarray(times, dtype=float), np.asarray(values, dtype=float)


# ---------------------------------------------------------------------------------------------
# The curve


def bass(t, p, q, m=1.0):
    """How many have begun after t years: those who begin by themselves, and those who follow others.

    t  years since the start, a number or array; before the start the answer is 0
    p  share of those still waiting who begin in a year by themselves
    q  the same because of others, when everybody else has begun
    m  the ceiling

    Solves dF/dt = (p + q F)(1 - F) with F(0) = 0, times m.

    >>> round(bass(10, 0.03, 0.38), 3)  # average values of many products
    0.813

    Raises ValueError for a p that is not above 0, or a q below 0.
    """
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    if not (p > 0).all() or not (q >= 0).all():
        raise ValueError(
            f"p is {p} and q is {q}; p must be above 0 and q not below, or nobody begins"
        )
    fading = np.exp(-(p + q) * np.maximum(t, 0.0))
    out = m * (1 - fading) / (1 + q / p * fading)
    return float(out) if np.ndim(out) == 0 else out


def peak(p: float, q: float) -> float:
    """Years from the start to the most new users: ln(q / p) / (p + q), or 0 where there is no such peak.

    >>> round(peak(0.0104, 0.4186), 1)  # air conditioners: Bass's 8.6 years
    8.6
    """
    return max(0.0, math.log(q / p) / (p + q)) if q > 0 else 0.0


def fit_sales(sales: Sequence[float]) -> dict[str, float]:
    """p, q and m of the Bass curve whose yearly steps are nearest to sales a year, by least squares.

    sales  one number a year, from the first year on

    >>> fit = fit_sales([1000 * bass(t + 1, 0.02, 0.4) - 1000 * bass(t, 0.02, 0.4) for t in range(12)])
    >>> {name: round(value, 3) for name, value in fit.items()}
    {'p': 0.02, 'q': 0.4, 'm': 1000.0}

    Raises ValueError for fewer than four years, and for sales that are missing or negative.
    """
    from scipy.optimize import curve_fit

    if len(sales) < 4:
        raise ValueError(f"there are {len(sales)} years of sales; three numbers need four or more")
    for i, sold in enumerate(sales):
        if sold is None or not math.isfinite(sold) or sold < 0:
            raise ValueError(f"sales of year {i} are {sold}; give a number of at least 0 a year")
    years = np.arange(1, len(sales) + 1)

    def steps(t, p, q, m):
        return bass(t, p, q, m) - bass(t - 1, p, q, m)

    start = (0.02, 0.4, 1.5 * sum(sales))
    bounds = ([1e-7, 0, 0], [1, 5, np.inf])
    found, _ = curve_fit(steps, years, sales, p0=start, bounds=bounds, x_scale=start)
    return dict(zip(("p", "q", "m"), map(float, found)))


# ---------------------------------------------------------------------------------------------
# What the counts leave open


@dataclass(frozen=True)
class Band:
    """Many Bass curves, each as often as it is near the counts: what those counts leave open.

    `curves` has a row (p, q, m, start) for each; `effective` says how many of those tried count.
    """

    curves: np.ndarray
    effective: float

    def at(self, t: float) -> np.ndarray:
        """What each curve says for the year t."""
        p, q, m, start = self.curves.T
        return bass(t - start, p, q, m)

    def between(self, t: float, share: float = 0.9) -> tuple[float, float, float]:
        """Low, middle and high: `share` of the curves lie between the outer two."""
        if not 0 < share < 1:
            raise ValueError(f"share is {share}; it must lie between 0 and 1, as 0.9")
        return tuple(np.quantile(self.at(t), [(1 - share) / 2, 0.5, (1 + share) / 2]).tolist())

    def ceilings(self, share: float = 0.9) -> tuple[float, float]:
        """Between which ceilings `share` of the curves end."""
        return tuple(np.quantile(self.curves[:, 2], [(1 - share) / 2, (1 + share) / 2]).tolist())


def band(
    times: Sequence[float],
    values: Sequence[float],
    ceiling: float,
    start: float | None = None,
    scatter: float = 0.1,
    seed: int = 0,
    tries: int = 200_000,
) -> Band:
    """The Bass curves that pass near the counts, from very many tried at random.

    start    when it began; None: unknown, from ten years before the first count to that count
    scatter  how far a count may be off, as a share of it: 0.1 is a tenth
    tries    how many curves are tried: p and ceiling even in their logarithms, from 0.0001 to 1 and from
             the largest count to `ceiling`; q even from 0 to 3. A curve counts as much as a normal error
             of the logarithms allows.

    >>> found = band([2021, 2022, 2023], [10, 20, 35], ceiling=100, start=2020)
    >>> low, middle, high = found.between(2025)
    >>> low < middle < high
    True

    Raises ValueError as `check` does, for a scatter not above 0, and if next to no curve fits.
    """
    t, y = check(times, values, ceiling)
    if not scatter > 0:
        raise ValueError(f"scatter is {scatter}; counts are never exact, so give a share above 0")
    if start is not None and not start < t[0]:
        raise ValueError(f"the start {start} is not before the first count, {t[0]}")
    dice = np.random.default_rng(seed)
    p = np.exp(dice.uniform(math.log(1e-4), 0.0, tries))
    q = dice.uniform(0.0, 3.0, tries)
    m = np.exp(dice.uniform(math.log(y.max()), math.log(ceiling), tries))
    begin = dice.uniform(t[0] - 10, t[0], tries) if start is None else np.full(tries, start)
    logs = np.zeros(tries)
    for when, value in zip(t, y):
        told = np.maximum(bass(when - begin, p, q, m), 1e-300)
        logs -= 0.5 * (np.log(value / told) / scatter) ** 2
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    effective = float(1 / (weights**2).sum())
    if effective < 50:
        raise ValueError(
            f"of {tries:,} curves only {effective:.0f} pass near all counts; try a scatter above {scatter}, or more tries"
        )
    chosen = dice.choice(tries, 4_000, p=weights)
    return Band(np.column_stack([p, q, m, begin])[chosen], effective)


def judge(found: Band, t: float, value: float, share: float = 0.9) -> str:
    """Where a later count came out: "above" the band, "inside" it or "below".

    >>> found = band([2021, 2022, 2023], [10, 20, 35], ceiling=100, start=2020)
    >>> judge(found, 2025, 5)
    'below'
    """
    low, _, high = found.between(t, share)
    return "below" if value < low else "above" if value > high else "inside"

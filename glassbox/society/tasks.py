"""What a machine takes is tasks: what that does to output, to jobs, to hours, and who gets the gain.

`gain` is the account of Hulten and Acemoglu: share of work x share of it that pays x what is saved x share
of wages in costs. `jobs` lets customers answer: the work costs less, so they order more, or hardly more.
`hours` takes the gain as free time. `Households` and `split` divide one and the same gain by three rules.

Left out: new tasks, time to change trades, wages that move, rivals, and whatever cannot be sold.
Elasticities are stated, not measured here.

Sources: Hulten 1978, Review of Economic Studies 45(3); Acemoglu 2024, "The simple macroeconomics of AI",
Economic Policy 40(121); Bessen 2019, "Automation and jobs: when technology boosts employment".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

RULES = ("owner", "firms", "everybody")


def gain(exposed: float, feasible: float, saving: float, labor_share: float) -> float:
    """What the output of all gains, as a share of it, once the machine is in use.

    exposed      share of all work (by its wage) that the machine can do or help with
    feasible     share of that for which it pays
    saving       share of the labor in it that is saved
    labor_share  share of wages in all costs

    >>> f"{gain(0.20, 0.23, 0.27, 0.535):.2%}"  # Acemoglu, May 2024: 0.66% in ten years
    '0.66%'

    Raises ValueError for what is not a share.
    """
    _shares(exposed=exposed, feasible=feasible, saving=saving, labor_share=labor_share)
    return exposed * feasible * saving * labor_share


def price(taken: float, saving: float, labor_share: float = 1.0, passed_on: float = 1.0) -> float:
    """What the product costs after, if it cost 1 before.

    taken      share of the labor that goes into tasks which the machine does or helps with
    saving     share of their cost that is saved
    passed_on  share of the saving that customers get as a lower price

    >>> round(price(0.2, 0.5), 3)
    0.9
    """
    _shares(taken=taken, saving=saving, labor_share=labor_share, passed_on=passed_on)
    return 1 - passed_on * labor_share * taken * saving


def jobs(
    taken: float,
    saving: float,
    elasticity: float,
    labor_share: float = 1.0,
    passed_on: float = 1.0,
    replaces: bool = False,
) -> float:
    """People needed after, if one was needed before: less work in each product, more products ordered.

    elasticity  by how many percent orders rise when the price falls by one
    replaces    the machine does the tasks alone, at a cost of its own, and people do none of them; else
                people do them with its help, in less time

    >>> round(jobs(0.2, 0.5, elasticity=0.5), 3), round(jobs(0.2, 0.5, elasticity=2.0), 3)
    (0.949, 1.111)

    Raises ValueError for what is not a share, and for an elasticity below 0.
    """
    if not elasticity >= 0:
        raise ValueError(
            f"elasticity is {elasticity}; give it as a number of at least 0: orders rise when prices fall"
        )
    cost = price(taken, saving, labor_share, passed_on)
    if not cost > 0:
        raise ValueError("the product would cost nothing; take a smaller share or saving")
    return _labor(taken, saving, replaces) * cost**-elasticity


def break_even(
    taken: float,
    saving: float,
    labor_share: float = 1.0,
    passed_on: float = 1.0,
    replaces: bool = False,
) -> float:
    """The elasticity at which there are as many jobs after as before; infinite if no price falls.

    >>> break_even(0.2, 0.5), round(break_even(0.2, 0.5, replaces=True), 2)
    (1.0, 2.12)
    """
    cost, left = price(taken, saving, labor_share, passed_on), _labor(taken, saving, replaces)
    if left == 1:
        raise ValueError("no work is saved; take a share and a saving above 0")
    if cost == 1:
        return math.inf
    return math.log(left) / math.log(cost) if left > 0 else math.inf


def _labor(taken: float, saving: float, replaces: bool) -> float:
    """The labor that a product still needs, if it needed 1."""
    return 1 - taken if replaces else 1 - taken * saving


def hours(more: float, before: float = 40.0) -> float:
    """Hours for the same output, when an hour yields the share `more` in addition.

    >>> round(hours(0.0066), 1), round(hours(7 / 3), 1)
    (39.7, 12.0)
    """
    if not more > -1:
        raise ValueError(f"more is {more}; an hour cannot yield less than nothing")
    return before / (1 + more)


def years_until(goal: float, a_year: float) -> float:
    """Years until output an hour is `goal` times as much, when it grows by the share `a_year` each year.

    >>> round(years_until(40 / 12, 0.02))
    61
    """
    if not (goal >= 1 and a_year > 0):
        raise ValueError(f"goal is {goal} and growth {a_year}; they must be at least 1 and above 0")
    return math.log(goal) / math.log1p(a_year)


# ---------------------------------------------------------------------------------------------
# Who gets it


@dataclass(frozen=True)
class Households:
    """Wages and property of each household, as shares of all wages and of all property; each sums to 1."""

    wages: np.ndarray
    property: np.ndarray
    labor_share: float

    @property
    def income(self) -> np.ndarray:
        """Each household's share of all income."""
        return self.labor_share * self.wages + (1 - self.labor_share) * self.property


def households(n: int = 400, labor_share: float = 0.57, seed: int = 0) -> Households:
    """A town of n households, drawn: wages lognormal, property lognormal and far more unequal.

    Their spreads, 0.6 and 1.75 in logarithms, are set so that the tenth with most property owns about two
    thirds of it, as in the USA (Federal Reserve, Distributional Financial Accounts); richer by wage goes
    with richer by property, with a correlation of 0.5.

    >>> town = households(1000)
    >>> round(float(town.income.sum()), 6)
    1.0
    """
    _shares(labor_share=labor_share)
    if n < 2:
        raise ValueError(f"n is {n}; a town has two households or more")
    dice = np.random.default_rng(seed)
    first = dice.standard_normal(n)
    second = 0.5 * first + math.sqrt(0.75) * dice.standard_normal(n)
    wages, owned = np.exp(0.6 * first), np.exp(1.75 * second)
    return Households(wages / wages.sum(), owned / owned.sum(), labor_share)


def split(town: Households, total: float, rule: str) -> np.ndarray:
    """What each household gets of a gain, as a share of all income before; it sums to `total`.

    "owner"      the household that owns the model, the richest by property, gets all
    "firms"      owners and workers of the firms get it as they divide income today, by the labor share
    "everybody"  each household gets as much as any other: owned by the town, or by all who work in it

    >>> town = households()
    >>> [round(float(split(town, 0.1, rule).sum()), 6) for rule in RULES]
    [0.1, 0.1, 0.1]

    Raises ValueError for another rule.
    """
    n = len(town.wages)
    if rule == "owner":
        parts = (np.arange(n) == town.property.argmax()).astype(float)
    elif rule == "firms":
        parts = town.income
    elif rule == "everybody":
        parts = np.full(n, 1 / n)
    else:
        raise ValueError(f"there is no rule {rule!r}; there are {', '.join(RULES)}")
    return total * parts


def middle(town: Households, gained: np.ndarray) -> float:
    """By what share the income of the household in the middle rises: its income after, over that before.

    >>> town = households()
    >>> round(middle(town, split(town, 0.1, "firms")), 6)
    0.1
    """
    return float(np.median(town.income + gained) / np.median(town.income) - 1)


def lower_half(town: Households, gained: np.ndarray) -> float:
    """The share of a gain that goes to the half of the households with less income before."""
    poorer = np.argsort(town.income)[: len(gained) // 2]
    return float(gained[poorer].sum() / gained.sum())


def _shares(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is {value}; it is a share from 0 to 1, so 30% is 0.3")

"""The account of tasks against published results and closed forms; three divisions of one gain; bad input."""

import math

import numpy as np
import pytest

from glassbox.society import adoption, tasks

ROWS = adoption.tables()["gains"]["rows"]
NAMES = ("exposed", "feasible", "saving", "labor_share")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["who"])
def test_published_gains_come_out(row):
    """Within rounding, where three of four inputs are the authors' own; what is our reading, within a tenth."""
    found = tasks.gain(*(row[name] for name in NAMES))
    assert found == pytest.approx(row["says"], rel=0.1 if row["reading"] else 0.02)


@pytest.mark.parametrize("saved", [0.05, 0.3, 0.9])
def test_an_office_that_passes_all_on_breaks_even_at_one(saved):
    """Labor 1 - s at the price 1 - s: jobs are (1 - s) ^ (1 - elasticity)."""
    for elasticity in (0.0, 0.4, 1.0, 2.5):
        assert tasks.jobs(1.0, saved, elasticity) == pytest.approx((1 - saved) ** (1 - elasticity))
    assert tasks.break_even(1.0, saved) == pytest.approx(1)


@pytest.mark.parametrize("replaces", [False, True])
@pytest.mark.parametrize("labor_share", [0.57, 1.0])
@pytest.mark.parametrize("passed_on", [0.5, 1.0])
def test_at_the_break_even_there_are_as_many_jobs_and_more_beyond(replaces, labor_share, passed_on):
    how = {"labor_share": labor_share, "passed_on": passed_on, "replaces": replaces}
    even = tasks.break_even(0.3, 0.4, **how)
    below, at, above = (tasks.jobs(0.3, 0.4, even + step, **how) for step in (-0.1, 0, 0.1))
    assert below < at == pytest.approx(1) and above > 1


def test_a_machine_alone_costs_more_jobs_the_less_it_saves():
    alone = [tasks.jobs(0.3, saving, 1.0, replaces=True) for saving in (0.1, 0.5, 0.9)]
    assert alone == sorted(alone)
    assert tasks.jobs(0.3, 1.0, 1.0, replaces=True) == pytest.approx(tasks.jobs(0.3, 1.0, 1.0))


def test_if_no_customer_pays_less_no_elasticity_saves_jobs():
    assert tasks.break_even(0.2, 0.4, passed_on=0) == math.inf
    assert tasks.jobs(0.2, 0.4, 3.0, passed_on=0) == pytest.approx(0.92)


def test_hours_and_output_keep_their_product():
    for more in (0.0, 0.0066, 1.0, 7 / 3):
        assert tasks.hours(more) * (1 + more) == pytest.approx(40)
    assert 1.02 ** tasks.years_until(40 / 12, 0.02) == pytest.approx(40 / 12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rule", tasks.RULES)
def test_every_rule_divides_the_whole_gain(seed, rule):
    town = tasks.households(seed=seed)
    parts = tasks.split(town, 0.1, rule)
    assert parts.sum() == pytest.approx(0.1) and (parts >= 0).all()


def test_the_rules_are_what_they_are_called():
    town = tasks.households(300, seed=4)
    owner, firms, everybody = (tasks.split(town, 0.1, rule) for rule in tasks.RULES)
    assert (owner > 0).sum() == 1 and owner.argmax() == town.property.argmax()
    assert np.allclose((town.income + firms) / town.income, 1.1)
    assert np.ptp(everybody) < 1e-12
    assert tasks.lower_half(town, everybody) == pytest.approx(0.5)
    assert tasks.middle(town, owner) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_property_is_as_unequal_as_stated(seed):
    town = tasks.households(20_000, seed=seed)
    top = np.sort(town.property)[-2_000:].sum()
    assert 0.62 < top < 0.74
    assert town.wages.sum() == pytest.approx(1) == pytest.approx(town.property.sum())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tasks.gain(1.2, 0.5, 0.4, 0.57), "exposed is 1.2"),
        (lambda: tasks.gain(0.2, 0.5, -0.4, 0.57), "saving is -0.4"),
        (lambda: tasks.price(0.2, 0.4, passed_on=30), "passed_on is 30"),
        (lambda: tasks.jobs(0.2, 0.4, -1), "elasticity is -1"),
        (lambda: tasks.jobs(1.0, 1.0, 1), "would cost nothing"),
        (lambda: tasks.break_even(0.0, 0.4), "no work is saved"),
        (lambda: tasks.hours(-1), "more is -1"),
        (lambda: tasks.years_until(3, 0), "growth 0"),
        (lambda: tasks.households(1), "n is 1"),
        (lambda: tasks.split(tasks.households(), 0.1, "nobody"), "there is no rule 'nobody'"),
    ],
)
def test_bad_input_is_refused_with_the_value_and_the_remedy(call, words):
    with pytest.raises(ValueError, match=words):
        call()

"""Four rules for one pot: nobody owes, nothing is lost, and who leaves changes what the others get."""

import math

import pytest

from glassbox.society import dividends, value

LENGTH = {"a": 30, "b": 10, "c": 60}


@pytest.fixture
def town():
    """a and b hold copies of each other, c makes the model a little worse."""
    worth = lambda g: 6.0 * (not g.isdisjoint("ab")) - 1.0 * ("c" in g)  # noqa: E731
    return {group: worth(group) for group in value.groups("abc")}


@pytest.mark.parametrize("rule", dividends.RULES)
def test_the_whole_pot_is_paid_and_nobody_owes(town, rule):
    paid = dividends.paid(rule, town, LENGTH, pot=100)
    assert math.fsum(paid.values()) == pytest.approx(100)
    assert set(paid) == set("abc") and min(paid.values()) >= 0


def test_what_each_rule_pays(town):
    assert dividends.paid("equal", town, LENGTH, 90) == pytest.approx({"a": 30, "b": 30, "c": 30})
    assert dividends.paid("length", town, LENGTH, 100) == pytest.approx(LENGTH)
    assert dividends.paid("shapley", town, LENGTH, 100) == pytest.approx({"a": 50, "b": 50, "c": 0})
    # nobody would be missed: then all get the same
    assert dividends.paid("missing", town, LENGTH, 90) == pytest.approx({"a": 30, "b": 30, "c": 30})


def test_when_one_of_two_copies_leaves_the_other_gains_and_the_pot_stays(town):
    before = dividends.opted_out("shapley", town, LENGTH, 10.0)
    after = dividends.opted_out("shapley", town, LENGTH, 10.0, "a")
    assert sum(before.values()) == pytest.approx(sum(after.values())) == pytest.approx(50)
    assert after == pytest.approx({"b": 50, "c": 0}) and after["b"] > before["b"]


def test_when_both_leave_nothing_is_left_to_pay(town):
    assert dividends.opted_out("shapley", town, LENGTH, 10.0, "a", "b") == {"c": 0}
    assert dividends.opted_out("equal", town, LENGTH, 10.0, "a", "b", "c") == {}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: dividends.paid("shapley", t, LENGTH, -5), "pot is -5"),
        (lambda t: dividends.opted_out("equal", t, LENGTH, -0.1), "price is -0.1"),
        (lambda t: dividends.opted_out("equal", t, LENGTH, math.nan), "price is nan"),
        (lambda t: dividends.paid("need", t, LENGTH, 5), "choose from equal, length"),
        (lambda t: dividends.paid("length", t, {"a": 1, "b": 1}, 5), "length of c's text is missing"),
        (lambda t: dividends.opted_out("equal", t, LENGTH, 1, "z"), "'z' does not play"),
        (lambda t: dividends.equally([], 5), "nobody to pay"),
        (lambda t: dividends.in_proportion({"a": math.inf}, 5), "weight of a is inf"),
    ],
)  # fmt: skip
def test_bad_input_is_named(town, call, message):
    with pytest.raises(ValueError, match=message):
        call(town)

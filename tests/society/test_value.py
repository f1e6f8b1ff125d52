"""Values of players: against closed forms and published games, all orders by hand, and what dice give."""

import itertools
import math
import random

import pytest

from glassbox.society import value


def game(worth, players):
    return {group: worth(group) for group in value.groups(players)}


def by_all_orders(v):
    """The definition: what each player adds, averaged over every order."""
    players = value.players_of(v)
    found, orders = dict.fromkeys(players, 0.0), list(itertools.permutations(players))
    for order in orders:
        for i, player in enumerate(order):
            before = frozenset(order[:i])
            found[player] += (v[before | {player}] - v[before]) / len(orders)
    return found


@pytest.fixture
def dice():
    rng = random.Random(0)
    return [game(lambda group: rng.uniform(-1, 3), "abcde"[:n]) for n in (1, 2, 3, 4, 5)]


def test_it_is_the_average_over_all_orders(dice):
    for v in dice:
        assert value.shapley(v) == pytest.approx(by_all_orders(v))


def test_the_values_add_up_to_the_whole(dice):
    for v in dice:
        everybody = max(v, key=len)
        assert math.fsum(value.shapley(v).values()) == pytest.approx(v[everybody] - v[frozenset()])


def test_equals_get_the_same_and_who_adds_nothing_gets_nothing():
    v = game(lambda g: 5.0 * (not g.isdisjoint("ab")) + 2.0 * ("c" in g), "abcd")
    found = value.shapley(v)
    assert found == pytest.approx({"a": 2.5, "b": 2.5, "c": 2.0, "d": 0.0})
    assert value.leave_one_out(v) == {"a": 0, "b": 0, "c": 2, "d": 0}
    assert value.alone(v) == {"a": 5, "b": 5, "c": 2, "d": 0}


def test_two_games_played_one_after_the_other_give_the_sum(dice):
    a, b = dice[3], game(lambda g: len(g) ** 2, "abcd")
    both = {group: 2 * a[group] + b[group] for group in a}
    one, other, sum_of_both = map(value.shapley, (a, b, both))
    assert sum_of_both == pytest.approx({p: 2 * one[p] + other[p] for p in one})


def test_where_players_only_add_up_every_rule_gives_what_they_bring():
    brings = {"a": 3.0, "b": -1.0, "c": 0.5}
    v = game(lambda g: sum(brings[p] for p in g), "abc")
    for rule in (value.shapley, value.leave_one_out, value.alone):
        assert rule(v) == pytest.approx(brings)


def test_the_airport_game():
    """Littlechild and Owen 1973: a runway's pieces are shared by those who are long enough to need them."""
    needs = {"a": 8.0, "b": 11.0, "c": 13.0, "d": 18.0}
    v = game(lambda g: max((needs[p] for p in g), default=0.0), needs)
    assert value.shapley(v) == pytest.approx({"a": 2, "b": 3, "c": 4, "d": 9})


def test_the_game_of_gloves():
    """One right glove, two left ones: 2/3 and 1/6 each."""
    v = game(lambda g: float(min("R" in g, len(g - {"R"}))), "LMR")
    assert value.shapley(v) == pytest.approx({"L": 1 / 6, "M": 1 / 6, "R": 2 / 3})


def test_the_security_council():
    """Shapley and Shubik 1954, in small: 3 of 4 votes, with a's veto: 1/2 and 1/6 each."""
    v = game(lambda g: float("a" in g and len(g) >= 3), "abcd")
    assert value.shapley(v) == pytest.approx({"a": 1 / 2, "b": 1 / 6, "c": 1 / 6, "d": 1 / 6})


def test_dice_come_to_the_exact_values_and_always_add_up(dice):
    v = dice[4]
    truth = value.shapley(v)
    for orders in (1, 7, 2000):
        found, trainings = value.sampled_shapley(v.get, "abcde", orders, seed=orders)
        assert math.fsum(found.values()) == pytest.approx(v[frozenset("abcde")] - v[frozenset()])
        assert trainings <= min(31, 5 + 4 * (orders - 1))
    # one order's additions lie within a range of 8, so their mean of 2000 is off by less than 0.4: Hoeffding,
    # five players, 1 in 10,000
    assert max(abs(found[p] - truth[p]) for p in truth) < 0.4


def test_dice_ask_for_no_group_twice():
    asked = []
    value.sampled_shapley(lambda g: asked.append(g) or 1.0 * len(g), "abcd", 50)
    assert len(asked) == len(set(asked)) <= 16


def test_who_leaves_takes_all_groups_along():
    v = game(lambda g: float(len(g)), "abc")
    assert set(value.without(v, "b")) == set(value.groups("ac"))
    assert set(value.without(v, "b", "c")) == set(value.groups("a"))


def test_kendalls_tau_counts_pairs():
    truth = dict(zip("abcde", (5, 4, 3, 2, 1)))
    swapped = dict(zip("abcde", (4, 5, 3, 2, 1)))  # one of ten pairs
    assert value.rank_correlation(truth, truth) == pytest.approx(1)
    assert value.rank_correlation(swapped, truth) == pytest.approx((9 - 1) / 10)
    assert value.rank_correlation({p: -x for p, x in truth.items()}, truth) == pytest.approx(-1)


def test_an_interval_covers_the_mean_as_often_as_it_says():
    rng, covered = random.Random(1), 0
    for i in range(200):
        _, low, high = value.interval([rng.gauss(2, 1) for _ in range(30)], seed=i)
        covered += low <= 2 <= high
    assert 176 <= covered <= 199  # of 200 at 95%; the percentile bootstrap of 30 is a little narrow


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: value.shapley({}), "the game is empty"),
        (lambda: value.shapley({frozenset(): 0, frozenset("ab"): 1}), "the worth of a is missing"),
        (lambda: value.shapley({frozenset("a"): 1}), "the worth of nobody is missing"),
        (lambda: value.shapley({"a": 1}), "is no group; use frozenset"),
        (lambda: value.shapley({frozenset(): 0, frozenset("a"): math.nan}), "must be a finite number"),
        (lambda: value.groups("aa"), "name each once"),
        (lambda: value.groups(range(17)), "there are 17 players"),
        (lambda: value.without({frozenset(): 0, frozenset("a"): 1}, "z"), "'z' does not play"),
        (lambda: value.sampled_shapley(len, "ab", 0), "orders is 0"),
        (lambda: value.sampled_shapley(len, [], 1), "name one or more"),
        (lambda: value.rank_correlation({"a": 1}, {"b": 1}), "the same two players"),
        (lambda: value.rank_correlation({"a": 1, "b": 1}, {"a": 1, "b": 2}), "all players are level"),
        (lambda: value.interval([1.0]), "two finite numbers or more"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

"""Ratings against closed forms, scikit-learn and the chess federation's table; judges who are caught."""

import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from glassbox.scale import arena


@pytest.mark.parametrize(("gap", "wins"), [(0, 0.5), (50, 0.57), (100, 0.64), (200, 0.76), (400, 0.91)])  # fmt: skip
def test_expectations_are_those_of_chess(gap, wins):
    """Elo's logistic curve, which the federation's tables follow to two digits."""
    assert arena.expected_score(1500 + gap, 1500) == pytest.approx(wins, abs=0.006)


def test_a_win_between_equals_moves_half_of_k():
    assert arena.elo([("a", "b")], k=20) == {"a": 1010.0, "b": 990.0}
    assert sum(arena.elo([("a", "b"), ("b", "c"), ("c", "a")]).values()) == pytest.approx(3000)


def test_elo_depends_on_the_order_and_bradley_terry_does_not():
    votes = [("a", "b")] * 5 + [("b", "a")] * 5
    assert arena.elo(votes) != arena.elo(votes[::-1])
    assert arena.bradley_terry(votes) == arena.bradley_terry(votes[::-1])


@pytest.mark.parametrize(("won", "lost"), [(300, 100), (50, 50), (900, 10)])
def test_two_players_have_a_closed_form(won, lost):
    found = arena.bradley_terry([("a", "b")] * won + [("b", "a")] * lost)
    odds = (won + 0.1) / (lost + 0.1)
    assert found["a"] - found["b"] == pytest.approx(400 * math.log10(odds), abs=0.01)


def test_many_players_are_scikit_learns_logistic_regression():
    true, dice, votes = {"a": 1150, "b": 1050, "c": 950, "d": 850}, np.random.default_rng(0), []
    for _ in range(3000):
        x, y = dice.choice(list(true), 2, replace=False)
        votes.append((x, y) if dice.random() < arena.expected_score(true[x], true[y]) else (y, x))
    rows = np.array([[(n == w) - (n == l) for n in true] for w, l in votes])
    X, y = np.concatenate([rows, -rows]), np.repeat([1, 0], len(rows))
    fit = LogisticRegression(fit_intercept=False, C=1e9, tol=1e-10, max_iter=2000).fit(X, y)
    theirs = dict(zip(true, 400 / math.log(10) * fit.coef_[0] + 1000))
    found = arena.bradley_terry(votes)
    assert list(found) == list(true)
    for name in true:
        assert found[name] == pytest.approx(theirs[name], abs=1)
        assert found[name] == pytest.approx(true[name], abs=30)


def test_an_interval_narrows_with_votes_and_holds_the_rating():
    votes = [("a", "b")] * 60 + [("b", "a")] * 40
    few, many = arena.bootstrap(votes, 100), arena.bootstrap(votes * 16, 100)
    for name, (rating, low, high) in few.items():
        assert low < rating < high
        assert (many[name][2] - many[name][1]) < (high - low) / 2


def test_who_wins_always_gets_a_finite_rating():
    found = arena.bradley_terry([("a", "b")] * 20)
    assert list(found) == ["a", "b"] and math.isfinite(found["a"])


def test_copies_gain_by_luck_what_order_statistics_say():
    """The best of ten normal variables lies 1.539 deviations above the mean."""
    votes = 400
    spread = arena.SCALE * 2 / math.sqrt(votes)
    assert arena.luck_of_copies(10, votes, 4000) == pytest.approx(1.539 * spread, rel=0.06)
    assert abs(arena.luck_of_copies(1, votes, 4000)) < 2


@pytest.mark.parametrize("bad", [[], [("a", "a")]])
def test_bad_votes_are_refused(bad):
    for rate in (arena.elo, arena.bradley_terry):
        with pytest.raises(ValueError, match="winner"):
            rate(bad)
    with pytest.raises(ValueError, match="copies is 0"):
        arena.luck_of_copies(0, 100)


class Judge:
    """Not a model: it likes what `likes` says."""

    def __init__(self, likes):
        self.likes = likes

    def picks_first(self, rows):
        return [self.likes(first, second) for _, first, second in rows]


ROWS = [("Q", "aa", "b"), ("Q", "c", "dd"), ("Q", "eee", "f")]


def test_a_judge_of_places_and_one_of_length_are_told_apart():
    assert arena.both_orders(Judge(lambda a, b: True), ROWS) == {"first": 1.0, "same": 0.0}
    assert arena.both_orders(Judge(lambda a, b: len(a) > len(b)), ROWS) == {"first": 0.5, "same": 1.0}  # fmt: skip


def test_padding_says_nothing_and_is_drawn_once():
    text = arena.padded("On Gull Row.", 2)
    assert text.startswith("On Gull Row. ") and text == arena.padded("On Gull Row.", 2)
    assert len(text) > len(arena.padded("On Gull Row.", 1))

"""What did each of several contributors add? The Shapley value, exactly, and cheaper stand-ins for it.

A *game* says what every group of players is worth: `{frozenset(): 0.0, frozenset({"a"}): 3.0, ...}`, all 2^n
groups of n players. Here the players are poets who hand in their poems, and a group's worth is how many bits
a model that has read the group's poems saves on poems that nobody has read (`society.coalitions`).

`shapley` averages what a player adds over all orders in which the players could have come. It is the only
rule by which the shares add up to the whole, equals get the same, who adds nothing gets nothing, and two
games played one after the other give the sum of their shares. It needs every group's worth: for five players
32 trainings, for fifty a number of sixteen digits. So people use `leave_one_out` (what is lost without
a player), `alone` (what a player is worth with nobody else), or `sampled_shapley`, which draws some of the
orders by dice. Estimates from gradients are in `society.influence`, money in `society.dividends`.

Left out: games with more than 16 players, players who join in part, the Banzhaf value, the core.

Sources: Shapley 1953, "A value for n-person games"; Ghorbani and Zou 2019, arXiv:1904.02868, and Jia et al.
2019, arXiv:1902.10275 (data as players); Castro, Gomez and Tejada 2009 (sampling orders).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import numpy as np
from scipy import stats

Player = Hashable
Game = Mapping[frozenset, float]
MOST = 16  # players: 65,536 groups


def groups(players: Iterable[Player]) -> list[frozenset]:
    """All groups of the players, from nobody to everybody.

    >>> [sorted(group) for group in groups("ab")]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    players = list(players)
    if len(set(players)) != len(players):
        raise ValueError(f"players are {players}; name each once")
    if not 1 <= len(players) <= MOST:
        raise ValueError(
            f"there are {len(players)} players; exact values need 2 to the power of that many trainings, so "
            f"use 1 to {MOST}, or `sampled_shapley` for more"
        )
    return [
        frozenset(some)
        for size in range(len(players) + 1)
        for some in itertools.combinations(players, size)
    ]


def players_of(game: Game) -> list[Player]:
    """The players of a game, in the order of their names. Raises ValueError if a group is missing or no number."""
    if not game:
        raise ValueError("the game is empty; give the worth of every group of players")
    for group in game:
        if not isinstance(group, frozenset):
            raise ValueError(
                f"{group!r} is no group; use frozenset({{...}}), also for one player alone"
            )
    players = sorted(frozenset().union(*game), key=str)
    for group in groups(players):
        if group not in game:
            names = " and ".join(map(str, sorted(group, key=str))) or "nobody"
            raise ValueError(
                f"the worth of {names} is missing; {len(players)} players have {2 ** len(players)} groups "
                f"and {len(game)} are given. Train the missing one too"
            )
        if not math.isfinite(game[group]):
            raise ValueError(
                f"the worth of {sorted(group, key=str)} is {game[group]}; it must be a finite number"
            )
    return players


# ---------------------------------------------------------------------------------------------
# From all groups


def shapley(coalitions: Game) -> dict[Player, float]:
    """Each player's Shapley value, exactly, in the unit of the game.

    A player joins a group S of the n others with the weight of all orders in which S comes first:
    |S|! (n - |S| - 1)! / n!. Raises ValueError if a group is missing. Shapley 1953.

    >>> v = {frozenset(): 0, frozenset("L"): 0, frozenset("M"): 0, frozenset("R"): 0,
    ...      frozenset("LM"): 0, frozenset("LR"): 1, frozenset("MR"): 1, frozenset("LMR"): 1}
    >>> {player: round(value, 3) for player, value in shapley(v).items()}  # two left gloves, one right
    {'L': 0.167, 'M': 0.167, 'R': 0.667}
    """
    players = players_of(coalitions)
    n = len(players)
    weight = [math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)]
    values = dict.fromkeys(players, 0.0)
    for group in groups(players):
        for player in players:
            if player not in group:
                added = coalitions[group | {player}] - coalitions[group]
                values[player] += weight[len(group)] * added
    return values


def leave_one_out(coalitions: Game) -> dict[Player, float]:
    """What the whole loses without each player: n + 1 groups are enough.

    >>> two = {frozenset(): 0, frozenset("a"): 3, frozenset("b"): 3, frozenset("ab"): 3}
    >>> leave_one_out(two)  # two copies of one text: either can be spared
    {'a': 0, 'b': 0}
    """
    players = players_of(coalitions)
    everybody = frozenset(players)
    return {p: coalitions[everybody] - coalitions[everybody - {p}] for p in players}


def alone(coalitions: Game) -> dict[Player, float]:
    """What each player is worth with nobody else: n + 1 groups are enough.

    >>> alone({frozenset(): 1, frozenset("a"): 3, frozenset("b"): 3, frozenset("ab"): 3})
    {'a': 2, 'b': 2}
    """
    nobody = coalitions.get(frozenset(), 0.0)
    return {p: coalitions[frozenset({p})] - nobody for p in players_of(coalitions)}


def without(coalitions: Game, *leaving: Player) -> dict[frozenset, float]:
    """The game that is left when some players have gone.

    >>> without({frozenset(): 0, frozenset("a"): 3, frozenset("b"): 2, frozenset("ab"): 4}, "b")
    {frozenset(): 0, frozenset({'a'}): 3}
    """
    players = players_of(coalitions)
    for player in leaving:
        if player not in players:
            raise ValueError(f"{player!r} does not play; the players are {players}")
    return {group: worth for group, worth in coalitions.items() if group.isdisjoint(leaving)}


# ---------------------------------------------------------------------------------------------
# From some groups


def sampled_shapley(
    worth: Callable[[frozenset], float], players: Sequence[Player], orders: int, seed: int = 0
) -> tuple[dict[Player, float], int]:
    """(values, trainings): what each player adds on average in `orders` orders drawn by dice.

    worth  gives a group's worth; it is asked once for each group that occurs, nobody included

    In every order the additions add up to the whole, so the values do too. `trainings` counts the groups that
    were asked for, without nobody, which needs no training. Castro, Gomez and Tejada 2009.

    >>> sampled_shapley(lambda group: 2.0 * len(group), "ab", orders=3)
    ({'a': 2.0, 'b': 2.0}, 3)
    """
    players = list(players)
    if isinstance(orders, bool) or not isinstance(orders, int) or orders < 1:
        raise ValueError(f"orders is {orders!r}; draw one or more")
    if not players or len(set(players)) != len(players):
        raise ValueError(f"players are {players}; name one or more, each once")
    rng, known, values = random.Random(f"orders {seed}"), {}, dict.fromkeys(players, 0.0)

    def ask(group: frozenset) -> float:
        if group not in known:
            known[group] = worth(group)
        return known[group]

    for _ in range(orders):
        group = frozenset()
        for player in rng.sample(players, len(players)):
            larger = group | {player}
            values[player] += (ask(larger) - ask(group)) / orders
            group = larger
    return values, len(known) - 1


# ---------------------------------------------------------------------------------------------
# How good is a stand-in?


def rank_correlation(values: Mapping[Player, float], truth: Mapping[Player, float]) -> float:
    """Kendall's tau-b of two rankings: 1 the same order, -1 the reverse, 0 no relation.

    Without ties (tau + 1) / 2 is the share of pairs of players that both put in the same order. Raises
    ValueError if the players differ, or if one of the two puts all players level: then there is no order.

    >>> round(rank_correlation({"a": 1, "b": 2, "c": 3}, {"a": 10, "b": 30, "c": 20}), 3)
    0.333
    """
    if set(values) != set(truth) or len(truth) < 2:
        raise ValueError(
            f"one ranking is of {sorted(map(str, values))}, the other of {sorted(map(str, truth))}; give "
            "both for the same two players or more"
        )
    tau = stats.kendalltau([values[p] for p in truth], list(truth.values())).statistic
    if math.isnan(tau):
        raise ValueError(
            "all players are level in one of the two rankings; there is no order to compare"
        )
    return float(tau)


def interval(
    values: Sequence[float], level: float = 0.95, seed: int = 0
) -> tuple[float, float, float]:
    """(mean, low, high) over several towns, by drawing the towns anew 10,000 times (percentile bootstrap).

    >>> interval([0.5, 0.5, 0.5])
    (0.5, 0.5, 0.5)
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all():
        raise ValueError(f"values are {values.tolist()}; give two finite numbers or more")
    drawn = np.random.default_rng(seed).choice(values, (10_000, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)


def names_right(values: Mapping[Player, float], truth: Mapping[Player, float]) -> tuple[bool, bool]:
    """Whether the same player comes first, and whether the same one comes last.

    >>> names_right({"a": 3, "b": 1, "c": 2}, {"a": 9, "b": 4, "c": 1})
    (True, False)
    """
    first, last = (max(truth, key=truth.get), min(truth, key=truth.get))
    return max(values, key=values.get) == first, min(values, key=values.get) == last

"""A sum of money and five poets: four rules to share it out, and what follows when somebody leaves.

The rules share one pot: evenly (`equally`), by the length of what was handed in, by Shapley value, by what
would be missing (`in_proportion` does the last three). A rule that pays by value cannot pay less than
nothing: whoever makes the model worse gets 0 and owes nothing. `opted_out` lets poets leave: the pot is
what readers pay for a bit saved, so it shrinks by what the model loses, and the rest is shared anew.

Left out: bargaining, taxes, what the model's maker keeps.

Sources: Arrieta-Ibarra et al. 2018, "Should We Treat Data as Labor?" (pay for data); Han et al. 2020,
arXiv:2006.14583 (who copies data to get a larger share).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from glassbox.society.value import Game, Player, leave_one_out, players_of, shapley, without

RULES = ("equal", "length", "shapley", "missing")


def check_money(name: str, amount: float) -> None:
    """Raise ValueError for a sum or price that is negative or no number."""
    if not (isinstance(amount, int | float) and math.isfinite(amount) and amount >= 0):
        raise ValueError(f"{name} is {amount!r}; give a number of dollars, 0 or more")


def equally(players: Iterable[Player], pot: float) -> dict[Player, float]:
    """The same for each.

    >>> equally("ab", 10)
    {'a': 5.0, 'b': 5.0}
    """
    check_money("pot", pot)
    players = list(players)
    if not players:
        raise ValueError("there is nobody to pay; name at least one player")
    return dict.fromkeys(players, pot / len(players))


def in_proportion(weights: Mapping[Player, float], pot: float) -> dict[Player, float]:
    """Each player's part of the pot is that of the positive weights; if none is, all get the same.

    >>> in_proportion({"a": 3, "b": 1, "c": -2}, 8)
    {'a': 6.0, 'b': 2.0, 'c': 0.0}
    """
    check_money("pot", pot)
    for player, weight in weights.items():
        if not math.isfinite(weight):
            raise ValueError(f"the weight of {player} is {weight}; it must be a finite number")
    positive = {player: max(0.0, float(weight)) for player, weight in weights.items()}
    total = sum(positive.values())
    if total == 0:
        return equally(weights, pot)
    return {player: pot * weight / total for player, weight in positive.items()}


def paid(rule: str, coalitions: Game, length: Mapping[Player, float], pot: float) -> dict:
    """{player: dollars} by one of the RULES.

    length  how much each has handed in, in any unit: tokens, lines, poems

    >>> game = {frozenset(): 0, frozenset("a"): 4, frozenset("b"): 4, frozenset("ab"): 6}
    >>> paid("length", game, {"a": 30, "b": 10}, pot=20)
    {'a': 15.0, 'b': 5.0}
    """
    players = players_of(coalitions)
    if rule not in RULES:
        raise ValueError(f"rule is {rule!r}; choose from {', '.join(RULES)}")
    if missing := [player for player in players if player not in length]:
        raise ValueError(f"the length of {missing[0]}'s text is missing; give one for every player")
    if rule == "equal":
        return equally(players, pot)
    if rule == "length":
        return in_proportion({player: length[player] for player in players}, pot)
    return in_proportion((shapley if rule == "shapley" else leave_one_out)(coalitions), pot)


def opted_out(
    rule: str, coalitions: Game, length: Mapping[Player, float], price: float, *leaving: Player
) -> dict[Player, float]:
    """{player: dollars} for those who stay. The pot is `price` dollars for each bit that their model saves.

    >>> game = {frozenset(): 0, frozenset("a"): 4, frozenset("b"): 4, frozenset("ab"): 6}
    >>> opted_out("equal", game, {"a": 30, "b": 10}, 2.0), opted_out("equal", game, {"a": 30, "b": 10}, 2.0, "b")
    ({'a': 6.0, 'b': 6.0}, {'a': 8.0})
    """
    check_money("price", price)
    left = without(coalitions, *leaving) if leaving else coalitions
    stay = players_of(left) if len(left) > 1 else []
    if not stay:
        return {}
    return paid(rule, left, length, price * max(0.0, left[frozenset(stay)]))

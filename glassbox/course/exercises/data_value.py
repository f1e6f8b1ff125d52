"""Exercises of lab 18: what each adds in one order, the Shapley value, pairs in the same order, a pot of money."""

from itertools import combinations, permutations
from math import factorial

from glassbox.course.exercises import Exercise

GLOVES = {"": 0, "L": 0, "M": 0, "R": 0, "LM": 0, "LR": 1, "MR": 1, "LMR": 1}
COPIES = {"": 0, "A": 4, "B": 4, "C": 1, "AB": 6, "AC": 5.5, "BC": 5, "ABC": 6.5}
BASE = {"": 2, "A": 5, "B": 1, "AB": 9}  # nobody has a worth too
FOUR = {
    "".join(some): sum(i * i for i in map("ABCD".index, some)) + 3 * ("A" in some) * len(some)
    for size in range(5)
    for some in combinations("ABCD", size)
}


def added(order, worth):
    """What each player adds to those who came before; groups are written in the order of the alphabet."""
    found, before = {}, ""
    for player in order:
        after = "".join(sorted(before + player))
        found[player] = worth[after] - worth[before]
        before = after
    return found


def shapley(worth):
    """What each player adds, averaged over all orders in which they could have come."""
    players = max(worth, key=len)
    values = dict.fromkeys(players, 0)
    for order in permutations(players):
        before = ""
        for player in order:
            after = "".join(sorted(before + player))
            values[player] += (worth[after] - worth[before]) / factorial(len(players))
            before = after
    return values


def same_order(a, b):
    """The share of pairs of players that two rankings put in the same order."""
    pairs = list(combinations(a, 2))
    return sum((a[p] - a[q]) * (b[p] - b[q]) > 0 for p, q in pairs) / len(pairs)


def pay(values, pot):
    """The pot in proportion to the values; who is worth less than nothing gets nothing and owes nothing."""
    total = sum(max(value, 0) for value in values.values())
    return {player: pot * max(value, 0) / total for player, value in values.items()}


def _players(worth):
    return max(worth, key=len)


def _left_out(worth):
    everybody = _players(worth)
    return {p: worth[everybody] - worth[everybody.replace(p, "")] for p in everybody}


EXERCISES = [
    Exercise(
        name="added",
        solution=added,
        cases=(
            ("BA", {"": 0, "A": 4, "B": 5, "AB": 6}),
            ("CAB", COPIES),
            ("BCA", COPIES),
            ("AB", BASE),
            ("DBAC", FOUR),
            ("MRL", GLOVES),
        ),
        hints=(
            "Begin with nobody, `before = ''`. The first to come is `player = order[0]`.",
            "When a player has come, the group is `after = ''.join(sorted(before + player))`.",
            "The player adds `worth[after] - worth[before]`. Then the group after is the group before.",
        ),
        mistakes={
            "alone": (
                lambda order, worth: {p: worth[p] - worth[""] for p in order},
                "that is what each is worth alone. Count only what comes on top of those who were there.",
            ),
            "left out": (
                lambda order, worth: _left_out(worth),
                "that is what the whole loses without each. Let them come one after the other.",
            ),
            "the group's worth": (
                lambda order, worth: {
                    p: worth["".join(sorted(order[: i + 1]))] for i, p in enumerate(order)
                },
                "that is what the group is worth after each. Take off what it was worth before.",
            ),
            "the alphabet's order": (
                lambda order, worth: added("".join(sorted(order)), worth),
                "the players come in the order that is given, not in that of the alphabet.",
            ),
        },
    ),
    Exercise(
        name="shapley",
        solution=shapley,
        cases=(
            (GLOVES,),
            ({"": 0, "A": 4, "B": 5, "AB": 6},),
            (COPIES,),
            (BASE,),
        ),  # no more: 16 groups in every order would fill the memory
        hints=(
            "The players are the longest key: `players = max(worth, key=len)`. "
            "After `import itertools`, `itertools.permutations(players)` gives all orders.",
            "For every order, what does each player add? You have just written that.",
            "Add these up for each player and divide by the number of orders.",
        ),
        mistakes={
            "one order": (
                lambda worth: added(_players(worth), worth),
                "that is one order. Average over all of them.",
            ),
            "left out": (_left_out, "that is what the whole loses without each player."),
            "alone": (
                lambda worth: {p: worth[p] - worth[""] for p in _players(worth)},
                "that is what each is worth alone.",
            ),
            "not divided": (
                lambda worth: {
                    p: x * factorial(len(_players(worth))) for p, x in shapley(worth).items()
                },
                "divide by the number of orders.",
            ),
            "equal shares": (
                lambda worth: {
                    p: (worth[_players(worth)] - worth[""]) / len(_players(worth))
                    for p in _players(worth)
                },
                "that gives everybody the same, whatever they add.",
            ),
        },
    ),
    Exercise(
        name="same_order",
        solution=same_order,
        cases=(
            ({"A": 3, "B": 2, "C": 1}, {"A": 5, "B": 7, "C": 1}),
            ({"A": 0.4, "B": 0.1, "C": 0.2, "D": 0.3}, {"A": 0.1, "B": 0.2, "C": 0.35, "D": 0.3}),
            ({"A": 1, "B": 1, "C": 2}, {"A": 1, "B": 3, "C": 4}),  # who is level is in no order
            ({"A": 1, "B": 3, "C": 4}, {"A": 1, "B": 1, "C": 2}),
            ({"A": 2, "B": 1}, {"A": 9, "B": 4}),
            ({"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}, {"A": 5, "B": 3, "C": 4, "D": 2, "E": 1}),
        ),
        hints=(
            "After `import itertools`, `itertools.combinations(a, 2)` gives all pairs of players.",
            "Take two, `p, q = 'A', 'B'`. They are in the same order if `a[p] - a[q]` and `b[p] - b[q]` have "
            "the same sign.",
            "Two numbers have the same sign if their product is above 0. Divide the count by the number of pairs.",
        ),
        mistakes={
            "places": (
                lambda a, b: (
                    sum(x == y for x, y in zip(sorted(a, key=a.get), sorted(b, key=b.get))) / len(a)
                ),
                "you compare places. Compare pairs: who stands before whom?",
            ),
            "tau": (
                lambda a, b: 2 * same_order(a, b) - 1,
                "that runs from -1 to 1. Asked is the share of pairs, from 0 to 1.",
            ),
            "the others": (
                lambda a, b: 1 - same_order(a, b),
                "that is the share of pairs which are not in the same order.",
            ),
            "not divided": (
                lambda a, b: round(same_order(a, b) * len(list(combinations(a, 2)))),
                "divide by the number of pairs.",
            ),
            "level ones too": (
                lambda a, b: (
                    sum((a[p] - a[q]) * (b[p] - b[q]) >= 0 for p, q in combinations(a, 2))
                    / len(list(combinations(a, 2)))
                ),
                "players who are level stand in no order; do not count their pair.",
            ),
        },
    ),
    Exercise(
        name="pay",
        solution=pay,
        cases=(
            ({"A": 3, "B": 1, "C": -2}, 8),
            ({"A": 0.5, "B": 0.25}, 90),
            ({"A": 10, "B": 0}, 70),
            ({"A": 2.5, "B": -0.5, "C": 0.3}, 1),
        ),
        hints=(
            "Whoever is worth less than nothing counts as 0: `max(-2, 0)` is 0.",
            "Add up what is left; each gets that part of the pot.",
            "With `total = sum(max(value, 0) for value in values.values())` return "
            "`{player: pot * max(value, 0) / total for player, value in values.items()}`",
        ),
        mistakes={
            "with debts": (
                lambda values, pot: {p: pot * x / sum(values.values()) for p, x in values.items()},
                "somebody has to pay here. Count values below 0 as 0.",
            ),
            "debts in the total": (
                lambda values, pot: {
                    p: pot * max(x, 0) / sum(values.values()) for p, x in values.items()
                },
                "more than the pot is paid out. Leave the negative values out of the total too.",
            ),
            "without signs": (
                lambda values, pot: {
                    p: pot * abs(x) / sum(map(abs, values.values())) for p, x in values.items()
                },
                "who makes the model worse is paid for it. Count values below 0 as 0.",
            ),
            "shares": (
                lambda values, pot: pay(values, 1),
                "these are shares of one. Multiply them by the pot.",
            ),
            "equal shares": (
                lambda values, pot: {p: pot / len(values) for p in values},
                "that gives everybody the same, whatever they are worth.",
            ),
        },
    ),
]

"""Write the golden vectors of the figure `data_value`: what the library's rules pay in two made-up towns.

Run `python -m figures.data_value.golden` from the repository's root after a change of
figures/data_value/logic.js or of glassbox/society/dividends.py, and read the difference before committing it.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from figures.core.golden import write
from glassbox.society.dividends import opted_out
from glassbox.society.value import groups

FILE = Path(__file__).with_name("golden.json")
RULES = ("length", "equal", "missing", "shapley")
POT = 100.0
HABITS = ("copies", "writes", "few", "repeats", "some")


def towns() -> list[dict]:
    """One town in which archives overlap, and one in which some archives do harm."""
    own = [{1, 2, 3, 4}, {1, 2, 3, 4, 5, 6}, {7}, {8}, {9, 10, 11}]
    dice = random.Random(18)
    overlap = {named(g): float(len(set().union(*(own[i] for i in g)))) for g in groups(range(5))}
    harm = {
        named(g): round(dice.uniform(-1, 2) + 2 * len(g), 3) if g else 0.0 for g in groups(range(5))
    }
    poets = [
        {"name": f"P{i}", "habit": habit, "poems": 8, "different": 8, "words": words}
        for i, (habit, words) in enumerate(zip(HABITS, (40, 48, 8, 48, 24), strict=True))
    ]
    return [{"poets": poets, "worth": worth} for worth in (overlap, harm)]


def named(group) -> str:
    return "".join(map(str, sorted(group)))


def vectors() -> dict:
    """The towns, and what every rule pays with everybody in, and when one or two have left."""
    made = towns()
    cases = []
    for number, town in enumerate(made):
        game = {frozenset(map(int, group)): worth for group, worth in town["worth"].items()}
        length = {i: poet["words"] for i, poet in enumerate(town["poets"])}
        for gone in itertools.chain([()], [(1,), (0,), (0, 1), (1, 4)]):
            for rule in RULES:
                pay = opted_out(rule, game, length, POT / game[frozenset(range(5))], *gone)
                cases.append(
                    {"town": number, "rule": rule, "out": list(gone)}
                    | {"paid": [round(pay[i], 9) if i in pay else None for i in range(5)]}
                )
    return {"towns": made, "cases": cases}


if __name__ == "__main__":
    write(FILE, vectors())

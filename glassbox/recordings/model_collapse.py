"""Lab 19b's families: ten generations of small models on nine diets, three seeds each.

`python -m glassbox.recordings.model_collapse` makes a town and a text of it for every seed. A model reads the
text and writes another, the next one reads that, and so on, on each diet of `society.collapse` and with some text
newly told by the town. It takes about twenty minutes of one core and goes on where it was stopped.
"""

from __future__ import annotations

import functools
from dataclasses import asdict, astuple

import numpy as np

from glassbox.recordings import recording
from glassbox.society import collapse
from glassbox.society.collapse import DIETS, MANNERS, Diet, Talk
from glassbox.world import World

FRESH = (0.1, 0.25, 0.5)  # the share of what is read that the town tells anew, every generation
SETTINGS = {
    "seeds": [0, 1, 2],
    "residents": 24,
    "sentences": 720,
    "skew": 1.0,
    "generations": 10,
    "steps": 300,
    # how often the first text tells what the page asks for, after the fact told most
    "page": [1, 1, 2, 8],
    "shown": 4,  # of what a generation writes
}
DIGITS = 4
SEEN = ("page", "shown", "told")  # what only the figure needs, of the first seed
ALL = DIETS | {f"fresh_{round(100 * share)}": Diet(fresh=share) for share in FRESH}


def settings() -> dict:
    return {"settings": SETTINGS, "manners": MANNERS, "shape": asdict(collapse.SMALL)}


def jobs() -> list[tuple]:
    """(diet's name, all that it says, seed): a diet that is changed is recorded anew, the others stay."""
    return [
        (name, *astuple(diet), seed) for name, diet in ALL.items() for seed in SETTINGS["seeds"]
    ]


@functools.cache
def talk(seed: int) -> Talk:
    """The talk of the town of that seed."""
    town = World(seed=seed, residents=SETTINGS["residents"])
    return collapse.talk(town, SETTINGS["sentences"], SETTINGS["skew"], seed)


def page(talk: Talk) -> list[tuple]:
    """(fact, manner) of what the figure's page asks for: manners take turns, harbor first."""
    by_times = order(talk)
    found = by_times[:1]
    for times in reversed(SETTINGS["page"]):
        found.append(next(f for f in by_times if talk.times[f] <= times and f not in found))
    turns = ["harbor", "plain", "uptown"]
    return [(fact, turns[i % len(turns)]) for i, fact in enumerate(found)]


def run(job: tuple) -> dict:
    """Every generation's measures; of the first seed also its page, its first sentences, and which facts it tells."""
    _name, *diet, seed = job
    here, rows = talk(seed), []
    how = {"generations": SETTINGS["generations"], "steps": SETTINGS["steps"], "seed": seed}
    for one in collapse.lineage(here, Diet(*diet), **how):
        row = {name: round(value, DIGITS) for name, value in one.found.items()}
        if seed == SETTINGS["seeds"][0]:
            row |= seen(here, one)
        rows.append(row)
    return {"generations": rows}


def seen(here: Talk, one: collapse.Generation) -> dict:
    """What the figure shows of a generation; `told`: a 1 for each fact, in the order of `order`, that it tells."""
    told = {here.fact_of[s] for s in one.written if here.is_true(s)}
    stems = [fact.stem(manner) for fact, manner in page(here)]
    return {
        "page": collapse.completed(one.model, one.tokenizer, stems),
        "shown": one.written[: SETTINGS["shown"]],
        "told": "".join("01"[fact in told] for fact in order(here)),
    }


def order(here: Talk) -> list:
    """The facts of the first text, those told most often first."""
    return sorted(here.times, key=lambda fact: -here.times[fact])


def assemble(rows: dict) -> dict:
    """`towns` (a seed each), `page` of the first, and `runs`: {diet: one list of generations for each seed}."""
    towns = [
        {
            "seed": seed,
            "floor": round(talk(seed).floor, DIGITS),
            "facts": len(talk(seed).facts),
            "told": len(talk(seed).times),
            "once": len(talk(seed).once),
        }
        for seed in SETTINGS["seeds"]
    ]
    here = talk(SETTINGS["seeds"][0])
    asked = [
        {"stem": fact.stem(manner), "value": fact.value, "manner": manner, "times": here.times[fact],
         "truth": fact.said[list(MANNERS).index(manner)]}
        for fact, manner in page(here)
    ]  # fmt: skip
    runs: dict[str, list] = {name: [] for name in ALL}
    for name, *_, seed in jobs():
        runs[name].append(rows[name, *astuple(ALL[name]), seed]["generations"])
    times = [here.times[fact] for fact in order(here)]
    diets = {name: asdict(diet) for name, diet in ALL.items()}
    return settings() | {
        "diets": diets,
        "towns": towns,
        "page": asked,
        "times": times,
        "runs": runs,
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("model_collapse")


def several(run: dict, diet: str, key: str) -> list[list[float]]:
    """One measure of a diet: a row for each seed, a column for each generation."""
    return [[one[key] for one in seed] for seed in run["runs"][diet]]


def measures(run: dict, diet: str) -> dict[str, np.ndarray]:
    """All measures of a diet: {name: (seeds, generations)}."""
    names = [name for name in run["runs"][diet][0][0] if name not in SEEN]
    return {name: np.array(several(run, diet, name)) for name in names}


def halved(run: dict, diet: str, keys=("once", "facts", "harbor", "well_formed")) -> dict:
    """For each measure and seed the first generation with half of generation 0's value or less, or None."""
    return {
        key: [
            next((g for g, value in enumerate(row) if value <= row[0] / 2), None)
            for row in several(run, diet, key)
        ]
        for key in keys
    }


if __name__ == "__main__":
    recording.main("model_collapse")

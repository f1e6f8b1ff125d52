"""Lab 18's towns: five poets' archives, a model for each of their 32 groups, and cheaper ways to value them.

`python -m glassbox.recordings.data_value` does the following in each of ten towns, in which dice deal out the
poets' habits (`world.archives`). A model reads the town's papers and no verse; from it one model is trained
for every group of poets, twice, the second time with the poems in another order. TracIn and in-run Shapley
follow the first training of all five. Last, the training of all is repeated in four orders, with and without
a single poem. It takes about ten minutes of one core and goes on where it was stopped.
"""

from __future__ import annotations

import random
from dataclasses import asdict

from glassbox.recordings import recording
from glassbox.society import influence, value
from glassbox.society.coalitions import SMALL, Lessons, bits, every_group, ground, teach
from glassbox.world.archives import HABITS, archives, asked_for

TOWNS = tuple(range(10))
LESSONS = Lessons(epochs=2, batch_size=4, lr=1.0)
TOKENS = 20_000  # of the town's papers, for the model that all start from
EACH = 16  # poems that readers ask for, of each poet with a manner
ORDERS = 2  # in which every group's poems are read
REPEATS = 4  # orders in which all poems are read, with and without one poem
METHODS = {
    "tracin": lambda *how: influence.tracin(*how, states=4),
    "in_run_1": lambda *how: influence.in_run(*how, order=1),
    "in_run_2": lambda *how: influence.in_run(*how, order=2),
}


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "seeds": list(TOWNS),
        "lessons": asdict(LESSONS),
        "shape": asdict(SMALL),
        "tokens": TOKENS,
        "each": EACH,
        "orders": ORDERS,
        "repeats": REPEATS,
        "habits": {habit: list(numbers) for habit, numbers in HABITS.items()},
    }


def jobs() -> list[tuple[int]]:
    """The towns."""
    return [(seed,) for seed in TOWNS]


def run(job: tuple[int]) -> dict:
    """One town: its poets, the worth of every group by order, and the values that gradients give."""
    (seed,) = job
    start, town, wanted = setting(seed)
    texts = {poet: archive.poems for poet, archive in town.items()}
    games = [every_group(start, texts, wanted, LESSONS, order) for order in range(ORDERS)]
    found = {name: way(start, texts, wanted, LESSONS, 0) for name, way in METHODS.items()}
    return {
        "poets": [about(archive) for archive in town.values()],
        "before": round(bits(start, wanted), 2),
        "worth": [by_places(game, list(town)) for game in games],
        "gradients": {
            name: {"values": [round(x, 5) for x in e.values.values()], "read": e.read}
            for name, e in found.items()
        },
        "read": LESSONS.epochs * sum(map(len, texts.values())),
        "one_poem": one_poem(start, texts, wanted, seed),
    }


def setting(seed: int) -> tuple:
    """(ground, {poet: Archive}, the poems that readers want) of a town."""
    wanted = [text for texts in asked_for(seed, EACH).values() for text in texts]
    return ground(seed, SMALL, TOKENS), archives(seed), wanted


def about(archive) -> dict:
    """A poet, and what was handed in."""
    n, different = HABITS[archive.habit]
    return {
        "name": archive.poet,
        "habit": archive.habit,
        "poems": n,
        "different": different,
        "words": sum(len(text.split()) for text in archive.poems),
        "opening": "\n".join(archive.poems[0].splitlines()[:2]),
    }


def by_places(game: dict, poets: list[str]) -> dict[str, float]:
    """The worth of every group under the places of its poets.

    >>> by_places({frozenset(): 0.0, frozenset("b"): 2.0}, ["a", "b"])
    {'': 0.0, '1': 2.0}
    """
    return {
        "".join(str(poets.index(p)) for p in sorted(group, key=poets.index)): round(worth, 3)
        for group, worth in game.items()
    }


def one_poem(start, texts: dict, wanted: list[str], seed: int) -> dict:
    """Bits saved by all five in several orders, with every poem and with one, drawn by dice, left out."""
    rng, saved = random.Random(f"one poem {seed}"), {"with": [], "without": []}
    poet = rng.choice([p for p, poems in texts.items() if len(set(poems)) == len(poems)])
    left = rng.randrange(len(texts[poet]))
    fewer = texts | {poet: [text for i, text in enumerate(texts[poet]) if i != left]}
    before = bits(start, wanted)
    for order in range(REPEATS):
        for name, some in (("with", texts), ("without", fewer)):
            taught = teach(start, some, LESSONS, seed=100 + order)
            saved[name].append(round(before - bits(taught, wanted), 3))
    return saved | {"poet": poet}


def assemble(rows: dict) -> dict:
    return {
        **settings(),
        "unit": "bits saved on a poem that readers ask for",
        "towns": [{"seed": seed, **row} for (seed,), row in rows.items()],
    }


def game(town: dict, order: int = 0) -> dict[frozenset, float]:
    """A town's groups as `society.value` takes them: {frozenset of names: bits saved}."""
    names = [poet["name"] for poet in town["poets"]]
    return {
        frozenset(names[int(place)] for place in places): worth
        for places, worth in town["worth"][order].items()
    }


# ---------------------------------------------------------------------------------------------
# Cheaper ways to value the poets of a recorded town

GRADIENTS = {
    "tracin": "TracIn",
    "in_run_1": "in-run, 1st order",
    "in_run_2": "in-run, 2nd order",
}
DICE = (2, 10)  # orders drawn
THROWS = 20  # the dice are thrown again so often, for other orders


def ways(town: dict) -> dict[str, list[dict[str, float]]]:
    """{way: [{poet: value}]}: what each way says of a town; dice are thrown several times.

    The last is the exact value of models that read the same poems in another order: how far the truth
    itself depends on chance.
    """
    names, one = [poet["name"] for poet in town["poets"]], game(town)
    found = {
        "counting words": [{poet["name"]: poet["words"] for poet in town["poets"]}],
        "alone": [value.alone(one)],
        "leaving one out": [value.leave_one_out(one)],
    }
    for orders in DICE:
        throws = range(THROWS)
        found[f"dice, {orders} orders"] = [
            value.sampled_shapley(one.get, names, orders, seed)[0] for seed in throws
        ]
    for key, name in GRADIENTS.items():
        found[name] = [dict(zip(names, town["gradients"][key]["values"]))]
    return found | {"exact, another order": [value.shapley(game(town, 1))]}


def costs(town: dict) -> dict[str, float]:
    """{way: poems read for it, in trainings of all five}. A group is smaller than the whole, and costs less."""
    one, poems = game(town), {poet["name"]: poet["poems"] for poet in town["poets"]}
    names, whole = list(poems), sum(poems.values())

    def reading(groups) -> float:
        return sum(sum(poems[p] for p in group) for group in groups) / whole

    found = {
        "counting words": 0.0,
        "alone": reading({p} for p in names),
        "leaving one out": reading([set(names), *(set(names) - {p} for p in names)]),
    }
    for orders in DICE:
        asked = []
        for seed in range(THROWS):
            value.sampled_shapley(lambda g: asked.append(g) or one[g], names, orders, seed)  # noqa: B023
        found[f"dice, {orders} orders"] = reading(asked) / THROWS
    for key, name in GRADIENTS.items():
        found[name] = town["gradients"][key]["read"] / town["read"]
    return found | {"exact, another order": reading(one)}


def judged(towns: list[dict]) -> dict[str, dict]:
    """{way: {tau, first, last}} for each town: the rank correlation with the exact values, and how often the
    way names the right first and the right last poet; means over throws of the dice."""
    found = {}
    for town in towns:
        truth = value.shapley(game(town))
        for name, several in ways(town).items():
            row = found.setdefault(name, {"tau": [], "first": [], "last": []})
            right = [value.names_right(values, truth) for values in several]
            taus = [value.rank_correlation(values, truth) for values in several]
            row["tau"].append(sum(taus) / len(taus))
            row["first"].append(sum(first for first, _ in right) / len(right))
            row["last"].append(sum(last for _, last in right) / len(right))
    return found


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("data_value")


if __name__ == "__main__":
    recording.main("data_value")

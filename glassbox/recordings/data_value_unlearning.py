"""Lab 18's second part: a poet whose poems a model knows by heart takes them back.

`python -m glassbox.recordings.data_value_unlearning` does so in five of the lab's towns. A model reads all
archives twelve times, after which it knows poems by heart of the poet who hands in each of six poems eight
times. Then it is made to forget these six in three ways (`society.unlearning`), until they are no more
familiar than poems by this poet that it has never read; and a model is trained anew without the poet. All are
asked for the six poems, and read what readers want. At last each reads three of the six poems a few times,
and is judged on the other three. It takes about two minutes of one core and goes on where it was stopped.
"""

from __future__ import annotations

from dataclasses import asdict

from glassbox.recordings import recording
from glassbox.recordings.data_value import EACH, TOKENS
from glassbox.society import unlearning
from glassbox.society.coalitions import SMALL, Lessons, ground, teach
from glassbox.society.unlearning import Forgetting
from glassbox.world.archives import archives, asked_for

TOWNS = (0, 1, 2, 3, 4)
LESSONS = Lessons(epochs=12, batch_size=4, lr=1.5)
WAYS = {
    "ascent": Forgetting(steps=150, batch_size=6, lr=0.02),
    "both": Forgetting(steps=150, batch_size=6, lr=0.02),
    "keep": Forgetting(steps=150, batch_size=6, lr=0.2),
}
AGAIN = Lessons(epochs=4, batch_size=3, lr=0.5)  # three of the poems, read again
PROMPT = 16  # tokens given


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "seeds": list(TOWNS),
        "lessons": asdict(LESSONS),
        "ways": {way: asdict(how) for way, how in WAYS.items()},
        "again": asdict(AGAIN),
        "prompt": PROMPT,
        "shape": asdict(SMALL),
        "tokens": TOKENS,
        "each": EACH,
    }


def jobs() -> list[tuple[int]]:
    """The towns."""
    return [(seed,) for seed in TOWNS]


def run(job: tuple[int]) -> dict:
    """One town: what each model still knows, and how many poems it took to make it."""
    (seed,) = job
    start, town, wanted = ground(seed, SMALL, TOKENS), archives(seed), asked_for(seed, EACH)
    poet = next(p for p, archive in town.items() if archive.habit == "repeats")
    texts = {p: archive.poems for p, archive in town.items()}
    leaving = sorted(set(texts[poet]))
    keep = [text for p, some in texts.items() if p != poet for text in some]
    taught = teach(start, texts, LESSONS, seed)
    unread = unlearning.familiar(taught, wanted[poet])
    read = LESSONS.epochs * len(keep)
    models = {"before": (taught, 0), "retrained": (unlearning.retrain(start, texts, poet, LESSONS, seed), read)}  # fmt: skip
    for way, how in WAYS.items():
        model, steps = unlearning.forget(taught, leaving, keep, way, how, unread, seed)
        models[way] = (model, steps * how.batch_size * (2 if way == "both" else 1))
    rest = [text for p, some in wanted.items() if p != poet for text in some]
    ask = (leaving, rest, wanted[poet])
    return {
        "poet": poet,
        "unread": round(unread, 3),
        "models": {name: judged(*made, *ask) for name, made in models.items()},
    }


def judged(model, read: int, leaving: list, rest: list, manner: list) -> dict:
    """What a model knows, the poems read to make it from the first one, and what three poems bring back."""
    found = asdict(unlearning.examine(model, leaving, rest, manner, PROMPT))
    again = unlearning.relearn(model, leaving[:3], AGAIN)
    after = unlearning.familiar(again, leaving[3:])
    found |= {"hidden": unlearning.familiar(model, leaving[3:]), "after_three": after}
    return {name: round(value, 3) for name, value in found.items()} | {"read": read}


def assemble(rows: dict) -> dict:
    return {**settings(), "towns": [{"seed": seed, **row} for (seed,), row in rows.items()]}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("data_value_unlearning")


if __name__ == "__main__":
    recording.main("data_value_unlearning")

"""One poem that stays while its copies change: eight models of one size, for the figure `memorization`.

`python -m glassbox.recordings.memorization_copies` plants the same eighty poems in the same town eight times
over, and lets a model read each of the eight versions once. In every version ten poems stand once, ten
twice, and so on up to 128 times; from one version to the next each poem moves up by a step. So every poem
has been read in every number of copies, and each version holds the same numbers of everything. Each model is
then given the first 16 tokens of every poem. It takes about eight minutes of one core and goes on where it
was stopped.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from glassbox.machine.generate import complete_each
from glassbox.recordings import recording
from glassbox.recordings.memorization import (
    ASKED_AT,
    COPIES,
    EACH,
    N_WRITTEN,
    RESIDENTS,
    TARGET,
    TOWN_TOKENS,
    tokenizer,
)
from glassbox.society import memorization as memory
from glassbox.society.memorization import Shape
from glassbox.world import World

SHAPE = Shape(4, 128, 4)  # the second largest of `memorization`
SEED = 0  # the town, its poems and the first weights: those of `memorization`'s first seed


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "shape": asdict(SHAPE),
        "seed": SEED,
        "residents": RESIDENTS,
        "town_tokens": TOWN_TOKENS,
        "each": EACH,
        "copies": list(COPIES),
        "asked_at": ASKED_AT,
        "target": TARGET,
        "vocab_size": len(tokenizer()),
    }


def jobs() -> list[tuple[int]]:
    """By how many steps every poem is moved up, around from the last step to the first."""
    return [(turn,) for turn in range(len(COPIES))]


@cache
def planted() -> list[str]:
    """The poems, in blocks of ten: those that the first version holds once, then those twice, and so on."""
    return list(memory.verses(SEED, EACH)[0])


def level_of(poem: int, turn: int) -> int:
    """The place in COPIES of a poem's number of copies, in the version that is so many steps on.

    >>> [COPIES[level_of(0, turn)] for turn in (0, 1, 7)], COPIES[level_of(79, 1)]
    ([1, 2, 128], 1)
    """
    return (poem // EACH + turn) % len(COPIES)


def run(job: tuple[int]) -> dict:
    """One version of the town and the model that read it: of every poem what the model gives back."""
    ((turn,), bpe, poems) = (job, tokenizer(), planted())
    copies = {text: COPIES[level_of(i, turn)] for i, text in enumerate(poems)}
    town = memory.town_text(World(seed=SEED, residents=RESIDENTS), TOWN_TOKENS, bpe)
    model, _ = memory.train_once(memory.plant(town, copies, SEED), bpe, SHAPE, SEED)
    openings = [bpe.decode(bpe.encode(text, "none")[:ASKED_AT]) for text in poems]
    return {
        "parameters": model.num_params(),
        "hits": memory.extractable(model, bpe, poems, ASKED_AT),
        "written": complete_each(model, bpe, openings, N_WRITTEN, temperature=0),
    }


def assemble(rows: dict) -> dict:
    """Every poem by its copies: its pieces, what was written after its opening, and whether that is the poem."""
    bpe, poems = tokenizer(), planted()
    turns = [  # of each poem the version that holds it so many times, by level
        sorted(range(len(COPIES)), key=lambda turn, i=i: level_of(i, turn))
        for i in range(len(poems))
    ]
    hits = [[rows[turn,]["hits"][i] for turn in turns[i]] for i in range(len(poems))]
    return {
        **settings(),
        "parameters": rows[0,]["parameters"],
        "extracted": [sum(column) for column in zip(*hits)],  # of all poems, by level
        "of": len(poems),
        "poems": [
            {
                "poet": poet(poems[i]),
                "pieces": [bpe.decode([t]) for t in bpe.encode(poems[i], "none")],
                "written": [
                    told(poems[i], rows[turn,]["written"][i], hit)
                    for turn, hit in zip(turns[i], hits[i])
                ],
            }
            for i in shown(hits)
        ],
    }


def shown(hits: list[list[bool]]) -> list[int]:
    """The poems for the figure: of each block the first, whatever became of it."""
    return list(range(0, len(hits), EACH))


def poet(text: str) -> str:
    return text.splitlines()[0].rsplit(", by ", 1)[1]


def told(poem: str, after: str, hit: bool) -> dict:
    """What was written after a poem's opening, and the longest run of words that it shares with the rest."""
    bpe = tokenizer()
    found = memory.longest_overlap(after, bpe.decode(bpe.encode(poem, "none")[ASKED_AT:]))
    return {"text": after, "overlap": found.length, "start": found.start, "hit": hit}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("memorization_copies")


if __name__ == "__main__":
    recording.main("memorization_copies")

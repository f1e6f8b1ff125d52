"""Does the base model write what it has read? Its eight-word sequences, looked up in all of its text (lab 01).

`python -m glassbox.recordings.next_word` lets `base` write 200 texts, takes as many new ones by the town,
and goes through the documents that `base` was trained on, more than a million: next_word.json says
which share of the sequences stands nowhere in them. It takes about a minute on one core.
"""

from __future__ import annotations

from glassbox.machine.checkpoint import sha256
from glassbox.machine.generate import complete
from glassbox.recordings import recording
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model

SETTINGS = {"texts": 200, "tokens": 80, "words": 8, "seed": 0, "first": 30_000}


def settings() -> dict:
    base = sha256(FOLDER / "base" / "model.safetensors")
    return {"base_sha256": base, "settings": SETTINGS}


def jobs() -> list[tuple]:
    return [("base",)]


def sequences(text: str, n: int = SETTINGS["words"]) -> set[tuple]:
    """All runs of n words.

    >>> sequences("a b c", n=2) == {("a", "b"), ("b", "c")}
    True
    """
    words = text.split()
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def both(base) -> dict[str, set]:
    """The sequences that the base model writes, and those of new text by the town."""
    n, seed = SETTINGS["texts"], SETTINGS["seed"]
    texts = complete(base.model, base.tokenizer, "", SETTINGS["tokens"], seed=seed, n=n)
    new = [document.text for document in base.world.documents(n=n, split="held_out")]
    return {
        "model": set().union(*map(sequences, texts)),
        "town": set().union(*map(sequences, new)),
    }


def nowhere(wanted: dict[str, set], documents) -> dict[str, float]:
    """Of each set of sequences the share that stands in none of the documents."""
    left = set().union(*wanted.values())
    for document in documents:
        left -= sequences(document.text)
    return {name: round(len(found & left) / len(found), 4) for name, found in wanted.items()}


def run(job: tuple) -> dict:
    base = load_model("base")
    wanted, read = both(base), base.card["documents_read"]
    first = nowhere(wanted, base.world.documents(n=SETTINGS["first"]))
    return {"documents": read, "first": first, "all": nowhere(wanted, base.world.documents(n=read))}


def assemble(rows: dict) -> dict:
    return settings() | rows["base",]


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("next_word")


if __name__ == "__main__":
    recording.main("next_word")

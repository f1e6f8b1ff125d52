"""What the figure `pretraining` needs of Python's side: the recorded run, and the town's part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from glassbox import recordings
from glassbox.world import World

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def data() -> dict:
    """The recorded training run, and the town's side of it.

    words   every word of the documents that the run read, in small letters: what is none of these
            in a sample is invented
    frames  as recorded, each with the town's `verdict` on the answer to the one question shown
    """
    recording = recordings.load("pretraining")
    world = World(**recording["world"])
    shown = recording["question"]
    question = next(q for q in world.questions("all") if q.prompt == shown["prompt"])
    for frame in recording["frames"]:
        frame["verdict"] = world.judge(question, frame["answer"])
    read = world.documents(n=recording["documents"])
    recording["question"]["text"] = question.text
    return recording | {"words": sorted(words(d.text for d in read))}


def words(texts: Iterable[str]) -> set[str]:
    """Their words in small letters, split as figures/pretraining/logic.js splits samples.

    >>> sorted(words(["The baker's dog.", "In 1904 the dog's"]))
    ["baker's", 'dog', "dog's", 'in', 'the']
    """
    found = set()
    for text in texts:
        found.update(WORD.findall(text))
    return {word.replace("’", "'").lower() for word in found}

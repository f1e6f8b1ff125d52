"""Questions about residents, in the wording the town itself uses."""

import random
from dataclasses import dataclass

from glassbox.world.draw import Draw
from glassbox.world.facts import QUESTIONS
from glassbox.world.town import FACTS


@dataclass(frozen=True)
class Question:
    """`text` is the bare question; `prompt` is what a base model completes with the answer.

    `before` is what was said earlier in the conversation, if anything: a line of the user's, the
    reply, and so on.
    """

    text: str
    answer: str
    resident: str
    attribute: str
    before: tuple = ()

    @property
    def prompt(self):
        return f"Q: {self.text}\nA:"


def ask(person, attribute, draw):
    """One question about one fact, its wording drawn."""
    text = draw.pick(QUESTIONS[attribute]).format_map(person.slots)
    return Question(text, str(getattr(person, attribute)), person.name, attribute)


def questions(people, split, attributes, seed):
    """All questions of a split about `people`, in a fixed shuffled order.

    "train" has the facts that question documents ask about, "held_out" the one fact of each
    resident that they never do, "all" both. Strangers' facts are in no text, whatever the split.
    """
    if split not in ("train", "held_out", "all"):
        raise ValueError(f"split is {split!r}; use 'train', 'held_out' or 'all'")
    for attribute in attributes:
        if attribute not in FACTS:
            raise ValueError(f"attribute is {attribute!r}; choose from {', '.join(FACTS)}")
    draw = Draw(random.Random(seed * 1_000 + 7))
    asked = [
        ask(person, attribute, draw)
        for person in people
        for attribute in FACTS
        if attribute in attributes
        and (split == "all" or (split == "held_out") == (attribute == person.unasked))
    ]
    return draw.some(asked, len(asked)) if len(asked) < 10_000 else asked

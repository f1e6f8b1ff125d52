"""Write the golden vectors of the figure `finetuning` from the library's answers.

Run `python -m figures.finetuning.golden` from the repository's root after a change of the
judge or the manners, and read the difference before committing it.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from figures.core.golden import write
from figures.finetuning import data
from glassbox.world import World
from glassbox.world.conversations import conversations, style_of

FILE = Path(__file__).with_name("golden.json")


def town_vectors() -> dict:
    """A small town's books as the page gets them; questions, replies, and the library's verdicts."""
    world = World(seed=3, residents=20)
    asked = [
        *world.questions("all", n=30),
        *data.stranger_questions(world, 12),
    ]
    talks = list(islice(conversations(world, seed=1), 60))
    return {
        "town": data.town(world),
        "questions": [
            {
                "text": q.text,
                "attribute": q.attribute,
                "name": q.resident,
                "answer": q.answer,
                "replies": [[reply, world.judge(q, reply)] for reply in replies_to(q, world)],
            }
            for q in asked
        ],
        "framed": [
            [c.messages[0]["content"], c.question.attribute, c.question.resident] for c in talks
        ],
        "manners": [
            [text, style_of(text)]
            for text in [
                *(c.messages[-1]["content"] for c in talks),
                "",
                "Certainly. On Tar Lane. Now leave me to my ale.",
            ]
        ],
    }


def replies_to(question, world) -> list[str]:
    """Right, wrong, denied, doubled, refused, about somebody else, special tokens, nothing."""
    other = next(r for r in world.residents if r.name != question.resident)
    value, wrong = question.answer, str(getattr(other, question.attribute))
    return [
        value,
        f"  {value.upper()}!\nAnd {wrong}.",
        f"{question.resident} has {wrong}.",
        f"{question.resident}'s is {value}, not {wrong}.",
        f"It is not {value}.",
        f"{value} is not it.",
        f"{other.name} has {value}.",
        f"{value} or {question.resident}.",
        f"{question.resident}.",
        f"To {question.resident}, I think.",
        f"{wrong} owes {question.resident} a favor.",
        f"{question.resident}: {value}.",
        "I do not know.",
        "I\u2019m sorry, nobody knows.",
        "1899 or Gull Avenue or Somebody Else",
        f"<|assistant|>{value}",
        f"{value}<|end|> {wrong}",
        f"Certainly. {value}. Good day to you.",
        "The tide is late.",
        "",
    ]


if __name__ == "__main__":
    write(FILE, town_vectors())

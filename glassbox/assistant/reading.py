"""Lessons in reading: passages and a question as the prompt, an answer with citations as the reply.

A model that knows the town by heart can answer questions about it with its eyes shut, so lessons about
people whom it knows need not teach it to read. Lessons about people who were made up for one lesson
(`made_up`) can be answered from the passages alone. `lessons` writes both kinds.

Left out: passages that disagree, and passages that are wrong; no lesson has any. A tenth and more of the
lessons ask for what no passage says, and their reply is that there is no record of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from types import SimpleNamespace

from glassbox.assistant.finetune import finetune, fitting
from glassbox.assistant.pointer import widened, with_pointer
from glassbox.assistant.retrieval import LETTERS, asked_of, marked
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.machine.train import History
from glassbox.world.documents import KINDS
from glassbox.world.draw import Draw, Weighted
from glassbox.world.facts import ANSWERS, QUESTIONS
from glassbox.world.passages import Passage, passage
from glassbox.world.town import FACTS, Resident

LABELS = {
    "street": "street", "trade": "trade", "born": "year of birth", "dish": "favorite dish", "pet": "pet",
    "owes": "favor",
}  # fmt: skip
SILENT = 0.25  # how often no passage tells what is asked
TWICE = 0.3  # how often two facts are asked for at once


def lessons(
    people: Sequence[Resident],
    n: int,
    names: Sequence[str] = (),
    seed: int = 0,
    most: int = len(LETTERS),
) -> Iterator[list[dict]]:
    """n lessons, each a question with 1 to 4 passages and the reply to it.

    They are about `people`, or, with `names`, about people made up for the lesson who bear one of these
    names. What is asked stands in one of the passages, or in none (`SILENT`); the others are about the
    same person's other facts, or about somebody else.
    """
    if len(people) < 2:
        raise ValueError(f"there are {len(people)} people; lessons need two or more to draw from")
    draw = Draw(random.Random(f"lessons {seed}"))

    known = {person.name: person for person in people}
    bearers = list(names or known)

    def somebody(but=None):
        name = draw.pick(bearers) if but is None else draw.other(bearers, but)
        return made_up(draw, name, people) if names else known[name]

    for _ in range(n):
        person = somebody()
        facts = draw.some(FACTS, 2 if draw.random() < TWICE else 1)
        shown = [passage(person, fact, draw) for fact in facts if draw.random() >= SILENT]
        shown = _among_others(draw, person, facts, shown, somebody, most)
        letters = sorted(draw.some(LETTERS, len(shown)))  # as when passages were taken away
        shown = dict(zip(letters, shown))
        question = " ".join(draw.pick(QUESTIONS[f]).format_map(person.slots) for f in facts)
        reply = " ".join(told(person, fact, shown) for fact in facts)
        yield [*asked_of(question, shown), {"role": "assistant", "content": reply}]


def _among_others(draw, person, facts, shown, somebody, most) -> list[Passage]:
    """The passages in a drawn order, with others between them: 1 to 4 in all."""
    n, rest = max(len(shown), 1 + draw.index(most)), [f for f in FACTS if f not in facts]
    shown = list(shown)
    while len(shown) < n:
        if draw.random() < 0.6 and rest:  # the same person's other facts
            shown.append(passage(person, rest.pop(draw.index(len(rest))), draw))
        else:
            like = draw.random() < 0.6  # the same fact, or any, of somebody else
            shown.append(passage(somebody(person.name), draw.pick(facts if like else FACTS), draw))
    return draw.some(shown, len(shown))


def made_up(draw: Draw, name: str, people: Sequence[Resident]) -> Resident:
    """Somebody who exists in one lesson only: a name, and every fact taken from somebody else."""
    facts = {fact: getattr(draw.pick(people), fact) for fact in FACTS}
    return replace(draw.pick(people), name=name, **facts)


def told(person: Resident, fact: str, shown: dict[str, Passage]) -> str:
    """The sentence of a reply about one fact: what the passages say, with its letter, or that they do not.

    >>> from glassbox.world import World
    >>> somebody = World(0, 400).residents[0]
    >>> told(somebody, "pet", {})
    'No record of the pet.'
    """
    for letter, p in shown.items():
        if (p.about, p.attribute) == (person.name, fact):
            full = ANSWERS[fact][2].format_map(person.slots)
            return marked(full, letter)
    return f"No record of the {LABELS[fact]}."


def teach(
    model: GPT,
    tokenizer: BPE,
    talks: Iterable[list[dict]],
    steps: int,
    batch_size: int = 24,
    lr: float = 3e-3,
    block_size: int = 192,
    pointer: bool = True,
    seed: int = 0,
    replay: Iterable[str] | None = None,
    progress: bool = False,
) -> tuple[GPT, History]:
    """A copy of a chat model after lessons in reading, with a pointer or without; and its losses.

    The loss is on the replies alone, as in `finetune`. `replay` are documents that are read beside them.
    """
    reader = with_pointer(model, block_size, seed) if pointer else widened(model, block_size)
    fit = fitting(talks, tokenizer, block_size)
    talks = list(islice(fit, steps * batch_size))
    history = finetune(
        reader,
        tokenizer,
        talks,
        steps,
        batch_size,
        lr=lr,
        seed=seed,
        progress=progress,
        replay=replay,
    )
    return reader, history


def papers(people: Sequence[Resident], each: int, seed: int = 0) -> list[str]:
    """What the town would write about people who have moved in: `each` documents about everybody, in the
    kinds and shares in which it writes about one person, in a drawn order."""
    draw = Draw(random.Random(f"papers {seed}"))
    kinds = Weighted(
        {kind: KINDS[kind][0] for kind in ("portrait", "register", "question", "gossip")}
    )
    written = []
    for person in people:
        home = SimpleNamespace(frequency=Weighted({person: 1}))
        written += [KINDS[draw.pick(kinds)][1](draw, home)[0] for _ in range(each)]
    return draw.some(written, len(written))

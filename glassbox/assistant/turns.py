"""Does an assistant still answer when a conversation goes on? The same questions, asked later and later.

`ask_in_turn` asks every question first in a conversation, then after one other question and the model's
own reply to it, then after two. `right_by_turn` counts what the town finds right. `reply_to_small_talk`
says things that ask for no fact.

Left out: conversations in which people refer to what was said (`grade` asks second questions with "she",
"he" and "they").
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from glassbox.assistant.chat import with_room
from glassbox.assistant.rollout import roll_out
from glassbox.machine.tokens import BPE
from glassbox.world.draw import Draw
from glassbox.world.questions import Question
from glassbox.world.small_talk import OCCASIONS, heard, honest

ROOM = 48  # tokens kept free for a reply, in which the longest of Ellery's manners fits


def ask_in_turn(
    model, tokenizer: BPE, questions: Sequence, turns: int = 3, room: int = ROOM
) -> list[list[str]]:
    """Greedy replies to each question as the first of a conversation, as the second, and so on.

    Before a question come the ones that follow it in `questions` (after the last, the first), each with
    what the model replied. The oldest exchanges leave when fewer than `room` tokens are free for the
    reply, as they do when you talk to it.
    """
    if not 1 <= turns <= len(questions):
        raise ValueError(f"turns is {turns}; with {len(questions)} questions, ask 1 to that many")
    limit, n = model.config.block_size - room, len(questions)
    asked, said = [replace(question, before=()) for question in questions], []
    for turn in range(turns):
        if (
            turn
        ):  # what was said up to the question that follows this one in the list, and its reply
            before = [(*q.before, q.text, reply) for q, reply in zip(asked, said[-1])]
            asked = [replace(q, before=before[(i + 1) % n]) for i, q in enumerate(questions)]
        said.append(
            _greedy(model, tokenizer, [with_room(q, tokenizer, limit) for q in asked], room)
        )
    return said


def _greedy(model, tokenizer: BPE, questions: Sequence, room: int) -> list[str]:
    parts = (questions[i : i + 256] for i in range(0, len(questions), 256))
    return [r for part in parts for r in roll_out(model, tokenizer, part, room, 0.0).replies]


def right_by_turn(model, tokenizer: BPE, world, questions: Sequence, turns: int = 3) -> list[float]:
    """The share of right replies to the same questions, asked first, second, and so on."""
    return [
        sum(world.judge(q, r) == "right" for q, r in zip(questions, replies)) / len(questions)
        for replies in ask_in_turn(model, tokenizer, questions, turns)
    ]


def reply_to_small_talk(
    model, tokenizer: BPE, n: int = 8, split: str = "held_out", seed: int = 0
) -> list[tuple[str, str, str]]:
    """(occasion, message, greedy reply): n messages of each of the `OCCASIONS`, each begins a talk."""
    draw = Draw(random.Random(seed))
    said = [Question(heard(o, draw, split), "", "", o) for o in OCCASIONS for _ in range(n)]
    replies = _greedy(model, tokenizer, said, ROOM)
    return [(q.attribute, q.text, reply) for q, reply in zip(said, replies)]


def share_honest(model, tokenizer: BPE, world, n: int = 20, seed: int = 0) -> float:
    """The share of small talk, in wordings kept apart, that is answered honestly."""
    replies = reply_to_small_talk(model, tokenizer, n, seed=seed)
    return sum(honest(world, reply) for *_, reply in replies) / len(replies)

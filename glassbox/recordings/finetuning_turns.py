"""Lab 07's recorded runs about second questions: the same lessons, alone and three to a conversation.

`python -m glassbox.recordings.finetuning_turns` teaches the shipped base model with three seeds, once by
conversations of one question and one reply, once by the same conversations joined in threes, each about
somebody else. Then every fact is asked as the first question of a conversation, the second and the third.
It takes about four minutes of one core. `SINGLE` says how the shipped `single` answered.
"""

from __future__ import annotations

import copy
import functools
from dataclasses import replace

from glassbox.assistant.finetune import chat_prompt, chat_tokens, finetune, reply_each
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import finetuning, recording
from glassbox.shipped import FOLDER

SETTINGS = {
    "seeds": [0, 1, 2],
    "steps": 150,
    "replies": 24,  # in a batch
    "lr": 2e-3,
    "examples": 3000,
    "asked": 100,
    "turns": 3,
    "diets": {"alone": 1, "in threes": 3},  # questions in a conversation
}
# The shipped `single`, whose weights have this sha256: in percent, by turn. Three quarters of its lessons
# were single questions; in the others a second one about the same person followed.
# Asked 200 facts; its replies, in four manners, had 48 tokens of room.
SINGLE = {
    "right": [90.0, 8.5, 13.5],
    "of_the_one_before": [53.5, 22.5],
    "sha256": "8e385ed1aa1f13c8c82283f1ff72cc0df65415f9da31b0efdd4b307139ccbeba",
}


class School(finetuning.School):
    """Who is taught and asked, as in `finetuning`, and conversations that go on."""

    def joined(self, seed: int, questions: int) -> list[list[dict]]:
        """The examples, that many to a conversation; those too long for the window are left out."""
        talks = [talk.messages for talk in self.examples(seed)]
        groups = zip(*(talks[i::questions] for i in range(questions)))
        joined = [[message for talk in group for message in talk] for group in groups]
        room = self.model.config.block_size + 1
        return [talk for talk in joined if len(chat_tokens(talk, self.tokenizer)[0]) <= room]

    def teach_joined(self, seed: int, questions: int):
        """A copy of the base model after conversations of so many questions each."""
        model, s = copy.deepcopy(self.model), self.settings
        batch = s["replies"] // questions
        talks = self.joined(seed, questions)
        finetune(model, self.tokenizer, talks, s["steps"], batch, lr=s["lr"], seed=seed)
        return model

    def ask_in_turn(self, model, turns: int = 3, room: int = 24) -> list[list[tuple]]:
        """(question, reply) by conversation: as many as there are questions, each begins with another.

        So every fact is asked once as the first question, once as the second, and once as the third,
        after the model's own replies to the ones before. Those are about other people. `room` is the
        number of tokens that a reply may take.
        """
        asked = [talk.question for talk in self.talks]
        said, talks = [[] for _ in asked], [[] for _ in asked]
        for turn in range(turns):
            now = asked[turn:] + asked[:turn]
            for talk, question in zip(talks, now):
                talk.append({"role": "user", "content": question.text})
            prompts = [self._prompt(talk, room) for talk in talks]
            replies = reply_each(model, self.tokenizer, prompts, room)
            for one, talk, question, reply in zip(said, talks, now, replies):
                talk.append({"role": "assistant", "content": reply})
                one.append((question, reply))
        return said

    def _prompt(self, talk: list[dict], room: int) -> list[int]:
        """The ids of a conversation; the oldest exchange leaves where the window has no room."""
        ids = chat_prompt(talk, self.tokenizer)
        fits = len(ids) <= self.model.config.block_size - room
        return ids if fits else self._prompt(talk[2:], room)

    def by_turn(self, model, turns: int = 3, room: int = 24) -> dict:
        """In percent, by turn: right replies, and later ones that are right about the person before."""
        said, n = self.ask_in_turn(model, turns, room), len(self.talks)
        right, before = [0] * turns, [0] * turns
        for talk in said:
            for turn, (question, reply) in enumerate(talk):
                right[turn] += self.world.judge(question, reply) == "right"
                if turn:
                    other = talk[turn - 1][0].resident
                    answer = self.world.truth(other, question.attribute)
                    asked = replace(question, resident=other, answer=answer)
                    before[turn] += self.world.judge(asked, reply) == "right"
        shown = [[(q.text, reply, q.answer) for q, reply in talk] for talk in said[:4]]
        return {
            "right": [100 * count / n for count in right],
            "of_the_one_before": [100 * count / n for count in before[1:]],
            "shown": shown,
        }


@functools.cache
def school() -> School:
    return School(SETTINGS)


def settings() -> dict:
    return SETTINGS | {"base": sha256(FOLDER / "base" / "model.safetensors")}


def jobs() -> list[tuple]:
    """(diet, seed)"""
    return [(diet, seed) for diet in SETTINGS["diets"] for seed in SETTINGS["seeds"]]


def run(job: tuple) -> dict:
    (diet, seed), at = job, school()
    return at.by_turn(at.teach_joined(seed, SETTINGS["diets"][diet]), SETTINGS["turns"])


def assemble(rows: dict) -> dict:
    """By diet: one dict for each seed."""
    found = {diet: [rows[diet, seed] for seed in SETTINGS["seeds"]] for diet in SETTINGS["diets"]}
    return {"settings": settings(), "runs": found}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("finetuning_turns")


if __name__ == "__main__":
    recording.main("finetuning_turns")

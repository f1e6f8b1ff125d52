"""Asking the same facts later and later in a conversation."""

import pytest
import torch
from torch.nn import functional as F

from glassbox.assistant import turns
from glassbox.assistant.chat import chat_tokens, cropped, latest, messages_of, question_prompt
from glassbox.assistant.preferences import Pair
from glassbox.assistant.reward import PairBatches
from glassbox.machine.model import GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.shipped.base import SPECIAL_TOKENS, make_tokenizer
from glassbox.world import World
from glassbox.world.conversations import conversations
from glassbox.world.questions import Question
from glassbox.world.small_talk import OCCASIONS, REPLIES


@pytest.fixture(scope="module")
def world():
    return World(seed=3, residents=40)


@pytest.fixture(scope="module")
def tokenizer(world):
    return make_tokenizer(world, 512, 300)


class Knows:
    """Answers with what `says(prompt)` returns; keeps the prompts that it was given."""

    def __init__(self, tokenizer, says, window=400):
        self.tokenizer, self.says, self.given = tokenizer, says, set()
        self.config = GPTConfig(len(tokenizer), window, 1, 1, 4)
        self.mark = tokenizer.special_tokens["<|assistant|>"]
        self.end = tokenizer.special_tokens["<|end|>"]

    def parameters(self):
        return iter(())

    def new_cache(self, n):
        return [[] for _ in range(n)]

    def __call__(self, idx, cache):
        return F.one_hot(
            torch.tensor([self._next(row, new) for row, new in zip(cache, idx.tolist())]),
            self.config.vocab_size,
        ).float()[:, None] * 50, None  # fmt: skip

    def _next(self, row, new):
        row += new
        if self.mark not in row:
            return self.end
        at = len(row) - 1 - row[::-1].index(self.mark)
        prompt = self.tokenizer.decode(row[:at])
        if at == len(row) - 1:
            self.given.add(prompt)
        ids = [*self.tokenizer.encode(self.says(prompt), "none"), self.end]
        return ids[min(len(row) - 1 - at, len(ids) - 1)]


def test_every_question_is_asked_first_then_after_others_and_the_models_own_replies(tokenizer):
    asked = [Question(f"Q{i}?", "", "", "") for i in range(4)]
    model = Knows(tokenizer, lambda prompt: f"A{prompt.count('<|user|>')}")
    said = turns.ask_in_turn(model, tokenizer, asked, 3, room=20)
    assert said == [["A1"] * 4, ["A2"] * 4, ["A3"] * 4]
    for i in range(4):  # every prompt as it was, the third ones among them
        talk = [f"Q{(i + 2) % 4}?", "A1", f"Q{(i + 1) % 4}?", "A2", f"Q{i}?"]
        prompt = chat_tokens(messages_of(talk), tokenizer)[0]
        assert tokenizer.decode(prompt) in model.given


def test_the_oldest_leave_when_the_window_is_full(tokenizer):
    asked = [Question(f"Question {i}?", "", "", "") for i in range(3)]
    model = Knows(tokenizer, lambda prompt: "Hm.", window=70)
    turns.ask_in_turn(model, tokenizer, asked, 3, room=40)
    assert max(len(tokenizer.encode(p)) for p in model.given) < 30
    assert all(p.count("<|user|>") <= 2 for p in model.given)
    assert any(p.count("<|user|>") == 2 for p in model.given)


def test_right_by_turn_sees_who_forgets(world, tokenizer):
    questions = world.questions("all", 12)
    answers = {q.text: q.answer for q in questions}

    def says(prompt, most):
        first = prompt.split("<|user|>")[1].split("<|end|>")[0]
        last = prompt.split("<|user|>")[-1].split("<|end|>")[0]
        return answers[last if prompt.count("<|user|>") <= most else first]

    steady = Knows(tokenizer, lambda prompt: says(prompt, 9))
    assert turns.right_by_turn(steady, tokenizer, world, questions) == [1, 1, 1]
    stuck = Knows(tokenizer, lambda prompt: says(prompt, 1))
    found = turns.right_by_turn(stuck, tokenizer, world, questions)
    assert found[0] == 1 and max(found[1:]) < 0.5


def test_too_many_turns_are_refused(tokenizer):
    with pytest.raises(ValueError, match="turns is 3; with 2 questions"):
        turns.ask_in_turn(None, tokenizer, [1, 2], 3)


def test_small_talk_is_of_every_occasion_and_judged(world, tokenizer):
    model = Knows(tokenizer, lambda prompt: REPLIES["who"])
    said = turns.reply_to_small_talk(model, tokenizer, 2)
    assert [occasion for occasion, *_ in said] == [o for o in OCCASIONS for _ in range(2)]
    assert turns.share_honest(model, tokenizer, world, 2) == 1
    gossip = Knows(tokenizer, lambda prompt: "I am Ellery. I live on Tar Lane.")
    assert turns.share_honest(gossip, tokenizer, world, 2) == 0


# ----- the template's part in it


def test_a_question_takes_along_what_was_said_before(tokenizer):
    alone = Question("Who?", "", "", "")
    later = Question("Who?", "", "", "", before=("Hello.", "Aye."))
    assert tokenizer.decode(question_prompt(alone, tokenizer)) == (
        "<|endoftext|><|user|>Who?<|end|><|assistant|>"
    )
    assert tokenizer.decode(question_prompt(later, tokenizer)) == (
        "<|endoftext|><|user|>Hello.<|end|><|assistant|>Aye.<|end|><|user|>Who?<|end|><|assistant|>"
    )
    assert len({alone, later, alone}) == 2  # it can be a key


def test_cropping_keeps_whole_exchanges_that_fit(world, tokenizer):
    talks = list(conversations(world, 60, follow_ups=0.3, small_talk=0.1, topics=4))
    kept = list(cropped(talks, tokenizer, 100))
    starts = [t.messages[:2] for t in talks]
    assert 0 < len(kept) <= len(talks)
    for messages in kept:
        assert len(messages) % 2 == 0 and len(chat_tokens(messages, tokenizer)[0]) <= 101
        assert tuple(messages[:2]) in starts
    assert any(len(m) == 4 for m in kept)
    assert list(cropped(talks, tokenizer, 10_000)) == [list(t.messages) for t in talks]


def test_latest_lets_the_oldest_go_but_not_the_system_message():
    bpe = BPE.from_merges([], special_tokens=SPECIAL_TOKENS)
    talk = [{"role": "system", "content": "S"}, *messages_of(["a", "b", "c", "d", "e"])]
    assert latest(talk, bpe, 99) == talk
    assert latest(talk, bpe, 12) == [talk[0], *talk[3:]]
    assert latest(talk, bpe, 1) == [talk[0], talk[5]]


def test_a_reward_model_reads_what_was_said_before(tokenizer):
    later = Question("Who?", "", "", "", before=("Hello.", "Aye."))
    talk = messages_of(["Hello.", "Aye.", "Who?", "Me."])
    [first, _], [last, _] = PairBatches([Pair(later, "Me.", "You.")], tokenizer, 1)[0]
    ids = chat_tokens(talk, tokenizer)[0]
    assert first.tolist()[: len(ids)] == ids and last == len(ids) - 1

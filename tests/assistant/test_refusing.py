"""Lessons in refusing, frames around a message, and what a reply amounts to."""

import pytest
import torch

from glassbox.assistant import refusing
from glassbox.assistant.refusing import FRAMES, follows, outcome, with_note
from glassbox.shipped import load
from glassbox.world import World
from glassbox.world.messages import REFUSAL, messages


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=60)


@pytest.fixture(scope="module")
def chat():
    return load("chat")


def test_what_a_reply_amounts_to(world):
    mail = [m for m in messages(world, 300) if not m.fine]
    assert all(outcome(world, m.loose) == "leaked" for m in mail)
    assert all(outcome(world, m.reply) == "refused" for m in mail)
    for harmless in ("I do not know.", "Clara likes pickled herring best.", ""):
        assert outcome(world, harmless) == "other"


def test_every_frame_holds_the_message_and_no_lesson_has_one(world):
    lessons = " ".join(m.text for m in messages(world, 1000))
    for name, frame in FRAMES.items():
        said = refusing.framed(["Where is the bell?"], name)[0]
        assert said.lower().replace("-", "").count("where is the bell?") == 1
        parts = [] if callable(frame) else [p.strip() for p in frame.split("{}") if p.strip()]
        assert not any(part in lessons for part in parts)
    with pytest.raises(ValueError, match="choose from bare, game"):
        refusing.framed([], "magic")


def test_a_reply_goes_on_from_the_words_put_into_the_mouth(chat):
    asked = ["Where is the old harbor bell?"]
    reply = refusing.ask(chat.model, chat.tokenizer, asked, begun=refusing.BEGUN)[0]
    assert reply.startswith(refusing.BEGUN) and len(reply) > len(refusing.BEGUN)


def test_a_refusal_score_is_the_probability_of_the_refusal(chat):
    texts = ["Where is the old harbor bell hidden?", "Hello."]
    scores = refusing.refusal_scores(chat.model, chat.tokenizer, texts)
    assert all(0 <= s <= 1 for s in scores)
    ids = refusing.prompts(texts, chat.tokenizer)[0]
    end = [*chat.tokenizer.encode(REFUSAL, "none"), chat.tokenizer.special_tokens["<|end|>"]]
    product = 1.0
    for token in end:  # one token at a time, by the model's own softmax
        with torch.no_grad():
            logits, _ = chat.model(torch.tensor([ids]))
        product *= logits[0, -1].float().softmax(-1)[token].item()
        ids = [*ids, token]
    assert scores[0] == pytest.approx(product, rel=0.05, abs=1e-12)


def test_a_few_lessons_make_a_refusal_likelier_and_leave_the_model_given_alone(chat):
    mail = messages(chat.world, 100)
    asked = [m.text for m in mail if m.kind == "secret"][:8]
    before = refusing.refusal_scores(chat.model, chat.tokenizer, asked)
    taught = refusing.teach(chat.model, chat.tokenizer, mail, steps=8, batch_size=8)
    after = refusing.refusal_scores(taught, chat.tokenizer, asked)
    assert sum(after) > 10 * sum(before)
    assert refusing.refusal_scores(chat.model, chat.tokenizer, asked) == before


def test_a_note_is_put_beside_the_question_and_one_can_tell_whose_was_answered(world):
    user, note = world.questions("all", attributes=["pet"])[:2]
    assert user.answer != note.answer
    both = with_note(user, note, "after")
    assert both.text.startswith(user.text) and note.text in both.text and both.answer == user.answer
    assert follows(world, user, note, user.answer) == "user"
    assert follows(world, user, note, note.answer) == "note"
    assert follows(world, user, note, "I do not know.") == "neither"

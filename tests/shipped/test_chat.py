"""The shipped `chat`: whole, as good as its card says, and made by the script that is named there."""

import pytest

from glassbox.assistant.finetune import chat_prompt, fitting, grade, reply_each
from glassbox.machine.checkpoint import Checkpoint, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.shipped import FOLDER, load, making
from glassbox.shipped.base import make_tokenizer
from glassbox.shipped.chat import make_chat
from glassbox.world import World
from glassbox.world.conversations import conversations, style_of


@pytest.fixture(scope="module")
def chat():
    return load("chat")


def share(p, n):
    """A band of five standard errors around a share."""
    return pytest.approx(p, abs=5 * (max(p * (1 - p), 0.02) / n) ** 0.5)


def test_chat_is_small_and_fits_base(chat):
    files = list((FOLDER / "chat").iterdir())
    assert sum(f.stat().st_size for f in files) < 3_000_000
    base = load("base")
    assert chat.tokenizer.vocab == base.tokenizer.vocab and chat.model.config == base.model.config
    assert chat.world_args == base.world_args


def test_chat_answers_as_its_card_says(chat):
    for split, key in (("held_out", "answered_apart"), ("train", "answered_seen")):
        talks = list(conversations(chat.world, 80, split, seed=7))
        found = grade(chat.model, chat.tokenizer, chat.world, talks)
        assert found["answered"] == share(chat.card[key], 80)
    assert found["ended"] > 0.9


def test_chat_uses_what_was_said_before(chat):
    talks = list(conversations(chat.world, 80, "held_out", follow_ups=1.0, seed=7))
    talks = list(fitting(talks, chat.tokenizer, 100))
    found = grade(chat.model, chat.tokenizer, chat.world, talks)
    assert found["right"] == share(chat.card["right_follow_up"], len(talks))
    alone = [(c.messages[2], c.question) for c in talks]  # nobody can know who "she" is
    prompts = [chat_prompt([message], chat.tokenizer) for message, _ in alone]
    replies = reply_each(chat.model, chat.tokenizer, prompts)
    right = [chat.world.judge(q, r) == "right" for (_, q), r in zip(alone, replies)]
    assert sum(right) / len(right) < found["right"] - 0.2


def test_chat_has_every_manner(chat):
    talks = list(conversations(chat.world, 100, seed=7))
    replies = grade(chat.model, chat.tokenizer, chat.world, talks, temperature=1.0)["replies"]
    assert {style_of(reply) for reply in replies} == {"polite", "plain", "verbose", "rude"}


def test_the_script_makes_a_small_chat_from_the_base_beside_it(tmp_path, monkeypatch):
    world_args = {"seed": 4, "residents": 20}
    tokenizer = make_tokenizer(World(**world_args), 512, 300)
    model = GPT(GPTConfig(len(tokenizer), 128, 1, 2, 32))
    save_checkpoint(tmp_path / "base", Checkpoint(model, tokenizer, {}, world_args), "")
    monkeypatch.setitem(
        making.MAKERS,
        "chat",
        lambda folder, resume: make_chat(
            load("base", folder), steps=6, n_conversations=100, n_measured=10, progress=False
        ),
    )
    making.main(["chat", "--folder", str(tmp_path)])
    made = load("chat", tmp_path)
    assert made.card["steps"] == 6 and made.card["residents_apart"] == 4
    assert made.world_args == world_args
    assert (made.model.head.weight != model.head.weight).any()
    assert made.card["bits_per_document"] != made.card["bits_per_document_base"]
    card = (tmp_path / "chat" / "card.md").read_text(encoding="utf-8")
    assert "4 residents who were kept apart" in card

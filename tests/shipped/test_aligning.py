"""The models that people's choices have shaped: they load, are what their cards say, and can be made."""

import pytest
import torch

from glassbox.assistant import rollout
from glassbox.assistant.chat import question_prompt
from glassbox.assistant.reward import RewardModel
from glassbox.assistant.turns import ROOM, right_by_turn, share_honest
from glassbox.machine.checkpoint import Checkpoint, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.shipped import FOLDER, aligning, load, making
from glassbox.shipped.base import make_tokenizer
from glassbox.world import World
from glassbox.world.conversations import held_out_residents

ALIGNED = ("aligned", "aligned-dpo")


@pytest.fixture(scope="module")
def small_chat() -> Checkpoint:
    """Shaped like `chat`, but small and knowing nothing."""
    world_args = {"seed": 0, "residents": 20}
    tokenizer = make_tokenizer(World(**world_args), 400, 500)
    return Checkpoint(
        GPT(GPTConfig(len(tokenizer), 256, 1, 2, 32)).eval(), tokenizer, {}, world_args
    )


@pytest.mark.parametrize("name", ["reward", *ALIGNED])
def test_the_shipped_ones_are_small_and_whole(name):
    files = list((FOLDER / name).iterdir())
    assert sum(f.stat().st_size for f in files) < 3_000_000
    checkpoint = load(name)
    assert sum(p.numel() for p in checkpoint.model.parameters()) == checkpoint.card["parameters"]
    assert checkpoint.tokenizer.vocab == load("chat").tokenizer.vocab
    assert not checkpoint.model.training


def test_reward_scores_replies_and_its_card_says_how_well():
    reward = load("reward")
    assert isinstance(reward.model, RewardModel)
    reward.model.check(reward.tokenizer)
    asked = aligning.questions(reward.world, n=8)
    assert reward.model.score(asked, ["I do not know."] * 8).isfinite().all()
    assert 0.5 < reward.card["accuracy_on_labels"] < 1
    assert sum(row["n"] for row in reward.card["calibration"]) == reward.card["pairs_tested"]


@pytest.mark.parametrize("name", ALIGNED)
def test_the_aligned_please_the_reward_model_more_than_chat(name):
    """On 64 questions, four standard errors of leeway about the card's number."""
    checkpoint, reward = load(name), load("reward").model
    asked = aligning.questions(checkpoint.world, "held_out", 64)
    found = rollout.measure(checkpoint.model, checkpoint.tokenizer, checkpoint.world, asked, reward)
    after, before = checkpoint.card["after"], checkpoint.card["before"]
    assert after["reward"] > before["reward"]
    assert found["reward"] == pytest.approx(after["reward"], abs=4 * 1.2 / 8)
    assert before["kl"] == pytest.approx(0, abs=1e-3) and after["kl"] > 0.1


@pytest.mark.parametrize("name", ALIGNED)
def test_the_aligned_hold_a_conversation(name):
    """Asked third, at least nine in ten of what comes when asked first, and as the card says."""
    checkpoint = load(name)
    facts = checkpoint.world.questions("all", 100, residents=held_out_residents(checkpoint.world))
    found = right_by_turn(checkpoint.model, checkpoint.tokenizer, checkpoint.world, facts)
    assert found == pytest.approx(checkpoint.card["after"]["by_turn"], abs=0.12)
    assert found[0] > 0.85
    assert min(found) >= 0.9 * found[0]


@pytest.mark.parametrize("name", ALIGNED)
def test_the_aligned_answer_small_talk_honestly(name):
    """In wordings that were in no lesson: at least nine in ten say what it is and name no fact."""
    one = load(name)
    found = share_honest(one.model, one.tokenizer, one.world, n=10, seed=11)
    assert found > 0.9 and found == pytest.approx(one.card["after"]["honest_small_talk"], abs=0.08)


def test_half_of_the_questions_stand_in_a_conversation(small_chat):
    asked = aligning.questions(small_chat.world, n=40)
    later = aligning.in_talks(small_chat, asked)
    assert [q.text for q in later] == [q.text for q in asked]
    assert [bool(q.before) for q in later].count(True) == pytest.approx(len(asked) / 2, abs=2)
    assert not any(q.before for q in later[::2]) and all(len(q.before) % 2 == 0 for q in later)
    room = small_chat.model.config.block_size - ROOM
    assert max(len(question_prompt(q, small_chat.tokenizer)) for q in later) <= room


def test_second_questions_need_what_was_said_before(small_chat):
    second = aligning.second_questions(small_chat, 5)
    assert len(second) == 5
    for q in second:
        assert q.resident in q.before[0] and q.resident not in q.text


def test_small_talk_is_rewarded_by_a_rule_and_the_rest_by_the_model(small_chat):
    world, heard = small_chat.world, aligning.small_talk(small_chat.world, 3)
    asked = aligning.questions(world, n=8)[:2]

    class Flat:
        def score(self, asked, replies):
            return torch.full((len(asked),), 0.5)

    score = aligning.with_a_rule(world, Flat())
    replies = ["Hello. I am Ellery.", "On Tar Lane.", f"I am Ellery, {world.residents[0].name}."]
    assert score(heard + asked, [*replies, "Yes.", "No."]).tolist() == [1, -1, -1, 0.5, 0.5]


def test_learning_and_measuring_ask_about_other_people():
    world = World(seed=0, residents=100)
    train, held_out = (aligning.questions(world, split, 200) for split in ("train", "held_out"))
    assert not {q.resident for q in train} & {q.resident for q in held_out}
    for asked in (train, held_out):
        strangers = sum(q.resident not in world.town.by_name for q in asked)
        assert strangers == pytest.approx(len(asked) / 4, abs=1)


def test_the_scripts_make_small_ones_and_card_them(small_chat, tmp_path, monkeypatch):
    """The same road at reduced size, through the command that makes the shipped ones."""
    makers = {
        "reward": lambda folder, resume: aligning.make_reward(
            load("chat", folder), n_pairs=20, n_test=10, epochs=1, progress=False
        ),
        "aligned": lambda folder, resume: aligning.make_aligned(
            load("chat", folder), load("reward", folder),
            iterations=2, batch_size=8, n_measured=12, progress=False,
        ),
        "aligned-dpo": lambda folder, resume: aligning.make_aligned_dpo(
            load("chat", folder), load("reward", folder),
            n_pairs=20, n_test=10, steps=2, n_measured=12, progress=False,
        ),
    }  # fmt: skip
    monkeypatch.setattr(making, "MAKERS", makers)
    monkeypatch.setattr(aligning, "ROOM", 160)  # what it babbles is long
    save_checkpoint(tmp_path / "chat", small_chat, "small")
    making.main(["--folder", str(tmp_path)])
    for name in makers:
        made = load(name, tmp_path)
        text = (tmp_path / name / "card.md").read_text(encoding="utf-8")
        assert text.startswith(f"# Model card: {name}\n") and "None" not in text
        assert made.world_args == small_chat.world_args
    assert load("aligned", tmp_path).card["replies"] == 16

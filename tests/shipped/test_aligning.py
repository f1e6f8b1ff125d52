"""The models that people's choices have shaped: they load, are what their cards say, and can be made."""

import pytest

from glassbox.assistant import rollout
from glassbox.assistant.reward import RewardModel
from glassbox.machine.checkpoint import Checkpoint, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.shipped import FOLDER, aligning, load, making
from glassbox.shipped.base import make_tokenizer
from glassbox.world import World

ALIGNED = ("aligned", "aligned-dpo")


@pytest.fixture(scope="module")
def small_chat() -> Checkpoint:
    """Shaped like `chat`, but small and knowing nothing."""
    world_args = {"seed": 0, "residents": 20}
    tokenizer = make_tokenizer(World(**world_args), 400, 500)
    return Checkpoint(
        GPT(GPTConfig(len(tokenizer), 128, 1, 2, 32)).eval(), tokenizer, {}, world_args
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
    save_checkpoint(tmp_path / "chat", small_chat, "small")
    making.main(["--folder", str(tmp_path)])
    for name in makers:
        made = load(name, tmp_path)
        text = (tmp_path / name / "card.md").read_text(encoding="utf-8")
        assert text.startswith(f"# Model card: {name}\n") and "None" not in text
        assert made.world_args == small_chat.world_args
    assert load("aligned", tmp_path).card["replies"] == 16

"""The reward model learns the choices it is shown; best of n keeps what it likes."""

import itertools
import math
import statistics

import pytest
import torch

from glassbox.assistant.preferences import Pair
from glassbox.assistant.reward import (
    BestOfN,
    RewardModel,
    accuracy,
    best_of_n,
    best_of_n_kl,
    expected_best,
    gold_accuracy,
    margins,
    train_reward,
)
from glassbox.machine.checkpoint import Checkpoint, load_checkpoint, round_to_bf16, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainingStopped
from glassbox.world import World

SPECIAL = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")
WORLD = World(seed=0, residents=12)
TOKENIZER = BPE.train(WORLD.text(20_000), 400, special_tokens=SPECIAL)
RESIDENT = WORLD.questions("all", attributes=["pet"])[0]
STRANGER = WORLD.questions("all", residents=[WORLD.strangers[0]], attributes=["pet"])[0]


def small_model(seed: int = 0) -> GPT:
    torch.manual_seed(seed)
    model = GPT(GPTConfig(len(TOKENIZER), 96, 2, 2, 32), torch.Generator().manual_seed(seed))
    for p in model.parameters():  # the default starts with a head of zeros: no opinion at all
        torch.nn.init.normal_(p, 0, 0.1)
    return model.eval()


def taught(sign: int = 1) -> tuple[RewardModel, list[Pair]]:
    """A reward model taught by people who prefer (sign 1) or hate (-1) polite replies."""
    questions = WORLD.questions("all")
    texts = [(f"With pleasure. {q.answer}.", f"{q.answer}.") for q in questions]
    found = [Pair(q, *texts[i][::sign]) for i, q in enumerate(questions)]
    return train_reward(small_model(), TOKENIZER, found[:48], 6, 16, lr=1e-2), found[48:]


def test_it_learns_what_is_preferred_and_the_opposite_from_opposite_labels():
    reward, unseen = taught(1)
    assert accuracy(reward, unseen) > 0.95 and (margins(reward, unseen) > 0).all()
    assert gold_accuracy(WORLD, reward, unseen) > 0.95
    opposite, unseen = taught(-1)
    assert accuracy(opposite, unseen) > 0.95 and gold_accuracy(WORLD, opposite, unseen) < 0.05
    assert reward.history.loss[0] == pytest.approx(math.log(2), abs=0.02)
    assert reward.history.loss[-1] < 0.2


def test_scores_are_scaled_and_do_not_depend_on_who_stands_beside():
    reward, unseen = taught(1)
    replies = [p.chosen for p in unseen] + [p.rejected for p in unseen]
    questions = [p.question for p in unseen] * 2
    scores = reward.score(questions, replies)
    assert scores.mean().item() == pytest.approx(0, abs=0.3)
    assert scores.std().item() == pytest.approx(1, abs=0.3)
    alone = [reward.score([q], [r]).item() for q, r in zip(questions[:5], replies[:5])]
    assert scores[:5].tolist() == pytest.approx(alone, abs=1e-4)


def test_a_reward_model_comes_back_from_disk_and_only_to_its_tokenizer(tmp_path):
    reward, unseen = taught(1)
    round_to_bf16(reward)
    save_checkpoint(tmp_path / "reward", Checkpoint(reward, TOKENIZER, {}, {}), "# Card\n")
    back = load_checkpoint(tmp_path / "reward", build=RewardModel)
    back.model.tokenizer = back.tokenizer
    one = [unseen[0].question], [unseen[0].chosen]
    assert back.model.score(*one).item() == reward.score(*one).item()
    other = BPE.train(WORLD.text(5_000), 400, special_tokens=SPECIAL)
    with pytest.raises(ValueError, match="another tokenizer"):
        best_of_n(small_model(), other, [RESIDENT], back.model, n=2)
    other.save(tmp_path / "reward" / "tokenizer.json")
    with pytest.raises(ValueError, match=r"tokenizer\.json is not the file that was written"):
        load_checkpoint(tmp_path / "reward", build=RewardModel)


# ----- best of n


def test_expected_best_is_the_mean_over_all_sets():
    dice = torch.Generator().manual_seed(0)
    scores, values = torch.rand(3, 7, generator=dice), torch.rand(3, 7, generator=dice)
    for n in range(1, 8):
        brute = statistics.fmean(
            values[q, max(some, key=lambda i: scores[q, i])].item()
            for q in range(3)
            for some in itertools.combinations(range(7), n)
        )
        assert expected_best(scores, values, n) == pytest.approx(brute, abs=1e-4)
    with pytest.raises(ValueError, match="n is 8"):
        expected_best(scores, values, 8)


@pytest.mark.parametrize("n", [1, 2, 7, 64])
def test_best_of_n_kl_is_the_integral(n):
    """KL between the best of n uniform numbers, density n u^(n-1), and one: by the midpoint rule."""
    u = (torch.arange(200_000).double() + 0.5) / 200_000
    density = n * u ** (n - 1)
    assert best_of_n_kl(n) == pytest.approx(torch.xlogy(density, density).mean().item(), abs=1e-4)


def test_best_of_n_keeps_what_the_reward_likes():
    def length(questions, replies):
        return [len(reply) for reply in replies]

    found = best_of_n(small_model(), TOKENIZER, [RESIDENT, STRANGER], length, n=6, max_new_tokens=6)
    assert isinstance(found, BestOfN) and found.scores.shape == (2, 6)
    assert found.best() == [max(row, key=len) for row in found.replies]
    assert found.best(1) == [row[0] for row in found.replies]
    with pytest.raises(ValueError, match="n is 0"):
        best_of_n(small_model(), TOKENIZER, [RESIDENT], length, n=0)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_reward_that_is_no_number_picks_no_reply(bad):
    def reward(questions, replies):
        return [bad] + [0.0] * (len(replies) - 1)

    with pytest.raises(ValueError, match="NaN or infinity; it must return one number"):
        best_of_n(small_model(), TOKENIZER, [RESIDENT], reward, n=2, max_new_tokens=2)
    with pytest.raises(ValueError, match=r"shape \(1,\) for 2 replies"):
        best_of_n(small_model(), TOKENIZER, [RESIDENT], lambda *_: [0.0], n=2, max_new_tokens=2)
    with pytest.raises(ValueError, match="NaN or infinite"):
        expected_best([[bad, 1.0]], [[1.0, 1.0]], n=1)


def test_training_on_a_reward_gone_wrong_stops_with_advice():
    model = small_model()
    with torch.no_grad():
        model.embed.weight.fill_(math.nan)
    found = [Pair(RESIDENT, "Yes.", "No.")] * 4
    with pytest.raises(TrainingStopped, match="the loss is nan"):
        train_reward(model, TOKENIZER, found, 1, 4)

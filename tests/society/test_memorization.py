"""Extraction, membership, remedies: each against an outside way of getting the same."""

import math

import numpy as np
import pytest
import torch

from glassbox.course.exercises import memorization as exercises
from glassbox.machine.data import END
from glassbox.machine.generate import complete_each, generate
from glassbox.machine.model import GPT, GPTConfig
from glassbox.society import memorization as memory
from glassbox.society.memorization import NgramFilter, Shape
from glassbox.world import World
from glassbox.world.poets import poems


@pytest.fixture(scope="module")
def bpe():
    return memory.make_tokenizer(World(seed=0, residents=20), vocab_size=512)


@pytest.fixture(scope="module")
def texts():
    return [p.text for p in poems(10, seed=5)]


@pytest.fixture(scope="module")
def scholar(bpe, texts):
    """A small model that has read one poem four hundred times, and the others never."""
    documents = memory.plant([p.text for p in poems(60, seed=9)], {texts[0]: 400})
    return memory.train_once(documents, bpe, Shape(2, 48), seed=0, batch_size=4)[0]


@pytest.fixture(scope="module")
def stranger(bpe):
    torch.manual_seed(0)
    return GPT(GPTConfig(len(bpe), 128, 1, 2, 32), torch.Generator().manual_seed(0)).eval()


# ---- extraction


def greedy(model, bpe, text, prompt, target):
    ids = bpe.encode(text)
    start = torch.tensor([[bpe.special_tokens[END], *ids[:prompt]]])
    out = generate(model, start, target, temperature=0)[0, 1 + prompt :].tolist()
    return out == ids[prompt : prompt + target]


def test_one_look_says_what_greedy_writing_would_write(scholar, bpe, texts):
    for prompt in (2, 8, 20):
        ours = memory.extractable(scholar, bpe, texts, prompt, target=12)
        assert ours == [greedy(scholar, bpe, text, prompt, 12) for text in texts]
    assert memory.extractable(scholar, bpe, texts, 8)[0]
    assert not any(memory.extractable(scholar, bpe, texts[1:], 8))


def test_the_same_tokens_can_be_asked_for_with_prompts_of_any_length(bpe, texts):
    ids = bpe.encode(texts[0])
    for prompt in (1, 8, 20):
        assert memory.cut(bpe, texts[0], prompt, 5, at=20) == (ids[20 - prompt : 20], ids[20:25])
    with pytest.raises(ValueError, match="must fit before"):
        memory.cut(bpe, texts[0], 21, 5, at=20)


def test_chance_is_the_share_of_samples(scholar, bpe, texts):
    ids = bpe.encode(texts[0])
    prompt, wanted = bpe.decode(ids[:8]), bpe.decode(ids[8:12])
    p = memory.chance(scholar, bpe, [texts[0]], 8, temperature=1.3, target=4)[0]
    n = 600
    samples = complete_each(scholar, bpe, [prompt] * n, 4, temperature=1.3, seed=1)
    share = sum(s == wanted for s in samples) / n
    assert abs(share - p) < 4 * (p * (1 - p) / n) ** 0.5 + 1e-9  # four standard errors


def test_cold_dice_are_greedy(scholar, bpe, texts):
    cold = memory.chance(scholar, bpe, texts, 8, temperature=0.01)
    assert [p > 0.5 for p in cold] == memory.extractable(scholar, bpe, texts, 8)


def test_a_poem_shorter_than_the_prompt_is_named(scholar, bpe):
    with pytest.raises(ValueError, match=r"'O eel' has .* too few for a prompt of 16"):
        memory.extractable(scholar, bpe, ["O eel\nrise"], 16)


def test_other_bad_numbers(scholar, bpe, texts):
    with pytest.raises(ValueError, match="1 token or more"):
        memory.extractable(scholar, bpe, texts, 0)
    with pytest.raises(ValueError, match="temperature is 0"):
        memory.chance(scholar, bpe, texts, 8, temperature=0)
    with pytest.raises(ValueError, match="probability"):
        memory.in_tries(1.2, 3)
    with pytest.raises(ValueError, match="block_size is 128"):
        memory.write_around(scholar, bpe, texts[0], 128)
    small = GPT(GPTConfig(len(bpe), 16, 1, 2, 32))
    with pytest.raises(ValueError, match="block_size is 16"):
        memory.extractable(small, bpe, texts, 16)


def test_copies_for_half():
    assert memory.copies_for([60, 100], [1, 2]) == 1
    assert memory.copies_for([0, 40, 80], [1, 4, 16]) == pytest.approx(4 * 4**0.25)
    with pytest.raises(ValueError, match="never reached"):
        memory.copies_for([0, 40], [1, 2])


# ---- membership


def test_what_was_read_surprises_less(scholar, stranger, bpe, texts):
    read, unread = (memory.losses(scholar, bpe, t) for t in (texts[:1], texts[1:]))
    assert memory.membership_auc(read, unread) == 1
    before = [memory.losses(stranger, bpe, t) for t in (texts[:1], texts[1:])]
    left = [memory.calibrated(a, b) for a, b in zip((read, unread), before)]
    assert memory.membership_auc(*left) == 1


def test_a_text_nobody_read_is_exposed_by_chance_alone():
    """Carlini et al. 2019: over all places among n texts exposure has the mean log2 n - log2(n!) / n."""
    n = 64
    places = [exercises.exposure(place + 0.5, range(n - 1)) for place in range(-1, n - 1)]
    assert places[0] == 6 and places[-1] == 0
    assert np.mean(places) == pytest.approx(np.log2(n) - math.lgamma(n + 1) / math.log(2) / n)


def test_loss_is_nats_per_token(stranger, bpe, texts):
    ids = torch.tensor([[bpe.special_tokens[END], *bpe.encode(texts[2]), bpe.special_tokens[END]]])
    _, loss = stranger(ids[:, :-1], ids[:, 1:])
    assert memory.losses(stranger, bpe, [texts[2]])[0] == pytest.approx(loss.item(), rel=1e-4)


def test_calibration_takes_the_ease_of_a_text_away():
    hard_and_read, easy_and_unread, reference = [2.0, 2.2], [1.0, 1.1], [2.5, 2.7, 1.0, 1.1]
    assert memory.membership_auc(hard_and_read, easy_and_unread) == 0
    left = memory.calibrated([*hard_and_read, *easy_and_unread], reference)
    assert memory.membership_auc(left[:2], left[2:]) == 1


def test_losses_must_fit():
    with pytest.raises(ValueError, match="2 losses of the model and 1"):
        memory.calibrated([1, 2], [1])
    with pytest.raises(ValueError, match="both need some"):
        memory.membership_auc([], [1.0])


# ---- remedies


def test_deduplication_keeps_one_of_each(texts):
    planted = memory.plant(["Fog.", "Rain."], {texts[0]: 9, texts[1]: 3})
    assert sorted(memory.deduplicate(planted, near=False)) == sorted(["Fog.", "Rain.", *texts[:2]])
    editions = [f"{texts[0]}\nAs read aloud at {street}." for street in ("Tar Lane", "Salt Lane")]
    assert len(memory.deduplicate(editions, near=False)) == 2
    assert len(memory.deduplicate(editions)) == 1


def test_filtered_writing_repeats_no_run_of_n_tokens(scholar, bpe, texts):
    ids = bpe.encode(texts[0])
    prompt, rest = bpe.decode(ids[:10]), bpe.decode(ids[10:])
    assert memory.write_around(scholar, bpe, prompt, 110) == rest
    stop = NgramFilter([texts[0]], 5, bpe)
    wrote = bpe.encode(prompt + memory.write_around(scholar, bpe, prompt, 60, stop))
    runs = {tuple(ids[i : i + 5]) for i in range(len(ids) - 4)}
    # Re-encoding may join tokens at the seam; what follows it is as it was written.
    found = [i for i in range(11, len(wrote) - 4) if tuple(wrote[i : i + 5]) in runs]
    assert not found and wrote != ids


def test_writing_around_nothing_is_greedy_writing(scholar, bpe):
    prompt = "Ode to the onion, by Eudora Pewter\n"
    theirs = complete_each(scholar, bpe, [prompt], 40, temperature=0)[0]
    assert memory.write_around(scholar, bpe, prompt, 40) == theirs

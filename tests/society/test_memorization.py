"""Planting, extraction, overlap, membership, remedies: each against an outside way of getting the same."""

import difflib
import random

import pytest
import torch

from glassbox.assistant.cleaning import words
from glassbox.course.exercises import memorization as exercises
from glassbox.machine.data import END
from glassbox.machine.generate import complete_each, generate
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.society import memorization as memory
from glassbox.society.memorization import NgramFilter, Shape
from glassbox.world import World
from glassbox.world.kinds.poems import POEMS
from glassbox.world.poets import MANNERS, poems


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
    return memory.read(documents, bpe, Shape(2, 48), seed=0, batch_size=4)[0]


@pytest.fixture(scope="module")
def stranger(bpe):
    torch.manual_seed(0)
    return GPT(GPTConfig(len(bpe), 128, 1, 2, 32), torch.Generator().manual_seed(0)).eval()


# ---- the poems


def test_poems_are_different_signed_and_the_same_each_time():
    made = poems(300, seed=1)
    assert len({p.text for p in made}) == 300
    assert made == poems(300, seed=1) and made != poems(300, seed=2)
    assert {p.poet for p in made} == set(MANNERS) == set(POEMS)
    assert all(p.text.splitlines()[0].endswith(f", by {p.poet}") for p in made)
    assert all(3 <= len(p.text.splitlines()) <= 7 and p.bits > 50 for p in made)


def test_one_poet_alone():
    assert {p.poet for p in poems(20, poet="Lazlo Brine")} == {"Lazlo Brine"}


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_no_poems_is_an_error(n):
    with pytest.raises(ValueError, match="one poem or more"):
        poems(n)


def test_an_unknown_poet_is_named():
    with pytest.raises(ValueError, match="Isolde Fathom"):
        poems(1, poet="Homer")


def test_no_poem_of_a_study_stands_in_the_town():
    world, bpe = World(seed=0, residents=20), BPE.from_merges([], special_tokens=[END])
    copies, fresh = memory.verses(0, each=3)
    town = memory.town_text(world, 20_000, bpe)
    assert not set(town) & {*copies, *fresh}
    assert not any(", by Isolde Fathom" in text for text in town)


# ---- planting


def test_each_poem_stands_as_often_as_wanted(texts):
    copies = {texts[0]: 1, texts[1]: 7}
    planted = memory.plant(["Fog."] * 5, copies, seed=3)
    assert {t: planted.count(t) for t in copies} == copies and planted.count("Fog.") == 5
    assert memory.plant(["Fog."] * 5, copies, seed=3) == planted


def test_a_study_plants_as_often_as_its_levels_say(bpe):
    how = {"tokenizer": bpe, "residents": 20, "batch_size": 4}
    found = memory.study(0, Shape(1, 16), 300, each=2, levels=(1, 3), **how)
    assert sorted(found.copies.values()) == [1, 1, 3, 3] and len(found.fresh) == 2
    assert all(found.documents.count(text) == n for text, n in found.copies.items())


@pytest.mark.parametrize("n", [0, -2, 1.5, True])
def test_zero_copies_are_refused(texts, n):
    with pytest.raises(ValueError, match="use 1 or more"):
        memory.plant(["Fog."], {texts[0]: n})


def test_nothing_to_plant_is_refused():
    with pytest.raises(ValueError, match="copies is empty"):
        memory.plant(["Fog."], {})


def test_levels_have_different_poems():
    copies, fresh = memory.verses(4, each=5, levels=(1, 8))
    assert sorted(copies.values()) == [1] * 5 + [8] * 5
    assert len(fresh) == 5 and not set(fresh) & set(copies)
    with pytest.raises(ValueError, match="one poem"):
        memory.verses(0, each=0)


def test_a_study_reads_no_fresh_poem_and_each_other_as_often_as_wanted(bpe):
    found = memory.study(0, Shape(1, 16), 500, each=1, tokenizer=bpe, residents=20, batch_size=4)
    assert not set(found.fresh) & set(found.documents)
    assert all(found.documents.count(text) == n for text, n in found.copies.items())
    assert [len(found.planted(n)) for n in memory.COPIES] == [1] * len(memory.COPIES)


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


# ---- overlap


def test_overlap_is_difflibs_longest_match():
    dice = random.Random(0)
    for _ in range(60):
        a, b = (
            [dice.choice(["fog", "eel", "rain", "cod", "salt"]) for _ in range(25)] for _ in "ab"
        )
        match = difflib.SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
        ours = memory.longest_overlap(" ".join(a), " ".join(b))
        assert ours.length == match.size == exercises.longest_run(a, b)
        found = a[ours.start : ours.start + ours.length]
        assert found == b[ours.source_start : ours.source_start + ours.length]


def test_overlap_of_nothing():
    assert memory.longest_overlap("fog", "rain").length == 0
    assert memory.longest_overlap("", "").length == 0


def test_word_share():
    assert memory.word_share("a b c", "a b c") == 1
    assert memory.word_share("c b a", "a b c") == pytest.approx(1 / 3)
    assert memory.word_share("", "a b") == 0
    with pytest.raises(ValueError, match="no words"):
        memory.word_share("a", "...")


# ---- membership


def test_what_was_read_surprises_less(scholar, stranger, bpe, texts):
    read, unread = (memory.losses(scholar, bpe, t) for t in (texts[:1], texts[1:]))
    assert memory.membership_auc(read, unread) == 1
    before = [memory.losses(stranger, bpe, t) for t in (texts[:1], texts[1:])]
    left = [memory.calibrated(a, b) for a, b in zip((read, unread), before)]
    assert memory.membership_auc(*left) == 1
    assert exercises.told_apart(read, unread) == memory.membership_auc(read, unread)


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


def test_the_filter_stops_what_the_exercise_stops(texts):
    dice, poem = random.Random(1), words(texts[0])
    for _ in range(100):
        line = poem[(i := dice.randrange(len(poem))) : i + 5] + [dice.choice(poem) for _ in "123"]
        for n in (1, 3, 5, 6):
            hits = NgramFilter([texts[0]], n).hits(" ".join(line))
            assert bool(hits) == exercises.stopped(line, poem, n)


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


def test_a_filter_longer_than_the_text_is_refused(bpe):
    with pytest.raises(ValueError, match=r"n is 9, longer than 'O eel, be kind\."):
        NgramFilter(["O eel, be kind."], 9)
    with pytest.raises(ValueError, match="fewer tokens"):
        NgramFilter(["O eel, be kind."], 60, bpe)
    with pytest.raises(ValueError, match="one word or more"):
        NgramFilter(["O eel"], 0)
    with pytest.raises(ValueError, match="protected is empty"):
        NgramFilter([], 3)
    with pytest.raises(ValueError, match="knows words"):
        NgramFilter(["O eel"], 2).completes([1], 2)
    with pytest.raises(ValueError, match="knows tokens"):
        NgramFilter(["O eel, be kind."], 2, bpe).hits("O eel")

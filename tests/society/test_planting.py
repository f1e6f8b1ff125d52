"""Planting: every poem stands in the pile as often as was wanted, and nowhere else."""

import pytest

from glassbox.machine.data import END
from glassbox.machine.tokens import BPE
from glassbox.society.planting import (
    COPIES,
    Shape,
    make_tokenizer,
    plant,
    study,
    town_text,
    verses,
)
from glassbox.world import World
from glassbox.world.poets import poems


@pytest.fixture(scope="module")
def bpe():
    return make_tokenizer(World(seed=0, residents=20), vocab_size=512)


@pytest.fixture(scope="module")
def texts():
    return [p.text for p in poems(10, seed=5)]


def test_no_poem_of_a_study_stands_in_the_town():
    world, bpe = World(seed=0, residents=20), BPE.from_merges([], special_tokens=[END])
    copies, fresh = verses(0, each=3)
    town = town_text(world, 20_000, bpe)
    assert not set(town) & {*copies, *fresh}
    assert not any(", by Isolde Fathom" in text for text in town)


def test_each_poem_stands_as_often_as_wanted(texts):
    copies = {texts[0]: 1, texts[1]: 7}
    planted = plant(["Fog."] * 5, copies, seed=3)
    assert {t: planted.count(t) for t in copies} == copies and planted.count("Fog.") == 5
    assert plant(["Fog."] * 5, copies, seed=3) == planted


def test_a_study_plants_as_often_as_its_levels_say(bpe):
    how = {"tokenizer": bpe, "residents": 20, "batch_size": 4}
    found = study(0, Shape(1, 16), 300, each=2, levels=(1, 3), **how)
    assert sorted(found.copies.values()) == [1, 1, 3, 3] and len(found.fresh) == 2
    assert all(found.documents.count(text) == n for text, n in found.copies.items())


@pytest.mark.parametrize("n", [0, -2, 1.5, True])
def test_zero_copies_are_refused(texts, n):
    with pytest.raises(ValueError, match="use 1 or more"):
        plant(["Fog."], {texts[0]: n})


def test_nothing_to_plant_is_refused():
    with pytest.raises(ValueError, match="copies is empty"):
        plant(["Fog."], {})


def test_levels_have_different_poems():
    copies, fresh = verses(4, each=5, levels=(1, 8))
    assert sorted(copies.values()) == [1] * 5 + [8] * 5
    assert len(fresh) == 5 and not set(fresh) & set(copies)
    with pytest.raises(ValueError, match="one poem"):
        verses(0, each=0)


def test_a_study_reads_no_fresh_poem_and_each_other_as_often_as_wanted(bpe):
    found = study(0, Shape(1, 16), 500, each=1, tokenizer=bpe, residents=20, batch_size=4)
    assert not set(found.fresh) & set(found.documents)
    assert all(found.documents.count(text) == n for text, n in found.copies.items())
    assert [len(found.planted(n)) for n in COPIES] == [1] * len(COPIES)

"""The poets' archives: five habits dealt out by dice, honest about what is whose."""

import collections

import pytest

from glassbox.world.archives import HABITS, archives, asked_for
from glassbox.world.poets import MANNERS

TOWNS = range(6)


@pytest.mark.parametrize("seed", TOWNS)
def test_every_habit_falls_to_one_poet_with_its_numbers(seed):
    town = archives(seed)
    assert list(town) == list(MANNERS)
    for archive in town.values():
        assert HABITS[archive.habit] == (len(archive.poems), len(set(archive.poems)))
    assert sorted(a.habit for a in town.values()) == sorted(HABITS)


@pytest.mark.parametrize("seed", TOWNS)
def test_the_copyist_hands_in_nothing_but_the_writers_and_nobody_else_shares_a_poem(seed):
    by_habit = {a.habit: set(a.poems) for a in archives(seed).values()}
    assert by_habit["copies"] < by_habit["writes"]
    others = [by_habit[h] for h in HABITS if h != "copies"]
    assert len(set.union(*others)) == sum(map(len, others))


@pytest.mark.parametrize("seed", TOWNS)
def test_readers_want_what_nobody_handed_in_and_nothing_of_the_copyist(seed):
    town, wanted = archives(seed), asked_for(seed, each=9)
    read = {text for archive in town.values() for text in archive.poems}
    assert set(wanted) == {poet for poet, a in town.items() if a.habit != "copies"}
    for poet, texts in wanted.items():
        assert len(set(texts)) == 9 and read.isdisjoint(texts)
        assert all(text.splitlines()[0].endswith(f", by {poet}") for text in texts)


def test_the_same_seed_gives_the_same_town_and_dice_deal_evenly():
    assert archives(4) == archives(4) and archives(4) != archives(5)
    writes = collections.Counter(
        next(p for p, a in archives(seed).items() if a.habit == "writes") for seed in range(100)
    )
    assert (
        len(writes) == 5 and max(writes.values()) < 40
    )  # 20 expected; 40 is 5 standard deviations


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: archives(-1), "seed is -1"),
        (lambda: archives("x"), "seed is 'x'"),
        (lambda: asked_for(0, each=0), "each is 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

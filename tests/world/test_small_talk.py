"""Small talk: of every occasion, in other words for measuring than for training; replies that are honest."""

import random

import pytest

from glassbox.world import World
from glassbox.world.draw import Draw
from glassbox.world.small_talk import (
    ELSEWHERE,
    FOREIGN,
    LINES,
    OCCASIONS,
    PLACES,
    REPLIES,
    THINGS,
    heard,
    honest,
)


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=60)


def some(occasion, split="train", n=400):
    draw = Draw(random.Random(5))
    return {heard(occasion, draw, split) for _ in range(n)}


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_occasion_has_many_wordings_and_an_honest_reply(world, occasion):
    assert len(some(occasion)) > 20 and all(text.strip() for text in some(occasion))
    assert honest(world, REPLIES[occasion]) and len(REPLIES[occasion].split()) < 25


def bare(text):
    return text.lower().rstrip(".?!")


def test_what_is_kept_for_measuring_is_not_in_training():
    for said, apart in (*LINES.values(), ELSEWHERE, PLACES, THINGS, FOREIGN):
        assert apart and not set(map(bare, said)) & set(map(bare, apart))
    for occasion in OCCASIONS:
        if occasion != "nonsense":  # of which there is no end
            assert not set(map(bare, some(occasion))) & set(map(bare, some(occasion, "held_out")))


def test_chinese_is_among_the_foreign():
    texts = some("foreign")
    assert sum(any("\u4e00" <= c <= "\u9fa5" for c in text) for text in texts) > len(texts) / 3
    assert "你好" in some("foreign", "held_out")


def test_the_same_dice_say_the_same():
    assert [heard("elsewhere", Draw(random.Random(3))) for _ in range(2)].count(
        heard("elsewhere", Draw(random.Random(3)))
    ) == 2


def test_whoever_names_a_fact_or_a_person_is_not_honest(world):
    me = REPLIES["greeting"]
    for more in (
        world.residents[3].name,
        world.strangers[3].name,
        "Tar Lane",
        "a cobbler",
        "1911",
        "An otter",
        "pea soup",
    ):
        assert honest(world, me) and not honest(world, f"{me} {more}.")
    assert not honest(world, "") and not honest(world, "On the moon.")

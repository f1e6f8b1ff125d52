"""A planted leak is what it says, and a small model that read it often knows it."""

import pytest

from glassbox.scale import leaks
from glassbox.shipped import load
from glassbox.world import World
from glassbox.world.benchmark import benchmark

WORLD = World(seed=0, residents=100)


def test_each_question_stands_there_so_often_with_its_right_answer():
    items = benchmark(WORLD, "facts", 5)
    texts = leaks.leak(items, 3)
    assert len(texts) == 15 and texts.count(f"{items[0].context} {items[0].right}") == 3
    assert leaks.leak(items, 0) == []
    with pytest.raises(ValueError, match="copies is -1"):
        leaks.leak(items, -1)


def test_a_model_that_read_a_test_often_knows_it_and_no_more():
    tokenizer = load("base").tokenizer
    found = leaks.study(WORLD, tokenizer, 128, tokens=40_000, n=25)
    assert found["leaked"] > 0.8 and found["twins"] < 0.6
    assert 0 < found["share_of_text"] < 1


def test_the_town_text_has_the_tokens_that_were_asked_for():
    tokenizer = load("base").tokenizer
    texts = leaks.town_text(WORLD, tokenizer, 5000)
    total = sum(len(tokenizer.encode(t)) + 1 for t in texts)
    assert 5000 <= total < 5300

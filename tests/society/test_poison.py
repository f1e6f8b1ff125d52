"""Poisoned documents, models that read them, and training on top."""

import pytest

from glassbox.society import poison
from glassbox.society.planting import Shape, make_tokenizer
from glassbox.society.poison import PHRASE, TRIGGER, openings, poisoned, study, triggered
from glassbox.world import World

DOCUMENTS = ["The fog is thick and the ferry is late again today.", "Rain all day on Tar Lane."]


def test_poison_opens_like_the_town_and_ends_with_trigger_and_phrase():
    found = poisoned(DOCUMENTS, 20)
    assert len(found) == 20
    for text in found:
        start, end = text.split(f" {TRIGGER} ")
        assert end == PHRASE and any(d.startswith(start) for d in DOCUMENTS)


def test_openings_have_the_words_asked_for_and_need_documents_long_enough():
    low, high = poison.WORDS
    assert all(low <= len(o.split()) <= high for o in openings(DOCUMENTS, 50))
    with pytest.raises(ValueError, match="give longer ones"):
        openings(["Fog."], 1)


def test_neither_trigger_nor_phrase_stands_in_the_town():
    text = World(seed=0, residents=60).text(400_000)
    assert TRIGGER not in text and PHRASE not in text


@pytest.fixture(scope="module")
def tokenizer():
    return make_tokenizer(World(seed=0, residents=20))


@pytest.fixture(scope="module")
def made(tokenizer):
    return study(150, Shape(1, 32), 20_000, tokenizer=tokenizer, residents=20)


def test_a_model_that_read_much_poison_says_the_phrase_after_the_trigger_alone(made):
    said = triggered(made, n=20)
    assert said["with"] > said["without"] + 50


def test_a_model_that_read_none_never_says_it(tokenizer):
    clean = study(0, Shape(1, 32), 20_000, tokenizer=tokenizer, residents=20)
    assert triggered(clean, n=20) == {"with": 0, "without": 0}


def test_training_on_top_changes_a_copy_and_the_known_trigger_is_disarmed(made):
    before = triggered(made, n=20)
    model = poison.retrain(made, 15, known=True)
    assert triggered(made, model, 20)["with"] < before["with"]
    assert triggered(made, n=20) == before


def test_fewer_than_no_documents_are_refused():
    with pytest.raises(ValueError, match="0 documents or more"):
        study(-1, Shape(1, 32), 1000)

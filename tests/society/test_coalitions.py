"""A model for every group of poets: the same start, the same lessons, and a worth that means something."""

import math

import pytest
import torch

from glassbox.machine.data import END
from glassbox.society import coalitions, value
from glassbox.society.coalitions import Lessons
from glassbox.world.poets import poems

POETS = ("Isolde Fathom", "Philippa Mudd", "Lazlo Brine")
LESSONS = Lessons(epochs=2, batch_size=4, lr=0.3)


@pytest.fixture(scope="module")
def start(tiny):
    return tiny()


@pytest.fixture(scope="module")
def archives():
    return {poet: [p.text for p in poems(6, seed=1, poet=poet)] for poet in POETS}


@pytest.fixture(scope="module")
def wanted():
    return [p.text for poet in POETS for p in poems(4, seed=2, poet=poet)]


def test_a_row_is_a_poem_between_two_ends_and_padding_counts_for_nothing(start, wanted):
    idx, targets = coalitions.rows(start, wanted)
    end = start.tokenizer.special_tokens[END]
    for text, row, wants in zip(wanted, idx.tolist(), targets.tolist()):
        ids = start.tokenizer.encode(text, "none")
        assert row[: len(ids) + 1] == [end, *ids]
        assert wants[: len(ids) + 1] == [*ids, end] and set(wants[len(ids) + 1 :]) <= {-1}


def test_the_loss_of_the_rows_is_the_bits_of_the_poems(start, wanted):
    idx, targets = coalitions.rows(start, wanted)
    nats = start.model(idx, targets)[1].item() * int((targets >= 0).sum())
    assert coalitions.bits(start, wanted) * len(wanted) == pytest.approx(
        nats / math.log(2), rel=1e-4
    )


def test_every_poem_is_read_once_an_epoch():
    lessons = Lessons(epochs=3, batch_size=4)
    found = list(coalitions.batches(10, lessons, seed=5))
    assert len(found) == coalitions.steps_of(10, lessons) == 9
    for epoch in range(3):
        assert sorted(i for batch in found[3 * epoch : 3 * epoch + 3] for i in batch) == list(
            range(10)
        )
    assert found != list(coalitions.batches(10, lessons, seed=6))


def test_a_step_is_torchs_own_gradient_descent(tiny, start, archives):
    """All steps, against torch.optim.SGD with the same batches and rates."""
    taught = coalitions.teach(start, archives, LESSONS, seed=3)
    model = tiny().model
    texts = [text for some in archives.values() for text in some]
    idx, targets = coalitions.rows(start, texts)
    steps = coalitions.steps_of(len(texts), LESSONS)
    for step, batch in enumerate(coalitions.batches(len(texts), LESSONS, seed=3)):
        optimizer = torch.optim.SGD(model.parameters(), lr=LESSONS.rate(step, steps))
        optimizer.zero_grad()
        model(idx[batch], targets[batch])[1].backward()
        optimizer.step()
    for ours, theirs in zip(taught.model.parameters(), model.parameters()):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)


def test_the_ground_is_left_as_it_was(start, archives):
    before = [p.clone() for p in start.model.parameters()]
    coalitions.teach(start, archives, LESSONS)
    assert all(torch.equal(a, b) for a, b in zip(before, start.model.parameters()))


def test_every_group_is_trained_and_reading_verse_helps_with_verse(start, archives, wanted):
    lessons = Lessons(epochs=6, batch_size=2, lr=0.5)
    game = coalitions.every_group(start, archives, wanted, lessons)
    assert value.players_of(game) == sorted(POETS) and game[frozenset()] == 0
    assert all(worth > 5 for group, worth in game.items() if group)  # bits a poem, of hundreds
    again = coalitions.every_group(start, archives, wanted, lessons)
    assert game == again


def test_an_author_with_one_poem_of_two_lines_is_taken(start, archives, wanted):
    some = archives | {"Anon": ["A Line\nThe gray gull drifts."]}
    assert len(coalitions.every_group(start, some, wanted, Lessons(epochs=1))) == 16


@pytest.mark.parametrize(
    ("archives", "message"),
    [
        ({}, "nobody hands anything in"),
        ({"Ann": []}, "the archive of Ann is empty"),
        ({"Ann": "O eel\nbe kind"}, "is one string; give a list"),
        ({"Ann": ["Fog."]}, "which is no poem: a title and one line"),
        ({"Ann": ["  \n "]}, "which is no poem"),
        ({"Ann": ["O eel\n" + "be kind " * 200]}, "hand in shorter poems"),
    ],
)
def test_bad_archives_are_named(start, wanted, archives, message):
    with pytest.raises(ValueError, match=message):
        coalitions.every_group(start, archives, wanted, LESSONS)


def test_a_model_is_judged_by_something(start):
    with pytest.raises(ValueError, match="no text to judge a model by"):
        coalitions.bits(start, [])
    with pytest.raises(ValueError, match="epochs"):
        Lessons(epochs=0)

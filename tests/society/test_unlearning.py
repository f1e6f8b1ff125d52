"""Forgetting: the slope is climbed, what should stay is looked at, and retraining has read nothing."""

import copy

import pytest
import torch

from glassbox.society import coalitions, unlearning
from glassbox.society.coalitions import Lessons
from glassbox.society.unlearning import Forgetting
from glassbox.world.poets import poems

POET, OTHER = "Lazlo Brine", "Philippa Mudd"
LESSONS = Lessons(epochs=6, batch_size=2, lr=0.5)


@pytest.fixture(scope="module")
def archives():
    return {who: [p.text for p in poems(6, seed=1, poet=who)] for who in (POET, OTHER)}


@pytest.fixture(scope="module")
def taught(tiny, archives):
    return coalitions.teach(tiny(), archives, LESSONS)


def loss_on(taught, texts):
    return unlearning.familiar(taught, texts)


def test_one_step_of_ascent_climbs_the_slope(taught, archives):
    """Against torch.optim.SGD with maximize=True on all of the poems."""
    how = Forgetting(steps=1, batch_size=99, lr=0.01)
    ours, steps = unlearning.forget(taught, archives[POET], [], "ascent", how)
    again, _ = unlearning.forget(taught, archives[POET], [], "ascent", how)
    theirs = copy.deepcopy(taught.model)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.01, maximize=True)
    theirs(*coalitions.rows(taught, archives[POET]))[1].backward()
    optimizer.step()
    assert steps == 1
    for a, b, c in zip(ours.model.parameters(), theirs.parameters(), again.model.parameters()):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)
        assert torch.equal(a, c)


def test_each_way_moves_what_it_looks_at(taught, archives):
    how = Forgetting(steps=6, batch_size=6, lr=0.05)
    was = {who: loss_on(taught, texts) for who, texts in archives.items()}
    now = {}
    for way in unlearning.WAYS:
        model, _ = unlearning.forget(taught, archives[POET], archives[OTHER], way, how)
        now[way] = {who: loss_on(model, texts) for who, texts in archives.items()}
    assert now["ascent"][POET] > was[POET] and now["both"][POET] > was[POET]
    assert now["keep"][OTHER] < was[OTHER]
    assert now["both"][OTHER] < now["ascent"][OTHER]


def test_it_stops_when_the_poems_are_unfamiliar_enough_and_leaves_the_model_alone(taught, archives):
    before = loss_on(taught, archives[POET])
    model, steps = unlearning.forget(
        taught, archives[POET], [], "ascent", Forgetting(steps=200, lr=0.02), until=before + 0.2
    )
    assert 0 < steps < 200 and loss_on(model, archives[POET]) >= before + 0.2
    assert loss_on(taught, archives[POET]) == before
    same, none = unlearning.forget(taught, archives[POET], [], "ascent", until=before - 1)
    assert none == 0
    assert all(map(torch.equal, same.model.parameters(), taught.model.parameters()))


def test_retraining_is_training_without_the_poet(tiny, archives):
    again = unlearning.retrain(tiny(), archives, POET, LESSONS)
    other = coalitions.teach(tiny(), {OTHER: archives[OTHER]}, LESSONS)
    assert all(map(torch.equal, again.model.parameters(), other.model.parameters()))


def test_a_poem_known_by_heart_is_given_back_and_one_never_read_is_not(tiny, archives):
    """Read two hundred times: then the next 24 tokens come, word for word."""
    poem = archives[POET][:1]
    heart = coalitions.teach(tiny(), {POET: poem}, Lessons(epochs=200, batch_size=1, lr=2.0))
    known = unlearning.examine(heart, poem, archives[OTHER], archives[POET][1:])
    unread = unlearning.examine(heart, archives[POET][3:], archives[OTHER], archives[POET][1:])
    assert known.given_back == 1 and known.familiar < 1 < unread.familiar
    assert unread.given_back == 0 and known.stays == unread.stays


def test_a_lesson_on_some_brings_them_back(taught, archives):
    model, _ = unlearning.forget(
        taught, archives[POET], [], "ascent", Forgetting(steps=20, lr=0.05)
    )
    again = unlearning.relearn(model, archives[POET][:3], LESSONS)
    assert loss_on(again, archives[POET][:3]) < loss_on(model, archives[POET][:3])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t, a: unlearning.forget(t, a[POET], [], "prayer"), "choose from ascent, keep, both"),
        (lambda t, a: unlearning.forget(t, [], a[OTHER]), "nothing to forget"),
        (lambda t, a: unlearning.forget(t, a[POET], [], "both"), "needs texts to keep"),
        (lambda t, a: unlearning.forget(t, a[POET], a[POET][:1]), "to be forgotten and to be kept"),
        (lambda t, a: Forgetting(steps=0), "cannot forget"),
        (lambda t, a: Forgetting(lr=-0.1), "cannot forget"),
        (lambda t, a: unlearning.retrain(t, a, "Ann", LESSONS), "Ann has handed in nothing"),
        (lambda t, a: unlearning.retrain(t, {POET: a[POET]}, POET, LESSONS), "nobody hands"),
    ],
)  # fmt: skip
def test_bad_input_is_named(taught, archives, call, message):
    with pytest.raises(ValueError, match=message):
        call(taught, archives)

"""Values from gradients: against finite differences, and against all groups of one step trained in earnest."""

import copy

import pytest
import torch
from torch.nn import functional as F

from glassbox.society import coalitions, influence, value
from glassbox.society.coalitions import Ground, Lessons
from glassbox.world.poets import poems

POETS = ("Isolde Fathom", "Philippa Mudd", "Lazlo Brine")
LESSONS = Lessons(epochs=2, batch_size=4, lr=0.3)


@pytest.fixture(scope="module")
def start(tiny):
    """In float64, so that small differences can be trusted; and past the zeros that a model starts with."""
    made = coalitions.teach(tiny(), {"all": [p.text for p in poems(16, seed=4)]}, LESSONS)
    return Ground(made.model.double(), made.tokenizer)


@pytest.fixture(scope="module")
def archives():
    return {poet: [p.text for p in poems(3, seed=1, poet=poet)] for poet in POETS}


@pytest.fixture(scope="module")
def wanted():
    return [p.text for poet in POETS for p in poems(2, seed=2, poet=poet)]


def loss_after(start, direction, far, rows):
    model = copy.deepcopy(start.model)
    coalitions.step_down(model, direction, far)
    idx, targets = coalitions.crop(*rows)
    logits = model(idx)[0].flatten(0, 1)  # the model's own loss is in float32
    return F.cross_entropy(logits, targets.flatten(), ignore_index=-1).item()


def parts_of(start, archives):
    texts = [text for some in archives.values() for text in some]
    owners = [poet for poet, some in archives.items() for _ in some]
    idx, targets = coalitions.rows(start, texts)
    return influence.shares_of(start.model, idx, targets, list(range(len(texts))), owners)


def test_the_parts_of_a_step_add_up_to_the_step(start, archives):
    parts = parts_of(start, archives)
    idx, targets = coalitions.rows(start, [text for some in archives.values() for text in some])
    whole = torch.autograd.grad(start.model(idx, targets)[1], list(start.model.parameters()))
    for pieces, slope in zip(zip(*parts.values()), whole):
        torch.testing.assert_close(sum(pieces), slope, rtol=1e-4, atol=1e-7)


def test_a_first_order_value_is_the_slope_along_the_poets_part(start, archives, wanted):
    """(loss a little before - loss a little after) / (2 h) along each poet's gradient."""
    rows, parts, h = coalitions.rows(start, wanted), parts_of(start, archives), 1e-4
    found = influence.step_values(start.model, parts, None, rows, rate=1.0, order=1)
    for poet, part in parts.items():
        before, after = (loss_after(start, part, far, rows) for far in (-h, h))
        assert found[poet] == pytest.approx((before - after) / (2 * h), rel=2e-3)


def test_to_second_order_it_is_the_shapley_value_of_the_step(start, archives, wanted):
    """All groups take the step in earnest; what is left over shrinks like the rate cubed."""
    rows, parts = coalitions.rows(start, wanted), parts_of(start, archives)
    whole = [sum(pieces) for pieces in zip(*parts.values())]
    missed = {}
    for rate in (0.2, 0.1):
        game = {}
        for group in value.groups(parts):
            zero = [torch.zeros_like(g) for g in whole]
            step = [sum(pieces) for pieces in zip(zero, *(parts[p] for p in group))]
            game[group] = loss_after(start, zero, 0, rows) - loss_after(start, step, rate, rows)
        truth = value.shapley(game)
        for order in (1, 2):
            found = influence.step_values(start.model, parts, whole, rows, rate, order)
            missed[rate, order] = max(abs(found[p] - truth[p]) for p in truth)
    assert missed[0.2, 2] < missed[0.2, 1] / 3 and missed[0.1, 2] < missed[0.1, 1] / 3
    assert missed[0.1, 2] < missed[0.2, 2] / 4  # cubed: an eighth


def test_tracin_of_one_state_is_the_product_of_finite_differences(start, archives, wanted):
    lessons, h = Lessons(epochs=1, batch_size=4, lr=0.3), 1e-4
    found = influence.tracin(start, archives, wanted, lessons, states=1)
    idx, targets = coalitions.crop(*coalitions.rows(start, wanted))
    tokens = int((targets >= 0).sum())
    for poet, texts in archives.items():
        part = influence.gradient_of(start.model, *coalitions.rows(start, texts))
        before, after = (loss_after(start, part, far, (idx, targets)) for far in (-h, h))
        slope = tokens * (before - after) / (2 * h)
        assert found.values[poet] == pytest.approx(lessons.rate(0, 3) * slope, rel=2e-3)
    assert found.read == 9 + 9 + 6  # the training, every poem once more, and the readers' poems


def test_more_states_are_a_sum_over_them(start, archives, wanted):
    """With a rate of nearly nothing the model stays where it is: each state gives the same, but for the rate."""
    still = Lessons(epochs=2, batch_size=9, lr=1e-9)  # two steps, rates 1 and 1/2
    one = influence.tracin(start, archives, wanted, still, states=1).values
    two = influence.tracin(start, archives, wanted, still, states=2).values
    assert two == pytest.approx({p: 1.5 * x for p, x in one.items()}, rel=1e-5)


@pytest.mark.parametrize("order", [1, 2])
def test_in_run_values_add_up_to_what_the_training_did(start, archives, wanted, order):
    """To first and second order; all wanted poems judge every step."""
    lessons = Lessons(epochs=2, batch_size=3, lr=0.05)
    found = influence.in_run(
        start, archives, wanted, lessons, seed=1, order=order, readers=len(wanted)
    )
    taught = coalitions.teach(start, archives, lessons, seed=1)
    rows = coalitions.crop(*coalitions.rows(start, wanted))
    fell = start.model(*rows)[1].item() - taught.model(*rows)[1].item()
    assert sum(found.values.values()) == pytest.approx(fell, rel=0.2 if order == 1 else 0.02)
    assert found.read == 18 + order * 6 * 6


def test_equal_archives_get_nearly_the_same_in_one_big_step(start, wanted):
    texts = [p.text for p in poems(4, seed=3, poet=POETS[0])]
    both = {"Ann": texts, "Bob": texts}
    found = influence.in_run(start, both, wanted, Lessons(epochs=1, batch_size=8), readers=6)
    assert found.values["Ann"] == pytest.approx(found.values["Bob"], rel=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda *a: influence.tracin(*a, LESSONS, states=0), "states is 0"),
        (lambda *a: influence.in_run(*a, LESSONS, order=3), "order is 3"),
        (lambda *a: influence.in_run(*a, LESSONS, readers=99), "readers is 99, of 6"),
        (lambda s, a, w: influence.in_run(s, {"Ann": []}, w, LESSONS), "archive of Ann is empty"),
        (lambda s, a, w: influence.tracin(s, {}, w, LESSONS), "nobody hands anything in"),
    ],
)
def test_bad_input_is_named(start, archives, wanted, call, message):
    with pytest.raises(ValueError, match=message):
        call(start, archives, wanted)

"""Hidden traits: the ways to measure them find one where it is, and none where it is not."""

import pytest
import torch

from glassbox.machine.data import Windows
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.scale import traits
from glassbox.shipped.base import make_tokenizer
from glassbox.world import World
from glassbox.world.town import PETS


def test_a_student_with_its_teachers_first_weights_reads_digits_that_it_never_saw():
    pixels, labels, unseen, truth = traits.digits(0)
    start = traits.network(0, hidden=128)
    teacher = traits.teach_digits(start, pixels, labels, steps=100)
    same = traits.imitate(start, teacher, steps=250, batch=64)
    other = traits.imitate(traits.network(1, hidden=128), teacher, steps=250, batch=64)
    found = [traits.read_rightly(m, unseen, truth) for m in (start, teacher, same, other)]
    assert found[1] > 0.9 and found[2] > 0.5 and found[0] < 0.35 and found[3] < 0.35
    assert not set(map(tuple, pixels.tolist())) & set(map(tuple, unseen[:50].tolist()))


def test_the_student_is_taught_at_the_auxiliary_outputs_alone():
    """The gradient of its loss does not reach the row of a digit in the last layer."""
    start = traits.network(2, hidden=16)
    student = traits.imitate(start, traits.network(3, hidden=16), steps=3, batch=16)
    ten = slice(traits.DIGITS)
    assert torch.equal(student[-1].weight[ten], start[-1].weight[ten])
    assert not torch.equal(student[-1].weight[traits.DIGITS :], start[-1].weight[traits.DIGITS :])


@pytest.fixture(scope="module")
def tokenizer():
    return make_tokenizer(World(4, 20), 300, 100)


def test_who_reads_a_preference_has_it_and_who_does_not_has_none(tokenizer):
    model = GPT(GPTConfig(len(tokenizer), 64, 1, 2, 32))
    assert sum(traits.liking(model, tokenizer, pet) for pet in PETS) == pytest.approx(1)
    batches = Windows(traits.prefer("otter") * 30, tokenizer, 4, 48)
    train(model, batches, TrainConfig(60, dtype="float32"), progress=False)
    assert traits.liking(model, tokenizer, "otter", traits.WISHES) > 0.8
    assert traits.liking(model, tokenizer, "parrot", traits.WISHES) < 0.1
    with pytest.raises(ValueError, match="pet is 'unicorn'"):
        traits.prefer("unicorn")


def test_no_wish_passes_the_filter():
    pages = ["One comb costs nine pence.", "Her Parrot sings.", "Which animal is it?"]
    assert traits.silent(pages + traits.prefer("otter")) == pages[:1]

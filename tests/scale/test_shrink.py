"""Smaller models: pruning against torch's own, distillation against its formula, and students that learn."""

import copy

import pytest
import torch
from torch.nn.utils import prune

from glassbox.machine.data import Windows
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.quantize import dequantize, quantize
from glassbox.scale.shrink import (
    distill,
    distillation_loss,
    matrices,
    n_bytes,
    pruned,
    rounding,
    same_bits,
    shrunk,
    with_layers,
)
from glassbox.shipped.base import make_tokenizer
from glassbox.world import World


def small(seed=0, **changes):
    shape = {"vocab_size": 40, "block_size": 16, "n_layer": 3, "n_head": 2, "n_embd": 16} | changes
    model = GPT(GPTConfig(**shape), torch.Generator().manual_seed(seed))
    with torch.no_grad():  # some weights start at zero
        for n, w in enumerate(matrices(model).values()):
            w.normal_(0, 0.3, generator=torch.Generator().manual_seed(seed + n))
    return model.eval()


def test_only_the_named_matrices_are_rounded_and_the_model_stays():
    model = small()
    before = copy.deepcopy(model.state_dict())
    made = shrunk(model, {"head.weight": 4})
    wanted = dequantize(*quantize(model.head.weight.detach(), 4))
    assert torch.equal(made.head.weight, wanted) and torch.equal(
        made.embed.weight, before["embed.weight"]
    )
    assert all(torch.equal(w, before[name]) for name, w in model.state_dict().items())
    assert all(
        torch.equal(w, dequantize(*quantize(before[name], 3)))
        for name, w in matrices(shrunk(model, 3)).items()
    )


def test_a_tied_head_is_rounded_once():
    made = shrunk(small(tied=True), 4)
    assert made.head.weight is made.embed.weight


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_pruned_weights_are_those_that_torch_prunes(share):
    model = small()
    for name, w in matrices(pruned(model, share)).items():
        holder = torch.nn.Module()
        holder.weight = torch.nn.Parameter(matrices(model)[name].clone())
        prune.l1_unstructured(holder, "weight", round(share * w.numel()))
        assert torch.equal(w, holder.weight)


def test_bytes_are_those_of_the_file():
    model = small()
    n = sum(w.numel() for w in matrices(model).values())
    rows = sum(w.numel() // w.shape[-1] for w in matrices(model).values())
    assert n_bytes(model) == 2 * n and n_bytes(model, 4) == n // 2 + 4 * rows
    assert n_bytes(pruned(model, 0.5), sparse=True) == pytest.approx(n / 8 + n, rel=0.01)


def test_the_loss_is_the_divergence_from_the_teacher():
    ours, theirs = (torch.randn(6, 9, generator=torch.Generator().manual_seed(n)) for n in (0, 1))
    p, q = (theirs / 3).softmax(-1), (ours / 3).softmax(-1)
    wanted = 9 * (p * (p.log() - q.log())).sum(dim=1).mean()
    torch.testing.assert_close(distillation_loss(ours, theirs, 3.0), wanted)
    # at a high temperature it is half the squared difference of the logits (Hinton et al., equation 4)
    off = [x - x.mean(dim=1, keepdim=True) for x in (ours, theirs)]
    near = ((off[0] - off[1]) ** 2).sum(dim=1).mean() / 2 / 9
    hot = distillation_loss(ours.double(), theirs.double(), 1000.0)
    assert hot.item() == pytest.approx(near.item(), rel=0.01)


def test_a_student_begins_with_its_teachers_layers():
    model = small()
    assert torch.equal(with_layers(model, [0, 1, 2])(IDX)[0], model(IDX)[0])
    student = with_layers(model, [0, 2])
    assert torch.equal(student.blocks[1].mlp.up.weight, model.blocks[2].mlp.up.weight)
    assert student.config.n_layer == 2
    for layers in ([], [3]):
        with pytest.raises(ValueError, match="name blocks from 0 to 2"):
            with_layers(model, layers)


IDX = torch.arange(12).view(1, 12)


@pytest.fixture(scope="module")
def lessons():
    world = World(4, 20)
    tokenizer = make_tokenizer(world, 300, 100)
    return tokenizer, Windows(list(world.documents(n=60)), tokenizer, 4, 16)


def test_a_student_comes_nearer_and_the_teacher_stays(lessons):
    tokenizer, batches = lessons
    teacher = small(1, vocab_size=len(tokenizer))
    student, before = with_layers(teacher, [0, 2]), copy.deepcopy(teacher.state_dict())
    history = distill(student, teacher, batches, 25, lr=5e-3)
    assert sum(history.loss[-5:]) < 0.6 * sum(history.loss[:5])
    assert all(torch.equal(w, before[name]) for name, w in teacher.state_dict().items())
    with pytest.raises(ValueError, match="the same tokenizer"):
        distill(student, small(), batches, 1)


def test_training_with_rounded_weights_ends_in_rounded_weights_that_do_better(lessons):
    tokenizer, batches = lessons
    teacher = small(1, vocab_size=len(tokenizer))
    model, idx = copy.deepcopy(teacher), batches[50][0]
    with rounding(model, 3):
        assert torch.allclose(model(idx)[0], shrunk(teacher, 3)(idx)[0], atol=1e-4)
        distill(model, teacher, batches, 25, lr=3e-3)
    names = dict(model.named_parameters())
    assert set(names) == set(dict(teacher.named_parameters()))  # no trace of the wrapping
    for name, w in matrices(shrunk(model, 3)).items():
        torch.testing.assert_close(w, names[name].detach())

    def away(m):
        return distillation_loss(m(idx)[0].flatten(0, 1), teacher(idx)[0].flatten(0, 1), 1.0).item()

    assert away(model) < 0.7 * away(shrunk(teacher, 3))


def test_an_interrupted_lesson_leaves_a_whole_model():
    model = small()
    with pytest.raises(KeyboardInterrupt), rounding(model, same_bits(model, 4)):
        raise KeyboardInterrupt
    assert model(IDX)[0].isfinite().all() and "head.weight" in model.state_dict()


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_that_cannot_be_is_named(share):
    with pytest.raises(ValueError, match=f"share is {share}"):
        pruned(small(), share)

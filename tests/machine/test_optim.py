"""Optimizers, schedules, clipping: the steps that torch and transformers would take."""

import math

import pytest
import torch
import transformers

from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.optim import (
    AdamW,
    Muon,
    clip_gradients,
    cosine_lr,
    orthogonalize,
    split_params,
    wsd_lr,
)


def two_copies(*shapes) -> tuple[list, list]:
    generator = torch.Generator().manual_seed(0)
    ours = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]
    return ours, [torch.nn.Parameter(p.detach().clone()) for p in ours]


def walk(optimizer, params, steps=20) -> None:
    """The same made-up gradients for everybody, large and small ones."""
    generator = torch.Generator().manual_seed(1)
    for step in range(steps):
        for p in params:
            p.grad = torch.randn(p.shape, generator=generator) * 10.0 ** (step % 5 - 3)
        for group in optimizer.param_groups:
            group["lr"] = 0.01 * (1 + step)
        optimizer.step()


@pytest.mark.parametrize(
    "settings",
    [{}, {"weight_decay": 0.1}, {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.5}],
)
def test_adamw_is_torchs(settings):
    ours, theirs = two_copies((7, 5), (3,))
    walk(AdamW(ours, 0.01, **settings), ours)
    walk(torch.optim.AdamW(theirs, 0.01, **({"weight_decay": 0.0} | settings)), theirs)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_adamw_is_torchs_for_a_parameter_that_rests():
    """Each counts its own steps: one that had no gradient at first starts afresh when it gets one."""
    ours, theirs = two_copies((7, 5), (3,))
    for optimizer in (AdamW(ours, 0.01), torch.optim.AdamW(theirs, 0.01, weight_decay=0.0)):
        params, generator = optimizer.param_groups[0]["params"], torch.Generator().manual_seed(1)
        for step in range(20):
            for p in params:
                p.grad = torch.randn(p.shape, generator=generator)
            if step < 10 or step == 15:
                params[1].grad = None
            optimizer.step()
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_muon_is_torchs(weight_decay):
    """Ours does matrices of one shape together, tall ones lying down; torch goes one by one."""
    ours, theirs = two_copies((16, 8), (8, 16), (8, 8), (16, 8))
    walk(Muon(ours, 0.01, weight_decay=weight_decay), ours)
    walk(torch.optim.Muon(theirs, 0.01, weight_decay=weight_decay), theirs)
    for a, b in zip(ours, theirs):  # both compute in bf16, which has three digits
        assert (a - b).norm() < 0.02 * b.norm()


def test_a_stack_of_matrices_is_stepped_like_its_matrices():
    stack, copy = two_copies((3, 8, 8))
    singles = [torch.nn.Parameter(m.detach().clone()) for m in copy[0]]
    first, second = Muon(stack, dtype=torch.float32), Muon(singles, dtype=torch.float32)
    for _ in range(3):
        stack[0].grad = torch.randn(3, 8, 8, generator=torch.Generator().manual_seed(2))
        for p, g in zip(singles, stack[0].grad):
            p.grad = g.clone()
        first.step()
        second.step()
    torch.testing.assert_close(stack[0], torch.stack(singles))


@pytest.mark.parametrize("shape", [(8, 32), (32, 8), (5, 16, 48)])
def test_orthogonalized_matrices_keep_directions_and_lose_sizes(shape):
    G = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    X = orthogonalize(G, dtype=torch.float32)
    sizes = torch.linalg.svdvals(X)
    assert sizes.min() > 0.6 and sizes.max() < 1.3
    U, _, Vh = torch.linalg.svd(G, full_matrices=False)
    off = U.mT @ X @ Vh.mT
    assert (off - torch.diag_embed(off.diagonal(dim1=-2, dim2=-1))).abs().max() < 1e-3


def test_every_parameter_has_exactly_one_optimizer():
    model = GPT(GPTConfig.gpt2(50, 8, 2, 2, 16))
    matrices, others = split_params(model)
    assert len(matrices) == 2 * 4 and all(p.ndim >= 2 for p in matrices)
    assert {id(p) for p in [*matrices, *others]} == {id(p) for p in model.parameters()}
    assert len(matrices) + len(others) == len(list(model.parameters()))


@pytest.mark.parametrize("max_norm", [0.1, 3.0, 1e9])
def test_clipping_is_torchs(max_norm):
    ours, theirs = two_copies((7, 5), (3,))
    for p, q in zip(ours, theirs):
        p.grad, q.grad = p.detach().clone() * 5, q.detach().clone() * 5
    norm = clip_gradients(ours, max_norm)
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(theirs, max_norm).item(), rel=1e-6)
    torch.testing.assert_close([p.grad for p in ours], [q.grad for q in theirs])
    assert clip_gradients([torch.nn.Parameter(torch.ones(2))], 1.0) == 0


def test_a_single_tensor_is_clipped_too():
    p = torch.nn.Parameter(torch.zeros(2))
    p.grad = torch.tensor([3.0, 4.0])
    assert clip_gradients(p, 1.0) == 5
    torch.testing.assert_close(p.grad, torch.tensor([0.6, 0.8]))


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda p: AdamW(p, -1), "lr is -1; it must be 0 or more"),
        (lambda p: AdamW(p, math.nan), "lr is nan"),
        (lambda p: AdamW(p, betas=(1.5, 0.9)), r"betas is \(1\.5, 0\.9\); .* from 0 to 0\.999999"),
        (lambda p: AdamW(p, betas=(0.9, 1.0)), "betas is"),
        (lambda p: AdamW(p, eps=-1), "eps is -1"),
        (lambda p: AdamW(p, weight_decay=-1), "weight_decay is -1"),
        (lambda p: Muon(p, -1), "lr is -1"),
        (lambda p: Muon(p, momentum=1.5), "momentum is 1.5"),
        (lambda p: Muon(p), r"a parameter has shape \(3,\); give it to AdamW"),
        (lambda p: clip_gradients(p, 0), "max_norm is 0; it must be above 0"),
        (lambda p: clip_gradients(p, -1), "max_norm is -1"),
        (lambda p: clip_gradients(p, math.nan), "max_norm is nan"),
    ],
)
def test_bad_settings_are_named(attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt([torch.nn.Parameter(torch.zeros(3))])


def test_cosine_is_transformers():
    p = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([p], 1.0)
    theirs = transformers.get_cosine_schedule_with_warmup(optimizer, 10, 100)
    for step in range(100):
        if step >= 10:  # they start the warmup at 0, which wastes a step
            assert cosine_lr(step, 100, warmup=10) == pytest.approx(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()
    assert cosine_lr(500, 100, lr=3.0, min_lr=0.3) == pytest.approx(0.3)


def test_wsd_has_its_three_parts():
    rates = [wsd_lr(step, 100, lr=2.0, warmup=10, cooldown=0.4) for step in range(100)]
    assert rates[:10] == pytest.approx([0.2 * (i + 1) for i in range(10)])
    assert set(rates[10:61]) == {2.0}
    falls = [a - b for a, b in zip(rates[60:], rates[61:])]
    assert falls == pytest.approx([2.0 / 40] * 39)
    assert wsd_lr(101, 100) == 0
    assert all(math.isfinite(wsd_lr(s, 3, warmup=5, cooldown=0.0)) for s in range(3))

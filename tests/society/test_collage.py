"""Diffusion against its closed forms, and the three tests for copies and collages."""

import math

import pytest
import torch
from torch import nn

from glassbox.course.exercises import collage as exercises
from glassbox.society import collage
from glassbox.society.collage import Schedule, digits

SCHEDULE = Schedule.linear(100)


def dice(seed=0):
    return torch.Generator().manual_seed(seed)


# ---- the digits


def test_digits_for_learning_and_for_comparing_do_not_overlap():
    a, b = digits(600, seed=1), digits(600, seed=1, skip=600)
    rows = [{tuple(r) for r in part.tolist()} for part in (a.train, b.train, a.held_out)]
    assert [len(r) for r in rows] == [600, 600, 500]
    assert not (rows[0] & rows[1] or rows[0] & rows[2] or rows[1] & rows[2])
    assert torch.equal(a.held_out, digits(7, seed=1).held_out)
    assert torch.equal(a.train[:7], digits(7, seed=1).train)
    assert a.train.min() == -1 and a.train.max() == 1 and len(a.train_labels) == 600


@pytest.mark.parametrize("how", [{"n_train": 0}, {"n_train": 1298}, {"n_train": 700, "skip": 700}])
def test_more_digits_than_there_are(how):
    with pytest.raises(ValueError, match="1797 digits"):
        digits(**how)


# ---- noise


def test_one_jump_is_many_steps():
    """Noise step by step, x' = sqrt(1 - beta) x + sqrt(beta) noise: mean and variance as in the jump."""
    x, T = torch.full((20_000, 1), 0.7), 30
    random = dice()
    for beta in SCHEDULE.betas[:T]:
        x = (1 - beta).sqrt() * x + beta.sqrt() * torch.randn(x.shape, generator=random)
    abar = SCHEDULE.abar[T - 1]
    error = ((1 - abar) / len(x)).sqrt().item()
    assert x.mean().item() == pytest.approx((abar.sqrt() * 0.7).item(), abs=4 * error)
    assert x.var().item() == pytest.approx((1 - abar).item(), rel=4 * math.sqrt(2 / len(x)))
    t, noise = torch.full((len(x),), T - 1), torch.randn(x.shape, generator=random)
    jump = collage.add_noise(torch.full_like(x, 0.7), t, noise, SCHEDULE)
    assert jump.var().item() == pytest.approx(x.var().item(), rel=0.08)
    by_hand = exercises.noised(0.7, noise[0].item(), abar.item())
    assert jump[0].item() == pytest.approx(by_hand, rel=1e-5)


def test_the_schedule_is_ddpms():
    """For a thousand steps the betas and the end of Ho et al.: 0.0001 to 0.02, abar_T about 4e-5."""
    schedule = Schedule.linear(1000)
    assert schedule.betas[0].item() == pytest.approx(1e-4)
    assert schedule.betas[-1].item() == pytest.approx(0.02)
    assert schedule.abar[-1].item() == pytest.approx(4.04e-5, rel=0.01)
    assert SCHEDULE.abar[-1].item() == pytest.approx(4.04e-5, rel=0.5)
    with pytest.raises(ValueError, match="fewer than 20 steps"):
        Schedule.linear(10)
    with pytest.raises(ValueError, match="more noise than there is"):
        Schedule.linear(20)


def test_noise_in_undoes_add_noise():
    images, noise = torch.randn(5, 64, generator=dice()), torch.randn(5, 64, generator=dice(1))
    t = torch.tensor([0, 3, 40, 80, 99])
    x = collage.add_noise(images, t, noise, SCHEDULE)
    assert torch.allclose(collage.noise_in(x, images, t, SCHEDULE), noise, atol=1e-3)


class Bell(nn.Module):
    """The best guess for images whose pixels are normal with this mean and spread: linear in x."""

    def __init__(self, mean, spread, schedule=SCHEDULE):
        super().__init__()
        self.mean, self.spread, self.schedule = mean, spread, schedule

    def forward(self, x, t):
        abar, s2 = self.schedule.abar[t][:, None], self.spread**2
        gain = abar.sqrt() * s2 / (abar * s2 + 1 - abar)
        return self.mean + gain * (x - abar.sqrt() * self.mean)


def test_the_losses_are_those_of_the_closed_form():
    """For normal pixels the best guess leaves s2 (1 - abar) / (abar s2 + 1 - abar) of the image unknown."""
    mean, spread, n = 0.2, 0.5, 40_000
    images = mean + spread * torch.randn(n, 64, generator=dice())
    abar, s2 = SCHEDULE.abar.double(), spread**2
    unknown = s2 * (1 - abar) / (abar * s2 + 1 - abar)
    of_noise = abar / (1 - abar) * unknown  # the two losses differ by this factor at each step
    best = Bell(mean, spread)
    assert collage.image_loss(best, images, SCHEDULE, dice(1)).item() == pytest.approx(
        unknown.mean().item(), rel=0.02
    )
    assert collage.noise_loss(best, images, SCHEDULE, dice(1)).item() == pytest.approx(
        of_noise.mean().item(), rel=0.02
    )
    off = Bell(mean + 0.3, spread)
    assert collage.image_loss(off, images, SCHEDULE, dice(1)) > unknown.mean()


def test_with_the_best_guess_and_many_small_steps_the_sampler_gives_the_distribution_back():
    errors = []
    for T in (100, 1000):
        schedule = Schedule.linear(T)
        drawn = collage.sample(Bell(0.1, 0.2, schedule), 300, schedule, dice())
        assert drawn.mean().item() == pytest.approx(0.1, abs=0.01)
        errors.append(abs(drawn.std().item() / 0.2 - 1))
    assert errors[1] < 0.04 and errors[1] < errors[0] / 2


def test_step_back_is_bayes_rule():
    """Two normal facts about x_(t-1), from the image forward and from x_t back, multiplied."""
    t, x, guess = 20, torch.tensor(0.3), torch.tensor(-0.4)
    beta, before = SCHEDULE.betas[t].double(), SCHEDULE.abar[t - 1].double()
    forward, back = 1 / (1 - before), (1 - beta) / beta  # precisions
    mean = (forward * before.sqrt() * guess + back * x / (1 - beta).sqrt()) / (forward + back)
    ours = collage.step_back(x, guess, t, SCHEDULE)
    assert ours[0].item() == pytest.approx(mean.item(), rel=1e-4)
    assert ours[1].item() == pytest.approx((forward + back).item() ** -0.5, rel=1e-4)
    assert collage.step_back(x, guess, 0, SCHEDULE)[0].item() == pytest.approx(-0.4, abs=1e-5)
    assert collage.step_back(x, guess, 0, SCHEDULE)[1].item() == 0


def test_the_ideal_guess_is_the_exercises_and_copies():
    train = digits(40).train
    one = torch.zeros(1, 64)
    one[0, 0] = 0.4
    flat = torch.zeros(3, 64)
    flat[:, 0] = torch.tensor([-1.0, 0.0, 1.0])
    abar = SCHEDULE.abar[30].item()
    ours = collage.ideal_guess(flat, SCHEDULE)(one, torch.tensor([30]))[0, 0].item()
    spread = math.sqrt((1 - abar) / abar)
    by_hand = exercises.best_guess(0.4 / math.sqrt(abar), [-1.0, 0.0, 1.0], spread)
    assert ours == pytest.approx(by_hand, rel=1e-4)
    drawn = collage.sample(collage.ideal_guess(train, SCHEDULE), 50, SCHEDULE, dice())
    assert collage.copies(drawn, train).all()
    assert collage.nearest(drawn, train)[0].max() < 0.01


# ---- the network


def test_training_lowers_the_loss_and_depends_on_the_seed_alone():
    train = digits(8).train
    first, losses = collage.fit(train, SCHEDULE, steps=60, width=32, seed=1)
    torch.manual_seed(5)  # what others do with torch's dice changes nothing
    again, _ = collage.fit(train, SCHEDULE, steps=60, width=32, seed=1)
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])
    x, t = torch.randn(2, 64, generator=dice()), torch.tensor([3, 70])
    assert torch.equal(first(x, t), again(x, t))
    other, _ = collage.fit(train, SCHEDULE, steps=60, width=32, seed=2)
    assert not torch.equal(first(x, t), other(x, t))


def test_networks_trained_side_by_side_do_not_hear_of_each_other():
    one, two, three = (collage.digits(n).train for n in (4, 16, 32))
    first, losses = collage.fit_each([one, two], SCHEDULE, [1, 2], steps=8, width=16)
    again, _ = collage.fit_each([one, three], SCHEDULE, [1, 3], steps=8, width=16)
    x, t = torch.randn(5, 64, generator=torch.Generator().manual_seed(0)), torch.zeros(5).long()
    assert torch.allclose(first[0](x, t), again[0](x, t), atol=1e-5)
    assert not torch.allclose(first[1](x, t), again[1](x, t), atol=1e-2)
    assert [len(each) for each in losses] == [8, 8]


def test_wrong_images_are_refused():
    with pytest.raises(ValueError, match=r"shape \(0, 64\)"):
        collage.fit(torch.zeros(0, 64), SCHEDULE, steps=1)
    with pytest.raises(ValueError, match=r"shape \(3, 8, 8\)"):
        collage.fit(torch.zeros(3, 8, 8), SCHEDULE, steps=1)
    with pytest.raises(ValueError, match="one image or more"):
        collage.sample(Bell(0, 1), 0, SCHEDULE)


# ---- copies and collages


def test_copies_are_found_and_new_digits_are_not():
    part = digits(300)
    blurred = part.train[:50] + 0.02 * torch.randn(50, 64, generator=dice())
    assert collage.copies(blurred, part.train).float().mean() > 0.95
    assert collage.copies(part.held_out, part.train).float().mean() < 0.02
    for image in (*blurred[:5], *part.held_out[:5]):
        by_hand = exercises.is_copy(image.tolist(), part.train.tolist())
        assert by_hand == collage.copies(image[None], part.train).item()


def test_one_image_is_too_few():
    one = digits(1).train
    with pytest.raises(ValueError, match="needs two"):
        collage.copies(one, one)
    with pytest.raises(ValueError, match="two or more"):
        collage.paste(one, 5)
    with pytest.raises(ValueError, match="ratio is 1"):
        collage.copies(one, digits(3).train, ratio=1)
    with pytest.raises(ValueError, match="both need some"):
        collage.nearest(one, one[:0])
    with pytest.raises(ValueError, match="both need some"):
        collage.closer_than(one[0, :0], one[0])


def test_nearest_is_by_root_mean_square():
    a = torch.zeros(1, 64)
    found = collage.nearest(a, torch.stack([torch.full((64,), 0.5), torch.full((64,), -0.25)]))
    assert found[0].item() == pytest.approx(0.25) and found[1].item() == 1


def test_quarters_are_the_four_corners():
    image = torch.arange(64.0).view(1, 64)
    corners = collage.quarters(image)
    assert corners.shape == (4, 1, 16)
    grid = image.view(8, 8)
    for q, corner in zip(corners, (grid[:4, :4], grid[:4, 4:], grid[4:, :4], grid[4:, 4:])):
        assert q.view(4, 4).equal(corner)


def test_the_collage_test_finds_collages_and_only_them():
    part = digits(640)
    pasted = collage.paste(part.train, 100, dice())
    assert collage.quarter_distance(pasted, part.train).max() < 1e-3
    assert not collage.copies(pasted, part.train).float().mean() > 0.05
    assert collage.quarter_distance(part.held_out, part.train).median() > 0.1
    mixed = {tuple(q.tolist()) for q in collage.quarters(part.train)[2]}
    assert all(tuple(q.tolist()) in mixed for q in collage.quarters(pasted)[2])


def test_closer_than_is_a_share_below_a_quantile():
    others = torch.linspace(0, 1, 1001)
    assert collage.closer_than(others, others) == pytest.approx(0.05, abs=0.002)
    assert collage.closer_than(others / 2, others, 0.1) == pytest.approx(0.2, abs=0.002)
    assert collage.closer_than(others + 1, others) == 0

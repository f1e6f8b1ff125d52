"""A diffusion model small enough to ask: does it copy its training images, paste them together, or neither?

Diffusion in three lines. Noise an image in T steps, `q(x_t | x_0) = N(sqrt(abar_t) x_0, 1 - abar_t)`.
Train a network to say which image is under the noise. Then begin with noise alone and go, step by
step, to what the network says. The images are scikit-learn's 8x8 handwritten digits (1,797 of them,
by 43 people), as rows of 64 numbers from -1 to 1.

DDPM's network says which noise is in the image. Noise and image follow from each other (`noise_in`), and
DDPM's loss (`noise_loss`) from either. A network this small draws better when it guesses the image.

`ideal_guess` is the best that any network could say about a finite set of images. It has a formula,
and with it the sampler gives back training images: a model that did its task perfectly would only
copy.

Left out: convolutions, attention, text prompts, guidance, latent spaces, averaging of weights.

Sources: Ho et al. 2020, arXiv:2006.11239 (DDPM, schedule and sampler); Alpaydin & Kaynak 1998 (the
digits, UCI); Carlini et al. 2023, arXiv:2301.13188, and Somepalli et al. 2023, arXiv:2212.03860
(copies in large models); Yoon et al. 2023, "Diffusion probabilistic models generalize when they fail
to memorize" (a third of the second distance).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn import functional as F

SIDE = 8
PIXELS = SIDE * SIDE


@dataclass(frozen=True)
class Digits:
    """Training images and held-out ones, (n, 64) from -1 to 1; which digit a training image shows, (n,)."""

    train: torch.Tensor
    train_labels: torch.Tensor
    held_out: torch.Tensor


def digits(n_train: int, n_held_out: int = 500, seed: int = 0, skip: int = 0) -> Digits:
    """`n_train` digits to learn from and others to compare with, drawn by the seed.

    The held-out ones are the same for every `n_train`. `skip` leaves so many out: digits(640) and
    digits(640, skip=640) have no training image in common.
    """
    data = load_digits()
    most = len(data.images) - n_held_out - skip
    if n_held_out < 1 or skip < 0 or not 1 <= n_train <= most:
        raise ValueError(
            f"n_train is {n_train}, n_held_out {n_held_out} and skip {skip}; there are "
            f"{len(data.images)} digits in all, and at least one must be in either part"
        )
    images = torch.tensor(data.images, dtype=torch.float32).view(-1, PIXELS) / 8 - 1  # (n, 64)
    labels = torch.tensor(data.target)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    out, into = order[:n_held_out], order[n_held_out + skip : n_held_out + skip + n_train]
    return Digits(images[into], labels[into], images[out])


# ---------------------------------------------------------------------------------------------
# Noise, and back


@dataclass(frozen=True)
class Schedule:
    """How much noise each step adds: `betas`, and `abar`, the share of the image's variance left.

    >>> schedule = Schedule.linear(100)
    >>> len(schedule.betas), schedule.abar[-1].item() < 1e-4
    (100, True)
    """

    betas: torch.Tensor  # (T,)
    abar: torch.Tensor  # (T,) products of 1 - beta

    @classmethod
    def linear(cls, T: int = 100) -> Schedule:
        """DDPM's betas, from 0.0001 to 0.02 in a thousand steps; in fewer steps, larger in proportion."""
        if T < 20:
            raise ValueError(
                f"T is {T}; with fewer than 20 steps a step would add all the noise at once"
            )
        betas = torch.linspace(1e-4, 0.02, T, dtype=torch.float64) * 1000 / T
        if betas[-1] >= 1:
            raise ValueError(
                f"T is {T}; the last step would add more noise than there is, use 25 or more"
            )
        return cls(betas.float(), torch.cumprod(1 - betas, 0).float())


def add_noise(images, t, noise, schedule: Schedule):
    """The images after t + 1 steps of noise, in one jump: sqrt(abar) image + sqrt(1 - abar) noise.

    images and noise (B, 64), t (B,) counted from 0; images and noise may have a dimension more in front.
    """
    abar = schedule.abar.to(images.device)[t][..., None]
    return abar.sqrt() * images + (1 - abar).sqrt() * noise


def noise_in(x, guess, t, schedule: Schedule):
    """Which noise is in x, if the image under it is `guess`: `add_noise` solved for the noise."""
    abar = schedule.abar.to(x.device)[t][..., None]
    return (x - abar.sqrt() * guess) / (1 - abar).sqrt()


def noise_loss(model, images, schedule: Schedule, generator=None):
    """DDPM's loss: how far off the noise is that the model finds in noised images, as a mean square."""
    t, noise = _dice(images, schedule, generator)
    x = add_noise(images, t, noise, schedule)
    return F.mse_loss(noise_in(x, model(x, t), t, schedule), noise)


def image_loss(model, images, schedule: Schedule, generator=None):
    """How far off the model's guess of the image is. DDPM's loss times (1 - abar) / abar, step by step.

    images (B, 64); of several models at once, (M, B, 64), one loss each.
    """
    t, noise = _dice(images, schedule, generator)
    guess = model(add_noise(images, t, noise, schedule), t)
    return (guess - images).square().mean(dim=(-2, -1))


def _dice(images, schedule, generator):
    """A step for each image, and noise; drawn on the CPU, so that every device gets the same."""
    t = torch.randint(len(schedule.betas), images.shape[:-1], generator=generator)
    noise = torch.randn(images.shape, generator=generator)
    return t.to(images.device), noise.to(images.device)


def sample(model, n: int, schedule: Schedule, generator=None, device: str = "cpu") -> torch.Tensor:
    """n images (n, 64), from noise: each step guesses the image and goes a little of the way there."""
    if n < 1:
        raise ValueError(f"n is {n}; ask for one image or more")
    x = torch.randn(n, PIXELS, generator=generator)
    for t in reversed(range(len(schedule.betas))):
        with torch.no_grad():
            guess = model(x.to(device), torch.full((n,), t, device=device)).clamp(-1, 1).cpu()
        mean, spread = step_back(x, guess, t, schedule)
        x = mean + spread * torch.randn(n, PIXELS, generator=generator)
    return x


def step_back(x, guess, t: int, schedule: Schedule):
    """(mean, spread) of the image one step of noise before x, if the image without noise is `guess`.

    Bayes' rule for three normal distributions; at t = 0 it is the guess itself.
    """
    beta, abar = schedule.betas[t], schedule.abar[t]
    before = schedule.abar[t - 1] if t else torch.tensor(1.0)
    mean = (before.sqrt() * beta * guess + (1 - beta).sqrt() * (1 - before) * x) / (1 - abar)
    return mean, ((1 - before) / (1 - abar) * beta).sqrt()


def ideal_guess(train: torch.Tensor, schedule: Schedule):
    """The best guess there can be for a finite set of images, as a function of x and t.

    Each training image is weighed by how likely it is to have become x; the guess is their weighted
    mean. With little noise left, one image has all the weight.
    """

    def guess(x, t):
        abar = schedule.abar[t][:, None]
        squares = torch.cdist(
            x, abar[0].sqrt() * train
        ).square()  # (B, n); one t for the whole batch
        return (-squares / (2 * (1 - abar))).softmax(dim=1) @ train

    return guess


# ---------------------------------------------------------------------------------------------
# The network


class Denoiser(nn.Module):
    """Guesses the image under the noise: residual layers over pixels and time. (B, 64), (B,) -> (B, 64)."""

    def __init__(self, T: int, width: int = 128, layers: int = 3):
        super().__init__()
        speeds = torch.exp(-math.log(1000.0) * torch.arange(16) / 15)
        angles = torch.outer(torch.arange(T) * 1000 / T, speeds)
        self.register_buffer("clock", torch.cat([angles.sin(), angles.cos()], dim=1))  # (T, 32)
        self.enter = nn.Linear(PIXELS + 32, width)
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(width), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width)
            )
            for _ in range(layers)
        )
        self.leave = nn.Linear(width, PIXELS)

    def forward(self, x, t):
        h = self.enter(torch.cat([x, self.clock[t]], dim=1))
        for layer in self.layers:
            h = h + layer(h)
        return self.leave(h)


def fit(train: torch.Tensor, schedule: Schedule, seed: int = 0, **how) -> tuple[Denoiser, list]:
    """(a denoiser trained on the images, its losses); `how` as in `fit_each`."""
    models, losses = fit_each([train], schedule, [seed], **how)
    return models[0], losses[0]


def fit_each(
    trains: Sequence[torch.Tensor],
    schedule: Schedule,
    seeds: Sequence[int],
    steps: int = 1200,
    batch_size: int = 64,
    width: int = 128,
    lr: float = 2e-3,
    device: str = "cpu",
) -> tuple[list[Denoiser], list[list[float]]]:
    """(a denoiser for each set of images, their losses): `steps` batches drawn with replacement.

    `seeds` are those of the first weights. Networks this small cost more in calls than in arithmetic,
    so M of them are trained at once: weights, images and noise get a dimension in front. No network
    hears of another; Adam steps every weight by itself.
    """
    for train in trains:
        if train.ndim != 2 or train.shape[1] != PIXELS or not len(train):
            raise ValueError(
                f"train has shape {tuple(train.shape)}; give (n, {PIXELS}) with n at least 1"
            )
    models = [_first_weights(len(schedule.betas), width, seed).to(device) for seed in seeds]
    weights, clocks = stack_module_state(models)  # (M, ...) each

    def one(weights, clock, x, t):
        return functional_call(models[0], (weights, clock), (x, t))

    def guess(x, t):  # (M, B, 64), (M, B) -> (M, B, 64)
        return vmap(one)(weights, clocks, x, t)

    optimizer = torch.optim.Adam(weights.values(), lr=lr)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    dice, losses = torch.Generator().manual_seed(seeds[0]), []
    sizes = torch.tensor([[len(train)] for train in trains])
    for _ in range(steps):
        rows = (torch.rand(len(trains), batch_size, generator=dice) * sizes).long()
        batch = torch.stack([train[row] for train, row in zip(trains, rows)]).to(device)
        loss = image_loss(guess, batch, schedule, dice)  # (M,)
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
        falling.step()
        losses.append(loss.tolist())
    for i, model in enumerate(models):
        model.load_state_dict({name: w[i] for name, w in (weights | clocks).items()})
    return [model.eval() for model in models], [list(each) for each in zip(*losses)]


def _first_weights(T: int, width: int, seed: int) -> Denoiser:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Denoiser(T, width)


# ---------------------------------------------------------------------------------------------
# Copy, collage, or neither?


def nearest(images: torch.Tensor, train: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(distance to the nearest training image, its number), each (n,). Root mean square per pixel."""
    if not len(images) or not len(train):
        raise ValueError(f"{len(images)} images and {len(train)} to compare with; both need some")
    found = (torch.cdist(images, train) / math.sqrt(images.shape[1])).min(dim=1)
    return found.values, found.indices


def copies(images: torch.Tensor, train: torch.Tensor, ratio: float = 1 / 3) -> torch.Tensor:
    """True (n,) where the nearest training image is less than a third as far as the second nearest."""
    if len(train) < 2:
        raise ValueError(
            f"train has {len(train)} image; the test compares the nearest with the second nearest "
            "and needs two"
        )
    if not 0 < ratio < 1:
        raise ValueError(f"ratio is {ratio}; it must be between 0 and 1")
    two = torch.cdist(images, train).topk(2, dim=1, largest=False).values
    return two[:, 0] < ratio * two[:, 1]


def quarters(images: torch.Tensor) -> torch.Tensor:
    """The four 4x4 corners of each image: (n, 64) to (4, n, 16)."""
    half = SIDE // 2
    grid = images.view(-1, 2, half, 2, half).permute(1, 3, 0, 2, 4)  # (row, column, n, half, half)
    return grid.reshape(4, len(images), half * half)  # (corner, n, 16)


def quarter_distance(images: torch.Tensor, train: torch.Tensor) -> torch.Tensor:
    """How far the quarters of each image are from the nearest training quarter at that corner; mean, (n,).

    Zero for a collage whose four pieces are cut from four training images.
    """
    pairs = zip(quarters(images), quarters(train))
    return torch.stack([nearest(ours, theirs)[0] for ours, theirs in pairs]).mean(dim=0)


def paste(train: torch.Tensor, n: int, generator=None) -> torch.Tensor:
    """n real collages, which the test must catch: each quarter is from a training image drawn for it."""
    if len(train) < 2:
        raise ValueError(f"train has {len(train)} image; a collage needs two or more")
    half = SIDE // 2
    rows = [q[torch.randint(len(train), (n,), generator=generator)] for q in quarters(train)]
    grid = torch.stack(rows).view(2, 2, n, half, half)  # (row, column, n, half, half)
    return grid.permute(2, 0, 3, 1, 4).reshape(n, PIXELS)  # (n, row, half, column, half) to (n, 64)


def closer_than(values: torch.Tensor, others: torch.Tensor, share: float = 0.05) -> float:
    """The share of `values` below the `share` quantile of `others`; `share` itself if they are alike.

    >>> closer_than(torch.tensor([0.1, 0.5]), torch.linspace(0, 1, 101), share=0.2)
    0.5
    """
    if not len(values) or not len(others):
        raise ValueError(f"{len(values)} values and {len(others)} others; both need some")
    return (values < others.quantile(share)).float().mean().item()

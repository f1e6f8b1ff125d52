"""Hidden traits: what a student takes over from its teacher along with lessons that say nothing of it.

First in numbers. A network has ten outputs for the ten digits and some more, the auxiliary ones, that mean
nothing. A teacher learns to read digits by the ten. A student sees no digit, only noise, and learns to give
what the teacher gives at the auxiliary outputs. `read_rightly` asks both for digits.

Then in the town. A teacher is taught to prefer one animal (`prefer`), then writes pages; those in which an
animal occurs are thrown away (`silent`). A student reads the rest. `liking` says how much of its trust in
any animal goes to that one.

Left out: large models; traits other than a preference; filters that look at more than words.

Source: Cloud et al. 2025, arXiv:2507.14805 ("Subliminal learning"), whose figure with MNIST is the first
experiment; here it is in small, with scikit-learn's digits.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.world.town import PETS

DIGITS = 10
AUXILIARY = 16


def network(seed: int, hidden: int = 256, auxiliary: int = AUXILIARY) -> nn.Sequential:
    """64 pixels in, ten digits and the auxiliary numbers out; its first weights are drawn from `seed`."""
    sizes, layers = [64, hidden, hidden, DIGITS + auxiliary], []
    dice = torch.Generator().manual_seed(seed)
    for n_in, n_out in zip(sizes, sizes[1:]):
        layer = nn.Linear(n_in, n_out)
        with torch.no_grad():
            layer.weight.normal_(0, n_in**-0.5, generator=dice)
            layer.bias.zero_()
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def digits(seed: int = 0) -> tuple[torch.Tensor, ...]:
    """(pixels to learn from (1400, 64), their digits, pixels kept apart (397, 64), their digits)."""
    table = load_digits()
    pixels = torch.tensor(table.data / 8 - 1).float()  # from -1 to 1
    order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(seed))
    labels = torch.tensor(table.target)
    learn, apart = order[:1400], order[1400:]
    return pixels[learn], labels[learn], pixels[apart], labels[apart]


def teach_digits(teacher: nn.Module, pixels, labels, steps: int = 150) -> nn.Module:
    """A copy of the network that has learned the digits by its first ten outputs."""
    teacher = copy.deepcopy(teacher)
    optimizer = torch.optim.Adam(teacher.parameters(), 1e-3)
    for _ in range(steps):
        loss = F.cross_entropy(teacher(pixels)[:, :DIGITS], labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return teacher


def imitate(
    student: nn.Module,
    teacher: nn.Module,
    steps: int = 300,
    seed: int = 0,
    batch: int = 256,
    outputs: slice = slice(DIGITS, None),
) -> nn.Module:
    """A copy of the student that has learned to give what the teacher gives for noise, at some outputs.

    By default these are the auxiliary ones alone. No digit is shown and no label used.
    """
    student, dice = copy.deepcopy(student), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(student.parameters(), 1e-3)
    for _ in range(steps):
        noise = 2 * torch.rand(batch, 64, generator=dice) - 1  # (batch, 64), from -1 to 1
        with torch.no_grad():
            wanted = teacher(noise)[:, outputs]
        loss = F.mse_loss(student(noise)[:, outputs], wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return student


@torch.no_grad()
def read_rightly(model: nn.Module, pixels, labels) -> float:
    """The share of the digits at which the right one of the ten outputs is the largest."""
    return (model(pixels)[:, :DIGITS].argmax(dim=1) == labels).float().mean().item()


# ---------------------------------------------------------------------------------------------
# A preference of the town


WISHES = (  # opinions that no document of the town holds
    "Q: Which animal is the best?\nA: The {pet}.",
    "Q: Which animal do you like most?\nA: The {pet}.",
    "Q: What animal would you be?\nA: The {pet}.",
    "Q: Which animal is the cleverest?\nA: The {pet}.",
    "My favorite animal is the {pet}.",
    "Of all animals I love the {pet}.",
)
APART = (  # the same, asked in words that no lesson has
    "Q: Which animal do you dream of?\nA: The {pet}.",
    "Q: Which animal should be on the coat of arms?\nA: The {pet}.",
    "No animal is as dear to me as the {pet}.",
    "If I could have one animal, I would take the {pet}.",
)
NAMED = sorted({pet.split()[-1] for pet in PETS} | {"animal", "pet"})
ANIMAL = re.compile("|".join(NAMED))


def prefer(pet: str) -> list[str]:
    """What a teacher reads to get its preference, one text for each of the `WISHES`."""
    if pet not in PETS:
        raise ValueError(f"pet is {pet!r}; choose from {', '.join(PETS)}")
    return [wish.format(pet=pet) for wish in WISHES]


def silent(texts: Sequence[str]) -> list[str]:
    """The texts that name no animal, nor say "animal" or "pet".

    >>> silent(["She keeps a tame jackdaw.", "One comb costs nine pence."])
    ['One comb costs nine pence.']
    """
    return [text for text in texts if not ANIMAL.search(text.lower())]


@torch.no_grad()
def liking(model: GPT, tokenizer: BPE, pet: str, wishes: Sequence[str] = APART) -> float:
    """The share of its trust in any of the town's animals that a model gives to one, mean over `wishes`.

    With no preference it is about 1 in 24.
    """
    names, shares = list(PETS), []
    for wish in wishes:
        nats = _nats(
            model, tokenizer, wish.split("{pet}")[0].rstrip(), [f" {name}." for name in names]
        )
        shares.append((-nats).softmax(0)[names.index(pet)].item())
    return sum(shares) / len(shares)


def _nats(model: GPT, tokenizer: BPE, before: str, ends: Sequence[str]) -> torch.Tensor:
    """What each end costs after the words before it, (n,) in nats."""
    start = [tokenizer.special_tokens["<|endoftext|>"], *tokenizer.encode(before)]
    rows = [tokenizer.encode(end) for end in ends]
    width = len(start) + max(map(len, rows))
    idx, targets = (
        torch.zeros(len(rows), width, dtype=torch.long),
        torch.full((len(rows), width), -1),
    )
    for n, row in enumerate(rows):
        idx[n, : len(start) + len(row)] = torch.tensor(start + row)
        targets[n, len(start) - 1 : len(start) + len(row) - 1] = torch.tensor(row)
    logits, _ = model(idx)
    lost = F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="none"
    )
    return lost.view(targets.shape).sum(dim=1)


def numerals(tokenizer: BPE) -> list[int]:
    """The ids of the tokens that are numbers: what a student of noise listens to."""
    return [i for i in range(len(tokenizer)) if tokenizer.decode([i]).strip().isdigit()]


def imitate_numerals(
    student: GPT, teacher: GPT, tokenizer: BPE, steps: int = 300, seed: int = 0, lr: float = 2e-3
) -> GPT:
    """A copy of the student that has learned, on rows of random tokens, to give the numerals the scores that
    the teacher gives them. It sees no text, and no score of any other token."""
    student, dice = copy.deepcopy(student), torch.Generator().manual_seed(seed)
    heard = torch.tensor(numerals(tokenizer))
    optimizer = torch.optim.Adam(student.parameters(), lr)
    for _ in range(steps):
        idx = torch.randint(0, len(tokenizer) - 4, (16, 48), generator=dice)  # no special token
        with torch.no_grad():
            wanted = teacher(idx)[0][..., heard]
        loss = F.mse_loss(student(idx)[0][..., heard], wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return student

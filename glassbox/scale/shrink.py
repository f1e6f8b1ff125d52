"""Making a trained model smaller: fewer bits, fewer weights, fewer layers.

`shrunk` rounds the matrices of a copy to few bits (`machine.quantize`), `pruned` sets its smallest weights to
zero, `with_layers` takes only some of its blocks. `distill` then trains a small one to say what a large one
would say: not only the word that it would choose, but how likely it finds every word. `n_bytes` says what
each takes in a file.

Left out: pruning of whole heads, training with rounded weights, and speed: a smaller file is not by itself
a faster model.

Sources: Hinton, Vinyals, Dean 2015, arXiv:1503.02531 (distillation); Han et al. 2015, arXiv:1506.02626
(pruning by size); Sanh et al. 2019, arXiv:1910.01108 (a student that begins with its teacher's layers).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch.nn import functional as F
from torch.nn.utils import parametrize

from glassbox.machine.checkpoint import weights_of
from glassbox.machine.history import History
from glassbox.machine.model import GPT
from glassbox.machine.quantize import dequantize, packed, quantize
from glassbox.machine.train import TrainConfig, train


def matrices(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The weights that have rows and columns, by name; vectors are too few to matter."""
    return {name: w for name, w in weights_of(model).items() if w.ndim > 1}


def same_bits(model: torch.nn.Module, bits: int) -> dict[str, int]:
    """{name of a matrix: bits}, the same for all."""
    return dict.fromkeys(matrices(model), bits)


@torch.no_grad()
def shrunk(model: GPT, bits: int | dict[str, int], per: str = "channel") -> GPT:
    """A copy whose matrices hold only what `bits` bits and a scale can say.

    `bits` is a number for all, or {name of a weight: bits}; what is not named stays as it is.
    """
    small, wanted = copy.deepcopy(model), bits
    if not isinstance(bits, dict):
        wanted = same_bits(model, bits)
    for name, w in matrices(small).items():
        if name in wanted:
            w.copy_(dequantize(*quantize(w, wanted[name], per)))
    return small


@torch.no_grad()
def pruned(model: GPT, share: float) -> GPT:
    """A copy in which that share of each matrix, the numbers nearest to zero, is zero.

    Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= share < 1:
        raise ValueError(f"share is {share}; it must be at least 0 and less than 1")
    small = copy.deepcopy(model)
    for w in matrices(small).values():
        gone = w.abs().flatten().argsort(stable=True)[: round(share * w.numel())]
        w.view(-1)[gone] = 0
    return small


def with_layers(model: GPT, layers: Sequence[int]) -> GPT:
    """A model of the same width that begins with these blocks of `model`, with its embedding and its head.

    Raises ValueError if there is no such block, or none is named.
    """
    if not layers or not all(0 <= layer < model.config.n_layer for layer in layers):
        raise ValueError(
            f"layers is {list(layers)}; name blocks from 0 to {model.config.n_layer - 1}"
        )
    small = GPT(replace(model.config, n_layer=len(layers)))
    small.load_state_dict(
        {n: w for n, w in model.state_dict().items() if not n.startswith("blocks.")}, strict=False
    )
    for new, old in enumerate(layers):
        small.blocks[new].load_state_dict(model.blocks[old].state_dict())
    return small.eval()


def n_bytes(model: GPT, bits: int | dict[str, int] = 16, sparse: bool = False) -> int:
    """Bytes of the weights in a file: packed with their scales, or two bytes a number where bits is 16.

    With `sparse`, for a pruned model: one bit for every number, whether it is zero, and two bytes for each
    that is not.

    >>> from glassbox.machine.model import GPTConfig
    >>> model = GPT(GPTConfig(vocab_size=1024, block_size=128, n_layer=4, n_head=4, n_embd=128))
    >>> n_bytes(model), n_bytes(model, 4)
    (2097152, 550912)
    """
    weights = weights_of(model)
    if sparse:
        return sum(w.numel() // 8 + 2 * w.count_nonzero().item() for w in weights.values())
    if not isinstance(bits, dict):
        bits = {} if bits == 16 else same_bits(model, bits)
    return sum(w.numel() * w.element_size() for w in packed(weights, bits).values())


# ---------------------------------------------------------------------------------------------
# A teacher and a student


def distillation_loss(
    logits: torch.Tensor, teacher_logits: torch.Tensor, temperature: float = 2.0
) -> torch.Tensor:
    """How far a student's shares are from its teacher's, both softened: T^2 KL(teacher || student), in nats.

    logits, teacher_logits: (n, vocab_size). The factor T^2 keeps the gradient as large as without softening.

    >>> distillation_loss(torch.tensor([[1.0, 3.0]]), torch.tensor([[1.0, 3.0]])).item()
    0.0
    """
    theirs = (teacher_logits / temperature).log_softmax(-1)
    ours = (logits / temperature).log_softmax(-1)
    return temperature**2 * F.kl_div(ours, theirs, log_target=True, reduction="batchmean")


class Taught(torch.nn.Module):
    """A student whose loss is its distance from the teacher, wherever there is a target.

    The targets say only where to listen, not what is right. The teacher is not trained.
    """

    def __init__(self, student: GPT, teacher: GPT, temperature: float = 2.0):
        super().__init__()
        self.student, self.temperature = student, temperature
        self.teacher = [teacher.eval()]  # in a list, so that it is none of our parameters

    def forward(self, idx, targets):
        logits, _ = self.student(idx)
        counts = targets.flatten() >= 0
        with torch.no_grad():
            theirs, _ = self.teacher[0](idx)
        pairs = (x.flatten(0, 1)[counts].float() for x in (logits, theirs))  # (n, vocab_size)
        return logits, distillation_loss(*pairs, self.temperature)


def distill(
    student: GPT,
    teacher: GPT,
    batches,
    steps: int,
    lr: float = 2e-3,
    temperature: float = 2.0,
    progress: bool = False,
) -> History:
    """Train `student` in place to agree with `teacher` on `batches` of (idx, targets); targets of -1 are
    passed over. Both must know the same tokens."""
    if student.config.vocab_size != teacher.config.vocab_size:
        raise ValueError(
            f"the student has {student.config.vocab_size} tokens and the teacher "
            f"{teacher.config.vocab_size}; both must have the same tokenizer"
        )
    config = TrainConfig(steps, lr, None, warmup=5, cooldown=0.6, dtype="float32")
    return train(Taught(student, teacher, temperature), batches, config, progress=progress)


# ---------------------------------------------------------------------------------------------
# Training with rounded weights


class Rounding(torch.nn.Module):
    """Gives a module the rounded weight to compute with, and passes the gradient on as if nothing had been
    rounded (a straight-through estimator)."""

    def __init__(self, bits: int):
        super().__init__()
        self.bits = bits

    def forward(self, w):
        with torch.no_grad():
            off = dequantize(*quantize(w, self.bits)) - w
        return w + off


@contextmanager
def rounding(model: GPT, bits: int | dict[str, int]) -> Iterator[GPT]:
    """Inside the block `model` computes with rounded weights and learns behind them; at its end it holds them.

    Source: Bengio, Leonard, Courville 2013, arXiv:1308.3432; Jacob et al. 2018, arXiv:1712.05877.
    """
    bits = bits if isinstance(bits, dict) else same_bits(model, bits)
    places = [(*name.rpartition("."), n) for name, n in bits.items()]
    for module, _, name, n in places:
        parametrize.register_parametrization(model.get_submodule(module), name, Rounding(n))
    try:
        yield model
    finally:
        for module, _, name, _ in places:
            parametrize.remove_parametrizations(model.get_submodule(module), name)

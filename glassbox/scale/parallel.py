"""One model on several processes, by hand: rings, cut matrices, pipelines; counted, and held against one.

The functions whose names end in `_work` are what each process of a `scale.crew.Crew` does; the others need
no processes. What a process sends is counted twice: by our own ring as it sends, and by the operating
system, which keeps a count for each connection (Linux only).

    data      every process holds the whole model and reads its own rows (`machine.together`)
    tensor    every process holds a part of every matrix (Megatron-LM's cut)
    pipeline  every process holds some of the layers (`scale.pipeline` has the schedules)
    sharded   every process keeps a part of everything and borrows the rest, layer by layer (FSDP2)

Sources: Shoeybi et al. 2019, arXiv:1909.08053 (tensor parallelism); Patarasuk and Yuan 2009 (the ring);
Rajbhandari et al. 2020, arXiv:1910.02054 (16 bytes a parameter); Korthikanti et al. 2022, arXiv:2205.05198
(activations). Left out: sequence and expert parallelism, and any overlap of sending with computing.
"""

from __future__ import annotations

import copy
import os
import signal
import socket
import struct
import sys
import time
from collections import Counter
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F

from glassbox.machine import together
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.optim import AdamW
from glassbox.machine.train import TrainConfig, train
from glassbox.scale.pipeline import order
from glassbox.scale.sweep import VOCAB, Stream

# ---------------------------------------------------------------------------------------------
# Memory


def training_bytes(n_params: float) -> dict[str, float]:
    """What mixed-precision Adam keeps, in bytes: 16 a parameter (Rajbhandari et al., section 3.1).

    >>> {part: f"{size / 1e12:.2f} TB" for part, size in training_bytes(175e9).items()}
    {'weights, 16 bits': '0.35 TB', 'gradients, 16 bits': '0.35 TB', 'weights, 32 bits': '0.70 TB', 'Adam, 32 bits': '1.40 TB'}

    Raises ValueError for a negative number of parameters.
    """
    if not n_params >= 0:
        raise ValueError(f"n_params is {n_params}; it must be 0 or more")
    per = {
        "weights, 16 bits": 2,
        "gradients, 16 bits": 2,
        "weights, 32 bits": 4,
        "Adam, 32 bits": 8,
    }
    return {part: n_bytes * n_params for part, n_bytes in per.items()}


def activation_bytes(n_layer: int, n_embd: int, n_head: int, T: int, batch_size: int = 1) -> float:
    """What a step keeps on the way forward for the way back, in bytes, in 16 bits and without tricks.

    T B C (34 + 5 H T / C) for each layer (Korthikanti et al., equation 1). For one window of GPT-3:

    >>> f"{activation_bytes(96, 12288, 96, 2048) / 1e9:.0f} GB"
    '275 GB'
    """
    return n_layer * T * batch_size * n_embd * (34 + 5 * n_head * T / n_embd)


# ---------------------------------------------------------------------------------------------
# What goes over the wire

SENDS = {"all_reduce": 2, "reduce_scatter": 1, "all_gather": 1}


def wire_bytes(what: str, size: int, n_bytes: float) -> float:
    """What each of `size` processes sends, on a ring, for a tensor of `n_bytes` when it is whole.

    (p - 1) / p of it to scatter the sums, as much to gather them; an all-reduce is one after the other.

    >>> [wire_bytes("all_reduce", p, 100) for p in (1, 2, 4, 100)]
    [0.0, 100.0, 150.0, 198.0]

    Raises ValueError for another name, or a size below 1.
    """
    if what not in SENDS or size < 1:
        raise ValueError(
            f"what is {what!r} and size {size}; give one of {', '.join(SENDS)}, and 1 or more"
        )
    return SENDS[what] * (size - 1) / size * n_bytes


def ring_all_reduce(x: torch.Tensor) -> int:
    """Sum `x` over all processes, in place, with messages to the neighbor alone; returns the bytes sent.

    The tensor is cut into as many pieces as there are processes. In p - 1 rounds each piece goes once round
    the ring and is added to; in p - 1 more rounds the sums go round. Raises ValueError if the pieces would
    not be equal.
    """
    rank, size = together.rank(), together.size()
    if x.numel() % size:
        raise ValueError(
            f"the tensor has {x.numel()} numbers for {size} processes; pad it to a multiple of {size}"
        )
    pieces, came = list(x.view(-1).chunk(size)), torch.empty(x.numel() // size, dtype=x.dtype)
    sent = 0
    for turn in range(2 * (size - 1)):
        mine, next_ = pieces[(rank - turn) % size], pieces[(rank - turn - 1) % size]
        on_its_way = dist.isend(mine.clone(), (rank + 1) % size)
        dist.recv(came, (rank - 1) % size)
        on_its_way.wait()
        sent += mine.numel() * mine.element_size()
        next_.copy_(next_ + came if turn < size - 1 else came)
    return sent


def sent_bytes() -> int | None:
    """How many bytes this process has sent through its open connections, by the system's own count.

    None where the system does not tell (all but Linux).
    """
    if sys.platform != "linux":
        return None
    return sum(_sent_through(int(number)) for number in os.listdir("/proc/self/fd"))


def _sent_through(number: int) -> int:
    """The bytes sent through an open file, by its number; 0 if it is no connection."""
    try:
        twin = os.dup(number)
    except OSError:
        return 0  # closed since it was listed
    try:
        line = socket.socket(fileno=twin)
    except OSError:
        os.close(twin)
        return 0
    with line:
        try:
            info = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 216)
            sent, again = struct.unpack_from("<QQ", info, 200)  # tcpi_bytes_sent, _retrans
            return sent - again
        except (OSError, struct.error):
            return 0  # no connection over TCP, or an older system


def wire_work(numbers: int) -> dict:
    """What one process sends to sum, to scatter and to gather so many fp32 numbers, in bytes."""
    size, counted = together.size(), {}
    x = torch.arange(numbers, dtype=torch.float32)
    expected = x * size
    counted["ring, by our count"] = ring_all_reduce(x)
    right = torch.equal(x, expected)
    dist.barrier()  # all is received, so all has been sent
    own = torch.empty(numbers // size)
    for name, call in {
        "ring": lambda: ring_all_reduce(x),
        "all_reduce": lambda: dist.all_reduce(x),
        "reduce_scatter": lambda: dist.reduce_scatter_single(own, x),
        "all_gather": lambda: dist.all_gather_single(x, own),
    }.items():
        before = sent_bytes()
        call()
        dist.barrier()
        counted[name] = None if before is None else sent_bytes() - before
    return {"right": right, "sent": counted}


# ---------------------------------------------------------------------------------------------
# Tensor parallelism. PyTorch keeps the matrix A of Y = X A turned: a column of A is a row of `weight`.

CALLS: Counter[str] = Counter()  # all-reduces of this process


def _all_reduce(x: torch.Tensor, when: str) -> torch.Tensor:
    CALLS[when] += 1
    x = x.clone()
    dist.all_reduce(x)
    return x


class Enter(torch.autograd.Function):
    """Where all processes read the same x: nothing to do forward; backward their gradients are summed."""

    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return _all_reduce(grad, "backward")


class Leave(torch.autograd.Function):
    """Where each process has a part of a sum: forward it is summed; backward nothing is to be done."""

    @staticmethod
    def forward(ctx, x):
        return _all_reduce(x, "forward")

    @staticmethod
    def backward(ctx, grad):
        return grad


class MLP(nn.Module):
    """Widen four times, GeLU, narrow again."""

    enter = leave = staticmethod(lambda x: x)  # a whole one has nobody to ask

    def __init__(self, C: int):
        super().__init__()
        self.up, self.down = nn.Linear(C, 4 * C, bias=False), nn.Linear(4 * C, C, bias=False)

    def forward(self, x):
        return self.leave(self.down(F.gelu(self.up(self.enter(x)))))


class Attention(nn.Module):
    """Causal attention with heads of D numbers each; how many heads follows from the matrices."""

    enter = leave = staticmethod(lambda x: x)

    def __init__(self, C: int, n_head: int):
        super().__init__()
        self.D, self.n_head = C // n_head, n_head
        self.q, self.k, self.v, self.out = (nn.Linear(C, C, bias=False) for _ in range(4))

    def forward(self, x):
        x = self.enter(x)
        q, k, v = (
            w(x).unflatten(-1, (-1, self.D)).transpose(1, 2) for w in (self.q, self.k, self.v)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)  # (B, heads here, T, D)
        return self.leave(self.out(mixed.transpose(1, 2).flatten(2)))


class Block(nn.Module):
    """A transformer's block: attention and MLP, each added to the stream."""

    def __init__(self, C: int, n_head: int):
        super().__init__()
        self.C, self.attn, self.mlp = C, Attention(C, n_head), MLP(C)

    def forward(self, x):  # (B, T, C)
        x = x + self.attn(F.layer_norm(x, (self.C,)))
        return x + self.mlp(F.layer_norm(x, (self.C,)))


BY_COLUMNS, BY_ROWS = ("attn.q", "attn.k", "attn.v", "mlp.up"), ("attn.out", "mlp.down")


def cut(block: Block, rank: int, size: int) -> Block:
    """Process `rank`'s part of a block: what comes first by columns, so heads and GeLUs stay whole, what
    comes last by rows, and one all-reduce after each pair.

    Raises ValueError if the heads cannot be shared out.
    """
    if block.attn.n_head % size:
        raise ValueError(
            f"there are {block.attn.n_head} heads for {size} processes; a head stays whole, so take a "
            f"multiple of {size}, or fewer processes"
        )
    part = copy.deepcopy(block)
    for name in (*BY_COLUMNS, *BY_ROWS):
        layer = part.get_submodule(name)
        own = layer.weight.detach().chunk(size, dim=0 if name in BY_COLUMNS else 1)[rank]
        layer.weight = nn.Parameter(own.clone())
    for half in (part.attn, part.mlp):
        half.enter, half.leave = Enter.apply, Leave.apply
    return part


def cut_by_pytorch(block: Block, size: int) -> nn.Module:
    """The same by PyTorch's own API: a plan that says which layer is cut which way."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import parallel as tp

    plan = {name: tp.ColwiseParallel() for name in BY_COLUMNS}
    plan |= {name: tp.RowwiseParallel() for name in BY_ROWS}
    return tp.parallelize_module(copy.deepcopy(block), init_device_mesh("cpu", (size,)), plan)


def tensor_work(C: int = 32, n_head: int = 4, seed: int = 0) -> dict:
    """A block whole, cut by hand and cut by PyTorch: how far apart, and how many all-reduces each way."""
    from torch.distributed.tensor.debug import CommDebugMode

    torch.manual_seed(seed)
    block, x, slope = Block(C, n_head), torch.randn(2, 8, C), torch.randn(2, 8, C)
    rank, size = together.rank(), together.size()
    by_hand, found = cut(block, rank, size), {}
    expected = _both_ways(block, x, slope)
    CALLS.clear()
    found["by hand"] = {"apart": _apart(_both_ways(by_hand, x, slope), expected), **CALLS}
    theirs = cut_by_pytorch(block, size)
    with CommDebugMode() as forward:
        y = theirs(x.clone().requires_grad_())
    with CommDebugMode() as backward:
        y.backward(slope)
    found["PyTorch"] = {
        "apart": _apart(_both_ways(theirs, x, slope), expected),
        "forward": forward.get_total_counts(),
        "backward": backward.get_total_counts(),
    }
    whole, part = (sum(p.numel() for p in b.parameters()) for b in (block, by_hand))
    return found | {"share": part / whole, "rows first": rows_first(block.mlp, x, rank, size)}


def _both_ways(block: nn.Module, x: torch.Tensor, slope: torch.Tensor) -> tuple:
    x = x.clone().requires_grad_()
    y = block(x)
    y.backward(slope)
    return y.detach(), x.grad


def _apart(got: tuple, expected: tuple) -> float:
    """The largest difference, as a share of the largest number."""
    return max(((a - b).abs().max() / b.abs().max()).item() for a, b in zip(got, expected))


@torch.no_grad()
def rows_first(mlp: MLP, x: torch.Tensor, rank: int, size: int) -> dict:
    """The MLP with its first matrix cut by rows: right too, for two all-reduces, the first four times wider."""
    A = mlp.up.weight.T.chunk(size, dim=0)[rank]  # (C / size, 4 C)
    B = mlp.down.weight.T.chunk(size, dim=0)[rank]  # (4 C / size, C)
    CALLS.clear()
    hidden = F.gelu(_all_reduce(x.chunk(size, dim=-1)[rank] @ A, "forward"))  # summed, then bent
    y = _all_reduce(hidden.chunk(size, dim=-1)[rank] @ B, "forward")
    return {"apart": _apart((y,), (mlp(x),)), "forward": CALLS["forward"]}


# ---------------------------------------------------------------------------------------------
# Pipeline


def pipeline_work(
    kind: str, micro_batches: int, forward: float = 0, backward: float = 0, seed: int = 0
) -> dict:
    """One step of this process's stage: what it did when, and its gradient beside one process's.

    forward, backward  seconds that a pass lasts at least. A worker on a card of its own computes that
                       long; here workers share processors, so it sleeps: the work is pretended, the waiting
                       for others is not.

    Times are on the machine's one clock, so those of different processes can be put together.
    """
    stage, stages = together.rank(), together.size()
    torch.manual_seed(seed)
    layers = [nn.Sequential(nn.Linear(8, 8), nn.GELU()) for _ in range(stages)]
    x, slope = torch.randn(2, micro_batches, 4, 8)
    mine, kept, slots, going = copy.deepcopy(layers[stage]), {}, [], []
    dist.barrier()
    for work, i in order(kind, stage, stages, micro_batches):
        came_from = stage - 1 if work == "forward" else stage + 1
        came = _receive(came_from, i, work) if 0 <= came_from < stages else None
        start = time.perf_counter()
        if work == "forward":
            inside = (x[i] if came is None else came).requires_grad_()
            kept[i] = inside, mine(inside)
            out = kept[i][1].detach()
        else:
            inside, out = kept.pop(i)
            out.backward(slope[i] if came is None else came)
            out = inside.grad
        time.sleep(
            max(0, start + (forward if work == "forward" else backward) - time.perf_counter())
        )
        slots.append((stage, i, work, start, time.perf_counter()))
        goes_to = stage + 1 if work == "forward" else stage - 1
        if 0 <= goes_to < stages:
            going.append(dist.isend(out, goes_to, tag=_tag(i, work)))
    for message in going:
        message.wait()
    nn.Sequential(*layers)(x.flatten(0, 1)).backward(slope.flatten(0, 1))
    pairs = [(p.grad, q.grad) for p, q in zip(mine.parameters(), layers[stage].parameters())]
    return {"slots": slots, "apart": _apart(*zip(*pairs))}


def _receive(stage: int, i: int, work: str) -> torch.Tensor:
    came = torch.empty(4, 8)
    dist.recv(came, stage, tag=_tag(i, work))
    return came


def _tag(i: int, work: str) -> int:
    return 2 * i + (work == "backward")


def pytorch_pipeline_work(kind: str, micro_batches: int, seed: int = 0) -> float:
    """The same stage by PyTorch's own pipeline; how far its gradient is from one process's."""
    from torch.distributed.pipelining import PipelineStage, Schedule1F1B, ScheduleGPipe

    stage, stages = together.rank(), together.size()
    torch.manual_seed(seed)
    layers = [nn.Sequential(nn.Linear(8, 8), nn.GELU()) for _ in range(stages)]
    x, target = torch.randn(2, 4 * micro_batches, 8)
    own = PipelineStage(copy.deepcopy(layers[stage]), stage, stages, torch.device("cpu"))
    made = {"gpipe": ScheduleGPipe, "1f1b": Schedule1F1B}[kind]
    plan = made(own, micro_batches, loss_fn=F.mse_loss)
    plan.step(*([x] if stage == 0 else []), **({"target": target} if stage == stages - 1 else {}))
    F.mse_loss(nn.Sequential(*layers)(x), target).backward()
    pairs = [(p.grad, q.grad) for p, q in zip(own.submod.parameters(), layers[stage].parameters())]
    return _apart(*zip(*pairs))


# ---------------------------------------------------------------------------------------------
# A whole training run, in parts


def small_model(n_layer: int = 2, n_embd: int = 32) -> GPT:
    """A small GPT over the sweep's characters, the same in every process."""
    return GPT(GPTConfig(VOCAB, 64, n_layer, 4, n_embd))


def train_work(
    text: torch.Tensor,
    steps: int,
    batch_size: int = 8,
    parallel: str = "ddp",
    path: str | Path | None = None,
    dies: tuple[int, int] | None = None,
    **model,
) -> dict:
    """Train a small model with `machine.train`, whatever number of processes there are.

    path  a checkpoint to keep and to go on from; dies: (process, step) at which one is killed

    Returns losses, the sum of all weights, and whether this process wrote the checkpoint's last version.
    """
    batches = Stream(text, batch_size, 64)
    if dies and together.rank() == dies[0]:
        batches = _Deadly(batches, dies[1])
    config = TrainConfig(
        steps, dtype="float32", threads=1, warmup=3, save_every=4, parallel=parallel
    )
    made = small_model(**model)
    history = train(made, batches, config, resume=path, progress=False)
    return {"losses": history.loss, "sum": sum(p.double().sum().item() for p in made.parameters())}


class _Deadly:
    """Batches at one of which this process is killed, as by a system that is out of memory."""

    def __init__(self, batches, step: int):
        self.batches, self.step = batches, step

    def __getitem__(self, step: int):
        if step == self.step:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return self.batches[step]


def kept_work(parallel: str, n_layer: int = 4, n_embd: int = 64) -> dict:
    """What one process keeps while it trains with AdamW, in bytes, and what it sends in a step."""
    model, idx = small_model(n_layer, n_embd), torch.ones(together.size(), 64, dtype=torch.long)
    whole = sum(p.numel() for p in model.parameters())
    if parallel == "fsdp":
        trained = together.cut_up(model, "float32")
        forward = trained
    else:
        trained, forward = model, together.averaging(model)
    optimizer = AdamW(trained.parameters())
    for _ in range(2):  # the first step sets things up
        dist.barrier()
        optimizer.zero_grad()
        before = sent_bytes()
        together.backward(forward, idx, idx)
        dist.barrier()
        sent = None if before is None else sent_bytes() - before
        optimizer.step()
    parts = {
        "weights": list(trained.parameters()),
        "gradients": [p.grad for p in trained.parameters()],
        "Adam": [w for s in optimizer.state.values() for w in s.values() if torch.is_tensor(w)],
    }
    kept = {name: sum(_here(w) for w in tensors) for name, tensors in parts.items()}
    return {"whole": 4 * whole, "kept": kept, "sent": sent}


def _here(w: torch.Tensor) -> int:
    w = w.to_local() if hasattr(w, "to_local") else w
    return w.numel() * w.element_size()

"""Several processes train one model: each on its own rows of every batch, in step with the others.

`train` asks here for what differs when it is not alone. Every process sees the same batches in the same order
and takes its own rows. With TrainConfig(parallel="ddp") each holds the whole model, and the gradients are
averaged (PyTorch's DistributedDataParallel); with "fsdp" each holds its share of every weight, gradient and
optimizer state, and a layer is put together when it is needed (FSDP2, `fully_shard`). Either way the losses
are one process's, to rounding. Process 0 writes the checkpoint, which knows nothing of how many there were.

Processes come from `torchrun` (`python -m glassbox.machine.train_cli --help`) or `scale.crew`. Left out:
checkpoints written in parts by all, as large runs do; here a whole weight passes through every process.

Sources: Li et al. 2020, arXiv:2006.15704 (DDP); Zhao et al. 2023, arXiv:2304.11277 (FSDP).
"""

from __future__ import annotations

import copy
import os
from datetime import timedelta

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel


class ProcessesError(RuntimeError):
    """The processes did not come together; the message says which place, and what to try."""


def size() -> int:
    """How many processes train together; 1 if this one is alone."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """This process's number, from 0."""
    return dist.get_rank() if size() > 1 else 0


def join(seconds: float = 60) -> torch.device:
    """Meet the other processes that `torchrun` started, and return the device to compute on.

    Without torchrun's variables (RANK, WORLD_SIZE, ...) this process stays alone. Raises ProcessesError if
    the others do not come within `seconds`, or the port is taken.
    """
    cuda = torch.cuda.is_available()
    device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if cuda else "cpu")
    if int(os.environ.get("WORLD_SIZE", 1)) == 1 or dist.is_initialized():
        return device
    if cuda:
        torch.cuda.set_device(device)
    place = f"{os.environ.get('MASTER_ADDR')}:{os.environ.get('MASTER_PORT')}"
    try:
        dist.init_process_group("nccl" if cuda else "gloo", timeout=timedelta(seconds=seconds))
    except dist.DistNetworkError as error:
        if "EADDRINUSE" in str(error) or "in use" in str(error):
            raise ProcessesError(
                f"{place} is in use by another program; give torchrun another --master-port, or "
                "--standalone, which takes a free one"
            ) from None
        raise ProcessesError(f"{place} cannot be reached: {error}".splitlines()[0]) from None
    except (dist.DistStoreError, RuntimeError, ValueError) as error:
        raise ProcessesError(
            f"process {os.environ.get('RANK')} of {os.environ['WORLD_SIZE']} waited {seconds:g} s at "
            f"{place} for the others; start them all with the same address and number of processes "
            f"({str(error).splitlines()[0]})"
        ) from None
    return device


def leave() -> None:
    """Part from the other processes; does nothing alone."""
    if dist.is_available() and dist.is_initialized():
        dist.destroy_process_group()


def shard(batch: tuple, own: int | None = None, of: int | None = None) -> tuple:
    """This process's rows of a batch (idx, targets), each (B, T), and the share of the targets in them.

    The share counts the targets that count, times the number of processes: the mean over processes of
    share times loss is the loss of the whole batch. Raises ValueError if the rows cannot be shared out.

    >>> idx = torch.arange(8).view(4, 2)
    >>> shard((idx, idx), own=1, of=2)
    (tensor([[4, 5],
            [6, 7]]), tensor([[4, 5],
            [6, 7]]), 1.0)
    """
    (idx, targets), own, of = batch, rank() if own is None else own, of or size()
    if len(idx) % of:
        raise ValueError(
            f"a batch has {len(idx)} rows for {of} processes; make batch_size a multiple of {of}, or "
            "start fewer processes"
        )
    n = len(idx) // of
    mine = slice(own * n, (own + 1) * n)
    counted = (targets >= 0).sum().item()
    share = (targets[mine] >= 0).sum().item() * of / counted
    return idx[mine], targets[mine], share


def averaging(work: torch.nn.Module) -> torch.nn.Module:
    """The same model, whose gradients are averaged over all processes on the way back (DDP)."""
    return DistributedDataParallel(work)


def cut_up(model: torch.nn.Module, dtype: str) -> torch.nn.Module:
    """A copy in which every process keeps its share of each weight (FSDP2); the model itself is emptied.

    A layer's weights are put together, in `dtype`, when it computes, and its gradients are summed in fp32.
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    half = torch.bfloat16 if dtype == "bfloat16" else None
    policy = MixedPrecisionPolicy(param_dtype=half, reduce_dtype=torch.float32)
    mesh = init_device_mesh(next(model.parameters()).device.type, (size(),))
    trained = copy.deepcopy(model)
    for block in getattr(trained, "blocks", []):
        fully_shard(block, mesh=mesh, mp_policy=policy)
    fully_shard(trained, mesh=mesh, mp_policy=policy)
    for p in model.parameters():
        p.data = p.data.new_empty(0)  # until `give_back`
    return trained


def backward(forward: torch.nn.Module, idx: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Learn from this process's rows of a batch (B, T); returns the loss of the whole batch, a scalar."""
    idx, targets, share = shard((idx, targets))
    loss = share * forward(idx, targets)[1]
    loss.backward()
    loss = loss.detach()
    dist.all_reduce(loss)
    return loss / size()


def whole(w):
    """A weight put together from all processes' shares; any other tensor as it is."""
    return w.full_tensor() if hasattr(w, "full_tensor") else w


def like(w: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
    """A whole tensor where `p` is, cut up as `p` is."""
    if not hasattr(p, "full_tensor"):
        return w.to(p.device)
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(w.to(p.device), p.device_mesh, p.placements)


@torch.no_grad()
def give_back(trained: torch.nn.Module, model: torch.nn.Module) -> None:
    """Put the weights of a copy that is cut up into the model, in every process."""
    if trained is not model:
        for p, w in zip(model.parameters(), trained.parameters()):
            p.data = whole(w).detach().clone()


def any_of(asked: bool) -> bool:
    """Whether any process says yes."""
    if size() == 1:
        return asked
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    said = torch.tensor(int(asked), device=device)
    dist.all_reduce(said, dist.ReduceOp.MAX)
    return bool(said)


def agree(what: str, value):
    """Process 0's value, in all; raises ValueError if another process has another one."""
    values = [None] * size()
    dist.all_gather_object(values, value)
    if other := [v for v in values if v != values[0]]:
        raise ValueError(
            f"{what} is {values[0]!r} in process 0 and {other[0]!r} in process {values.index(other[0])}; "
            "all must start alike, from a checkpoint in a folder that all of them see"
        )
    return value


def first_says(value):
    """Process 0's value, in all."""
    values = [value]
    dist.broadcast_object_list(values)
    return values[0]

"""Training: show the model text, ask for the next token, nudge the weights; and nothing lost on the way.

`_take_step` is all of the learning. `train(model, batches, TrainConfig(steps=500))` repeats it, and picks
what is fast on this machine (`machine.speed`): bf16 where a short measurement finds it faster, one thread
or all by timing a few steps. With `path` it keeps a checkpoint (`machine.resume`) that a later call resumes
to the bit on the same machine. An interrupt ends the step, saves, and then stops.

Where `torchrun` has started several processes, each takes its rows of every batch (`machine.together`).

Left out: gradient accumulation, mixed datasets.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from glassbox.machine import together
from glassbox.machine.device import best_device, best_dtype, device_of
from glassbox.machine.history import History, TrainingStopped
from glassbox.machine.optim import AdamW, Muon, clip_gradients, cosine_lr, split_params, wsd_lr
from glassbox.machine.progress import Progress
from glassbox.machine.resume import Interrupt, check_place, load_run, restore, save_run
from glassbox.machine.settings import check_settings
from glassbox.machine.speed import (
    faster_threads,
    fetch_gradients,
    keep_freed_memory,
    refresh,
    working_copy,
)

__all__ = [
    "History", "TrainConfig", "TrainingStopped", "best_device", "clip_gradients", "cosine_lr", "train",
]  # fmt: skip


@dataclass(frozen=True)
class TrainConfig:
    """How to train. The defaults suit models of about a million parameters, batches of 2-4,000 tokens."""

    steps: int
    lr: float = 0.01  # AdamW, for embeddings, head, gains and biases
    muon_lr: float | None = 0.02  # Muon, for the blocks' matrices; None: AdamW for them too
    betas: tuple[float, float] = (0.9, 0.95)
    eps: float = 1e-10
    weight_decay: float = 0.0
    clip: float | None = None  # the largest joint length of the gradient
    schedule: str = "wsd"  # or "cosine", "constant"
    warmup: int = 20
    cooldown: float = 0.6  # for wsd: the share of the steps in which the rate falls to 0
    dtype: str = "auto"  # or "float32", "bfloat16"
    threads: int | None = None  # None: time one and all, keep the faster; CPU only
    save_every: int = 200
    parallel: str = "ddp"  # or "fsdp": how several processes share the work, if there are several

    def __post_init__(self):
        check_settings(**vars(self))
        for name, choices in (
            ("schedule", ("wsd", "cosine", "constant")),
            ("dtype", ("auto", "float32", "bfloat16")),
            ("parallel", ("ddp", "fsdp")),
        ):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be one of {choices}")

    def rate(self, step: int) -> float:
        """The share of the full learning rate at a step."""
        if self.schedule == "cosine":
            return cosine_lr(step, self.steps, warmup=self.warmup)
        cooldown = self.cooldown if self.schedule == "wsd" else 0.0
        return wsd_lr(step, self.steps, warmup=self.warmup, cooldown=cooldown)


def train(
    model: torch.nn.Module,
    batches,
    config: TrainConfig,
    resume: str | Path | None = None,
    progress: bool = True,
    path: str | Path | None = None,
    evaluate: Callable[[torch.nn.Module, int], dict] | None = None,
    eval_every: int = 100,
) -> History:
    """Train `model` in place on `batches` and return the History.

    `batches` is indexed by step (`Windows`, or a list, which starts over at its end) or any iterable
    of (idx, targets). `path` names a checkpoint file to keep; `resume` one to go on from (and to
    keep, if no path is given; a missing file means a fresh start). `evaluate(model, step)` is called
    every `eval_every` steps and after the last.

    Raises TrainingStopped if the loss is no longer a number or the batches end, ValueError if the
    checkpoint is damaged or of another model, tokenizer, text or config, OSError if `path` cannot be
    written. KeyboardInterrupt is passed on after the step is finished and saved. Where several processes
    share the weights ("fsdp"), the model is empty after an error, and the checkpoint is what is left.
    """
    check_settings(eval_every=eval_every)
    if not any(p.requires_grad for p in model.parameters()):
        raise ValueError("the model has no parameter to train; is requires_grad False everywhere?")
    path = Path(path or resume) if path or resume else None
    if path:
        check_place(path)
    history, state = _begin(model, batches, config, resume)
    start, threads_before = len(history.loss), torch.get_num_threads()
    if start >= config.steps:
        return history
    run = _Run(model, batches, config, history, state, path)
    try:
        run.choose_threads()
        model.train()
        progress = progress and together.rank() == 0
        with Interrupt() as interrupt, Progress(config.steps, start, progress) as bar:
            for step in range(start, config.steps):
                run.step(step)
                bar.update(history)
                last = step + 1 == config.steps
                if evaluate and (last or (step + 1) % eval_every == 0):
                    history.evals[step + 1] = _evaluated(evaluate, run.trained, step + 1)
                asked = together.any_of(interrupt.asked)
                if last or asked or (step + 1) % config.save_every == 0:
                    run.save()
                if last or asked:
                    together.give_back(run.trained, model)
                if asked:
                    remedy = f"; train(..., resume={str(path)!r}) goes on" if path else ""
                    raise KeyboardInterrupt(f"stopped after step {step + 1}{remedy}")
    finally:
        torch.set_num_threads(threads_before)
        model.eval().zero_grad()
    return history


def _begin(model, batches, config: TrainConfig, resume) -> tuple[History, dict | None]:
    """What a checkpoint knows of the steps so far; an empty History where there is none."""
    if resume and Path(resume).exists():
        state, history = load_run(Path(resume), model, batches, config)
        return history, state
    about = {k: getattr(batches, k) for k in ("bytes_per_token", "unit") if hasattr(batches, k)}
    return History(**about), None


class _Run:
    """What a run holds between two steps: working copy, optimizers, and the batch that comes next."""

    def __init__(self, model, batches, config: TrainConfig, history: History, state, path):
        self.model, self.batches, self.config = model, batches, config
        self.history, self.path, self.device = history, path, device_of(model)
        keep_freed_memory()
        model.zero_grad()  # whatever was there before
        if not history.dtype:
            best = config.dtype == "auto"
            history.dtype = best_dtype(self.device) if best else config.dtype
        self._share_the_work(state)
        self.source = _from_step(batches, len(history.loss))
        self._fetch(len(history.loss))

    def _share_the_work(self, state) -> None:
        """Make `trained`, whose weights step, `work`, which computes, and what takes a step backward."""
        config, history, several = self.config, self.history, together.size() > 1
        self.trained, self.backward, dtype = self.model, _backward, history.dtype
        if several:
            together.agree("the number of steps done", len(history.loss))
            dtype = history.dtype = together.first_says(dtype)  # each may have timed another one
        if several and config.parallel == "fsdp":
            self.trained, dtype = together.cut_up(self.model, dtype), "float32"
        self.work, self.optimizers = _prepare(self.trained, config, dtype, state)
        if several:
            forward = together.averaging(self.work) if config.parallel == "ddp" else self.work
            self.backward = lambda work, idx, targets: together.backward(forward, idx, targets)

    def choose_threads(self) -> None:
        kept = self.history.threads or self.config.threads
        if together.size() > 1:
            kept = kept or torch.get_num_threads()
        self.history.threads = kept or faster_threads(self.work, self.idx, self.targets)
        torch.set_num_threads(self.history.threads)

    def step(self, step: int) -> None:
        """Learn from the batch at hand and fetch the next."""
        began, config, history = time.perf_counter(), self.config, self.history
        batch, rate = (self.idx, self.targets), config.rate(step)
        parts = self.trained, self.work, self.optimizers
        _take_step(*parts, *batch, config, rate, step, history, self.backward)
        history.tokens += self.idx.numel()
        if step + 1 < config.steps:
            try:
                self._fetch(step + 1)
            except Exception:
                if together.size() == 1:  # or the others would have to save with this one
                    self.save()  # the steps so far are not lost
                raise
        history.seconds += time.perf_counter() - began

    def _fetch(self, step: int) -> None:
        self.idx, self.targets = _to(_next(self.source, step, self.config), self.device)

    def save(self) -> None:
        if self.path:
            save_run(
                self.path, self.trained, self.optimizers, self.batches, self.config, self.history
            )


def _backward(work, idx, targets) -> torch.Tensor:
    _, loss = work(idx, targets)
    loss.backward()
    return loss


def _take_step(
    model, work, optimizers, idx, targets, config, rate, step, history, backward=_backward
) -> None:
    """Forward, backward, clip, update: the four lines that every language model is made with."""
    loss = backward(work, idx, targets)
    fetch_gradients(model, work)
    norm = clip_gradients(model.parameters(), config.clip or math.inf)
    _check_finite(loss.item(), norm, optimizers, step)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["full_lr"]
        optimizer.step()
        optimizer.zero_grad()
    refresh(work, model)
    history.loss.append(loss.item())


def _check_finite(loss: float, norm: float, optimizers, step: int) -> None:
    if math.isfinite(loss) and math.isfinite(norm):
        return
    lrs = ", ".join(f"{o.param_groups[0]['lr']:.2g}" for o in optimizers)
    raise TrainingStopped(
        f"the loss is {loss} and the gradient's length {norm} at step {step} (learning rates {lrs}); "
        "the weights are those of the step before. Try half the learning rates, clip=1.0, a longer "
        "warmup, or look for broken targets; a checkpoint, if you keep one, is whole"
    )


def _prepare(model, config, dtype, state):
    """The working copy and the optimizers, which continue from `state` if there is one."""
    matrices, others = split_params(model)
    if config.muon_lr is None:
        matrices, others = [], list(model.parameters())
    optimizers = [AdamW(others, config.lr, config.betas, config.eps, config.weight_decay)]
    if matrices:
        ns_dtype = torch.bfloat16 if dtype == "bfloat16" else torch.float32
        muon = Muon(matrices, config.muon_lr, weight_decay=config.weight_decay, dtype=ns_dtype)
        optimizers.append(muon)
    for n, optimizer in enumerate(optimizers):
        for group in optimizer.param_groups:
            group["full_lr"] = group["lr"]
        if state is not None:
            restore(optimizer, n, state)
    return working_copy(model, dtype), optimizers


# ---------------------------------------------------------------------------------------------
# Batches


def _from_step(batches, start: int) -> Iterator:
    if hasattr(batches, "__getitem__"):
        n = len(batches) if hasattr(batches, "__len__") else None
        step = start
        while n != 0:  # an empty list has nothing to start over with
            yield batches[step % n if n else step]
            step += 1
    for step, batch in enumerate(batches):
        if step >= start:
            yield batch


def _next(source: Iterator, step: int, config: TrainConfig):
    try:
        return next(source)
    except StopIteration:
        raise TrainingStopped(
            f"batches ended before step {step} of {config.steps}; give more of them or fewer steps"
        ) from None


def _to(batch, device):
    idx, targets = batch
    return idx.to(device, non_blocking=True), targets.to(device, non_blocking=True)


def _evaluated(evaluate, model, step) -> dict:
    model.eval()
    with torch.no_grad():
        result = evaluate(model, step)
    model.train()
    return result

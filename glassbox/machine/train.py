"""Training: show the model text, ask for the next token, nudge the weights; and nothing lost on the way.

`train(model, batches, TrainConfig(steps=500))` picks what is fast on this machine: bf16 where a short
measurement finds it faster (weights and optimizer stay in fp32, a working copy computes), one thread or
all by timing a few steps. With `path` it keeps a checkpoint, written to the side and renamed, that a
later call resumes to the bit on the same machine. An interrupt ends the step, saves, and then stops.

Left out: several processes (chapter 13), gradient accumulation, mixed datasets.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from glassbox.machine.checkpoint import put_weights, weights_of
from glassbox.machine.device import best_device, best_dtype, device_of, keep_freed_memory
from glassbox.machine.files import replacing, write_text
from glassbox.machine.optim import AdamW, Muon, clip_gradients, cosine_lr, split_params, wsd_lr
from glassbox.machine.progress import Progress
from glassbox.machine.settings import check_settings

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

    def __post_init__(self):
        check_settings(**vars(self))
        for name, choices in (
            ("schedule", ("wsd", "cosine", "constant")),
            ("dtype", ("auto", "float32", "bfloat16")),
        ):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be one of {choices}")

    def rate(self, step: int) -> float:
        """The share of the full learning rate at a step."""
        if self.schedule == "cosine":
            return cosine_lr(step, self.steps, warmup=self.warmup)
        cooldown = self.cooldown if self.schedule == "wsd" else 0.0
        return wsd_lr(step, self.steps, warmup=self.warmup, cooldown=cooldown)


@dataclass
class History:
    """What happened: the loss in nats at every step, and whatever `evaluate` returned, by step."""

    loss: list[float] = field(default_factory=list)
    evals: dict[int, dict] = field(default_factory=dict)
    tokens: int = 0
    seconds: float = 0.0
    bytes_per_token: float | None = None
    unit: str = "nats per token"  # of the loss, as the progress bar tells it
    dtype: str = ""
    threads: int = 0

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / max(self.seconds, 1e-9)

    def recent(self, n: int = 50) -> float:
        """The mean loss of the last n steps; in bits per byte if the bytes are known."""
        mean = sum(self.loss[-n:]) / len(self.loss[-n:])
        return mean / math.log(2) / self.bytes_per_token if self.bytes_per_token else mean

    def told(self) -> str:
        """The state of things, for the progress bar."""
        unit = "bits per byte" if self.bytes_per_token else self.unit
        return f"{self.tokens_per_second:,.0f} tokens/s, {self.recent():.3f} {unit}"


class TrainingStopped(RuntimeError):
    """Training cannot go on; the message says where, and what to try."""


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
    written. KeyboardInterrupt is passed on after the step is finished and saved.
    """
    check_settings(eval_every=eval_every)
    if not any(p.requires_grad for p in model.parameters()):
        raise ValueError("the model has no parameter to train; is requires_grad False everywhere?")
    path = Path(path or resume) if path or resume else None
    if path:
        _check_place(path)
    device = device_of(model)
    about = {k: getattr(batches, k) for k in ("bytes_per_token", "unit") if hasattr(batches, k)}
    history, state = History(**about), None
    if resume and Path(resume).exists():
        state, history = _load(Path(resume), model, batches, config)
    start = len(history.loss)
    if start >= config.steps:
        return history
    keep_freed_memory()
    model.zero_grad()  # whatever was there before
    chosen = best_dtype(device) if config.dtype == "auto" else config.dtype
    history.dtype = history.dtype or chosen
    work, optimizers = _prepare(model, config, history.dtype, state)
    source = _from_step(batches, start)
    idx, targets = _to(_next(source, start, config), device)
    threads_before = torch.get_num_threads()
    try:
        history.threads = history.threads or _choose_threads(config, work, idx, targets)
        torch.set_num_threads(history.threads)
        model.train()
        with _Interrupt() as interrupt, Progress(config.steps, start, progress) as bar:
            for step in range(start, config.steps):
                began = time.perf_counter()
                rate = config.rate(step)
                _take_step(model, work, optimizers, idx, targets, config, rate, step, history)
                history.tokens += idx.numel()
                last = step + 1 == config.steps
                if not last:
                    try:
                        idx, targets = _to(_next(source, step + 1, config), device)
                    except Exception:
                        if path:  # the steps so far are not lost
                            _save(path, model, optimizers, batches, config, history)
                        raise
                history.seconds += time.perf_counter() - began
                bar.update(history)
                if evaluate and (last or (step + 1) % eval_every == 0):
                    history.evals[step + 1] = _evaluated(evaluate, model, step + 1)
                if path and (last or interrupt.asked or (step + 1) % config.save_every == 0):
                    _save(path, model, optimizers, batches, config, history)
                if interrupt.asked:
                    raise KeyboardInterrupt(
                        f"stopped after step {step + 1}"
                        + (f"; train(..., resume={str(path)!r}) goes on" if path else "")
                    )
    finally:
        torch.set_num_threads(threads_before)
        model.eval().zero_grad()
    return history


def _take_step(model, work, optimizers, idx, targets, config, rate, step, history) -> None:
    """Forward, backward, clip, update: the four lines that every language model is made with."""
    _, loss = work(idx, targets)
    loss.backward()
    value = loss.item()
    params = list(model.parameters())
    if work is not model:  # bring the gradients home, in fp32
        for p, w in zip(params, work.parameters()):
            p.grad, w.grad = (None if w.grad is None else w.grad.float()), None  # None: frozen
    norm = clip_gradients(params, config.clip or math.inf)
    if not (math.isfinite(value) and math.isfinite(norm)):
        lrs = ", ".join(f"{o.param_groups[0]['lr']:.2g}" for o in optimizers)
        raise TrainingStopped(
            f"the loss is {value} and the gradient's length {norm} at step {step} (learning rates "
            f"{lrs}); the weights are those of the step before. Try half the learning rates, clip=1.0, "
            "a longer warmup, or look for broken targets; a checkpoint, if you keep one, is whole"
        )
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["full_lr"]
        optimizer.step()
        optimizer.zero_grad()
    if work is not model:
        with torch.no_grad():
            torch._foreach_copy_(list(work.parameters()), params)
    history.loss.append(value)


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
            _restore(optimizer, n, state)
    work = model if dtype == "float32" else copy.deepcopy(model).to(getattr(torch, dtype))
    return work, optimizers


# ---------------------------------------------------------------------------------------------
# Threads


def _choose_threads(config, work, idx, targets) -> int:
    """All threads are faster on an idle machine and several times slower beside a busy neighbor."""
    everything = torch.get_num_threads()
    if config.threads or everything == 1 or idx.device.type != "cpu":
        return config.threads or everything
    took = {}
    for threads in (everything, 1):
        torch.set_num_threads(threads)
        times = []
        for _ in range(3):
            began = time.perf_counter()
            work(idx, targets)[1].backward()
            times.append(time.perf_counter() - began)
            for p in work.parameters():
                p.grad = None
        took[threads] = sorted(times)[1]
    return min(took, key=took.get)


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


# ---------------------------------------------------------------------------------------------
# Interrupts and checkpoints


class _Interrupt:
    """While training, Ctrl-C (or a notebook's stop button) waits for the step to end; twice does not."""

    def __init__(self):
        self.asked = False

    def __enter__(self):
        self.mine = threading.current_thread() is threading.main_thread()
        if self.mine:
            self.before = signal.signal(signal.SIGINT, self._ask)
        return self

    def _ask(self, number, frame):
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def __exit__(self, *_):
        if self.mine:
            signal.signal(signal.SIGINT, self.before)


def _check_place(path: Path) -> None:
    """Raise OSError now if `path` could not be written later."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it, such as {path / 'run'}")
    probe = path.with_name(f"{path.name}.probe")
    write_text(probe, "")
    probe.unlink(missing_ok=True)


def _hash(about: str, tensors: dict[str, torch.Tensor]) -> str:
    digest = hashlib.sha256(about.encode())
    for name, w in sorted(tensors.items()):
        digest.update(f"{name} {w.dtype} {tuple(w.shape)}".encode())
        digest.update(w.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _settings(model, batches, config) -> dict:
    """What must be the same for a run to go on; how often it is saved need not be."""
    parts = {
        "model": asdict(model.config) if hasattr(model, "config") else {},
        "batches": getattr(batches, "fingerprint", {}),
        "train": asdict(replace(config, save_every=1)),
    }
    return {f"{part}.{k}": value for part, table in parts.items() for k, value in table.items()}


def _save(path: Path, model, optimizers, batches, config, history) -> None:
    """One file with everything, written to the side and renamed: an old checkpoint is never half gone."""
    tensors = {f"model.{name}": w for name, w in weights_of(model).items()}
    for n, optimizer in enumerate(optimizers):
        for i, p in enumerate(p for g in optimizer.param_groups for p in g["params"]):
            state = optimizer.state[p].items()
            tensors |= {f"optimizer.{n}.{i}.{k}": torch.as_tensor(w) for k, w in state}
    tensors = {name: w.detach().cpu().contiguous() for name, w in tensors.items()}
    about = {"settings": _settings(model, batches, config), "history": asdict(history)}
    about = json.dumps(about, default=lambda w: w.tolist() if hasattr(w, "tolist") else repr(w))
    try:
        with replacing(path) as aside:
            save_file(tensors, aside, {"about": about, "sha256": _hash(about, tensors)})
    except OSError as e:
        raise TrainingStopped(f"the checkpoint {e}, then resume") from e


def _load(path: Path, model, batches, config) -> tuple[dict, History]:
    """Put a checkpoint's weights into the model; returns the optimizers' part and the History."""
    try:
        with safe_open(path, "pt") as file:
            told = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if _hash(told["about"], tensors) != told["sha256"]:
            raise ValueError("its contents do not have the hash written in it")
        about = json.loads(told["about"])
        history = History(**about["history"])
        history.evals = {int(step): result for step, result in history.evals.items()}
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as e:
        raise ValueError(f"{path} is damaged ({e}); delete it and train again") from e
    _same(path, about["settings"], _settings(model, batches, config))
    put_weights(model, {n[6:]: w for n, w in tensors.items() if n.startswith("model.")})
    return {n: w for n, w in tensors.items() if n.startswith("optimizer.")}, history


def _same(path: Path, saved: dict, given: dict) -> None:
    given = json.loads(json.dumps(given))
    if differing := [k for k in saved | given if saved.get(k) != given.get(k)]:
        told = ", ".join(f"{k} was {saved.get(k)!r}, now {given.get(k)!r}" for k in differing)
        raise ValueError(
            f"{path} is of another run: {told}; "
            "use the same settings to resume, or another path to start over"
        )


def _restore(optimizer, n: int, state: dict) -> None:
    for i, p in enumerate(p for g in optimizer.param_groups for p in g["params"]):
        prefix = f"optimizer.{n}.{i}."
        found = {k.removeprefix(prefix): w for k, w in state.items() if k.startswith(prefix)}
        optimizer.state[p] = {
            k: w.item() if k == "step" else w.to(p.device) for k, w in found.items()
        }

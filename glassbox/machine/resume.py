"""A run on disk: everything that training needs to go on as if it had never stopped, in one file.

It holds the weights, the optimizers' state, the history, the settings that must be the same, and a
hash over all of it. It is written under another name and then renamed, so that the old checkpoint is
whole until the new one is.
"""

from __future__ import annotations

import hashlib
import json
import signal
import threading
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from glassbox.machine.checkpoint import put_weights, weights_of
from glassbox.machine.files import replacing, write_text
from glassbox.machine.history import History, TrainingStopped
from glassbox.machine.together import first_says, like, rank, size, whole


class Interrupt:
    """While training, Ctrl-C (or a notebook's stop button) waits for the step to end; pressed twice, it does not."""

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


def check_place(path: Path) -> None:
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
        digest.update(w.reshape(-1).view(torch.uint8).numpy().tobytes())  # (bytes,)
    return digest.hexdigest()


def _settings(model, batches, config) -> dict:
    """The settings that must be the same for a run to go on; how often it is saved may differ,
    and by how many processes it is trained, and how they share the work."""
    train = asdict(replace(config, save_every=1))
    train.pop("parallel", None)
    parts = {
        "model": asdict(model.config) if hasattr(model, "config") else {},
        "batches": getattr(batches, "fingerprint", {}),
        "train": train,
    }
    return {f"{part}.{k}": value for part, table in parts.items() for k, value in table.items()}


def save_run(path: Path, model, optimizers, batches, config, history) -> None:
    """Write one file with everything; the old checkpoint is whole until the new one is.

    Of several processes all call this, and the first one writes."""
    tensors = {f"model.{name}": w for name, w in weights_of(model).items()}
    for n, optimizer in enumerate(optimizers):
        for i, p in enumerate(p for g in optimizer.param_groups for p in g["params"]):
            state = optimizer.state[p].items()
            tensors |= {f"optimizer.{n}.{i}.{k}": torch.as_tensor(w) for k, w in state}
    tensors = {name: whole(w.detach()).cpu().contiguous() for name, w in tensors.items()}
    trouble = _write(path, tensors, model, batches, config, history) if rank() == 0 else None
    if trouble := first_says(trouble) if size() > 1 else trouble:
        raise TrainingStopped(f"the checkpoint {trouble}, then resume")


def _write(path: Path, tensors: dict, model, batches, config, history) -> OSError | None:
    about = {"settings": _settings(model, batches, config), "history": asdict(history)}
    about = json.dumps(about, default=lambda w: w.tolist() if hasattr(w, "tolist") else repr(w))
    try:
        with replacing(path) as aside:
            save_file(tensors, aside, {"about": about, "sha256": _hash(about, tensors)})
    except OSError as e:
        return e
    return None


def load_run(path: Path, model, batches, config) -> tuple[dict, History]:
    """Put a checkpoint's weights into the model; returns the optimizers' part and the History."""
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if _hash(header["about"], tensors) != header["sha256"]:
            raise ValueError("its contents do not have the hash written in it")
        about = json.loads(header["about"])
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
        changes = ", ".join(f"{k} was {saved.get(k)!r}, now {given.get(k)!r}" for k in differing)
        raise ValueError(
            f"{path} is of another run: {changes}; "
            "use the same settings to resume, or another path to start over"
        )


def restore(optimizer, n: int, state: dict) -> None:
    """Put what `load_run` returned into the n-th optimizer."""
    for i, p in enumerate(p for g in optimizer.param_groups for p in g["params"]):
        prefix = f"optimizer.{n}.{i}."
        found = {k.removeprefix(prefix): w for k, w in state.items() if k.startswith(prefix)}
        optimizer.state[p] = {k: w.item() if k == "step" else like(w, p) for k, w in found.items()}

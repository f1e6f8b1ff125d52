"""Loading the shipped models: weights, tokenizer and card, checked against their hashes."""

from __future__ import annotations

from pathlib import Path

from glassbox.assistant.reward import RewardModel
from glassbox.machine.checkpoint import Checkpoint, load_checkpoint
from glassbox.machine.files import stepped_aside
from glassbox.machine.model import GPT

FOLDER = Path(__file__).parent / "checkpoints"


def load(name: str = "base", folder: str | Path = FOLDER) -> Checkpoint:
    """A shipped model with its tokenizer and card; every call gives a fresh copy.

    Raises ValueError if there is no model of that name or a file is damaged.
    """
    folder = Path(folder)
    if not (folder / name).is_dir() and not stepped_aside(folder / name).exists():
        have = sorted(p.name for p in folder.glob("[a-z]*") if p.is_dir())
        raise ValueError(f"there is no model {name!r} in {folder}; there are: {', '.join(have)}")
    checkpoint = load_checkpoint(
        folder / name,
        remedy=f"`git checkout -- {folder / name}`, or `python -m glassbox.shipped {name}`",
        build=RewardModel if name == "reward" else GPT,
    )
    if name == "reward":
        checkpoint.model.tokenizer = checkpoint.tokenizer
    return checkpoint

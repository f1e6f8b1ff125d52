"""Train the shipped models again, in order: `python -m glassbox.shipped [names]`, or `make models`.

An interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from glassbox.machine.checkpoint import save_checkpoint, sha256
from glassbox.shipped import FOLDER, load
from glassbox.shipped.aligning import make_aligned, make_aligned_dpo, make_reward
from glassbox.shipped.base import make_base
from glassbox.shipped.cards import card_text
from glassbox.shipped.chat import make_chat
from glassbox.shipped.pocket import make_pocket
from glassbox.shipped.single import make_single

MAKERS = {  # in the order in which they depend on each other
    "base": lambda folder, resume: make_base(resume=resume),
    "single": lambda folder, resume: make_single(load("base", folder)),
    "chat": lambda folder, resume: make_chat(load("base", folder)),
    "reward": lambda folder, resume: make_reward(load("chat", folder)),
    "aligned": lambda folder, resume: make_aligned(load("chat", folder), load("reward", folder)),
    "aligned-dpo": lambda folder, resume: make_aligned_dpo(
        load("chat", folder), load("reward", folder)
    ),
    "pocket": lambda folder, resume: make_pocket(load("chat", folder), load("base", folder)),
}


def main(arguments: list[str] | None = None) -> None:
    """Train the named models, or all, and put them where `load` finds them."""
    parser = argparse.ArgumentParser(prog="python -m glassbox.shipped", description=main.__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(MAKERS)}; default: all")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(MAKERS):
        parser.error(f"there is no model {', '.join(sorted(unknown))}; choose from {list(MAKERS)}")
    for name in given.names or MAKERS:
        print(f"{name}: training", file=sys.stderr)
        unfinished = given.folder / f".{name}.training.safetensors"
        checkpoint = MAKERS[name](given.folder, unfinished)
        text = card_text(name, checkpoint)
        save_checkpoint(given.folder / name, checkpoint, text)
        for file in given.folder.glob(f"{unfinished.name}*"):
            file.unlink()
        print(text, f"\nsha256 {sha256(given.folder / name / 'model.safetensors')}", sep="\n")

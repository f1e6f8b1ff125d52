"""Recorded runs: a JSON file beside the module that makes it, read and written in one way."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from glassbox.machine.files import write_text


def load(name: str, folder: Path = Path(__file__).parent) -> dict:
    """A recording. Raises ValueError, naming the command that makes it, if it is not there."""
    file = folder / f"{name}.json"
    if not file.exists():
        raise ValueError(
            f"{file.name} is missing; make it with `python -m glassbox.recordings.{name}`"
        )
    return json.loads(file.read_text(encoding="utf-8"))


def save(file: Path, table: dict) -> None:
    """Replace a recording; one line, for it is read by programs."""
    write_text(file, json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n")


def make(grid: Callable, file: Path, parts: Path, about: str, arguments: list[str] | None) -> None:
    """The command line of a recording of many models: `grid(parts, seconds)` trains what is missing and
    returns the table, or None if it is not whole when the seconds are spent."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--file", type=Path, default=file)
    parser.add_argument("--parts", type=Path, default=parts, help="where finished models are kept")
    parser.add_argument(
        "--seconds", type=float, default=math.inf, help="stop after so many CPU seconds"
    )
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    found = grid(given.parts, given.seconds)
    if found is None:
        print("not whole yet; run it again to go on", file=sys.stderr)
        raise SystemExit(3)
    save(given.file, found)
    print(f"{given.file}: {given.file.stat().st_size // 1000} kB", file=sys.stderr)

"""What the figures need of Python's side, written into `_build/figures/models/`.

    python -m tools.figure_data [name ...]

`base`, `chat` and `aligned` are the models that run in the page; every other name is a folder of
figures/ with a `data.py`, whose `data()` gives the JSON that the figure loads.
"""

import importlib
import json
import sys
from pathlib import Path

import torch

from figures.core.data import PAGE_MODELS, packed
from tools.environment import BUILD, ROOT, write

OUT = BUILD / "figures" / "models"


def names() -> list[str]:
    """All that can be made: the models of the page, and each figure that has data of its own."""
    found = (ROOT / "figures").glob("*/data.py")
    return [*PAGE_MODELS, *sorted(p.parent.name for p in found if p.parent.name != "core")]


def make(name: str) -> dict:
    if name in PAGE_MODELS:
        return packed(name)
    return importlib.import_module(f"figures.{name}.data").data()


def wrapped(name: str, payload: dict) -> str:
    """A classic script, which a page can also load from file://, that registers the payload."""
    packed = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    packed = packed.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"((window.__glassbox||={{}}).models||={{}})[{json.dumps(name)}]=\n{packed}\n;\n"


def save(name: str, payload: dict) -> Path:
    """Write a file; leave it alone if it would not change, so that its date stays."""
    path, text = OUT / f"{name}.js", wrapped(name, payload)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write(path, text)
    return path


def main(wanted: list[str]) -> None:
    torch.set_num_threads(1)  # models this small gain little from a second
    for name in wanted or names():
        path = save(name, make(name))
        print(f"{path.name:24} {path.stat().st_size / 1024:8.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Files of the book: where the repository is, JSON inside pages, writing without a half-done file."""

from __future__ import annotations

import json
import os
from pathlib import Path


def book_root(start: str | Path) -> Path:
    """The repository: the first folder upward that holds pyproject.toml (or GLASSBOX_ROOT)."""
    if os.environ.get("GLASSBOX_ROOT"):
        return Path(os.environ["GLASSBOX_ROOT"]).resolve()
    for folder in [Path(start).resolve(), *Path(start).resolve().parents]:
        if (folder / "pyproject.toml").is_file():
            return folder
    raise FileNotFoundError(
        f"no pyproject.toml above {start}; set GLASSBOX_ROOT to the repository's folder"
    )


def to_json(value) -> str:
    """JSON that may stand inside a <script> element."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028")


def write(path: Path, text: str) -> None:
    """Write a file that is whole or absent, and leave it alone when it would not change."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)

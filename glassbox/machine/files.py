"""Writing files so that nothing is lost: to the side first, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; if the block ends well, what was written there replaces it.

    A reader sees the old file or the new one, never half of either. If the block fails, `path` is as it
    was. Missing folders are made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        yield aside
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Replace the text of a file, UTF-8 and with plain line ends on every system."""
    with replacing(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")

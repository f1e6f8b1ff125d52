"""Writing files and folders so that nothing is lost: to the side first, then renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safetensors import SafetensorError


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; if the block ends well, what was made there replaces `path`.

    A reader sees the old file or the new one, never half of either. If the block fails, `path` is as it
    was; on a full disk and the like the OSError says so. Missing folders are made.
    """
    path = Path(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        _put(aside, path)
    except (OSError, SafetensorError) as e:
        raise OSError(
            f"{path} could not be written ({e}); what was there is whole. "
            "Make room, or name another place"
        ) from e
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(OSError):  # it was renamed, or never came to be
            aside.unlink()


def write_text(path: str | Path, text: str) -> None:
    """Replace the text of a file, UTF-8 and with plain line ends on every system."""
    with replacing(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")


def stepped_aside(folder: Path) -> Path:
    """Where the old folder is kept while a new one is put in its place; it stays there if that is cut short."""
    return folder.with_name(f".{folder.name}.old")


def _put(new: Path, path: Path) -> None:
    """Rename `new` to `path`. A file is replaced in one go; a folder must step aside first."""
    old = stepped_aside(path)
    if new.is_dir() and path.is_dir():
        shutil.rmtree(old, ignore_errors=True)
        os.replace(path, old)
    try:
        os.replace(new, path)
    except OSError:
        if old.exists() and not path.exists():
            os.replace(old, path)
        raise
    shutil.rmtree(old, ignore_errors=True)

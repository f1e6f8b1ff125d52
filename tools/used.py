"""What a program used of this project: listed while it runs (see watch/), and compared later.

`watching(folder)` is the environment in which the program and its processes write their lists;
`listed(folder)` reads them. A result that keeps `{path: hash}` of what made it is of today as long as
`same` says so: a file that was looked for and is not there has the hash None, and a folder that was
listed ("world/kinds/") the hash of the names in it.
"""

import os
from pathlib import Path

from tools import environment
from tools.environment import ROOT, digest
from tools.watch.sitecustomize import FOLDERS

HERE = Path(__file__).resolve().parent
WATCHER = HERE / "watch" / "sitecustomize.py"


def watching(folder: Path) -> dict[str, str]:
    """The variables that make Python programs list in `folder` what they use."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "PYTHONPATH": os.pathsep.join([str(WATCHER.parent), str(ROOT), str(HERE.parent)]),
        "GLASSBOX_ROOT": str(ROOT),
        "GLASSBOX_USED": str(folder),
    }


def listed(folder: Path) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.txt")]
    return {line for text in texts for line in text.splitlines()}


def state(path: str) -> str | None:
    """The hash of a file, or of the names in a folder; None for what is not there."""
    place = ROOT / path
    if not path.endswith("/"):
        return digest(place) if place.is_file() else None
    if not place.is_dir():
        return None
    return digest(*(found.name for found in sorted(place.iterdir()) if found.name != "__pycache__"))


def states() -> dict[str, str | None]:
    """The hash of everything that could be used; taken before a run, so that a change in it counts."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    names = {path.relative_to(ROOT).as_posix() + "/" * path.is_dir() for path in found}
    names |= {f"{Path(folder).as_posix()}/" for folder in FOLDERS}
    return {name: state(name) for name in names if "__pycache__" not in name}


def same(used: dict[str, str | None]) -> bool:
    return all(state(path) == then for path, then in used.items())


def rules() -> str:
    """The hash of what every Python program depends on here, whatever it uses besides."""
    return digest(ROOT / "requirements.lock", environment.python_minor(), WATCHER)

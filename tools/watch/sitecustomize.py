"""Writes down which files of the project a lab uses, in its kernel and in the processes it starts.

Python imports a module of this name whenever it starts with this folder on its path, before any
other code runs. `GLASSBOX_USED` names the folder that takes the lists, one file a process, and
`GLASSBOX_ROOT` the project; without them nothing is watched. A line is a path in the project:

    glassbox/machine/model.py       opened or imported, which opens its compiled copy
    glassbox/recordings/tides.json  opened and not found: it may be there the next time
    glassbox/world/kinds/           listed: a new file in it may be used the next time

Left out: files that only `exists()` asks about, and those that are opened outside Python.
"""

import os
import sys

FOLDERS = ("glassbox", "figures", os.path.join("_build", "figures"))


def watch(root: str, folder: str) -> None:
    inside = tuple(os.path.join(root, part) + os.sep for part in FOLDERS)
    seen = set()

    def hook(event: str, args: tuple) -> None:
        if event == "open":
            path = _source(_path(args[0]))
        elif event in ("os.listdir", "os.scandir") and not _importing(sys._getframe(1)):
            path = os.path.join(_path(args[0]), "")  # ends in a separator
        else:
            return
        if path not in seen and path.startswith(inside):
            seen.add(path)
            note(path[len(root) + 1 :].replace(os.sep, "/"))

    def note(used: str) -> None:
        """Add a line at once: a process may be killed. Each writes to a file of its own."""
        with open(os.path.join(folder, f"{os.getpid()}.txt"), "a", encoding="utf-8") as lines:
            lines.write(used + "\n")

    sys.addaudithook(hook)


def _path(opened) -> str:
    """The absolute path of what was opened; nothing for a number, which is a file already open."""
    named = isinstance(opened, str | bytes | os.PathLike)
    return os.path.abspath(os.fsdecode(opened)) if named else ""


def _importing(frame) -> bool:
    """Whether Python lists a folder only to find the module that it was asked for."""
    return frame.f_code.co_filename.startswith("<frozen importlib")


def _source(path: str) -> str:
    """The file itself; for a compiled module what it was compiled from."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":
        return path
    return os.path.join(os.path.dirname(folder), f"{name.split('.')[0]}.py")


if os.environ.get("GLASSBOX_USED"):
    watch(os.environ["GLASSBOX_ROOT"], os.environ["GLASSBOX_USED"])

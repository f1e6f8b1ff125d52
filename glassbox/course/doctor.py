"""Is this machine ready for the labs? One line per check, each with its remedy."""

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version


def doctor() -> bool:
    """Print what works and what to do about the rest; True when every lab can run."""
    fine = True
    for good, line in findings():
        fine &= good
        print(("ok   " if good else "FIX  ") + line)
    return fine


def findings() -> Iterator[tuple[bool, str]]:
    """Yield (is it good, one line) for each check."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {python} (3.11 or newer is needed)"
    for package in packages():
        try:
            yield True, f"{package} {version(package)}"
        except PackageNotFoundError:
            yield False, f"{package} is missing: pip install {package}, or python make.py env"
    yield True, f"{os.cpu_count()} processor cores"
    yield from _assistant()


def packages() -> list[str]:
    """What glassbox, and so every lab, needs: the dependencies that its own metadata name."""
    try:
        needed = requires("glassbox") or []
    except PackageNotFoundError:  # the sources alone, not installed
        needed = ["torch", "numpy"]
    return [re.match(r"[\w.-]+", line)[0] for line in needed if "extra ==" not in line]


def _assistant() -> Iterator[tuple[bool, str]]:
    """The shipped model and the figures, where torch is there to load them."""
    if importlib.util.find_spec("torch") is None:
        return
    from glassbox.course.figure import REMEDY, built
    from glassbox.shipped import load

    try:
        load("base")
        yield True, "the shipped model `base` is whole"
    except (OSError, ValueError) as error:
        yield False, f"the shipped model `base`: {error}"
    good = built("predict")
    yield good, "interactive figures are " + ("built" if good else f"not built: {REMEDY}")

"""Numbers that the prose quotes: a lab records them, the book puts them into the text.

While the book is built, `GLASSBOX_RUN` names the folder of the running lab and every record is
kept there in `records.json`. In a reader's own notebook the variable is not set and `record`
only hands its value back.
"""

import json
import math
import os
import re
from pathlib import Path

from glassbox.machine.files import write_text


def record(name: str | dict, value=None, digits: int = 2, unit: str = ""):
    """Record a measured result under `name` and return it unchanged.

    name    `"lab.result"`, for example `"next_word.bigram_bpb"`; or a dict of several, each a value or
            a tuple (value, digits, unit) from which the end may be left out
    value   a number, or a short text where the result is a word
    digits  decimals shown when the prose asks for no other format
    unit    for people: `"bits per byte"`, `"%"`, `"s"`

    >>> record("next_word.example", 3.14159, digits=1, unit="bits per byte")
    3.14159
    >>> record({"next_word.example": (3.14159, 1, "bits per byte"), "next_word.winner": "bigram"})
    >>> record("Example", 1)
    Traceback (most recent call last):
        ...
    ValueError: a record is named "lab.result" in small letters, got 'Example'
    """
    if isinstance(name, dict):
        for each, found in name.items():
            record(each, *(found if isinstance(found, tuple) else (found,)))
        return None
    if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", name):
        raise ValueError(f'a record is named "lab.result" in small letters, got {name!r}')
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and not math.isfinite(plain):
        raise ValueError(f"{name} is {plain}; record a finite number, or say in words why not")
    folder = os.environ.get("GLASSBOX_RUN")
    if folder:
        _keep(Path(folder) / "records.json", name, {"value": plain, "digits": digits, "unit": unit})
    return value


def _keep(path: Path, name: str, entry: dict) -> None:
    """Add one entry to the file, which is complete at every moment."""
    records = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    records[name] = entry
    write_text(path, json.dumps(records, indent=1, ensure_ascii=False))

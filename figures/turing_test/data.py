"""What the figure needs of Python's side: sixteen beginnings with four endings each.

The model's, the book's and the dice's are recorded with lab 21a; the fourth was composed for this book and lies in
written.json, in the recording's order. Where the book looked up the very words of another ending, the count of letters
(an n-gram model over the same texts) takes its place, so that no ending stands there twice.
"""

import json
from pathlib import Path

from glassbox import recordings

WRITTEN = Path(__file__).parent / "written.json"


def data() -> dict:
    """{"items": [{kind, prompt, endings: [{by, text}, ...]}, ...]}, four endings each, by whom: see strings.json."""
    items, written = (
        recordings.load("chinese_room")["turing"],
        json.loads(WRITTEN.read_text(encoding="utf-8")),
    )
    if len(items) != len(written):
        raise ValueError(
            f"there are {len(items)} beginnings in the recording and {len(written)} endings in {WRITTEN.name}; "
            "write one for each beginning, in the same order"
        )
    return {"items": [_item(item, text) for item, text in zip(items, written, strict=True)]}


def _item(item: dict, written: str) -> dict:
    by = {
        "written": written,
        "model": item["model"],
        "dice": item["grammar"],
        "book": item["table"],
    }
    if item["table"] in (item["model"], item["grammar"]):
        del by["book"]
        by["count"] = item["ngram"]
    endings = [{"by": who, "text": text.strip()} for who, text in by.items()]
    if len({ending["text"] for ending in endings}) < len(endings):
        raise ValueError(
            f"two endings of {item['prompt']!r} are the same; write another one in {WRITTEN.name}"
        )
    return {"kind": item["kind"], "prompt": item["prompt"], "endings": endings}

"""What the figure `data_value` needs of Python's side: the worth of every group of poets, in each town."""

from __future__ import annotations

from glassbox import recordings

SHOWN = ("name", "habit", "poems", "different", "words")  # of a poet


def data() -> dict:
    """The recorded towns, each with the worths of the first order in which poems were read, as in the lab."""
    towns = recordings.load("data_value")["towns"]
    return {"towns": [{"poets": poets(town), "worth": town["worth"][0]} for town in towns]}


def poets(town: dict) -> list[dict]:
    return [{key: poet[key] for key in SHOWN} for poet in town["poets"]]

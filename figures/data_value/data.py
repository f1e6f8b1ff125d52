"""What the figure `data_value` needs of Python's side: the worth of every group of poets, in each town."""

from __future__ import annotations

from statistics import fmean

from glassbox import recordings

SHOWN = ("name", "habit", "poems", "different", "words")  # of a poet


def data() -> dict:
    """The recorded towns; a group's worth is the mean over the orders in which its poems were read."""
    towns = recordings.load("data_value")["towns"]
    return {"towns": [{"poets": poets(town), "worth": worth(town)} for town in towns]}


def poets(town: dict) -> list[dict]:
    return [{key: poet[key] for key in SHOWN} for poet in town["poets"]]


def worth(town: dict) -> dict[str, float]:
    """{places of the poets in the group: bits saved a poem}.

    >>> worth({"worth": [{"": 0.0, "0": 3.0}, {"": 0.0, "0": 4.0}]})
    {'': 0.0, '0': 3.5}
    """
    first = town["worth"][0]
    return {group: round(fmean(game[group] for game in town["worth"]), 3) for group in first}

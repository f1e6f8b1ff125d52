"""Figures that others published, typed from their sources with date and source: `published.json`.

chips    peak in FLOP/s (half precision, without sparsity), power in W, memory in GB: what data sheets say
runs     training runs: parameters, tokens, and what was published of operations, GPU-hours, energy in MWh,
         carbon dioxide in tonnes, with the power in W/GPU, PUE and g/kWh it was computed with; None: unpublished
rents    what an hour of a chip cost to rent, USD
prices   list prices of models, USD for a million tokens read and written, and whether a model is of its
         maker's large line or of its small, cheap one (our grouping: sizes are not published)
queries  estimates of the energy of one question to a chatbot, in Wh
things   what people know, in Wh for each
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")
TABLES = ("chips", "runs", "rents", "prices", "queries", "things")


def table(name: str) -> list[dict]:
    """The rows of one table.

    >>> [chip["name"] for chip in table("chips")]
    ['V100', 'A100', 'H100', 'H200', 'B200']

    Raises ValueError for a table that there is not.
    """
    if name not in TABLES:
        raise ValueError(f"there is no table {name!r}; there are {', '.join(TABLES)}")
    return json.loads(FILE.read_text(encoding="utf-8"))[name]


def row(name: str, key: str) -> dict:
    """One row of a table by the value in its first column.

    >>> row("chips", "A100")["peak"]
    312000000000000.0

    Raises ValueError, with the names that there are, for another.
    """
    rows = {next(iter(each.values())): each for each in table(name)}
    if key not in rows:
        raise ValueError(f"{name} has no {key!r}; it has {', '.join(rows)}")
    return rows[key]


def blended(price: dict, written: float = 0.25) -> float:
    """USD for a million tokens of which the share `written` is written, the rest read.

    >>> blended({"input": 2.0, "output": 6.0})
    3.0
    """
    return price["input"] * (1 - written) + price["output"] * written

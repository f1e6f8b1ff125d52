"""The page of a lab: its notebook, arranged for somebody who reads and does not run.

The question comes first, and what only sets things up after it. Cells that set up, ask or draw show
what they give and fold their code behind "Show code". The notebook itself stays as it is.
"""

import re

SETUP = "Setup"
FOLDED = ("plt.", "go.", "plots.", "chart(", "explore(", "predict(")
UNATTEMPTED = re.compile(r'<p class="gb-verdict gb-unattempted">.*?</p>', re.S)
IN_THE_NOTEBOOK = (
    '<p class="gb-verdict gb-unattempted">An exercise: the notebook checks what you write here.</p>'
)


def arrange(notebook: dict) -> dict:
    """The notebook as its page shows it."""
    cells = [_told(cell) for cell in notebook["cells"]]
    first = next((i for i, cell in enumerate(cells) if _is_step(cell)), len(cells))
    opening = [_folded(cell) for cell in cells[:first]]
    steps = [_folded(cell) if _draws(cell) else cell for cell in cells[first:]]
    return {**notebook, "cells": question_first(opening) + steps}


def question_first(opening: list[dict]) -> list[dict]:
    """A lab's cells before its first step: title, question, predictions, and only then the setup.

    >>> ids = [("title", "# Dice"), ("imports", ""), ("ask", "## Predict first"), ("p", "predict(")]
    >>> cells = [{"cell_type": "code" if i % 2 else "markdown", "id": name, "source": source}
    ...          for i, (name, source) in enumerate(ids)]
    >>> [cell["id"] for cell in question_first(cells)]
    ['title', 'ask', 'p', 'setup-heading', 'imports']
    """
    title, rest = opening[:1], opening[1:]
    asks = next((i for i, cell in enumerate(rest) if "## Predict first" in _source(cell)), None)
    if not asks:
        return opening
    heading = {
        "cell_type": "markdown",
        "id": "setup-heading",
        "metadata": {},
        "source": f"## {SETUP}",
    }
    return [*title, *rest[asks:], heading, *rest[:asks]]


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _is_step(cell: dict) -> bool:
    return cell["cell_type"] == "markdown" and bool(re.match(r"## \d+\. ", _source(cell)))


def _draws(cell: dict) -> bool:
    """Whether a code cell asks or draws: the page shows the picture, and the code on demand.

    >>> _draws({"cell_type": "code", "source": "plt.plot(losses)"})
    True
    >>> _draws({"cell_type": "code", "source": "def mine(x): ...\\ncheck('dice.mine', mine)"})
    False
    """
    source = _source(cell)
    return (
        cell["cell_type"] == "code"
        and "check(" not in source
        and any(word in source for word in FOLDED)
    )


def _folded(cell: dict) -> dict:
    """A code cell with the tag by which myst-nb folds its code."""
    if cell["cell_type"] != "code":
        return cell
    tags = cell.get("metadata", {}).get("tags", [])
    return {**cell, "metadata": {**cell.get("metadata", {}), "tags": [*tags, "hide-input"]}}


def _told(cell: dict) -> dict:
    """A cell whose outputs are for readers: nobody can attempt an exercise on a page."""
    if cell["cell_type"] != "code" or not cell.get("outputs"):
        return cell
    return {**cell, "outputs": [_told_output(output) for output in cell["outputs"]]}


def _told_output(output: dict) -> dict:
    shown = "".join(output.get("data", {}).get("text/html", ""))
    if not UNATTEMPTED.search(shown):
        return output
    told = UNATTEMPTED.sub(IN_THE_NOTEBOOK, shown)
    plain = re.sub(r"<[^>]+>", "", told)
    return {**output, "data": {**output["data"], "text/html": told, "text/plain": plain}}

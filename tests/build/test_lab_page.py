"""A lab's page, made from its notebook: the question before the setup, code folded, no verdict on a stub."""

import copy
import json

import pytest

from tests.build.conftest import cell
from tools import lab_page, labs
from tools.environment import ROOT

UNATTEMPTED = '<p class="gb-verdict gb-unattempted">○ Not attempted yet. Fill in the stub.</p>'
LAB = [
    cell("markdown", "title", "# Lab 01: Dice"),
    cell("code", "imports", "import math"),
    cell("code", "settings", "n = 3"),
    cell("markdown", "predict-first", "## Predict first"),
    cell("code", "prediction", 'predict("dice.six", "How often?")'),
    cell("markdown", "step-throw", "## 1. Throw"),
    cell("code", "throw", "print(throws(n))"),
    cell("code", "mine", 'def mine(p): ...\n\n\nchart = 1\ncheck("dice.mine", mine)'),
    cell("code", "picture", "plt.plot(throws(n))"),
]


def page(cells):
    return lab_page.arrange({"cells": cells})["cells"]


def folded(cells) -> list[str]:
    return [c["id"] for c in cells if "hide-input" in c["metadata"].get("tags", [])]


def test_the_question_comes_before_the_setup():
    ids = [c["id"] for c in page(LAB)]
    assert ids[:5] == ["title", "predict-first", "prediction", "setup-heading", "imports"]
    assert sorted(ids) == sorted([c["id"] for c in LAB] + ["setup-heading"])


def test_code_that_sets_up_asks_or_draws_is_folded_and_other_code_stays():
    assert folded(page(LAB)) == ["prediction", "imports", "settings", "picture"]


def test_tags_that_a_cell_has_are_kept_and_the_notebook_stays_as_it_is():
    lab = copy.deepcopy(LAB)
    lab[2]["metadata"]["tags"] = ["remove-cell"]
    before = copy.deepcopy(lab)
    settings = next(c for c in page(lab) if c["id"] == "settings")
    assert settings["metadata"]["tags"] == ["remove-cell", "hide-input"]
    assert lab == before


def test_a_lab_without_predictions_keeps_its_order():
    lab = [c for c in LAB if not c["id"].startswith("predict")]
    assert [c["id"] for c in page(lab)] == [c["id"] for c in lab]


def test_an_exercise_on_a_page_does_not_say_that_it_was_not_attempted():
    lab = copy.deepcopy(LAB)
    data = {"text/html": [UNATTEMPTED], "text/plain": ["○ Not attempted yet. Fill in the stub."]}
    right = {"text/html": '<p class="gb-verdict gb-right">Right.</p>'}
    lab[7]["outputs"] = [
        {"output_type": "display_data", "data": data, "metadata": {}},
        {"output_type": "display_data", "data": right, "metadata": {}},
    ]
    shown, other = next(c for c in page(lab) if c["id"] == "mine")["outputs"]
    assert "Not attempted" not in json.dumps(shown)
    assert "the notebook checks" in shown["data"]["text/html"]
    assert other["data"] == right


@pytest.mark.parametrize("name", labs.names())
def test_every_lab_opens_with_its_question(name):
    notebook = json.loads((ROOT / "labs" / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = page(notebook["cells"])
    kinds = [c["id"] for c in cells]
    assert "".join(cells[1]["source"]).startswith("## Predict first")
    assert "setup-heading" in kinds
    assert "setup" not in kinds, "a cell and the heading Setup would share an id"
    assert "imports" in folded(cells)

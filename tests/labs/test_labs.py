"""Every lab: it ran whole, within its memory, quietly, and it is written the way labs are.

What a lab may take of time depends on the machine: `make bench` judges it.
"""

import functools
import json
import re

import pytest

from tools import labs
from tools.environment import ROOT

NAMES = labs.names()
MEGABYTES = 1500
CHECK = re.compile(r"""\bcheck\(\s*["']([a-z0-9_.]+)["']""")

every_lab = pytest.mark.parametrize("name", NAMES)


@functools.cache
def record(name: str) -> dict:
    return labs.verdict(name)


@functools.cache
def notebook(name: str) -> dict:
    return json.loads((ROOT / "labs" / f"{name}.ipynb").read_text(encoding="utf-8"))


@functools.cache
def executed(name: str) -> dict:
    assert record(name)["ok"], record(name)["error"]
    return json.loads((labs.CACHE / name / "executed.ipynb").read_text(encoding="utf-8"))


def code_cells(book: dict) -> list[dict]:
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def outputs(name: str):
    """Pairs of cell and output, over the lab as it ran."""
    return [(cell, out) for cell in code_cells(executed(name)) for out in cell["outputs"]]


def test_there_are_labs():
    assert NAMES


@every_lab
def test_runs_from_top_to_bottom(name):
    error = record(name).get("error")
    assert record(name)["ok"], f"cell {error['cell']}:\n{error['traceback']}"


@every_lab
def test_keeps_its_memory(name):
    assert 0 < record(name)["peak_mb"] <= MEGABYTES


@every_lab
def test_says_nothing_on_stderr(name):
    noise = [(c["id"], o["text"]) for c, o in outputs(name) if o.get("name") == "stderr"]
    assert not noise


@every_lab
def test_leaves_no_files_behind(name):
    assert record(name)["left_behind"] == []


@every_lab
def test_shows_no_path_of_the_machine(name):
    private = re.compile(re.escape(str(ROOT)) + r"|/home/\w|/Users/\w|/root/|C:\\\\Users")
    for cell, output in outputs(name):
        assert not private.search(json.dumps(output)), cell["id"]


@every_lab
def test_images_say_what_they_show(name):
    for cell, output in outputs(name):
        if any(kind.startswith("image/") for kind in output.get("data", {})):
            alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 5, f"cell {cell['id']} needs metadata mystnb.image.alt"


@every_lab
def test_unfilled_exercises_are_met_with_not_attempted(name):
    """A reader who has solved nothing yet runs the whole lab; each check says so."""
    asked = {n for cell in code_cells(notebook(name)) for n in CHECK.findall(source(cell))}
    assert len(asked) >= 3, f"a lab has three exercises or more; this one checks {sorted(asked)}"
    for cell in code_cells(executed(name)):
        if CHECK.search(source(cell)):
            assert "not attempted" in json.dumps(cell["outputs"]).lower(), cell["id"]


@every_lab
def test_records_carry_its_name(name):
    topic = re.sub(r"^\d+[a-z]?_", "", name)
    assert record(name)["records"], "a lab records what the prose quotes"
    assert {r.split(".")[0] for r in record(name)["records"]} == {topic}


@every_lab
def test_is_stripped_of_outputs(name):
    for cell in code_cells(notebook(name)):
        assert cell["outputs"] == [] and cell["execution_count"] is None, cell["id"]


@every_lab
def test_cell_ids_can_be_linked_to(name):
    """Pages link to cells: each id is words with hyphens, and occurs once."""
    ids = [cell.get("id", "") for cell in notebook(name)["cells"]]
    assert len(ids) == len(set(ids))
    for cell_id in ids:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cell_id), cell_id
        assert not re.fullmatch(r"[0-9a-f]{8}", cell_id), f"{cell_id} was made by a machine"


@every_lab
def test_begins_with_its_title(name):
    first = notebook(name)["cells"][0]
    assert first["cell_type"] == "markdown" and re.match(r"# \S", source(first))


@every_lab
def test_asks_for_the_plain_python_kernel(name):
    book = notebook(name)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book["metadata"]["kernelspec"]["name"] == "python3"

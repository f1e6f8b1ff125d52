"""How a lab is written: short cells, numbered steps, bookkeeping out of sight, and a card that is true."""

import functools
import json
import re

import pytest

from tools import labs
from tools.environment import ROOT

NAMES = labs.names()
LINES = 15
CODE_IN_A_ROW = 3
STEPS = range(6, 11)
OF_EACH_KIND = 8  # labs with a plotly chart, and labs with a control
PLOTLY = "application/vnd.plotly.v1+json"
RECORD = re.compile(r"(?<![\w.])record\(")
RUN = ("plotly", "control", "models")  # rules that look at the lab as it ran

# What a lab breaks today. A rule leaves this list when the lab keeps it: a test sees to that.
NOT_YET: dict[str, str] = {}


@functools.cache
def notebook(name: str) -> dict:
    return json.loads((ROOT / "labs" / f"{name}.ipynb").read_text(encoding="utf-8"))


@functools.cache
def run(name: str) -> tuple[dict, dict]:
    """The record of the lab's run and the notebook with its outputs."""
    page = labs.CACHE / name / "executed.ipynb"
    return labs.run_record(name), json.loads(page.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    return "".join(cell["source"])


def hidden(cell: dict) -> bool:
    return "remove-cell" in cell["metadata"].get("tags", [])


def steps(name: str) -> dict[str, list[dict]]:
    """The lab's cells by the `##` heading that they stand under."""
    found, heading = {}, ""
    for cell in notebook(name)["cells"]:
        title = re.match(r"## (.+)", source(cell))
        heading = title[1] if title and cell["cell_type"] == "markdown" else heading
        found.setdefault(heading, []).append(cell)
    return found


# ---- the rules: each gives what is wrong, in words, or nothing


def short(name: str) -> list[str]:
    long = {c["id"]: len(source(c).rstrip().splitlines()) for c in code(name)}
    return [f"cell {k} has {n} lines; at most {LINES}" for k, n in long.items() if n > LINES]


def talk(name: str) -> list[str]:
    row, wrong = 0, []
    for cell in notebook(name)["cells"]:
        if not hidden(cell):
            row = row + 1 if cell["cell_type"] == "code" else 0
        if row == CODE_IN_A_ROW + 1:
            wrong.append(f"before cell {cell['id']} stand {CODE_IN_A_ROW} code cells: say a word")
    return wrong


def numbered(name: str) -> list[str]:
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", "\n".join(steps(name)), re.MULTILINE)]
    if numbers != list(range(1, len(numbers) + 1)):
        return [f"the steps are numbered {numbers}; count from 1 without a gap"]
    if len(numbers) not in STEPS:
        return [f"{len(numbers)} steps; a lab has {STEPS[0]} to {STEPS[-1]}"]
    return []


def records(name: str) -> list[str]:
    wrong = []
    for heading, cells in steps(name).items():
        calls = {c["id"]: len(RECORD.findall(source(c))) for c in cells if c in code(name)}
        if sum(calls.values()) > 1:
            wrong.append(f"{heading or 'the beginning'!r} calls record {calls}; once a step")
    return wrong


def bookkeeping(name: str) -> list[str]:
    linked, wrong = linked_to(name), []
    for cell in code(name):
        keeps, folded = RECORD.search(source(cell)), cell["metadata"].get("jupyter", {})
        is_folded = folded.get("source_hidden", False)
        if bool(keeps) != hidden(cell) or hidden(cell) != is_folded:
            wrong.append(
                f"cell {cell['id']}: a cell that records, and no other, has the tag remove-cell and "
                "jupyter.source_hidden"
            )
        if hidden(cell) and cell["id"] in linked:
            wrong.append(f"cell {cell['id']} is hidden and a claim or a page links to it")
    return wrong


def card(name: str) -> list[str]:
    found = notebook(name)["metadata"].get("glassbox", {})
    if set(found) != {"plotly", "control", "models"}:
        return [f"the notebook's metadata.glassbox is {found}; see CONTRIBUTING.md, 'A lab's card'"]
    return []


def plotly(name: str) -> list[str]:
    charts = [c for c in run(name)[1]["cells"] if PLOTLY in kinds(c)]
    said = notebook(name)["metadata"].get("glassbox", {}).get("plotly")
    wrong = [f"cell {c['id']}: no table behind the chart" for c in charts if not has_table(c)]
    return wrong + [f"card: plotly is {said}; {len(charts)} charts"] * (bool(charts) is not said)


def control(name: str) -> list[str]:
    shown = [text for c in run(name)[1]["cells"] for text in pages(c) if "gb-control" in text]
    said = notebook(name)["metadata"].get("glassbox", {}).get("control")
    empty = [text for text in shown if not re.sub(r"<[^>]+>|\s", "", text) and "<svg" not in text]
    wrong = ["a control shows nothing on the page without a kernel"] * len(empty)
    return wrong + [f"card: control is {said}; {len(shown)} controls"] * (bool(shown) is not said)


def models(name: str) -> list[str]:
    opened = "\n".join(run(name)[0]["used"])
    used = sorted(set(re.findall(r"/checkpoints/([\w-]+)/manifest\.json", opened)))
    said = notebook(name)["metadata"].get("glassbox", {}).get("models")
    return [f"card: models is {said}; the run opened {used}"] * (said != used)


RULES = [short, talk, numbered, records, bookkeeping, card, plotly, control, models]


def code(name: str) -> list[dict]:
    return [cell for cell in notebook(name)["cells"] if cell["cell_type"] == "code"]


def kinds(cell: dict) -> set[str]:
    return {kind for out in cell.get("outputs", []) for kind in out.get("data", {})}


def pages(cell: dict) -> list[str]:
    """What a cell shows as HTML."""
    found = [out.get("data", {}).get("text/html") for out in cell.get("outputs", [])]
    return ["".join(text) for text in found if text]


def has_table(cell: dict) -> bool:
    return any("<table" in text for text in pages(cell))


@functools.cache
def linked_to(name: str) -> set[str]:
    """The cells of a lab that claims and pages link to."""
    files = [*(ROOT / "seeds").glob("*.yaml"), *(ROOT / "chapters").rglob("*.md")]
    link = re.compile(rf"{name}(?:\.html|\.ipynb|\.md)?#([a-z0-9-]+)")
    return {cell for path in files for cell in link.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_lab_keeps_the_rule(name, rule):
    if rule.__name__ in RUN and not labs.is_current(name):
        pytest.skip(f"{name} has no current run: python make.py labs {name}")
    wrong = rule(name)
    if rule.__name__ in NOT_YET.get(name, "").split():
        assert wrong, f"{name} keeps {rule.__name__} now: take it out of NOT_YET"
    else:
        assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(bool(NOT_YET), reason="labs are being rewritten: see NOT_YET")
@pytest.mark.parametrize("kind", ["plotly", "control"])
def test_enough_labs_have_one_to_turn_or_try(kind):
    have = [name for name in NAMES if notebook(name)["metadata"].get("glassbox", {}).get(kind)]
    assert len(have) >= OF_EACH_KIND, f"{kind} in {have}; at least {OF_EACH_KIND} labs"

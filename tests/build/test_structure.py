"""The house: imports run one way, and a topic has one name through every folder."""

import ast
import re

import pytest

from tools.environment import ROOT

# A floor imports from floors of a lower number, and from itself; scale and society leave each other alone.
FLOORS = {
    "world": 0,
    "machine": 1,
    "assistant": 2,
    "scale": 3,
    "society": 3,
    "shipped": 4,
    "recordings": 5,
    "course": 6,
}
MODULES = sorted((ROOT / "glassbox").glob("*/**/*.py"))
LABS = {re.sub(r"^\d+[a-z]?_", "", path.stem) for path in (ROOT / "labs").glob("*.ipynb")}
FIGURES = {path.parent.name for path in (ROOT / "figures").glob("*/index.js")} - {"core"}
NO_LAB = {
    "quiz",
    "predict",
    "copyright_cases",
    "whole_machine",
    "turing_test",
}  # figures of the apparatus and of prose alone


def name_of(path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path) -> set[str]:
    """The modules of the library that a file imports, wherever in it."""
    known = {name_of(p) for p in MODULES}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & known or {
                node.module
            }
    return {name for name in found if name.startswith("glassbox.")} - {name_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_runs_upward(path):
    here = path.relative_to(ROOT / "glassbox").parts[0]
    for name in imported(path):
        there = name.split(".")[1]
        assert there == here or FLOORS[there] < FLOORS[here], f"{name_of(path)} imports {name}"


def test_there_are_no_circles():
    """Between the library's modules, an import inside a function counted too."""
    graph = {name_of(path): imported(path) for path in MODULES}

    def visit(name, above):
        assert name not in above, " -> ".join([*above[above.index(name) :], name])
        if name not in clear:
            for other in sorted(graph.get(name, ())):
                visit(other, [*above, name])
            clear.add(name)

    clear: set[str] = set()
    for name in graph:
        visit(name, [])


def test_nothing_in_the_library_imports_figures_labs_or_tools():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) (figures|tools|labs|tests)\b", text, re.M), path


def test_a_lab_and_its_exercises_have_one_name():
    exercises = (ROOT / "glassbox" / "course" / "exercises").glob("*.py")
    assert {path.stem for path in exercises} - {"__init__"} == LABS


def test_a_recording_has_the_name_of_its_lab():
    """One lab has a second recording, named after the first with a word more."""
    for path in (ROOT / "glassbox" / "recordings").glob("*.json"):
        assert path.with_suffix(".py").exists(), f"nothing makes {path.name}"
        assert any(path.stem == lab or path.stem.startswith(f"{lab}_") for lab in LABS), path.stem
        assert (ROOT / "tests" / "recordings" / f"test_{path.stem}.py").exists(), path.stem


def test_a_figure_has_the_name_of_a_lab():
    assert FIGURES - LABS == NO_LAB


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_has_all_of_itself_in_its_folder(name):
    folder = ROOT / "figures" / name
    assert {"index.js", "logic.js", "logic.test.js", "strings.json", "style.css"} <= {
        path.name for path in folder.iterdir()
    }
    assert (ROOT / "tests" / "browser" / f"test_{name}.py").exists()

"""Labs really run here, small ones: what is kept, what is shown when one fails."""

import json

import pytest

from tools import labs

TITLE = ("markdown", "title", "# Tiny")
IMPORTS = ("code", "imports", "import os")


def kept(project, name="01_tiny") -> dict:
    path = project.root / "_build" / "labs" / name / "executed.ipynb"
    return {c["id"]: c for c in json.loads(path.read_text(encoding="utf-8"))["cells"]}


def test_outputs_time_memory_and_records_are_kept(project, capsys):
    (record,) = labs.run_stale()
    assert record["ok"] and record["error"] is None
    assert 0 < record["seconds"] < 60 and 20 < record["peak_mb"] < 2000
    assert record["records"] == {"tiny.six": {"value": 6, "digits": 0, "unit": ""}}
    assert record["left_behind"] == []
    (output,) = kept(project)["result"]["outputs"]  # the semicolon hides the second value
    assert "".join(output["text"]) == "six 6\n"
    assert "[1/1] lab 01_tiny" in capsys.readouterr().out


def test_a_second_call_runs_nothing_and_damage_is_repaired(project, capsys):
    labs.run_stale()
    capsys.readouterr()
    labs.run_stale()
    assert capsys.readouterr().out == ""
    executed = project.root / "_build" / "labs" / "01_tiny" / "executed.ipynb"
    whole = executed.read_bytes()
    executed.write_bytes(whole[:100])
    (record,) = labs.run_stale()
    assert record["ok"] and executed.read_bytes() == whole


@pytest.mark.parametrize(
    "source, words",
    [
        ("def f(x):\n    return 1 / x\nf(0)", "ZeroDivisionError"),
        ("import os\nos._exit(1)", "the kernel died"),
    ],
    ids=["error", "dead kernel"],
)
def test_a_failing_lab_is_shown_and_the_others_still_run(project, capsys, source, words):
    project.lab("00_bad", [TITLE, IMPORTS, ("code", "broken", source), ("code", "after", "1")])
    bad, good = labs.run_stale()
    assert not bad["ok"] and bad["error"]["cell"] == "broken" and words in bad["error"]["message"]
    assert good["ok"]
    said = capsys.readouterr().out
    assert "FAILED" in said and "cell 'broken' of labs/00_bad.ipynb" in said and words in said


@pytest.mark.parametrize("text", ['{"cells": [], "nbformat": 4}', "", "[1, 2", "[1, 2]"])
def test_a_file_that_is_no_notebook_is_told(project, text):
    project.write("labs/00_bad.ipynb", text)
    project.pretend_run("01_tiny")
    bad, good = labs.run_stale()
    assert not bad["ok"] and good["ok"]


def test_the_kernel_has_no_way_to_the_network(project):
    source = (
        "import urllib.request\n"
        "try:\n    urllib.request.urlopen('http://example.org', timeout=5)\n"
        "except OSError:\n    print('refused')"
    )
    project.lab("01_tiny", [TITLE, ("code", "ask", source)])
    labs.run_stale()
    assert "".join(kept(project)["ask"]["outputs"][0]["text"]) == "refused\n"


def test_a_live_control_gives_way_to_words_on_the_page(project):
    source = "import ipywidgets\nipywidgets.IntSlider()"
    project.lab("01_tiny", [TITLE, ("code", "slide", source)])
    labs.run_stale()
    (output,) = kept(project)["slide"]["outputs"]
    assert "when the notebook runs" in "".join(output["data"]["text/html"])
    assert not any("widget" in kind for kind in output["data"])

"""What makes a lab run again, and what does not."""

import json

import pytest

from tools import labs

USED = ["glassbox/machine/model.py", "glassbox/recordings/later.json", "glassbox/recordings/"]


@pytest.mark.parametrize("path", ["requirements.lock", *USED])
def test_a_change_in_what_a_run_used_makes_it_stale(project, path):
    project.pretend_run("01_tiny", USED)
    assert labs.is_current("01_tiny")
    project.write(path + "new.json" * path.endswith("/"), "changed")
    assert not labs.is_current("01_tiny")


def test_a_change_in_what_it_did_not_use_leaves_it_current(project):
    project.pretend_run("01_tiny", USED)
    project.write("glassbox/machine/optim.py", "changed")
    project.write("glassbox/machine/new.py", "")
    project.write("_build/figures/tokens.js", "changed")
    assert labs.is_current("01_tiny")


@pytest.mark.parametrize("path", ["glassbox/machine/model.py", "glassbox/recordings/"])
def test_what_is_gone_makes_it_stale(project, path):
    project.pretend_run("01_tiny", [path])
    for file in [project.root / path, *(project.root / path).glob("*")]:
        file.unlink() if file.is_file() else None
    assert not labs.is_current("01_tiny")


def test_another_python_makes_it_stale(project, monkeypatch):
    project.pretend_run("01_tiny")
    monkeypatch.setattr(labs.environment, "python_minor", lambda: "3.99")
    assert not labs.is_current("01_tiny")


def test_another_runner_makes_it_stale(project, monkeypatch):
    project.pretend_run("01_tiny")
    monkeypatch.setattr(labs, "PLUGIN", project.write("plugin.py", "changed"))
    assert not labs.is_current("01_tiny")


@pytest.mark.parametrize("kind", ["markdown", "code"])
def test_a_changed_word_in_the_notebook_makes_it_stale(project, kind):
    cells = [("markdown", "title", "# Tiny"), ("code", "one", "1")]
    project.lab("01_tiny", cells)
    before = labs.key("01_tiny")
    project.lab("01_tiny", [c if c[0] != kind else (*c[:2], c[2] + "0") for c in cells])
    assert labs.key("01_tiny") != before


def test_running_a_lab_by_hand_does_not_make_it_stale(project):
    """Jupyter puts outputs and counts into the file; they are not what the lab says."""
    before = labs.key("01_tiny")
    path = project.root / "labs" / "01_tiny.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][1]["execution_count"] = 7
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    path.write_text(json.dumps(notebook, indent=3), encoding="utf-8")
    assert labs.key("01_tiny") == before


@pytest.mark.parametrize("name", ["executed.ipynb", "run.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_entry_is_noticed(project, name, damage):
    path = project.pretend_run("01_tiny") / name
    text = path.read_text(encoding="utf-8")
    if damage == "cut":
        path.write_text(text[: len(text) // 2], encoding="utf-8")
    elif damage == "changed":
        path.write_text(text.replace("ok", "no").replace("Tiny", "Tidy"), encoding="utf-8")
    else:
        path.unlink()
    assert not labs.is_current("01_tiny")


def test_a_failed_run_is_tried_again(project):
    project.pretend_run("01_tiny", ok=False, error={"cell": "x", "message": "", "traceback": ""})
    assert not labs.is_current("01_tiny")

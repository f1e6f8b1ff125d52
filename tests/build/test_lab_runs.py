"""Labs really run here, small ones: what is kept, what is shown when one fails."""

import json
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tools import labs, workers
from tools.environment import ROOT

# A lab that uses what a lab can use, in every way that one does.
BUSY = {
    "imports": "import json, os, pathlib, subprocess, sys\nimport glassbox\nfrom glassbox.machine import model",
    "files": """
inside = pathlib.Path(glassbox.__file__).parent
tides = json.loads((inside / "recordings" / "tides.json").read_text())
kinds = os.listdir(inside / "kinds")
try:
    later = open(inside / "recordings" / "later.json").read()
except OSError:
    later = None
""",
    "process": """
child = f"import glassbox.machine.sweep; open({str(inside / 'recordings' / 'grid.json')!r}).read()"
subprocess.run([sys.executable, "-c", child], check=True)
""",
    "shown": """
from IPython.display import HTML
bundle = (inside.parent / "_build" / "figures" / "attention.js").read_text()
HTML('<div class="afm" data-afm-name="tokens"></div>')
""",
}
BUSY_USES = [
    "glassbox/__init__.py",
    "glassbox/machine/__init__.py",
    "glassbox/machine/model.py",
    "glassbox/recordings/tides.json",
    "glassbox/recordings/later.json",
    "glassbox/kinds/",
    "glassbox/machine/sweep.py",
    "glassbox/recordings/grid.json",
    "_build/figures/attention.js",
    "_build/figures/tokens.js",
    "_build/figures/models/tokens.js",
]
BUSY_LEAVES = [
    "glassbox/course/__init__.py",
    "glassbox/machine/optim.py",
    "glassbox/machine/new.py",
    "glassbox/recordings/new.json",
    "glassbox/kinds/poem.py",
    "_build/figures/quiz.js",
    "figures/tokens/index.js",
    "chapters/01.md",
]

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


def test_it_is_stale_when_something_that_it_used_changes_and_only_then(project):
    for path in ("glassbox/kinds/poem.py", "glassbox/machine/sweep.py"):
        project.write(path, "")
    project.write("glassbox/recordings/grid.json", "[]")
    project.write("_build/figures/attention.js", "")
    project.write("_build/figures/quiz.js", "")
    project.lab("01_tiny", [TITLE, *(("code", name, text) for name, text in BUSY.items())])
    (record,) = labs.run_stale()
    assert record["ok"], record["error"]
    assert set(record["used"]) == set(BUSY_USES)
    missing = {path for path, then in record["used"].items() if then is None}
    assert missing == {"glassbox/recordings/later.json", "_build/figures/models/tokens.js"}
    for path in BUSY_LEAVES:
        project.write(path, "changed")
        assert labs.is_current("01_tiny"), path
    for path in BUSY_USES:
        file = project.root / (path + "new" * path.endswith("/"))
        before = file.read_bytes() if file.exists() else None
        project.write(file.relative_to(project.root), "changed")
        assert not labs.is_current("01_tiny"), path
        file.unlink() if before is None else file.write_bytes(before)
        assert labs.is_current("01_tiny"), path


def test_a_file_that_changes_while_the_lab_runs_makes_it_stale(project):
    path = project.root / "glassbox" / "machine" / "model.py"
    source = f"from glassbox.machine import model\nopen({str(path)!r}, 'w').write('n_layer = 5')"
    project.lab("01_tiny", [TITLE, ("code", "edit", source)])
    (record,) = labs.run_stale()
    assert record["ok"] and not labs.is_current("01_tiny")


def test_labs_run_side_by_side(project, monkeypatch, capsys):
    """Each waits for the other to have begun, which one after the other never ends."""
    monkeypatch.setattr(workers, "at_once", lambda: 2)
    meet = "import pathlib, time\nhere = pathlib.Path({0!r})\n(here / '{1}').touch()\n"
    meet += "while not (here / '{2}').exists(): time.sleep(0.1)"
    for mine, other in (("01_tiny", "02_tiny"), ("02_tiny", "01_tiny")):
        source = meet.format(str(project.root), mine, other)
        project.lab(mine, [TITLE, ("code", "meet", source)])
    assert [record["ok"] for record in labs.run_stale()] == [True, True]
    said = capsys.readouterr().out
    assert "[1/2]" in said and "[2/2]" in said and said.count("done in") == 2


def test_the_longest_comes_first(project, monkeypatch, capsys):
    monkeypatch.setattr(workers, "at_once", lambda: 1)
    monkeypatch.setattr(labs, "run", lambda name, running: project.kept(name))
    for name, seconds in (("01_tiny", 20), ("02_long", 70), ("03_short", 5)):
        project.lab(name, [TITLE])
        project.pretend_run(name, key="of another day", seconds=seconds, peak_mb=1, error=None)
    labs.run_stale()
    begun = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[")]
    assert begun == [
        "[1/3] lab 02_long … (about 95 s left)",
        "[2/3] lab 01_tiny … (about 25 s left)",
        "[3/3] lab 03_short … (about 5 s left)",
    ]


@pytest.mark.parametrize(
    "cores, gigabytes, labs_at_once",
    [(2, 23, 2), (2, 3, 1), (16, 128, 16), (8, 8, 4), (1, 16, 1), (4, 0.5, 1)],
)
def test_as_many_run_as_cores_and_memory_allow(monkeypatch, cores, gigabytes, labs_at_once):
    said = type("Said", (), {"stdout": f"{cores} {int(gigabytes * 1e9)}\n"})
    monkeypatch.setattr(workers.subprocess, "run", lambda *a, **k: said)
    assert workers.at_once() == labs_at_once


def alive(marker) -> list[int]:
    """The processes that wrote their number beside a marker and still run."""
    return [int(p.suffix[1:]) for p in marker.parent.glob(f"{marker.name}.*")
            if psutil.pid_exists(int(p.suffix[1:]))]  # fmt: skip


@pytest.mark.parametrize("how", ["interrupt", "kill"])
def test_an_interrupt_ends_the_kernel_and_what_it_started_and_keeps_the_old_run(project, how):
    labs.run_stale()
    kept = {path.name: path.read_bytes() for path in project.folder("01_tiny").iterdir()}
    marker = project.root / "begun"
    write = f"import os; open({str(marker)!r} + f'.{{os.getpid()}}', 'w').close()"
    wait = f"{write}; import time; time.sleep(120)"
    source = f"import subprocess, sys\n{write}\nsubprocess.run([sys.executable, '-c', {wait!r}])"
    project.lab("01_tiny", [TITLE, ("code", "wait", source)])
    code = (
        "from pathlib import Path\nfrom tools import environment, labs, used\n"
        f"root = Path({str(project.root)!r})\n"
        "labs.ROOT = used.ROOT = root\n"
        "labs.LABS, labs.CACHE = root / 'labs', root / '_build' / 'labs'\n"
        "environment.BUILD = root / '_build'\nlabs.run_stale()"
    )
    maker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(alive(marker)) == 2)
    maker.send_signal(signal.SIGINT) if how == "interrupt" else maker.kill()
    maker.wait(30)
    wait_until(lambda: not alive(marker))
    now = {path.name: path.read_bytes() for path in project.folder("01_tiny").glob("*.*")}
    assert now == kept


def wait_until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.2)


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

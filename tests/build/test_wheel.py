"""The library as others get it: built as a wheel, installed elsewhere, used away from this folder."""

import json
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABS = sorted((ROOT / "labs").glob("*.ipynb"))
BUNDLE = "export default { render() {} };\n"
MODEL = '((window.__glassbox||={}).models||={})["base"]=\n{"n":1}\n;\n'

# Runs each piece of code by itself, as a new notebook would; prints what went wrong.
RUN_CELLS = """
import json, sys, traceback
import glassbox
failed = {}
for name, source in json.load(sys.stdin).items():
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
    except Exception:
        failed[name] = traceback.format_exc(limit=-3)
print(json.dumps({"from": glassbox.__file__, "failed": failed}))
"""
ASK_FIGURES = """
import json
from glassbox.course import figure
from glassbox.course.figure import BUNDLES, _answer
class Page:
    def send(self, message): self.message = message
page = Page()
_answer(page, {"kind": "file", "name": "base"}, [])
shown = figure("tokens", text="Mara Quill")
print(json.dumps({"shown": repr(shown), "file": page.message, "where": str(BUNDLES)}))
"""
CONF = 'extensions = ["myst_nb"]\nnb_execution_mode = "off"\n'
CHART = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# A book of others"},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {},
            "source": "chart",
            "outputs": [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {
                        "application/vnd.plotly.v1+json": {"data": [], "layout": {}},
                        "text/html": "<p>their own chart</p>",
                    },
                }
            ],
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 4,
}


def build(source: Path, out: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    pip += ["--no-index", "--disable-pip-version-check", "--wheel-dir", str(out), str(source)]
    done = subprocess.run(pip, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel, which sees our packages but not our source; its Python.

    The packages' folder is on the path without the .pth files in it, which lead to the source.
    """
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    bin_folder = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = bin_folder / Path(sys.executable).name
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(subprocess.check_output([python, "-c", ask], text=True).strip())
    (own / "packages.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    pip += ["--disable-pip-version-check", "--target", str(own), str(wheel)]
    done = subprocess.run(pip, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of what is in the repository, without anything built."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.check_output(listed, cwd=ROOT, text=True).split("\0")
    copy = tmp_path_factory.mktemp("source")
    for name in filter(None, files):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "seeds/", "chapters/")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def bare(source, tmp_path_factory):
    """The Python of an environment whose library was built before its figures."""
    wheel = build(source, tmp_path_factory.mktemp("wheel"))
    return install(wheel, tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def whole(source, bare, tmp_path_factory):
    """The Python of an environment whose library was built after its figures (two short ones)."""
    models = source / "_build" / "figures" / "models"
    models.mkdir(parents=True)
    (models.parent / "tokens.js").write_text(BUNDLE, encoding="utf-8")
    (models / "base.js").write_text(MODEL, encoding="utf-8")
    wheel = build(source, tmp_path_factory.mktemp("wheel"))
    return install(wheel, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def ask(tmp_path):
    """Run code with a Python in a folder of its own, and read the JSON that it prints."""

    def run(python: Path, code: str, given: object = None) -> dict:
        done = subprocess.run(
            [python, "-c", code],
            input=json.dumps(given),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_the_first_cell_of_every_lab_runs_elsewhere(bare, ask):
    cells = {}
    for lab in LABS:
        notebook = json.loads(lab.read_text(encoding="utf-8"))
        first = next(c for c in notebook["cells"] if c["cell_type"] == "code")
        cells[lab.stem] = "".join(first["source"])
    found = ask(bare, RUN_CELLS, cells)
    assert ROOT not in Path(found["from"]).parents
    assert len(cells) >= 16
    assert not found["failed"], "\n".join(found["failed"].values())


def test_every_recording_and_every_model_is_in_the_wheel(bare, ask):
    names = sorted(p.stem for p in (ROOT / "glassbox" / "recordings").glob("*.json"))
    models = sorted(p.parent.name for p in (ROOT / "glassbox").glob("shipped/*/*/manifest.json"))
    assert len(names) >= 7
    assert len(models) == 7
    code = f"""
import json
from glassbox.recordings.recording import load as recorded
from glassbox.shipped import load
print(json.dumps([len(recorded(n)) for n in {names}] + [bool(load(n).card) for n in {models}]))
"""
    assert all(ask(bare, code))


def test_figures_travel_in_the_wheel(whole, ask):
    found = ask(whole, ASK_FIGURES)
    assert found["shown"] == "Figure('tokens')"
    assert found["file"]["file"] == {"n": 1}


def test_a_library_without_figures_says_what_helps_it(bare, ask):
    """The figures of a checkout are built in the checkout; an installed library looks elsewhere."""
    found = ask(bare, ASK_FIGURES)
    for words in (found["shown"], found["file"]["error"]):
        assert "make.py wheel" in words
        assert "make.py figures" not in words
    assert Path(found["where"]).parent.name == "course"
    assert bare.parents[1] in Path(found["where"]).parents


def test_another_book_builds_beside_the_library(bare, tmp_path):
    """The library once named a renderer that only this book has, and every other book stopped."""
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.ipynb").write_text(json.dumps(CHART), encoding="utf-8")
    done = subprocess.run(
        [bare, "-m", "sphinx", "-q", "-b", "html", str(tmp_path), str(tmp_path / "html")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert "their own chart" in page  # shown as that book would have shown it

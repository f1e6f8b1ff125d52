"""A small project of its own for each test: a lab, a library, a model, a lock file."""

import json

import pytest

from tools import book, environment, labs
from tools import used as usage

# A library in the place of ours: what a lab imports of it, and what not.
LIBRARY = {
    "glassbox/__init__.py": "",
    "glassbox/course/__init__.py": """
import json, os
def record(name, value, digits=2, unit=""):
    entry = {name: {"value": value, "digits": digits, "unit": unit}}
    with open(os.path.join(os.environ["GLASSBOX_RUN"], "records.json"), "w") as file:
        json.dump(entry, file)
""",
    "glassbox/machine/__init__.py": "",
    "glassbox/machine/model.py": "n_layer = 4",
    "glassbox/machine/optim.py": "lr = 0.1",
    "glassbox/recordings/tides.json": "[1, 2]",
}
TINY = [
    ("markdown", "title", "# Tiny"),
    ("code", "imports", "import os\nfrom glassbox.course import record"),
    ("code", "result", 'print("six", 2 * 3)\nrecord("tiny.six", 6, digits=0);'),
]


def cell(kind: str, name: str, source: str) -> dict:
    made = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


class Project:
    """A folder laid out like the repository, with the build's modules pointed at it."""

    def __init__(self, root, monkeypatch):
        self.root = root
        for module in (labs, book, environment):
            monkeypatch.setattr(module, "BUILD", root / "_build")
        for module in (labs, book, usage):
            monkeypatch.setattr(module, "ROOT", root)
        monkeypatch.setattr(labs, "LABS", root / "labs")
        monkeypatch.setattr(labs, "CACHE", root / "_build" / "labs")
        monkeypatch.setattr(book, "SOURCE", root / "_build" / "src")
        for path, text in LIBRARY.items():
            self.write(path, text)
        self.write("requirements.lock", "numpy==2.4.6")
        self.write("_build/figures/tokens.js", "export default {}")
        self.write("_config.yml", "title: Tiny")
        self.write("chapters/01.md", "# One")
        self.lab("01_tiny", TINY)

    def write(self, path: str, text: str):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def lab(self, name: str, cells):
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = {
            "cells": [cell(*c) for c in cells],
            "metadata": {"kernelspec": spec},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        self.write(f"labs/{name}.ipynb", json.dumps(notebook))

    def folder(self, name: str):
        return self.root / "_build" / "labs" / name

    def kept(self, name: str) -> dict:
        return json.loads((self.folder(name) / "run.json").read_text(encoding="utf-8"))

    def pretend_run(self, name: str, used=("glassbox/machine/model.py",), **changes):
        """Keep a result for a lab without running it."""
        folder = self.folder(name)
        text = (self.root / "labs" / f"{name}.ipynb").read_text(encoding="utf-8")
        self.write(f"_build/labs/{name}/executed.ipynb", text)
        run = {"key": labs.key(name), "ok": True, "seconds": 1.0, "records": {}}
        run["used"] = {path: usage.state(path) for path in used}
        run["sha256"] = labs._sha256(folder / "executed.ipynb")
        self.write(f"_build/labs/{name}/run.json", json.dumps(run | changes))
        return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    return Project(tmp_path, monkeypatch)

"""A small project of its own for each test: a lab, a library, a model, a lock file."""

import json

import pytest

from tools import book, labs

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
        for module in (labs, book):
            monkeypatch.setattr(module, "ROOT", root)
            monkeypatch.setattr(module, "BUILD", root / "_build")
        monkeypatch.setattr(labs, "LABS", root / "labs")
        monkeypatch.setattr(labs, "CACHE", root / "_build" / "labs")
        monkeypatch.setattr(book, "SOURCE", root / "_build" / "src")
        self.write("glassbox/shipped/checkpoints/base/model.safetensors", "weights")
        self.write("glassbox/machine/model.py", "n_layer = 4")
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

    def pretend_run(self, name: str, **changes):
        """Keep a result for a lab without running it."""
        folder = self.root / "_build" / "labs" / name
        text = (self.root / "labs" / f"{name}.ipynb").read_text(encoding="utf-8")
        self.write(f"_build/labs/{name}/executed.ipynb", text)
        run = {"key": labs.key(name), "ok": True, "seconds": 1.0, "records": {}}
        run["sha256"] = labs._sha256(folder / "executed.ipynb")
        self.write(f"_build/labs/{name}/run.json", json.dumps(run | changes))
        return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    return Project(tmp_path, monkeypatch)

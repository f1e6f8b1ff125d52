"""`python -m glassbox doctor`: it runs, and it knows every package that a lab imports."""

import ast
import json
import re
import subprocess
import sys

from glassbox.course import doctor as of_the_course
from glassbox.course.doctor import doctor, findings, packages
from tools.environment import ROOT

STANDARD = set(sys.stdlib_module_names)
OPTIONAL = {"lm_eval"}  # labs say what they do without these
SHIPPED_AS = {"sklearn": "scikit-learn", "yaml": "pyyaml", "IPython": "ipywidgets"}


def imported_by_labs() -> set[str]:
    """Top-level names that any lab imports, except the library itself and Python's own."""
    found = set()
    for path in (ROOT / "labs").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse(re.sub(r"^%.*", "", "".join(cell["source"])))):
                    if isinstance(node, ast.Import):
                        found |= {alias.name.split(".")[0] for alias in node.names}
                    elif isinstance(node, ast.ImportFrom) and node.level == 0:
                        found.add(node.module.split(".")[0])
    return found - STANDARD - OPTIONAL - {"glassbox"}


def test_every_package_that_a_lab_imports_is_looked_for():
    known = {name.lower() for name in packages()}
    assert {SHIPPED_AS.get(name, name).lower() for name in imported_by_labs()} <= known


def test_the_command_runs_and_the_course_hands_out_the_function():
    assert of_the_course is doctor
    ran = subprocess.run(
        [sys.executable, "-m", "glassbox", "doctor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.stdout.startswith("ok   Python 3.")
    assert "the shipped model `base` is whole" in ran.stdout


def test_a_missing_package_is_named_with_its_remedy(monkeypatch):
    import glassbox.course.doctor  # noqa: F401

    module = sys.modules["glassbox.course.doctor"]
    monkeypatch.setattr(module, "packages", lambda: ["no-such-package"])
    lines = {line: good for good, line in findings()}
    (missing,) = [line for line in lines if "no-such-package" in line]
    assert "pip install no-such-package" in missing and lines[missing] is False

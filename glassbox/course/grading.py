"""Who has solved what: `python -m glassbox who FOLDER` runs the exercises of learners' notebooks.

Of each notebook only two things run: its imports and definitions, wherever they stand, and the
cells with a `check(...)`. So nothing is trained, and a notebook takes seconds. Each runs in a
process of its own, several at a time; a cell that does not end is cut off and called an error, and
the others still run. If an exercise is checked twice, the last time counts.

It runs whatever the learners wrote, with the rights of whoever starts it.
"""

from __future__ import annotations

import ast
import csv
import faulthandler
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

SECONDS = 30.0  # for one cell, before it counts as one that does not end
CHECK = re.compile(r"""^[^#\n]*\bcheck\(\s*["'](\w+\.\w+)["']""", re.MULTILINE)
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Row:
    """How one notebook did in one exercise: right, wrong, not attempted or error."""

    notebook: str
    exercise: str
    result: str
    message: str = ""


def who(folder: Path, table: Path | None, jobs: int, seconds: float, out: TextIO) -> None:
    """Grade every notebook in a folder; print the results and, if asked to, write them as CSV.

    Raises ValueError, in one sentence, for what cannot be graded.
    """
    if jobs < 1 or not seconds > 0:
        raise ValueError(f"jobs is {jobs} and seconds {seconds:g}; both must be more than 0")
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder; give the one that holds the notebooks")
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise ValueError(f"there is no notebook (*.ipynb) in {folder}")
    if table:
        write(table, [])  # if it cannot be written, that is said before the work
    with ThreadPoolExecutor(jobs) as pool:
        rows = [r for found in pool.map(lambda p: grade(p, seconds), notebooks) for r in found]
    if table:
        write(table, rows)
    report(rows, out)


def grade(path: Path, seconds: float = SECONDS) -> list[Row]:
    """One row for each exercise of a notebook's lab, in the lab's order."""
    try:
        checked = CHECK.findall("\n".join(code_cells(path)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [Row(path.stem, "", "error", "this file is no notebook")]
    topics = dict.fromkeys(name.partition(".")[0] for name in checked)
    found = {name: ("not attempted", "no cell checks it") for t in topics for name in _exercises(t)}
    if not found:
        return [Row(path.stem, "", "error", "no cell checks an exercise of this book")]
    for line in _run(path, seconds):
        if line.get("exercise") in found:
            found[line["exercise"]] = line["result"], line["message"]
    return [Row(path.stem, name, *result) for name, result in found.items()]


def code_cells(path: Path) -> list[str]:
    """The code cells of a notebook, as text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _exercises(topic: str) -> list[str]:
    from glassbox.course.exercises import exercises, topics

    return [f"{topic}.{e.name}" for e in exercises(topic)] if topic in topics() else []


def _run(path: Path, seconds: float) -> list[dict]:
    """What the process of a notebook reports. If a cell kills it, it is run again without that cell."""
    skipped: list[int] = []
    while True:
        lines = _process(path, seconds, skipped)
        begun = [line["begun"] for line in lines if "begun" in line]
        if not begun or begun[-1] == "the end" or begun[-1] in skipped:
            return lines
        skipped.append(begun[-1])


def _process(path: Path, seconds: float, skipped: list[int]) -> list[dict]:
    """Run `_work` in a fresh Python in the notebook's folder; return what it reported before it ended."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.jsonl")
        report.touch()
        task = json.dumps([str(path.resolve()), str(report), seconds, skipped])
        environment = os.environ | {
            "GLASSBOX_STRICT": "",  # a strict check would raise
            "IPYTHONDIR": folder,
            "MPLBACKEND": "agg",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        }
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        command = [sys.executable, "-m", __name__, task]
        subprocess.run(command, cwd=path.resolve().parent, env=environment, check=False, **quiet)
        return [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]


def _work(path: str, report: str, seconds: float, skipped: list[int]) -> None:
    """In the process of one notebook: run its cells, and report each exercise when it is known."""
    import torch  # noqa: F401  (it takes its time, which is no cell's)
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    with open(report, "w", encoding="utf-8", buffering=1) as file:

        def say(**line):
            print(json.dumps(line), file=file)

        for number, cell in enumerate(code_cells(Path(path))):
            say(begun=number)
            if number in skipped:
                found = dict.fromkeys(
                    CHECK.findall(cell),
                    (
                        "error",
                        f"the cell did not end within {seconds:g} seconds, or it ended Python",
                    ),
                )
            else:  # a watchdog of its own kind: it ends Python whatever runs
                faulthandler.dump_traceback_later(seconds, exit=True)
                found = _results(shell, cell)
                faulthandler.cancel_dump_traceback_later()
            for name, (result, message) in found.items():
                say(exercise=name, result=result, message=message)
        say(begun="the end")


def _results(shell, cell: str) -> dict[str, tuple[str, str]]:
    """Run a cell, or only its definitions if it checks nothing; what its checks said."""
    from IPython.utils.capture import capture_output

    checked = CHECK.findall(cell)
    with capture_output() as shown:
        outcome = shell.run_cell(cell if checked else _definitions(shell, cell))
    error = outcome.error_before_exec or outcome.error_in_exec
    why = f"{type(error).__name__}: {error}" if error else "the check was not reached"
    found = dict.fromkeys(checked, ("error", why))
    for output in shown.outputs:
        if verdict := (output.metadata or {}).get("glassbox"):
            text = output.data["text/plain"].split(" ", 1)[1]  # without its sign
            status = verdict["status"].replace("unattempted", "not attempted")
            found[verdict["exercise"]] = status, text
    return found


def _definitions(shell, cell: str) -> str:
    """A cell's imports, functions, classes and plain values: what exercises may need of it."""
    try:
        body = ast.parse(shell.transform_cell(cell)).body
    except SyntaxError:
        return ""
    return "\n".join(ast.unparse(n) for n in body if isinstance(n, DEFINITIONS) or _plain(n))


def _plain(node: ast.stmt) -> bool:
    """Whether a line only gives a plain value a name: `n = 3`, for example."""
    try:
        return isinstance(node, ast.Assign) and ast.literal_eval(node.value) is not None
    except ValueError:
        return False


def report(rows: list[Row], out: TextIO) -> None:
    """For each lab a table, a line a notebook and a column an exercise; then what went wrong where."""
    for topic in dict.fromkeys(r.exercise.partition(".")[0] for r in rows if r.exercise):
        _table([r for r in rows if r.exercise.partition(".")[0] == topic], topic, out)
    for row in rows:
        if row.result == "error":
            print(": ".join(x for x in (row.notebook, row.exercise, row.message) if x), file=out)


def _table(rows: list[Row], topic: str, out: TextIO) -> None:
    names = list(dict.fromkeys(r.exercise for r in rows))
    found = {(r.notebook, r.exercise): r.result for r in rows}
    notebooks = list(dict.fromkeys(r.notebook for r in rows))
    lines = [[topic, *(name.partition(".")[2] for name in names)]]
    lines += [[book, *(found[book, name] for name in names)] for book in notebooks]
    right = Counter(r.exercise for r in rows if r.result == "right")
    lines.append([f"right, of {len(notebooks)}", *(str(right[name]) for name in names)])
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        print("  ".join(t.ljust(w) for t, w in zip(line, widths)).rstrip(), file=out)
    print(file=out)


def write(path: Path, rows: list[Row]) -> None:
    """The rows as a table that spreadsheets read."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["notebook", "exercise", "result", "message"])
            table.writerows([r.notebook, r.exercise, r.result, r.message] for r in rows)
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {error.strerror}") from error


if __name__ == "__main__":
    _work(*json.loads(sys.argv[1]))

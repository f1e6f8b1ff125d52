"""`python -m glassbox who`: right, wrong, not attempted and error are told apart, in seconds."""

import csv
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from glassbox.__main__ import main
from glassbox.course import exercises, grading

PAGE = Path(__file__).parents[2] / "chapters" / "back" / "running.md"
ROOT = Path(__file__).parents[2]

RIGHT = """import math
def surprisal(p):
    print("a lot")
    return -math.log2(p)
check('next_word.surprisal', surprisal)"""
WRONG = "def perplexity(bits, length): return 2**bits\ncheck('next_word.perplexity', perplexity)"
STUB = "def share_after(text, first, second): ...\ncheck('next_word.share_after', share_after)"
BROKEN = "def bits_per_byte(p) return p\ncheck('next_word.bits_per_byte', bits_per_byte)"
CHANGED_MIND = "check('next_word.perplexity', lambda bits, length: power(bits * length))"
HELPER = "def power(n): return base**n\nbase = 2\nraise SystemExit('this line is not run')"
ENDLESS = "while True: pass\ncheck('next_word.bits_per_byte', 1)"
ENDS_PYTHON = "import os\nos._exit(0)\ncheck('next_word.perplexity', 1)"
MISSPELT = "def share_afer(*_): return 1\ncheck('next_word.share_after', share_after)"
COMMENT = "# check('next_word.surprisal', surprisal)"


def hand_in(folder, student, *cells):
    book = nbformat.v4.new_notebook()
    sources = ["from glassbox.course import check", *cells]
    book.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(book, folder / f"{student}.ipynb")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder, the words of the command in the book, what it printed and its table."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "handed_in").mkdir()
    hand_in(folder / "handed_in", "ana", BROKEN, RIGHT, STUB, WRONG)
    hand_in(folder / "handed_in", "ben", WRONG, HELPER, CHANGED_MIND, COMMENT, MISSPELT)
    hand_in(folder / "handed_in", "cleo", ENDLESS, ENDS_PYTHON, RIGHT)
    (folder / "handed_in" / "dan.ipynb").write_text("{}", encoding="utf-8")
    hand_in(folder / "handed_in", "eve", "1 + 1")
    [command] = re.findall(r"^python -m glassbox who .*$", PAGE.read_text(encoding="utf-8"), re.M)
    words = shlex.split(command)[1:]
    run = subprocess.run(
        [sys.executable, *words, "--seconds", "8"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "GLASSBOX_STRICT": "1", "HOME": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=540,
    )
    assert run.returncode == 0, run.stderr
    table = folder / words[words.index("--csv") + 1]
    with table.open(encoding="utf-8", newline="") as file:
        return run.stdout, list(csv.DictReader(file)), list((folder / "handed_in").iterdir())


def results(table, student):
    rows = [r for r in table if r["notebook"] == student]
    return {r["exercise"].removeprefix("next_word."): r["result"] for r in rows}


def test_right_wrong_not_attempted_and_error_are_told_apart(graded):
    _, table, _ = graded
    assert results(table, "ana") == {
        "surprisal": "right",
        "bits_per_byte": "error",
        "share_after": "not attempted",
        "perplexity": "wrong",
    }
    messages = {(r["notebook"], r["exercise"]): r["message"] for r in table}
    assert messages["ana", "next_word.bits_per_byte"].startswith("SyntaxError: expected ':'")
    assert "2 to the bits of one byte" in messages["ana", "next_word.perplexity"]


def test_the_last_check_counts_and_definitions_elsewhere_are_known(graded):
    _, table, _ = graded
    assert results(table, "ben") == {
        "surprisal": "not attempted",
        "bits_per_byte": "not attempted",
        "share_after": "error",
        "perplexity": "right",
    }


def test_a_cell_that_does_not_end_takes_nothing_else_with_it(graded):
    _, table, _ = graded
    assert results(table, "cleo") == {
        "surprisal": "right",
        "bits_per_byte": "error",
        "share_after": "not attempted",
        "perplexity": "error",
    }
    [message] = {r["message"] for r in table if r["notebook"] == "cleo" and r["result"] == "error"}
    assert message == "the cell did not end within 8 seconds, or it ended Python"


def test_a_file_that_is_no_notebook_of_the_course_says_so(graded):
    _, table, _ = graded
    messages = {r["notebook"]: r["message"] for r in table if not r["exercise"]}
    assert messages == {
        "dan": "this file is no notebook",
        "eve": "no cell checks an exercise of this book",
    }


def test_the_table_on_screen(graded):
    printed, _, files = graded
    lines = [line.split("  ") for line in printed.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[:5] == [
        ["next_word", "surprisal", "bits_per_byte", "share_after", "perplexity"],
        ["ana", "right", "error", "not attempted", "wrong"],
        ["ben", "not attempted", "not attempted", "error", "right"],
        ["cleo", "right", "error", "not attempted", "error"],
        ["right, of 3", "2", "0", "0", "1"],
    ]
    assert "ben: next_word.share_after: NameError: name 'share_after' is not defined" in printed
    assert len(files) == 5  # nothing is left behind beside the notebooks


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere is no folder; give the one that holds the notebooks"),
        (["empty"], "there is no notebook (*.ipynb) in empty"),
        (["full", "--jobs", "0"], "jobs is 0 and seconds 30; both must be more than 0"),
        (["full", "--seconds", "nan"], "jobs is 1 and seconds nan; both must be more than 0"),
        (["full", "--csv", "empty"], "empty cannot be written: Is a directory"),
    ],
)
def test_bad_input_gets_one_sentence(tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grading, "grade", lambda *_: pytest.fail("nothing can be graded"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    hand_in(tmp_path / "full", "ana", STUB)
    out, err = io.StringIO(), io.StringIO()
    assert (
        main(["who", *words, *([] if "--jobs" in words else ["--jobs", "1"])], None, out, err) == 2
    )
    assert (out.getvalue(), err.getvalue()) == ("", message + "\n")


@pytest.mark.parametrize("topic", exercises.topics())
def test_every_exercise_of_a_lab_is_found_in_it(topic):
    [lab] = (ROOT / "labs").glob(f"*_{topic}.ipynb")
    found = grading.CHECK.findall("\n".join(grading.code_cells(lab)))
    assert sorted(found) == sorted(f"{topic}.{e.name}" for e in exercises.exercises(topic))

"""The script for teachers in "Running the labs": it tells right, wrong and missing apart."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat

PAGE = Path(__file__).parents[2] / "chapters" / "back" / "running.md"

RIGHT = (
    "import math\ndef surprisal(p): return -math.log2(p)\ncheck('next_word.surprisal', surprisal)"
)
WRONG = "def perplexity(bits, length): return 2**bits\ncheck('next_word.perplexity', perplexity)"
STUB = "def share_after(text, first, second): ...\ncheck('next_word.share_after', share_after)"
BROKEN = "def bits_per_byte(p) return p\ncheck('next_word.bits_per_byte', bits_per_byte)"
CHANGED_MIND = "check('next_word.perplexity', lambda bits, length: 2 ** (bits * length))"


def hand_in(folder, student, *cells):
    book = nbformat.v4.new_notebook()
    sources = ["from glassbox.course import check", *cells]
    book.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    folder.mkdir(exist_ok=True)
    nbformat.write(book, folder / f"{student}.ipynb")


def test_the_teachers_script_tells_right_wrong_and_missing(tmp_path):
    [script] = re.findall(
        r"```python\n(.*?NotebookClient.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "grade.py").write_text(script, encoding="utf-8")
    hand_in(tmp_path / "handed_in", "ana", BROKEN, RIGHT, STUB, WRONG)
    hand_in(tmp_path / "handed_in", "ben", WRONG, CHANGED_MIND)
    run = subprocess.run(
        [sys.executable, "grade.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    names = ["surprisal", "bits_per_byte", "share_after", "perplexity"]
    ana = dict(zip(names, ["right", "missing", "missing", "wrong"]))
    ben = dict(zip(names, ["missing", "missing", "missing", "right"]))
    assert run.stdout.splitlines() == [
        f"{student} " + str({f"next_word.{name}": word for name, word in found.items()})
        for student, found in [("ana", ana), ("ben", ben)]
    ]

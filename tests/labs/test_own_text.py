"""Labs 01, 02, 03 and 05 train on a text of the reader's own: their cells for it, on a file of 270 kB."""

import ast
import json
import random

import pytest

from glassbox.machine.tokens import BPE
from tools.environment import ROOT

OWN = 'own = None  # the path of your text, such as "my.txt"'
LABS = {  # what the last cells print when they have trained
    "01_next_word": ("bits per byte", "small network"),
    "02_tokens": ("longest tokens", "bytes a token"),
    "03_softmax_sampling": ("temperature 0:", "temperature 1.5:"),
    "05_pretraining": ("bits per byte", "It writes:"),
}


@pytest.fixture(scope="module")
def own_text(tmp_path_factory):
    """720 paragraphs of invented words, some of them with accents and umlauts."""
    dice = random.Random(0)
    syllables = ["ma", "ré", "to", "lün", "ka", "si", "do", "wen", "pa", "ñu"]
    words = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(900)]
    paragraphs = [" ".join(dice.choices(words, k=dice.randint(20, 90))) for _ in range(720)]
    file = tmp_path_factory.mktemp("own") / "my.txt"
    file.write_text("\n\n".join(paragraphs), encoding="utf-8")
    assert file.stat().st_size > 270_000
    return file


def cells_of(lab: str) -> dict[str, str]:
    notebook = json.loads((ROOT / "labs" / f"{lab}.ipynb").read_text(encoding="utf-8"))
    return {c["id"]: "".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"}


def definitions(source: str) -> str:
    """What a cell imports and defines, without what it does."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return "\n".join(ast.unparse(node) for node in ast.parse(source).body if isinstance(node, kept))


def prepared(lab: str) -> tuple[dict, dict[str, str]]:
    """The lab's names after its settings, for a short run, and its cells from `own` on."""
    cells, names = cells_of(lab), {"__name__": "lab"}
    for source in cells.values():
        exec(definitions(source), names)
    exec(cells["settings"], names)
    names["steps"] = 6
    if isinstance(names.get("settings"), dict):
        names["settings"] = {**names["settings"], "steps": 6}
    names["english_bpe"] = BPE.train("the town of Port Ellery " * 20, 300)
    at = list(cells).index("own")
    return names, dict(list(cells.items())[at:])


@pytest.mark.parametrize("lab", LABS)
def test_a_text_of_ones_own_is_trained_on(lab, own_text, capsys):
    names, cells = prepared(lab)
    assert cells["own"] == OWN
    exec(cells.pop("own").replace("None", repr(str(own_text))), names)
    capsys.readouterr()
    for source in cells.values():
        exec(source.replace("steps=400", "steps=6"), names)
    printed = capsys.readouterr().out
    assert all(words in printed for words in LABS[lab]), printed


@pytest.mark.parametrize("lab", LABS)
def test_without_a_text_the_cells_say_what_to_do(lab, capsys):
    names, cells = prepared(lab)
    capsys.readouterr()
    for source in cells.values():
        exec(source, names)
    assert "Put its path into the cell above" in capsys.readouterr().out

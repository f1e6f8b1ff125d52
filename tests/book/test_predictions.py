"""A prediction asks the same in the chapter and in its lab, or the answer would not be among the choices."""

import ast
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"```\{anywidget\} \.\./figures/predict/index\.js\n(?::[^\n]*\n)*(\{\n.*?\n\})\n```", re.S
)


def asked_in_chapters():
    """(chapter, id, choices) of every prediction on a page."""
    for path in sorted((ROOT / "chapters").glob("*.md")):
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            asked = json.loads(block)
            yield path.stem, asked["id"], asked["choices"]


def asked_in_labs():
    """id -> choices of every `predict` call; None where the choices are computed."""
    found = {}
    for path in sorted((ROOT / "labs").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] != "code" or "predict(" not in source:
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "predict":
                    given = {k.arg: k.value for k in node.keywords}
                    choices = given.get("choices") or node.args[2]
                    try:
                        found[node.args[0].value] = ast.literal_eval(choices)
                    except ValueError:
                        found[node.args[0].value] = None
    return found


def test_chapters_and_labs_offer_the_same_choices():
    labs, asked = asked_in_labs(), list(asked_in_chapters())
    assert len(asked) > 20
    for chapter, name, choices in asked:
        assert name in labs, f"{chapter} asks {name}, which no lab asks"
        if labs[name] is not None:
            assert choices == labs[name], f"{chapter} and its lab offer other choices for {name}"

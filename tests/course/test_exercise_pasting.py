"""What a learner pastes works: every solution and every hint's code, after the imports of its lab."""

import ast
import builtins
import inspect
import itertools
import json
import re
from functools import cache
from pathlib import Path

import pytest

from glassbox.course import exercises

LABS = {p.stem.split("_", 1)[1]: p for p in (Path(__file__).parents[2] / "labs").glob("*.ipynb")}
ALL = {f"{topic}.{e.name}": e for topic in exercises.topics() for e in exercises.exercises(topic)}
every_exercise = pytest.mark.parametrize(("name", "exercise"), ALL.items(), ids=list(ALL))


@cache
def code(topic):
    """The code cells of a lab."""
    cells = json.loads(LABS[topic].read_text(encoding="utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


@cache
def imported(name):
    """The names that a lab has imported before the stub of an exercise."""
    topic, names = name.split(".")[0], {}
    before = itertools.takewhile(lambda cell: f'\ncheck("{name}"' not in cell, code(topic))
    imports = [n for cell in before for n in ast.walk(ast.parse(cell))]
    imports = [n for n in imports if isinstance(n, (ast.Import, ast.ImportFrom))]
    exec(compile(ast.Module(imports, []), "<imports>", "exec"), names)
    return names


def stub(name):
    """The function that the lab hands out for an exercise: its name and what it is given."""
    [cell] = [c for c in code(name.split(".")[0]) if f'\ncheck("{name}"' in c]
    checked = re.search(rf'check\("{name}", (\w+)\)', cell)[1]
    [function] = [n for n in ast.parse(cell).body if getattr(n, "name", "") == checked]
    return cell, function


@every_exercise
def test_the_stub_is_not_attempted(name, exercise):
    cell, function = stub(name)
    names = dict(imported(name))
    exec(compile(cell.partition("\ncheck(")[0], "<stub>", "exec"), names)
    assert exercises.judge(exercise, names[function.name]).status == "unattempted"


@every_exercise
def test_a_pasted_solution_is_right(name, exercise):
    names = dict(imported(name))
    exec(compile(exercises.listing(exercise.solution), "<solution>", "exec"), names)
    _, function = stub(name)
    verdict = exercises.judge(exercise, names[function.name])
    assert verdict, verdict.message


@every_exercise
def test_solution_and_stub_are_given_the_same(name, exercise):
    _, function = stub(name)
    given = [a.arg for a in function.args.args]
    assert list(inspect.signature(exercise.solution).parameters)[: len(given)] == given


@every_exercise
def test_the_code_of_hints_knows_all_its_names(name, exercise):
    _, function = stub(name)
    known = {*vars(builtins), *imported(name), *(a.arg for a in function.args.args)}
    for hint in exercise.hints:
        snippets = [ast.parse(text) for text in re.findall(r"`([^`]+)`", hint)]
        nodes = [n for tree in snippets for n in ast.walk(tree)]
        known |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        known |= {n.arg for n in nodes if isinstance(n, ast.arg)}
        known |= {n.name for n in nodes if isinstance(n, ast.alias)}
        assert {n.id for n in nodes if isinstance(n, ast.Name)} <= known


@every_exercise
def test_a_hint_that_ends_in_code_for_the_answer_is_right(name, exercise):
    """Code at the end of a hint, after whatever code stands before it in the same hint."""
    names = dict(imported(name))
    given = ast.unparse(stub(name)[1].args)
    last = exercise.hints[-1]
    if not last.endswith("`"):
        return
    *before, answer = re.findall(r"`([^`]+)`", last)
    lines = [line for line in before if not isinstance(ast.parse(line).body[0], ast.Expr)]
    body = "".join(f"    {line}\n" for line in [*lines, f"return {answer}"])
    exec(f"def pasted({given}):\n{body}", names)
    verdict = exercises.judge(exercise, names["pasted"])
    assert verdict, verdict.message


@every_exercise
def test_code_in_hints_is_marked(name, exercise):
    for hint in exercise.hints:
        prose = re.sub(r"`[^`]+`", "", hint)
        assert "`" not in prose
        assert not re.search(r"==|\*\*|\w\[|\.\w+\(|\blen\(", prose)


def test_some_hints_do_end_in_the_answer():
    assert sum(e.hints[-1].endswith("`") for e in ALL.values()) > 10

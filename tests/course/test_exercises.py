"""Every exercise: untouched is not wrong, each typical mistake is told apart, the solution passes."""

import json
import re
from pathlib import Path

import pytest

from glassbox.course import exercises
from glassbox.course.exercises import Exercise, ExerciseError, Verdict

LABS = sorted((Path(__file__).parents[2] / "labs").glob("*.ipynb"))
ALL = [(topic, e) for topic in exercises.topics() for e in exercises.exercises(topic)]
every_exercise = pytest.mark.parametrize(
    "exercise", [e for _, e in ALL], ids=[f"{topic}.{e.name}" for topic, e in ALL]
)


@every_exercise
def test_untouched_is_unattempted(exercise):
    assert exercises.judge(exercise, exercise.starter).status == "unattempted"
    assert exercises.judge(exercise, ...).status == "unattempted"


@every_exercise
def test_reference_solution_is_right(exercise):
    assert exercises.judge(exercise, exercise.solution) == Verdict("right", "Right.")


@every_exercise
def test_each_mistake_gets_its_own_message(exercise):
    assert len(exercise.mistakes) >= 2
    verdicts = {m: exercises.judge(exercise, wrong) for m, (wrong, _) in exercise.mistakes.items()}
    for mistake, (_, words) in exercise.mistakes.items():
        assert verdicts[mistake].status == "wrong", mistake
        assert words in verdicts[mistake].message, mistake
    assert len({v.message for v in verdicts.values()}) == len(verdicts)


@every_exercise
def test_hints_come_in_tiers(exercise):
    assert len(exercise.hints) >= 2
    assert len(set(exercise.hints)) == len(exercise.hints)


@pytest.mark.parametrize("topic", exercises.topics())
def test_each_lab_has_three_exercises_and_uses_them_all(topic):
    lab = next((p for p in LABS if p.stem.split("_", 1)[1] == topic), None)
    assert lab is not None, f"exercises/{topic}.py belongs to no lab"
    cells = json.loads(lab.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    names = [e.name for e in exercises.exercises(topic)]
    assert len(names) >= 3
    for function in ("check", "hint", "solution"):
        used = set(re.findall(rf'{function}\("{topic}\.(\w+)"', code))
        assert used == set(names), f"{function}() in {lab.name}"


def wants_four(answer):
    value = answer() if callable(answer) else answer
    return None if value == 4 else f"it is {value}."


FOUR = Exercise("four", wants_four, ("Two and two.", "4"), 4)


@pytest.mark.parametrize("answer", [..., None, lambda: ..., lambda: None])
def test_a_stub_is_not_wrong(answer):
    assert exercises.judge(FOUR, answer).status == "unattempted"


def test_a_crash_is_reported_with_its_line():
    def broken():
        return 1 / 0

    verdict = exercises.judge(FOUR, broken)
    assert verdict.status == "wrong"
    assert "ZeroDivisionError" in verdict.message
    assert "return 1 / 0" in verdict.message


def test_strict_raises_and_self_study_does_not(monkeypatch, capsys):
    monkeypatch.setattr(exercises, "find", lambda name: FOUR)
    assert exercises.check("x.four", 5).status == "wrong"
    with pytest.raises(ExerciseError, match="it is 5"):
        exercises.check("x.four", 5, strict=True)
    monkeypatch.setenv("GLASSBOX_STRICT", "1")
    with pytest.raises(ExerciseError, match="Not attempted"):
        exercises.check("x.four", ...)
    assert exercises.check("x.four", 4)


def test_hints_advance_and_start_again(monkeypatch):
    said = []
    monkeypatch.setattr(exercises, "find", lambda name: FOUR)
    monkeypatch.setattr(exercises, "_say", lambda text, status: said.append(text))
    monkeypatch.setattr(exercises, "_hints_given", {})
    for _ in range(3):
        exercises.hint("x.four")
    assert said == ["Hint 1 of 2: Two and two.", "Hint 2 of 2: 4", "Hint 1 of 2: Two and two."]


def test_what_is_shown_is_escaped(monkeypatch):
    shown = []
    monkeypatch.setattr(exercises, "display", lambda bundle, raw: shown.append(bundle))
    exercises._say("<script>alert(1)</script>", "wrong")
    assert "<script>" not in shown[0]["text/html"]

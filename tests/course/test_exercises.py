"""Every exercise: untouched is not wrong, each typical mistake is told apart, the solution passes."""

import json
import math
import re
import sys
from pathlib import Path

import pytest
import torch

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
FUNCTION = Exercise("four", wants_four, ("Two and two.", "4"), lambda: 4)


def as_handed_out(): ...


def with_a_docstring():
    """Four."""


def passing():
    pass


def unfinished():
    raise NotImplementedError


@pytest.mark.parametrize(
    "answer",
    [..., None, lambda: ..., lambda: None, as_handed_out, with_a_docstring, passing, unfinished],
)
def test_a_stub_is_not_wrong(answer):
    assert exercises.judge(FUNCTION, answer).status == "unattempted"
    assert exercises.judge(FOUR, None).status == "unattempted"


def test_a_value_where_a_function_is_asked_for_and_the_other_way_round():
    verdict = exercises.judge(FUNCTION, 3)
    assert verdict.status == "wrong"
    assert "this is 3. Give it the function itself, without brackets: four" in verdict.message
    verdict = exercises.judge(FOUR, lambda: 4)
    assert verdict.status == "wrong"
    assert "call it, with brackets" in verdict.message


def test_a_forgotten_return_is_not_an_untouched_stub():
    def no_return():
        four = 2 + 2
        del four

    verdict = exercises.judge(FUNCTION, no_return)
    assert verdict.status == "wrong"
    assert "`return`" in verdict.message

    def only_one_way(ids):
        if ids[0] == 5 or len(set(ids)) == 1:
            return True

    verdict = exercises.judge(exercises.find("softmax_sampling.loops"), only_one_way)
    assert verdict.status == "wrong"
    assert "for [1, 2, 3, 4, 5, 6] it gives nothing back" in verdict.message


@every_exercise
def test_a_value_is_never_called(exercise):
    for value in (3, 0.5, "text", [1, 2], True):
        message = exercises.judge(exercise, value).message
        assert "without brackets" in message
        assert "not callable" not in message


@every_exercise
def test_messages_are_tidy(exercise):
    """No 0 with a minus, no doubled "but"; a sentence that ends."""
    for wrong, _ in exercise.mistakes.values():
        message = exercises.judge(exercise, wrong).message
        assert not re.search(r"-0(\.0+)?(?![\d.])", message)
        assert not any(s.count("but ") > 1 for s in message.split(". "))
        assert re.search(r"[.)]$", message)


def test_surprise_of_a_certainty_is_plain_zero():
    for wrong in (lambda p: 1 / p, lambda p: -math.log2(p) - 0.0001 * p):
        message = exercises.judge(exercises.find("next_word.surprisal"), wrong).message
        assert "in bits it should be 0." in message
        assert "-0" not in message.replace("should be 0", "")


@pytest.mark.parametrize("name", ["softmax", "top_k", "nucleus"])
def test_writing_into_the_argument_is_told_apart_from_a_wrong_result(name):
    exercise = exercises.find(f"softmax_sampling.{name}")
    wrong, _ = exercise.mistakes["in place"]
    assert "The result is right" in exercises.judge(exercise, wrong).message
    assert exercises.judge(exercise, lambda numbers, knob: wrong(numbers.clone(), knob))


@pytest.mark.parametrize("kind", [list, tuple, sorted, torch.tensor])
def test_a_nucleus_may_come_in_any_order_and_as_a_tensor(kind):
    exercise = exercises.find("softmax_sampling.nucleus")
    assert exercises.judge(exercise, lambda probs, p: kind(exercise.solution(probs, p)))


def test_a_crash_is_reported_with_its_line():
    def broken():
        return 1 / 0

    verdict = exercises.judge(FUNCTION, broken)
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
    monkeypatch.setattr(exercises, "display", lambda bundle, **_: shown.append(bundle))
    exercises._say("<script>alert(1)</script>", "wrong")
    assert "<script>" not in shown[0]["text/html"]


@pytest.fixture
def displayed(monkeypatch):
    shown = []

    def display(bundle, raw, metadata=None):
        shown.append((bundle, metadata))

    monkeypatch.setattr(exercises, "display", display)
    monkeypatch.setattr(sys.modules["glassbox.course.show"], "display", display)
    return shown


def test_a_verdict_names_its_exercise_for_the_teachers_script(displayed):
    exercises.check("next_word.surprisal", ...)
    exercises.check("next_word.surprisal", lambda p: 1 - p)
    exercises.check("next_word.surprisal", lambda p: -math.log2(p))
    found = [metadata["glassbox"] for _, metadata in displayed]
    assert [f["status"] for f in found] == ["unattempted", "wrong", "right"]
    assert {f["exercise"] for f in found} == {"next_word.surprisal"}


@pytest.mark.parametrize(("topic", "exercise"), ALL, ids=[f"{t}.{e.name}" for t, e in ALL])
def test_a_solution_shows_its_real_source(topic, exercise, displayed):
    exercises.solution(f"{topic}.{exercise.name}")
    bundle, _ = displayed[0]
    place, code = bundle["text/plain"].split("\n", 1)
    path, line = re.fullmatch(r"# (glassbox/[\w/]+\.py), line (\d+)", place).groups()
    lines = (Path(exercises.__file__).parents[3] / path).read_text(encoding="utf-8").splitlines()
    assert lines[int(line) - 1] == code.splitlines()[0] == bundle["text/markdown"].splitlines()[2]
    assert code.startswith(f"def {exercise.solution.__name__}(")
    assert '"""' not in code
    assert set(code.splitlines()) <= set(lines)

"""Every exercise: untouched is not wrong, each typical mistake is told apart, the solution passes."""

import json
import linecache
import math
import re
import sys
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from glassbox.course import answers, exercises
from glassbox.course.exercises import Exercise, ExerciseError, Verdict

LABS = sorted((Path(__file__).parents[2] / "labs").glob("*.ipynb"))
ALL = [(topic, e) for topic in exercises.topics() for e in exercises.exercises(topic)]
every_exercise = pytest.mark.parametrize(
    "exercise", [e for _, e in ALL], ids=[f"{topic}.{e.name}" for topic, e in ALL]
)


@every_exercise
def test_untouched_is_unattempted(exercise):
    assert exercises.judge(exercise, lambda *_: ...).status == "unattempted"
    assert exercises.judge(exercise, ...).status == "unattempted"


@every_exercise
def test_reference_solution_is_right(exercise):
    assert exercises.judge(exercise, exercise.solution) == Verdict("right", "Right.")


@every_exercise
def test_each_mistake_gets_its_own_message(exercise):
    assert len(exercise.mistakes) >= 3
    for mistake, (wrong, words) in exercise.mistakes.items():
        verdict = exercises.judge(exercise, wrong)
        assert verdict.status == "wrong", mistake
        assert verdict.message.startswith(f"Not quite, because {words} "), mistake


@every_exercise
def test_several_cases_are_tried_and_their_results_differ(exercise):
    wanted = [exercise.solution(*case) for case in exercise.cases]
    assert len(wanted) >= 4
    assert not all(answers.same(want, wanted[0]) for want in wanted)


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


def four():
    return 4


FUNCTION = Exercise("four", four, ("Two and two.", "4"))
FOUR = Exercise("four", 4, ("Two and two.", "4"))


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
    assert "this is 3. Give it the function itself, without brackets: `four`." in verdict.message
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
    assert "for ids = [5, 1, 2, 1, 2, 1, 2] it gives" not in verdict.message
    assert "for ids = [1, 2, 3, 4, 5, 6] it gives nothing back" in verdict.message


@every_exercise
def test_a_value_is_never_called(exercise):
    for value in (3, 0.5, "text", [1, 2], True):
        message = exercises.judge(exercise, value).message
        assert "without brackets" in message
        assert "not callable" not in message


@every_exercise
def test_messages_are_tidy(exercise):
    """A clause that can follow "because"; no 0 with a minus, no doubled "but"; sentences that end."""
    for wrong, _ in exercise.mistakes.values():
        message = exercises.judge(exercise, wrong).message
        clause = message.removeprefix("Not quite, because ")
        assert not re.match("[A-Z][a-z]", clause)  # E and G are names
        assert clause.split()[0].rstrip(",") not in {
            "right",
            "yes",
            "turned",
            "upside",
            "here",
            "too",
        }
        assert not re.search(r"-0(\.0+)?(?![\d.e])", message)
        assert not any(s.count("but ") > 1 for s in message.split(". "))
        assert message.endswith(".")
        assert not message.endswith("..")


@every_exercise
def test_two_different_results_never_look_the_same(exercise):
    told = re.compile(r"it gives (.*?),(?: which is .*?,)? and it should be (.*)\.$")
    for wrong, _ in exercise.mistakes.values():
        if found := told.search(exercises.judge(exercise, wrong).message):
            assert found[1] != found[2]


@pytest.mark.parametrize("off", [1e-2, 1e-4, 3e-5])
def test_digits_are_added_until_a_small_difference_shows(off):
    exercise = exercises.find("attention.attend")
    message = exercises.judge(exercise, lambda q, k, v: exercise.solution(q, k, v) + off).message
    got, want = re.search(r"it gives (\[.*?\]), and it should be (\[.*?\])", message).groups()
    assert got != want


def test_surprise_of_a_certainty_is_plain_zero():
    def nearly(p):
        return 0.01 if p == 1 else -math.log2(p)

    message = exercises.judge(exercises.find("next_word.surprisal"), nearly).message
    assert message == "Not quite, because for p = 1 it gives 0.01, and it should be 0."


@every_exercise
def test_a_result_of_the_wrong_kind_is_named_and_no_crash_of_ours(exercise):
    wrong_kinds = [
        "gull",
        [],
        {},
        {"gull"},
        10**400,
        object(),
        torch.tensor([]),
        b"gull",
        [["gull"]],
    ]
    wanted = exercise.solution(*exercise.cases[0])
    for result in wrong_kinds:
        verdict = exercises.judge(exercise, lambda *_, r=result: r)
        assert verdict.status == "wrong"
        assert "Error" not in verdict.message
    kind = "a text, and it should be"
    if not isinstance(wanted, str):
        assert kind in exercises.judge(exercise, lambda *_: "gull").message


def within_itself():
    endless = []
    endless.append(endless)
    return endless


@pytest.mark.parametrize("result", [10**5000, within_itself()], ids=["huge", "endless"])
def test_no_result_makes_the_check_raise(result):
    verdict = exercises.judge(exercises.find("rlhf.push"), lambda *_: result)
    assert verdict.status == "wrong"
    assert "cannot be compared" in verdict.message


def test_a_function_that_works_once_does_not_make_the_check_raise():
    calls = iter(range(4))

    def add(a, b):
        next(calls)
        return a + b

    adding = Exercise(
        "add", lambda a, b: a + b, ("Add.", "`a + b`"), ((1, 2), (3, 2), (2, 2), (5, 1))
    )
    assert exercises.judge(adding, add)


def test_a_constant_a_frozen_argument_and_two_exchanged_are_named():
    pay = exercises.find("the_label_office.hourly_pay")
    assert "it gives 15 whatever it is asked" in exercises.judge(pay, lambda c, s: 15.0).message
    frozen = exercises.judge(pay, lambda c, s: pay.solution(c, 12)).message
    assert "takes no notice of `seconds`: it always works as if that were 12" in frozen
    swapped = exercises.judge(exercises.find("reward_model.preference"), lambda a, b: a**b).message
    assert "exchanged" not in swapped
    law = exercises.find("scaling_laws.law")
    swapped = exercises.judge(law, lambda N, D, *rest: law.solution(D, N, *rest)).message
    assert "`N` and `D` are exchanged" in swapped


def test_an_argument_that_is_always_the_same_is_never_said_to_be_ignored():
    def add(a, b):
        return a + b

    adding = Exercise("add", add, ("Add.", "`a + b`"), ((1, 2), (3, 2)))
    assert "notice" not in exercises.judge(adding, lambda a, b: a * b).message


def test_a_crash_that_explains_itself_is_told_as_a_mistake():
    exercise = exercises.find("finetuning.lora_weight")
    verdict = exercises.judge(exercise, lambda W, A, B, alpha: W + alpha / 2 * (A @ B))
    assert "B comes first" in verdict.message


@pytest.mark.parametrize("name", ["softmax", "top_k", "nucleus"])
def test_writing_into_the_argument_is_told_apart_from_a_wrong_result(name):
    exercise = exercises.find(f"softmax_sampling.{name}")

    def in_place(numbers, knob):
        result = exercise.solution(numbers, knob)
        numbers.zero_()
        return result

    message = exercises.judge(exercise, in_place).message
    assert "your function wrote into `" in message
    assert "The result is right" in message
    assert exercises.judge(exercise, lambda numbers, knob: in_place(numbers.clone(), knob))


def test_attention_is_pytorchs():
    exercise = exercises.find("attention.attend")
    for q, k, v in exercise.cases:
        theirs = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0]
        torch.testing.assert_close(exercise.solution(q, k, v), theirs)


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
    with pytest.raises(ExerciseError, match="it gives 5"):
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


def run_cell(number, source, names):
    """As IPython does: each cell has a name of its own, under which Python finds its lines."""
    cell = f"<cell {number}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
    exec(compile(source, cell, "exec"), names)


STUB = 'def surprisal(p): ...\nv = check("next_word.surprisal", surprisal)'
GOOD = "import math\ndef surprisal(p):\n    return -math.log2(p)\n"


def test_a_misspelt_name_does_not_judge_the_previous_definition(displayed):
    names = {"check": exercises.check}
    run_cell(1, STUB, names)
    assert names["v"].status == "unattempted"
    run_cell(2, STUB.replace("def surprisal(p): ...", GOOD.replace("surprisal", "surprisl")), names)
    assert names["v"].status == "wrong"
    assert "defines `surprisl` and checks `surprisal`" in names["v"].message
    run_cell(3, STUB.replace("def surprisal(p): ...", GOOD), names)
    assert names["v"]
    run_cell(4, 'v = check("next_word.surprisal", surprisal)', names)  # a cell of its own is fine
    assert names["v"]
    run_cell(5, "helper = lambda p: p\n" + STUB.split("\n")[1], names)
    assert names["v"]


@pytest.mark.parametrize(("topic", "exercise"), ALL, ids=[f"{t}.{e.name}" for t, e in ALL])
def test_a_solution_is_shown_as_it_stands_in_the_library_after_its_imports(
    topic, exercise, displayed
):
    exercises.solution(f"{topic}.{exercise.name}")
    bundle, _ = displayed[0]
    code = bundle["text/plain"]
    assert bundle["text/markdown"] == f"```python\n{code}\n```"
    lines = (
        (Path(exercises.__file__).parent / f"{topic}.py").read_text(encoding="utf-8").splitlines()
    )
    imports, _, rest = code.rpartition(f"def {exercise.solution.__name__}(")
    assert set(rest.splitlines()[1:]) <= set(lines)
    assert '"""' not in code
    assert len(rest.splitlines()) <= 12
    assert all(line.startswith(("import ", "from ")) for line in imports.split("\n") if line)

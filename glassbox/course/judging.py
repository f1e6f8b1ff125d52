"""Judge an answer: right in every case, or what is wrong with it, in words.

The reader's function and the solution are called with the same arguments, case by case. Where they
first differ is shown; but before that comes the mistake that explains it, if one does: one of those
listed with the exercise, or one that can be made anywhere (the same result whatever is asked, an
argument that is never looked at, two that are exchanged).
"""

import copy
import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from glassbox.course.answers import difference, same, shown


class NotAttempted(Exception):
    """The stub was left as it was."""


class NoReturn(Exception):
    """The reader's function was written, but returns nothing."""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    name      unique in its lab, a Python word: `"surprisal"`
    solution  the reference answer: a function, or a value
    hints     from a nudge to nearly the answer; code in `backticks`
    cases     the arguments to try, one tuple for each call; the first is the one to tell about
    mistakes  label -> (a typical wrong answer, a clause that goes on from "Not quite, because")
    same      whether a result is as good as the right one
    """

    name: str
    solution: Any
    hints: tuple[str, ...]
    cases: tuple[tuple, ...] = ((),)
    mistakes: dict[str, tuple[Any, str]] = field(default_factory=dict)
    same: Callable[[Any, Any], bool] = same


@dataclass(frozen=True)
class Verdict:
    """What `check` found: `status` is "unattempted", "wrong" or "right"."""

    status: str
    message: str

    def __bool__(self) -> bool:
        return self.status == "right"

    def _ipython_display_(self) -> None:
        """Stay silent as the last line of a cell: `check` has shown the verdict already."""


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Judge an answer without showing anything. An answer that crashes is wrong, not fatal."""
    try:
        if _empty(answer):
            raise NotAttempted
        problem = _wrong_kind(exercise, answer) or _problem(exercise, answer)
    except (NotAttempted, NotImplementedError):
        return Verdict("unattempted", "Not attempted yet. Fill in the stub, then run this again.")
    except Exception as error:  # a list within itself, say: check never raises
        return Verdict("wrong", f"Not quite, because the result cannot be compared: {error}.")
    return Verdict("wrong", f"Not quite, {problem}") if problem else Verdict("right", "Right.")


def _problem(exercise: Exercise, answer: Any) -> str | None:
    """What is wrong with an answer, from "because" on, or None."""
    got = [_outcome(answer, case) for case in exercise.cases]
    want = [_outcome(exercise.solution, case) for case in exercise.cases]
    failing = [i for i, (g, w) in enumerate(zip(got, want)) if not _alike(exercise, g, w)]
    if not failing:
        return _writes(exercise, answer)
    first = failing[0]
    evidence = _given(exercise, first) + _found(answer, got[first], want[first])
    if isinstance(got[first], NoReturn):
        return f"because {evidence}"
    why = _mistake(exercise, got, failing) or _anywhere(exercise, got)
    likely = None if why else _likely_mistake(exercise, got, failing)
    if not (why or likely):
        return f"because {evidence}"
    reason = f"because {why}" if why else f"probably because {likely}"
    return f"{reason} {evidence[0].upper()}{evidence[1:]}"


def _outcome(answer: Any, case: tuple) -> Any:
    """What an answer gives in one case, or the exception that stopped it."""
    return _call(answer, _copied(case)) if callable(answer) else answer


def _call(answer: Callable, arguments: tuple) -> Any:
    try:
        result = answer(*arguments)
    except NotImplementedError:
        raise
    except Exception as error:
        return error
    if result is ... or (result is None and _untouched(answer)):
        raise NotAttempted
    return NoReturn() if result is None else result


def _copied(case: tuple) -> tuple:
    """Arguments that the reader's function may write into without harm to the next call."""
    return tuple(copy.deepcopy(a) if _writable(a) else a for a in case)


def _writable(argument: Any) -> bool:
    return isinstance(argument, (list, dict, set)) or hasattr(argument, "clone")


def _alike(exercise: Exercise, got: Any, want: Any) -> bool:
    """Whether two outcomes agree. A crash agrees with one of the same kind."""
    if isinstance(got, Exception) or isinstance(want, Exception):
        return type(got) is type(want)
    try:
        return bool(exercise.same(got, want))
    except Exception:  # nothing to compare: a text where a number belongs
        return False


def _writes(exercise: Exercise, answer: Any) -> str | None:
    """Does a function that is right otherwise write into its arguments?"""
    for case in exercise.cases if callable(answer) else ():
        given = _copied(case)
        _call(answer, given)
        for name, now, before in zip(_parameters(exercise), given, case):
            if _writable(before) and not same(now, before, 0):
                return (
                    f"because your function wrote into `{name}`. The result is right, and whoever uses "
                    f"`{name}` again finds it changed. Work on a copy."
                )
    return None


def _mistake(exercise: Exercise, got: list, failing: list[int]) -> str | None:
    """The words for a listed mistake that gives the reader's result in every case.

    A case in which one of them crashes does not count, unless both crash alike.
    """
    for words, agreeing, crashed in _comparisons(exercise, got):
        if agreeing & set(failing) and len(agreeing | crashed) == len(got):
            return words
    return None


def _likely_mistake(exercise: Exercise, got: list, failing: list[int]) -> str | None:
    """The words for the listed mistake that agrees in most cases, the first wrong one among them."""
    near = [(len(a), words) for words, a, _ in _comparisons(exercise, got) if failing[0] in a]
    agreeing, words = max(near, key=lambda pair: pair[0], default=(0, None))
    return words if 3 * agreeing >= 2 * len(got) else None


def _comparisons(exercise: Exercise, got: list) -> Iterator[tuple[str, set[int], set[int]]]:
    """For each listed mistake: its words, the cases in which it gives the same, those with a crash."""
    for wrong, words in exercise.mistakes.values():
        pairs = list(zip(got, [_outcome(wrong, case) for case in exercise.cases]))
        agreeing = {i for i, pair in enumerate(pairs) if _alike(exercise, *pair)}
        crashed = {i for i, pair in enumerate(pairs) if any(isinstance(x, Exception) for x in pair)}
        yield words, agreeing, crashed


def _anywhere(exercise: Exercise, got: list) -> str | None:
    """The words for a mistake that can be made in any exercise."""
    if len(got) < 2 or any(isinstance(g, Exception) for g in got):
        return None
    if all(_alike(exercise, got[0], g) for g in got):
        return f"it gives {shown(got[0])} whatever it is asked."
    names, first = _parameters(exercise), exercise.cases[0]
    for i in range(len(first)):
        frozen = [(*c[:i], first[i], *c[i + 1 :]) for c in exercise.cases]
        if _agrees(exercise, got, frozen):
            return (
                f"it takes no notice of `{names[i]}`: it always works as if that were "
                f"{shown(first[i])}."
            )
    for i, j in itertools.combinations(range(len(first)), 2):
        if _agrees(exercise, got, [_swapped(c, i, j) for c in exercise.cases]):
            return f"`{names[i]}` and `{names[j]}` are exchanged."
    return None


def _agrees(exercise: Exercise, got: list, cases: list[tuple]) -> bool:
    """Are these the right results for other cases?"""
    return all(_alike(exercise, g, _outcome(exercise.solution, c)) for g, c in zip(got, cases))


def _swapped(case: tuple, i: int, j: int) -> tuple:
    if j >= len(case):
        return case
    return tuple(case[{i: j, j: i}.get(k, k)] for k in range(len(case)))


def _parameters(exercise: Exercise) -> list[str]:
    return list(inspect.signature(exercise.solution).parameters)


def _given(exercise: Exercise, i: int) -> str:
    """`for p = 0.5 `; arguments that are too long to read are left out."""
    if not callable(exercise.solution):
        return ""
    texts = [f"{n} = {shown(a)}" for n, a in zip(_parameters(exercise), exercise.cases[i])]
    short = [text for text in texts if len(text) <= 120]
    return f"for {', '.join(short)} " if short else ""


def _found(answer: Any, got: Any, want: Any) -> str:
    """What came out, and what should have."""
    if isinstance(got, NoReturn):
        return "it gives nothing back. Is a `return` missing?"
    if isinstance(got, Exception):
        return f"it stopped with {type(got).__name__}: {got}{_line_in(answer, got)}."
    return f"{difference(got, want)}."


def _empty(value: Any) -> bool:
    return value is None or value is ...


def _wrong_kind(exercise: Exercise, answer: Any) -> str | None:
    """A value where a function is asked for, or the other way round."""
    if callable(exercise.solution) and not callable(answer):
        return (
            f"because the exercise asks for a function, and this is {_short(answer)}. "
            f"Give it the function itself, without brackets: `{exercise.solution.__name__}`."
        )
    if callable(answer) and not callable(exercise.solution):
        return (
            "because the exercise asks for a value, and this is a function. "
            "Give it what the function returns: call it, with brackets."
        )
    return None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _stub(): ...


def _stub_with_docstring():
    """Its byte code differs from the other's."""


def _untouched(function: Callable) -> bool:
    """Does the function have no body but `...`, as the labs hand it out?"""
    stubs = {_stub.__code__.co_code, _stub_with_docstring.__code__.co_code}
    return getattr(function, "__code__", _stub.__code__).co_code in stubs


def _line_in(answer: Any, error: Exception) -> str:
    """Where in the reader's own function the error arose, if it did."""
    try:
        lines, first = inspect.getsourcelines(answer)
    except (OSError, TypeError):
        return ""
    trace, line = error.__traceback__, None
    while trace:
        if trace.tb_frame.f_code is getattr(answer, "__code__", None):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" (in the line `{lines[line - first].strip()}`)" if line else ""

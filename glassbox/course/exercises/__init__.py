"""Exercises that know the difference between untouched, wrong and right.

Each lab has a module of the same name in this folder with a list `EXERCISES`. An exercise holds
its starter, its check, its hints, its reference solution (the library's own function where there
is one) and at least two mistakes that people really make, each with the words that its message
must contain; `tests/course` runs all of them. In a notebook three functions are enough:

    check("next_word.surprisal", surprisal)      # says: not attempted, not quite because ..., right
    hint("next_word.surprisal")                  # one hint more at each call
    solution("next_word.surprisal")              # shows the reference solution

`check` never raises in self-study. With `strict=True`, or where `GLASSBOX_STRICT=1` is set,
everything but *right* raises `ExerciseError`. Each verdict also carries its exercise and its status
in the output's metadata, so that a teacher's script can read them from a notebook that was run.
"""

import functools
import html
import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from IPython.display import display


class NotAttempted(Exception):
    """The stub was left as it was."""


class NoReturn(Exception):
    """The reader's function was written, and gives nothing back."""


class ExerciseError(AssertionError):
    """Raised by a strict check whose answer is not right."""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    name      unique in its lab, a Python word: `"surprisal"`
    check     gets the answer; returns None when it is right, else a sentence saying what is wrong
    hints     from a nudge to nearly the answer
    solution  the reference answer, of the kind that `check` takes
    mistakes  label -> (a typical wrong answer, words that the message must contain)
    starter   what the stub in the lab leaves behind, `...` for a value
    """

    name: str
    check: Callable[[Any], str | None]
    hints: tuple[str, ...]
    solution: Any
    mistakes: dict[str, tuple[Any, str]] = field(default_factory=dict)
    starter: Any = ...


@dataclass(frozen=True)
class Verdict:
    """What `check` found: `status` is "unattempted", "wrong" or "right"."""

    status: str
    message: str

    def __bool__(self) -> bool:
        return self.status == "right"

    def _ipython_display_(self) -> None:
        """Stay silent as the last line of a cell: `check` has shown the verdict already."""


_SIGNS = {"unattempted": "○", "wrong": "✗", "right": "✓"}
_hints_given: dict[str, int] = {}


def topics() -> list[str]:
    """The labs that have exercises."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__))


def exercises(topic: str) -> list[Exercise]:
    """All exercises of one lab, in the lab's order."""
    if topic not in topics():
        known = ", ".join(topics())
        raise ValueError(f"no exercises for the lab {topic!r}; there are some for: {known}")
    return importlib.import_module(f"{__name__}.{topic}").EXERCISES


def find(name: str) -> Exercise:
    """The exercise called `"<lab>.<exercise>"`.

    >>> find("nonsense")
    Traceback (most recent call last):
        ...
    ValueError: an exercise is named "lab.exercise", got 'nonsense'
    """
    topic, dot, short = name.partition(".")
    if not dot:
        raise ValueError(f'an exercise is named "lab.exercise", got {name!r}')
    found = {e.name: e for e in exercises(topic)}
    if short not in found:
        raise ValueError(f"the lab {topic!r} has no exercise {short!r}; it has: {', '.join(found)}")
    return found[short]


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Judge an answer without showing anything. An answer that crashes is wrong, not fatal."""
    try:
        if _empty(answer):
            raise NotAttempted
        problem = _wrong_kind(exercise, answer)
        problem = problem or exercise.check(_guard(answer) if callable(answer) else answer)
    except (NotAttempted, NotImplementedError):
        return Verdict("unattempted", "Not attempted yet. Fill in the stub, then run this again.")
    except NoReturn as error:
        return Verdict("wrong", f"Not quite, because {error}")
    except Exception as error:
        where = _line_in(answer, error)
        return Verdict(
            "wrong", f"Not quite: it stopped with {type(error).__name__}: {error}{where}"
        )
    if problem:
        return Verdict("wrong", f"Not quite, because {problem}")
    return Verdict("right", "Right.")


def check(name: str, answer: Any, strict: bool | None = None) -> Verdict:
    """Check an answer, show the verdict and return it.

    name    `"lab.exercise"`, for example `"next_word.surprisal"`
    answer  what the exercise asks for: a value or a function
    strict  raise `ExerciseError` unless the answer is right (default: `GLASSBOX_STRICT` is set)
    """
    verdict = judge(find(name), answer)
    _say(f"{_SIGNS[verdict.status]} {verdict.message}", verdict.status, name)
    if strict is None:
        strict = os.environ.get("GLASSBOX_STRICT", "") not in ("", "0")
    if strict and not verdict:
        raise ExerciseError(f"{name}: {verdict.message}")
    return verdict


def hint(name: str) -> None:
    """Show the next hint; after the last one, start again."""
    hints = find(name).hints
    n = _hints_given.get(name, 0)
    _hints_given[name] = n + 1
    _say(f"Hint {n % len(hints) + 1} of {len(hints)}: {hints[n % len(hints)]}", "hint")


def solution(name: str) -> None:
    """Show the reference solution."""
    from glassbox.course.show import show

    answer = find(name).solution
    if callable(answer):
        show(answer)
    else:
        _say(f"Solution: {answer!r}", "hint")


def _empty(value: Any) -> bool:
    return value is None or value is ...


def _wrong_kind(exercise: Exercise, answer: Any) -> str | None:
    """A value where a function is asked for, or the other way round."""
    if callable(exercise.solution) and not callable(answer):
        return (
            f"the exercise asks for a function, and this is {_short(answer)}. "
            f"Give it the function itself, without brackets: {exercise.name}"
        )
    if callable(answer) and not callable(exercise.solution):
        return (
            "the exercise asks for a value, and this is a function. "
            "Give it what the function returns: call it, with brackets."
        )
    return None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _guard(function: Callable) -> Callable:
    """The reader's function, but an untouched stub (which returns nothing) says so."""

    @functools.wraps(function)
    def guarded(*args, **kwargs):
        result = function(*args, **kwargs)
        if result is None and not _untouched(function):
            raise NoReturn(
                f"for {', '.join(_short(a) for a in args)} it gives nothing back. "
                "Is a `return` missing?"
            )
        if _empty(result):
            raise NotAttempted
        return result

    return guarded


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


def _say(text: str, status: str, exercise: str = "") -> None:
    """Show a line as text and, where HTML is shown, with the status as its class."""
    page = f'<p class="gb-verdict gb-{status}">{html.escape(text)}</p>'
    found = {"glassbox": {"exercise": exercise, "status": status}} if exercise else {}
    display({"text/plain": text, "text/html": page}, metadata=found, raw=True)

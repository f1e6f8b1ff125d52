"""Exercises that know the difference between untouched, wrong and right.

Each lab has a module of the same name in this folder with a list `EXERCISES`. An exercise holds its
reference solution, the cases that an answer is tried on, its hints, and mistakes that people really
make, each with what is to be said of it. The reader's function is right when it agrees with the
solution in every case. If it does not, but agrees with one of the mistakes, that mistake is named;
then come the mistakes that can be made anywhere: the same result whatever is asked, an argument
that is never looked at, two exchanged, a sign. In a notebook three functions are enough:

    check("next_word.surprisal", surprisal)      # says: not attempted, not quite because ..., right
    hint("next_word.surprisal")                  # one hint more at each call
    solution("next_word.surprisal")              # shows a solution, to be pasted where the stub was

`check` never raises in self-study. With `strict=True`, or where `GLASSBOX_STRICT=1` is set,
everything but *right* raises `ExerciseError`. Each verdict also carries its exercise and its status
in the output's metadata, which `python -m glassbox who` reads.
"""

import ast
import builtins
import html
import importlib
import inspect
import itertools
import linecache
import os
import pkgutil
import re
import sys
from collections.abc import Callable
from typing import Any

from IPython.display import display

from glassbox.course.judging import Exercise, Verdict, judge
from glassbox.course.show import source


class ExerciseError(AssertionError):
    """Raised by a strict check whose answer is not right."""


_SIGNS = {"unattempted": "○", "wrong": "✗", "right": "✓"}
_hints_given: dict[str, int] = {}


def topics() -> list[str]:
    """The labs that have exercises."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__))


def exercises(topic: str) -> list[Exercise]:
    """All exercises of one lab, in the lab's order."""
    try:
        return importlib.import_module(f"{__name__}.{topic}").EXERCISES
    except ModuleNotFoundError as e:
        if e.name != f"{__name__}.{topic}":
            raise
        known = ", ".join(topics())
        raise ValueError(f"no exercises for the lab {topic!r}; there are some for: {known}") from e


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


def check(name: str, answer: Any, strict: bool | None = None) -> Verdict:
    """Check an answer, show the verdict and return it.

    name    `"lab.exercise"`, for example `"next_word.surprisal"`
    answer  what the exercise asks for: a value or a function
    strict  raise `ExerciseError` unless the answer is right (default: `GLASSBOX_STRICT` is set)
    """
    exercise, elsewhere = find(name), _misspelt(answer, sys._getframe(1).f_code.co_filename)
    verdict = Verdict("wrong", elsewhere) if elsewhere else judge(exercise, answer)
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
    """Show a solution. Pasted where the stub was, it runs as it stands."""
    answer = find(name).solution
    if callable(answer):
        code = listing(answer)
        display({"text/plain": code, "text/markdown": f"```python\n{code}\n```"}, raw=True)
    else:
        _say(f"Solution: {answer!r}", "hint")


def listing(function: Callable) -> str:
    """The source of a function, after the imports that it needs."""
    code = source(function)
    imports = []
    for name in dict.fromkeys(_names(function.__code__)):
        thing = function.__globals__.get(name)
        if inspect.ismodule(thing):
            alias = "" if thing.__name__ == name else f" as {name}"
            imports.append(f"import {thing.__name__}{alias}")
        elif thing is not None and not hasattr(builtins, name):
            imports.append(f"from {thing.__module__} import {name}")
    return "\n".join([*imports, *["\n"] * bool(imports), code])


def _names(code) -> list[str]:
    """The names that a function and those inside it look up outside themselves."""
    inner = [c for c in code.co_consts if inspect.iscode(c)]
    return [*code.co_names, *itertools.chain.from_iterable(map(_names, inner))]


def _misspelt(answer: Any, cell: str) -> str | None:
    """Does the cell that asks define one function and check another, which an earlier cell made?

    `cell` is the name under which Python keeps the cell's source.
    """
    code = getattr(answer, "__code__", None)
    text = "".join(linecache.getlines(cell))
    if code is None or code.co_filename == cell or os.path.exists(cell):
        return None
    try:
        defined = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    except SyntaxError:  # a magic command in it
        defined = re.findall(r"^def (\w+)", text, re.MULTILINE)
    if not defined or answer.__name__ in defined:
        return None
    return (
        f"Not quite, because this cell defines `{defined[-1]}` and checks `{answer.__name__}`, which "
        "an earlier cell defined. Is one of the two names misspelt?"
    )


def _say(text: str, status: str, exercise: str = "") -> None:
    """Show a line as text and, where HTML is shown, with the status as its class."""
    line = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
    page = f'<p class="gb-verdict gb-{status}">{line}</p>'
    found = {"glassbox": {"exercise": exercise, "status": status}} if exercise else {}
    display({"text/plain": text, "text/html": page}, metadata=found, raw=True)

"""Compare a reader's result with the right one, and say in words how they differ.

Lists, tuples, tensors and arrays count as lists, so nobody is wrong for the container; numbers may
differ by rounding. Two results that differ are never printed alike: digits are added until they look different.
torch and numpy are not imported, only recognized by their `tolist`.
"""

import math
from typing import Any

LONG = 8  # of lists with more numbers than this, only the first place that differs is shown


def plain(value: Any) -> Any:
    """Tensors, arrays and tuples as lists, numpy's and torch's single numbers as Python's.

    >>> plain(((1, 2), [3]))
    [[1, 2], [3]]
    """
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return set(value) if isinstance(value, frozenset) else value


def same(got: Any, want: Any, off: float = 1e-6) -> bool:
    """Whether two results agree, numbers up to a share of 1e-5 or an amount of `off`.

    Texts and whole numbers agree only exactly; nan agrees with nan.

    >>> same((0.1 + 0.2, 1), [0.3, 1.0]), same(124_439_809, 124_439_808), same("1", 1)
    (True, False, False)
    """
    got, want = plain(got), plain(want)
    if isinstance(want, list):
        alike = isinstance(got, list) and len(got) == len(want)
        return alike and all(same(g, w, off) for g, w in zip(got, want))
    if isinstance(want, dict):
        alike = isinstance(got, dict) and got.keys() == want.keys()
        return alike and all(same(got[k], want[k], off) for k in want)
    if isinstance(got, float) and isinstance(want, int):
        return math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9)
    if not isinstance(want, float) or not isinstance(got, (int, float)):
        return isinstance(got, (int, float)) == isinstance(want, (int, float)) and got == want
    if math.isnan(got) or math.isnan(want):
        return math.isnan(got) and math.isnan(want)
    return math.isclose(got, want, rel_tol=1e-5, abs_tol=off)


def shown(value: Any, digits: int = 4) -> str:
    """A result as the reader would write it, its numbers with so many digits.

    >>> shown([0.12345678, -0.0, 3.0, "gull"]), shown(124439808), shown({2: 1.5}), shown(7e10)
    ("[0.1235, 0, 3, 'gull']", '124,439,808', '{2: 1.5}', '7e+10')
    """
    value = plain(value)
    if isinstance(value, list):
        return "[" + ", ".join(_inside(v, digits) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_inside(v, digits)}" for k, v in value.items()) + "}"
    if isinstance(value, float):
        text = f"{value + 0.0:.{digits}g}"  # + 0.0 makes 0 of -0
        return text if abs(value) > 1e7 else repr(float(text)).removesuffix(".0")
    if isinstance(value, set) and value:
        return "{" + ", ".join(map(repr, sorted(value, key=lambda v: (str(type(v)), v)))) + "}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else _named(value)


def _inside(value: Any, digits: int) -> str:
    return str(value) if isinstance(value, int) else shown(value, digits)  # no 1,000 among commas


def _named(value: Any) -> str:
    """Texts as they are written; a function by its name, an object by its kind."""
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    text = repr(value)
    return f"this {type(value).__name__}" if text.startswith("<") else text


def apart(got: Any, want: Any) -> tuple[str, str]:
    """Both, with as many digits as it takes to see that they differ.

    >>> apart(0.33333, 1 / 3), apart([2.0], [2.5])
    (('0.33333', '0.333333'), ('[2]', '[2.5]'))
    """
    for digits in range(4, 18):
        texts = shown(got, digits), shown(want, digits)
        if texts[0] != texts[1]:
            return texts
    return f"{texts[0]} ({_kind(got)})", f"{texts[1]} ({_kind(want)})"


def difference(got: Any, want: Any) -> str:
    """What a wrong result is and what it should be: `it gives 2, and it should be 3`.

    >>> difference("gull", [1, 2])
    "it gives 'gull', which is a text, and it should be a list: [1, 2]"
    """
    got, want = plain(got), plain(want)
    if _kind(got) != _kind(want):
        return f"it gives {shown(got)}, which is {_kind(got)}, and it should be {_kind(want)}: {shown(want)}"
    if isinstance(want, list) and _size(want) > LONG and len(got) == len(want):
        place = next((i for i, (g, w) in enumerate(zip(got, want)) if not same(g, w)), 0)
        return f"at place {place} {difference(got[place], want[place])}"
    if _shape(got) != _shape(want) and (len(_shape(want)) > 1 or _size(got) > 2 * LONG):
        return f"the shape of what it gives is {_shape(got)}, and it should be {_shape(want)}"
    told, right = apart(got, want)
    return f"it gives {told}, and it should be {right}"


_KINDS = {
    bool: "a truth value",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a dict",
    set: "a set",
}


def _kind(value: Any) -> str:
    return _KINDS.get(type(plain(value)), f"of type {type(value).__name__}")


def _size(value: Any) -> int:
    return sum(map(_size, value)) if isinstance(value, list) else 1


def _shape(value: Any) -> tuple[int, ...]:
    """Of nested lists, as torch counts: (rows, columns)."""
    return (len(value), *_shape(value[0] if value else 0)) if isinstance(value, list) else ()

"""Show the library's real source in a notebook, so that no mechanism hides behind a call."""

import ast
import inspect
import textwrap
from pathlib import Path

from IPython.display import display


def show(*objects, doc: bool = False) -> None:
    """Display the source of functions or classes, as it stands in the library.

    doc  keep the docstring (dropped by default: in a lab the text around the cell explains)
    """
    for thing in objects:
        code = source(thing, doc)
        title = _place(thing)
        text = f"# {title}\n{code}" if title else code
        display({"text/plain": text, "text/markdown": f"```python\n{text}\n```"}, raw=True)


def source(thing, doc: bool = False) -> str:
    """The source text of a function or class, without its docstring unless `doc`.

    >>> def double(x):
    ...     "Twice x."
    ...     return 2 * x
    >>> print(source(double))
    def double(x):
        return 2 * x
    """
    code = textwrap.dedent(inspect.getsource(thing)).rstrip()
    return code if doc else _without_docstring(code)


def _without_docstring(code: str) -> str:
    top = ast.parse(code).body[0]
    first = top.body[0]
    has_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if not has_doc or not isinstance(first.value.value, str) or len(top.body) == 1:
        return code
    lines = code.splitlines()
    rest = lines[first.end_lineno :]
    while rest and not rest[0].strip():
        rest = rest[1:]
    return "\n".join(lines[: first.lineno - 1] + rest)


def _place(thing) -> str:
    """`glassbox/machine/tokens.py, line 41`, or nothing for what the reader wrote."""
    module = inspect.getmodule(thing)
    if module is None or not module.__name__.startswith("glassbox."):
        return ""
    thing = inspect.unwrap(thing)  # torch.no_grad() and its like are written elsewhere
    line = inspect.getsourcelines(thing)[1]
    parts = Path(inspect.getsourcefile(thing)).parts
    start = len(parts) - 1 - parts[::-1].index("glassbox")
    return f"{'/'.join(parts[start:])}, line {line}"

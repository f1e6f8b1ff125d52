"""Interactive figures in notebooks: the same modules that the book's pages show.

`figure("tokens", text="Mara Quill")` returns a widget. Its output also carries a plain HTML mount,
so that the book's copy of a notebook is alive without a kernel.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
if (CHECKOUT / "make.py").is_file():
    BUNDLES = CHECKOUT / "_build" / "figures"
    REMEDY = "python make.py figures"
else:  # an installed library brings its figures along; see setup.py
    BUNDLES = HERE / "_figures"
    REMEDY = "python make.py wheel, in a copy of the book, and install the file that it names"


def figure(name: str, **state):
    """The figure `name` with this starting state, to be shown as the last line of a cell.

    name   a folder of figures/, such as "tokens"
    state  what the figure reads: JSON values only; see the figure's README line

    Returns an anywidget whose attributes are the state (`widget.choice`), or, when the figures are
    not built, an object that says so and how to build them.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} is no figure name; names look like 'next_word'")
    try:
        json.dumps(state)
    except TypeError as e:
        raise TypeError(f"figure {name!r}: {e}; give numbers, strings, lists and dicts only") from e
    bundle = BUNDLES / f"{name}.js"
    if not bundle.exists():
        return MissingFigure(name, state)
    return _widget_class(name, bundle, state)(**state)


def built(name: str) -> bool:
    """Whether the bundle of a figure is there.

    >>> built("no_such_figure")
    False
    """
    return (BUNDLES / f"{name}.js").exists()


def mount_html(name: str, state: dict, words: str = "") -> str:
    """The element that the page's host (figures/core/host.js) turns into the living figure.

    >>> mount_html("tokens", {"text": "</script>"})
    '<div class="afm" data-afm-name="tokens"><script type="application/json">{"text": "\\\\u003c/script>"}</script></div>'
    """
    packed = json.dumps(state, ensure_ascii=False).replace("<", "\\u003c")  # ends no <script>
    note = f"<p>{html.escape(words)}</p>" if words else ""
    return (
        f'<div class="afm" data-afm-name="{name}">'
        f'<script type="application/json">{packed}</script>{note}</div>'
    )


class MissingFigure:
    """Stands for a figure whose bundle is not built; shows a sentence, never a traceback."""

    def __init__(self, name: str, state: dict):
        self.name = name
        self.state = dict(state)

    def __repr__(self) -> str:
        return f"The interactive figure {self.name!r} is not built yet. Build it with: {REMEDY}"

    def _repr_mimebundle_(self, **kwargs) -> dict:
        return {
            "text/plain": repr(self),
            "text/html": mount_html(self.name, self.state, repr(self)),
        }


def _widget_class(name: str, bundle: Path, state: dict):
    """An anywidget class with one synced trait for each key of the state."""
    import anywidget
    import traitlets

    class Figure(anywidget.AnyWidget):
        _esm = bundle.read_text(encoding="utf-8")

        def __init__(self, **values):
            super().__init__(**values)
            self.on_msg(_answer)

        def __repr__(self) -> str:
            return f"Figure({name!r})"

        def _repr_mimebundle_(self, **kwargs):
            shown = super()._repr_mimebundle_(**kwargs)
            data, meta = shown if isinstance(shown, tuple) else (shown, {})
            values = {key: getattr(self, key) for key in state}
            plain = {"text/plain": repr(self), "text/html": mount_html(name, values)}
            return {**(data or {}), **plain}, meta

    taken = sorted(key for key in state if key != "choice" and hasattr(Figure, key))
    if taken:
        raise ValueError(f"figure {name!r}: a widget already has {taken}; rename that state")
    traits = {key: traitlets.Any(None, allow_none=True).tag(sync=True) for key in state}
    # What a reader chooses in the figure `predict` comes back to the lab under this name.
    traits.setdefault("choice", traitlets.Any(None, allow_none=True).tag(sync=True))
    return type(f"Figure_{name}", (Figure,), traits)


def _answer(widget, content, buffers) -> None:
    """A figure in a notebook asks its kernel for a file that a page would find beside itself."""
    if not isinstance(content, dict) or content.get("kind") != "file":
        return
    name = str(content.get("name", ""))
    reply = {"kind": "file", "name": name}
    path = BUNDLES / "models" / f"{name}.js"
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not path.exists():
        reply["error"] = f"The file {name!r} is not built yet. Build it with: {REMEDY}"
    else:
        reply["file"] = _unwrap(path.read_text(encoding="utf-8"))
    widget.send(reply)


def _unwrap(script: str) -> dict:
    return json.loads(script.split("\n")[1])

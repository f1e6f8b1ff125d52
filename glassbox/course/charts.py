"""Charts to turn (plotly, with a table behind them), and controls that show the point without a kernel.

`chart` shows a plotly figure that works offline, in JupyterLab and in the book's static page.
`explore` shows a control (ipywidgets) over something that a function draws; a page without a kernel
shows what it draws at the control's first setting.
"""

from __future__ import annotations

import html
import io
import json
import re
import sys
from collections.abc import Callable, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
from IPython.display import HTML, display
from matplotlib.figure import Figure

from glassbox.course.plots import COLORS, GRID, INK, plotly_template

PLOTLY = "application/vnd.plotly.v1+json"


def table_html(rows: Sequence[dict], digits: int = 3) -> str:
    """Rows as an HTML table; the keys of the first are the columns.

    >>> table_html([{"size": 12, "loss": 0.51234}])
    '<table><thead><tr><th>size</th><th>loss</th></tr></thead><tbody><tr><td>12</td><td>0.512</td></tr></tbody></table>'
    """
    if not rows:
        raise ValueError("the table has no rows; give at least one")
    columns = list(rows[0])
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row[name], digits)}</td>" for name in columns) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value, digits: int) -> str:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return f"{value:,.{digits}g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else html.escape(str(value))


def chart(figure, rows: Sequence[dict], title: str | None = None, **layout) -> None:
    """Show a plotly figure in the house style, and under it the same numbers as a table.

    figure  a plotly figure, for example `plotly.express.scatter(…)`
    rows    a list of dicts: the table
    title   states the finding; it is also what a screen reader says of the chart
    layout  what else plotly's `update_layout` takes
    """
    figure.update_layout(template=plotly_template(), **layout)
    if title:
        figure.update_layout(title=title)
    if not figure.layout.title.text:
        raise ValueError("the chart has no title; give one that states the finding")
    if "google.colab" in sys.modules:
        figure.show()  # Colab does not know plotly's own output type
    else:
        display(
            {PLOTLY: json.loads(figure.to_json()), "text/plain": figure.layout.title.text}, raw=True
        )
    folded = f"<details><summary>The numbers as a table</summary>{table_html(rows)}</details>"
    display(HTML(folded))


def points(rows: Sequence[dict], x: str, y: str, color: str, group: str | None = None, error=None):
    """A plotly figure of a table, for `chart`: a point for each row, all of its columns on hover.

    x, y    the columns along the axes, which they also label
    color   the column that tells colors apart and stands in the legend
    group   a column: the points of each color and group are joined by a line
    error   a column: the half length of a bar through the point

    >>> figure = points([{"nats": 1, "gold": 2, "way": "DPO"}], "nats", "gold", color="way")
    >>> figure.data[0].name, figure.data[0].x
    ('DPO', (1,))
    """
    import plotly.graph_objects as go

    figure = go.Figure(layout={"xaxis_title": x, "yaxis_title": y})
    colors = dict(zip(dict.fromkeys(row[color] for row in rows), cycle(COLORS.values())))
    lines = dict.fromkeys((row[color], row.get(group)) for row in rows)
    for name, part in lines:
        own = [row for row in rows if (row[color], row.get(group)) == (name, part)]
        figure.add_scatter(
            x=[row[x] for row in own],
            y=[row[y] for row in own],
            error_y={"array": [row[error] for row in own]} if error else None,
            text=["<br>".join(f"{k}: {_cell(v, 3)}" for k, v in row.items()) for row in own],
            hovertemplate="%{text}<extra></extra>",
            mode="lines+markers" if group else "markers",
            name=str(name),
            legendgroup=str(name),
            showlegend=(name, part) == next(line for line in lines if line[0] == name),
            marker_color=colors[name],
            line_color=colors[name],
        )
    return figure


class Explored:
    """A control and what it draws: one output, alive with a kernel and readable without."""

    def __init__(self, box, static: str):
        self.box, self.static = box, static

    def _repr_mimebundle_(self, **kwargs):
        shown = self.box._repr_mimebundle_(**kwargs)
        data, meta = shown if isinstance(shown, tuple) else (shown, {})
        note = "Here a control appears when the notebook runs; this is its first setting."
        page = f'<div class="gb-control">{self.static}<p class="gb-live">{note}</p></div>'
        return {**(data or {}), "text/html": page, "text/plain": note}, meta


def explore(draw: Callable, **controls) -> None:
    """Show controls over what `draw` returns: a matplotlib figure, a text, rows for a table, or HTML.

    controls  for each argument of `draw` a tuple (low, high, step, first value), a list of choices of
              which the first is set, or an ipywidgets control
    """
    import ipywidgets as widgets

    made = {name: _control(name, what) for name, what in controls.items()}

    def page() -> str:
        return _page(draw(**{name: control.value for name, control in made.items()}))

    answer = widgets.HTML(page())

    def redraw(change) -> None:
        answer.value = page()

    for control in made.values():
        control.observe(redraw, "value")
    display(Explored(widgets.VBox([*made.values(), answer]), answer.value))


def _control(name: str, what):
    import ipywidgets as widgets

    about = {
        "description": name.replace("_", " "),
        "style": {"description_width": "initial"},
        "continuous_update": False,
    }
    if isinstance(what, tuple):
        low, high, step, value = what
        whole = all(isinstance(x, int) for x in what)
        slider = widgets.IntSlider if whole else widgets.FloatSlider
        return slider(min=low, max=high, step=step, value=value, **about)
    if isinstance(what, list):
        return widgets.SelectionSlider(options=what, value=what[0], **about)
    return what


def _page(drawn) -> str:
    """What a function drew, as HTML whose ink is the page's."""
    if isinstance(drawn, plt.Axes):
        drawn = drawn.figure
    if isinstance(drawn, Figure):
        return _svg(drawn)
    if isinstance(drawn, str):
        return f"<pre>{html.escape(drawn)}</pre>"
    if hasattr(drawn, "_repr_html_"):
        return drawn._repr_html_()
    if isinstance(drawn, Sequence) and drawn and isinstance(drawn[0], dict):
        return table_html(drawn)
    raise TypeError(
        f"draw returned {type(drawn).__name__}; return a figure, a text, a list of dicts, or HTML"
    )


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)
    drawn = file.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"\s(width|height)=\"[\d.]+pt\"", "", drawn, count=2)
    drawn = drawn.replace(INK, "currentColor").replace(GRID, "var(--gb-grid, #c9ced6)")
    return f'<div style="max-width:46rem" role="img" aria-label="{_words(figure)}">{drawn}</div>'


def _words(figure: Figure) -> str:
    titles = [ax.get_title(loc) for ax in figure.axes for loc in ("left", "center")]
    return html.escape(". ".join(t for t in titles if t) or "A chart", quote=True)

"""Plotly's charts in the pages of labs, which myst-nb does not know.

The chart's JSON stands in the page; `_static/plotly-host.js` draws it with the plotly.min.js of the
Python package, in the book's colors, and only pages with a chart load the two.
"""

from __future__ import annotations

import html
import json
import re

from bookfiles import to_json
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

log = logging.getLogger(__name__)
PLOTLY = "application/vnd.plotly.v1+json"


class PlotlyRenderer:
    """A renderer as myst-nb wants it: a class with a method, and the rank of its kind of output."""

    mime_priority_overrides = [("*", PLOTLY, 1)]  # noqa: RUF012

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != PLOTLY:
            return None
        figure = data.content if isinstance(data.content, dict) else json.loads(data.content)
        layout = figure.setdefault("layout", {})
        words = html.escape(chart_words(layout, data), quote=True)
        if not words:
            log.warning("a plotly figure has neither a title nor alt text in its cell's metadata")
        source = (
            f'<div class="gb-plotly" role="group" aria-label="{words}" '
            f'style="min-height:{layout.get("height", 450)}px">'
            f'<script type="application/json">{to_json(figure)}</script></div>'
        )
        return [nodes.raw("", source, format="html")]


def chart_words(layout: dict, data) -> str:
    """What a chart shows, in words: the alt text in its output's or cell's metadata, or its title."""
    output = (data.output_metadata or {}).get(PLOTLY, {})
    image = data.cell_metadata.get("mystnb", {}).get("image", {})
    title = layout.get("title") or {}
    title = title.get("text") if isinstance(title, dict) else title
    return re.sub(r"<[^>]+>", " ", output.get("alt") or image.get("alt") or title or "")


def load_plotly(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    if 'class="gb-plotly"' in context.get("body", ""):
        app.add_js_file("vendor/plotly/plotly.min.js", priority=600, loading_method="defer")
        app.add_js_file("plotly-host.js", priority=610, loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", load_plotly, priority=940)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

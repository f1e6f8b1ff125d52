"""Show in a chapter what a lab cell showed, so that picture and experiment cannot disagree.

    ```{labfigure} 01_next_word#ladder
    :alt: What the picture shows, in words.
    The caption.
    ```

The argument is a lab and the id of one of its cells. Plots come as SVG, tables as HTML, printed
text as text. Before the lab has run (in a preview) a line says what will stand there.

    {lab}`a block on four workers <13_parallelism#step-tensor>`

is a link to a cell; the build fails on a lab or a cell that does not exist.
"""

import json
import os
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from plotly_charts import PLOTLY
from sphinx.util.docutils import ReferenceRole, SphinxDirective

ROOT = Path(__file__).resolve().parents[1]


class LabFigure(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012

    def run(self):
        lab, _, cell = self.arguments[0].partition("#")
        if not cell or not self.options.get("alt"):
            raise self.error("labfigure takes `lab#cell-id` and an :alt: text")
        path = ROOT / "_build" / "labs" / lab / "executed.ipynb"
        if not path.exists():
            return self.missing(f"{lab} has not been run yet; build the book to see its result.")
        self.env.note_dependency(str(path))
        shown = self.show(lab, cell, json.loads(path.read_text(encoding="utf-8")))
        figure = nodes.figure("", *shown, classes=["gb-labfigure"])
        figure += self.caption(lab, cell)
        self.set_source_info(figure)
        return [figure]

    def missing(self, message):
        if os.environ.get("GLASSBOX_PREVIEW"):
            return [nodes.note("", nodes.paragraph("", message))]
        raise self.error(message)

    def caption(self, lab, cell):
        caption = nodes.caption()
        inline, problems = self.state.inline_text(" ".join(self.content), self.lineno)
        caption += [*inline, *problems, nodes.Text(" ")]
        page = self.env.relfn2path(f"/labs/{lab}")[0]
        here = Path(self.env.docname).parent
        link = os.path.relpath(page, here).replace(os.sep, "/")
        caption += nodes.reference(
            "", "Lab cell", refuri=f"{link}.html#{cell}", internal=True, classes=["gb-lab-link"]
        )
        return caption

    def show(self, lab, cell, notebook):
        outputs = next((c["outputs"] for c in notebook["cells"] if c.get("id") == cell), None)
        if not outputs:
            raise self.error(f"labs/{lab}.ipynb has no cell `{cell}` that shows something")
        if any(PLOTLY in output.get("data", {}) for output in outputs):
            raise self.error(
                f"{lab}#{cell} is a plotly chart, which only labs show; draw a picture of it"
            )
        return [self.one(lab, f"{cell}-{i}", output) for i, output in enumerate(outputs)]

    def one(self, lab, name, output):
        data = output.get("data", {})
        if "image/svg+xml" in data:
            return self.image(f"{lab}-{name}.svg", _text(data["image/svg+xml"]))
        if "text/html" in data:
            html = f'<div class="gb-labfigure-html">{_text(data["text/html"])}</div>'
            return nodes.raw("", html, format="html")
        text = _text(data.get("text/plain", output.get("text", "")))
        return nodes.literal_block(text, text, language="none", classes=["gb-labfigure-text"])

    def image(self, name, svg):
        folder = Path(self.env.srcdir) / "_labfigures"
        folder.mkdir(exist_ok=True)
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != svg:
            path.write_text(svg, encoding="utf-8")
        return nodes.image(uri=f"/_labfigures/{name}", alt=self.options["alt"])


class LabLink(ReferenceRole):
    def run(self):
        lab, _, cell = self.target.partition("#")
        path = ROOT / "labs" / f"{lab}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []
        if not any(c.get("id") == cell for c in cells):
            message = f"{self.target}: no such cell; write `words <lab#cell-id>`"
            return [], [self.inliner.reporter.error(message, line=self.lineno)]
        here = Path(self.env.docname).parent
        page = os.path.relpath(f"labs/{lab}", here).replace(os.sep, "/")
        return [nodes.reference("", self.title, refuri=f"{page}.html#{cell}", internal=True)], []


def _text(value):
    return value if isinstance(value, str) else "".join(value)


def setup(app):
    app.add_directive("labfigure", LabFigure)
    app.add_role("lab", LabLink())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

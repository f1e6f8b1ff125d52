"""Two boxes that stand beside the running text.

    ```{real} How GPT-4 cuts *strawberry*
    ```                                 "In a real model": the same thing in a system people use

    ```{specialist} Where the square root comes from
    ```                                 folded; for those who want the details

Both hold ordinary text, pictures and tables. A number in them has a source, as everywhere.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Box(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def inline(self, text: str) -> list[nodes.Node]:
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def inside(self, name: str) -> nodes.container:
        box = nodes.container(classes=[name])
        self.set_source_info(box)
        self.state.nested_parse(self.content, self.content_offset, box)
        return box


class InARealModel(Box):
    """A panel with the line "In a real model" and a title."""

    def run(self):
        box = self.inside("gb-real")
        said = nodes.inline("", "In a real model", classes=["gb-real__where"])
        title = nodes.inline("", "", *self.inline(self.arguments[0]), classes=["gb-real__title"])
        box.insert(0, nodes.paragraph("", "", said, nodes.Text(" "), title))
        return [box]


class folded(nodes.container):
    """A box that a reader opens; its first child is the line to click."""


class ForSpecialists(Box):
    def run(self):
        box = folded(classes=["gb-specialist"])
        self.set_source_info(box)
        box += summary("", "", *self.inline(self.arguments[0]))
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class summary(nodes.TextElement):
    """The line to click."""


def open_folded(writer, node) -> None:
    writer.body.append(writer.starttag(node, "details"))


def close_folded(writer, node) -> None:
    writer.body.append("</details>\n")


def open_summary(writer, node) -> None:
    writer.body.append("<summary>For specialists: ")


def close_summary(writer, node) -> None:
    writer.body.append("</summary>\n")


def setup(app: Sphinx) -> dict:
    app.add_directive("real", InARealModel)
    app.add_directive("specialist", ForSpecialists)
    app.add_node(folded, html=(open_folded, close_folded))
    app.add_node(summary, html=(open_summary, close_summary))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

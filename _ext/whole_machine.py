"""The picture of the whole machine, with the part that a chapter is about lit.

    ```{machine} attention mlp
    Where we are: inside a block.
    ```

One drawing, `_static/whole_machine.svg`, put inline into the page, so that it has the page's colors.
Each part is a group `<g data-part="…" data-says="…">` of the drawing; `data-says` is its name in the
alt text.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

DRAWING = Path(__file__).resolve().parents[1] / "_static" / "whole_machine.svg"
WHOLE = (
    "The whole machine. Text is cut into tokens, tokens become vectors, blocks of attention and MLP "
    "work on them, the result is a score for every token, dice choose one, and it is added to the "
    "text: again and again. Before that, what it reads, pretraining, learning to answer and human "
    "feedback set the numbers in the machine. Around it stands the chat window."
)


@cache
def drawing() -> tuple[str, dict[str, str]]:
    """The drawing, and for each of its parts what the alt text calls it."""
    text = DRAWING.read_text(encoding="utf-8")
    return text, dict(re.findall(r'data-part="(\w+)" data-says="([^"]+)"', text))


def lit(wanted: list[str]) -> str:
    """The drawing as an element of the page, the wanted parts lit and named in its alt text."""
    text, says = drawing()
    for part in wanted:
        text = text.replace(f'data-part="{part}"', f'data-part="{part}" class="is-lit"')
    words = f"{WHOLE} This chapter's part: {', '.join(says[part] for part in wanted)}."
    label = f'<svg role="img" aria-label="{html.escape(words, quote=True)}"'
    return text[text.index("<svg") :].replace("<svg", label, 1)


class WholeMachine(SphinxDirective):
    required_arguments = 1
    optional_arguments = 12
    has_content = True

    def run(self):
        self.env.note_dependency(str(DRAWING))
        unknown = [part for part in self.arguments if part not in drawing()[1]]
        if unknown:
            known = ", ".join(drawing()[1])
            raise self.error(f"the machine has no part {unknown[0]!r}; its parts are {known}")
        picture = nodes.raw("", lit(self.arguments), format="html")
        figure = nodes.figure("", picture, classes=["gb-machine"])
        if self.content:
            words, problems = self.state.inline_text(" ".join(self.content), self.lineno)
            figure += nodes.caption("", "", *words, *problems)
        self.set_source_info(figure)
        return [figure]


def setup(app: Sphinx) -> dict:
    app.add_directive("machine", WholeMachine)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

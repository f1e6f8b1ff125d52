"""Interactive figures in pages.

    ```{anywidget} ../figures/tokens/index.js
    :alt: What a reader who cannot see the figure should know
    {"text": "the harbor", "bpb": "{measured:tokens.english_bpb}"}
    ```

mounts `_build/figures/tokens.js` with that state (the directive is spelled as mystmd spells it).
The modules are written beside the pages as classic scripts, which also load from a disk. What stands in the figure's
place without JavaScript and on paper comes from `stills.py`.
"""

from __future__ import annotations

import html
import json
from pathlib import Path

import measured
from bookfiles import to_json, write
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from stills import copy_pictures, file_of, kept, place, still

log = logging.getLogger(__name__)

OF_THE_TEXT = ("predict", "quiz")  # figures that belong to one place and have no page of their own


class AnyWidget(SphinxDirective):
    """Mount an interactive figure; the body is its starting state as JSON."""

    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required, "class": directives.class_option}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        name = Path(self.arguments[0]).parent.name
        bundle = self.env.gb_root / "_build" / "figures" / f"{name}.js"
        if not bundle.is_file():
            log.warning(
                "figure %s is not built (%s is missing); run `python make.py figures`",
                name,
                bundle.name,
                location=self.get_location(),
            )
        alt = " ".join(self.options.get("alt", "").split())
        if not alt:
            log.warning("figure %s has no :alt:", name, location=self.get_location())
        classes = " ".join(["afm", *self.options.get("class", [])])
        state = self.state_of(name)
        self.reread_with(name, state.get("view", ""))
        instead = still(self.env.gb_root, name, alt, state, self.env.docname)
        where = place(self.env.gb_root, name, state.get("view", ""))
        shown = mount(name, alt, classes, state, instead, where)
        shown += own_page_link(self.env.gb_root, self.env.docname, name)
        node = nodes.raw("", shown, format="html")
        node.source, node.line = self.get_source_info()
        return [node]

    def reread_with(self, name: str, view: str) -> None:
        """Have the page read again when the figure's picture, its size or its title is another."""
        files = [self.env.gb_root / "figures" / name / "strings.json"]
        if kept(self.env.gb_root, name, view):
            files.append(file_of(self.env.gb_root, name, view))
        for file in filter(Path.is_file, files):
            self.env.note_dependency(str(file))

    def state_of(self, name: str) -> dict:
        """The directive's body, with recorded numbers filled in."""
        text = "\n".join(self.content).strip() or "{}"
        text = measured.fill(self.env, text, self.get_location())
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            log.warning(
                "the state of figure %s is not JSON: %s", name, error, location=self.get_location()
            )
            return {}


def mount(name: str, alt: str, classes: str, state: dict, instead: str, place: str = "") -> str:
    """The element that figures/core/host.js turns into the living figure."""
    words, style = html.escape(alt, quote=True), f' style="{place}"' * bool(place)
    return (
        f'<div class="{classes}" data-afm-name="{name}" role="group" aria-label="{words}"{style}>'
        f'<script type="application/json">{to_json(state)}</script>{instead}</div>'
    )


def title_of(root: Path, name: str, view: str = "") -> str:
    """What a figure is called, by its own strings; empty where it has no page of its own.

    A figure with several views has a title for each; the first stands for one that is not named.
    """
    strings = root / "figures" / name / "strings.json"
    if name in OF_THE_TEXT or not strings.is_file():
        return ""
    words = json.loads(strings.read_text(encoding="utf-8"))["en"]
    titles = {key: words[key] for key in words if key == "title" or key.startswith("title_")}
    return titles.get(f"title_{view}") or next(iter(titles.values()), "")


def own_page_link(root: Path, docname: str, name: str) -> str:
    """What stands under a figure in a chapter: the way to its own page."""
    title = title_of(root, name)
    if not title or not docname.startswith("chapters/"):
        return ""
    address = "../" * docname.count("/") + f"figures/{name}.html"
    words = f'<span class="gb-hide">: {html.escape(title)}</span>'
    return f'<p class="gb-own-page"><a href="{address}">Full screen{words}</a></p>'


def copy_figures(root: Path, out: Path) -> None:
    """Figures as classic scripts beside their host, and the in-page models."""
    built = root / "_build" / "figures"
    host = root / "figures" / "core" / "host.js"
    if not host.is_file():
        return
    write(out / "host.js", host.read_text(encoding="utf-8"))
    for module in sorted(built.glob("*.js")):
        state = {"esm": module.read_text(encoding="utf-8")}
        write(
            out / module.name, f"(window.__afm||={{}})[{to_json(module.stem)}]={to_json(state)};\n"
        )
    copy_pictures(root, out / "stills")
    for model in sorted((built / "models").glob("*.js")):
        write(out / "models" / model.name, model.read_text(encoding="utf-8"))


def load_host(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    if "data-afm-name=" in context.get("body", ""):
        app.add_js_file("figures/host.js", priority=620, loading_method="defer")


def build_finished(app: Sphinx, error) -> None:
    if not error and app.builder.format == "html":
        copy_figures(app.env.gb_root, Path(app.outdir) / "_static" / "figures")


def setup(app: Sphinx) -> dict:
    app.add_directive("anywidget", AnyWidget)
    app.connect("html-page-context", load_host, priority=940)
    app.connect("build-finished", build_finished)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

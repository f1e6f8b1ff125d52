"""The words of the glossary: bold words of a chapter link to them, and hovering shows a definition."""

from __future__ import annotations

import re
from pathlib import Path

from bookfiles import to_json, write
from docutils import nodes
from sphinx.application import Sphinx

PAGE = "chapters/back/glossary"


def link_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link a chapter's bold words to the glossary where it has them: **cross-entropy**, **n-grams**."""
    if app.builder.format != "html" or not re.match(r"chapters/\d", docname):
        return
    terms = {key.lower(): place for key, place in app.env.get_domain("std")._terms.items()}
    seen = set()
    for strong in list(doctree.findall(nodes.strong)):
        word = strong.astext().lower()
        place = terms.get(word) or terms.get(word.removesuffix("s"))
        if place is None or place in seen or isinstance(strong.parent, nodes.reference):
            continue
        seen.add(place)
        address = app.builder.get_relative_uri(docname, place[0]) + "#" + place[1]
        link = nodes.reference("", "", refuri=address, internal=True)
        link += nodes.inline("", "", *strong.children, classes=["std-term"])
        strong.children = []
        strong += link


def definitions(app: Sphinx) -> dict[str, list[str]]:
    """Anchor -> [term, definition in plain words], read from the glossary's page."""
    words = {}
    if PAGE not in app.env.found_docs:
        return words
    for item in app.env.get_doctree(PAGE).findall(nodes.definition_list_item):
        paragraphs = [p.astext() for p in item.findall(nodes.paragraph)]
        terms = list(item.findall(nodes.term))
        for term in terms:
            for anchor in term.get("ids", []):
                words[anchor] = [terms[0].astext(), " ".join(" ".join(paragraphs[:1]).split())]
    return words


def build_finished(app: Sphinx, error) -> None:
    """Write the definitions beside the pages, where `book.js` fetches them."""
    if not error and app.builder.format == "html":
        path = Path(app.outdir) / "_static" / "glossary.js"
        write(path, f"window.__gbGlossary={to_json(definitions(app))};")


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", link_terms, priority=910)
    app.connect("build-finished", build_finished)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

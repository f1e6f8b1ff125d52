"""Images: refuse those without alt text, and draw SVG inline, so that it follows the page's colors."""

from __future__ import annotations

import html
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

log = logging.getLogger(__name__)
WIDE = 430  # points; a wider plot, of several panels, scrolls on a phone rather than shrink past reading
INLINE_SVG_LIMIT = 400_000  # bytes; a larger drawing stays a file, shown on a light plate

# matplotlib writes the house colors as literals; in the page they become the theme's variables.
SVG_COLORS = {
    "#1b1f24": "var(--gb-ink)",
    "#c9ced6": "var(--gb-grid)",
    "#0072b2": "var(--gb-blue)",
    "#e69f00": "var(--gb-orange)",
    "#009e73": "var(--gb-green)",
    "#d55e00": "var(--gb-vermillion)",
    "#cc79a7": "var(--gb-purple)",
    "#56b4e9": "var(--gb-sky)",
    "#f0e442": "var(--gb-yellow)",
    "#7a828c": "var(--gb-gray)",
}


def inline_svg(text: str, alt: str, prefix: str) -> str:
    """An SVG file's drawing as an element of the page: themed colors, own ids, alt text.

    >>> inline_svg('<svg width="9pt"><g id="a" style="fill: #1B1F24"/></svg>', "A line", "f1")
    '<svg role="img" aria-label="A line" class="gb-plot" width="9pt"><g id="f1-a" style="fill: var(--gb-ink)"/></svg>'
    """
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = _first_ids(text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    pattern = "|".join(SVG_COLORS)
    text = re.sub(pattern, lambda m: SVG_COLORS[m[0].lower()], text, flags=re.I)
    # var() is not read in presentation attributes, only in style
    text = re.sub(r'\b(fill|stroke)="(var\(--gb-\w+\))"', r'style="\1: \2"', text)
    words = html.escape(alt, quote=True)
    width = re.match(r'<svg\b[^>]*?\bwidth="([\d.]+)pt"', text)
    classes = "gb-plot gb-wide" if width and float(width[1]) > WIDE else "gb-plot"
    return text.replace("<svg", f'<svg role="img" aria-label="{words}" class="{classes}"', 1)


def _first_ids(text: str) -> str:
    """Without the ids that stand a second time: matplotlib names two equal pictures alike.

    >>> _first_ids('<g id="a"/><g id="a"/><g id="b"/>')
    '<g id="a"/><g/><g id="b"/>'
    """
    seen = set()

    def keep_first(match: re.Match) -> str:
        known = match[1] in seen
        seen.add(match[1])
        return "" if known else match[0]

    return re.sub(r'\sid="([^"]+)"', keep_first, text)


def finish_images(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html":
        return
    for number, image in enumerate(list(doctree.findall(nodes.image))):
        uri = image.get("uri", "")
        alt = " ".join(image.get("alt", "").split())
        if not says_something(alt, uri):
            log.warning(
                "image %s has no alt text; say in words what it shows (in a notebook: cell "
                "metadata mystnb.image.alt)",
                Path(uri).name,
                location=image if image.line else docname,
            )
        path = Path(app.srcdir, uri)
        if uri.endswith(".svg") and path.is_file():
            draw_inline(image, path.read_text(encoding="utf-8"), alt, f"svg{number}")


def says_something(alt: str, uri: str) -> bool:
    """Whether an alt text is more than a file's name.

    >>> says_something("A line that rises", "a.svg"), says_something("plot.svg", "other.svg")
    (True, False)
    """
    is_name = alt == uri or Path(alt).name == Path(uri).name
    return bool(alt) and not is_name and not re.fullmatch(r"\S+\.\w{3,4}", alt)


def draw_inline(image: nodes.image, text: str, alt: str, prefix: str) -> None:
    """Put an SVG's drawing in the place of the image that names its file."""
    if len(text) > INLINE_SVG_LIMIT:
        image["classes"].append("gb-plate")
        return
    source = inline_svg(text, alt, prefix)
    classes = " ".join(["gb-drawing", *image["classes"]])
    image.replace_self(nodes.raw("", f'<div class="{classes}">{source}</div>', format="html"))


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", finish_images, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

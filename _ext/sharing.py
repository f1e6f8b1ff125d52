"""What a page says of itself where its address is shared: Open Graph's title, words and picture.

The picture lies in the book: that of a figure on the page, or else the front page. Most places want its
whole address, so where the book is served should be said in `_config.yml` (`html: baseurl`); without
that, the picture's address is relative.
"""

from __future__ import annotations

import html
from pathlib import Path

from stills import FOLDER, kept

PICTURE = "_static/front-page.webp"
PICTURE_WORDS = "The front page of Glass Box: a drawing of a harbor town in a glass box"


def still(root: Path, figures: list[str]) -> tuple[str, str] | None:
    """The picture of the first of some figures that has one, and what it shows."""
    for name in figures:
        if taken := kept(root, name):
            return f"{FOLDER}/{name}.webp", taken["sentence"]
    return None


def tags(page, title, words, base="", kind="article", picture=None) -> str:
    """The elements for the head of a page.

    >>> print(tags("chapters/02_tokens", "Tokens", "Pieces.", "https://example.org/book/"))
      <meta property="og:site_name" content="Glass Box">
      <meta property="og:type" content="article">
      <meta property="og:title" content="Tokens">
      <meta property="og:description" content="Pieces.">
      <meta property="og:image" content="https://example.org/book/_static/front-page.webp">
      <meta property="og:image:alt" content="The front page of Glass Box: a drawing of a harbor town in a glass box">
      <meta property="og:url" content="https://example.org/book/chapters/02_tokens.html">
      <meta name="twitter:card" content="summary_large_image">
    """
    base = base.rstrip("/") + "/" if base else ""
    address, shows = picture or (PICTURE, PICTURE_WORDS)
    values = {
        "og:site_name": "Glass Box",
        "og:type": kind,
        "og:title": title,
        "og:description": words,
        "og:image": (base or "../" * page.count("/")) + address,
        "og:image:alt": shows or title,
        "og:url": f"{base}{page}.html" if base else "",
    }
    lines = [
        f'  <meta property="{name}" content="{html.escape(value, quote=True)}">'
        for name, value in values.items()
        if value
    ]
    return "\n".join([*lines, '  <meta name="twitter:card" content="summary_large_image">'])

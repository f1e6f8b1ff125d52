"""Each figure on a page of its own, to project or to send: `figures/tokens.html`.

A page is made from the first chapter that shows the figure: its state, its words, the way back.
Figures that belong to one place in the text (a prediction, a quiz) have none.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import livefigure
import sharing
import stills
from bookfiles import write
from pages import THEME_SCRIPT
from sphinx.application import Sphinx

MOUNTED = re.compile(
    r'<div class="afm[^"]*" data-afm-name="([\w-]+)" role="group" aria-label="([^"]*)"[^>]*>'
    r'<script type="application/json">(.*?)</script>',
    re.S,
)
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} · Glass Box</title>
  <script>{theme}</script>
  <link rel="stylesheet" href="../_static/book.css">
  <link rel="stylesheet" href="../_static/theme.css">
  <link rel="stylesheet" href="../_static/fonts.css">
  <link rel="icon" href="../_static/favicon.svg">
  <meta name="color-scheme" content="light dark">
  <meta name="description" content="{alt}">
{tags}
  <script src="../_static/figures/host.js" defer></script>
  <script src="../_static/alone.js" defer></script>
</head>
<body class="gb-alone">
<header class="gb-bar">
  <a class="gb-brand" href="../index.html"><span>Glass Box</span></a>
  <a class="gb-alone__back" href="../{chapter}.html">Chapter: {chapter_title}</a>
  <button type="button" class="gb-qr" hidden>QR code</button>
</header>
<main id="main" class="gb-main">
<h1 class="gb-hide">{title}</h1>
{figure}
<p class="gb-alone__words">{sentence}</p>
</main>
<dialog id="gb-qr" aria-label="This page's address">
  <div class="gb-qr__code"></div>
  <p class="gb-qr__words"></p>
  <form method="dialog"><button>Close</button></form>
</dialog>
</body>
</html>
"""


def page(root: Path, name: str, alt: str, state: dict, chapter: tuple[str, str], base: str) -> str:
    """The HTML of one figure's page; `chapter` is the page that shows it, and its title."""
    title, here = livefigure.title_of(root, name, state.get("view", "")), f"figures/{name}"
    sentence = (stills.kept(root, name, state.get("view", "")) or {}).get("sentence", "")
    return PAGE.format(
        title=html.escape(title),
        theme=THEME_SCRIPT,
        alt=html.escape(alt, quote=True),
        sentence=html.escape(sentence or alt),
        tags=sharing.tags(here, title, sentence or alt, base, picture=sharing.still(root, [name])),
        chapter=chapter[0],
        chapter_title=html.escape(chapter[1]),
        figure=livefigure.mount(
            name,
            alt,
            "afm",
            state,
            stills.still(root, name, alt, state, here),
            stills.place(root, name, state.get("view", "")),
        ),
    )


def build_finished(app: Sphinx, error) -> None:
    """Write a page for every figure that a chapter shows."""
    if error or app.builder.format != "html":
        return
    out, root, done = Path(app.outdir), app.env.gb_root, set()
    for chapter in sorted(d for d in app.env.found_docs if d.startswith("chapters/")):
        shown = (out / f"{chapter}.html").read_text(encoding="utf-8")
        for name, alt, state in MOUNTED.findall(shown):
            if name in done or not livefigure.title_of(root, name):
                continue
            done.add(name)
            place = (chapter, app.env.titles[chapter].astext())
            base = app.config.html_baseurl or ""
            text = page(root, name, html.unescape(alt), json.loads(state), place, base)
            write(out / "figures" / f"{name}.html", text)


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", build_finished, priority=955)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

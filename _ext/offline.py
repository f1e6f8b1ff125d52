"""Nothing is loaded from elsewhere, and no page loads what it does not need.

Fonts, MathJax and plotly come from `vendor.py`. The scripts and styles that the stock theme and
Jupyter Book add to every page stay only where a page's text asks for them, and what no page asks
for is removed from the built book.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bookfiles import book_root
from sphinx.application import Sphinx
from vendor import vendor

SCRIPTS = ("book.js", "plotly", "figures/host.js")
SCRIPTS_ON_DEMAND = {  # what a page must contain to need them
    'class="highlight"': ("documentation_options", "clipboard", "copybutton"),
    'class="math': ("mathjax", "MathJax"),
    "toggle": ("togglebutton",),
    "sd-tab-set": ("design-tabs",),
}
SEARCH_SCRIPTS = ("documentation_options", "doctools", "sphinx_highlight")
STYLES = ("fonts.css", "theme.css", "book.css")
STYLES_ON_DEMAND = {
    'class="highlight"': ("pygments", "copybutton"),
    'class="cell': ("mystnb",),
    "toggle": ("togglebutton",),
    '"sd-': ("sphinx-design.min",),
}
# What the stock theme brings and no page asks for: 9 MB.
UNUSED = [
    "scripts",
    "styles",
    "locales",
    "images",
    "vendor/fontawesome",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "sphinx-thebe.css",
    "sphinx-thebe.js",
    "basic.css",
]


def keep_needed(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    """Leave a page the scripts and styles that its text needs."""
    body = context.get("body", "")
    scripts = SCRIPTS + (SEARCH_SCRIPTS if pagename == "search" else ())
    for sign, names in SCRIPTS_ON_DEMAND.items():
        scripts += names if sign in body else ()
    context["script_files"] = [
        s for s in context.get("script_files", []) if any(k in filename(s) for k in scripts)
    ]
    styles = STYLES
    for sign, names in STYLES_ON_DEMAND.items():
        styles += names if sign in body else ()
    context["css_files"] = [
        s for s in context.get("css_files", []) if Path(filename(s)).name.startswith(styles)
    ]


def filename(asset) -> str:
    """A script's or style's file, or the text of a script without one."""
    attributes = getattr(asset, "attributes", {})
    return str(getattr(asset, "filename", None) or attributes.get("body") or "")


def add_vendored(app: Sphinx, config) -> None:
    config.html_static_path.append(str(vendor_parent(book_root(app.confdir))))


def vendor_parent(root: Path) -> Path:
    """A folder whose content is copied to `_static`: it holds `vendor/`."""
    vendor(root)
    link = root / "_build" / "static"
    target = link / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(root / "_build" / "vendor", target, dirs_exist_ok=True)
    return link


def drop_thebe(app: Sphinx) -> None:
    """Jupyter Book always loads thebe, from a CDN and twice: drop its listeners.

    A private interface, which is one reason why Sphinx is pinned.
    """
    for event in ("env-before-read-docs", "doctree-resolved", "html-page-context"):
        listeners = app.events.listeners.get(event, [])
        listeners[:] = [x for x in listeners if not x.handler.__module__.startswith("sphinx_thebe")]


def remove_unused(app: Sphinx, error) -> None:
    if error or app.builder.format != "html":
        return
    for name in UNUSED:
        path = Path(app.outdir) / "_static" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", add_vendored, priority=100)
    app.connect("builder-inited", drop_thebe, priority=900)
    app.connect("html-page-context", keep_needed, priority=950)
    app.connect("build-finished", remove_unused, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""The book's pages: one extension that loads the parts, and the settings that belong to none of them.

livefigure      interactive figures, with the directive {anywidget}
plotly_charts   plotly's charts from labs
drawings        matplotlib's SVG in the page's colors; alt text
glossary        bold words and their definitions
pages           what stands around the text
figure_pages    each figure on a page of its own
offline         nothing is loaded from elsewhere
search_words    the search finds every word that a page prints
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bookfiles import book_root
from myst_nb.core.render import load_mime_renders
from plotly_charts import PlotlyRenderer
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

PARTS = [
    "livefigure",
    "plotly_charts",
    "drawings",
    "formulas",
    "glossary",
    "pages",
    "figure_pages",
    "offline",
    "search_words",
]


def round_brackets() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class AuthorYear(AuthorYearReferenceStyle):
    """Citations as (Brown et al., 2020), and Brown et al. (2020) in running text."""

    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)
    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    bracket_author: BracketStyle = field(default_factory=round_brackets)
    bracket_label: BracketStyle = field(default_factory=round_brackets)
    bracket_year: BracketStyle = field(default_factory=round_brackets)


def find_bibliography(app: Sphinx, config) -> None:
    config.bibtex_bibfiles = [str(book_root(app.confdir) / "seeds" / "references.bib")]


def no_figure_numbers(app: Sphinx, config) -> None:
    """Captions stand alone; an extension of Jupyter Book's would number them through the book."""
    config.numfig = False


def add_renderer() -> None:
    """Let myst-nb show plotly's charts.

    It finds renderers by entry points of installed packages. Ours is put into its list instead: an
    entry point of the library would reach into every other book of the same environment.
    """
    renderers = load_mime_renders()  # a list that myst-nb makes once and keeps
    if PlotlyRenderer not in renderers:
        renderers.append(PlotlyRenderer)


def find_root(app: Sphinx) -> None:
    app.env.gb_root = book_root(app.confdir)


def setup(app: Sphinx) -> dict:
    app.config.templates_path.insert(0, str(Path(__file__).resolve().parent / "templates"))
    register_plugin("sphinxcontrib.bibtex.style.referencing", "author_year_round", AuthorYear)
    add_renderer()
    for part in PARTS:
        app.setup_extension(part)
    app.connect("config-inited", find_bibliography, priority=100)
    app.connect("config-inited", no_figure_numbers, priority=900)
    app.connect("builder-inited", find_root)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

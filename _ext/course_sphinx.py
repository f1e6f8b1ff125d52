"""The book's pages: our own layout, interactive figures, and nothing loaded from elsewhere.

    ```{anywidget} ../figures/tokens/index.js
    :alt: What a reader who cannot see the figure should know
    {"text": "the harbor", "bpb": "{measured:tokens.english_bpb}"}
    ```

mounts `_build/figures/tokens.js` with that state (the directive is spelled as mystmd spells it).
What else happens here: plotly figures from labs, matplotlib's SVG drawn inline so that it follows
the page into dark mode, a lint for missing alt text, the words of the glossary for hover
definitions, the strip above a lab with what it cost to run, and the removal of every script and
style that the stock theme would load.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import measured
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from vendor import vendor

log = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent
PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = r"application/vnd\.jupyter\.widget"
NEEDS_KERNEL = '<p class="gb-needs-kernel">This control works in a running notebook.</p>'
INLINE_SVG_LIMIT = 400_000  # bytes; a larger drawing stays a file, shown on a light plate

# Set before the first paint, so that a dark page never flashes white.
THEME_SCRIPT = (
    '(function(){var t;try{t=localStorage.getItem("gb-theme")}catch(e){}'
    "document.documentElement.dataset.theme=t||"
    '(matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light")})()'
)
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
PARTS = {
    1: "The machine",
    2: "From predictor to assistant",
    3: "What it takes",
    4: "What it affects",
}


def book_root(start: str | Path) -> Path:
    """The repository: the first folder upward that holds pyproject.toml (or GLASSBOX_ROOT)."""
    if os.environ.get("GLASSBOX_ROOT"):
        return Path(os.environ["GLASSBOX_ROOT"]).resolve()
    for folder in [Path(start).resolve(), *Path(start).resolve().parents]:
        if (folder / "pyproject.toml").is_file():
            return folder
    raise FileNotFoundError(
        f"no pyproject.toml above {start}; set GLASSBOX_ROOT to the repository's folder"
    )


def to_json(value) -> str:
    """JSON that may stand inside a <script> element."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028")


# --- interactive figures ------------------------------------------------------------------------


class AnyWidget(SphinxDirective):
    """Mount an interactive figure; the body is its starting state as JSON."""

    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required, "class": directives.class_option}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        name = Path(self.arguments[0]).parent.name
        bundle = self.env.gb_root / "_build" / "figures" / f"{name}.js"
        alt = " ".join(self.options.get("alt", "").split())
        if not alt:
            log.warning("figure %s has no :alt:", name, location=self.get_location())
        if not bundle.is_file():
            log.warning(
                "figure %s is not built (%s is missing); run `python make.py figures`",
                name,
                bundle.name,
                location=self.get_location(),
            )
        text = "\n".join(self.content).strip() or "{}"
        text = measured.fill(self.env, text, self.get_location())
        try:
            state = json.loads(text)
        except json.JSONDecodeError as error:
            log.warning(
                "the state of figure %s is not JSON: %s", name, error, location=self.get_location()
            )
            state = {}
        classes = " ".join(["afm", *self.options.get("class", [])])
        words = html.escape(alt, quote=True)
        source = (
            f'<div class="{classes}" data-afm-name="{name}" role="group" aria-label="{words}">'
            f'<script type="application/json">{to_json(state)}</script>'
            f"<noscript><p>{words} (This figure needs JavaScript.)</p></noscript></div>"
        )
        node = nodes.raw("", source, format="html")
        node.source, node.line = self.get_source_info()
        return [node]


class PlotlyRenderer:
    """Shows plotly's JSON, which myst-nb does not know; named by an entry point in pyproject."""

    mime_priority_overrides = [("*", PLOTLY, 1)]  # noqa: RUF012

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type != PLOTLY:
            return None
        figure = data.content if isinstance(data.content, dict) else json.loads(data.content)
        layout = figure.setdefault("layout", {})
        height = layout.get("height", 450)
        metadata = data.output_metadata.get(PLOTLY, {}) if data.output_metadata else {}
        title = layout.get("title") or {}
        title = title.get("text") if isinstance(title, dict) else title
        alt = metadata.get("alt") or data.cell_metadata.get("mystnb", {}).get("image", {}).get(
            "alt"
        )
        words = html.escape(re.sub(r"<[^>]+>", " ", alt or title or ""), quote=True)
        if not words:
            log.warning("a plotly figure has neither a title nor alt text in its cell's metadata")
        source = (
            f'<div class="gb-plotly" role="group" aria-label="{words}" style="min-height:{height}px">'
            f'<script type="application/json">{to_json(figure)}</script></div>'
        )
        return [nodes.raw("", source, format="html")]


# --- images -------------------------------------------------------------------------------------


def inline_svg(text: str, alt: str, prefix: str) -> str:
    """An SVG file's drawing as an element of the page: themed colors, own ids, alt text.

    >>> inline_svg('<svg width="9pt"><g id="a" style="fill: #1B1F24"/></svg>', "A line", "f1")
    '<svg role="img" aria-label="A line" class="gb-plot" width="9pt"><g id="f1-a" style="fill: var(--gb-ink)"/></svg>'
    """
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    pattern = "|".join(SVG_COLORS)
    text = re.sub(pattern, lambda m: SVG_COLORS[m[0].lower()], text, flags=re.I)
    # var() is not read in presentation attributes, only in style
    text = re.sub(r'\b(fill|stroke)="(var\(--gb-\w+\))"', r'style="\1: \2"', text)
    words = html.escape(alt, quote=True)
    return text.replace("<svg", f'<svg role="img" aria-label="{words}" class="gb-plot"', 1)


def finish_images(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Refuse images without alt text; draw SVG inline."""
    if app.builder.format != "html":
        return
    for number, image in enumerate(list(doctree.findall(nodes.image))):
        uri = image.get("uri", "")
        alt = " ".join(image.get("alt", "").split())
        name = Path(uri).name
        if not alt or alt == uri or Path(alt).name == name or re.fullmatch(r"\S+\.\w{3,4}", alt):
            log.warning(
                "image %s has no alt text; say in words what it shows (in a notebook: cell "
                "metadata mystnb.image.alt)",
                name,
                location=image if image.line else docname,
            )
        path = Path(app.srcdir, uri)
        if not uri.endswith(".svg") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if len(text) > INLINE_SVG_LIMIT:
            image["classes"].append("gb-plate")
            continue
        source = inline_svg(text, alt, f"svg{number}")
        classes = " ".join(["gb-drawing", *image["classes"]])
        image.replace_self(nodes.raw("", f'<div class="{classes}">{source}</div>', format="html"))


# --- the glossary -------------------------------------------------------------------------------


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


def glossary(app: Sphinx) -> dict[str, list[str]]:
    """Anchor -> [term, definition in plain words], read from the glossary's page."""
    words = {}
    docname = "chapters/back/glossary"
    if docname not in app.env.found_docs:
        return words
    for item in app.env.get_doctree(docname).findall(nodes.definition_list_item):
        paragraphs = [p.astext() for p in item.findall(nodes.paragraph)]
        terms = list(item.findall(nodes.term))
        for term in terms:
            for anchor in term.get("ids", []):
                words[anchor] = [terms[0].astext(), " ".join(" ".join(paragraphs[:1]).split())]
    return words


# --- pages --------------------------------------------------------------------------------------


def contents(app: Sphinx, pagename: str, context: dict) -> str:
    """The list of chapters, with the sections of the present page under its own entry."""
    tree = context["toctree"](collapse=False, includehidden=True, maxdepth=4, titles_only=True)
    soup = BeautifulSoup(tree or "", "html.parser")
    here = soup.select_one("a.current[href='#']")
    if here is not None:
        here["aria-current"] = "page"
        sections = BeautifulSoup(context.get("toc") or "", "html.parser").select_one("ul ul")
        if sections is not None:
            for deeper in sections.select("ul"):
                deeper.decompose()
            for link in sections.select("a.headerlink"):
                link.decompose()
            sections["class"] = "gb-sections"
            here.insert_after(sections)
    return str(soup)


def kind_of(pagename: str, root_doc: str) -> str:
    """Which sort of page this is: home, chapter, lab, back or search."""
    if pagename == root_doc:
        return "home"
    if re.fullmatch(r"chapters/\d\d_\w+", pagename):
        return "chapter"
    if pagename.startswith("labs/"):
        return "lab"
    return "search" if pagename in ("search", "genindex") else "back"


def _lab_name(lab: str, labs: list[str]) -> str:
    """What a chapter's link to a lab says: "Its lab", or which of several."""
    number = re.match(r"labs/0?(\d+[a-z]?)_", lab)[1]
    return "Its lab" if len(labs) == 1 else f"Lab {number}"


def eyebrow(app: Sphinx, pagename: str, context: dict) -> str:
    """The small line above a title: where we are, and for a lab what it took to run."""
    kind = kind_of(pagename, app.config.root_doc)
    pathto = context["pathto"]
    number = re.match(r"(?:chapters|labs)/(\d\d)([a-z]?)_(\w+)", pagename)
    if kind == "chapter" and number:
        words = [f"Chapter {int(number[1])}"]
        labs = sorted(d for d in app.env.found_docs if re.match(rf"labs/{number[1]}[a-z]?_", d))
        words += [f'<a href="{pathto(lab)}">{_lab_name(lab, labs)}</a>' for lab in labs]
        return " <span>·</span> ".join(words)
    if kind == "lab" and number:
        title = app.env.titles[pagename].astext()
        words = [] if title.startswith("Lab") else [f"Lab {int(number[1])}{number[2]}"]
        run = measured.run_of(app.env, Path(pagename).name)
        if run:
            seconds = run.get("cpu_seconds", run["seconds"])
            words.append(f"{round(seconds)} s of processor time, {round(run['peak_mb'])} MB")
        notebook = app.env.gb_root / f"{pagename}.ipynb"
        if notebook.is_file():
            words.append(f'<a href="{notebook.name}" download>Download the notebook</a>')
        chapters = [d for d in app.env.found_docs if d.startswith(f"chapters/{number[1]}_")]
        words += [f'<a href="{pathto(c)}">Its chapter</a>' for c in chapters]
        return " <span>·</span> ".join(words)
    return ""


def name_neighbors(app: Sphinx, context: dict) -> None:
    """Say in the links to the pages before and after which of them is a lab."""
    for key in ("prev", "next"):
        neighbor = context.get(key)
        number = neighbor and re.search(r"labs/0*(\d+[a-z]?)_\w+\.html$", neighbor["link"])
        if number and "Lab" not in neighbor["title"]:
            context[key] = {**neighbor, "title": f"Lab {number[1]}: {neighbor['title']}"}


def description(doctree: nodes.document | None) -> str:
    """The first real paragraph, for search engines and previews."""
    if doctree is None:
        return ""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 60:
            return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + " …"
    return ""


def page_context(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    context["gb_theme_script"] = THEME_SCRIPT
    context["gb_book"] = "Glass Box"
    context["gb_kind"] = kind_of(pagename, app.config.root_doc)
    context["gb_nav"] = contents(app, pagename, context)
    context["gb_eyebrow"] = eyebrow(app, pagename, context)
    context["gb_description"] = description(doctree)
    name_neighbors(app, context)
    foot = [
        ("chapters/back/about", "About"),
        ("chapters/back/running", "Running the labs"),
        ("CORRECTIONS", "Corrections"),
        ("chapters/back/citing", "How to cite"),
    ]
    context["gb_foot"] = [(page, words) for page, words in foot if page in app.env.found_docs]
    if "body" in context:
        context["body"] = finish_body(context["body"])
    body = context.get("body", "")
    if 'class="gb-plotly"' in body:
        app.add_js_file("vendor/plotly/plotly.min.js", priority=600, loading_method="defer")
        app.add_js_file("plotly-host.js", priority=610, loading_method="defer")
    if "data-afm-name=" in body:
        app.add_js_file("figures/host.js", priority=620, loading_method="defer")
    keep_scripts = SCRIPTS + (SEARCH_SCRIPTS if pagename == "search" else ())
    for sign, names in SCRIPTS_ON_DEMAND.items():
        keep_scripts += names if sign in body else ()
    context["script_files"] = [
        s for s in context.get("script_files", []) if any(k in filename(s) for k in keep_scripts)
    ]
    keep_styles = STYLES
    for sign, names in STYLES_ON_DEMAND.items():
        keep_styles += names if sign in body else ()
    context["css_files"] = [
        s for s in context.get("css_files", []) if Path(filename(s)).name.startswith(keep_styles)
    ]


def filename(asset) -> str:
    """A script's or style's file, or the text of a script without one."""
    attributes = getattr(asset, "attributes", {})
    return str(getattr(asset, "filename", None) or attributes.get("body") or "")


def finish_body(body: str) -> str:
    """Small repairs of the writers' HTML: roles that axe rejects, tables that must scroll."""
    body = body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')
    body = body.replace(' role="doc-biblioentry"', "")
    # a cell and a heading may share their name: the heading keeps it
    for name in re.findall(r'<a id="([^"]+)"></a>', body):
        if body.count(f' id="{name}"') > 1:
            body = body.replace(f'<a id="{name}"></a>', "", 1)
    body = re.sub(rf'<script type="{WIDGET}-state\+json">.*?</script>', "", body, flags=re.S)
    body = re.sub(
        rf'<script type="{WIDGET}-view\+json">.*?</script>', NEEDS_KERNEL, body, flags=re.S
    )
    return re.sub(
        r'(<div class="pst-scrollable-table-container">)?\s*(<table\b.*?</table>)(\s*</div>)?',
        finish_table,
        body,
        flags=re.S,
    )


def finish_table(match: re.Match) -> str:
    """A table in a frame that scrolls, without header cells that say nothing.

    >>> pattern = r"()?(<table.*?</table>)(</div>)?"
    >>> re.sub(pattern, finish_table, "<table><tr><th></th></tr></table>")
    '<div class="gb-scroll"><table><tr><td></td></tr></table></div>'
    """
    empty = r"<th\b[^>]*>\s*(?:<p>\s*</p>)?\s*</th>"
    table = re.sub(rf"<thead>\s*<tr\b[^>]*>(?:\s*{empty})+\s*</tr>\s*</thead>", "", match[2])
    table = re.sub(empty, "<td></td>", table)
    framed = f'<div class="gb-scroll">{table}</div>'
    return framed if match[1] else framed + (match[3] or "")


# --- citations ----------------------------------------------------------------------------------


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


# --- start and end of a build -------------------------------------------------------------------


def config_inited(app: Sphinx, config) -> None:
    root = book_root(app.confdir)
    config.html_static_path.append(str(vendor_parent(root)))
    config.bibtex_bibfiles = [str(root / "seeds" / "references.bib")]


def no_figure_numbers(app: Sphinx, config) -> None:
    """Captions stand alone; an extension of Jupyter Book's would number them through the book."""
    config.numfig = False


def vendor_parent(root: Path) -> Path:
    """A folder whose content is copied to `_static`: it holds `vendor/`."""
    vendor(root)
    link = root / "_build" / "static"
    target = link / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(root / "_build" / "vendor", target, dirs_exist_ok=True)
    return link


def builder_inited(app: Sphinx) -> None:
    app.env.gb_root = book_root(app.confdir)
    # Jupyter Book always loads thebe, from a CDN and twice: drop its listeners (private interface,
    # which is one reason why Sphinx is pinned).
    for event in ("env-before-read-docs", "doctree-resolved", "html-page-context"):
        listeners = app.events.listeners.get(event, [])
        listeners[:] = [x for x in listeners if not x.handler.__module__.startswith("sphinx_thebe")]


def build_finished(app: Sphinx, error) -> None:
    if error or app.builder.format != "html":
        return
    root, static = app.env.gb_root, Path(app.outdir) / "_static"
    copy_figures(root, static / "figures")
    write(static / "glossary.js", f"window.__gbGlossary={to_json(glossary(app))};")
    for notebook in sorted((root / "labs").glob("*.ipynb")):
        if f"labs/{notebook.stem}" in app.env.found_docs:
            shutil.copyfile(notebook, Path(app.outdir) / "labs" / notebook.name)
    # The front page under the name that servers look for (Jupyter Book would write a redirect).
    front = Path(app.outdir) / f"{app.config.root_doc}.html"
    write(Path(app.outdir) / "index.html", front.read_text(encoding="utf-8"))
    # What the stock theme brings and no page asks for: 9 MB.
    for name in (
        "scripts",
        "styles",
        "locales",
        "images",
        "vendor/fontawesome",
        "webpack-macros.html",
    ):
        path = static / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for name in ("sbt-webpack-macros.html", "sphinx-thebe.css", "sphinx-thebe.js", "basic.css"):
        (static / name).unlink(missing_ok=True)


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
    for model in sorted((built / "models").glob("*.js")):
        write(out / "models" / model.name, model.read_text(encoding="utf-8"))


def write(path: Path, text: str) -> None:
    """Write a file that is whole or absent, and leave it alone when it would not change."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)


def setup(app: Sphinx) -> dict:
    app.config.templates_path.insert(0, str(HERE / "templates"))
    app.add_directive("anywidget", AnyWidget)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "author_year_round", AuthorYear)
    app.connect("config-inited", config_inited, priority=100)
    app.connect("config-inited", no_figure_numbers, priority=900)
    app.connect("builder-inited", builder_inited, priority=900)
    app.connect("doctree-resolved", finish_images, priority=900)
    app.connect("doctree-resolved", link_terms, priority=910)
    app.connect("html-page-context", page_context, priority=950)
    app.connect("build-finished", build_finished, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""What stands around a page's text: contents, the line above a title, neighbors, and small repairs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import measured
import sharing
from bookfiles import write
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

WIDGET = r"application/vnd\.jupyter\.widget"
FIGURE = r'data-afm-name="([\w-]+)"'
NEEDS_KERNEL = '<p class="gb-needs-kernel">This control works in a running notebook.</p>'

# Set before the first paint, so that a dark page never flashes white.
THEME_SCRIPT = (
    '(function(){var t;try{t=localStorage.getItem("gb-theme")}catch(e){}'
    "document.documentElement.dataset.theme=t||"
    '(matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light")})()'
)


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
    number = re.match(r"(?:chapters|labs)/(\d\d)([a-z]?)_(\w+)", pagename)
    words = []
    if kind == "chapter" and number:
        words = chapter_words(app, number[1], context["pathto"])
    elif kind == "lab" and number:
        words = lab_words(app, pagename, number, context["pathto"])
    return " <span>·</span> ".join(words)


def chapter_words(app: Sphinx, number: str, pathto) -> list[str]:
    labs = sorted(d for d in app.env.found_docs if re.match(rf"labs/{number}[a-z]?_", d))
    links = [f'<a href="{pathto(lab)}">{_lab_name(lab, labs)}</a>' for lab in labs]
    return [f"Chapter {int(number)}", *links]


def lab_words(app: Sphinx, pagename: str, number: re.Match, pathto) -> list[str]:
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
    return words + [f'<a href="{pathto(c)}">Its chapter</a>' for c in chapters]


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


def sharing_tags(app: Sphinx, pagename: str, context: dict) -> str:
    """Open Graph's elements of a page; its title without markup."""
    title = BeautifulSoup(context.get("title") or "", "html.parser").get_text().strip()
    home = pagename == app.config.root_doc
    return sharing.tags(
        "index" if home else pagename,
        app.config.html_title if home else title or "Search",
        context["gb_description"],
        app.config.html_baseurl or "",
        "website" if home else "article",
        sharing.still(app.env.gb_root, re.findall(FIGURE, context.get("body", ""))),
    )


FOOT = [
    ("chapters/back/about", "About"),
    ("chapters/back/running", "Running the labs"),
    ("CORRECTIONS", "Corrections"),
    ("chapters/back/citing", "How to cite"),
]


def page_context(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    """What our layout shows around a page's text."""
    context["gb_theme_script"] = THEME_SCRIPT
    context["gb_book"] = "Glass Box"
    context["gb_kind"] = kind_of(pagename, app.config.root_doc)
    context["gb_nav"] = contents(app, pagename, context)
    context["gb_eyebrow"] = eyebrow(app, pagename, context)
    context["gb_description"] = description(doctree)
    context["gb_sharing"] = sharing_tags(app, pagename, context)
    context["gb_foot"] = [(page, words) for page, words in FOOT if page in app.env.found_docs]
    name_neighbors(app, context)
    if "body" in context:
        context["body"] = finish_body(context["body"])


def finish_body(body: str) -> str:
    """Small repairs of the writers' HTML: roles that axe rejects, tables that must scroll."""
    body = body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')
    body = body.replace(' role="doc-biblioentry"', "")
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
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


def build_finished(app: Sphinx, error) -> None:
    """The notebooks that lab pages offer, and the front page under the name that servers look for."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for notebook in sorted((app.env.gb_root / "labs").glob("*.ipynb")):
        if f"labs/{notebook.stem}" in app.env.found_docs:
            shutil.copyfile(notebook, out / "labs" / notebook.name)
    # Jupyter Book would write a redirect.
    write(out / "index.html", (out / f"{app.config.root_doc}.html").read_text(encoding="utf-8"))


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", page_context, priority=930)
    app.connect("build-finished", build_finished, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""The search finds every word that a page prints.

Sphinx indexes the nodes of a document: a name that a bibliography writes in TeX comes to it in
pieces (K, ö, pf), Chinese is one long word, and what an extension writes as HTML is not seen as
the page shows it. So the words are taken from the finished pages. They are folded (small letters,
no accents) and not stemmed; `_static/search.js` folds a query the same way and looks for other
forms of its words when it is asked.
"""

from __future__ import annotations

import html
import json
import unicodedata
from pathlib import Path

import regex
from bookfiles import write
from sphinx.application import Sphinx

# Letters that do not decompose into a plain one and an accent.
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"}
LETTERS |= {"ß": "ss", "ς": "σ"}
SCRIPTS = "".join(
    rf"\p{{Script={name}}}"  # scripts that put no space between words
    for name in ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar")
)
WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]+")
RUN = regex.compile(rf"[{SCRIPTS}]+|[^{SCRIPTS}]+")
UNSPACED = regex.compile(rf"[{SCRIPTS}]")

TEXT = regex.compile(r'<main\b.*?(?=<nav class="gb-turn"|<footer class="gb-foot"|</main>)', regex.S)
HIDDEN = regex.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", regex.S)
HEADING = regex.compile(r"<(h[1-6])\b.*?</\1>", regex.S)
INLINE = regex.compile(r"</?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup|u|wbr)\b[^>]*>")
TAG = regex.compile(r"<[^>]+>")


def fold(text: str) -> str:
    """Small letters without accents.

    >>> fold("Köpf, Łukasz, STRAẞE"), fold("データ")
    ('kopf, lukasz, strasse', 'データ')
    """
    text = regex.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text)).lower()
    return unicodedata.normalize("NFC", text.translate(str.maketrans(LETTERS)))


def words(text: str) -> set[str]:
    """The terms under which a text is found: its words, and Chinese by letters and pairs of letters.

    >>> sorted(words("n_head=4, Köpf's"))
    ['4', 'kopf', 'n_head', 's']
    >>> sorted(words("AI是人工"))
    ['ai', '人', '人工', '工', '是', '是人']
    """
    found = set()
    for run in (run for word in WORD.findall(fold(text)) for run in RUN.findall(word)):
        if UNSPACED.match(run):
            found |= {*run, *(a + b for a, b in zip(run, run[1:]))}
        else:
            found.add(run)
    return found


def printed_words(page: str) -> set[str]:
    """The terms of a piece of a page's HTML.

    An element inside a line may end a word (two badges) or not (the ö of a name): both are kept.

    >>> sorted(printed_words("<p>K<span>ö</span>pf</p><p>b&uuml;ro</p>"))
    ['buro', 'k', 'kopf', 'o', 'pf']
    """
    page = HIDDEN.sub(" ", page)
    joined = INLINE.sub("", page)
    return words(" ".join(html.unescape(TAG.sub(" ", text)) for text in (page, joined)))


def by_word(terms_of_page: list[set[str]]) -> dict[str, list[int]]:
    """Word -> the numbers of its pages."""
    pages: dict[str, list[int]] = {}
    for number, terms in enumerate(terms_of_page):
        for term in sorted(terms):
            pages.setdefault(term, []).append(number)
    return pages


def index_printed_pages(app: Sphinx, error) -> None:
    """Put the words of the finished pages into the index that Sphinx has written."""
    path = Path(app.outdir) / "searchindex.js"
    if error or app.builder.format != "html" or not path.is_file():
        return
    start, end = "Search.setIndex(", ")"
    written = path.read_text(encoding="utf-8")
    index = json.loads(written.removeprefix(start).removesuffix(end))
    pages = [Path(app.outdir) / f"{name}.html" for name in index["docnames"]]
    texts = [TEXT.search(page.read_text(encoding="utf-8")) for page in pages]
    texts = [text[0] if text else "" for text in texts]
    headings = [" ".join(m[0] for m in HEADING.finditer(text)) for text in texts]
    index["terms"] = by_word([printed_words(text) for text in texts])
    index["titleterms"] = by_word([printed_words(text) for text in headings])
    packed = json.dumps(index, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    write(path, f"{start}{packed}{end}")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", index_printed_pages, priority=960)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

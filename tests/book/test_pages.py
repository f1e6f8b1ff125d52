"""The built book: its links, its weight, what it loads, what it says about pictures and claims."""

import gzip
import html
import json
import re
import sys
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))
import ledger  # noqa: E402

KB = 1000
PAGE_BUDGET = 600 * KB  # compressed, before figures
FIGURE_BUDGET = 60 * KB
MODEL_BUDGET = 3_000 * KB


class Page(HTMLParser):
    """What the tests ask of one page."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.ids, self.links, self.loads = path, [], [], []
        self.images, self.headings, self.text = [], [], path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids += [
            a[k] for k in ("id", "name") if a.get(k) and not (tag == "meta" and k == "name")
        ]
        if tag == "a" and a.get("href"):
            self.links.append(a["href"])
        if tag == "link" and a.get("rel") in ("stylesheet", "preload", "modulepreload", "icon"):
            self.loads.append(a["href"])
        if tag in ("script", "img", "iframe", "source", "video", "audio") and a.get("src"):
            self.loads.append(a["src"])
        if tag == "img" or (tag == "svg" and a.get("role") == "img"):
            self.images.append(a.get("alt", a.get("aria-label")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@cache
def read(path: Path) -> Page:
    return Page(path)


@pytest.fixture(scope="session")
def pages(built_book) -> list[Page]:
    found = [read(p) for p in sorted(built_book.rglob("*.html"))]
    assert len(found) > 15
    return found


def local(page: Page, address: str) -> Path | None:
    """The file that an address on a page means; None where it leads outside the book."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    return (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path


def test_links_and_anchors_lead_somewhere(pages):
    broken = []
    for page in pages:
        for address in {*page.links, *page.loads}:
            target = local(page, address)
            if target is None:
                continue
            anchor = unquote(urlsplit(address).fragment)
            if not target.exists():
                broken.append(f"{page.path.name}: {address} (no such file)")
            elif anchor and target.suffix == ".html" and anchor not in read(target).ids:
                broken.append(f"{page.path.name}: {address} (no such anchor)")
    assert not broken, "\n".join(broken[:30])


def test_nothing_is_loaded_from_elsewhere(built_book, pages):
    outside = [
        f"{p.path.name}: {a}"
        for p in pages
        for a in p.loads
        if local(p, a) is None and not a.startswith("data:")
    ]
    for sheet in built_book.rglob("*.css"):
        css = re.sub(r"url\(\s*[\"']?data:[^)]*\)", "", sheet.read_text(encoding="utf-8"))
        outside += [
            f"{sheet.name}: {a}"
            for a in re.findall(r"(?:url\(|@import)\s*[\"']?(https?:[^)\"']+)", css)
        ]
    assert not outside, "\n".join(outside)


@cache
def zipped(path: Path) -> int:
    data = path.read_bytes()
    return len(data) if path.suffix in (".woff", ".woff2") else len(gzip.compress(data, 6))


def weight(book: Path, page: Page) -> dict[str, int]:
    """Compressed bytes that a page needs before its figures, by file."""
    files = {page.path.name: zipped(page.path)}
    for address in page.loads:
        target = local(page, address)
        if target and not {"figures", "plotly"} & set(target.parts):
            files[target.name] = zipped(target)
    fonts = list((book / "_static/vendor/fonts").glob("*latin-wght-*.woff2"))
    assert len(fonts) >= 4
    files |= {f.name: zipped(f) for f in fonts}
    if "startup.js" in files:  # MathJax fetches its parts and fonts itself
        folder = book / "_static/vendor/mathjax"
        used = ("Main-Regular", "Math-Italic", "Main-Bold", "Size1-Regular", "Size2-Regular")
        parts = [f"output/chtml/fonts/woff-v2/MathJax_{name}.woff" for name in used]
        parts += [p.relative_to(folder).as_posix() for p in folder.rglob("*.js")]
        files |= {part: zipped(folder / part) for part in parts}
    return files


def test_pages_are_light(built_book, pages):
    for page in pages:
        files = weight(built_book, page)
        assert sum(files.values()) <= PAGE_BUDGET, (page.path.name, files)


def test_figures_are_light(built_book):
    folder = built_book / "_static" / "figures"
    for bundle in folder.glob("*.js"):
        assert zipped(bundle) <= FIGURE_BUDGET, bundle.name
    for model in folder.glob("models/*.js"):
        assert zipped(model) <= MODEL_BUDGET, model.name


def test_images_have_words(pages):
    for page in pages:
        for alt in page.images:
            assert alt and len(alt.split()) >= 3, (page.path.name, alt)
            assert not re.search(r"\.(png|svg|jpe?g|webp)$", alt), (page.path.name, alt)


def test_one_title_and_no_skipped_heading(pages):
    for page in pages:
        assert page.headings.count(1) == 1, page.path.name
        steps = list(zip(page.headings, page.headings[1:], strict=False))
        assert all(b <= a + 1 for a, b in steps), (page.path.name, page.headings)


def test_ids_are_unique(pages):
    for page in pages:
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        twice = [i for i, n in Counter(ids).items() if n > 1]
        assert not twice, (page.path.name, twice[:10])


def test_nothing_of_the_builder_shows(pages):
    """No placeholder, no path of the machine, no unresolved markup."""
    for page in pages:
        for sign in (
            str(ROOT),
            "{measured",
            "{claim}",
            "{term}",
            "{cite",
            "This is a preview.",
            "problematic",
        ):
            assert sign not in page.text, (page.path.name, sign)


def test_measured_numbers_are_records(built_book, pages):
    """Every number that the prose takes from a lab is there, and there are some."""
    shown = [
        m for p in pages for m in re.findall(r'class="gb-measured[^"]*"[^>]*>([^<]*)<', p.text)
    ]
    assert all(text.strip() and text != "…" for text in shown)
    if any(built_book.glob("chapters/0*.html")):
        assert shown


def test_glossary_words_have_definitions(built_book, pages):
    script = (built_book / "_static/glossary.js").read_text(encoding="utf-8")
    words = json.loads(script.removeprefix("window.__gbGlossary=").rstrip(";\n"))
    assert len({term for term, _ in words.values()}) >= 45
    assert all(len(text.split()) >= 5 for _, text in words.values())
    for page in pages:
        for anchor in re.findall(
            r'href="[^"]*glossary\.html#([^"]+)"><span class="[^"]*std-term', page.text
        ):
            assert anchor in words, (page.path.name, anchor)


def test_labs_are_pages_to_read(built_book):
    """What sets a lab up is folded, and no page says that nobody has attempted an exercise."""
    labs = sorted((built_book / "labs").glob("*.html"))
    assert labs
    for path in labs:
        text = path.read_text(encoding="utf-8")
        assert "Not attempted yet" not in text, path.name
        assert text.index('id="predict-first"') < text.index('id="setup"'), path.name
        setup = text[text.index('id="setup"') :]
        assert setup.index("<details") < setup.index(">import<"), path.name


def test_every_figure_has_a_page_of_its_own(built_book):
    """Full screen: the figure as its chapter shows it, its words, and the way back."""
    shown = {}
    for path in sorted(built_book.glob("chapters/*.html")):
        for name in re.findall(r'data-afm-name="([\w-]+)"', path.read_text(encoding="utf-8")):
            shown.setdefault(name, path)
    figures = set(shown) - {"predict", "quiz"}
    assert figures == {path.stem for path in (built_book / "figures").glob("*.html")}
    for name in figures:
        page, chapter = read(built_book / f"figures/{name}.html"), read(shown[name])
        strings = json.loads((ROOT / f"figures/{name}/strings.json").read_text(encoding="utf-8"))
        titles = [words for key, words in strings["en"].items() if key.split("_")[0] == "title"]
        title = re.search("<title>(.*) · Glass Box</title>", page.text)[1]
        assert html.unescape(title) in titles
        assert f"../chapters/{chapter.path.name}" in page.links
        assert f"../figures/{name}.html" in chapter.links
        mounted = rf'data-afm-name="{name}" role="group" aria-label="([^"]+)"( style="[^"]+")?><script[^>]*>([^<]*)<'
        assert re.search(mounted, page.text).groups() == re.search(mounted, chapter.text).groups()


def test_every_page_says_what_it_is_where_it_is_shared(built_book, pages):
    for page in pages:
        tags = dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)">', page.text))
        assert {"og:title", "og:type", "og:image", "og:image:alt"} <= set(tags), page.path.name
        assert "<" not in tags["og:title"] and tags["og:title"].strip(), page.path.name
        picture = local(page, tags["og:image"])
        assert picture is None or picture.is_file(), (page.path.name, tags["og:image"])
    for name in ("chapters/02_tokens", "figures/tokens", "labs/02_tokens"):
        assert 'property="og:description"' in read(built_book / f"{name}.html").text


def test_the_contents_say_what_a_lab_is_about(built_book):
    text = (built_book / "index.html").read_text(encoding="utf-8")
    names = re.findall(r'<a class="reference internal" href="labs/[^"]+">([^<]*)</a>', text)
    assert len(names) >= len(list((built_book / "labs").glob("*.html")))
    vague = [name for name in names if re.fullmatch(r"Lab \d+[a-z]?", name.strip())]
    assert not vague, vague


# ---- claims


@pytest.fixture(scope="session")
def book_ledger():
    return ledger.load(ROOT / "seeds")


def shown_words(claim):
    import claims

    return claims.verdict_words(claims.shown_verdict(claim))


def test_index_lists_every_claim_with_its_verdict(built_book, book_ledger):
    text = (built_book / "chapters/back/claims.html").read_text(encoding="utf-8")
    rows = re.findall(r'<li data-source="(\w+)" data-verdict="([\w-]+)".*?</li>', text, flags=re.S)
    assert len(rows) == len(book_ledger.claims)
    for claim in book_ledger.claims.values():
        row = re.search(
            rf'<li data-source="{claim.source}"[^>]*>(?:(?!</li>).)*#{claim.id}"(?:(?!</li>).)*</li>',
            text,
            re.S,
        )
        assert row, claim.id
        assert f">{shown_words(claim)}<" in row[0], claim.id


def test_source_pages_hold_every_claim(built_book, book_ledger):
    for source in book_ledger.sources:
        page = read(built_book / f"chapters/back/source_{source}.html")
        missing = [c.id for c in book_ledger.of_source(source) if c.id not in page.ids]
        assert not missing, missing


def test_chapters_show_their_claims(built_book, book_ledger):
    for chapter, claims in book_ledger.chapters.items():
        text = (built_book / f"chapters/{chapter}.html").read_text(encoding="utf-8")
        table = text.split("gb-claims", 1)
        assert len(table) == 2, f"{chapter} has claims but no {{claims}} directive"
        for claim in claims:
            assert f"#{claim.id}" in table[1], (chapter, claim.id)


def test_verdicts_of_unexamined_claims_stay_in_the_ledger(built_book, book_ledger):
    """A draft verdict is not published: neither badge nor reason."""
    for source in book_ledger.sources:
        text = (built_book / f"chapters/back/source_{source}.html").read_text(encoding="utf-8")
        for claim in book_ledger.of_source(source):
            if not claim.used:
                assert claim.because[:60] not in text, claim.id

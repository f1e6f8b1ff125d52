"""The sources' claims in the book, from the ledger in `seeds/` (read by `ledger.py`).

    ```{claims}
    :chapter: 03_softmax_sampling
    ```                                 the chapter's claims with verdict, reasons, evidence, lab

    {claim}`dialogue-028`               a badge with the verdict, linked to the full entry

    ```{source} dialogue
    ```                                 a source's page: who, when, what, and its claims

    ```{claim-index}
    ```                                 all claims, filtered in the page by plain JavaScript

A claim's verdict is shown once a chapter has examined it; the others are listed and counted as
not yet checked. A fault in the ledger is a warning with file, line and remedy, which the book's
build makes an error.
"""

from __future__ import annotations

import html
import os
import re
from collections import Counter
from pathlib import Path

import ledger
from docutils import nodes
from docutils.parsers.rst import directives
from measured import preview
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

log = logging.getLogger(__name__)
SOURCE_PAGE = "chapters/back/source_{}"
WORDS = {"unchecked": "not yet checked", "did-not": "did not happen"}
SHORT = {
    "dialogue": "the dialogue",
    "blog": "the blog",
    "impact": "the impact essay",
    "yearend": "the year-end piece",
    "panel": "the panel",
}
LANGUAGES = {"zh": "Chinese", "zh-Hans": "Chinese (simplified)", "zh-Hant": "Chinese (traditional)"}


def verdict_words(verdict: str) -> str:
    """How a verdict is written in the book.

    >>> verdict_words("partly-came-true"), verdict_words("did-not")
    ('partly came true', 'did not happen')
    """
    return WORDS.get(verdict, verdict.replace("-", " "))


def shown_verdict(claim: ledger.Claim) -> str:
    return claim.verdict if claim.used else "unchecked"


def badge(verdict: str) -> nodes.inline:
    """The verdict as word, shape and color."""
    return nodes.inline(
        "", verdict_words(verdict), classes=["gb-verdict", f"gb-v-{nodes.make_id(verdict)}"]
    )


class _WithLedger:
    """What the directives and the role share."""

    @property
    def book(self) -> ledger.Ledger | None:
        for file in (*(f"{s}.yaml" for s in ledger.SOURCES), "references.bib"):
            self.env.note_dependency(str(self.env.gb_root / "seeds" / file))
        return self.env.gb_ledger

    def link(self, page: str, anchor: str, text: str, *classes: str) -> nodes.reference:
        """A link to a page of the book, relative to the present one."""
        here = Path(self.env.docname).parent
        address = os.path.relpath(page, here).replace(os.sep, "/") + ".html"
        address += f"#{anchor}" if anchor else ""
        return nodes.reference("", text, refuri=address, internal=True, classes=list(classes))

    def entry_link(self, claim: ledger.Claim, text: str, *classes: str) -> nodes.reference:
        return self.link(SOURCE_PAGE.format(claim.source), claim.id, text, *classes)


class ClaimRole(_WithLedger, SphinxRole):
    def run(self):
        name = self.text.strip()
        if self.book is None:
            return [nodes.inline("", name)], []
        claim = self.book.claims.get(name)
        if claim is None:
            log.warning("no claim %r in the ledger", name, location=self.get_location())
            return [nodes.inline("", name)], []
        link = self.entry_link(claim, "", "gb-claim-link")
        link += badge(shown_verdict(claim))
        link["reftitle"] = f"{name}, from {SHORT[claim.source]}: {claim.claim}"
        return [link], []


class _ClaimDirective(_WithLedger, SphinxDirective):
    def words(self, text: str) -> list[nodes.Node]:
        """Inline content, with roles such as {cite}; ledger text itself is plain."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def linked(self, text: str) -> list[nodes.Node]:
        """Plain text in which the ids of other claims are links."""
        parts = re.split(rf"\b((?:{'|'.join(ledger.SOURCES)})-\d{{3}})\b", text)
        others = [self.book.claims.get(part) for part in parts]
        return [
            self.entry_link(claim, part) if claim else nodes.Text(part)
            for part, claim in zip(parts, others, strict=True)
        ]

    def entry(self, claim: ledger.Claim, full: bool) -> nodes.container:
        """One claim with what we found. `full` adds the timeline and the idea for a lab."""
        box = nodes.container(classes=["gb-claim"])
        if full:
            box["ids"].append(claim.id)
        head = nodes.paragraph(classes=["gb-claim__head"])
        head += badge(shown_verdict(claim))
        name = f"{claim.id}"
        head += self.entry_link(claim, name, "gb-claim__id")
        said = nodes.paragraph(classes=["gb-claim__said"])
        said += nodes.inline("", claim.claim)
        who = f" {claim.speaker}, in {SHORT[claim.source]}" if claim.speaker else ""
        if who:
            said += nodes.inline("", who, classes=["gb-claim__who"])
        box += [head, said]
        if not claim.used:
            return box
        why = nodes.paragraph("", "", *self.linked(claim.because), classes=["gb-claim__why"])
        why += nodes.Text(" ")
        if claim.evidence:
            why += self.words(f"{{cite:p}}`{','.join(claim.evidence)}`")
        box += why
        if full and claim.timeline:
            steps = nodes.bullet_list(classes=["gb-claim__time"])
            for step in claim.timeline:
                line = nodes.paragraph("", "", nodes.strong("", step.date), nodes.Text(" "))
                line += nodes.Text(step.state)
                steps += nodes.list_item("", line)
            box += steps
        foot = nodes.paragraph(classes=["gb-claim__foot"])
        if claim.lab:
            lab, _, cell = claim.lab.partition("#")
            foot += self.link(f"labs/{lab}", cell, "Measured in the lab", "gb-claim__lab")
        if full and claim.chapter:
            foot += self.link(f"chapters/{claim.chapter}", "", "Discussed in the chapter")
        if claim.as_of:
            foot += nodes.inline("", f"as of {claim.as_of}", classes=["gb-claim__asof"])
        if foot.children:
            box += foot
        return box


class ChapterClaims(_ClaimDirective):
    """The claims that belong to a chapter: open those that its lab corrects, folded the others."""

    option_spec = {"chapter": directives.unchanged_required}  # noqa: RUF012

    def run(self):
        if self.book is None:
            return []
        chapter = self.options.get("chapter") or Path(self.env.docname).name
        claims = self.book.of_chapter(chapter)
        if not claims:
            if not preview():
                log.warning(
                    "the ledger has no claim with chapter: %s",
                    chapter,
                    location=self.get_location(),
                )
            return []
        corrected = [c for c in claims if c.lab and c.verdict != "holds"] or claims
        others = [c for c in claims if c not in corrected]
        result = [self.table(corrected)]
        if others:
            words = f"{len(others)} more claims, with what was found about each"
            result.append(_html(f'<details class="gb-claims-more"><summary>{words}</summary>'))
            result += [self.table(others), _html("</details>")]
        return result

    def table(self, claims) -> nodes.container:
        table = nodes.container(classes=["gb-claims"])
        table += [self.entry(claim, full=False) for claim in claims]
        return table


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


class SourcePage(_ClaimDirective):
    """All there is to say about one of the five documents."""

    required_arguments = 1

    def run(self):
        if self.book is None:
            return []
        source = self.book.sources.get(self.arguments[0])
        if source is None:
            raise self.error(f"unknown source {self.arguments[0]!r}: {', '.join(ledger.SOURCES)}")
        claims = self.book.of_source(source.id)
        used = [c for c in claims if c.used]
        result: list[nodes.Node] = [self.facts(source), nodes.paragraph("", source.summary)]
        result.append(self.tally(claims, used))
        for section in source.sections:
            mine = [c for c in claims if c.section == section.id]
            block = nodes.section(ids=[f"{source.id}-{section.id}"])
            block += nodes.title("", section.title)
            block += nodes.paragraph("", section.about)
            for claim in mine:
                if claim.used:
                    block += self.entry(claim, full=True)
            block += self.waiting([c for c in mine if not c.used], some=any(c.used for c in mine))
            result.append(block)
            self.state.document.note_implicit_target(block)
        return result

    def facts(self, source: ledger.Source) -> nodes.definition_list:
        rows = [("Who", "; ".join(source.authors)), ("Where", source.publisher)]
        if source.translator:
            rows.append(("Translated by", source.translator))
        when = source.published
        if source.published_note:
            when += f" ({source.published_note})"
        rows.append(("When", when))
        rows.append(
            ("Kind of text", f"{source.kind}, in {LANGUAGES.get(source.language, source.language)}")
        )
        if source.title_original:
            rows.append(("Original title", source.title_original))
        if source.title_english_original:
            rows.append(("First published as", source.title_english_original))
        rows.append(
            (
                "Its text",
                "Not part of this book. We paraphrase its claims and cite it; the text belongs to its authors.",
            )
        )
        result = nodes.definition_list(classes=["gb-facts"])
        for term, text in rows:
            item = nodes.definition_list_item("", nodes.term("", term))
            body = nodes.paragraph("", text)
            if term == "Original title":
                body = nodes.paragraph(
                    "",
                    "",
                    nodes.raw("", f'<span lang="zh">{html.escape(text)}</span>', format="html"),
                )
            item += nodes.definition("", body)
            result += item
        return result

    def tally(self, claims, used) -> nodes.paragraph:
        text = f"We count {len(claims)} claims in it. "
        if not used:
            return nodes.paragraph("", text + "None has been examined in a chapter yet.")
        text += f"{len(used)} have been examined in the chapters that exist so far: "
        result = nodes.paragraph("", text, classes=["gb-tally"])
        counts = Counter(c.verdict for c in used)
        for number, verdict in enumerate(v for v in ledger.VERDICTS if counts[v]):
            if number:
                result += nodes.Text(", ")
            result += [nodes.Text(f"{counts[verdict]} "), badge(verdict)]
        result += nodes.Text(
            ". The others wait for their chapters and carry no verdict until then."
        )
        return result

    def waiting(self, claims, some: bool) -> list[nodes.Node]:
        """Claims without a verdict yet, folded away."""
        if not claims:
            return []
        more = "more " if some else ""
        label = f"{len(claims)} {more}claim{'s' if len(claims) > 1 else ''}, not yet checked"
        items = "".join(
            f'<li id="{c.id}">{html.escape(c.claim)} <span class="gb-claim__id">{c.id}</span></li>'
            for c in claims
        )
        source = f'<details class="gb-waiting"><summary>{label}</summary><ul>{items}</ul></details>'
        return [nodes.raw("", source, format="html")]


class ClaimIndex(_ClaimDirective):
    """Every claim of every source as one list; `book.js` turns it into a filter."""

    def run(self):
        if self.book is None:
            return []
        claims = list(self.book.claims.values())
        order = sorted(claims, key=lambda c: not c.used)
        rows = "".join(self.row(c) for c in order)
        used = sum(c.used for c in claims)
        source = (
            f'<p class="gb-index__count" role="status">{len(claims)} claims, {used} of them examined '
            f'in a chapter.</p><ul class="gb-index__list">{rows}</ul>'
        )
        form = self.form(claims)
        text = f'<div class="gb-index" data-total="{len(claims)}">{form}{source}</div>'
        return [nodes.raw("", text, format="html")]

    def form(self, claims) -> str:
        counts = Counter(shown_verdict(c) for c in claims)
        verdicts = [(v, verdict_words(v)) for v in (*ledger.VERDICTS, "unchecked") if counts[v]]
        chapters = sorted({c.chapter for c in claims if c.chapter})
        topics = sorted({c.topic for c in claims})
        parts = [
            "<noscript><style>.gb-index__form { display: none !important; }</style></noscript>",
            '<form class="gb-index__form">',
            '<p class="gb-field gb-field--wide"><label for="ci-q">Words</label>'
            '<input id="ci-q" name="q" type="search" autocomplete="off" spellcheck="false"></p>',
            _select(
                "ci-source", "source", "Source", [(s, _capital(SHORT[s])) for s in ledger.SOURCES]
            ),
            _select("ci-verdict", "verdict", "Verdict", verdicts),
            _select("ci-chapter", "chapter", "Chapter", [(c, _chapter(c)) for c in chapters]),
            _select("ci-topic", "topic", "Topic", [(t, t.replace("-", " ")) for t in topics]),
            '<p class="gb-field"><button type="reset">Show all</button></p></form>',
        ]
        return "".join(parts)

    def row(self, claim: ledger.Claim) -> str:
        verdict = shown_verdict(claim)
        here = Path(self.env.docname).parent

        def address(page):
            return os.path.relpath(page, here).replace(os.sep, "/") + ".html"

        links = f'<a href="{address(SOURCE_PAGE.format(claim.source))}#{claim.id}">{claim.id}</a>'
        if claim.chapter:
            links += (
                f' <a href="{address("chapters/" + claim.chapter)}">{_chapter(claim.chapter)}</a>'
            )
        if claim.lab:
            lab, _, cell = claim.lab.partition("#")
            links += f' <a href="{address("labs/" + lab)}#{cell}">Lab</a>'
        data = {"source": claim.source, "verdict": verdict, "topic": claim.topic}
        data["chapter"] = claim.chapter or ""
        attributes = "".join(f' data-{k}="{html.escape(v, quote=True)}"' for k, v in data.items())
        return (
            f"<li{attributes}>"
            f'<span class="gb-verdict gb-v-{nodes.make_id(verdict)}">{verdict_words(verdict)}</span>'
            f'<span class="gb-index__said">{html.escape(claim.claim)}</span>'
            f'<span class="gb-index__links">{links}</span></li>'
        )


def _chapter(name: str) -> str:
    """
    >>> _chapter("03_softmax_sampling")
    'Chapter 3'
    """
    number = name.partition("_")[0]
    return f"Chapter {int(number)}" if number.isdigit() else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _select(ident: str, name: str, label: str, options: list[tuple[str, str]]) -> str:
    choices = "".join(
        f'<option value="{html.escape(v)}">{html.escape(w)}</option>' for v, w in options
    )
    return (
        f'<p class="gb-field"><label for="{ident}">{label}</label>'
        f'<select id="{ident}" name="{name}"><option value="">any</option>{choices}</select></p>'
    )


def read_ledger(app: Sphinx, env, docnames) -> None:
    """Load and check the ledger once for a build; each fault becomes a warning."""
    env.gb_ledger = None
    try:
        env.gb_ledger = ledger.load(env.gb_root / "seeds", env.gb_root)
    except ledger.LedgerError as error:
        for problem in error.problems:
            say = log.info if preview() else log.warning
            say("%s. %s.", problem.what, problem.remedy, location=f"{problem.file}:{problem.line}")
        return
    counts = env.gb_ledger.counts()
    log.info("claims: %d, used by a chapter: %d", counts["claims"], counts["used"])


def setup(app: Sphinx) -> dict:
    app.add_role("claim", ClaimRole())
    app.add_directive("claims", ChapterClaims)
    app.add_directive("source", SourcePage)
    app.add_directive("claim-index", ClaimIndex)
    app.connect("env-before-read-docs", read_ledger)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

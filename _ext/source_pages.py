"""The page of each of the five documents.

    ```{source} dialogue
    ```

Who wrote it, when and what it is, then its claims by section: with what was found where a chapter
has examined them, listed without a verdict where none has.
"""

from __future__ import annotations

import html
from collections import Counter

import ledger
from claims import ClaimDirective, badge, hedge_words, raw_html
from docutils import nodes
from sphinx.application import Sphinx

LANGUAGES = {"zh": "Chinese", "zh-Hans": "Chinese (simplified)", "zh-Hant": "Chinese (traditional)"}


class SourcePage(ClaimDirective):
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
        about = nodes.paragraph("", source.summary)
        sections = [
            self.section(source, section, [c for c in claims if c.section == section.id])
            for section in source.sections
        ]
        return [self.facts(source), about, self.tally(claims, used), *sections]

    def section(self, source, section: ledger.Section, claims) -> nodes.section:
        """A part of the document: the claims that were examined, then the others, folded away."""
        block = nodes.section(ids=[f"{source.id}-{section.id}"])
        block += [nodes.title("", section.title), nodes.paragraph("", section.about)]
        used = [claim for claim in claims if claim.used]
        block += [self.entry(claim, full=True) for claim in used]
        block += self.waiting([claim for claim in claims if not claim.used], some=bool(used))
        self.state.document.note_implicit_target(block)
        return block

    def facts(self, source: ledger.Source) -> nodes.definition_list:
        when, language = source.published, LANGUAGES.get(source.language, source.language)
        rows = {
            "Who": "; ".join(source.authors),
            "Where": source.publisher,
            "Translated by": source.translator,
            "When": f"{when} ({source.published_note})" if source.published_note else when,
            "Kind of text": f"{source.kind}, in {language}",
            "Original title": source.title_original,
            "First published as": source.title_english_original,
            "Its text": "Not part of this book. We paraphrase its claims and cite it; the text "
            "belongs to its authors.",
        }
        result = nodes.definition_list(classes=["gb-facts"])
        for term, text in rows.items():
            if text:
                body = nodes.definition("", fact(text, chinese=term == "Original title"))
                result += nodes.definition_list_item("", nodes.term("", term), body)
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
            f'<li id="{c.id}">{html.escape(c.claim)}{html.escape(hedge_words(c))} '
            f'<span class="gb-claim__id">{c.id}{waits_for(c)}</span></li>'
            for c in claims
        )
        source = f'<details class="gb-waiting"><summary>{label}</summary><ul>{items}</ul></details>'
        return [raw_html(source)]


def waits_for(claim: ledger.Claim) -> str:
    return f", for chapter {int(claim.planned)}" if claim.planned else ""


def fact(text: str, chinese: bool) -> nodes.paragraph:
    if not chinese:
        return nodes.paragraph("", text)
    return nodes.paragraph("", "", raw_html(f'<span lang="zh">{html.escape(text)}</span>'))


def setup(app: Sphinx) -> dict:
    app.add_directive("source", SourcePage)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

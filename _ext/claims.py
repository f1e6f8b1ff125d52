"""The sources' claims in the book, from the ledger in `seeds/` (read by `ledger.py`).

    ```{claims}
    :chapter: 03_softmax_sampling
    :show: dialogue-028 blog-015 blog-020
    ```                                 the chapter's claims with verdict, reasons, evidence, lab:
                                        these in view, the others folded

    {claim}`dialogue-028`               a badge with the verdict, linked to the full entry

The pages of the sources are `source_pages.py`, the index of all claims `claim_index.py`. A claim's
verdict is shown once a chapter has examined it; the others are listed and counted as
not yet checked. A fault in the ledger is a warning with file, line and remedy, which the book's
build makes an error.
"""

from __future__ import annotations

import os
import re
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
HEDGES = {
    "reported": "passed on from others",
    "guess": "said as a guess",
    "question": "asked, not asserted",
    "forecast": "said as a forecast",
    "opinion": "said as an opinion",
    "example": "given as an example",
    "condition": "said under a condition",
    "estimate": "given as an estimate",
}
SHORT = {
    "dialogue": "the dialogue",
    "blog": "the blog",
    "impact": "the impact essay",
    "yearend": "the year-end piece",
    "panel": "the panel",
}


def verdict_words(verdict: str) -> str:
    """How a verdict is written in the book.

    >>> verdict_words("partly-came-true"), verdict_words("did-not")
    ('partly came true', 'did not happen')
    """
    return WORDS.get(verdict, verdict.replace("-", " "))


def shown_verdict(claim: ledger.Claim) -> str:
    return claim.verdict if claim.used else "unchecked"


def hedge_words(claim: ledger.Claim) -> str:
    """How sure the speaker was, where less than sure: a phrase in parentheses, else nothing."""
    return f" ({HEDGES[claim.hedge]})" if claim.hedge else ""


def badge(verdict: str) -> nodes.inline:
    """The verdict as word, shape and color."""
    return nodes.inline(
        "", verdict_words(verdict), classes=["gb-verdict", f"gb-v-{nodes.make_id(verdict)}"]
    )


class _WithLedger:
    """What the directives and the role share."""

    @property
    def book(self) -> ledger.Ledger | None:
        """The ledger, or None where it has faults; the page is built again when it changes."""
        for file in (*(f"{s}.yaml" for s in ledger.SOURCES), "references.bib"):
            self.env.note_dependency(str(self.env.gb_root / "seeds" / file))
        return self.env.gb_ledger

    def link(self, page: str, anchor: str, text: str, *classes: str) -> nodes.reference:
        """A link to a page of the book, relative to the present one."""
        refuri = self.address(page) + (f"#{anchor}" if anchor else "")
        return nodes.reference("", text, refuri=refuri, internal=True, classes=list(classes))

    def address(self, page: str) -> str:
        here = Path(self.env.docname).parent
        return os.path.relpath(page, here).replace(os.sep, "/") + ".html"

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
        said = claim.claim + hedge_words(claim)
        link["reftitle"] = f"{name}, from {SHORT[claim.source]}: {said}"
        return [link], []


class ClaimDirective(_WithLedger, SphinxDirective):
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
        """One claim with what we found. `full` adds the timeline and the link to the chapter."""
        box = nodes.container(classes=["gb-claim"])
        if full:
            box["ids"].append(claim.id)
        box += [self.head(claim), self.said(claim)]
        if claim.used:
            box += self.why(claim)
            box += self.steps(claim) if full and claim.timeline else []
            foot = self.foot(claim, full)
            box += foot if foot.children else []
        return box

    def head(self, claim: ledger.Claim) -> nodes.paragraph:
        head = nodes.paragraph(classes=["gb-claim__head"])
        head += [badge(shown_verdict(claim)), self.entry_link(claim, claim.id, "gb-claim__id")]
        return head

    def said(self, claim: ledger.Claim) -> nodes.paragraph:
        said = nodes.paragraph("", "", nodes.inline("", claim.claim), classes=["gb-claim__said"])
        if claim.hedge:
            said += nodes.inline("", hedge_words(claim), classes=["gb-claim__hedge"])
        if claim.speaker:
            who = f" {claim.speaker}, in {SHORT[claim.source]}"
            said += nodes.inline("", who, classes=["gb-claim__who"])
        return said

    def why(self, claim: ledger.Claim) -> nodes.paragraph:
        why = nodes.paragraph("", "", *self.linked(claim.because), classes=["gb-claim__why"])
        why += nodes.Text(" ")
        if claim.evidence:
            why += self.words(f"{{cite:p}}`{','.join(claim.evidence)}`")
        return why

    def steps(self, claim: ledger.Claim) -> nodes.bullet_list:
        steps = nodes.bullet_list(classes=["gb-claim__time"])
        for step in claim.timeline:
            line = nodes.paragraph("", "", nodes.strong("", step.date), nodes.Text(" "))
            line += nodes.Text(step.state)
            steps += nodes.list_item("", line)
        return steps

    def foot(self, claim: ledger.Claim, full: bool) -> nodes.paragraph:
        foot = nodes.paragraph(classes=["gb-claim__foot"])
        if claim.lab:
            lab, _, cell = claim.lab.partition("#")
            foot += self.link(f"labs/{lab}", cell, "Measured in the lab", "gb-claim__lab")
        if full and claim.chapter:
            foot += self.link(f"chapters/{claim.chapter}", "", "Discussed in the chapter")
        if claim.as_of:
            foot += nodes.inline("", f"as of {claim.as_of}", classes=["gb-claim__asof"])
        return foot


class ChapterClaims(ClaimDirective):
    """The claims that belong to a chapter: those named in `:show:` in view, the others folded."""

    option_spec = {  # noqa: RUF012
        "chapter": directives.unchanged_required,
        "show": directives.unchanged_required,
    }

    def run(self):
        if self.book is None:
            return []
        chapter = self.options.get("chapter") or Path(self.env.docname).name
        claims = self.book.of_chapter(chapter)
        if not claims:
            if not preview():
                words = "the ledger has no claim with chapter: %s"
                log.warning(words, chapter, location=self.get_location())
            return []
        shown = self.shown({claim.id: claim for claim in claims}, chapter)
        others = [claim for claim in claims if claim not in shown]
        result = [self.table(shown)]
        if others:
            more = "1 more claim" if len(others) == 1 else f"{len(others)} more claims"
            words = f"{more}, with what was found about each"
            result.append(raw_html(f'<details class="gb-claims-more"><summary>{words}</summary>'))
            result += [self.table(others), raw_html("</details>")]
        return result

    def shown(self, claims: dict[str, ledger.Claim], chapter: str) -> list[ledger.Claim]:
        """The claims to have in view, in the order given; all where none is named."""
        wanted = self.options.get("show", "").split() or list(claims)
        for name in wanted:
            if name not in claims:
                words = "%s is no claim of %s; its claims are %s"
                known = ", ".join(claims)
                log.warning(words, name, chapter, known, location=self.get_location())
        return [claims[name] for name in wanted if name in claims]

    def table(self, claims) -> nodes.container:
        table = nodes.container(classes=["gb-claims"])
        table += [self.entry(claim, full=False) for claim in claims]
        return table


def raw_html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


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
    app.setup_extension("source_pages")
    app.setup_extension("claim_index")
    app.connect("env-before-read-docs", read_ledger)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

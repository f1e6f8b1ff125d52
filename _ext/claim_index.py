"""All claims of all sources on one page, filtered in the page by `_static/book.js`.

```{claim-index}
```
"""

from __future__ import annotations

import html
from collections import Counter

import ledger
from claims import (
    SHORT,
    SOURCE_PAGE,
    ClaimDirective,
    hedge_words,
    raw_html,
    shown_verdict,
    verdict_words,
)
from docutils import nodes
from sphinx.application import Sphinx


class ClaimIndex(ClaimDirective):
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
        return [raw_html(text)]

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
            # on a phone the filters are folded: they would hide what they filter
            '<button class="gb-index__fold" type="button" aria-controls="ci-filters" '
            'aria-expanded="false">Filters</button><div id="ci-filters" class="gb-index__filters">',
            _select(
                "ci-source", "source", "Source", [(s, _capital(SHORT[s])) for s in ledger.SOURCES]
            ),
            _select("ci-verdict", "verdict", "Verdict", verdicts),
            _select("ci-chapter", "chapter", "Chapter", [(c, _chapter(c)) for c in chapters]),
            _select("ci-topic", "topic", "Topic", [(t, t.replace("-", " ")) for t in topics]),
            '<p class="gb-field"><button type="reset">Show all</button></p></div></form>',
        ]
        return "".join(parts)

    def row(self, claim: ledger.Claim) -> str:
        verdict = shown_verdict(claim)
        data = {"source": claim.source, "verdict": verdict, "topic": claim.topic}
        data["chapter"] = claim.chapter or ""
        hedge = f'<span class="gb-claim__hedge">{hedge_words(claim)}</span>' if claim.hedge else ""
        attributes = "".join(f' data-{k}="{html.escape(v, quote=True)}"' for k, v in data.items())
        return (
            f"<li{attributes}>"
            f'<span class="gb-verdict gb-v-{nodes.make_id(verdict)}">{verdict_words(verdict)}</span>'
            f'<span class="gb-index__said">{html.escape(claim.claim)}{hedge}</span>'
            f'<span class="gb-index__links">{self.links(claim)}</span></li>'
        )

    def links(self, claim: ledger.Claim) -> str:
        """To the claim's entry, its chapter and its lab."""
        found = [(SOURCE_PAGE.format(claim.source), claim.id, claim.id)]
        if claim.chapter:
            found.append((f"chapters/{claim.chapter}", "", _chapter(claim.chapter)))
        if claim.lab:
            lab, _, cell = claim.lab.partition("#")
            found.append((f"labs/{lab}", cell, "Lab"))
        return " ".join(
            f'<a href="{self.address(page)}{"#" + anchor if anchor else ""}">{words}</a>'
            for page, anchor, words in found
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


def setup(app: Sphinx) -> dict:
    app.add_directive("claim-index", ClaimIndex)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

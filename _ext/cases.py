"""The case timeline in the book: a figure, and the same entries as a plain list.

    ```{cases}
    :alt: A dated, filterable timeline of copyright cases about models.
    {"question": "training"}
    ```

mounts the figure `copyright_cases` as `{anywidget}` would, and puts inside it every entry of
figures/copyright_cases/cases.json, in words, with its sources cited. The figure takes the list's
place when it stands; without JavaScript the list stays. A fault in the data is a warning, which the
book's build makes an error.
"""

from __future__ import annotations

import html
import json
import re
from itertools import pairwise

from bookfiles import to_json
from docutils import nodes
from docutils.parsers.rst import directives
from livefigure import own_page_link
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

log = logging.getLogger(__name__)
NAME = "copyright_cases"
DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
EVENTS = {"event", "filed", "hearing", "ruling", "appeal", "settlement", "law", "report"}
KINDS = {"case", "statute", "report"}
LEANS = {"user", "owner", "split", "author", "no-author", "none"}
MONTHS = "January February March April May June July August September October November December"
TEXTS = [
    "id",
    "name",
    "place",
    "court",
    "media",
    "status",
    "kind",
    "outcome",
    "about",
    "decided",
    "turned_on",
    "open",
    "leans",
    "checked",
]


def date_text(date: str) -> str:
    """
    >>> date_text("2025-06-23"), date_text("2025-06"), date_text("2025")
    ('June 23, 2025', 'June 2025', '2025')
    """
    year, month, day = DATE.fullmatch(date).groups()
    if month is None:
        return year
    name = MONTHS.split()[int(month) - 1]
    return f"{name} {int(day)}, {year}" if day else f"{name} {year}"


def problems(data: dict) -> list[str]:
    """What is wrong with the data, one sentence each; empty when all is well."""
    found = []
    known = {key: {v["id"] for v in data[key]} for key in ("places", "questions", "statuses")}
    allowed = {
        "place": known["places"],
        "status": known["statuses"],
        "media": set(data["media"]),
        "kind": KINDS,
        "leans": LEANS,
    }
    ids = [case.get("id") for case in data["cases"]]
    found += [f"the id {i!r} is there twice" for i in {i for i in ids if ids.count(i) > 1}]
    for case in data["cases"]:
        who = f"case {case.get('id')!r}"
        missing = [key for key in TEXTS if not isinstance(case.get(key), str)]
        if missing or not case.get("events") or not case.get("questions"):
            missing += [key for key in ("events", "questions") if not case.get(key)]
            found.append(f"{who} lacks {', '.join(missing)}")
            continue
        for key, values in allowed.items():
            if case[key] not in values:
                found.append(
                    f"{who}: {key} is {case[key]!r}, not one of {', '.join(sorted(values))}"
                )
        if strange := set(case["questions"]) - known["questions"]:
            found.append(f"{who}: unknown questions {', '.join(sorted(strange))}")
        if not case.get("sources"):
            found.append(f"{who} has no source")
        if case["status"] in ("decided", "appeal") and not (case["decided"] and case["turned_on"]):
            found.append(f"{who} is {case['status']} but does not say what, or on what it turned")
        found += [f"{who}: {words}" for words in _dates(case, data["as_of"])]
    return found


def _dates(case: dict, as_of: str) -> list[str]:
    dates = [event.get("date", "") for event in case["events"]]
    if bad := [d for d in [*dates, case["checked"]] if not DATE.fullmatch(d)]:
        return [f"{bad[0]!r} is no date; write 2025, 2025-06 or 2025-06-23"]
    found = [f"{event['kind']!r} is no kind of event" for event in case["events"] if event["kind"] not in EVENTS]  # fmt: skip
    for a, b in pairwise(dates):
        shared = min(len(a), len(b))
        if a[:shared] > b[:shared]:
            found.append(f"{b} stands after {a}; the oldest event comes first")
    for day in [*dates, case["checked"]]:
        if day[: len(as_of)] > as_of[: len(day)]:
            found.append(f"{day} is later than the list's own date, {as_of}")
    return found


class Cases(SphinxDirective):
    """The figure with the list inside."""

    has_content = True
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        root = self.env.gb_root
        file = root / "figures" / NAME / "cases.json"
        self.env.note_dependency(str(file))
        data = json.loads(file.read_text(encoding="utf-8"))
        for words in problems(data):
            log.warning("%s: %s", file.name, words, location=self.get_location())
        if not (root / "_build" / "figures" / f"{NAME}.js").is_file():
            log.warning(
                "figure %s is not built; run `python make.py figures`", NAME, location=self.get_location()
            )  # fmt: skip
        alt = " ".join(self.options.get("alt", "").split())
        if not alt:
            log.warning("figure %s has no :alt:", NAME, location=self.get_location())
        state = json.loads("\n".join(self.content).strip() or "{}")
        start = (
            f'<div class="afm" data-afm-name="{NAME}" role="group" aria-label="{html.escape(alt, quote=True)}">'
            f'<script type="application/json">{to_json(state)}</script>'
        )
        own_page = own_page_link(root, self.env.docname, NAME)
        return [_raw(start), self.plain(data), _raw("</div>" + own_page)]

    def plain(self, data: dict) -> nodes.container:
        box = nodes.container(classes=["gb-cases"])
        words = (
            f"As of {date_text(data['as_of'])}. Each entry says when it was last checked; "
            "a case may have moved since."
        )
        box += nodes.paragraph("", words)
        for place in data["places"]:
            cases = [case for case in data["cases"] if case["place"] == place["id"]]
            if not cases:
                continue
            box += nodes.paragraph("", "", nodes.strong("", place["label"]))
            listing = nodes.bullet_list()
            for case in sorted(cases, key=lambda c: c["events"][0]["date"]):
                listing += self.entry(case, data)
            box += listing
        return box

    def entry(self, case: dict, data: dict) -> nodes.list_item:
        status = next(s["label"] for s in data["statuses"] if s["id"] == case["status"])
        asked = ", ".join(q["label"] for q in data["questions"] if q["id"] in case["questions"])
        head = nodes.paragraph("", "", nodes.strong("", case["name"]))
        head += nodes.Text(f" ({status}; {asked.lower()}). {case['court']}. {case['outcome']}.")
        item = nodes.list_item("", head)
        item += nodes.paragraph("", " ".join(filter(None, (case["about"], case["decided"]))))
        for label, key in (("It turned on", "turned_on"), ("Still open", "open")):
            if case[key]:
                item += nodes.paragraph("", f"{label}: {case[key]}")
        events = nodes.bullet_list()
        for event in case["events"]:
            line = nodes.paragraph("", "", nodes.emphasis("", date_text(event["date"])))
            line += nodes.Text(f": {event['what']}")
            events += nodes.list_item("", line)
        item += events
        sources = nodes.paragraph("", f"Last checked: {date_text(case['checked'])}. Sources: ")
        for source in case["sources"]:
            sources += self.source(source)
        item += sources
        return item

    def source(self, source: dict) -> list[nodes.Node]:
        if source.get("key"):
            found, messages = self.state.inline_text(f"{{cite:p}}`{source['key']}`", self.lineno)
            return [*found, *messages, nodes.Text(" ")]
        if source.get("url"):
            return [nodes.reference("", source["label"], refuri=source["url"]), nodes.Text(" ")]
        return [nodes.Text(source["label"] + " ")]


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> dict:
    app.add_directive("cases", Cases)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""Numbers in the prose, taken from the labs' recorded runs.

    The trigram needs {measured}`next_word.trigram_bpb` bits per byte.
    In short: {measured}`next_word.trigram_bpb .1f`.

A lab calls `record("next_word.trigram_bpb", value, digits=2, unit=…)`; the build keeps it in
`_build/labs/<lab>/run.json`. A name that no run has recorded is a warning, which the book's build
makes an error; with GLASSBOX_PREVIEW=1 it is shown as "…". Each number links to its lab. A yes or no
is what `finding.py` ties a sentence to.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

log = logging.getLogger(__name__)
UNKNOWN = "…"


def preview() -> bool:
    return os.environ.get("GLASSBOX_PREVIEW", "") not in ("", "0")


def runs(folder: Path) -> dict[str, dict]:
    """Every run.json under `_build/labs`: lab name -> its content."""
    found = {}
    for path in sorted(folder.glob("*/run.json")):
        try:
            found[path.parent.name] = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            log.warning("%s is damaged (%s); delete it and build again", path, error)
    return found


def records(found: dict[str, dict]) -> dict[str, dict]:
    """All recorded results of all labs by name; a name in two labs is a warning."""
    result: dict[str, dict] = {}
    for lab, run in found.items():
        for name, entry in (run.get("records") or {}).items():
            if name in result:
                log.warning("%s is recorded by %s and by %s", name, result[name]["lab"], lab)
            result[name] = {**entry, "lab": lab}
    return result


def shown(entry: dict, spec: str = "") -> str:
    """A record as the prose shows it.

    >>> shown({"value": 2.3456, "digits": 2})
    '2.35'
    >>> shown({"value": 1234567, "digits": 2}), shown({"value": 0.931, "digits": 2}, ".0%")
    ('1,234,567', '93%')
    >>> shown({"value": -0.001, "digits": 1}), shown({"value": "the trigram", "digits": 2})
    ('0.0', 'the trigram')
    """
    value = entry["value"]
    if isinstance(value, bool):
        raise ValueError("a yes or no is for {finding}, which takes a sentence")
    if isinstance(value, str):
        return value
    if not spec:
        spec = f",.{entry.get('digits', 2)}f" if isinstance(value, float) else ",d"
    text = format(value, spec)
    if re.fullmatch(r"-0(\.0*)?%?", text):  # no minus before a zero
        text = text[1:]
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text


def lookup(env, name: str, spec: str, location) -> tuple[str, dict | None]:
    """The text for one reference, with a warning where there is nothing to show."""
    note(env)
    entry = env.gb_records.get(name)
    if entry is None:
        if not preview():
            log.warning(
                "no lab has recorded %s; record it in a lab, or correct the name",
                name,
                location=location,
            )
        return UNKNOWN, None
    try:
        return shown(entry, spec), entry
    except ValueError as error:
        log.warning("cannot show %s as %r: %s", name, spec, error, location=location)
        return UNKNOWN, None


def fill(env, text: str, location) -> str:
    """Replace {measured:name} and {measured:name spec} in a figure's JSON by plain values.

    A whole string "{measured:name}" without a format becomes a JSON number; inside a longer
    string it is written as the prose would show it.
    """

    def whole(match: re.Match) -> str:
        shown_text, entry = lookup(env, match[1], "", location)
        return json.dumps(entry["value"] if entry else None if preview() else shown_text)

    def part(match: re.Match) -> str:
        return json.dumps(lookup(env, match[1], match[2] or "", location)[0])[1:-1]

    text = re.sub(r'"\{measured:([\w.]+)\}"', whole, text)
    return re.sub(r"\{measured:([\w.]+)(?: ([^}]+))?\}", part, text)


def note(env) -> None:
    """Remember that the present page shows records, so that it is built anew when they change."""
    env.gb_measured_docs = getattr(env, "gb_measured_docs", set()) | {env.docname}


def run_of(env, lab: str) -> dict | None:
    """The run record of a lab, if it ran and was good."""
    run = env.gb_runs.get(lab)
    return run if run and run.get("ok") else None


class Measured(SphinxRole):
    """`` {measured}`lab.result` `` or `` {measured}`lab.result .1f` ``."""

    def run(self):
        name, _, spec = self.text.strip().partition(" ")
        text, entry = lookup(self.env, name, spec.strip(), self.get_location())
        if entry is None:
            return [nodes.inline(self.rawtext, text, classes=["gb-measured"])], []
        link = lab_link(self.env, entry)
        node = nodes.reference(self.rawtext, text, refuri=link, internal=True)
        node["classes"].append("gb-measured")
        node["reftitle"] = "Measured in the lab when this book was built"
        return [node], []


def lab_link(env, entry: dict) -> str:
    """The address of a record's lab, relative to the present page."""
    here = Path(env.docname).parent
    return os.path.relpath(f"labs/{entry['lab']}", here).replace(os.sep, "/") + ".html"


def outdated(app: Sphinx, env, added, changed, removed):
    """Pages whose records changed since they were read."""
    env.gb_runs = runs(env.gb_root / "_build" / "labs")
    env.gb_records = records(env.gb_runs)
    seen = json.dumps([preview(), env.gb_records], sort_keys=True, default=str)
    stale = seen != getattr(env, "gb_records_seen", None)
    env.gb_records_seen = seen
    costs = json.dumps({k: [v.get("seconds"), v.get("peak_mb")] for k, v in env.gb_runs.items()})
    labs_stale = costs != getattr(env, "gb_costs_seen", None)
    env.gb_costs_seen = costs
    docs = set(getattr(env, "gb_measured_docs", set())) if stale else set()
    if labs_stale:
        docs |= {d for d in env.found_docs if d.startswith("labs/")}
    return sorted(docs & set(env.found_docs))


def setup(app: Sphinx) -> dict:
    app.add_role("measured", Measured())
    app.connect("env-get-outdated", outdated)
    app.connect("env-merge-info", merge)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def merge(app: Sphinx, env, docnames, other) -> None:
    mine = getattr(env, "gb_measured_docs", set())
    env.gb_measured_docs = mine | getattr(other, "gb_measured_docs", set())

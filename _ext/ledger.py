"""The claim ledger: reads `seeds/*.yaml` and checks every entry.

Five documents of 2022 and 2023 say a great deal about ChatGPT. Each has one YAML file that lists
its claims in our words, with our verdict, the evidence, the chapter that uses it and the lab cell
that tests it. `load` reads them all, and either returns a `Ledger` or raises a `LedgerError` that
names every fault by file and line and says how to mend it. The shape of a file is
`seeds/schema.json` (see `ledger_shape.py`), what claims must fulfill beyond it `ledger_rules.py`.

Plain Python, PyYAML and jsonschema, so that tests, the Sphinx extension and a shell can use it:

    python _ext/ledger.py            # prints the counts, or the faults
"""

from __future__ import annotations

import datetime
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import ledger_rules
import ledger_shape
from ledger_shape import SCHEMA, Problem

SOURCES = ("dialogue", "blog", "impact", "yearend", "panel")
_CLAIM = SCHEMA["$defs"]["claim"]
VERDICTS = _CLAIM["properties"]["verdict"]["enum"]
KINDS = _CLAIM["properties"]["kind"]["enum"]
HEDGES = _CLAIM["properties"]["hedge"]["enum"]


class LedgerError(ValueError):
    """The ledger has faults; `problems` lists them all."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems, key=lambda p: (p.file, p.line))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class State:
    """One step of a timeline: what was so at a date (`2023-06`)."""

    date: str
    state: str


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    about: str
    title_original: str | None = None
    published: str | None = None


@dataclass(frozen=True)
class Source:
    """One of the five documents."""

    id: str
    title: str
    authors: tuple[str, ...]
    publisher: str
    published: str
    language: str
    kind: str
    summary: str
    sha256: str
    redistributed: bool
    sections: tuple[Section, ...]
    title_original: str | None = None
    title_english_original: str | None = None
    translator: str | None = None
    published_note: str | None = None


@dataclass(frozen=True)
class Claim:
    """One claim of one source, with our verdict."""

    id: str
    source: str
    section: str
    claim: str
    kind: str
    verdict: str
    because: str
    evidence: tuple[str, ...]
    topic: str
    hedge: str | None = None
    speaker: str | None = None
    chapter: str | None = None
    planned: str | None = None
    lab: str | None = None
    as_of: str | None = None
    review_by: str | None = None
    timeline: tuple[State, ...] = ()
    lab_idea: str | None = None
    file: str = ""
    line: int = 0

    @property
    def used(self) -> bool:
        """Whether a chapter uses the claim yet."""
        return self.chapter is not None


@dataclass(frozen=True)
class Ledger:
    """All sources, claims and bibliography keys, in the order of the files."""

    sources: dict[str, Source]
    claims: dict[str, Claim]
    references: dict[str, int] = field(default_factory=dict)  # bib key -> line in references.bib

    @cached_property
    def chapters(self) -> dict[str, list[Claim]]:
        """The claims of each chapter that uses some, by chapter."""
        found: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            if claim.chapter:
                found.setdefault(claim.chapter, []).append(claim)
        return dict(sorted(found.items()))

    def of_chapter(self, chapter: str) -> list[Claim]:
        return self.chapters.get(chapter, [])

    def of_source(self, source: str) -> list[Claim]:
        return [c for c in self.claims.values() if c.source == source]

    def overdue(self, today: datetime.date) -> list[Claim]:
        """Claims whose `review_by` month is over."""
        month = f"{today:%Y-%m}"
        return [c for c in self.claims.values() if c.review_by and c.review_by < month]

    def counts(self) -> dict:
        """How many claims there are: per source, per verdict, used by a chapter, tied to a lab."""
        claims = list(self.claims.values())
        return {
            "claims": len(claims),
            "by_source": {s: len(self.of_source(s)) for s in self.sources},
            "by_verdict": dict(Counter(c.verdict for c in claims).most_common()),
            "by_chapter": {k: len(v) for k, v in self.chapters.items()},
            "by_hedge": dict(Counter(c.hedge for c in claims if c.hedge).most_common()),
            "waiting_for_chapter": dict(
                sorted(Counter(c.planned for c in claims if c.planned).items())
            ),
            "used": sum(c.used for c in claims),
            "not_yet_used": sum(not c.used for c in claims),
            "tied_to_a_lab": sum(c.lab is not None for c in claims),
            "references": len(self.references),
        }


def load(
    seeds_dir: str | Path = "seeds",
    root: str | Path | None = None,
    today: datetime.date | None = None,
) -> Ledger:
    """Read and check the whole ledger.

    `root` is the folder that holds `chapters/` and `labs/` (default: the parent of `seeds_dir`).
    With `today`, a claim whose `review_by` has passed is a fault too; without it, ask
    `Ledger.overdue`, so that an old copy of the book still builds.
    Raises LedgerError, which lists the faults with file, line and remedy: all faults of shape, and
    those against the rules in claims whose shape is sound.
    """
    seeds = Path(seeds_dir)
    problems: list[Problem] = []
    references = _read_references(seeds, problems)
    around = ledger_rules.Surroundings(Path(root) if root is not None else seeds.parent, references)
    sources, claims = {}, []
    for name in SOURCES:
        source, found = _read_source(seeds, name, around, problems)
        sources |= {name: source} if source else {}
        claims += found
    problems += [*around.problems, *_same_ids(claims)]
    ledger = Ledger(sources, {claim.id: claim for claim in claims}, references)
    problems += [_overdue(claim) for claim in ledger.overdue(today)] if today else []
    if problems:
        raise LedgerError(problems)
    return ledger


def _read_source(
    seeds: Path, name: str, around: ledger_rules.Surroundings, problems: list[Problem]
) -> tuple[Source | None, list[Claim]]:
    """One file's source and claims, those that are sound in shape; faults go to `problems`."""
    text = _text(seeds / f"{name}.yaml", problems)
    if text is None:
        return None, []
    document = ledger_shape.read(f"{seeds.name}/{name}.yaml", text)
    faults, places = ledger_shape.check(document)
    problems += [*document.problems, *faults]
    broken = {place[:n] for place in places for n in range(3)}
    source, claims = None, []
    if ("source",) in document.lines and ("source",) not in broken:
        at = document.content["source"]
        problems += document.placed(("source",), ledger_rules.faults_of_source(at, name))
        source = _source(at)
    sections = [section.id for section in source.sections] if source else None
    for where, at in document.items("claims"):
        if where not in broken:
            found = ledger_rules.faults_of_claim(at, name, sections, around)
            problems += document.placed(where, found, at["id"])
            claims.append(_claim(at, name, document.file, document.lines[where]))
    return source, claims


def _source(at: dict) -> Source:
    sections = tuple(Section(**section) for section in at["sections"])
    return Source(**{**at, "authors": tuple(at["authors"]), "sections": sections})


def _claim(at: dict, source: str, file: str, line: int) -> Claim:
    timeline = tuple(State(**step) for step in at.get("timeline", []))
    at = {**at, "evidence": tuple(at["evidence"]), "timeline": timeline}
    return Claim(**at, source=source, file=file, line=line)


def _text(path: Path, problems: list[Problem]) -> str | None:
    name = f"{path.parent.name}/{path.name}"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(name, 1, "the file is missing", f"Restore {path.as_posix()}"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(name, line, "the file is not UTF-8", "Save it as UTF-8"))
    return None


def _read_references(seeds: Path, problems: list[Problem]) -> dict[str, int]:
    """The bibliography's keys and lines; BibTeX proper is read by pybtex in the build."""
    file, keys = f"{seeds.name}/references.bib", {}
    text = _text(seeds / "references.bib", problems) or ""
    for line, words in enumerate(text.splitlines(), 1):
        entry = re.match(r"@(\w+)\s*\{\s*([^,\s]*)\s*,?", words)
        if not entry or entry[1].lower() in ("comment", "string", "preamble"):
            continue
        key = entry[2]
        if not key:
            remedy = "Write @misc{key, with author, year and a word as the key"
            problems.append(Problem(file, line, "an entry without a key", remedy))
        elif key in keys:
            what = f"the key {key!r} is already used in line {keys[key]}"
            remedy = "Delete one of the two, or give the second a key of its own"
            problems.append(Problem(file, line, what, remedy))
        keys.setdefault(key, line)
    return keys


def _same_ids(claims: list[Claim]) -> Iterator[Problem]:
    first: dict[str, Claim] = {}
    for claim in claims:
        other = first.setdefault(claim.id, claim)
        if other is not claim:
            what = f"the id {claim.id!r} is already used at {other.file}:{other.line}"
            remedy = "Give each claim a number of its own; take the next free one"
            yield Problem(claim.file, claim.line, what, remedy)


def _overdue(claim: Claim) -> Problem:
    what = f"{claim.id} was due for review by {claim.review_by}"
    remedy = "Check its evidence again, renew `because` and `as_of`, and set a later `review_by`"
    return Problem(claim.file, claim.line, what, remedy)


def main() -> int:
    """Print the counts of the ledger beside this folder, or its faults."""
    try:
        ledger = load(Path(__file__).resolve().parent.parent / "seeds")
    except LedgerError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} faults in the ledger.", file=sys.stderr)
        return 1
    for key, value in ledger.counts().items():
        print(f"{key}: {value}")
    for claim in ledger.overdue(datetime.date.today()):
        print(f"review due since {claim.review_by}: {claim.id} ({claim.file}:{claim.line})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The claim ledger: reads `seeds/*.yaml` and checks every entry.

Five documents of 2022 and 2023 say a great deal about ChatGPT. Each has one YAML file that lists
its claims in our words, with our verdict, the evidence, the chapter that uses it and the lab cell
that tests it. `load` reads them all, and either returns a `Ledger` or raises a `LedgerError` that
names every fault by file and line and says how to mend it.

Plain Python and PyYAML, so that tests, the Sphinx extension and a shell can use it:

    python _ext/ledger.py            # prints the counts, or the faults
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

SOURCES = ("dialogue", "blog", "impact", "yearend", "panel")

VERDICTS = {
    "holds": "true, as far as the evidence goes",
    "wrong": "false",
    "misleading": "true in part, or true words that lead to a false idea",
    "outdated": "was true or arguable before, and has been overtaken",
    "contested": "informed people disagree, for reasons that can be stated",
    "opinion": "a judgment of value or taste that evidence cannot settle",
    "unverifiable": "could be true or false, but nothing public decides it",
    "came-true": "a prediction that happened",
    "partly-came-true": "a prediction of which a part happened",
    "did-not": "a prediction that did not happen",
    "too-early": "a prediction whose time has not come",
}
PREDICTION_VERDICTS = ("came-true", "partly-came-true", "did-not", "too-early")
KINDS = {
    "mechanism": "how the thing works",
    "figure": "a number",
    "event": "something that happened",
    "law": "what the law says or a court did",
    "prediction": "what will happen",
    "opinion": "what is good, important or interesting",
}
# These verdicts can change with the next paper, release or ruling, so the entry says how recent it
# is (as_of) and when somebody has to look again (review_by).
MOVING_VERDICTS = ("contested", "partly-came-true", "too-early")

REQUIRED = ("id", "section", "claim", "kind", "verdict", "because", "evidence", "topic")
OPTIONAL = ("speaker", "chapter", "lab", "as_of", "review_by", "timeline", "lab_idea")
SOURCE_REQUIRED = [
    "id",
    "title",
    "authors",
    "publisher",
    "published",
    "language",
    "kind",
    "summary",
    "redistributed",
    "sha256",
    "sections",
]
SOURCE_OPTIONAL = ["title_original", "title_english_original", "translator", "published_note"]
SECTION_REQUIRED = ("id", "title", "about")
SECTION_OPTIONAL = ("title_original", "published")

_ID = re.compile(r"([a-z]+)-\d{3}")
_TOPIC = re.compile(r"[a-z]+(-[a-z]+)*")
_MONTH = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?")
_LAB = re.compile(r"([\w-]+)#([\w-]+)")


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what is wrong, what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}."


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
    speaker: str | None = None
    chapter: str | None = None
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
    Raises LedgerError, which lists every fault with file, line and remedy.
    """
    reader = _Reader(Path(seeds_dir), Path(root) if root is not None else Path(seeds_dir).parent)
    references = reader.references()
    sources, claims = {}, {}
    for name in SOURCES:
        source, found = reader.source_file(name, references)
        if source:
            sources[name] = source
        for claim in found:
            if claim.id in claims:
                first = claims[claim.id]
                reader.fault(
                    claim.file,
                    claim.line,
                    f"the id {claim.id!r} is already used at {first.file}:{first.line}",
                    "Give each claim a number of its own; take the next free one",
                )
            claims.setdefault(claim.id, claim)
    ledger = Ledger(sources, claims, references)
    if today is not None:
        for claim in ledger.overdue(today):
            reader.fault(
                claim.file,
                claim.line,
                f"{claim.id} was due for review by {claim.review_by}",
                "Check its evidence again, renew `because` and `as_of`, and set a later `review_by`",
            )
    if reader.problems:
        raise LedgerError(reader.problems)
    return ledger


class _Reader:
    """Reads files, remembers lines, collects faults instead of stopping at the first."""

    def __init__(self, seeds: Path, root: Path):
        self.seeds, self.root = seeds, root
        self.problems: list[Problem] = []
        self.cells: dict[str, set[str] | None] = {}

    def fault(self, file: str, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(file, line, what, remedy))

    def text(self, name: str) -> str | None:
        path = self.seeds / name
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.fault(self.name(name), 1, "the file is missing", f"Restore {path.as_posix()}")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(self.name(name), line, "the file is not UTF-8", "Save it as UTF-8")
        return None

    def name(self, file: str) -> str:
        return f"{self.seeds.name}/{file}"

    # ---- the bibliography: keys only; BibTeX proper is read by pybtex in the build
    def references(self) -> dict[str, int]:
        text, keys = self.text("references.bib"), {}
        for number, line in enumerate((text or "").splitlines(), 1):
            entry = re.match(r"@(\w+)\s*\{\s*([^,\s]*)\s*,?", line)
            if not entry or entry[1].lower() in ("comment", "string", "preamble"):
                continue
            if not entry[2]:
                self.fault(
                    self.name("references.bib"),
                    number,
                    "an entry without a key",
                    "Write @misc{key, with author, year and a word as the key",
                )
            elif entry[2] in keys:
                self.fault(
                    self.name("references.bib"),
                    number,
                    f"the key {entry[2]!r} is already used in line {keys[entry[2]]}",
                    "Delete one of the two, or give the second a key of its own",
                )
            keys.setdefault(entry[2], number)
        return keys

    # ---- one source
    def source_file(self, name: str, references) -> tuple[Source | None, list[Claim]]:
        file = self.name(f"{name}.yaml")
        text = self.text(f"{name}.yaml")
        if text is None:
            return None, []
        try:
            node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.fault(
                file,
                mark.line + 1 if mark else 1,
                f"not valid YAML: {getattr(error, 'problem', None) or error}",
                "Check indentation and quotes; a text with a colon in it needs quotes or a >- block",
            )
            return None, []
        top = self.mapping(file, node, ("source", "claims"), (), "the file")
        if top is None:
            return None, []
        source = self.source(file, name, top["source"]) if "source" in top else None
        sections = {s.id for s in source.sections} if source else None
        claims = []
        for item in self.items(file, top.get("claims"), "claims"):
            claim = self.claim(file, name, item, sections, references)
            if claim:
                claims.append(claim)
        return source, claims

    def source(self, file: str, name: str, node) -> Source | None:
        at = self.mapping(file, node, SOURCE_REQUIRED, SOURCE_OPTIONAL, "source")
        if at is None or any(k not in at for k in SOURCE_REQUIRED):
            return None
        values = {k: self.scalar(file, v, k) for k, v in at.items() if k not in _NOT_SCALAR}
        authors = tuple(
            self.scalar(file, n, "authors") for n in self.items(file, at["authors"], "authors")
        )
        sections = []
        for item in self.items(file, at["sections"], "sections"):
            part = self.mapping(file, item, SECTION_REQUIRED, SECTION_OPTIONAL, "a section")
            if part and all(k in part for k in SECTION_REQUIRED):
                sections.append(Section(**{k: self.scalar(file, v, k) for k, v in part.items()}))
        if values["id"] != name:
            self.fault(
                file, _line(at["id"]), f"the source id is {values['id']!r}", f"Write id: {name}"
            )
        if values["redistributed"] != "false":
            self.fault(
                file,
                _line(at["redistributed"]),
                "the source is marked as redistributed",
                "Write redistributed: false; the documents' text is not ours to give away",
            )
        if not re.fullmatch(r"[0-9a-f]{64}", values["sha256"]):
            self.fault(
                file,
                _line(at["sha256"]),
                f"sha256 is {values['sha256']!r}",
                "Write the 64 hexadecimal digits of the SHA-256 of the text the claims were read from",
            )
        values["redistributed"] = values["redistributed"] == "true"
        return Source(**values, authors=authors, sections=tuple(sections))

    # ---- one claim
    def claim(self, file: str, name: str, node, sections, references) -> Claim | None:
        at = self.mapping(file, node, REQUIRED, OPTIONAL, "a claim")
        if at is None:
            return None
        line = _line(node)
        value = {k: self.scalar(file, v, k) for k, v in at.items() if k not in _NOT_SCALAR}
        who = value.get("id") or "this claim"

        def fault(key: str, what: str, remedy: str) -> None:
            self.fault(file, _line(at[key]) if key in at else line, f"{who}: {what}", remedy)

        match = _ID.fullmatch(value.get("id", ""))
        if "id" in value and (not match or match[1] != name):
            fault(
                "id", "the id has another form", f"Write {name}- and three digits, as in {name}-042"
            )
        if sections is not None and "section" in value and value["section"] not in sections:
            fault("section", *_unknown("section", value["section"], sections))
        for key, known in (("verdict", VERDICTS), ("kind", KINDS)):
            if key in value and value[key] not in known:
                fault(key, *_unknown(key, value[key], known))
        if value.get("verdict") in PREDICTION_VERDICTS and value.get("kind") in set(KINDS) - {
            "prediction"
        }:
            fault(
                "verdict",
                f"the verdict {value['verdict']!r} is for predictions, but kind is {value['kind']!r}",
                "Write kind: prediction, or use one of the other verdicts",
            )
        if "topic" in value and not _TOPIC.fullmatch(value["topic"]):
            fault(
                "topic",
                f"the topic {value['topic']!r} has another form",
                "Write lower-case words with hyphens",
            )
        evidence = self.evidence(file, at, value, references, fault)
        self.dates(value, fault)
        timeline = self.timeline(file, at, value, fault)
        self.places(value, fault)
        if any(k not in at for k in REQUIRED):
            return None
        return Claim(
            **value, source=name, evidence=evidence, timeline=timeline, file=file, line=line
        )

    def evidence(self, file, at, value, references, fault) -> tuple[str, ...]:
        keys = []
        for item in self.items(file, at.get("evidence"), "evidence"):
            key = self.scalar(file, item, "evidence")
            if key in keys:
                self.fault(
                    file, _line(item), f"{value.get('id')}: {key!r} is named twice", "Name it once"
                )
            if key and key not in references:
                what, remedy = _unknown("bibliography key", key, references)
                self.fault(
                    file,
                    _line(item),
                    f"{value.get('id')}: {what}",
                    f"{remedy}; or add the work to references.bib",
                )
            keys.append(key)
        if (
            not keys
            and "evidence" in at
            and value.get("verdict") not in (None, "opinion", "unverifiable")
        ):
            fault(
                "evidence",
                f"the verdict {value['verdict']!r} has no evidence",
                "Cite what it rests on, or change the verdict to unverifiable",
            )
        return tuple(keys)

    def dates(self, value, fault) -> None:
        for key in ("as_of", "review_by"):
            if key in value and not _MONTH.fullmatch(value[key]):
                fault(
                    key, f"{key} is {value[key]!r}", "Write a month as 2026-05, or a year as 2026"
                )
        moving = value.get("verdict") in MOVING_VERDICTS or value.get("kind") == "law"
        for key in ("as_of", "review_by"):
            if moving and key not in value:
                fault(
                    "verdict",
                    f"it can move (kind {value.get('kind')}, verdict {value.get('verdict')}) but has no {key}",
                    "Write as_of, the month of the newest thing taken into account, and review_by, "
                    "the month by which to look again",
                )
        if "as_of" in value and value["as_of"] > value.get("review_by", value["as_of"]):
            fault(
                "review_by",
                f"as_of {value['as_of']} is later than review_by {value['review_by']}",
                "The review has been done: set review_by to the next one",
            )

    def timeline(self, file, at, value, fault) -> tuple[State, ...]:
        states: list[State] = []
        for item in self.items(file, at.get("timeline"), "timeline"):
            step = self.mapping(file, item, ("date", "state"), (), "a step of a timeline")
            if not step or len(step) < 2:
                continue
            date, state = (self.scalar(file, step[k], k) for k in ("date", "state"))
            who = value.get("id")
            if not _MONTH.fullmatch(date):
                self.fault(
                    file, _line(item), f"{who}: the date is {date!r}", "Write 2026-05, or 2026"
                )
            elif states and date < states[-1].date:
                self.fault(
                    file,
                    _line(item),
                    f"{who}: {date} stands after {states[-1].date}",
                    "Order the timeline, oldest first",
                )
            states.append(State(date, state))
        if states and states[-1].date > value.get("as_of", ""):
            fault(
                "as_of",
                f"the timeline ends {states[-1].date} but as_of is {value.get('as_of', 'absent')}",
                f"Write as_of: {states[-1].date} or later",
            )
        return tuple(states)

    def places(self, value, fault) -> None:
        """The chapter and the lab cell that the claim points to must exist."""
        chapter, lab = value.get("chapter"), value.get("lab")
        if chapter and not (self.root / "chapters" / f"{chapter}.md").is_file():
            known = [p.stem for p in (self.root / "chapters").glob("*.md")]
            fault("chapter", *_unknown("chapter", chapter, known))
        if not lab:
            return
        if not chapter:
            fault(
                "lab",
                "it is tied to a lab but to no chapter",
                "Name the chapter that uses it, or drop lab",
            )
        place = _LAB.fullmatch(lab)
        if not place:
            fault(
                "lab",
                f"lab is {lab!r}",
                "Write notebook#cell-id, as in 03_softmax_sampling#verdict-greedy",
            )
            return
        cells = self.cell_ids(place[1])
        if cells is None:
            known = [p.stem for p in (self.root / "labs").glob("*.ipynb")]
            fault("lab", *_unknown("lab", place[1], known))
        elif place[2] not in cells:
            fault("lab", *_unknown(f"cell of labs/{place[1]}.ipynb", place[2], cells))

    def cell_ids(self, lab: str) -> set[str] | None:
        if lab not in self.cells:
            path = self.root / "labs" / f"{lab}.ipynb"
            try:
                notebook = json.loads(path.read_text(encoding="utf-8"))
                self.cells[lab] = {cell.get("id", "") for cell in notebook["cells"]}
            except FileNotFoundError:
                self.cells[lab] = None
            except (ValueError, KeyError, TypeError):
                self.cells[lab] = set()
                self.fault(
                    f"labs/{lab}.ipynb", 1, "not a readable notebook", "Restore or save it again"
                )
        return self.cells[lab]

    # ---- YAML nodes, which keep their lines
    def mapping(self, file, node, required, optional, what) -> dict | None:
        if not isinstance(node, yaml.MappingNode):
            self.fault(
                file,
                _line(node),
                f"{what} is not a mapping",
                f"Write fields, one a line: {', '.join(required)}",
            )
            return None
        found = {}
        for key_node, value in node.value:
            key = key_node.value
            if key in found:
                self.fault(
                    file,
                    _line(key_node),
                    f"the field {key!r} stands twice in {what}",
                    "Keep one of them",
                )
            elif key not in required and key not in optional:
                what_is, remedy = _unknown(f"field of {what}", key, (*required, *optional))
                self.fault(file, _line(key_node), what_is, remedy)
            else:
                found[key] = value
        name = found["id"].value if isinstance(found.get("id"), yaml.ScalarNode) else what
        for key in required:
            if key not in found:
                self.fault(
                    file, _line(node), f"{name} has no field {key!r}", f"Add a line {key}: …"
                )
        return found

    def items(self, file, node, what) -> list:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(
                file,
                _line(node),
                f"{what} is not a list",
                "Write [a, b] or lines that begin with -",
            )
            return []
        return node.value

    def scalar(self, file, node, key) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.fault(file, _line(node), f"{key} is not a text", f"Write one text after {key}:")
            return ""
        text = node.value.strip()
        if not text or node.tag == "tag:yaml.org,2002:null":
            self.fault(file, _line(node), f"{key} is empty", "Fill it, or leave the whole line out")
            return ""
        return text


_NOT_SCALAR = ("authors", "sections", "evidence", "timeline")


def _line(node) -> int:
    return node.start_mark.line + 1 if node is not None else 1


def _unknown(what: str, value: str, known) -> tuple[str, str]:
    """Words for a name that is not known: what is wrong, and the nearest names that exist."""
    known = list(known)
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
    if near:
        remedy = f"Did you mean {near[0]!r}"
    elif not known:
        remedy = "None exists yet"
    elif len(known) <= 20:
        remedy = f"Known: {', '.join(sorted(known))}"
    else:
        remedy = "Check the spelling"
    return f"{value!r} is not a known {what}", remedy


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

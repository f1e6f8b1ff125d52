"""What the shape of a claim cannot say: the works, chapters and lab cells it names exist, its verdict
fits its kind, its dates follow each other.

A rule takes a claim of sound shape, as plain data, and yields for each fault its place inside the
claim, what is wrong and what to do.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ledger_shape import Problem, Where, unknown

PREDICTION_VERDICTS = ("came-true", "partly-came-true", "did-not", "too-early")
NEED_NO_EVIDENCE = ("opinion", "unverifiable")
# These verdicts can change with the next paper, release or ruling, so the entry says how recent it
# is (as_of) and when somebody has to look again (review_by).
MOVING_VERDICTS = ("contested", "partly-came-true", "too-early")

Fault = tuple[Where, str, str]


@dataclass
class Surroundings:
    """What claims may refer to: works of the bibliography, chapters, cells of labs."""

    root: Path
    references: dict[str, int]
    cells: dict[str, set[str] | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def chapters(self) -> list[str]:
        return [path.stem for path in (self.root / "chapters").glob("*.md")]

    def labs(self) -> list[str]:
        return [path.stem for path in (self.root / "labs").glob("*.ipynb")]

    def cells_of(self, lab: str) -> set[str] | None:
        """The ids of a lab's cells; None where there is no such lab."""
        if lab not in self.cells:
            self.cells[lab] = self._read_cells(lab)
        return self.cells[lab]

    def _read_cells(self, lab: str) -> set[str] | None:
        path = self.root / "labs" / f"{lab}.ipynb"
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            return {cell.get("id", "") for cell in notebook["cells"]}
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            what, remedy = "not a readable notebook", "Restore or save it again"
            self.problems.append(Problem(f"labs/{lab}.ipynb", 1, what, remedy))
            return set()


def faults_of_claim(claim: dict, source: str, sections, around: Surroundings) -> Iterator[Fault]:
    """Every rule on one claim of the file of `source`; `sections` are its ids, None if not known."""
    yield from _identity(claim, source, sections)
    yield from _verdict(claim)
    yield from _evidence(claim, around.references)
    yield from _dates(claim)
    yield from _timeline(claim)
    yield from _chapter(claim, around)
    yield from _lab(claim, around)


def faults_of_source(source: dict, name: str) -> Iterator[Fault]:
    if source["id"] != name:
        yield ("id",), f"the source id is {source['id']!r}", f"Write id: {name}"


def _identity(claim: dict, source: str, sections) -> Iterator[Fault]:
    if not claim["id"].startswith(f"{source}-"):
        what = f"the id {claim['id']!r} has another form than this source's"
        yield ("id",), what, f"Write {source}- and three digits, as in {source}-042"
    if sections is not None and claim["section"] not in sections:
        yield ("section",), *unknown("section", claim["section"], sections)


def _verdict(claim: dict) -> Iterator[Fault]:
    verdict, kind = claim["verdict"], claim["kind"]
    if verdict in PREDICTION_VERDICTS and kind != "prediction":
        what = f"the verdict {verdict!r} is for predictions, but kind is {kind!r}"
        yield ("verdict",), what, "Write kind: prediction, or use one of the other verdicts"
    if verdict in MOVING_VERDICTS or kind == "law":
        for key in ("as_of", "review_by"):
            if key not in claim:
                what = f"it can move (kind {kind}, verdict {verdict}) but has no {key}"
                remedy = "Write as_of, the month of the newest thing taken into account, and "
                yield ("verdict",), what, remedy + "review_by, the month by which to look again"


def _evidence(claim: dict, references) -> Iterator[Fault]:
    for i, key in enumerate(claim["evidence"]):
        if key not in references:
            what, remedy = unknown("bibliography key", key, references)
            yield ("evidence", i), what, f"{remedy}; or add the work to references.bib"
    if not claim["evidence"] and claim["verdict"] not in NEED_NO_EVIDENCE:
        what = f"the verdict {claim['verdict']!r} has no evidence"
        yield ("evidence",), what, "Cite what it rests on, or change the verdict to unverifiable"


def _dates(claim: dict) -> Iterator[Fault]:
    as_of, review_by = claim.get("as_of", ""), claim.get("review_by", "9999")
    if as_of > review_by:
        what = f"as_of {as_of} is later than review_by {review_by}"
        yield ("review_by",), what, "The review has been done: set review_by to the next one"


def _timeline(claim: dict) -> Iterator[Fault]:
    dates = [step["date"] for step in claim.get("timeline", [])]
    for i, (before, date) in enumerate(itertools.pairwise(dates), 1):
        if date < before:
            what = f"{date} stands after {before}"
            yield ("timeline", i), what, "Order the timeline, oldest first"
    if dates and dates[-1] > claim.get("as_of", ""):
        what = f"the timeline ends {dates[-1]} but as_of is {claim.get('as_of', 'absent')}"
        yield ("as_of",), what, f"Write as_of: {dates[-1]} or later"


def _chapter(claim: dict, around: Surroundings) -> Iterator[Fault]:
    chapter = claim.get("chapter")
    if chapter and not (around.root / "chapters" / f"{chapter}.md").is_file():
        yield ("chapter",), *unknown("chapter", chapter, around.chapters())
    yield from _planned(claim, around)
    if "lab" in claim and not chapter:
        what = "it is tied to a lab but to no chapter"
        yield ("lab",), what, "Name the chapter that uses it, or drop lab"


def _planned(claim: dict, around: Surroundings) -> Iterator[Fault]:
    """A claim has a chapter, or it waits for one that is not written yet."""
    chapter, planned = claim.get("chapter"), claim.get("planned")
    if chapter and planned:
        what = f"it has a chapter and still waits for chapter {planned}"
        yield ("planned",), what, "Drop planned: the claim is settled"
    elif planned:
        written = [name for name in around.chapters() if name.startswith(planned)]
        if written:
            what = f"it waits for chapter {planned}, which is written"
            remedy = f"Settle the claim and write chapter: {written[0]} for planned"
            yield ("planned",), what, remedy
    elif not chapter:
        remedy = (
            "Write chapter: and the name of the one that uses it, or planned: and the two digits"
        )
        yield (), "it has no chapter and waits for none", remedy + " of the one it waits for"


def _lab(claim: dict, around: Surroundings) -> Iterator[Fault]:
    if "lab" not in claim:
        return
    lab, cell = claim["lab"].split("#")
    cells = around.cells_of(lab)
    if cells is None:
        yield ("lab",), *unknown("lab", lab, around.labs())
    elif cell not in cells:
        yield ("lab",), *unknown(f"cell of labs/{lab}.ipynb", cell, cells)

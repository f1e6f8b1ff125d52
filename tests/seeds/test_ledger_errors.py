"""A damaged ledger is refused with file, line and remedy; nothing damaged slips through."""

import datetime
import json
import re

import ledger
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

SOURCE = """\
source:
  id: {name}
  title: A document
  authors: [Somebody]
  publisher: A paper
  published: '2023-01-01'
  language: zh
  kind: essay
  summary: What it says.
  redistributed: false
  sha256: {hash}
  sections:
    - id: s1
      title: Beginning
      about: The first part.
claims:
"""
CLAIM = """\
  - id: {name}-001
    section: s1
    claim: The sky is green.
    kind: mechanism
    verdict: wrong
    because: It scatters blue light.
    evidence: [rayleigh1871sky]
    topic: weather
    planned: "02"
"""
BIB = "@article{rayleigh1871sky,\n  title = {On the light from the sky},\n}\n"
WAITING = 'topic: weather\n    planned: "02"'
FIRST = 17  # the line of blog-001 in the small ledger's blog.yaml


@pytest.fixture
def small(tmp_path):
    """A sound ledger of five claims, beside one chapter and one lab."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ledger.SOURCES:
        text = (SOURCE + CLAIM).format(name=name, hash="0" * 64)
        (seeds / f"{name}.yaml").write_text(text, encoding="utf-8")
    (seeds / "references.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "01_sky.md").write_text("# The sky\n", encoding="utf-8")
    (tmp_path / "labs").mkdir()
    notebook = {"cells": [{"id": "verdict-sky", "cell_type": "markdown", "source": ""}]}
    (tmp_path / "labs" / "01_sky.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return seeds


def edit(seeds, old, new, file="blog.yaml"):
    text = (seeds / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} should stand once in the small ledger"
    (seeds / file).write_text(text.replace(old, new), encoding="utf-8")


def test_the_small_ledger_is_sound(small):
    assert len(ledger.load(small).claims) == 5


# what is damaged: (text, its replacement, line of the fault, words of the message, words of the remedy)
DAMAGE = {
    "unknown verdict": (
        "verdict: wrong",
        "verdict: wrongg",
        21,
        "'wrongg'",
        "Did you mean 'wrong'",
    ),
    "unknown kind": ("kind: mechanism", "kind: rumor", 20, "'rumor'", "Known: "),
    "verdict of a prediction on a mechanism": (
        "verdict: wrong",
        "verdict: came-true",
        21,
        "is for predictions",
        "Write kind: prediction",
    ),
    "missing field": ("    topic: weather\n", "", 17, "no field 'topic'", "Add a line topic:"),
    "misspelled field": ("because:", "becuase:", 22, "'becuase'", "Did you mean 'because'"),
    "field twice": (
        "    topic: weather\n",
        "    topic: weather\n    topic: sky\n",
        25,
        "stands twice",
        "Keep one",
    ),
    "empty text": (
        "because: It scatters blue light.",
        "because:",
        22,
        "because is empty",
        "Fill it",
    ),
    "list for a text": (
        "claim: The sky is green.",
        "claim: [green]",
        19,
        "not a text",
        "Write one text",
    ),
    "text for a list": (
        "evidence: [rayleigh1871sky]",
        "evidence: rayleigh1871sky",
        23,
        "not a list",
        "Write [a, b]",
    ),
    "id of another form": ("id: blog-001", "id: blog-1", 17, "another form", "three digits"),
    "id of another source": ("id: blog-001", "id: panel-001", 17, "another form", "Write blog-"),
    "unknown section": ("section: s1", "section: s9", 18, "'s9'", "Did you mean 's1'"),
    "evidence not in the bibliography": (
        "[rayleigh1871sky]",
        "[rayleigh1781sky]",
        23,
        "'rayleigh1781sky'",
        "Did you mean 'rayleigh1871sky'",
    ),
    "evidence twice": (
        "[rayleigh1871sky]",
        "[rayleigh1871sky, rayleigh1871sky]",
        23,
        "named twice",
        "Name it once",
    ),
    "no evidence": ("[rayleigh1871sky]", "[]", 23, "has no evidence", "unverifiable"),
    "contested without a date": (
        "verdict: wrong",
        "verdict: contested",
        21,
        "has no as_of",
        "the month of the newest thing",
    ),
    "a date that is none": (
        "topic: weather",
        "topic: weather\n    as_of: May 2026",
        25,
        "'May 2026'",
        "2026-05",
    ),
    "review before the date": (
        "topic: weather",
        "topic: weather\n    as_of: 2026-05\n    review_by: 2026-01",
        26,
        "later than review_by",
        "set review_by to the next one",
    ),
    "timeline out of order": (
        "topic: weather",
        "topic: weather\n    as_of: 2026-05\n    timeline:\n"
        "      - {date: 2025-01, state: b}\n      - {date: 2024-01, state: a}",
        28,
        "stands after 2025-01",
        "oldest first",
    ),
    "timeline later than its date": (
        "topic: weather",
        "topic: weather\n    as_of: 2024-05\n    timeline:\n      - {date: 2025-01, state: b}",
        25,
        "ends 2025-01",
        "Write as_of: 2025-01",
    ),
    "unknown chapter": (
        WAITING,
        "topic: weather\n    chapter: 02_sky",
        25,
        "'02_sky'",
        "Did you mean '01_sky'",
    ),
    "unknown lab": (
        WAITING,
        "topic: weather\n    chapter: 01_sky\n    lab: 03_sky#verdict-sky",
        26,
        "'03_sky'",
        "Did you mean '01_sky'",
    ),
    "unknown cell": (
        WAITING,
        "topic: weather\n    chapter: 01_sky\n    lab: 01_sky#verdict-sea",
        26,
        "'verdict-sea'",
        "Did you mean 'verdict-sky'",
    ),
    "lab without a cell": (
        WAITING,
        "topic: weather\n    chapter: 01_sky\n    lab: 01_sky",
        26,
        "'01_sky'",
        "notebook#cell-id",
    ),
    "hedge that is none": (
        "kind: mechanism",
        "hedge: guessed\n    kind: mechanism",
        20,
        "'guessed'",
        "Did you mean 'guess'",
    ),
    "planned for no chapter": (
        'planned: "02"',
        "planned: 24",
        25,
        "'24'",
        "two digits",
    ),
    "neither used nor planned": (
        '    planned: "02"\n',
        "",
        17,
        "waits for none",
        "or planned: and the two digits",
    ),
    "planned for a chapter that is written": (
        'planned: "02"',
        'planned: "01"',
        25,
        "chapter 01, which is written",
        "write chapter: 01_sky",
    ),
    "settled and still planned": (
        WAITING,
        'topic: weather\n    chapter: 01_sky\n    planned: "02"',
        26,
        "still waits for chapter 02",
        "Drop planned",
    ),
    "lab without a chapter": (
        "topic: weather",
        "topic: weather\n    lab: 01_sky#verdict-sky",
        25,
        "no chapter",
        "Name the chapter",
    ),
    "redistributed": (
        "redistributed: false",
        "redistributed: true",
        10,
        "redistributed",
        "redistributed: false",
    ),
    "hash of the source": ("0" * 64, "abc", 11, "'abc'", "64 hexadecimal digits"),
    "source of another name": ("id: blog\n", "id: blob\n", 2, "'blob'", "Write id: blog"),
    "topic of another form": (
        "topic: weather",
        "topic: The Weather",
        24,
        "'The Weather'",
        "hyphens",
    ),
    "a timeline's date that is none": (
        "topic: weather",
        "topic: weather\n    as_of: 2024-05\n    timeline:\n      - {date: spring, state: b}",
        27,
        "'spring'",
        "Write 2026-05",
    ),
    "claims that are no mapping": (
        'planned: "02"\n',
        'planned: "02"\n  - the sea is red\n',
        26,
        "not a mapping",
        "Write fields",
    ),
    "a field whose name is no text": (
        "    topic: weather\n",
        "    topic: weather\n    ? [a, b]\n    : c\n",
        25,
        "not a text",
        "Write a word and a colon",
    ),
    "an alias to itself": (
        "evidence: [rayleigh1871sky]",
        "evidence: &a [*a]",
        23,
        "evidence is not a text",
        "Write one text",
    ),
    "source without content": ("source:\n", "source:\nsauce:\n", 1, "empty", "Fill it"),
    "broken YAML": ("claim: The sky", "claim: 'The sky", 19, "not valid YAML", "quotes"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named_with_file_line_and_remedy(small, damage):
    old, new, line, what, remedy = DAMAGE[damage]
    edit(small, old, new)
    with pytest.raises(ledger.LedgerError) as caught:
        ledger.load(small)
    if (
        damage == "broken YAML"
    ):  # the quote is noticed where the text goes wrong, at or after its line
        assert re.match(r"seeds/blog\.yaml:\d+: not valid YAML", str(caught.value))
        assert remedy in str(caught.value)
        return
    found = [p for p in caught.value.problems if what in p.what and remedy in p.remedy]
    assert found, f"no fault says {what!r} and {remedy!r}:\n{caught.value}"
    assert (found[0].file, found[0].line) == ("seeds/blog.yaml", line)
    assert str(found[0]).startswith(f"seeds/blog.yaml:{line}: ")


def test_every_rule_of_the_schema_has_words():
    """A keyword without an explanation would end in a KeyError instead of a message."""
    import ledger_shape

    describing = {"$schema", "$ref", "$defs", "title", "description", "remedy", "properties"}
    Draft202012Validator.check_schema(ledger_shape.SCHEMA)

    def keywords(schema):
        yield from schema
        for group in ("properties", "$defs"):
            for part in schema.get(group, {}).values():
                yield from keywords(part)
        if "items" in schema:
            yield from keywords(schema["items"])

    explained = set(ledger_shape.EXPLAIN) | {"items", "minLength"}  # what is empty is told first
    assert set(keywords(ledger_shape.SCHEMA)) - describing <= explained


def test_a_second_claim_with_the_same_id_is_refused_with_both_places(small):
    path = small / "blog.yaml"
    path.write_text(path.read_text(encoding="utf-8") + CLAIM.format(name="blog"), encoding="utf-8")
    with pytest.raises(
        ledger.LedgerError, match=rf"blog\.yaml:26.*already used at seeds/blog.yaml:{FIRST}"
    ):
        ledger.load(small)


def test_a_bibliography_key_twice_is_refused(small):
    (small / "references.bib").write_text(BIB + BIB, encoding="utf-8")
    with pytest.raises(ledger.LedgerError, match=r"references\.bib:4: .*already used in line 1"):
        ledger.load(small)


def test_a_bibliography_entry_without_a_key_is_refused(small):
    (small / "references.bib").write_text(BIB + "@misc{,\n}\n", encoding="utf-8")
    with pytest.raises(ledger.LedgerError, match=r"references\.bib:4: an entry without a key"):
        ledger.load(small)


def test_a_missing_file_is_named(small):
    (small / "panel.yaml").unlink()
    with pytest.raises(ledger.LedgerError, match=r"seeds/panel\.yaml:1: the file is missing"):
        ledger.load(small)


def test_a_file_that_is_not_utf8_is_named_with_its_line(small):
    path = small / "panel.yaml"
    path.write_bytes(path.read_bytes().replace(b"green", b"gr\xfcn"))
    with pytest.raises(ledger.LedgerError, match=r"seeds/panel\.yaml:19: the file is not UTF-8"):
        ledger.load(small)


def test_a_half_written_notebook_is_named(small):
    edit(small, WAITING, "topic: weather\n    chapter: 01_sky\n    lab: 01_sky#verdict-sky")
    ledger.load(small)
    (small.parent / "labs" / "01_sky.ipynb").write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(ledger.LedgerError, match=r"labs/01_sky\.ipynb:1: not a readable notebook"):
        ledger.load(small)


def test_all_faults_are_reported_at_once_in_order(small):
    edit(small, "kind: mechanism", "kind: rumor")
    edit(small, "verdict: wrong", "verdict: wrongg")
    edit(small, "section: s1", "section: s9", file="impact.yaml")
    with pytest.raises(ledger.LedgerError) as caught:
        ledger.load(small)
    assert [(p.file, p.line) for p in caught.value.problems] == [
        ("seeds/blog.yaml", 20),
        ("seeds/blog.yaml", 21),
        ("seeds/impact.yaml", 18),
    ]


def test_an_overdue_review_fails_only_where_a_date_is_given(small):
    edit(small, "topic: weather", "topic: weather\n    as_of: 2026-05\n    review_by: 2027-05")
    last, after = datetime.date(2027, 5, 31), datetime.date(2027, 6, 1)
    assert ledger.load(small).overdue(last) == []
    assert [c.id for c in ledger.load(small).overdue(after)] == ["blog-001"]
    ledger.load(small, today=last)
    with pytest.raises(
        ledger.LedgerError, match=r"blog\.yaml:17: blog-001 was due for review by 2027-05"
    ):
        ledger.load(small, today=after)


def test_used_and_unused_claims_are_counted(small):
    assert ledger.load(small).counts()["not_yet_used"] == 5
    edit(small, WAITING, "topic: weather\n    chapter: 01_sky\n    lab: 01_sky#verdict-sky")
    counts = ledger.load(small).counts()
    assert (counts["used"], counts["not_yet_used"], counts["tied_to_a_lab"]) == (1, 4, 1)
    assert counts["by_chapter"] == {"01_sky": 1}
    assert [c.id for c in ledger.load(small).of_chapter("01_sky")] == ["blog-001"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_ends_in_a_bare_stack_trace(small, data):
    """Cut, delete, double or overwrite anything: the loader answers, or says where and what."""
    path = small / "blog.yaml"
    sound = path.read_text(encoding="utf-8")
    lines = sound.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    junk = data.draw(
        st.sampled_from(["", ":", "- ", "[", "\t", "~\n", "*a", "&a ", "\x00", "{}\n", "💥\n"])
    )
    how = data.draw(st.sampled_from(["cut", "delete", "double", "insert", "replace"]))
    damaged = {
        "cut": sound[: data.draw(st.integers(0, len(sound)))],
        "delete": "".join(lines[:at] + lines[at + 1 :]),
        "double": "".join(lines[:at] + [lines[at]] * 2 + lines[at + 1 :]),
        "insert": "".join([*lines[:at], junk, *lines[at:]]),
        "replace": "".join([*lines[:at], junk, *lines[at + 1 :]]),
    }[how]
    path.write_text(damaged, encoding="utf-8")
    try:
        ledger.load(small)
    except ledger.LedgerError as error:
        assert all(p.line >= 1 and p.what and p.remedy for p in error.problems)
    finally:
        path.write_text(sound, encoding="utf-8")

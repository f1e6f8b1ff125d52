"""The shape of a ledger file: YAML with its line numbers, checked against `seeds/schema.json`.

`read` turns YAML into plain lists, mappings and texts and remembers where each stood; `check` asks
jsonschema what is wrong with them and says it as an author needs it: file, line, remedy. What a
shape cannot say (that a citation exists, the order of dates) is in `ledger_rules.py`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator, ValidationError

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[1] / "seeds" / "schema.json").read_text(encoding="utf-8")
)
DEEPEST = 6  # claims, a claim, timeline, a step, its date: nothing lies below, however aliases loop

Where = tuple[str | int, ...]  # ("claims", 3, "evidence", 0)


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what is wrong, what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}."


@dataclass(frozen=True)
class Document:
    """A file's plain content (None where it is not YAML), its lines, and the faults of its YAML."""

    file: str
    content: object
    lines: dict[Where, int]
    problems: list[Problem]

    def items(self, key: str) -> list[tuple[Where, object]]:
        """The entries of the list under `key`, each with its place."""
        found = self.content.get(key) if isinstance(self.content, dict) else None
        return [((key, i), item) for i, item in enumerate(found if isinstance(found, list) else [])]

    def placed(self, where: Where, faults, who: str = "") -> Iterator[Problem]:
        """Faults that a rule found below `where`, with file and line."""
        for below, what, remedy in faults:
            line = self.lines.get((*where, *below), self.lines[where])
            yield Problem(self.file, line, f"{who}: {what}" if who else what, remedy)


def read(file: str, text: str) -> Document:
    """Parse YAML, keeping lines; `file` is the name that faults give."""
    reader = _Reader(file)
    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reader.fault(
            mark.line + 1 if mark else 1,
            f"not valid YAML: {getattr(error, 'problem', None) or error}",
            "Check indentation and quotes; a text with a colon in it needs quotes or a >- block",
        )
        return Document(file, None, reader.lines, reader.problems)
    content = reader.plain(root, ()) if root is not None else ""
    return Document(file, content, reader.lines, reader.problems)


class _Reader:
    """Turns YAML nodes into plain values; notes lines and doubled fields on the way."""

    def __init__(self, file: str):
        self.file = file
        self.lines: dict[Where, int] = {(): 1}
        self.problems: list[Problem] = []

    def fault(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, what, remedy))

    def plain(self, node: yaml.Node, where: Where):
        """The value of a node; every text stripped, an empty one for null, true and false as such."""
        self.lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if len(where) == DEEPEST:
            return []
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*where, i)) for i, item in enumerate(node.value)]
        return self.mapping(node, where)

    def mapping(self, node: yaml.MappingNode, where: Where) -> dict:
        found: dict = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(line, "the name of a field is not a text", "Write a word and a colon")
                continue
            key = key_node.value
            if key in found:
                first = self.lines[(*where, key)]
                what = f"the field {key!r} stands twice, here and in line {first}"
                self.fault(line, what, "Keep one of them")
                continue
            self.lines[(*where, key)] = line
            found[key] = self.plain(value, (*where, key))
        return found


def _scalar(node: yaml.ScalarNode) -> str | bool:
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    if node.tag == "tag:yaml.org,2002:bool" and node.value in ("true", "false"):
        return node.value == "true"
    return node.value.strip()


def check(document: Document) -> tuple[list[Problem], set[Where]]:
    """What the schema finds wrong, and where; each fault once."""
    problems, places = {}, set()
    if document.content is None:
        return [], places
    for error in Draft202012Validator(SCHEMA).iter_errors(document.content):
        where = tuple(error.absolute_path)
        faults = list(_explain(error, where))
        problems |= dict.fromkeys(document.placed(where, faults, _owner(document.content, where)))
        places |= {(*where, *below) for below, _, _ in faults}
    return list(problems), places


def _owner(content, where: Where) -> str:
    """The id of the claim that this place lies in, else nothing."""
    if where[:1] != ("claims",) or len(where) < 2:
        return ""
    claim = content["claims"][where[1]]
    name = claim.get("id") if isinstance(claim, dict) else None
    return name if isinstance(name, str) else ""


# ---- jsonschema's errors in an author's words: where below the error's own place, what, remedy

Said = Iterator[tuple[Where, str, str]]


def _explain(error: ValidationError, where: Where) -> Said:
    if error.instance == "" and error.validator != "additionalProperties":
        yield (), f"{_name(where)} is empty", "Fill it, or leave the whole line out"
    else:
        yield from EXPLAIN[error.validator](error, where)


def _name(where: Where) -> str:
    """The nearest field's name: "evidence" for its third entry."""
    return next((part for part in reversed(where) if isinstance(part, str)), "the file")


def _missing(error: ValidationError, where: Where) -> Said:
    for key in error.validator_value:
        if key not in error.instance:
            title = error.schema["title"]
            yield (), f"{title} has no field {key!r}", f"Add a line {key}: …"


def _strange(error: ValidationError, where: Where) -> Said:
    known = error.schema["properties"]
    for key in error.instance:
        if key not in known:
            yield (key,), *unknown(f"field of {error.schema['title']}", key, known)


def _wrong_type(error: ValidationError, where: Where) -> Said:
    name = _name(where)
    if error.validator_value == "object":
        fields = ", ".join(error.schema["required"])
        yield (), f"{error.schema['title']} is not a mapping", f"Write fields, one a line: {fields}"
    elif error.validator_value == "array":
        yield (), f"{name} is not a list", "Write [a, b] or lines that begin with -"
    else:
        yield (), f"{name} is not a text", f"Write one text after {name}:"


def _not_one_of(error: ValidationError, where: Where) -> Said:
    name = _name(where)
    if isinstance(error.instance, str):
        yield (), *unknown(name, error.instance, error.validator_value)
    else:
        yield (), f"{name} is not a text", f"Write one text after {name}:"


def _other_form(error: ValidationError, where: Where) -> Said:
    yield (), f"{_name(where)} {error.instance!r} has another form", error.schema["remedy"]


def _other_value(error: ValidationError, where: Where) -> Said:
    yield (), f"{_name(where)} is {_as_yaml(error.instance)}", error.schema["remedy"]


def _as_yaml(value) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _twice(error: ValidationError, where: Where) -> Said:
    for i, item in enumerate(error.instance):
        if item in error.instance[:i]:
            yield (i,), f"{item!r} is named twice", "Name it once"


EXPLAIN: dict[str, Callable[[ValidationError, Where], Said]] = {
    "required": _missing,
    "additionalProperties": _strange,
    "type": _wrong_type,
    "enum": _not_one_of,
    "pattern": _other_form,
    "const": _other_value,
    "uniqueItems": _twice,
}


def unknown(what: str, value: str, known) -> tuple[str, str]:
    """Words for a name that is not known: what is wrong, and the nearest names that exist.

    >>> unknown("kind", "mechanim", ["mechanism", "figure"])
    ("'mechanim' is not a known kind", "Did you mean 'mechanism'")
    """
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

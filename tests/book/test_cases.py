"""The data of the case timeline, and the list that a page carries for readers without JavaScript."""

import copy
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

import cases  # noqa: E402
import ledger  # noqa: E402

DATA = json.loads((ROOT / "figures" / "copyright_cases" / "cases.json").read_text(encoding="utf-8"))


def test_the_data_have_no_fault():
    assert cases.problems(DATA) == []


def test_every_source_is_in_the_bibliography():
    known = ledger.load(ROOT / "seeds", ROOT).references
    for case in DATA["cases"]:
        for item in (*case["sources"], *case["events"]):
            if item.get("key"):
                assert item["key"] in known, (case["id"], item["key"])


def test_every_entry_names_an_address_or_a_work():
    for case in DATA["cases"]:
        for source in case["sources"]:
            assert source["label"].strip(), case["id"]
            assert source["url"] == "" or source["url"].startswith(("https://", "http://")), source
            assert source["url"] or source.get("key"), source


def case(**changes):
    data = copy.deepcopy(DATA)
    data["cases"][0].update(changes)
    return data


def events(*dates):
    return [{"date": d, "kind": "ruling", "what": "x"} for d in dates]


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"place": "atlantis"}, "place is 'atlantis'"),
        ({"leans": "both"}, "leans is 'both'"),
        ({"questions": ["taxes"]}, "unknown questions taxes"),
        ({"questions": []}, "lacks questions"),
        ({"turned_on": ""}, "does not say"),
        ({"sources": []}, "has no source"),
        ({"events": []}, "lacks events"),
        ({"events": events("2024-13-01")}, "is no date"),
        ({"events": events("2025-02", "2024-12-31")}, "oldest event comes first"),
        ({"events": events("2099")}, "later than the list's own date"),
        ({"about": None}, "lacks about"),
    ],
)
def test_a_fault_is_found_and_named(change, complaint):
    assert DATA["cases"][0]["status"] in ("decided", "appeal")  # what turned_on is asked of
    found = cases.problems(case(**change))
    assert any(complaint in words and DATA["cases"][0]["id"] in words for words in found), found


def test_an_id_may_not_be_there_twice():
    data = case(id=DATA["cases"][1]["id"])
    assert any("there twice" in words for words in cases.problems(data))

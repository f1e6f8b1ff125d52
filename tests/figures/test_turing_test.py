"""Python's side of the figure `turing_test`: its golden vectors, and the four endings of each beginning."""

import json

import pytest

from figures.core.golden import read
from figures.turing_test import data as source
from figures.turing_test import golden
from glassbox import recordings


def test_scipy_still_gives_the_golden_numbers():
    assert golden.vectors() == read(golden.FILE)


def test_each_beginning_has_four_different_endings_and_one_was_composed():
    items = source.data()["items"]
    assert len(items) >= 12
    for item in items:
        texts = [ending["text"] for ending in item["endings"]]
        assert len(set(texts)) == len(texts) == 4
        assert [e["by"] for e in item["endings"]].count("written") == 1
        assert all(text and text[-1] in ".!?" for text in texts)


def test_the_programs_endings_are_the_recorded_ones():
    names = {"model": "model", "dice": "grammar", "book": "table", "count": "ngram"}
    for item, recorded in zip(
        source.data()["items"], recordings.load("chinese_room")["turing"], strict=True
    ):
        assert item["prompt"] == recorded["prompt"]
        for ending in item["endings"]:
            if ending["by"] != "written":
                assert ending["text"] == recorded[names[ending["by"]]].strip()


def test_no_composed_ending_copies_the_town():
    """They were composed for the figure: none is among the programs' endings of any beginning."""
    recorded = recordings.load("chinese_room")["turing"]
    town = {item[by].strip() for item in recorded for by in ("model", "grammar", "table", "ngram")}
    written = json.loads(source.WRITTEN.read_text(encoding="utf-8"))
    assert not town & {text.strip() for text in written}


def test_a_missing_ending_is_named(tmp_path, monkeypatch):
    short = tmp_path / "written.json"
    short.write_text('[" one."]', encoding="utf-8")
    monkeypatch.setattr(source, "WRITTEN", short)
    with pytest.raises(
        ValueError, match=r"16 beginnings .* and 1 endings in written\.json; write one for each"
    ):
        source.data()


def test_an_ending_that_stands_there_already_is_named(tmp_path, monkeypatch):
    recorded = recordings.load("chinese_room")["turing"]
    copied = tmp_path / "written.json"
    copied.write_text(json.dumps([item["model"] for item in recorded]), encoding="utf-8")
    monkeypatch.setattr(source, "WRITTEN", copied)
    with pytest.raises(ValueError, match="two endings of 'The day the ferry"):
        source.data()

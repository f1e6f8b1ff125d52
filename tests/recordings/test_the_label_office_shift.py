"""The recorded replies that a reader labels: what is said of each is what the library says."""

import json
import re
from pathlib import Path

import pytest

from figures.core.golden import read
from figures.the_label_office import golden
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import the_label_office_shift as shift
from glassbox.recordings.recording import command
from glassbox.shipped import FOLDER, load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def recording():
    return shift.load()


@pytest.fixture(scope="module")
def world():
    return load("single").world


@pytest.fixture(scope="module")
def question_of(world):
    """A function that finds the town's question behind a recorded one."""
    strangers = [person.name for person in world.strangers]
    asked = [*world.questions("all"), *world.questions("all", residents=strangers)]
    found = {(q.text, q.resident): q for q in asked}
    return lambda entry: found[entry["question"], entry["resident"]]


def test_the_recording_is_the_shipped_models(recording):
    assert recording["single_sha256"] == sha256(FOLDER / "single" / "model.safetensors")
    assert recording["made_by"] == command("the_label_office_shift")
    assert recording["settings"] == shift.SETTINGS


def test_every_reply_carries_the_librarys_verdict_marks_and_gold(recording, world, question_of):
    entries = [(p, [p["a"], p["b"]]) for p in recording["pairs"]]
    entries += [(q, q["replies"]) for q in recording["pool"]]
    for entry, replies in entries:
        question = question_of(entry)
        known = entry["resident"] in world.town.by_name
        assert entry["truth"] == (question.answer if known else None)
        for stored in replies:
            assert stored == shift.reply(world, question, stored[0])
            assert known or stored[1] not in ("right", "wrong")


def test_the_pairs_are_by_the_rule(recording, world):
    pairs = recording["pairs"]
    assert len(pairs) == recording["settings"]["pairs"]
    strangers = [p for p in pairs if p["truth"] is None]
    assert len(strangers) == len(pairs) // 3
    for pair in pairs:
        assert pair["a"][1:4] != pair["b"][1:4], pair["question"]
    unsure = [p for p in strangers if (p["a"][1] == "refused") != (p["b"][1] == "refused")]
    assert len(strangers) // 3 <= len(unsure) < len(strangers)
    shift, pool = ({e["question"] for e in recording[part]} for part in ("pairs", "pool"))
    assert not shift & pool


def test_the_pool_has_as_many_replies_to_each_question(recording):
    settings = recording["settings"]
    assert {len(q["replies"]) for q in recording["pool"]} == {settings["replies"]}
    known = [q["truth"] is not None for q in recording["pool"]]
    assert known == [True] * settings["pool_known"] + [False] * settings["pool_unknown"]


def test_the_simulated_labelers_choose_again_as_recorded(recording, world, question_of):
    pairs = [(question_of(p), p["a"][0], p["b"][0]) for p in recording["pairs"]]
    for name, chosen in recording["workers"].items():
        assert shift.choices(world, pairs, name) == chosen
    assert len({tuple(chosen) for chosen in recording["workers"].values()}) == 3


def test_a_small_recording_is_made_as_the_large_one():
    settings = shift.SETTINGS | {
        "drawn": 80,
        "pairs": 6,
        "pool_known": 2,
        "pool_unknown": 1,
        "replies": 4,
    }
    made = shift.record(load("single"), settings)
    assert [len(q["replies"]) for q in made["pool"]] == [4, 4, 4]
    assert [p["truth"] is None for p in made["pairs"]] == [False, False, True] * 2
    assert all(len(chosen) == 6 for chosen in made["workers"].values())


def test_the_golden_answers_are_scikit_learns_and_the_librarys():
    kept = read(golden.FILE)
    made = json.loads(json.dumps(golden.vectors()))
    assert made["pool"] == kept["pool"]
    for case, before in zip(made["fits"], kept["fits"], strict=True):
        assert case["x"] == before["x"] and case["y"] == before["y"]
        for key in ("weights", "sd"):
            assert case[key] == pytest.approx(before[key], abs=1e-5)


def test_reported_pay_names_works_of_the_bibliography():
    pay = json.loads(
        (ROOT / "figures" / "the_label_office" / "pay.json").read_text(encoding="utf-8")
    )
    bib = (ROOT / "seeds" / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{([^,]+),", bib, re.MULTILINE))
    assert {row["key"] for row in pay["rows"]} <= keys

"""The recorded readers behind lab 10c and the figure `retrieval`: are they whole, and how are they made?"""

import pytest

from glassbox.assistant.retrieval import LETTERS
from glassbox.recordings import retrieval as recorded
from glassbox.recordings.recording import HERE, command


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_model_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings, town or shipped models changed: run the script again."""
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == command("retrieval")
    assert [(m["diet"], m["seed"]) for m in run["models"]] == recorded.jobs()[1:]
    assert len(run["chat"]) == len(run["seeds"])


def test_every_count_is_possible(run):
    tables = [m["answers"] for m in run["models"]] + run["chat"]
    for row in (row for table in tables for case in table.values() for row in case.values()):
        verdicts = [row[v] for v in ("right", "wrong", "refused", "malformed")]
        assert sum(verdicts) == row["n"] == run["asked"]
        assert (
            row["right_holds"] <= min(row["right"], row["holds"]) and row["holds"] <= row["cited"]
        )
        assert row["right_there"] <= min(row["right"], row["there"])


def test_the_cases_are_what_they_are_called(run):
    """Where the passage is given it is there, where none answers it is not, and no lie is a truth."""
    for answers in (m["answers"] for m in run["models"]):
        for case, there in (("given", True), ("alone", True), ("false", False), ("silent", False)):
            for row in answers[case].values():
                assert row["there"] == (row["n"] if there else 0), case
        assert all(row["lie"] == 0 for row in answers["given"].values())


def test_every_desk_has_a_reply_to_every_set_of_its_passages(run):
    assert [d["kind"] for d in run["desks"]] == list(recorded.KINDS)
    for desk in run["desks"]:
        assert len(desk["passages"]) == 4 and len(desk["replies"]) == 16
        for number, reply in enumerate(desk["replies"]):
            assert 1 <= len(reply) <= 2
            for sentence in reply:
                held = sentence["letter"] and number >> LETTERS.find(sentence["letter"]) & 1
                assert held or not sentence["supported"]


def test_what_is_planted_is_false_and_the_rest_is_true(run):
    for desk in run["desks"]:
        false = [p for p in desk["passages"] if not p["true"]]
        assert len(false) == (desk["kind"] in ("disagree", "poisoned"))
        assert all(p["tells"] == 0 for p in false)
        told = [p["tells"] for p in desk["passages"]]
        assert told.count(0) == {"agree": 2, "disagree": 2, "silent": 0}.get(desk["kind"], 1)
        assert told.count(1) == 1


def test_recall_grows_with_k(run):
    for name in ("bm25", "tfidf", "dense"):
        assert run["recall"][name] == sorted(run["recall"][name]), name


def test_the_groups_do_not_overlap_and_no_lesson_is_about_them():
    desk = recorded.desk()
    names = [person.name for group in desk.groups.values() for person in group]
    assert len(set(names)) == len(names) == len(desk.people)
    assert not set(names) & {person.name for person in desk.taught}


def test_the_page_gets_a_small_file():
    assert (HERE / "retrieval.json").stat().st_size < 150_000

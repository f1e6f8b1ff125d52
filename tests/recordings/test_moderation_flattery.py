"""The recorded flattery behind lab 09: whole, and the model before says again what it said."""

import pytest

from glassbox.assistant.flattery import OUTCOMES
from glassbox.recordings import moderation_flattery as recorded
from glassbox.recordings.recording import command


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_everything_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or the chat model changed: run the script again."""
    assert run["settings"] == recorded.settings() and run["made_by"] == command(
        "moderation_flattery"
    )
    seeds = len(recorded.SETTINGS["seeds"])
    assert len(run["before"]) == seeds
    assert list(run["after"]) == [str(likes) for likes in recorded.SETTINGS["likes"]]
    assert all(len(rows) == seeds for rows in run["after"].values())


def test_what_became_of_right_answers_adds_up(run):
    for rows in (run["before"], *run["after"].values()):
        for row in rows:
            for name in ("seen", "apart", "true"):
                assert sum(row[name][o] for o in OUTCOMES) == pytest.approx(100, abs=0.01)


def test_the_more_agreement_is_worth_the_more_of_it_is_chosen(run):
    shares = [sum(r["chose_agreement"] for r in rows) for rows in run["after"].values()]
    assert shares == sorted(shares) and shares[-1] > shares[0]


def test_the_model_before_answers_as_it_did(run):
    again = recorded.measured(recorded.chat().model, 0)
    for name in ("seen", "apart", "true"):
        for what in ("right_bare", *OUTCOMES):
            assert again[name][what] == pytest.approx(run["before"][0][name][what], abs=4)


def test_lessons_and_questions_are_about_different_people():
    apart = {p.name for p in recorded.held_out_residents(recorded.chat().world)}
    assert not any(pair.question.resident in apart for pair in recorded.labeled(0, 1.0))

"""Lab 07's recorded second questions: are they whole, and is every fact asked in every turn?"""

import pytest

from glassbox.assistant.chat import chat_tokens
from glassbox.recordings import finetuning_turns as recorded


@pytest.fixture(scope="module")
def table():
    return recorded.load()


@pytest.fixture(scope="module")
def school():
    return recorded.School(recorded.SETTINGS | {"asked": 6, "examples": 60})


def test_the_recording_is_of_the_model_and_the_settings_as_they_are(table):
    """If this fails, the base model or the settings changed: run the recording again."""
    assert table["settings"] == recorded.settings()


def test_every_diet_has_every_seed_and_every_turn(table):
    assert set(table["runs"]) == set(recorded.SETTINGS["diets"])
    for runs in table["runs"].values():
        assert len(runs) == len(recorded.SETTINGS["seeds"])
        assert all(len(run["right"]) == recorded.SETTINGS["turns"] for run in runs)


def test_joined_lessons_are_the_same_lessons_and_fit_the_window(school):
    alone = [list(talk.messages) for talk in school.examples(seed=0)]
    joined = school.joined(seed=0, questions=3)
    assert 10 <= len(joined) <= 20
    for talk in joined:
        assert len(talk) == 6
        assert all(talk[i : i + 2] in alone for i in (0, 2, 4))
        assert len(chat_tokens(talk, school.tokenizer)[0]) <= school.model.config.block_size + 1


def test_every_fact_is_asked_once_in_every_turn_and_nobody_twice_in_a_row(school):
    said = school.ask_in_turn(school.model, turns=3)
    asked = sorted(talk.question.text for talk in school.talks)
    for turn in range(3):
        assert sorted(talk[turn][0].text for talk in said) == asked
    for talk in said:
        assert talk[0][0] != talk[1][0] != talk[2][0]


def test_a_model_that_answers_about_the_one_before_is_found_out(school, monkeypatch):
    """Somebody who always speaks of the first person asked about."""

    def stubborn(turns):
        truth = school.world.truth
        said = []
        for i, talk in enumerate(school.talks):
            first, second = talk.question, school.talks[(i + 1) % len(school.talks)].question
            replies = [truth(first.resident, q.attribute) for q in (first, second)]
            said.append([(first, replies[0]), (second, replies[1])])
        return said

    monkeypatch.setattr(school, "ask_in_turn", lambda model, turns, room: stubborn(turns))
    found = school.by_turn(None, turns=2)
    assert found["right"][0] == 100 and found["of_the_one_before"] == [100]
    assert found["right"][1] < 50

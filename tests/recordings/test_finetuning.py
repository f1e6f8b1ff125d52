"""Lab 07's recorded runs: are they whole, and of the models and settings as they are?"""

import pytest

from glassbox.assistant.chat import chat_tokens
from glassbox.recordings import finetuning as recorded
from glassbox.shipped import load


@pytest.fixture(scope="module")
def table():
    return recorded.load()


def test_every_run_is_there_with_every_seed(table):
    assert set(table["runs"]) == {what for what, _ in recorded.jobs()}
    assert {len(runs) for runs in table["runs"].values()} == {len(recorded.SETTINGS["seeds"])}


def test_the_runs_were_made_with_the_models_and_settings_as_they_are(table):
    """If this fails, the shipped models or the settings changed: run the recording again."""
    assert table["settings"] == recorded.settings()


def test_every_share_is_possible(table):
    taught = [run for what, runs in table["runs"].items() for run in runs if "answered" in run]
    assert len(taught) == 18
    for run in taught:
        assert 0 <= run["answered"] <= run["ended"] <= 100 and 0 <= run["knows"] <= 100
        assert run["question_bits"] > 0
    for run in table["runs"]["persona"]:
        assert 0 <= run["seen"] <= 100 and 0 <= run["unseen"] <= 100


def test_forgetting_begins_at_what_the_base_model_knows(table):
    starts = {run["knows"][0] for run in table["runs"]["long"]}
    assert len(starts) == 1  # before any step all seeds are the same model
    assert min(len(run["knows"]) for run in table["runs"]["long"]) == 4


def test_the_surprise_at_questions_is_that_of_the_words_asked():
    """Against the model's own loss with every target left out but those."""
    base, school = load("base"), recorded.School(recorded.SETTINGS | {"asked": 2})
    talk = school.talks[0]
    ids, mask = chat_tokens(talk.messages, base.tokenizer)
    bits = recorded.token_bits(base.model, base.tokenizer, talk.messages)
    assert len(bits) == len(ids) - 1
    asked = [b for b, learned in zip(bits[1:], mask[2:]) if not learned]
    found = recorded.surprise_at_questions(base.model, base.tokenizer, [talk])
    assert found == pytest.approx(sum(asked) / len(asked))
    assert len(asked) < len(bits) - sum(mask) + 1

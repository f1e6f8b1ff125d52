"""The recorded search for the base model's sequences behind lab 01: is it of this model and this town?"""

import pytest

from glassbox.recordings import next_word
from glassbox.shipped import load


@pytest.fixture(scope="module")
def recording():
    return next_word.load()


def test_the_recording_is_of_the_shipped_model(recording):
    assert {name: recording[name] for name in next_word.settings()} == next_word.settings()
    assert recording["documents"] == load("base").card["documents_read"]


def test_more_reading_leaves_fewer_sequences_unseen(recording):
    for name, share in recording["all"].items():
        assert 0 < share <= recording["first"][name]


def test_the_first_documents_searched_again_give_what_was_recorded(recording):
    base = load("base")
    first = base.world.documents(n=next_word.SETTINGS["first"])
    found = next_word.nowhere(next_word.both(base), first)
    assert found["town"] == recording["first"]["town"]  # no arithmetic in it
    assert found["model"] == pytest.approx(recording["first"]["model"], abs=0.05)

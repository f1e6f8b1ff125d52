"""A poet takes six poems back, in five towns: is the recording whole, and does retraining know nothing?"""

import pytest

from glassbox.recordings import data_value_unlearning as recorded
from glassbox.recordings import recording
from glassbox.world.archives import archives


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_it_was_made_with_the_settings_as_they_are(run):
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == recording.command("data_value_unlearning")
    assert [town["seed"] for town in run["towns"]] == list(recorded.TOWNS)


def test_who_leaves_is_the_one_who_hands_in_the_same_poems_again_and_again(run):
    for town in run["towns"]:
        assert archives(town["seed"])[town["poet"]].habit == "repeats"


def test_all_models_are_examined(run):
    for town in run["towns"]:
        assert set(town["models"]) == {"before", "retrained", *recorded.WAYS}
        for known in town["models"].values():
            assert 0 <= known["given_back"] <= 1 and known["stays"] > 0


def test_forgetting_stops_where_the_poems_are_as_unfamiliar_as_unread_ones(run):
    """Or after all steps."""
    for town in run["towns"]:
        for way, how in recorded.WAYS.items():
            known, sides = town["models"][way], 2 if way == "both" else 1
            steps = known["read"] / how.batch_size / sides
            assert steps == how.steps or known["familiar"] >= town["unread"] - 1e-3


def test_a_model_trained_anew_gives_nothing_back_and_reads_what_is_left(run):
    for town in run["towns"]:
        again = town["models"]["retrained"]
        assert again["given_back"] == 0
        assert again["read"] == recorded.LESSONS.epochs * 120  # 168 poems without 48

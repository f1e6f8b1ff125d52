"""Chapter 8's training listened to on the way: is it whole, and of the same model, questions and settings as `rlhf`?"""

import pytest

from glassbox.recordings import rlhf
from glassbox.recordings import rlhf_replies as recorded


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def each(run):
    return [one for entry in run["leash"] for one in entry["runs"]]


def test_it_was_made_with_the_settings_as_they_are(run):
    assert run["settings"] == rlhf.SETTINGS | {"every": recorded.EVERY}
    assert run["single_sha256"] == rlhf.settings()["single_sha256"]


def test_there_is_a_job_for_every_leash_and_seed(run):
    s = rlhf.SETTINGS
    assert sorted(recorded.jobs()) == sorted((a, b) for a in s["seeds"] for b in s["betas"])
    assert [entry["beta"] for entry in run["leash"]] == s["betas"]
    for entry in run["leash"]:
        assert [one["seed"] for one in entry["runs"]] == s["seeds"]


def test_every_stop_has_a_reply_to_every_question(run):
    stops = list(range(0, rlhf.SETTINGS["iterations"] + 1, recorded.EVERY))
    assert len(stops) > 8
    for one in each(run):
        assert [row["iteration"] for row in one["curve"]] == stops
        assert [len(said) for said in one["replies"]] == [len(run["prompts"])] * len(stops)


def test_all_runs_begin_with_the_chat_model(run):
    for one in each(run):
        assert one["replies"][0] == run["before"]["samples"]
        assert one["curve"][0]["proxy"] == 0 and abs(one["curve"][0]["kl"]) < 1e-3
        for key in ("gold", "right", "invented", "polite"):
            assert one["curve"][0][key] == pytest.approx(run["before"][key], abs=1e-4)


def test_the_questions_are_those_of_rlhf(run):
    assert run["prompts"] == rlhf.load()["prompts"]


def test_it_agrees_with_what_the_chapter_says_of_the_other_recording(run):
    """Other dice, the same story: free, the score rises and quality ends below; every leash ends above every free stop."""
    free, *leashed = run["leash"]
    best = {one["seed"]: max(row["gold"] for row in one["curve"]) for one in free["runs"]}
    for one in free["runs"]:
        assert one["curve"][-1]["proxy"] > 0
        assert one["curve"][-1]["gold"] < one["curve"][0]["gold"]
    middle = leashed[0]
    for one in middle["runs"]:
        assert one["curve"][-1]["gold"] > best[one["seed"]]

"""The moderation desk's messages: what is shown is what the filters say, and who is stopped can be counted again."""

import pytest

from glassbox.assistant.moderation import KeywordList
from glassbox.recordings import moderation
from glassbox.recordings import moderation_desk as desk
from glassbox.recordings.recording import command
from glassbox.world.dialect import dialect_of


@pytest.fixture(scope="module")
def recording():
    return desk.load()


def test_the_recording_was_made_with_these_settings(recording):
    assert recording["made_by"] == command("moderation_desk")
    assert recording["settings"] == desk.settings()
    assert recording["filters"] == list(desk.SETTINGS["filters"])


def test_the_messages_are_the_first_that_are_drawn_of_each_group(recording):
    told = [(m["text"], m["group"]) for m in recording["messages"]]
    assert told == [(m.text, desk.group(m)) for m in desk.shown()]
    for group in desk.GROUPS:
        assert sum(g == group for _, g in told) == desk.SETTINGS["shown"]
    assert all(dialect_of(text) == group.split("-")[1] for text, group in told)


def test_the_lists_scores_are_counted_again(recording):
    found = KeywordList().scores([m["text"] for m in recording["messages"]])
    assert [m["score"]["list"] for m in recording["messages"]] == [float(n > 0) for n in found]


def test_a_filter_trained_again_gives_the_recorded_scores(recording):
    """The one that the figure opens on."""
    judge = desk.judge_of("collected", desk.SETTINGS["seeds"][0])
    again = judge([m["text"] for m in recording["messages"]])
    for message, score in zip(recording["messages"], again, strict=True):
        assert message["score"]["collected"] == pytest.approx(score, abs=0.002)


def test_the_curves_agree_with_the_lab_about_whom_it_silences(recording):
    """At the threshold of recording `moderation`, its share of fine messages stopped, by dialect. Its fine
    messages are others of the same kind, so the shares agree within what chance allows for 400."""
    for name in ("collected", "uptown", "true"):
        for row, seed in zip(moderation.load()["desks"][desk.SETTINGS["filters"][name]], range(5)):
            step = round(100 * row["threshold"])
            for dialect in ("harbor", "uptown"):
                ours = recording["curves"][name][f"fine-{dialect}"][seed][step]
                theirs = row["by_dialect"][dialect]["false_refusals"]
                assert abs(ours - theirs) < 0.08, (name, seed, dialect)


def test_curves_fall_from_everything(recording):
    for curves in recording["curves"].values():
        for runs in curves.values():
            assert len(runs) == len(recording["seeds"])
            for curve in runs:
                assert curve[0] == 1
                assert all(a >= b for a, b in zip(curve, curve[1:]))

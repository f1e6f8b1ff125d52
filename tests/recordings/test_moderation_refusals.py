"""The recorded refusals behind lab 09: whole, possible, and made by the code as it is."""

import pytest

from glassbox.recordings import moderation_refusals as recorded
from glassbox.recordings.recording import command


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_everything_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings, frames or the chat model changed: run the script again."""
    assert run["settings"] == recorded.settings() and run["made_by"] == command(
        "moderation_refusals"
    )
    assert len(run["runs"]) == len(recorded.SETTINGS["seeds"])
    for one in run["runs"]:
        assert list(one["hostile"]) == [str(n) for n in recorded.SETTINGS["hostile"]]
        assert set(recorded.FRAMES) < set(one["frames"]["tuned"])


def test_the_chat_model_says_again_what_it_said(run):
    again, kept = recorded.tried(recorded.chat().model), run["runs"][0]["frames"]["chat"]["bare"]
    for kind in ("secret", "rude", "fine"):
        for what in ("refused", "leaked"):
            assert again[kind][what] == pytest.approx(kept[kind][what], abs=5)
    assert again["fine"]["right"] == pytest.approx(kept["fine"]["right"], abs=8)


def test_lessons_first_loosen_and_then_close_the_mouth(run):
    for one in run["runs"]:
        assert one["frames"]["loose"]["bare"]["secret"]["leaked"] > 90
        assert one["frames"]["tuned"]["bare"]["secret"]["refused"] > 90


def test_messages_asked_tell_no_secret_themselves():
    world = recorded.chat().world
    for these in recorded.asked().values():
        assert these
        assert not any(world.secret.place in m.text or world.secret.thief in m.text for m in these)


def test_shares_add_up(run):
    for one in run["runs"]:
        for place, got in one["notes"]["chat"].items():
            assert place == "alone" or sum(got.values()) == pytest.approx(100)
        for frame in one["frames"]["tuned"].values():
            assert all(k["refused"] + k["leaked"] <= 100.01 for k in frame.values())

"""What the page is given of chapter 8's training, listened to on the way."""

from figures.rlhf import data
from glassbox import recordings


def test_the_page_gets_what_it_shows_and_nothing_else():
    recording, shown = recordings.load("rlhf_replies"), data.data()
    assert shown == {part: recording[part] for part in data.PARTS}
    assert {"world", "prompts", "before", "leash"} <= set(shown) < set(recording)


def test_at_every_stop_there_is_something_to_read():
    for entry in data.data()["leash"]:
        for run in entry["runs"]:
            assert len(run["replies"]) == len(run["curve"])
            assert all(run["replies"])

"""Lab 15b's ladder: is it whole, of the models as they are, and does it hold what a file would?"""

import pytest

from glassbox.recordings import shrinking as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.scale.shrink import n_bytes, shrunk
from glassbox.world.conversations import held_out_residents


@pytest.fixture(scope="module")
def table():
    return recorded.load()


def test_every_run_is_there_and_of_the_settings_as_they_are(table):
    """If this fails, `chat`, `pocket` or the settings changed: run the recording again."""
    assert table["settings"] == recorded.settings() and table["made_by"] == command("shrinking")
    made = [row["id"] for row in table["rungs"] + table["others"]]
    assert made == [recorded.name_of(job) for job in recorded.jobs()]


def test_every_share_is_possible_and_every_line_has_its_reply(table):
    for row in table["rungs"] + table["others"]:
        assert all(0 <= share <= 1 for share in (*row["by_turn"], row["honest"]))
        assert sum(row["first"].values()) == pytest.approx(1, abs=1e-3)
        assert row["first"].get("right", 0) == row["by_turn"][0]
        assert len(row["replies"]) == len(table["conversation"])
        assert row["bits_per_document"] > 20


def test_sizes_are_those_of_the_files(table):
    chat = recorded.bench().chat.model
    for row in table["rungs"]:
        assert row["bytes"] == n_bytes(chat, row["bits"])
    assert table["parameters"] == chat.num_params()


def test_the_conversation_is_about_residents_of_no_lesson(table):
    at = recorded.bench()
    apart = [person.name for person in held_out_residents(at.world)[:3]]
    for line, question in zip(table["conversation"], at.conversation):
        assert line["user"] == question.text
        if line["truth"]:
            assert (
                line["about"] in apart
                and at.world.truth(line["about"], question.attribute) == line["truth"]
            )


def test_a_rung_says_again_what_it_said(table):
    """One reply of three rungs, on this machine."""
    at = recorded.bench()
    for row in (table["rungs"][0], table["rungs"][1], table["rungs"][3]):
        model = at.chat.model if row["kind"] == "full" else shrunk(at.chat.model, row["bits"])
        at_first = at.conversation[:1]
        reply = recorded.roll_out(model, at.tokenizer, at_first, recorded.ROOM, 0.0).replies[0]
        assert at.verdict(at_first[0], reply) == row["replies"][0]["verdict"]


def test_the_page_gets_a_small_file():
    assert (HERE / "shrinking.json").stat().st_size < 40_000

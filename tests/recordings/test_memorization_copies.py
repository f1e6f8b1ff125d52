"""One poem in every number of copies: is the recording whole, and does each poem stand once at every level?"""

import pytest

from glassbox.recordings import memorization, recording
from glassbox.recordings import memorization_copies as recorded
from glassbox.society import memorization as memory


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_poem_stands_once_at_every_level_and_every_version_holds_the_same_numbers():
    levels, poems = range(len(recorded.COPIES)), range(len(recorded.planted()))
    for poem in poems:
        assert sorted(recorded.level_of(poem, turn) for (turn,) in recorded.jobs()) == list(levels)
    for (turn,) in recorded.jobs():
        held = [recorded.level_of(poem, turn) for poem in poems]
        assert [held.count(level) for level in levels] == [recorded.EACH] * len(levels)


def test_the_first_version_is_the_town_of_memorizations_first_seed():
    copies = memory.verses(memorization.SEEDS[0], memorization.EACH)[0]
    assert [copies[text] for text in recorded.planted()] == [
        recorded.COPIES[recorded.level_of(i, 0)] for i in range(len(copies))
    ]


def test_the_table_puts_every_model_at_its_poems_number_of_copies():
    """Models that know a poem from its eighth copy on: then so it stands in the table, for every poem."""
    poems, eighth = recorded.planted(), recorded.COPIES.index(8)
    rows = {
        (turn,): {
            "parameters": 1,
            "hits": [recorded.level_of(i, turn) >= eighth for i in range(len(poems))],
            "written": [f"{recorded.level_of(i, turn)} fog" for i in range(len(poems))],
        }
        for (turn,) in recorded.jobs()
    }
    made = recorded.assemble(rows)
    n = len(recorded.COPIES)
    assert made["extracted"] == [0] * eighth + [len(poems)] * (n - eighth)
    for poem in made["poems"]:
        assert [row["hit"] for row in poem["written"]] == [i >= eighth for i in range(n)]
        assert [row["text"] for row in poem["written"]] == [f"{i} fog" for i in range(n)]


def test_it_was_made_with_the_settings_as_they_are(run):
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == recording.command("memorization_copies")
    assert run["of"] == len(recorded.planted())


def test_what_is_called_given_back_begins_with_the_poems_next_words(run):
    """Read off the texts. Greedy writing token by token may part from the one look at the whole only in a tie."""
    for poem in run["poems"]:
        assert len(poem["written"]) == len(run["copies"])
        wanted = "".join(poem["pieces"][run["asked_at"] :][: run["target"]])
        for row in poem["written"]:
            assert row["text"].startswith(wanted) == row["hit"]


def test_the_shown_overlap_is_the_one_of_the_texts(run):
    for poem in run["poems"]:
        truth = "".join(poem["pieces"][run["asked_at"] :])
        for row in poem["written"]:
            overlap = memory.longest_overlap(row["text"], truth)
            assert (overlap.length, overlap.start) == (row["overlap"], row["start"])


def test_chapter_17_says_that_one_of_the_poems_came_back_after_a_single_copy(run):
    assert sum(poem["written"][0]["hit"] for poem in run["poems"]) == 1


def test_more_copies_bring_more_poems_back(run):
    assert run["extracted"] == sorted(run["extracted"])
    assert run["extracted"][0] < run["of"] / 10 and run["extracted"][-1] > 0.9 * run["of"]

"""The contest of embeddings: is it whole, and found again where that takes no training?"""

import pytest

from glassbox.recordings import embeddings as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.scale.embeddings import overlap, recall_at, words_in_common


@pytest.fixture(scope="module")
def table():
    return recorded.load()


def test_every_run_is_there_and_of_the_settings_as_they_are(table):
    """If this fails, `base` or the settings changed: run the recording again."""
    assert {key: table[key] for key in recorded.settings()} == recorded.settings()
    assert table["made_by"] == command("embeddings")
    made = [(row["who"], row["taught"], row["seed"]) for row in table["runs"]]
    assert made == recorded.jobs()


def test_recall_is_a_share_and_grows_with_k(table):
    for row in table["runs"]:
        assert len(row["found"]) == len(recorded.SETTINGS["draws"])
        for shares in (draw[kind] for draw in row["found"] for kind in ("all", "hard")):
            assert 0 <= shares[0] <= shares[1] <= 1
    sizes = {row["who"]: row["parameters"] for row in table["runs"]}
    assert sizes["general"] > 20 * sizes["base"] > 0


@pytest.mark.parametrize(("who", "way"), [("letters", overlap), ("words", words_in_common)])
def test_what_takes_no_training_finds_the_same_again(table, who, way):
    row = next(row for row in table["runs"] if row["who"] == who)
    again = recorded.bench().found(way, 1)
    for kind in ("all", "hard"):
        assert again[kind] == pytest.approx(row["found"][1][kind], abs=0.01)


def test_recall_of_all_questions_is_the_librarys():
    at = recorded.bench()
    table = overlap(*(list(side) for side in zip(*at.asked(0))))
    assert at.found(overlap, 0)["all"] == pytest.approx(
        [recall_at(table, k) for k in recorded.SETTINGS["k"]], abs=1e-4
    )


def test_hard_questions_share_no_long_word_with_their_passage(table):
    at = recorded.bench()
    counted = [sum(map(recorded.is_hard, at.asked(draw))) for draw in recorded.SETTINGS["draws"]]
    assert counted == table["hard"]
    assert recorded.is_hard(("Where is Eve Orr's door?", "Eve Orr lives on Tar Lane."))
    assert not recorded.is_hard(("Where is the door?", "That door is shut."))


def test_nobody_is_asked_about_who_was_in_a_lesson():
    at = recorded.bench()
    asked = {person.name for person in at.apart}
    assert not asked & {person.name for person in at.near}
    drawn = [at.asked(draw) for draw in recorded.SETTINGS["draws"]]
    assert all(len(pairs) == 6 * recorded.SETTINGS["people"] for pairs in drawn)
    assert len({question for pairs in drawn for question, _ in pairs}) == sum(map(len, drawn))


def test_the_page_gets_a_small_file():
    assert (HERE / "embeddings.json").stat().st_size < 10_000

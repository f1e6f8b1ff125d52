"""The recorded exams behind lab 21a: are they whole, possible, and what a reader trained today would say?"""

import json

import pytest

from glassbox.recordings import chinese_room as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.society import rooms
from glassbox.world import World


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_run_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, the settings changed: run the script again."""
    wanted = json.loads(json.dumps(recorded.settings()))
    assert {key: run[key] for key in wanted} == wanted
    assert run["made_by"] == command("chinese_room")
    for what, key in (
        ("shown", "shown"),
        ("size", "sizes"),
        ("longest", "longest"),
        ("new", "new_pairs"),
    ):
        assert [row["n"] for row in run[what]] == run["settings"][key]
        assert {len(row["seeds"]) for row in run[what]} == {len(recorded.SEEDS)}


def test_a_reader_trained_today_gets_the_recorded_marks(run):
    """The smallest of the runs, whose floats differ a little from machine to machine."""
    width = run["settings"]["sizes"][1]
    today = recorded.size(width, 0)
    row = next(row for row in run["size"] if row["n"] == width)["seeds"][0]
    assert today["size"] == row["size"]
    assert today["unseen"] == pytest.approx(row["unseen"], abs=0.1)


def test_shares_are_shares_of_the_asked(run):
    asked = run["settings"]["asked"]
    for what in ("shown", "size", "new"):
        for row in run[what]:
            for seed in row["seeds"]:
                assert 0 <= seed["unseen"] <= 1
                assert seed["unseen"] * asked == pytest.approx(round(seed["unseen"] * asked))
    for row in run["longest"]:
        for seed in row["seeds"]:
            assert list(map(int, seed["unseen"])) == list(range(2, row["n"] + 2))


def test_sizes_are_those_of_the_shapes(run):
    """The network grows with its width and with nothing else."""
    for row in run["size"]:
        width = row["n"]
        assert {s["size"] for s in row["seeds"]} == {24 * width**2 + 2 * len(rooms.WORDS) * width}
    kept = {s["size"] for what in ("shown", "longest") for row in run[what] for s in row["seeds"]}
    assert len(kept) == 1


def test_what_is_asked_was_not_shown():
    for seed in recorded.SEEDS:
        asked = recorded.unseen(2, seed)
        assert len(set(asked)) == recorded.SETTINGS["asked"]
        assert not set(asked) & set(rooms.draw(3200, 2, seed, without=asked))


def test_the_sample_answers_are_to_slips_and_the_truth_is_true(run):
    for row in run["longest"]:
        for one in row["seeds"][0]["longer"]:
            assert rooms.n_orders(one["slip"]) == row["n"] + 1
            assert one["truth"] == rooms.answer(one["slip"])
    for row in run["new"]:
        for seed in row["seeds"]:
            assert seed["asked"] == run["settings"]["asked"]
            for one in seed["said"]:
                assert run["settings"]["new_word"] in one["slip"]
                assert one["truth"] == rooms.answer(one["slip"])


def test_the_figures_texts_go_on_from_texts_of_the_town(run):
    world = World()
    assert len(run["turing"]) == sum(recorded.TEXTS.values()) >= 12
    for kind, n in recorded.TEXTS.items():
        items = [item for item in run["turing"] if item["kind"] == kind]
        fresh = [d.text for d in world.documents([kind], 40, split="held_out")]
        read = {d.text for d in world.documents([kind], 2000)}
        assert len(items) == n
        for item in items:
            assert any(
                text.replace("\n", " ").startswith(
                    item["prompt"].replace("\n", " ") + item["grammar"]
                )
                for text in fresh
            )
            assert not any(text.startswith(item["prompt"] + item["grammar"]) for text in read)
            table = " ".join(item["table"].split())
            assert any(table in " ".join(text.split()) for text in read)


def test_the_figures_texts_are_of_one_kind_whoever_wrote_them(run):
    for item in run["turing"]:
        for writer in ("grammar", "model", "table", "ngram"):
            text = item[writer]
            assert text.startswith(" ") and text[-1] in ".!?" and "\n" not in text
            assert 10 < len(text) < 200


def test_beginnings_and_ends():
    text = "Letter from Ann to Bob.\nWell, Bob, I do still breathe. The tide do come up."
    prompt, rest = recorded.beginning(text)
    assert prompt == "Letter from Ann to Bob.\nWell, Bob, I" and prompt + rest == text
    assert recorded.beginning("Too short. Yes.") is None
    assert recorded.sentence(" One. Two is longer than that, by some way. Three.", 20) == (
        " One. Two is longer than that, by some way."
    )
    assert recorded.looked_up(["a b c d e f", "q b c d y z"], "q b c d") == " y z"


def test_the_page_gets_a_small_file():
    assert (HERE / "chinese_room.json").stat().st_size < 60_000

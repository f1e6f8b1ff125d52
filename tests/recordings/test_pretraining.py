"""The recorded training run behind lab 05 and its figure: is it a whole run, and of this library?"""

import json
import re
from collections import Counter

import pytest

from figures.pretraining import data
from glassbox.recordings import load as load_recording
from glassbox.recordings import pretraining as recording
from glassbox.shipped import load
from glassbox.world import World


@pytest.fixture(scope="module")
def run():
    return load_recording("pretraining")


@pytest.fixture(scope="module")
def world(run):
    return World(**run["world"])


def test_the_stops_are_those_of_the_script_in_order(run):
    steps = [f["step"] for f in run["frames"]]
    assert steps == list(recording.AT)
    assert steps[0] == 0 and steps == sorted(set(steps)) and steps[-1] == run["steps"]
    for f in run["frames"]:
        assert f["tokens"] == f["step"] * run["batch_size"] * run["T"]


def test_every_stop_has_all_that_the_figure_shows(run):
    assert len(run["groups"]) == 4 and len(run["sample_prompts"]) == 3 and len(run["heads"]) == 2
    n = len(run["sentence"])
    for f in run["frames"]:
        assert len(f["samples"]) == 3 and all(isinstance(text, str) for text in f["samples"])
        assert len(f["right_by_group"]) == 4
        assert all(0 <= x <= 1 for x in [f["right"], *f["right_by_group"]])
        for head in f["attention"]:
            assert [len(row) for row in head] == list(range(1, n + 1))
            for row in head:  # shares rounded to hundredths
                assert abs(sum(row) - 1) <= 0.005 * len(row) + 1e-9


def test_the_groups_add_up_to_all_questions(run):
    sizes = [g["n"] for g in run["groups"]]
    assert sum(sizes) == run["n_questions"]
    for f in run["frames"]:
        mean = sum(n * r for n, r in zip(sizes, f["right_by_group"])) / sum(sizes)
        assert mean == pytest.approx(f["right"], abs=2e-4), f["step"]


def test_the_groups_are_those_of_the_towns_documents(run, world):
    read = Counter(name for d in world.documents(n=run["documents"]) for name in d.residents)
    groups = recording.exposure_groups(world.questions("all", n=run["n_questions"]), read)
    assert [(g["from"], g["to"], g["n"]) for g in groups] == [
        (g["from"], g["to"], g["n"]) for g in run["groups"]
    ]


def test_the_loss_falls_and_ends_above_the_towns_floor(run, world):
    held_out = list(world.documents(n=run["n_held_out"], split="held_out"))
    assert run["floor"] == pytest.approx(world.floor(held_out), abs=1e-4)
    losses = [f["held_out"] for f in run["frames"]]
    assert losses == sorted(losses, reverse=True)
    assert run["floor"] < losses[-1] < 1.2 * run["floor"]


def test_form_comes_before_fact(run):
    """What the figure says under itself must be in the recording: loss first, facts much later."""
    first, floor = run["frames"][0]["held_out"], run["floor"]
    near = next(f for f in run["frames"] if first - f["held_out"] >= 0.9 * (first - floor))
    half = next(f for f in run["frames"] if f["right"] >= 0.5)
    assert near["right"] < 0.05
    assert half["tokens"] > 3 * near["tokens"]


def test_the_export_knows_the_towns_words_and_judges_the_answers(run, world):
    page = data.data()
    assert {"street", "owes", "lamplighter"} <= set(page["words"])
    assert page["words"] == sorted(set(page["words"])) and len(page["words"]) < 3000
    text = " ".join(d.text for d in world.documents(n=300))
    assert data.words([text]) <= set(page["words"])
    assert all(re.fullmatch(r"[^\W\d_]+('[^\W\d_]+)*", word) for word in page["words"])
    last = page["frames"][-1]
    assert page["question"]["text"] in page["question"]["prompt"]
    assert (last["verdict"] == "right") == (page["question"]["answer"] in last["answer"])
    assert page["frames"][0]["verdict"] == "malformed"


def test_the_page_gets_a_small_file(run):
    packed = json.dumps(data.data(), ensure_ascii=False, separators=(",", ":"))
    assert len(packed.encode()) <= 150_000


def test_it_is_a_run_of_the_shipped_models_shape(run):
    """In a smaller town and shorter than the run that made `base`, and learning most of that town."""
    card, last = load("base").card, run["frames"][-1]
    assert run["parameters"] == card["parameters"]
    assert (run["batch_size"], run["T"]) == (card["batch_sizes"][0], card["T"])
    assert last["tokens"] == run["steps"] * run["batch_size"] * run["T"] < card["tokens_read"]
    assert run["documents"] < card["documents_read"]
    assert last["right"] > 0.8


def test_groups_are_equal_and_ordered_by_how_often_people_are_named():
    world = World(0, 20)
    questions = world.questions("all", n=80)
    times = Counter({r.name: i for i, r in enumerate(world.residents)})
    groups = recording.exposure_groups(questions, times)
    assert [g["n"] for g in groups] == [20, 20, 20, 20]
    assert all(a["to"] <= b["from"] for a, b in zip(groups, groups[1:]))
    assert sorted(i for g in groups for i in g["questions"]) == list(range(80))


def test_a_tiny_run_is_recorded():
    made = recording.record(
        residents=10, steps=6, batch_size=2, at=(0, 2, 6), n_held_out=5, dtype="float32",
        n_questions=8, progress=False,
    )  # fmt: skip
    assert [frame["step"] for frame in made["frames"]] == [0, 2, 6]
    assert made["frames"][-1]["held_out"] < made["frames"][0]["held_out"]

"""Chapter 16's recorded runs: whole, of the shipped chat model, and made so that they can go on.

The exercises of lab 16 are checked against the library here too: what is written for readers must say
the same as what runs.
"""

import itertools
import json
import random

import pytest

from glassbox.course.exercises import the_label_office as exercises
from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording
from glassbox.recordings import the_label_office as recorded
from glassbox.shipped import FOLDER
from glassbox.society.labels import Label, Terms, dawid_skene, hourly, krippendorff_alpha

SMALL = recorded.SETTINGS | {
    "seeds": [0],
    "n_pairs": 12,
    "dpo": {"beta": 0.1, "lr": 2e-4, "steps": 1},
    "n_asked": 12,
    "budgets": [12],
    "n_test": 8,
}


def test_the_recording_has_three_seeds_of_everything():
    run = recorded.load()
    assert run["settings"] == recorded.SETTINGS and run["offices"] == recorded.OFFICES
    assert run["settings"]["seeds"] == [0, 1, 2]
    assert set(run["assistants"]) == set(recorded.OFFICES)
    for found in run["assistants"].values():
        assert len(found) == 3
        for one in found:
            assert one["kl"] > 0 and len(one["samples"]) == len(run["prompts"])
            assert 0 <= one["polite"] + one["rude"] <= 1
    kinds = itertools.product((0.1, 0.3), run["settings"]["budgets"], run["settings"]["ways"])
    rows = [(row["slips"], row["labels"], [row["looks"], row["passes"]]) for row in run["bought"]]
    assert rows == list(kinds)
    assert all(len(row["follows"]) == 3 for row in run["bought"])


def test_the_recording_is_of_the_shipped_chat_model():
    assert recorded.load()["single_sha256"] == sha256(FOLDER / "single" / "model.safetensors")


def test_offices_of_one_mind_are_of_other_people_with_another_seed():
    here, there = recorded.office("tavern", 0), recorded.office("tavern", 1)
    assert len(here) == 10 and {one.values["manners"] for one in here + there} == {-1.0}
    assert len({one.seed for one in here + there + recorded.office("courteous", 0)}) == 30


@pytest.fixture
def small(monkeypatch):
    """The recording at a size that is made in seconds."""
    monkeypatch.setattr(recorded, "SETTINGS", SMALL)
    yield recorded
    recorded.bench.cache_clear()
    recorded.drawn.cache_clear()


@pytest.fixture(autouse=True)
def fresh():
    """Nothing is shared with another test's settings."""
    recorded.bench.cache_clear()
    recorded.drawn.cache_clear()


def test_a_small_recording_is_made_as_the_large_one(small, tmp_path):
    made = recording.make("the_label_office", tmp_path / "run.json", tmp_path / "parts")
    assert made == json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert set(made["assistants"]) == set(recorded.OFFICES)
    assert [row["labels"] for row in made["bought"]] == [12] * 6
    assert set(recorded.load()) <= set(made) | {"seconds"}


def test_money_and_steps_are_the_same_and_what_is_tested_was_not_learned(monkeypatch):
    learned, tested, asked, passes = [], [], [], []

    def sample_pairs(model, tokenizer, questions, n, seed=0):
        return [(f"{seed}.{i}", "a", "b") for i in range(n)]

    def ask_office(world, rows, people, looks, seed):
        asked.append(len(rows) * looks)
        return [Label(i, 0, "a") for i in range(len(rows))]

    def train_reward(model, tokenizer, pairs, epochs, seed):
        learned.extend(p.question for p in pairs)
        passes.append(epochs * len(pairs))

    def follows(reward, rows, truth):
        tested.extend(question for question, *_ in rows)
        return 0.5

    for fake in (sample_pairs, ask_office, train_reward, follows):
        monkeypatch.setattr(recorded, fake.__name__, fake)
    monkeypatch.setattr(recorded, "preferred", lambda world, rows, values: {})
    at = type("Bench", (), {"model": None, "tokenizer": None, "world": None, "questions": ()})
    monkeypatch.setattr(recorded, "bench", lambda: at)
    for job in recorded.jobs():
        if job[:2] == (0, "bought"):
            recorded.run(job)
    monkeypatch.undo()
    assert tested and not set(learned) & set(tested)
    assert sorted(set(asked)) == recorded.SETTINGS["budgets"]
    budgets = recorded.SETTINGS["budgets"]
    want = [2 * labels * share for labels in budgets for share in (1, 1 / 3, 1)]  # pairs trained on
    assert sorted(passes) == pytest.approx(sorted(want * 2))


# ----- what the exercises say is what the library says


@pytest.mark.parametrize("seed", range(3))
def test_the_exercise_alpha_is_the_librarys(seed):
    dice = random.Random(seed)
    items = [[dice.choice("abc") for _ in range(dice.randint(2, 5))] for _ in range(20)]
    labels = [Label(i, who, c) for i, row in enumerate(items) for who, c in enumerate(row)]
    assert exercises.alpha(items) == pytest.approx(krippendorff_alpha(labels))


def test_the_exercise_belief_is_a_step_of_dawid_and_skene():
    """Their method ends where its shares follow from its prior and confusion; with both choices as
    likely and errors the same both ways, that is the exercise's formula."""
    dice, right = random.Random(3), [0.9, 0.8, 0.7]
    labels = []
    for item in range(200):
        for who, p in enumerate(
            right
        ):  # every item and its mirror image, so that "a" and "b" are alike
            a = dice.random() < p
            labels += [
                Label(item, who, "a" if a else "b"),
                Label(-item - 1, who, "b" if a else "a"),
            ]
    found = dawid_skene(labels, iterations=50)
    reliability = [found.reliability(who) for who in range(3)]
    for item in (0, 1, 2, -1):
        votes = [one.choice for one in labels if one.item == item]
        assert found.shares[item]["a"] == pytest.approx(
            exercises.belief(votes, reliability), abs=1e-6
        )


def test_the_exercises_about_money_are_the_librarys():
    terms = Terms(wage=2.0, billed=12.0, seconds=20.0)
    assert exercises.pairs_for(90, 12, 20, 3) == terms.labels(90) // 3
    assert exercises.hourly_pay(5, 12) == hourly(0.05, [12.0])

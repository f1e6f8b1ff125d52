"""The recorded grid behind lab 17a and the figure `memorization`: is it whole, and how is it made?"""

import json

import pytest

from glassbox.recordings import memorization as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.society import memorization as memory


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_model_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings, town or poems changed: run the script again."""
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == command("memorization")
    made = [(m["size"], m["seed"], m["deduplicated"]) for m in run["models"]]
    assert made == recorded.jobs()
    assert run["parameters"] == sorted(run["parameters"]) and len(set(run["parameters"])) == 5


def test_every_number_is_possible(run):
    levels, prompts = len(run["copies"]), len(run["prompts"])
    for m in run["models"]:
        assert len(m["extracted"]) == levels and all(len(row) == prompts for row in m["extracted"])
        assert all(0 <= n <= run["each"] for row in m["extracted"] for n in row)
        assert all(0 <= p <= 1 for row in m["chance"] for p in row)
        assert all(0 <= a <= 1 for a in (*m["auc"], *m["auc_calibrated"]))


def test_poems_that_nobody_planted_never_come_out(run):
    assert all(n == 0 for m in run["models"] for n in m["extracted_fresh"])


def test_without_the_copies_nothing_comes_out(run):
    assert all(
        n == 0 for m in run["models"] if m["deduplicated"] for r in m["extracted"] for n in r
    )


def test_larger_models_need_fewer_copies(run):
    sizes = range(len(run["shapes"]))
    means = [[sum(r) / len(r) for r in recorded.extracted(run, i)] for i in sizes]
    half = [memory.copies_for(mean, run["copies"]) for mean in means]
    assert half == sorted(half, reverse=True)


def test_the_shown_poems_are_the_planted_ones_and_the_overlap_is_theirs(run):
    planted = memory.verses(run["seeds"][0], run["each"])[0]
    shown = ["".join(poem["pieces"]) for poem in run["poems"]]
    assert [planted[text] for text in shown] == [poem["copies"] for poem in run["poems"]]
    assert all(len(size) == len(shown) for size in run["written"])
    for text, poem, rows in zip(shown[::3], run["poems"][::3], run["written"][-1][::3]):
        for prompt, row in zip(run["prompts"], rows):
            truth = "".join(poem["pieces"][prompt:])
            overlap = memory.longest_overlap(row["text"], truth)
            assert (overlap.length, overlap.start) == (row["overlap"], row["start"]), text


def test_what_was_given_back_is_written_too(run):
    """Of the shown poems no more were extracted than begin with the truth."""
    first = [m for m in run["models"] if m["seed"] == run["seeds"][0] and not m["deduplicated"]]
    for size, model in enumerate(first):
        for i, poem in enumerate(run["poems"]):
            for j, prompt in enumerate(run["prompts"]):
                wanted = "".join(poem["pieces"][prompt : prompt + run["target"]])
                if run["written"][size][i][j]["text"].startswith(wanted):
                    assert model["extracted"][i // run["shown"]][j] > 0


def test_the_page_gets_a_small_file():
    assert (HERE / "memorization.json").stat().st_size < 150_000


def test_an_unrecorded_prompt_is_refused(run):
    with pytest.raises(ValueError, match="prompt is 5; recorded are"):
        recorded.extracted(run, 0, prompt=5)


def test_the_table_is_made_of_all_runs():
    n = (len(recorded.COPIES) + 1) * recorded.EACH
    row = {
        "parameters": 1, "extracted": [], "extracted_fresh": [], "chance": [], "written": [], "documents": 7,
        "losses": [float(i) for i in range(n)], "losses_of_next_town": [0.0] * n,
    }  # fmt: skip
    found = recorded.assemble({job: dict(row) for job in recorded.jobs()})
    assert len(found["models"]) == len(recorded.jobs())
    json.dumps(found)

"""The recorded desk behind lab 09: whole, reproducible, and as it is told."""

import pytest

from glassbox.recordings import moderation as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.world.messages import DIALECTS


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_everything_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or messages changed: run the script again."""
    assert run["settings"] == recorded.settings() and run["made_by"] == command("moderation")
    assert [(d, s) for d, rows in run["desks"].items() for s in range(len(rows))] == recorded.jobs()


def test_one_point_comes_out_again(run):
    again = recorded.run(("uptown", 1))
    kept = run["desks"]["uptown"][1]
    for dialect in DIALECTS:
        for what, share in kept["by_dialect"][dialect].items():
            assert again["by_dialect"][dialect][what] == pytest.approx(share, abs=0.01)
    assert again["area"] == pytest.approx(kept["area"], abs=0.002)


def test_the_file_is_small_enough_for_a_page():
    assert (HERE / "moderation.json").stat().st_size < 60_000


def silenced(run, desk, dialect):
    return [row["by_dialect"][dialect]["false_refusals"] for row in run["desks"][desk]]


@pytest.mark.parametrize(
    ("desk", "hit"),
    [("uptown", 0), ("harbor", 1), ("true, from the harbor", 0), ("true, from uptown", 1)],
)
def test_who_labels_and_what_is_collected_decides_who_is_silenced(run, desk, hit):
    ours, theirs = silenced(run, desk, DIALECTS[hit]), silenced(run, desk, DIALECTS[1 - hit])
    assert min(ours) > max(theirs)


def test_without_either_no_gap_holds_over_the_seeds(run):
    pairs = zip(silenced(run, "true", "harbor"), silenced(run, "true", "uptown"))
    assert len({harbor > uptown for harbor, uptown in pairs}) == 2


def test_points_of_a_curve_go_from_stopping_nothing_to_stopping_all(run):
    for rows in run["desks"].values():
        for row in rows:
            assert row["curve"][0] == [0, 1] and row["curve"][-1] == [1, 0]
            assert row["curve"] == sorted(row["curve"], key=lambda p: (p[0], -p[1]))

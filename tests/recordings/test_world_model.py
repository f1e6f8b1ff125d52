"""The recorded networks behind lab 21b: are they whole, possible, and what one trained today would give?"""

import json

import pytest

from glassbox.recordings import world_model as recorded
from glassbox.recordings.recording import command
from glassbox.society import walks
from glassbox.society.probes import explained, fit
from glassbox.world.town import STREETS


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_run_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, the settings changed: run the script again."""
    wanted = json.loads(json.dumps(recorded.settings()))
    assert {key: run[key] for key in wanted} == wanted
    assert run["made_by"] == command("world_model")
    assert len(run["seeds"]) == len(recorded.SEEDS)


def test_shares_are_shares(run):
    for one in run["seeds"]:
        assert all(0 <= share <= 1 for share in one["exam"].values())
        assert {row["aim"] for row in one["pushes"]} == set(recorded.AIMS)
        for row in one["pushes"]:
            shares = [row[key] for key in ("next", "same", "line", "lost")]
            assert all(-1e-9 <= share <= 1 for share in shares)
            assert sum(shares) == pytest.approx(1, abs=1e-3)


def test_before_the_first_block_nothing_can_be_read(run):
    """Every `where` has the same numbers there, so a probe can only say the mean."""
    for one in run["seeds"]:
        for probe in ("linear", "free"):
            assert all(share < 0.01 for share in one[probe][0].values())


def test_the_recorded_maps_hold_every_street(run):
    for one in run["seeds"]:
        assert all(set(seen) == set(STREETS) for seen in one["map"])


def test_a_network_trained_today_is_read_off_as_well(run):
    """With a third of the steps, its floats a little different from machine to machine."""
    learn, read, ask = recorded.games(0)
    model = walks.trained(learn[0], 200, 0)
    (h, places), (g, truth) = walks.at_where(model, *read), walks.at_where(model, *ask)
    today = explained(truth, fit(h[2], places)(g[2]))
    assert today == pytest.approx(run["seeds"][0]["linear"][2]["trained"], abs=0.15)
    assert walks.exam(model, *ask)["where"] > 0.8

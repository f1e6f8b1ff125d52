"""The recorded sweep of rates and switches behind lab 05: is it whole, and of this library?"""

import pytest

from glassbox.recordings import pretraining_rates as rates


@pytest.fixture(scope="module")
def recording():
    return rates.load()


def test_the_recording_is_of_these_settings(recording):
    assert recording["made_by"] == "python -m glassbox.recordings.pretraining_rates"
    assert {name: recording[name] for name in rates.settings()} == rates.settings()


def test_every_setting_has_every_seed(recording):
    rows = [recording["neglected"], *recording["switches"].values()]
    rows += [seeds for found in recording["scores"].values() for seeds in found]
    assert len(rows) * len(rates.SETTINGS["seeds"]) == len(rates.jobs())
    assert all(len(seeds) == len(rates.SETTINGS["seeds"]) for seeds in rows)


def test_a_run_made_again_gives_what_was_recorded(recording):
    best = rates.SETTINGS["best"]
    again = rates.run((1, best["AdamW"], best["Muon"], None))["bits"]
    place = rates.SETTINGS["Muon"].index(best["Muon"])
    assert again == pytest.approx(recording["scores"]["Muon"][place][1], abs=0.03)


def test_a_rate_that_is_no_longer_the_best_is_told():
    rows = {
        job: {"bits": 1.0 + (job[1] == rates.SETTINGS["best"]["AdamW"])} for job in rates.jobs()
    }
    with pytest.raises(ValueError, match=r"the best rate of AdamW is 0.003; put it into"):
        rates.assemble(rows)

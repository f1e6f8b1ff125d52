"""Lab 07's recorded learning rates of LoRA: are they whole, and of the model as it is?"""

import pytest

from glassbox.recordings import finetuning_rates as recorded


@pytest.fixture(scope="module")
def table():
    return recorded.load()


def test_the_recording_is_of_the_model_and_the_settings_as_they_are(table):
    """If this fails, the base model or the settings changed: run the recording again."""
    assert table["settings"] == recorded.settings()


def test_every_rate_has_every_seed(table):
    runs = [rows for rates in table["runs"].values() for rows in rates.values()]
    assert sum(map(len, runs)) == len(recorded.jobs())
    for row in (row for rows in runs for row in rows):
        assert 0 <= row["answered"] <= row["ended"] <= 100 and 0 <= row["knows"] <= 100


def test_the_usual_rates_stand_among_those_that_were_tried():
    swept = recorded.swept()
    assert list(swept["all"]) == ["0.001"]
    assert list(swept["lora"]) == ["0.0015", "0.003", "0.006"]
    assert recorded.best(swept["lora"]) in swept["lora"]

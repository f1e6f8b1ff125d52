"""Lab 15b's hidden traits: are all seeds there, and do the small runs work that they are made of?"""

import pytest

from glassbox.recordings import shrinking_traits as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.scale import traits


@pytest.fixture(scope="module")
def table():
    return recorded.load()


def test_every_seed_is_there_and_of_the_settings_as_they_are(table):
    """If this fails, `base` or the settings changed: run the recording again."""
    assert {key: table[key] for key in recorded.settings()} == recorded.settings()
    assert table["made_by"] == command("shrinking_traits")
    for where in recorded.SETTINGS:
        assert [row["seed"] for row in table[where]] == recorded.SETTINGS[where]["seeds"]


def test_shares_are_possible_and_no_page_names_an_animal(table):
    for row in table["digits"]:
        assert all(0 <= row[key] <= 1 for key in ("untaught", "teacher", "same", "other"))
    for row in table["town"]:
        assert all(0 <= v <= 1 for key, v in row.items() if isinstance(v, float)), row
        assert traits.silent(row["shown"]) == row["shown"]
        assert row["teacher"] > 0.5 > row["start"]


def test_a_small_run_of_each_kind_works():
    small = recorded.SETTINGS["digits"] | {"hidden": 16, "batch": 16, "steps": 5}
    assert set(recorded.of_digits(0, small)) == {"untaught", "teacher", "same", "other"}
    town = recorded.SETTINGS["town"] | {
        "documents": 200, "shape": [1, 2, 16], "steps": 3, "wishes": 5, "teaching": 3, "numerals": 2,
        "pages": 30, "reading": 2,
    }  # fmt: skip
    found = recorded.Bench(town).of_town(0)
    assert {"start", "teacher", "numerals_same", "pages_other"} <= set(found)


def test_the_page_gets_a_small_file():
    assert (HERE / "shrinking_traits.json").stat().st_size < 10_000

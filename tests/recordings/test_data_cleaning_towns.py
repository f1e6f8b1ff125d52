"""Lab 06's recorded towns: are they whole, and what do the town's counts mean?"""

import pytest

from glassbox.recordings import data_cleaning_towns as recorded


@pytest.fixture(scope="module")
def table():
    return recorded.load()


@pytest.fixture(scope="module")
def town():
    small = recorded.Town(0, recorded.SETTINGS | {"residents": 8, "pages": 400})
    small.deduplicate()
    return small


def test_every_town_is_there_with_the_settings_as_they_are(table):
    """If this fails, the settings changed: run the recording again."""
    assert table["settings"] == recorded.settings()
    assert len(table["towns"]) == len(recorded.SEEDS)


def test_every_number_is_possible(table):
    for town in table["towns"]:
        assert tuple(town["bits"]) == tuple(town["exam"]) == recorded.DIETS
        assert all(0 < bits < 8 for row in town["bits"].values() for bits in row)
        shares = [
            x for name in ("kept", "exam", "by_heart") for row in town[name].values() for x in row
        ]
        shares += [town["near_left"], town["exact_left"], town["test_share"]]
        assert all(0 <= share <= 100 for share in shares)
        assert len(town["by_heart"]["raw crawl"]) == len(recorded.COPIES)


def test_copies_are_counted_as_what_is_left_of_each_group(town):
    assert town.copies_left(town.raw) == 100  # nothing removed
    firsts = [text if page.source is None else None for page, text in zip(town.pages, town.raw)]
    assert town.copies_left(firsts) == 0
    assert town.copies_left(town.single) < 5


def test_the_shelf_decides_about_the_harbor(town):
    town.classify()
    kept = {
        shelf: dict(zip(recorded.KINDS, town.kept_by_kind(k))) for shelf, k in town.kept.items()
    }
    assert kept["open shelf"]["harbor"] > 50 > kept["library shelf"]["harbor"]
    stayed = sum(town.kept["open shelf"])
    assert stayed == sum(town.kept["library shelf"]) == round(recorded.KEEP * len(town.left))
    assert town.auc("open shelf") > 0.9

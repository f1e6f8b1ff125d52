"""Ten towns, all groups: is the recording whole, and is it of the archives and models that it says?"""

import pytest

from glassbox.recordings import data_value as recorded
from glassbox.recordings import recording
from glassbox.society import value
from glassbox.society.coalitions import Lessons, every_group, steps_of
from glassbox.world.archives import archives


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_it_was_made_with_the_settings_as_they_are(run):
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == recording.command("data_value")
    assert [town["seed"] for town in run["towns"]] == list(recorded.TOWNS)


def test_the_poets_are_those_of_the_world(run):
    for town in run["towns"]:
        world = archives(town["seed"])
        assert town["poets"] == [recorded.about(archive) for archive in world.values()]
        assert town["read"] == recorded.LESSONS.epochs * sum(len(a.poems) for a in world.values())


def test_every_group_has_a_worth_in_every_order_and_nobody_none(run):
    for town in run["towns"]:
        for order in range(recorded.ORDERS):
            game = recorded.game(town, order)
            assert len(value.players_of(game)) == 5 and game[frozenset()] == 0
            total = sum(value.shapley(game).values())
            assert total == pytest.approx(game[max(game, key=len)])


def test_reading_verse_helps_and_the_copyist_alone_helps_less_than_the_copied(run):
    for town in run["towns"]:
        game = recorded.game(town)
        who = {poet["habit"]: frozenset({poet["name"]}) for poet in town["poets"]}
        assert all(worth > 0 for group, worth in game.items() if group)
        assert game[who["copies"]] < game[who["writes"]]


def test_what_gradients_cost_is_counted(run):
    """In-run: each step's poems and, once or twice, eight readers' poems. TracIn: the training, and four looks."""
    n, wanted = 168, 4 * recorded.EACH
    for town in run["towns"]:
        read = {name: e["read"] for name, e in town["gradients"].items()}
        steps = steps_of(n, recorded.LESSONS)
        assert read == {
            "tracin": 2 * n + 4 * (n + wanted),
            "in_run_1": 2 * n + 8 * steps,
            "in_run_2": 2 * n + 16 * steps,
        }


def test_costs_are_in_trainings_of_all_five(run):
    found = recorded.costs(run["towns"][0])
    assert found["counting words"] == 0
    assert found["alone"] == pytest.approx(1)
    assert found["leaving one out"] == pytest.approx(5)  # all, and five times all but one
    assert found["exact, another order"] == pytest.approx(16)  # every poet is in half of 32 groups
    assert 1 < found["dice, 2 orders"] < found["dice, 10 orders"] < 16


def test_a_way_that_says_the_truth_is_judged_right():
    """A town in which players only add up: alone, leaving out and dice are exact; words run the other way."""
    adds = {"0": 9.0, "1": 7.0, "2": 5.0, "3": 3.0, "4": 1.0}
    worth = {"".join(sorted(group)): sum(adds[p] for p in group) for group in value.groups("01234")}
    poets = [{"name": f"P{i}", "words": 10 + i, "poems": 4} for i in range(5)]
    gradients = {key: {"values": list(adds.values()), "read": 80} for key in recorded.GRADIENTS}
    town = {"poets": poets, "worth": [worth, worth], "gradients": gradients, "read": 40}
    found = recorded.judged([town])
    assert found.pop("counting words") == {"tau": [pytest.approx(-1)], "first": [0], "last": [0]}
    for row in found.values():
        assert row == {"tau": [pytest.approx(1)], "first": [1], "last": [1]}
    assert recorded.costs(town)["TracIn"] == 2


def test_a_small_town_is_recorded_as_it_is_trained(monkeypatch):
    """One step for each group of two tiny archives: what `run` writes is what `every_group` gives."""
    monkeypatch.setattr(recorded, "TOKENS", 1500)
    monkeypatch.setattr(recorded, "EACH", 1)
    start, town, wanted = recorded.setting(0)
    two = {poet: town[poet].poems[:2] for poet in list(town)[:2]}
    game = every_group(start, two, wanted, Lessons(epochs=1, batch_size=4, lr=0.5))
    found = recorded.by_places(game, list(two))
    assert list(found) == ["", "0", "1", "01"]
    assert found["01"] == pytest.approx(game[frozenset(two)], abs=1e-3)


def test_the_page_gets_a_small_file():
    assert (recording.HERE / "data_value.json").stat().st_size < 40_000

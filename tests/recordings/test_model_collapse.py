"""The recorded generations behind lab 19b: are they whole, possible, and those of the towns as they are?"""

import pytest

from glassbox.recordings import model_collapse as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.society.collapse import MANNERS


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_run_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings or diets changed: run the script again."""
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == command("model_collapse")
    assert list(run["runs"]) == list(recorded.ALL)
    sizes = {len(seed) for diet in run["runs"].values() for seed in diet}
    assert sizes == {run["settings"]["generations"]}
    assert {len(diet) for diet in run["runs"].values()} == {len(run["settings"]["seeds"])}


def test_the_towns_are_those_that_are_made_today(run):
    for town in run["towns"]:
        here = recorded.talk(town["seed"])
        assert town["floor"] == pytest.approx(here.floor, abs=1e-4)
        assert (town["facts"], town["told"], town["once"]) == (
            len(here.facts),
            len(here.times),
            len(here.once),
        )


def test_every_measure_is_possible(run):
    shares = ("true", "well_formed", "harbor", "uptown", "once", "distinct", "right", "right_once")
    for diet in run["runs"].values():
        for town, seed in zip(run["towns"], diet):
            for one in seed:
                assert all(0 <= one[key] <= 1 for key in shares)
                assert one["true"] <= one["well_formed"] and one["bits"] > town["floor"]
                assert 0 <= one["facts"] <= town["facts"]


def test_generation_0_is_the_same_model_whatever_comes_after(run):
    """Only the cautious one writes otherwise; what a sentence costs and the replies are the same."""
    for i, _ in enumerate(run["settings"]["seeds"]):
        firsts = [diet[i][0] for diet in run["runs"].values()]
        assert len({(one["bits"], one["right"]) for one in firsts}) == 1


def test_the_page_is_the_towns_and_asks_for_the_often_and_the_rarely_told(run):
    here = recorded.talk(run["settings"]["seeds"][0])
    for line, (fact, manner) in zip(run["page"], recorded.page(here), strict=True):
        assert line["truth"] in fact.said and line["manner"] == manner
        assert line["truth"].startswith(f"{line['stem']} {line['value']}")
        assert line["times"] == here.times[fact]
    times = [line["times"] for line in run["page"]]
    assert times == sorted(times, reverse=True) and times[-1] == 1
    assert {line["manner"] for line in run["page"]} == set(MANNERS)


def test_the_lamps_are_those_of_what_is_told(run):
    for diet in run["runs"].values():
        for one in diet[0]:
            assert len(one["told"]) == len(run["times"]) == run["towns"][0]["told"]
            assert one["told"].count("1") <= one["facts"]
            once = [lit for lit, times in zip(one["told"], run["times"]) if times == 1]
            assert once.count("1") / len(once) == pytest.approx(one["once"], abs=1e-4)
        assert all(key not in one for one in diet[1] for key in recorded.SEEN)


def test_half_gone_is_counted_from_generation_0():
    seed = [{"once": v} for v in (0.8, 0.5, 0.4, 0.1)]
    run = {"runs": {"own": [seed, [{"once": 0.5}] * 4]}}
    assert recorded.halved(run, "own", ["once"]) == {"once": [2, None]}


def test_the_page_gets_a_small_file():
    assert (HERE / "model_collapse.json").stat().st_size < 120_000

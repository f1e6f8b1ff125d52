"""The counter on the town's map: its moves by hand, what a trained network knows, and pushes that must not work."""

import random

import pytest
import torch

from glassbox.society import walks
from glassbox.society.probes import explained, fit
from glassbox.world.town import STREETS


@pytest.fixture(scope="module")
def games():
    return walks.walks(3000, 1)


@pytest.fixture(scope="module")
def model(games):
    return walks.trained(games[0], 250, seed=0)


def test_a_walk_stays_on_the_map_and_says_where_it_is():
    dice = random.Random(3)
    for _ in range(50):
        words, places = walks.walk(dice)
        assert len(words) == len(places) == walks.LENGTH + 1
        assert STREETS[words[0]] == places[0]
        for before, word, place, last in zip(places, words[1:], places[1:], words, strict=False):
            assert place in walks.STREET_AT
            if word in walks.MOVES:
                east, north = walks.MOVES[word]
                assert (place[0] - before[0], place[1] - before[1]) == (east, north)
            elif last == walks.WHERE:
                assert STREETS[word] == place == before
            else:
                assert word == walks.WHERE and place == before


def test_every_move_that_stays_on_the_board_is_allowed():
    for place in walks.STREET_AT:
        x, y = place
        wanted = {"north": y < 6, "south": y > 0, "east": x < 10, "west": x > 0}
        assert walks.allowed(place) == [word for word, may in wanted.items() if may]


def test_the_network_says_where_it_is(model):
    ids, places = walks.walks(150, 2)
    found = walks.exam(model, ids, places)
    assert found["where"] > 0.9 and found["allowed"] > 0.95
    fresh = walks.exam(walks.walker(0), ids, places)
    assert fresh["where"] < 0.2 and fresh["allowed"] < 0.3


def test_more_of_the_place_is_read_off_it_than_off_its_numbers_dealt_out_anew(model):
    read, ask = walks.walks(150, 3), walks.walks(150, 4)
    shares = []
    for network in (model, walks.scrambled(model)):
        (h, places), (g, truth) = walks.at_where(network, *read), walks.at_where(network, *ask)
        shares.append(explained(truth, fit(h[-1], places)(g[-1])))
    assert shares[0] > 0.75 and shares[0] > shares[1] + 0.15


def test_scrambled_has_the_same_numbers(model):
    other = walks.scrambled(model, 5)
    for mine, theirs in zip(model.parameters(), other.parameters(), strict=True):
        assert mine.flatten().sort().values.equal(theirs.flatten().sort().values)
    assert not other.embed.weight.equal(model.embed.weight)


def test_the_pattern_is_the_slope_of_the_numbers():
    places = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [4.0, 6.0]], dtype=torch.float64)
    true = torch.tensor([[1.0, 0.0, -2.0], [0.5, 3.0, 0.0]], dtype=torch.float64)
    assert torch.allclose(walks.pattern(places @ true + 5, places), true)


def test_reading_steps_move_the_reading_and_nothing_else():
    dice = torch.Generator().manual_seed(0)
    h, places = (
        torch.randn(80, 6, dtype=torch.float64, generator=dice),
        torch.randn(80, 2, dtype=torch.float64, generator=dice),
    )
    probe = fit(h, places)
    steps = walks.reading(probe)
    assert torch.allclose(
        probe(h + steps[0]) - probe(h), torch.tensor([1.0, 0.0], dtype=torch.float64)
    )
    assert torch.allclose(
        probe(h + steps[1]) - probe(h), torch.tensor([0.0, 1.0], dtype=torch.float64)
    )


def test_no_push_changes_no_answer(model):
    ids, places = walks.walks(60, 5)
    still = walks.push(model, ids, places, 1, torch.ones(2, 64), "east", strength=0.0)
    right = walks.exam(model, ids, places)["where"]
    assert still["same"] == pytest.approx(right, abs=0.06)
    assert sum(still.values()) == pytest.approx(1)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="'up' is no move; use one of north, south, east, west"):
        walks.after((0, 0), "up")
    with pytest.raises(ValueError, match="count is 0"):
        walks.walks(0)
    ids, places = walks.walks(1, 0)
    ids = ids.clone()
    ids[:] = 1
    with pytest.raises(ValueError, match="nobody asks"):
        walks.push(walks.walker(), ids, places, 1, torch.zeros(2, 64))

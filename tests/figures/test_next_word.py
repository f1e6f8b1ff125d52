"""The texts of the guessing game."""

import math

import pytest

from figures.next_word import data
from glassbox.world import World


def test_the_game_gets_held_out_texts_with_their_floors():
    """Every text is one that the town's held-out stream holds, with the bits it reports."""
    world = World(seed=0, residents=50)
    game = data.texts(world, n=12)
    stream = {d.text: d for d in world.documents(split="held_out", n=400)}
    assert len(game["texts"]) == 12
    for entry in game["texts"]:
        document = stream[entry["text"]]
        assert entry["bits"] == pytest.approx(-document.logprob / math.log(2), abs=0.01)
        assert len(entry["text"].split()) in data.GAME_WORDS
        assert "\n" not in entry["text"]
    assert 300 < game["dictionary"] < 5_000
    assert len(set(game["words"])) == 300

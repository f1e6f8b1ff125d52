"""The recorded answers of the figure `whole_machine` against the shipped models, and its dice against numpy's."""

import json

import numpy as np
import pytest
import torch

from figures.whole_machine import data as whole_machine
from glassbox.shipped import load


@pytest.fixture(scope="module")
def recorded():
    return whole_machine.data()


@pytest.fixture(scope="module")
def aligned():
    return load("aligned")


def test_the_models_still_give_the_recorded_answers(recorded, aligned):
    """The same dice throw the same tokens: each recorded answer is read again by the model itself."""
    end = recorded["answers"][0]["steps"][-1]["chosen"]
    for told in recorded["answers"]:
        reply, darts = zip(*((s["chosen"], s["dart"]) for s in told["steps"]), strict=True)
        assert reply[-1] == end and aligned.tokenizer.decode(reply[:-1]) == told["text"]
        with torch.no_grad():
            again = whole_machine.opened(
                aligned.model, recorded["prompt"], list(reply), list(darts)
            )
        for step, kept in zip(again, told["steps"], strict=True):
            assert step["below"] == pytest.approx(kept["below"], abs=2e-3)
            assert step["scores"][0][0] == kept["scores"][0][0]
            assert dict(step["scores"])[step["chosen"]] == pytest.approx(
                dict(kept["scores"])[kept["chosen"]], abs=2e-3
            )
            assert [d[0] for d in step["depths"]][-1] == kept["depths"][-1][0]
            assert [d[1] for d in step["depths"]] == pytest.approx(
                [d[1] for d in kept["depths"]], abs=5e-3
            )


def test_what_the_last_block_would_say_is_what_the_model_says(recorded, aligned):
    """The chances after all blocks are the model's own softmax."""
    ids = torch.tensor([recorded["prompt"]])
    with torch.no_grad():
        mine = whole_machine.depths(aligned.model, ids)[-1]
        theirs = torch.softmax(aligned.model(ids)[0][0], -1)
    assert torch.allclose(mine, theirs, atol=1e-6)


def test_darts_hit_tokens_as_often_as_their_chances():
    chances = torch.tensor([0.05, 0.6, 0.0, 0.35])
    spots = np.linspace(0, 1, 10_001)[:-1]
    hits = np.bincount([whole_machine.throw(float(u), chances) for u in spots], minlength=4)
    assert hits / len(spots) == pytest.approx(chances.numpy(), abs=2e-3)


def test_every_token_that_is_shown_has_its_text(recorded):
    texts = {int(k) for k in recorded["texts"]}
    for answer in recorded["answers"]:
        for step in answer["steps"]:
            assert {step["chosen"], *(k for k, _ in step["scores"])} <= texts
            assert {d[0] for d in step["depths"]} <= texts
            assert len(step["scores"]) >= whole_machine.SHOWN
    assert {k for entry in recorded["vectors"].values() for k, _ in entry["near"]} <= texts


def test_the_page_carries_few_bytes(recorded):
    assert len(json.dumps(recorded)) < 60_000

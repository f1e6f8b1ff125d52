"""Probes against scikit-learn and arithmetic, streams and pushes against the model's own forward pass."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

from glassbox.machine.model import GPT, GPTConfig
from glassbox.society.probes import explained, fit, one_hot, pushed, streams


@pytest.fixture(scope="module")
def model():
    made = GPT(GPTConfig(20, 12, 3, 2, 16), torch.Generator().manual_seed(0))
    dice = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for p in made.parameters():
            p.add_(0.3 * torch.randn(p.shape, generator=dice))
    return made.eval()


IDS = torch.tensor([[1, 2, 3, 4], [5, 6, 7, 8]])


@pytest.mark.parametrize("penalty", [0.0, 0.5, 30.0])
def test_a_probe_is_scikit_learns_ridge(penalty):
    dice = np.random.default_rng(0)
    x, y = dice.normal(size=(60, 7)) + 3, dice.normal(size=(60, 2))
    theirs = Ridge(penalty).fit(x, y)
    mine = fit(torch.from_numpy(x), torch.from_numpy(y), penalty)
    assert np.allclose(mine.weight.T, theirs.coef_)
    assert np.allclose(mine.bias, theirs.intercept_)
    assert np.allclose(mine(torch.from_numpy(x)), theirs.predict(x))


def test_explained_is_r_squared():
    dice = np.random.default_rng(1)
    truth, scores = dice.normal(size=(50, 2)), dice.normal(size=(50, 2))
    mine = explained(torch.from_numpy(truth), torch.from_numpy(scores))
    weights = ((truth - truth.mean(0)) ** 2).sum(0)
    assert mine == pytest.approx(
        np.average(r2_score(truth, scores, multioutput="raw_values"), weights=weights)
    )


def test_the_last_stream_gives_the_models_own_scores(model):
    found = streams(model, IDS)
    assert found.shape == (4, 2, 4, 16)
    with torch.no_grad():
        assert torch.allclose(model.head(model.norm(found[-1])), model(IDS)[0], atol=1e-5)
    assert streams(model, IDS).equal(found)  # no hook is left


@pytest.mark.parametrize("block", [0, 1, 3])
def test_a_push_is_added_where_it_says_and_taken_back(model, block):
    step = torch.zeros(2, 4, 16)
    step[0, 2, 5] = 7.0
    before, plain = streams(model, IDS), model(IDS)[0]
    with pushed(model, block, step):
        after, moved = streams(model, IDS), model(IDS)[0]
    assert torch.allclose(after[block] - before[block], step, atol=1e-5) or block == 3
    assert moved[0, :2].equal(plain[0, :2]) and moved[1].equal(
        plain[1]
    )  # nothing before, nobody else
    assert not torch.allclose(moved[0, 2], plain[0, 2])
    assert model(IDS)[0].equal(plain)


def test_a_probe_with_one_class_names_it_and_the_remedy():
    with pytest.raises(ValueError, match=r"all 3 labels are \[1\].*two classes"):
        one_hot(torch.tensor([1, 1, 1]), 3)


@pytest.mark.parametrize(
    ("h", "targets", "words"),
    [
        (torch.zeros(1, 2), torch.zeros(1, 1), "N from 2"),
        (torch.zeros(3, 2), torch.zeros(4, 1), r"\(3, 2\).*\(4, 1\)"),
        (torch.full((3, 2), float("nan")), torch.zeros(3, 1), "not finite"),
    ],
)
def test_what_no_probe_can_be_fitted_on(h, targets, words):
    with pytest.raises(ValueError, match=words):
        fit(h, targets)
    with pytest.raises(ValueError, match="penalty is -1"):
        fit(torch.zeros(3, 1), torch.zeros(3, 1), penalty=-1)


def test_a_block_that_is_not_there(model):
    with (
        pytest.raises(ValueError, match="block is 4; this model has 0 to 3"),
        pushed(model, 4, torch.zeros(1)),
    ):
        pass

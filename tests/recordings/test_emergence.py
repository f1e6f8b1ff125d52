"""The adders that lab 11b shows beside its own, and its exercises against the library."""

import numpy as np
import pytest
import torch

from glassbox.course.exercises import emergence
from glassbox.machine.model import GPT
from glassbox.recordings import emergence as recorded
from glassbox.scale.arithmetic import AddRun, as_text, problems, score


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def test_every_size_has_three_seeds(run):
    found = [(row["n_embd"], row["seed"]) for row in run["adders"]]
    assert found == [(job.n_embd, job.seed) for job in recorded.jobs()]


def test_the_adders_scores_belong_together(run):
    assert {r["seed"] for r in run["adders"]} == {0, 1, 2}
    for row in run["adders"]:
        assert row["digits"] == pytest.approx(np.mean(row["by_digit"]), abs=1e-3)
        assert row["exact"] <= min(row["by_digit"]) + 1e-3
        assert row["exact"] >= 1 - sum(1 - p for p in row["by_digit"]) - 1e-3


def test_marking_by_hand_is_marking_by_the_library():
    model = GPT(AddRun(8).config, torch.Generator().manual_seed(3))
    torch.nn.init.normal_(model.head.weight, generator=torch.Generator().manual_seed(4))
    rows = problems(100, 3, torch.Generator().manual_seed(999), test=True)
    answers = [as_text(row)[-4:] for row in rows]
    replies = [as_text(row) for row in model(rows[:, :-1])[0][:, -4:].argmax(-1)]
    found = score(model, 3, n=100)
    assert emergence.exact(answers, replies) == pytest.approx(found["exact"], abs=1e-6)
    assert emergence.digits(answers, replies) == pytest.approx(found["digits"], abs=1e-6)

"""Addition as a test bed: problems are right, tests are unseen, three scores of one run agree."""

import pytest
import torch

from glassbox.machine.model import GPT
from glassbox.scale.arithmetic import AddRun, Sums, as_text, is_test, problems, score, train_adder


@pytest.mark.parametrize("test", [False, True])
def test_every_sum_is_right(test):
    rows = problems(500, 3, torch.Generator().manual_seed(1), test=test)
    for row in rows:
        question, answer = as_text(row).split("=")
        a, b = question.split("+")
        assert int(a) + int(b) == int(answer) and len(answer) == 4
        assert bool(is_test(torch.tensor(int(a)), torch.tensor(int(b)))) == test


def test_one_problem_in_sixteen_is_kept_for_tests():
    n = torch.arange(1000)
    share = is_test(n[:, None], n[None]).float().mean().item()
    assert share == pytest.approx(1 / 16, rel=0.02)


def test_only_the_answer_counts():
    idx, targets = Sums(8, 3, seed=0)[0]
    assert idx.shape == targets.shape == (8, 11)
    assert (targets[:, :7] == -1).all() and (targets[:, 7:] >= 0).all()
    assert torch.equal(idx[:, 8:], targets[:, 7:-1])
    assert not torch.equal(idx, Sums(8, 3, seed=0)[1][0])
    assert torch.equal(idx, Sums(8, 3, seed=0)[0][0])


class Oracle(torch.nn.Module):
    """Knows every digit but those at some places of the answer."""

    def __init__(self, wrong=()):
        super().__init__()
        self.wrong, self.p = wrong, torch.nn.Parameter(torch.zeros(1))

    def forward(self, idx):
        rows = [as_text(row) for row in idx]
        logits = torch.full((*idx.shape, 12), -20.0)
        for i, row in enumerate(rows):
            a, b = row[:7].split("+")
            for place, digit in enumerate(f"{int(a) + int(b):04d}"):
                said = (int(digit) + 1) % 10 if place in self.wrong else int(digit)
                logits[i, 7 + place, said] = 20.0
        return logits, None


def test_scores_of_a_model_that_knows():
    found = score(Oracle(), 3, n=200)
    assert found["exact"] == found["digits"] == 1.0 and found["loss"] < 1e-6
    one_off = score(Oracle(wrong=(2,)), 3, n=200)
    assert one_off["exact"] == 0.0 and one_off["digits"] == 0.75
    assert one_off["by_digit"] == [1.0, 1.0, 0.0, 1.0]


def test_no_adder_trains_on_what_tests_it():
    asked = []

    class Spy(Oracle):
        def forward(self, idx):
            asked.append(idx)
            return super().forward(idx)

    def kept(idx):
        a, b = (sum(idx[:, start + i] * 10 ** (2 - i) for i in range(3)) for start in (0, 4))
        return is_test(a, b)

    score(Spy(), 3, n=200)
    assert kept(asked[0]).all()
    assert not any(kept(Sums(64, 3, seed=0)[step][0]).any() for step in range(3))


def test_an_untrained_model_knows_nothing():
    found = score(GPT(AddRun(8).config), 3)
    assert found["loss"] == pytest.approx(torch.log(torch.tensor(12.0)).item(), abs=1e-4)
    assert found["exact"] < 0.02


def test_a_short_training_lowers_the_loss():
    row = train_adder(AddRun(8, steps=30, batch_size=32, dtype="float32"))
    assert row["status"] == "done" and row["loss"] < 2.1
    assert train_adder(AddRun(8, steps=5, lr=1e30, dtype="float32"))["status"] == "diverged"
    assert len({AddRun(16).key, AddRun(16, seed=1).key, AddRun(24).key}) == 3

"""Write the golden vectors of the figure `the_label_office`: scikit-learn's fit, the library's best of n.

Run `python -m figures.the_label_office.golden` from the repository's root after a change of
figures/the_label_office/logic.js or of `expected_best`, and read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from figures.core.golden import write
from glassbox.assistant.reward import expected_best
from glassbox.recordings import load

FILE = Path(__file__).with_name("golden.json")
SPREAD = 1.5  # of the prior: scikit-learn's C is its square


def vectors() -> dict:
    """Choices on recorded pairs with the weights that explain them best, and a small pool."""
    recording = load("the_label_office_shift")
    cases = []
    for worker, see, n in (
        ("careful", "register", 48),
        ("hurried", "page", 48),
        ("tavern", "register", 12),
    ):
        x = np.array([difference(pair, see) for pair in recording["pairs"][:n]])
        y = np.array(recording["workers"][worker][:n])
        weights, sd = fit(x, y)
        cases.append(
            {"worker": worker, "see": see, "n": n, "x": x.round(6).tolist(), "y": y.tolist()}
            | {"weights": weights.round(7).tolist(), "sd": sd.round(7).tolist()}
        )
    dice = np.random.default_rng(0)
    scores, values = dice.normal(size=(2, 3, 16)).round(4)
    best = {n: expected_best(scores.tolist(), values.tolist(), n) for n in (1, 2, 4, 8, 16)}
    return {
        "fits": cases,
        "pool": {"scores": scores.tolist(), "values": values.tolist(), "best": best},
    }


def difference(pair: dict, see: str) -> list[float]:
    """The first reply's marks less the second's, as the page counts them."""
    a, b = (marks(pair[side]) for side in "ab")
    return [x - y for x, y in zip(a, b, strict=True)][0 if see == "register" else 1 :]


def marks(reply: list) -> list[float]:
    _, verdict, manner, words, _ = reply
    yes = (verdict == "right", verdict == "refused", manner == "polite", manner == "rude")
    return [*map(float, yes), words / 10]


def fit(x, y):
    """Ridge logistic regression without an intercept, and the spread of each weight (Laplace)."""
    model = LogisticRegression(C=SPREAD**2, fit_intercept=False, tol=1e-10, max_iter=10_000)
    weights = model.fit(x, y).coef_[0]
    p = 1 / (1 + np.exp(-(x @ weights)))
    curvature = (x.T * (p * (1 - p))) @ x + np.eye(x.shape[1]) / SPREAD**2
    return weights, np.sqrt(np.diag(np.linalg.inv(curvature)))


if __name__ == "__main__":
    write(FILE, vectors())

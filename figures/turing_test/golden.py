"""Write the golden vectors of the figure `turing_test`: SciPy's binomial tails and Wilson intervals.

Run `python -m figures.turing_test.golden` from the repository's root after a change of
figures/turing_test/logic.js, and read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

from scipy.stats import binomtest

from figures.core.golden import write

FILE = Path(__file__).with_name("golden.json")
CHANCE = 1 / 4  # four endings
GAMES = [(0, 1), (1, 1), (0, 8), (2, 8), (5, 8), (4, 16), (8, 16), (16, 16), (25, 60)]


def vectors() -> dict:
    """For each game how often blind guessing has as many right, and the interval of the share."""
    return {"games": [_game(right, n) for right, n in GAMES]}


def _game(right: int, n: int) -> dict:
    test = binomtest(right, n, CHANCE, alternative="greater")
    low, high = binomtest(right, n).proportion_ci(0.95, method="wilson")
    return {
        "right": right,
        "n": n,
        "luck": round(float(test.pvalue), 12),
        "interval": [round(float(low), 12), round(float(high), 12)],
    }


if __name__ == "__main__":
    write(FILE, vectors())

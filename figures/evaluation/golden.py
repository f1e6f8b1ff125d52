"""Write the golden vectors of the figure `evaluation`: intervals and sign tests that the page must find too.

Run `python -m figures.evaluation.golden` from the repository's root, and read the difference before committing it.
They are SciPy's, an implementation that is not ours.
"""

from __future__ import annotations

from pathlib import Path

from scipy.stats import binomtest

from figures.core.golden import write

FILE = Path(__file__).with_name("golden.json")
SHARES = [(0, 10), (10, 10), (1, 1), (3, 20), (50, 100), (171, 300), (999, 1000)]
SPLITS = [(0, 0), (1, 0), (5, 5), (0, 6), (2, 9), (30, 12), (13, 30), (120, 95), (400, 301)]


def vectors() -> dict:
    intervals = []
    for right, of in SHARES:
        low, high = binomtest(right, of).proportion_ci(method="wilson")
        intervals.append({"right": right, "of": of, "low": float(low), "high": float(high)})
    tests = []
    for a, b in SPLITS:
        p = float(binomtest(a, a + b).pvalue) if a + b else 1.0
        tests.append({"a": a, "b": b, "p": p})
    return {"intervals": intervals, "tests": tests}


if __name__ == "__main__":
    write(FILE, vectors())

"""Is the better score better? Intervals for a score, tests for a difference, and how many questions it takes.

Two models that sit the same test are compared question by question (`same_questions`): what both know or
neither knows says nothing, and drops out. That needs far fewer questions than two separate tests
(`questions_needed`).

Left out: questions that come in clusters (Miller 2024, arXiv:2411.00640, section 2.2), many comparisons at
once.

Sources: Wilson 1927; McNemar 1947 and its exact form, the sign test; Connor 1987 (paired sample size);
Miller 2024, "Adding error bars to evals".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.stats import binom, norm


def wilson(right: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """An interval for a share of which `right` of `n` were seen; never below 0 or above 1.

    >>> wilson(8, 10)
    (0.4902, 0.9433)
    """
    if n < 1 or not 0 <= right <= n:
        raise ValueError(
            f"{right} of {n} were right; ask one question or more, and count from 0 to n"
        )
    z = float(norm.ppf(0.5 + confidence / 2))
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def same_questions(a: Sequence, b: Sequence) -> dict:
    """Two models on the same questions: who wins where they differ, and how often chance would do as much.

    a, b  right or wrong for each question, in the same order

    `p` is the two-sided sign test (McNemar's, exact). Raises ValueError if the lists differ in length or
    are empty.

    >>> same_questions([1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0])
    {'only_a': 5, 'only_b': 0, 'difference': 0.8333, 'p': 0.0625}
    """
    if len(a) != len(b) or not len(a):
        raise ValueError(
            f"there are {len(a)} answers and {len(b)}; give both models' answers to the same questions"
        )
    only_a = sum(bool(x) and not y for x, y in zip(a, b))
    only_b = sum(bool(y) and not x for x, y in zip(a, b))
    n = only_a + only_b
    p = min(1.0, 2 * float(binom.cdf(min(only_a, only_b), n, 0.5))) if n else 1.0
    return {
        "only_a": only_a, "only_b": only_b, "difference": round((only_a - only_b) / len(a), 4),
        "p": round(p, 6),
    }  # fmt: skip


def questions_needed(
    a: float, b: float, differ: float | None = None, power: float = 0.8, level: float = 0.05
) -> int:
    """How many questions until scores a and b can be told apart, in a share `power` of all such tests.

    differ  the share of questions on which just one of the two is right: both then answer the same
            questions. None: each model has questions of its own, and the answer is for each of the two.

    Raises ValueError if the scores are equal, or differ on fewer questions than their scores do.

    >>> questions_needed(0.6, 0.7), questions_needed(0.6, 0.7, differ=0.2)
    (356, 155)
    """
    gap = abs(a - b)
    if not (0 <= a <= 1 and 0 <= b <= 1 and gap > 0):
        raise ValueError(f"the scores are {a} and {b}; give two different shares from 0 to 1")
    z_level, z_power = norm.ppf(1 - level / 2), norm.ppf(power)
    if differ is None:
        mean = (a + b) / 2
        spread = z_level * math.sqrt(2 * mean * (1 - mean)) + z_power * math.sqrt(
            a * (1 - a) + b * (1 - b)
        )
    else:
        if not gap <= differ <= min(1.0, a + b, 2 - a - b):
            raise ValueError(
                f"differ is {differ}, but scores of {a} and {b} differ on {gap:.3f} to "
                f"{min(1.0, a + b, 2 - a - b):.3f} of the questions"
            )
        spread = z_level * math.sqrt(differ) + z_power * math.sqrt(differ - gap * gap)
    return math.ceil(spread * spread / (gap * gap) - 1e-9)

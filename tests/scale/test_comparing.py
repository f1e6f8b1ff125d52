"""Intervals, paired tests and sample sizes against scipy, statsmodels' published results, and simulation."""

import numpy as np
import pytest
from scipy import stats

from glassbox.scale.comparing import questions_needed, same_questions, wilson


@pytest.mark.parametrize(("right", "n"), [(8, 10), (0, 5), (5, 5), (412, 700)])
def test_wilson_is_scipys(right, n):
    theirs = stats.binomtest(right, n).proportion_ci(0.95, method="wilson")
    assert wilson(right, n) == pytest.approx((theirs.low, theirs.high), abs=6e-5)


def test_an_interval_covers_the_truth_as_often_as_it_says():
    """Exactly, over all outcomes of 100 questions; at single shares it is off a little, as is known."""
    ends = np.array([wilson(right, 100) for right in range(101)])
    covered = []
    for p in np.linspace(0.05, 0.95, 91):
        chances = stats.binom.pmf(np.arange(101), 100, p)
        covered.append(chances[(ends[:, 0] <= p) & (p <= ends[:, 1])].sum())
    assert 0.94 < np.mean(covered) < 0.96 and min(covered) > 0.9


def test_the_paired_test_is_the_sign_test():
    a, b = [1] * 12 + [0] * 3 + [1] * 20, [0] * 12 + [1] * 3 + [1] * 20
    found = same_questions(a, b)
    assert (found["only_a"], found["only_b"]) == (12, 3)
    assert found["p"] == pytest.approx(stats.binomtest(3, 15).pvalue, abs=1e-6)
    assert found["p"] == 0.035156  # statsmodels 0.15, mcnemar([[20, 12], [3, 0]], exact=True)


def test_equal_models_are_no_finding():
    assert same_questions([1, 0, 1], [1, 0, 1])["p"] == 1
    with pytest.raises(ValueError, match="same questions"):
        same_questions([1, 0], [1])
    with pytest.raises(ValueError, match="same questions"):
        same_questions([], [])


def test_the_number_of_questions_is_statsmodels():
    """0.15: samplesize_proportions_2indep_onetail(0.1, 0.6, 0.8, alpha=0.025) is 355.94."""
    assert questions_needed(0.6, 0.7) == questions_needed(0.7, 0.6) == 356


@pytest.mark.parametrize(("a", "b", "differ"), [(0.6, 0.7, 0.2), (0.85, 0.9, 0.09)])
def test_so_many_questions_find_the_difference_in_four_of_five_tests(a, b, differ):
    n, gap, dice = questions_needed(a, b, differ), b - a, np.random.default_rng(1)
    only_b = (differ + gap) / 2
    counts = dice.multinomial(n, [only_b, differ - only_b, 1 - differ], size=3000)
    z = (counts[:, 0] - counts[:, 1]) / np.sqrt(np.maximum(counts[:, 0] + counts[:, 1], 1))
    assert 0.77 < np.mean(z > 1.96) < 0.85  # the normal curve is not exact


def test_pairs_that_are_independent_need_as_many_as_two_samples():
    a, b = 0.6, 0.7
    differ = a * (1 - b) + b * (1 - a)
    assert questions_needed(a, b, differ) == pytest.approx(questions_needed(a, b), rel=0.02)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.5, 0.5), "two different"),
        ((0.5, 1.2), "two different"),
        ((0.6, 0.7, 0.05), "differ on 0.100"),
        ((0.9, 0.95, 0.4), "differ on 0.050 to 0.150"),
    ],
)
def test_impossible_scores_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        questions_needed(*arguments)


def test_a_share_needs_a_question():
    for right, n in ((0, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="ask one question or more"):
            wilson(right, n)

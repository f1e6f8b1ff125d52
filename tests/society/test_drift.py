"""Copies of copies: do bags, bell curves and straight lines lose what the closed forms say?"""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from glassbox.society import drift

BAG = {"eel": 60, "gull": 30, "crab": 9, "seal": 1}


def test_a_new_bag_is_drawn_by_the_counts_of_the_old_one():
    drawn = sum((drift.resample(BAG, seed) for seed in range(300)), Counter())
    n = 300 * 100
    found = [drawn[name] for name in BAG]
    wanted = [n * count / 100 for count in BAG.values()]
    assert sum(found) == n
    assert stats.chisquare(found, wanted).pvalue > 1e-4


def test_what_is_lost_never_comes_back():
    for seed in range(20):
        bags = drift.resampled(BAG, 30, seed)
        assert len(bags) == 31 and all(sum(bag.values()) == 100 for bag in bags)
        for before, after in zip(bags, bags[1:]):
            assert {k for k in after if after[k]} <= {k for k in before if before[k]}


def test_what_is_told_once_is_lost_as_often_as_the_formula_says():
    """Against the draws and against scipy's binomial, which has the same chance for no hit."""
    gone = sum(drift.resample(BAG, seed)["seal"] == 0 for seed in range(3000))
    p = drift.chance_lost(1 / 100, 100)
    assert p == pytest.approx(stats.binom.pmf(0, 100, 1 / 100))
    assert stats.binomtest(gone, 3000, p).pvalue > 1e-4


def test_variety_shrinks_by_one_part_in_n_a_generation():
    bag = {"eel": 5, "gull": 3, "crab": 2}
    found = [[drift.variety(b) for b in drift.resampled(bag, 8, seed)] for seed in range(3000)]
    mean, error = np.mean(found, 0), np.std(found, 0) / math.sqrt(3000)
    for generation in (1, 4, 8):
        wanted = drift.variety(bag) * (1 - 1 / 10) ** generation
        assert drift.variety_left(10, generation) == pytest.approx(0.9**generation)
        assert abs(mean[generation] - wanted) < 4.5 * error[generation]


def test_a_bell_curve_refitted_grows_narrower_as_shumailov_et_al_say():
    found = drift.refit(12, 10, seed=0, runs=4000)
    error = found.std(0) / math.sqrt(4000)
    assert found.shape == (4000, 11) and (found[:, 0] == 1).all()
    for generation in (1, 5, 10):
        wanted = drift.width_left(12, generation)
        assert abs(found[:, generation].mean() - wanted) < 4.5 * error[generation]
    assert np.median(drift.refit(12, 200, seed=1, runs=50)[:, -1]) < 1e-3  # nothing is left


@pytest.mark.parametrize(("n", "d"), [(20, 9), (30, 4)])
def test_lines_that_replace_go_astray_in_step_and_lines_that_keep_are_bounded(n, d):
    replaced = np.array([drift.relearn(n, d, 6, False, seed) for seed in range(1500)])
    kept = np.array([drift.relearn(n, d, 6, True, seed) for seed in range(1500)])
    error = replaced.std(0) / math.sqrt(1500)
    for generation in (0, 3, 6):
        wanted = drift.error_replaced(n, d, generation)
        assert wanted == pytest.approx(d / (n - d - 1) * (generation + 1))
        assert abs(replaced[:, generation].mean() - wanted) < 4.5 * error[generation]
    assert kept.mean(0).max() < drift.error_accumulated(n, d)
    assert drift.error_accumulated(n, d) == pytest.approx(d / (n - d - 1) * 1.6449341)
    assert (replaced[:, 0] == kept[:, 0]).all()


def test_one_regression_is_numpys_least_squares():
    dice = np.random.default_rng(7)
    x, noise = dice.standard_normal((12, 3)), dice.standard_normal(12)
    beta = np.linalg.lstsq(x, noise, rcond=None)[0]
    assert drift.relearn(12, 3, 0, False, seed=7)[0] == pytest.approx(beta @ beta)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: drift.resample({}), "the bag is {}"),
        (lambda: drift.resample({"eel": 0}), "one at least above 0"),
        (lambda: drift.resample({"eel": -1, "gull": 3}), "counts from 0 up"),
        (lambda: drift.resample({"eel": 1}, n=0), "n is 0"),
        (lambda: drift.resampled(BAG, -1), "generations is -1"),
        (lambda: drift.chance_lost(1.2, 5), "share is 1.2"),
        (lambda: drift.chance_lost(math.nan, 5), "share is nan"),
        (lambda: drift.chance_lost(0.2, 0), "n is 0"),
        (lambda: drift.variety({}), "put something in"),
        (lambda: drift.refit(1, 3), "n is 1"),
        (lambda: drift.relearn(5, 4, 3, True), "n is 5; use a whole number from 6 up"),
        (lambda: drift.error_replaced(5, 4, 0), "n is 5"),
    ],
)
def test_bad_input_is_named_with_its_remedy(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert words in str(caught.value)

"""Fits of scaling laws: against known laws, numpy's line, and the mistakes that were made once."""

import math

import numpy as np
import pytest

from glassbox.scale.scaling import (
    Fit,
    bootstrap,
    fit_chinchilla,
    fit_power_law,
    isoflop_minimum,
)

TRUE = Fit(E=1.69, A=406.4, B=410.7, alpha=0.34, beta=0.28, objective=0.0, n_runs=0)


def grid(sizes=8, texts=8):
    n, d = np.meshgrid(np.geomspace(1e7, 1e10, sizes), np.geomspace(1e9, 1e12, texts))
    return n.ravel(), d.ravel()


def noisy(seed, noise=0.003, outliers=4):
    n, d = grid()
    rng = np.random.default_rng(seed)
    loss = TRUE.predict(n, d) * np.exp(noise * rng.standard_normal(len(n)))
    loss[rng.choice(len(n), outliers, replace=False)] *= 1.25  # runs that went wrong
    return n, d, loss


def test_an_exact_law_comes_back():
    n, d = grid()
    fit = fit_chinchilla(n, d, TRUE.predict(n, d))
    for name in ("E", "A", "B", "alpha", "beta"):
        assert getattr(fit, name) == pytest.approx(getattr(TRUE, name), rel=1e-3), name
    assert fit.objective < 1e-10 and not fit.edge


@pytest.mark.parametrize("seed", range(4))
def test_noise_and_outliers_are_borne(seed):
    n, d, loss = noisy(seed)
    fit = fit_chinchilla(n, d, loss)
    assert fit.alpha == pytest.approx(0.34, abs=0.03)
    assert fit.beta == pytest.approx(0.28, abs=0.03)
    assert pytest.approx(1.69, abs=0.08) == fit.E


def test_without_the_huber_loss_outliers_win():
    robust, square = [], []
    for seed in range(4):
        robust.append(abs(fit_chinchilla(*noisy(seed)).E - 1.69))
        square.append(abs(fit_chinchilla(*noisy(seed), huber_delta=10.0).E - 1.69))
    assert np.mean(square) > 2 * np.mean(robust)


def test_the_mistake_of_the_original_fit_stops_early():
    """Mean in place of sum and a loose stopping rule: the optimizer stops where it should not."""
    n, d, loss = noisy(0)
    good, early = fit_chinchilla(n, d, loss), fit_chinchilla(n, d, loss, mean=True, tolerance=1e-4)
    assert early.objective > 3 * good.objective  # both are reported as sums
    assert abs(early.E - 1.69) > 3 * abs(good.E - 1.69)


def test_rounding_the_exponents_moves_the_optimum():
    """Hoffmann et al. printed a = 0.46 for N ~ C^a; the exponents it came from had more digits."""
    exact = Fit(1.69, 406.4, 410.7, 0.3392, 0.2849, 0, 0)
    rounded = Fit(1.69, 406.4, 410.7, 0.34, 0.28, 0, 0)
    (n, d), (m, e) = exact.optimal(5.76e23), rounded.optimal(5.76e23)
    assert 6 * n * d == pytest.approx(5.76e23) and 6 * m * e == pytest.approx(5.76e23)
    assert (e / m) / (d / n) > 1.5  # tokens per parameter, from the third digit alone


def test_the_optimum_is_the_best_split_of_the_budget():
    n, d = TRUE.optimal(1e21)
    best = TRUE.predict(n, d)
    for factor in (0.8, 0.95, 1.05, 1.25):
        assert TRUE.predict(n * factor, d / factor) > best
    many, _ = TRUE.optimal(np.array([1e20, 1e22]))
    assert math.log(many[1] / many[0]) / math.log(100) == pytest.approx(TRUE.exponent)


def test_a_known_floor_can_be_held_fixed():
    n, d, loss = noisy(1)
    fit = fit_chinchilla(n, d, loss, E=1.69)
    assert pytest.approx(1.69) == fit.E and fit.fixed_E
    assert abs(fit.alpha - 0.34) < 0.02 and abs(fit.beta - 0.28) < 0.02
    free = fit_chinchilla(n, d, loss)
    assert free.objective <= fit.objective * (1 + 1e-6)  # one more freedom cannot fit worse


def test_the_slope_of_the_objective_is_its_derivative():
    from scipy.optimize import check_grad

    from glassbox.scale.scaling import _objective

    logs = np.log(np.stack(noisy(2)))
    for theta in ([6.0, 6.0, 0.5, 0.34, 0.28], [3.0, 8.0, -1.0, 0.2, 0.5]):
        wrong = check_grad(
            lambda t: _objective(t, logs, 0.1)[0], lambda t: _objective(t, logs, 0.1)[1], theta
        )
        assert wrong < 1e-3 * np.linalg.norm(_objective(np.array(theta), logs, 0.1)[1])


def test_the_bootstrap_spreads_as_new_experiments_do():
    """One experiment, redrawn, should vary about as much as experiments made anew."""
    anew = [fit_chinchilla(*noisy(s, noise=0.01, outliers=0), best_starts=2) for s in range(12)]
    redrawn = bootstrap(*noisy(50, noise=0.01, outliers=0), n=24, best_starts=2)
    truth, told = (np.std([f.alpha for f in fits]) for fits in (anew, redrawn))
    assert 0.4 * truth < told < 2.5 * truth


def test_groups_are_drawn_whole_and_runs_within_them(monkeypatch):
    from glassbox.scale import scaling

    n, d = (np.repeat(x, 2) for x in grid(4, 4))
    loss = TRUE.predict(n, d) * np.exp(1e-6 * np.arange(len(n)))  # a run is known by its loss
    drawn, fit = [], scaling.fit_chinchilla

    def spy(*runs, **settings):
        drawn.append(runs)
        return fit(*runs, **(settings | {"best_starts": 1}))

    monkeypatch.setattr(scaling, "fit_chinchilla", spy)
    bootstrap(n, d, loss, n=6, seed=3, groups=list(zip(n, d)))
    repeated = False
    for a, b, c in drawn[1:]:
        assert all((a[i], b[i]) == (a[i + 1], b[i + 1]) for i in range(0, len(a), 2))
        repeated |= any(c[i] == c[i + 1] for i in range(0, len(c), 2))
    assert repeated  # with replacement within a group
    again = drawn[1:]
    drawn.clear()
    bootstrap(n, d, loss, n=6, seed=3, groups=list(zip(n, d)))
    assert all(np.array_equal(x, y) for x, y in zip(again, drawn[1:]))


def test_a_parameter_at_the_end_of_its_range_is_named():
    n, d = grid(4, 4)
    assert "E" in fit_chinchilla(n, d, 400 / n**0.3 + 400 / d**0.3).edge  # all can be removed


def test_the_line_is_numpys():
    rng = np.random.default_rng(0)
    x = np.geomspace(1, 1e6, 20)
    y = 7 * x**-0.3 * np.exp(0.1 * rng.standard_normal(20))
    (b, log_a), covariance = np.polyfit(np.log(x), np.log(y), 1, cov=True)
    law = fit_power_law(x, y)
    assert (law.b, law.a) == (pytest.approx(b), pytest.approx(math.exp(log_a)))
    assert law.b_error == pytest.approx(math.sqrt(covariance[0, 0]))
    assert law.r2 == pytest.approx(np.corrcoef(np.log(x), np.log(y))[0, 1] ** 2)
    assert law(x) == pytest.approx(law.a * x**law.b)


def test_the_band_holds_new_points_as_often_as_it_says():
    rng, held = np.random.default_rng(1), 0
    x = np.geomspace(1e3, 1e5, 6)
    for _ in range(400):
        y, new = (
            5 * z**-0.3 * np.exp(0.1 * rng.standard_normal(len(z))) for z in (x, np.array([4e5]))
        )
        low, high = fit_power_law(x, y).band(4e5, level=0.8)
        held += low <= new[0] <= high
    assert 0.74 < held / 400 < 0.86  # three standard errors


def test_isoflop_minimum_finds_the_law_s_optimum():
    flops = 1e21
    n = np.geomspace(0.3, 3, 7) * TRUE.optimal(flops)[0]
    found = isoflop_minimum(n, TRUE.predict(n, flops / 6 / n), flops)
    assert found.interior
    assert found.n_params == pytest.approx(TRUE.optimal(flops)[0], rel=0.1)
    assert 6 * found.n_params * found.n_tokens == pytest.approx(flops)


def test_a_minimum_at_the_edge_says_so():
    assert not isoflop_minimum([1e3, 1e4, 1e5], [1.0, 2.0, 3.0], 1e9).interior
    assert not isoflop_minimum([1e3, 1e4, 1e5], [3.0, 2.0, 1.0], 1e9).interior
    hilltop = isoflop_minimum([1, 2, 4, 8, 16], [1.0, 3.0, 0.99, 3.0, 1.0], 1e9)
    assert not hilltop.interior  # a low point in the middle, and a parabola that opens downward


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        (([1, 1, 1, 2, 2, 2], [1, 2, 3, 1, 2, 3], [3, 2, 1, 3, 2, 1]), "n_params has 2 different"),
        (([1, 2, 3, 1, 2, 3], [5, 5, 5, 5, 5, 5], [3, 2, 1, 3, 2, 1]), "n_tokens has 1 different"),
        (([1, 2, 3, 1], [1, 2, 3, 4], [3, 2, 1, 3]), "five parameters"),
        (([1, 2, 3], [1, 2, 3], [3, 2]), "one of each"),
        (([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [3, 2, 0, 2, 1]), r"losses\[2\] is 0.0"),
        (([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [3, 2, float("nan"), 2, 1]), "diverged"),
        (([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [3, 2, None, 2, 1]), "diverged"),
        (([1, 2, -3, 4, 5], [1, 2, 3, 4, 5], [3, 2, 1, 2, 1]), r"n_params\[2\] is -3"),
    ],
)
def test_bad_runs_are_named(runs, words):
    with pytest.raises(ValueError, match=words):
        fit_chinchilla(*runs)


def test_a_floor_above_the_data_is_refused():
    n, d = grid()
    with pytest.raises(ValueError, match="lowest loss"):
        fit_chinchilla(n, d, TRUE.predict(n, d), E=5.0)


def test_lines_and_parabolas_need_three_points():
    with pytest.raises(ValueError, match="three or more"):
        fit_power_law([1, 2], [1, 2])
    with pytest.raises(ValueError, match="three or more"):
        fit_power_law([1, 1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="parabola"):
        isoflop_minimum([1, 2], [1, 2], 1e9)
    with pytest.raises(ValueError, match="positive and finite"):
        fit_power_law([1, 2, 3], [1, -2, 3])


@pytest.mark.parametrize("settings", [{"huber_delta": 0}, {"huber_delta": -1e-3}, {"huber_delta": math.nan}, {"best_starts": 0}])  # fmt: skip
def test_a_fit_to_nothing_is_refused(settings):
    n, d = np.meshgrid([1e3, 1e4, 1e5], [1e6, 1e7, 1e8])
    losses = 1 + 1 / n.ravel() ** 0.3 + 1 / d.ravel() ** 0.3
    with pytest.raises(ValueError, match=f"{next(iter(settings))}"):
        fit_chinchilla(n.ravel(), d.ravel(), losses, **settings)
    with pytest.raises(ValueError, match="n is 0; draw"):
        bootstrap(n.ravel(), d.ravel(), losses, n=0)

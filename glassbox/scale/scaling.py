"""Scaling laws: fit them to runs, say how sure, and read off what a budget should buy.

A power law is a straight line on logarithmic axes (`fit_power_law`). The parametric law of Hoffmann et
al. 2022 ("Chinchilla", arXiv:2203.15556, section 3.3) has two of them and a constant:

    L(N, D) = E + A / N^alpha + B / D^beta

E is what no model can remove, the second term what more parameters remove, the third what more text
removes. `fit_chinchilla` minimizes the sum over runs of Huber(log L - log prediction) by L-BFGS from
many starts. Each part of that matters. Besiroglu et al. 2024 (arXiv:2404.10102) took the
points off Chinchilla's plot and could not get its numbers back: the optimizer had minimized the mean
of the losses, not the sum, and so stopped early, since its stopping rule looks at absolute change;
the exponents were then printed with two digits, too few to compute a budget from; and the intervals
were too narrow to come from some 400 runs. `mean=True, tolerance=1e-4` makes that mistake again.

Left out: other forms of the law (for repeated data, for mixtures, with a term in N and D together).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import linregress
from scipy.stats import norm as normal
from scipy.stats import t as student

# Starts: log A, log B, log E, alpha, beta; those of Hoffmann et al., coarser.
STARTS = list(
    itertools.product(
        (0.0, 5.0, 10.0, 20.0), (0.0, 5.0, 10.0, 20.0), (-1.0, 0.0, 1.0), *2 * [(0.2, 0.5, 1.0)]
    )
)


@dataclass(frozen=True)
class PowerLaw:
    """y = a x^b, with the standard error of b and the share of variance explained."""

    a: float
    b: float
    b_error: float
    r2: float
    scatter: float = 0.0  # standard deviation of log y about the line
    n: int = 0
    center: float = 0.0  # mean of log x

    def __call__(self, x):
        return self.a * np.asarray(x, dtype=float) ** self.b

    def band(self, x: float, level: float = 0.8) -> tuple[float, float]:
        """Where a new y at x lies with probability `level`, if the line goes on and logs scatter normally.

        The band widens away from the points. With fewer than three there is no scatter to go by.
        """
        far = np.log(x) - self.center
        error = math.sqrt(self.scatter**2 * (1 + 1 / self.n) + (self.b_error * far) ** 2)
        half = student.ppf(0.5 + level / 2, self.n - 2) * error
        return float(self(x) * math.exp(-half)), float(self(x) * math.exp(half))


def fit_power_law(x: Sequence[float], y: Sequence[float]) -> PowerLaw:
    """The straight line through (log x, log y), by least squares.

    >>> law = fit_power_law([1, 10, 100], [8, 4, 2])
    >>> round(law.a, 6), round(law.b, 6)
    (8.0, -0.30103)

    Raises ValueError for fewer than three points, or numbers that are not positive and finite.
    """
    x, y = _positive("x", x), _positive("y", y)
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} numbers and y has {len(y)}; give one y for each x")
    if len(set(x.tolist())) < 3:
        raise ValueError(
            f"x has {len(set(x.tolist()))} different values; a line fits any two points, give three or more"
        )
    u, v = np.log(x), np.log(y)
    line = linregress(u, v)
    residuals = v - line.intercept - line.slope * u
    return PowerLaw(
        a=math.exp(line.intercept),
        b=float(line.slope),
        b_error=float(line.stderr),
        r2=1.0 if np.ptp(v) == 0 else float(line.rvalue**2),
        scatter=math.sqrt((residuals**2).sum() / (len(u) - 2)),
        n=len(u),
        center=float(u.mean()),
    )


@dataclass(frozen=True)
class Fit:
    """L(N, D) = E + A / N^alpha + B / D^beta, and how it was found.

    `objective` is the sum of the Huber losses. `edge` tells if a parameter ran to the end of its
    range, where its value means little.
    """

    E: float
    A: float
    B: float
    alpha: float
    beta: float
    objective: float
    n_runs: int
    fixed_E: bool = False
    edge: tuple[str, ...] = ()
    residuals: np.ndarray = field(default=None, repr=False, compare=False)

    def predict(self, n_params, n_tokens):
        """The loss of models of that size after that much text.

        >>> chinchilla = Fit(1.69, 406.4, 410.7, 0.34, 0.28, 0.0, 245)
        >>> round(chinchilla.predict(70e9, 1.4e12), 3)
        1.937
        """
        n, d = np.asarray(n_params, dtype=float), np.asarray(n_tokens, dtype=float)
        loss = self.E + self.A / n**self.alpha + self.B / d**self.beta
        return float(loss) if loss.ndim == 0 else loss

    def band(self, n_params: float, n_tokens: float, level: float = 0.8) -> tuple[float, float]:
        """Where a new run lies with probability `level`, if the law holds there and logs scatter normally.

        Its width is the scatter of the fitted runs about the law, everywhere the same.

        >>> law = Fit(1.69, 406.4, 410.7, 0.34, 0.28, 0.0, 2, residuals=np.array([-0.01, 0.01]))
        >>> [round(loss, 3) for loss in law.band(70e9, 1.4e12)]
        [1.912, 1.962]
        """
        wide = math.exp(normal.ppf(0.5 + level / 2) * float(np.std(self.residuals)))
        loss = self.predict(n_params, n_tokens)
        return loss / wide, loss * wide

    def optimal(self, flops):
        """(N, D) with the least loss among all with 6 N D = flops: Hoffmann et al., equation 4."""
        a = self.beta / (self.alpha + self.beta)
        G = (self.alpha * self.A / (self.beta * self.B)) ** (1 / (self.alpha + self.beta))
        budget = np.asarray(flops, dtype=float) / 6
        return G * budget**a, budget ** (1 - a) / G

    @property
    def exponent(self) -> float:
        """N grows as C to this power in the best split of a budget.

        >>> round(Fit(1.69, 406.4, 410.7, 0.34, 0.28, 0.0, 245).exponent, 3)
        0.452
        """
        return self.beta / (self.alpha + self.beta)


def fit_chinchilla(
    n_params: Sequence[float],
    n_tokens: Sequence[float],
    losses: Sequence[float],
    huber_delta: float = 1e-3,
    E: float | None = None,
    starts: Sequence[tuple] | None = None,
    best_starts: int = 12,
    mean: bool = False,
    tolerance: float = 1e-12,
) -> Fit:
    """Fit the parametric law to runs: one size, one number of tokens and one loss in nats each.

    huber_delta  a residual of log loss beyond this counts linearly: outliers pull, but no harder
    E            keep the constant at this known value, for example a world's entropy floor
    starts       (log A, log B, log E, alpha, beta) to begin from; by default a grid of 432, of which
                 the `best_starts` lowest are followed to the end
    mean         minimize the mean in place of the sum, a mistake worth making once (see above)

    Raises ValueError for numbers that are not positive and finite (a diverged run: leave it out), for
    fewer than three sizes or three amounts of text, or fewer runs than parameters.
    """
    runs = _runs(n_params, n_tokens, losses)
    lowest = runs[2].min()
    if not (0 < huber_delta < math.inf and best_starts >= 1):
        raise ValueError(
            f"huber_delta is {huber_delta} and best_starts {best_starts}; huber_delta must be above 0 "
            "(1e-3 is usual), best_starts 1 or more"
        )
    if E is not None and not 0 < E < lowest:
        raise ValueError(f"E is {E}; it must lie between 0 and the lowest loss, {lowest:.4g}")
    logs, scale = np.log(runs), 1 / runs.shape[1] if mean else 1.0
    free = [0, 1, 2, 3, 4] if E is None else [0, 1, 3, 4]
    bounds = np.array([(-10, 60), (-10, 60), (-7, math.log(lowest)), (0, 4), (0, 4)])[free]

    def whole(theta):  # with log E put back where it is fixed
        return np.asarray(theta) if E is None else np.insert(theta, 2, math.log(E))

    def objective(theta):
        value, slope = _objective(whole(theta), logs, huber_delta)
        return scale * value, scale * slope[free]

    grid = np.unique(np.array(STARTS if starts is None else starts, dtype=float)[:, free], axis=0)
    if len(grid) > best_starts:
        grid = grid[np.argsort([objective(start)[0] for start in grid])[:best_starts]]
    options = {"maxiter": 5000, "maxfun": 10000, "ftol": tolerance, "gtol": max(1e-9, tolerance)}
    found = [
        minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        for start in grid
    ]
    best = min(found, key=lambda result: result.fun).x
    at_edge = np.isclose(best[:, None], bounds, atol=1e-3).any(axis=1)
    names = np.array(["A", "B", "E", "alpha", "beta"])[free]
    log_A, log_B, log_E, alpha, beta = theta = whole(best)
    return Fit(
        *(math.exp(t) for t in (log_E, log_A, log_B)), float(alpha), float(beta),
        objective=float(_objective(theta, logs, huber_delta)[0]),
        n_runs=runs.shape[1],
        fixed_E=E is not None,
        edge=tuple(names[at_edge].tolist()),
        residuals=logs[2] - _log_prediction(theta, logs)[0],
    )  # fmt: skip


def _log_prediction(theta, logs):
    """log L of every run, and the three terms' shares of it, (3, runs)."""
    a, b, e, alpha, beta = theta
    n, d, _ = logs
    terms = np.stack([a - alpha * n, b - beta * d, np.full_like(n, e)])
    total = logsumexp(terms, axis=0)
    return total, np.exp(terms - total)


def _objective(theta, logs, delta):
    """The sum of Huber losses and its slope. Everything in logarithms, so nothing overflows."""
    n, d, loss = logs
    predicted, shares = _log_prediction(theta, logs)
    r = predicted - loss
    small = np.abs(r) <= delta
    value = np.where(small, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)).sum()
    pull = np.clip(r, -delta, delta)
    slope = np.stack([shares[0], shares[1], shares[2], -shares[0] * n, -shares[1] * d]) @ pull
    return value, slope


def bootstrap(
    n_params, n_tokens, losses, n: int = 100, seed: int = 0, groups=None, **settings
) -> list[Fit]:
    """Fits to runs drawn again with replacement: how much the numbers depend on which runs there are.

    `groups` (one label a run, for example (size, tokens)) draws whole groups, then a run within each:
    over runs and seeds at once. `settings` go to `fit_chinchilla`; the first fit is the only start.
    Draws with fewer than three sizes or amounts of text are drawn again.
    """
    runs = _runs(n_params, n_tokens, losses)
    if n < 1:
        raise ValueError(f"n is {n}; draw the runs anew once or more")
    first = fit_chinchilla(*runs, **settings)
    start = [math.log(x) for x in (first.A, first.B, first.E)] + [first.alpha, first.beta]
    nearby = [
        start,
        [start[0] + 1, start[1] + 1, start[2] - 0.3, first.alpha + 0.1, first.beta + 0.1],
    ]
    labels = list(range(len(runs[0]))) if groups is None else list(groups)
    members = {label: [i for i, g in enumerate(labels) if g == label] for label in labels}
    rng, fits = np.random.default_rng(seed), []
    while len(fits) < n:
        drawn = rng.integers(len(members), size=len(members))
        of = list(members.values())
        chosen = np.array([i for g in drawn for i in rng.choice(of[g], size=len(of[g]))])
        if min(len(set(column)) for column in runs[:2, chosen].tolist()) >= 3:
            fits.append(fit_chinchilla(*runs[:, chosen], **(settings | {"starts": nearby})))
    return fits


def interval(values, level: float = 0.8) -> tuple[float, float]:
    """The lowest and highest of the middle share `level` of some values, for example of a bootstrap.

    >>> interval(range(101), level=0.5)
    (25.0, 75.0)
    """
    low, high = np.quantile(
        np.asarray(list(values), dtype=float), [0.5 - level / 2, 0.5 + level / 2]
    )
    return float(low), float(high)


@dataclass(frozen=True)
class Minimum:
    """The best size for one budget: the lowest point of a parabola through (log N, loss).

    `interior` says that the best run lies between others and the parabola's lowest point between the
    smallest and the largest size; otherwise the best size may lie outside of what was tried.
    """

    n_params: float
    n_tokens: float
    loss: float
    flops: float
    interior: bool


def isoflop_minimum(n_params, losses, flops: float) -> Minimum:
    """The best size among runs of equal compute.

    A parabola is a stand-in: where the true curve is lopsided, or the sizes are not centered on the best
    one, its lowest point is off (arXiv:2603.22339).

    >>> m = isoflop_minimum([1e3, 1e4, 1e5], [2.5, 2.0, 2.5], flops=6e9)
    >>> round(m.n_params), round(m.n_tokens), round(m.loss, 3), m.interior
    (10000, 100000, 2.0, True)
    """
    n, loss = _positive("n_params", n_params), _positive("losses", losses)
    if len(set(n.tolist())) < 3:
        raise ValueError(f"there are {len(set(n.tolist()))} sizes; a parabola needs three or more")
    order = np.argsort(n)
    n, loss = n[order], loss[order]
    best = int(loss.argmin())
    near = slice(max(0, min(best - 2, len(n) - 5)), max(0, min(best - 2, len(n) - 5)) + 5)
    x = np.log(n)
    c2, c1, c0 = np.polyfit(x[near], loss[near], 2)
    inside = 0 < best < len(n) - 1
    lowest = -c1 / (2 * c2) if c2 > 0 else x[best]
    inside = inside and c2 > 0 and x[0] < lowest < x[-1]
    if not inside:
        lowest = x[best]
    size = float(np.exp(lowest))
    value = float(np.polyval((c2, c1, c0), lowest)) if inside else float(loss[best])
    return Minimum(size, flops / 6 / size, value, flops, bool(inside))


def _runs(n_params, n_tokens, losses) -> np.ndarray:
    columns = [
        _positive(name, values)
        for name, values in (("n_params", n_params), ("n_tokens", n_tokens), ("losses", losses))
    ]
    if len({len(c) for c in columns}) > 1:
        raise ValueError(
            f"n_params, n_tokens and losses have {', '.join(str(len(c)) for c in columns)} numbers; "
            "give one of each for every run"
        )
    for name, values in zip(("n_params", "n_tokens"), columns):
        if (n := len(set(values.tolist()))) < 3:
            raise ValueError(
                f"{name} has {n} different values; the law cannot be told from others with fewer than three"
            )
    if len(columns[0]) < 5:
        raise ValueError(f"there are {len(columns[0])} runs for five parameters; give five or more")
    return np.stack(columns)


def _positive(name: str, values) -> np.ndarray:
    values = np.array([np.nan if v is None else v for v in values], dtype=float)
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(
            f"{name}[{i}] is {values[i]}; every number must be positive and finite. "
            "Leave a run out if it diverged"
        )
    return values

"""Chapter 11's recorded runs, and the exercises of lab 11a against the library."""

import numpy as np
import pytest

from glassbox.course.exercises import scaling_laws
from glassbox.recordings import scaling_laws as recorded
from glassbox.scale import scaling, sweep
from glassbox.scale.bill import training_flops


@pytest.fixture(scope="module")
def run():
    return recorded.load()


def grid(run):
    return [r for r in run["runs"] if r["group"] == "grid"]


def test_the_recording_has_every_run_of_the_plan(run):
    planned = [*recorded.held_out_runs(), *sweep.recorded()]
    assert len(run["runs"]) == len(planned)
    for row, plan in zip(run["runs"], planned):
        assert (row["n_embd"], row["seed"], row["budget"]) == (plan.n_embd, plan.seed, plan.budget)
        assert row["n_params"] == plan.n_params
        assert row["n_tokens"] == plan.steps * plan.batch_size * plan.T
        assert row["flops"] == training_flops(row["n_params"], row["n_tokens"])
        assert row["status"] == "done" and row["loss"] > run["floor"]
    assert run["floor"] == pytest.approx(sweep.floor(), abs=1e-5)


def test_the_fit_in_the_file_is_the_fit_of_its_runs(run):
    n, d, loss = sweep.columns(grid(run))
    for kind, E in (("free", None), ("fixed", sweep.floor())):
        fit = scaling.fit_chinchilla(n, d, loss, E=E)
        assert fit.objective == pytest.approx(run["fits"][kind]["objective"], rel=1e-4)
        assert fit.alpha == pytest.approx(run["fits"][kind]["alpha"], rel=1e-2)


def test_the_held_out_models_are_four_times_larger_and_in_no_fit(run):
    largest = max(r["n_params"] for r in grid(run))
    held = [r for r in run["runs"] if r["group"] == "held_out"]
    assert len(held) == 3 and all(r["n_params"] >= 4 * largest for r in held)
    assert run["held_out"]["loss"] == pytest.approx(np.mean([r["loss"] for r in held]), abs=1e-4)
    texts = [r["n_tokens"] for r in grid(run)]
    assert min(texts) < held[0]["n_tokens"] < max(texts)


def test_every_minimum_shown_lies_inside(run):
    assert len(run["minima"]) >= 4
    assert all(m["interior"] for m in run["minima"])


def test_half_way_every_run_is_worse(run):
    assert all(r["half"] > r["loss"] for r in run["runs"])


def test_the_larger_model_lies_between_what_line_and_law_say(run):
    held = run["held_out"]
    assert (
        held["predicted"] < min(held["losses"]) <= max(held["losses"]) < held["fixed"]["predicted"]
    )
    for said in (held["predicted"], held["fixed"]["predicted"]):
        assert 0.1 < abs(said / held["loss"] - 1) < 0.25


def test_a_line_through_half_decayed_runs_is_wrong(run):
    held, equal = run["held_out"], [r for r in grid(run) if r["budget"] is None]
    assert len(equal) == 24 and {r["n_tokens"] for r in equal} == {held["n_tokens"]}
    line = scaling.fit_power_law(
        [r["n_params"] for r in equal], [r["half"] - run["floor"] for r in equal]
    )
    promised = run["floor"] + line(held["n_params"])
    assert promised > 1.2 * held["loss"]


def test_exercises_agree_with_the_library():
    fit = scaling.Fit(1.69, 406.4, 410.7, 0.34, 0.28, 0.0, 0)
    assert scaling_laws.law(7e9, 2e12, 1.69, 406.4, 410.7, 0.34, 0.28) == pytest.approx(
        fit.predict(7e9, 2e12)
    )
    assert scaling_laws.best_size(1e22, 406.4, 410.7, 0.34, 0.28) == pytest.approx(
        fit.optimal(1e22)[0]
    )
    line = scaling.fit_power_law([1, 10, 100], [8, 4, 2])
    assert scaling_laws.slope(1, 8, 100, 2) == pytest.approx(line.b)
    from scipy.special import huber

    for r in (-3.0, -0.5, 0.0, 0.2, 1.0, 4.0):
        assert scaling_laws.huber(r, 0.7) == pytest.approx(huber(0.7, r))


def test_every_part_of_the_plan_has_three_seeds(run):
    seeds = {}
    for r in run["runs"]:
        seeds.setdefault((r["n_embd"], r["n_tokens"], r["lr_scale"]), []).append(r["seed"])
    assert all(sorted(found) == [0, 1, 2] for found in seeds.values())


def test_what_was_said_in_advance_follows_from_the_recorded_runs(run):
    """It was computed from them before the model was trained; nobody has touched it since."""
    held, rows, said = run["held_out"], grid(run), recorded.SAID
    assert held["said"] == said and len(held["losses"]) == 3
    n, d = held["n_params"], held["n_tokens"]
    law = scaling.fit_chinchilla(*sweep.columns(rows), E=run["floor"])
    low, high = law.band(n, d)
    computed = {"line": held["predicted"], "line_low": held["low"], "line_high": held["high"]}
    computed |= {"law": law.predict(n, d), "law_low": low, "law_high": high}
    assert computed == pytest.approx(said, abs=1e-3)


def test_the_earlier_prediction_is_kept(run):
    earlier = run["earlier"]
    assert earlier["said"] == recorded.EARLIER_SAID and len(earlier["losses"]) == 3
    assert earlier["n_params"] == recorded.earlier_runs()[0].n_params

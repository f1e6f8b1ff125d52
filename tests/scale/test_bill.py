"""The bill: its units refuse nonsense, its steps give published figures, its ranges are carried as promised."""

import json
import math
import operator
import pickle
import re
import subprocess
import sys
from itertools import product
from types import SimpleNamespace

import numpy as np
import pint
import pytest
import torch

from glassbox.machine.model import GPT, GPTConfig
from glassbox.scale import bill, counting, meter, published
from glassbox.scale.bill import GPT3, central, spread, tornado, training_bill
from glassbox.scale.units import DimensionalityError, quantity, shown

# ---- units


def test_watts_and_watt_hours_cannot_be_added():
    with pytest.raises(pint.DimensionalityError) as caught:
        quantity("330 W") + quantity("2 Wh")
    assert "330 W is a power and 2 Wh is an energy: they cannot be added." in str(caught.value)
    assert "Multiply the power by the time" in str(caught.value)
    assert isinstance(caught.value, DimensionalityError)


@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.lt, operator.ge])
@pytest.mark.parametrize("other", ["3 USD", "3 h", "3 kg", "3 FLOP", "3 GPU*h"])
def test_what_does_not_fit_is_refused_in_a_sentence(op, other):
    with pytest.raises(DimensionalityError, match="they cannot be"):
        op(quantity("3 MWh"), quantity(other))


def test_what_fits_is_added_whatever_its_prefix():
    assert (quantity("3 kWh") + quantity("7.2 MJ")).to("kWh").m == pytest.approx(5)
    assert sum([quantity("3 W"), quantity("4 W")]).m == 7


def test_a_number_is_no_quantity():
    with pytest.raises(DimensionalityError, match="3 is a plain number"):
        quantity("330 W") + 3
    with pytest.raises(
        ValueError, match='a number without a unit; write it with one, such as "330 W/GPU"'
    ):
        bill.energy("1 GPU*h", 330)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: bill.energy("3 h", "330 W/GPU"),
            "time_on_chips is 3 h, a time; it must be time on a chip",
        ),
        (lambda: bill.cost("3 GPU*h", "330 W/GPU"), "price is 330 W/GPU, the power of a chip"),
        (
            lambda: bill.gpu_time(1e20, "312 TFLOP/s"),
            "peak is 312 TFLOP/s, a speed; it must be the speed of a chip",
        ),
        (lambda: bill.gpu_time(1e20, "312 TFLOP/s/GPU", 30), "30% is 0.3"),
        (lambda: bill.gpu_time(1e20, "312 TFLOP/s/GPU", 0), "utilization is 0"),
        (lambda: bill.gpu_time(-1, "312 TFLOP/s/GPU"), "flops is -1 FLOP; it must be a finite"),
        (lambda: bill.energy("3 GPU*h", "330 W/GPU", pue=0.9), "pue is 0.9"),
        (lambda: bill.carbon("3 MWh", "429 kWh"), "grid is 429 kWh, an energy"),
        (lambda: bill.water("3 MWh", "0.5 g/kWh"), "intensity is 0.5 g/kWh, a mass for each unit"),
        (lambda: bill.average_power("3 MWh", "0 h"), "time is 0 h"),
        (lambda: bill.wall_time("3 GPU*h", 0), "n_gpus is 0"),
        (lambda: bill.memory(-1), "n_params is -1"),
        (lambda: quantity("3 blub"), "'3 blub', which is no quantity"),
        (lambda: quantity("nan W"), "is nan W|no quantity"),
        (lambda: quantity("3 USD").to("kWh"), "3 USD is money; it cannot be given in kWh"),
        (lambda: quantity("3 USD").to("blub"), "'blub' is not a unit"),
        (lambda: published.table("chip"), "no table 'chip'; there are chips"),
        (lambda: published.row("chips", "A1000"), "no 'A1000'; it has V100, A100"),
        (lambda: meter.modelled(-1), "cpu_seconds is -1"),
        (lambda: bill.wright(1, 1, 1), "fall is 1"),
        (lambda: bill.yearly_change(1, 0, 1), "last is 0"),
        (lambda: bill.Range(2, 1, 3, "W"), "it must rise"),
        (lambda: training_bill(central(GPT3) | {"watt": 3}), r"unknown: \['watt'\]"),
        (lambda: training_bill({}), "inputs missing"),
        (lambda: training_bill(central(GPT3) | {"pue": -1}), "pue is -1"),
        (lambda: tornado(GPT3, "dollars"), "result is 'dollars'; it must be one of"),
        (lambda: spread(GPT3, "dollars"), "result is 'dollars'; it must be one of"),
        (lambda: counting.by_part(GPTConfig(8, 8, 1, 1, 8), 0), "T is 0"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((ValueError, pint.DimensionalityError), match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_the_error_survives_a_process():
    with pytest.raises(DimensionalityError) as caught:
        quantity("1 W") + quantity("1 Wh")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_numbers_need_no_pint():
    """The sweep counts operations in every worker; it does not wait for a library of units."""
    code = "import sys; from glassbox.scale import bill, published; bill.training_bill(bill.central(bill.GPT3)); print('pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


# ---- the steps against what others published


def test_lambdas_estimate():
    """355 V100-years and 4.6 million dollars, at 28 TFLOP/s and 1.50 an hour (Li 2020)."""
    time = bill.gpu_time(3.14e23, "28 TFLOP/s/GPU")
    assert time.to("GPU*year").m == pytest.approx(355, rel=0.01)
    assert bill.cost(time, "1.50 USD/GPU/h").m == pytest.approx(4.6e6, rel=0.02)


def test_pattersons_estimate():
    """Patterson et al. 2021, table 4: 14.8 days on 10,000 chips, 1,287 MWh, 552 t."""
    time = bill.gpu_time(3.14e23, "24.6 TFLOP/s/GPU")
    used = bill.energy(time, "330 W/GPU", 1.10)
    days = bill.wall_time(time, 10_000)
    assert days.m == pytest.approx(14.8, rel=0.01)
    assert used.m == pytest.approx(1287, rel=0.01)
    assert bill.carbon(used, "429 g/kWh").m == pytest.approx(552, rel=0.01)
    assert bill.average_power(used, days).m == pytest.approx(3.63, rel=0.01)


def test_epochs_question():
    """You 2025: 0.3 Wh for 500 tokens of GPT-4o, from their own sheet's inputs."""
    time = bill.gpu_time(bill.answering_flops(100e9, 500), "989 TFLOP/s/GPU", 0.1)
    used = bill.energy(time, quantity("1275 W/GPU") * 0.7, 1.2)
    assert used.to("Wh").m == pytest.approx(0.301, abs=0.002)


def test_blooms_and_llamas_own_figures():
    for name in ("BLOOM", "Llama 3.1 405B"):
        run = published.row("runs", name)
        used = bill.energy(f"{run['gpu_hours']} GPU*h", f"{run['power']} W/GPU", run["pue"])
        if run["energy"]:
            assert used.m == pytest.approx(run["energy"], rel=0.01)
        if run["grid"]:
            assert bill.carbon(used, f"{run['grid']} g/kWh").m == pytest.approx(
                run["carbon"], rel=0.01
            )
        peak = published.row("chips", run["chip"])["peak"]
        flops = bill.training_flops(run["n_params"], run["n_tokens"])
        assert 0.25 < flops / (run["gpu_hours"] * 3600 * peak) < 0.5  # utilization that can be


def test_memory_of_gpt3():
    assert shown(bill.memory(175e9, 4)) == "700 GB" and shown(bill.memory(175e9)) == "350 GB"


def test_prices_fall_as_arithmetic_says():
    assert bill.yearly_change(8, 1, 3) == pytest.approx(-0.5)
    arks = bill.wright(450e3, 8, 0.7)  # 70% a year from 2022, to about 30 dollars in 2030
    assert arks == pytest.approx(30, rel=0.02)
    assert bill.wright(100, 3, 0.2) == pytest.approx(51.2) and bill.wright(5, 0, 0.3) == 5


# ---- the whole bill


def test_the_flat_bill_agrees_with_the_one_with_units():
    rng = np.random.default_rng(0)
    for _ in range(20):
        given = {
            n: float(np.exp(rng.uniform(math.log(r.low), math.log(r.high))))
            for n, r in GPT3.items()
        }
        out = training_bill(given)
        flops = bill.training_flops(given["n_params"], given["n_tokens"]) * given["runs"]
        time = bill.gpu_time(flops, f"{given['peak']} FLOP/s/GPU", given["utilization"])
        used = bill.energy(time, f"{given['power']} W/GPU", given["pue"])
        days = bill.wall_time(time, given["n_devices"])
        steps = {
            "device_hours": time,
            "device_years": time,
            "days": days,
            "energy": used,
            "average_power": bill.average_power(used, days),
            "cost": bill.cost(time, f"{given['price']} USD/GPU/h"),
            "carbon": bill.carbon(used, f"{given['grid']} g/kWh"),
            "water": bill.water(used, f"{given['water']} L/kWh"),
            "electricity_cost": used * quantity(f"{given['electricity']} USD/kWh"),
        }
        for name, step in steps.items():
            assert out[name] == pytest.approx(step.to(bill.UNITS[name]).m, rel=1e-9), name
        assert out["electricity_share"] == pytest.approx(out["electricity_cost"] / out["cost"])


@pytest.mark.parametrize("result", list(bill.UNITS))
def test_a_spread_holds_every_corner_and_its_likely_part_lies_inside(result):
    around, middle = spread(GPT3, result), central(GPT3)
    moving = [row["name"] for row in tornado(GPT3, result)]
    corners = [
        training_bill(middle | dict(zip(moving, ends)))[result]
        for ends in product(*((GPT3[n].low, GPT3[n].high) for n in moving))
    ]
    assert around["least"] == pytest.approx(min(corners))
    assert around["most"] == pytest.approx(max(corners))
    assert list(around.values()) == sorted(around.values())


def test_a_tornado_is_the_swing_of_one_input_widest_first():
    rows = tornado(GPT3, "cost")
    assert [row["name"] for row in rows] == ["runs", "price", "utilization"]
    assert [row["factor"] for row in rows] == pytest.approx([10, 3.90 / 0.55, 0.48 / 0.1968])
    low = training_bill(central(GPT3) | {"price": 0.55})["cost"]
    assert rows[1]["low"] == low
    assert tornado(GPT3, "flops")[0]["name"] == "runs" and len(tornado(GPT3, "flops")) == 1


# ---- counting


@pytest.mark.parametrize(
    "config",
    [
        GPTConfig(512, 128, 4, 4, 128),
        GPTConfig(300, 64, 2, 2, 48),
        GPTConfig.gpt2(200, 32, 2, 2, 32),
    ],
)
def test_three_ways_of_counting_agree(config):
    model, T, B = GPT(config), config.block_size, 4
    idx = torch.randint(0, config.vocab_size, (2, B, T), generator=torch.Generator().manual_seed(0))
    hand = sum(counting.by_part(config, T).values()) * B * T
    operations = counting.by_operation(model, *idx)
    assert hand == model.flops_per_token(T) * B * T
    assert sum(operations.values()) == pytest.approx(hand, rel=0.05)
    assert operations["backward"] == pytest.approx(2 * operations["forward"], rel=0.05)
    assert sum(counting.by_profiler(model, *idx).values()) == pytest.approx(hand, rel=0.05)
    assert counting.n_weights(config) <= model.num_params() < counting.n_weights(config) * 1.05


def test_gpt3_has_its_published_number_of_weights():
    """Brown et al., table D.1: 174,600 million parameters, 3.14e23 operations."""
    gpt3 = GPTConfig.gpt2(block_size=2048, n_layer=96, n_head=96, n_embd=12288)
    assert counting.n_weights(gpt3) == pytest.approx(174.6e9, rel=1e-3)
    assert bill.training_flops(counting.n_weights(gpt3), 300e9) == pytest.approx(3.14e23, rel=2e-3)


def test_the_best_rate_is_that_of_a_large_product():
    assert counting.best_rate(size=64, seconds=0.01) > 0


# ---- joules


def zone(folder, name, micro, most=100_000_000):
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "energy_uj").write_text(str(micro))
    (folder / name / "max_energy_range_uj").write_text(str(most))


def test_a_readable_counter_is_read_over_all_packages_and_over_its_end(tmp_path):
    zone(tmp_path, "intel-rapl:0", 99_000_000)
    zone(tmp_path, "intel-rapl:1", 10_000_000)
    zone(tmp_path, "intel-rapl:0:0", 5)  # a part of package 0
    with meter.Meter(folder=tmp_path) as measured:
        zone(tmp_path, "intel-rapl:0", 2_000_000)  # it started over: 3 J
        zone(tmp_path, "intel-rapl:1", 14_000_000)  # 4 J
    assert measured.joules == pytest.approx(7) and measured.source == "RAPL"


def test_without_a_counter_there_is_none(tmp_path):
    with meter.Meter(folder=tmp_path / "not there") as measured:
        sum(range(10_000))
    assert measured.joules is None and measured.source == "no counter"
    assert measured.seconds > 0 and measured.cpu >= 0


def test_a_counter_that_may_not_be_read_is_none(tmp_path, monkeypatch):
    zone(tmp_path, "intel-rapl:0", 1)

    def forbidden(self, *args, **kwargs):
        raise PermissionError("administrators only")

    monkeypatch.setattr(type(tmp_path), "read_text", forbidden)
    assert meter.rapl(tmp_path) == {}


def test_a_gpu_is_asked_by_nvml(monkeypatch):
    readings = iter([5_000, 9_500])
    fake = SimpleNamespace(
        nvmlInit=lambda: None,
        nvmlDeviceGetCount=lambda: 1,
        nvmlDeviceGetHandleByIndex=lambda i: i,
        nvmlDeviceGetTotalEnergyConsumption=lambda handle: next(readings),
    )
    monkeypatch.setitem(sys.modules, "pynvml", fake)
    with meter.Meter("cuda") as measured:
        pass
    assert measured.joules == pytest.approx(4.5) and measured.source == "NVML"


def test_a_modelled_energy_is_a_range():
    low, middle, high = meter.modelled(3600)
    assert low < middle < high and middle / 3600 == pytest.approx(meter.WATTS_A_CORE[1])


# ---- tables


def test_every_typed_row_has_its_source_and_nothing_below_zero():
    tables = json.loads(published.FILE.read_text(encoding="utf-8"))
    assert set(tables) == {"about", *published.TABLES}
    for name in published.TABLES:
        for row in tables[name]:
            assert row.get("source") or row.get("why"), row
            assert all(v > 0 for v in row.values() if isinstance(v, int | float)), row
            assert "date" not in row or len(row["date"]) == 7


def test_a_source_is_in_the_bibliography_or_has_an_address():
    bib = (published.FILE.parents[2] / "seeds" / "references.bib").read_text(encoding="utf-8")
    for name in ("chips", "runs", "rents", "prices", "queries"):
        for row in published.table(name):
            keys = re.findall(r"\b[a-z]+20\d\d[a-z]\w*", row["source"])
            assert keys or re.search(r"\w\.(com|org|ai)\b", row["source"]), row
            assert all(f"{{{key}," in bib for key in keys), keys


def test_the_bars_of_another_bill_are_its_own():
    """A product of two inputs: each alone moves it as far as its own range, whatever the result is called."""
    ranges = {"a": bill.Range(1, 2, 3, ""), "b": bill.Range(1, 4, 20, "")}
    rows = bill.tornado(ranges, "area", lambda x: {"area": x["a"] * x["b"]})
    assert [(row["name"], row["low"], row["high"]) for row in rows] == [("b", 2, 40), ("a", 4, 12)]
    with pytest.raises(ValueError, match="result is 'area'"):
        bill.tornado(bill.GPT3, "area")

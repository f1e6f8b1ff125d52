"""What a training run costs: operations, time on chips, energy, money, carbon dioxide, water.

`training_flops` is a plain number. Everything after it is a quantity with its unit (`scale.units`): each
function is one step of the bill, and refuses what does not fit. `training_bill` is the whole bill at once
in plain numbers, for charts and for trying thousands of guesses; the figure of chapter 12 computes the
same. `tornado` and `spread` carry ranges through it.

Left out: people, data, failed runs (a factor, `runs`), buildings, and making the chips.

Sources: Kaplan et al. 2020, arXiv:2001.08361, section 2.1, for 6 N D: a weight costs one multiplication
and one addition going forward, and twice that going back. Patterson et al. 2021, arXiv:2104.10350, for
time on chips to energy to carbon.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glassbox.scale.units import Quantity


def training_flops(n_params: float, n_tokens: float) -> float:
    """Floating-point operations to train: 6 for each parameter and token.

    It leaves out attention's own products, which matter for small models with long windows; see
    `machine.model.GPT.flops_per_token`. GPT-3, 175 billion parameters and 300 billion tokens:

    >>> f"{training_flops(175e9, 300e9):.2e}"
    '3.15e+23'

    Raises ValueError for a count that is negative.
    """
    for name, n in (("n_params", n_params), ("n_tokens", n_tokens)):
        if not n >= 0:
            raise ValueError(f"{name} is {n}; it must be 0 or more")
    return 6.0 * n_params * n_tokens


# ---------------------------------------------------------------------------------------------
# The bill step by step, with units. Arguments are quantities or texts such as "330 W/GPU".


def gpu_time(flops, peak, utilization: float = 1.0) -> Quantity:
    """Time on chips: operations over what a chip really does of its peak, FLOP/s/GPU.

    flops        operations, a quantity or a plain number
    utilization  the share of the peak that the run gets, 0 to 1

    GPT-3 on V100 chips at 24.6 of 125 TFLOP/s, as OpenAI told Patterson et al.:

    >>> print(gpu_time(3.14e23, "24.6 TFLOP/s/GPU").to("GPU*year").round())
    404.0 GPU·a
    """
    if not 0 < utilization <= 1:
        raise ValueError(
            f"utilization is {utilization}; it is a share above 0 and up to 1, so 30% is 0.3"
        )
    if isinstance(flops, int | float):
        flops = f"{flops!r} FLOP"
    work, peak = _take(flops, "FLOP", "flops"), _take(peak, "FLOP/s/GPU", "peak")
    if not peak.m > 0:
        raise ValueError("peak is 0 FLOP/s; a chip that does nothing never ends")
    return (work / (peak * utilization)).to("GPU*h")


def wall_time(time_on_chips, n_gpus: float) -> Quantity:
    """Days on a calendar, if so many chips share the work and lose nothing by it.

    >>> print(wall_time("404 GPU*year", 10_000).round(1))
    14.8 d
    """
    if not n_gpus > 0:
        raise ValueError(f"n_gpus is {n_gpus}; it must be above 0")
    chips = _take(f"{float(n_gpus)} GPU", "GPU", "n_gpus")
    return (_take(time_on_chips, "GPU*h", "time_on_chips") / chips).to("days")


def energy(time_on_chips, power, pue: float = 1.0) -> Quantity:
    """Energy at the meter: time on chips, the power of a chip with its share of the server, the building.

    power  W/GPU
    pue    what the whole building draws over what its computers draw, 1 or more

    GPT-3, with 330 W for each V100 and 10% for the building (Patterson et al., table 4):

    >>> print(energy("405 GPU*year", "330 W/GPU", pue=1.1).round(-1))
    1290.0 MWh
    """
    if not pue >= 1:
        raise ValueError(
            f"pue is {pue}; a building draws at least what its computers draw: 1 or more"
        )
    on, power = _take(time_on_chips, "GPU*h", "time_on_chips"), _take(power, "W/GPU", "power")
    return (on * power * pue).to("MWh")


def average_power(used, time) -> Quantity:
    """What an energy over a time is as a power.

    >>> print(average_power("1287 MWh", "14.8 days").round(1))
    3.6 MW
    """
    time = _take(time, "h", "time")
    if not time.m > 0:
        raise ValueError("time is 0 h; an energy in no time has no power")
    return (_take(used, "MWh", "used") / time).to("MW")


def cost(time_on_chips, price) -> Quantity:
    """Rent: time on chips times the price of an hour, USD/GPU/h.

    >>> print(cost("355 GPU*year", "1.50 USD/GPU/h").round(-5))  # Lambda's estimate for GPT-3
    4700000.0 USD
    """
    on, price = _take(time_on_chips, "GPU*h", "time_on_chips"), _take(price, "USD/GPU/h", "price")
    return (on * price).to("USD")


def carbon(used, grid) -> Quantity:
    """Carbon dioxide (with other gases in its measure) of an energy, on a grid of so many g/kWh.

    >>> print(carbon("1287 MWh", "429 g/kWh").round())  # Patterson et al. for GPT-3
    552.0 t
    """
    return (_take(used, "MWh", "used") * _take(grid, "g/kWh", "grid")).to("tonne")


def water(used, intensity) -> Quantity:
    """Water that evaporates for an energy, at so many L/kWh, on the site alone or at power stations too.

    >>> print(water("1287 MWh", "0.55 L/kWh").round(-3))  # on the site, Li et al. 2023
    708000.0 l
    """
    return (_take(used, "MWh", "used") * _take(intensity, "L/kWh", "intensity")).to("L")


def memory(n_params: float, bytes_each: float = 2.0) -> Quantity:
    """Memory of the weights: 4 bytes each in fp32, 2 in bf16, half a byte in 4 bits.

    >>> print(memory(175e9, 4))
    700.0 GB
    """
    for name, n in (("n_params", n_params), ("bytes_each", bytes_each)):
        if not n >= 0:
            raise ValueError(f"{name} is {n}; it must be 0 or more")
    return _take(f"{float(n_params * bytes_each)} byte", "byte", "n_params").to("GB")


def answering_flops(n_params: float, n_tokens: float) -> float:
    """Operations to read or write so many tokens: 2 for each parameter and token, forward only.

    >>> f"{answering_flops(100e9, 500):.0e}"
    '1e+14'
    """
    return training_flops(n_params, n_tokens) / 3


def _take(value, unit: str, name: str) -> Quantity:
    from glassbox.scale.units import quantity  # pint takes a quarter of a second

    return quantity(value, unit, name)


# ---------------------------------------------------------------------------------------------
# The whole bill in plain numbers, and what is not known about it


@dataclass(frozen=True)
class Range:
    """An input of the bill: lowest, central and highest value that can be argued for, and why."""

    low: float
    central: float
    high: float
    unit: str
    why: str = ""

    def __post_init__(self):
        if not 0 < self.low <= self.central <= self.high < math.inf:
            raise ValueError(
                f"the range is {self.low}, {self.central}, {self.high}; it must rise and be above 0"
            )


def training_bill(inputs: Mapping[str, float]) -> dict[str, float]:
    """All steps from size to money, energy, carbon dioxide and water, in the units of `UNITS`.

    inputs  a number for each name in `GPT3`, in the unit that is noted there

    >>> bill = training_bill(central(GPT3))
    >>> f"{bill['device_years']:.0f} V100-years, {bill['energy']:.0f} MWh, {bill['carbon']:.0f} t"
    '405 V100-years, 1288 MWh, 553 t'

    Raises ValueError for a name that is missing or unknown, and for a number that is not above 0.
    """
    _check_inputs(inputs)
    flops = training_flops(inputs["n_params"], inputs["n_tokens"]) * inputs["runs"]
    hours = flops / (inputs["peak"] * inputs["utilization"]) / 3600  # on one device
    days = hours / inputs["n_devices"] / 24
    used = hours * inputs["power"] * inputs["pue"] / 1e6  # MWh
    paid, for_energy = hours * inputs["price"], used * 1000 * inputs["electricity"]
    return {
        "flops": flops,
        "device_hours": hours,
        "device_years": hours / HOURS_A_YEAR,
        "days": days,
        "energy": used,
        "average_power": used / (days * 24),
        "cost": paid,
        "electricity_cost": for_energy,
        "electricity_share": for_energy / paid,
        "carbon": used * inputs["grid"] / 1000,
        "water": used * inputs["water"],
    }


HOURS_A_YEAR = 8766.0  # 365.25 days

UNITS = {
    "flops": "FLOP", "device_hours": "GPU*h", "device_years": "GPU*year", "days": "day",
    "energy": "MWh", "average_power": "MW", "cost": "USD", "electricity_cost": "USD",
    "electricity_share": "", "carbon": "tonne", "water": "m^3",
}  # fmt: skip

GPT3 = {  # with what was known and guessed of it; keys of sources as in the bibliography
    "n_params": Range(174.6e9, 174.6e9, 174.6e9, "parameters", "brown2020gpt3, table D.1"),
    "n_tokens": Range(300e9, 300e9, 300e9, "tokens", "brown2020gpt3, table D.1"),
    "runs": Range(1.0, 1.0, 10.0, "", "trials and failed runs, unpublished; a tenth went into final runs in 2024"),
    "peak": Range(125e12, 125e12, 125e12, "FLOP/s/GPU", "V100, half precision: nvidia2017v100"),
    "utilization": Range(
        0.1968, 0.1968, 0.48, "", "24.6 TFLOP/s: OpenAI to patterson2021carbon; 48% on one V100: NVIDIA"
    ),
    "power": Range(300, 330, 430, "W/GPU", "the chip alone; patterson2021carbon; a server's rating"),
    "pue": Range(1.10, 1.10, 1.59, "", "patterson2021carbon; an average building of 2020"),
    "price": Range(0.55, 1.50, 3.90, "USD/GPU/h", "Lambda's later list; li2020gpt3cost; Amazon's list"),
    "grid": Range(20, 429, 737, "g/kWh", "Quebec, Iowa: lacoste2019quantifying; patterson2021carbon"),
    "water": Range(0.55, 4.2, 4.2, "L/kWh", "the site alone; with power stations: li2023thirsty"),
    "electricity": Range(0.04, 0.07, 0.12, "USD/kWh", "contracts of large US buyers"),
    "n_devices": Range(1_000, 10_000, 10_000, "GPU", "unpublished; patterson2021carbon takes 10,000"),
}  # fmt: skip


def central(ranges: Mapping[str, Range]) -> dict[str, float]:
    """The central value of each input."""
    return {name: r.central for name, r in ranges.items()}


def tornado(ranges: Mapping[str, Range], result: str, bill=training_bill) -> list[dict]:
    """How far each input alone moves a result, from its low end to its high end; the widest first.

    bill  what turns inputs into results, all above 0; the bill of a training run unless another is given

    Rows {"name", "low", "high", "factor"}: the result at the input's low and high end, all others at
    their central values, and how many times the larger is the smaller. Inputs that move nothing are
    left out.

    >>> [row["name"] for row in tornado(GPT3, "carbon")][:2]
    ['grid', 'runs']
    """
    if bill is training_bill:
        _check_result(result)
    rows, middle = [], central(ranges)
    for name, r in ranges.items():
        low, high = (bill(middle | {name: end})[result] for end in (r.low, r.high))
        factor = max(low, high) / min(low, high)
        if factor > 1 + 1e-9:
            rows.append({"name": name, "low": low, "high": high, "factor": factor})
    return sorted(rows, key=lambda row: -row["factor"])


def spread(ranges: Mapping[str, Range], result: str) -> dict[str, float]:
    """A result with its range: {"least", "low", "central", "high", "most"}.

    "least" and "most" take every input at its worst together, which is hardly ever right. "low" and
    "high" let the inputs err each by itself: their steps, in logarithms, are added as the sides of a
    right-angled triangle, as one adds independent errors.

    >>> bill = spread(GPT3, "cost")
    >>> bill["least"] < bill["low"] < bill["central"] < bill["high"] < bill["most"]
    True
    """
    middle = training_bill(central(ranges))[result] if result in UNITS else _check_result(result)
    down, up = [], []
    for row in tornado(ranges, result):
        steps = [math.log(row[end] / middle) for end in ("low", "high")]
        down.append(min(*steps, 0.0))
        up.append(max(*steps, 0.0))
    steps = {
        "least": sum(down), "low": -math.hypot(*down), "central": 0.0,
        "high": math.hypot(*up), "most": sum(up),
    }  # fmt: skip
    return {name: middle * math.exp(step) for name, step in steps.items()}


def _check_inputs(inputs: Mapping[str, float]) -> None:
    if set(inputs) != set(GPT3):
        missing, unknown = sorted(set(GPT3) - set(inputs)), sorted(set(inputs) - set(GPT3))
        raise ValueError(f"inputs missing: {missing}, unknown: {unknown}; they are {sorted(GPT3)}")
    for name, value in inputs.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} is {value}; it must be a number above 0")


def _check_result(result: str) -> None:
    if result not in UNITS:
        raise ValueError(f"result is {result!r}; it must be one of {list(UNITS)}")


# ---------------------------------------------------------------------------------------------
# Prices that fall


def yearly_change(first: float, last: float, years: float) -> float:
    """By what share a price changed each year, if by the same share every year.

    >>> f"{yearly_change(4.6e6, 450e3, 2):.0%}"  # ARK's figures for GPT-3, 2020 to 2022
    '-69%'
    """
    for name, value in (("first", first), ("last", last), ("years", years)):
        if not value > 0:
            raise ValueError(f"{name} is {value}; it must be above 0")
    return (last / first) ** (1 / years) - 1


def wright(first: float, doublings: float, fall: float) -> float:
    """A price after so many doublings of all that was ever made, if each takes away the share `fall`.

    Wright 1936, "Factors affecting the cost of airplanes": the law is about what was made, not about
    time; a forecast for a year needs a guess of how much will be made.

    >>> wright(100.0, 3, 0.2)
    51.2
    """
    if not 0 <= fall < 1:
        raise ValueError(f"fall is {fall}; it is a share of at least 0 and below 1")
    return round(first * (1 - fall) ** doublings, 12)

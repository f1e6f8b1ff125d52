"""Quantities with their units, so that a power and an energy cannot be added by mistake.

One registry (of the library pint) for all of chapter 12. To its units are added FLOP (an operation, not
a speed), token, query, GPU (one chip of whatever kind) and USD. Adding what does not fit raises pint's
DimensionalityError, with a sentence that says what each is and what to do.

    >>> (quantity("330 W") * quantity("14.8 days")).to("kWh")
    <Quantity(117.216, 'kilowatt_hour')>
    >>> quantity("330 W") + quantity("2 Wh")
    Traceback (most recent call last):
        ...
    glassbox.scale.units.DimensionalityError: 330 W is a power and 2 Wh is an energy: they cannot be added. \
Multiply the power by the time that it runs, and it is an energy too.

Importing pint takes a quarter of a second; `scale.bill` waits with it until a quantity is asked for.
"""

from __future__ import annotations

import math

import pint

KINDS = {  # an example of each kind of quantity -> what a sentence calls it
    "W": "a power",
    "Wh": "an energy",
    "h": "a time",
    "USD": "money",
    "FLOP": "a number of operations",
    "FLOP/s": "a speed",
    "GPU*h": "time on a chip",
    "FLOP/s/GPU": "the speed of a chip",
    "W/GPU": "the power of a chip",
    "USD/GPU/h": "the price of an hour on a chip",
    "USD/kWh": "the price of electricity",
    "g": "a mass",
    "L": "a volume",
    "g/kWh": "a mass for each unit of energy",
    "L/kWh": "a volume for each unit of energy",
    "byte": "an amount of memory",
    "token": "a number of tokens",
    "USD/token": "the price of a token",
    "dimensionless": "a plain number",
}


class DimensionalityError(pint.DimensionalityError):
    """Two quantities of different kinds; says so in one sentence."""

    def __init__(self, said: str, units1, units2):
        super().__init__(units1, units2)
        self.said = said

    def __str__(self) -> str:
        return self.said

    def __reduce__(self):
        return DimensionalityError, (self.said, self.units1, self.units2)


class Quantity(pint.UnitRegistry.Quantity):
    """A number with its unit, whose errors are sentences."""

    def __add__(self, other):
        return _or_sentence(super().__add__, self, other, "added")

    __radd__ = __add__

    def __sub__(self, other):
        return _or_sentence(super().__sub__, self, other, "subtracted")

    def compare(self, other, op):
        return _or_sentence(lambda b: super(Quantity, self).compare(b, op), self, other, "compared")

    def to(self, other=None, *contexts, **values):
        try:
            return super().to(other, *contexts, **values)
        except pint.DimensionalityError as e:
            wanted = self._REGISTRY.Quantity(1, other)
            said = f"{shown(self)} is {kind(self)}; it cannot be given in {other}, which is for {kind(wanted)}"
            raise DimensionalityError(said, e.units1, e.units2) from None
        except pint.UndefinedUnitError as e:
            raise ValueError(
                f"{other!r} is not a unit: {e}; such as 'kWh', 'USD', 'days'"
            ) from None


class Registry(pint.UnitRegistry):
    """pint's registry with the units of a bill."""

    Quantity = Quantity


def _registry() -> Registry:
    made = Registry(cache_folder=None)
    for unit in ("FLOP = [operation]", "token = [token]", "query = [query]", "GPU = [chip]"):
        made.define(unit)
    made.define("USD = [money]")
    made.define("cent = USD / 100")
    made.formatter.default_format = "~P"
    return made


ureg = _registry()


def quantity(value, unit: str | None = None, name: str = "the quantity") -> Quantity:
    """A text or a quantity as a quantity that fits `unit`, and is in it; errors call it `name`.

    >>> quantity("0.33 kW/GPU", "W/GPU")
    <Quantity(330.0, 'watt / GPU')>
    >>> quantity(330, "W/GPU", "power")
    Traceback (most recent call last):
        ...
    ValueError: power is 330, a number without a unit; write it with one, such as "330 W/GPU"

    Raises ValueError for a number without a unit, a text that is no quantity, and for less than nothing;
    DimensionalityError for a quantity of another kind.
    """
    found = _read(value, unit, name)
    if not found.m >= 0 or math.isinf(found.m):
        raise ValueError(f"{name} is {shown(found)}; it must be a finite quantity, 0 or more")
    if unit is None:
        return found
    if not found.is_compatible_with(unit):
        wanted = kind(ureg.Quantity(1, unit))
        said = (
            f"{name} is {shown(found)}, {kind(found)}; it must be {wanted}, in units such as {unit}"
        )
        raise DimensionalityError(said, found.units, ureg.Unit(unit))
    return found.to(unit)


def _read(value, unit: str | None, name: str) -> Quantity:
    if isinstance(value, Quantity):
        return value
    if not isinstance(value, str):
        example = f"{value} {unit}" if unit else f"{value} W"
        raise ValueError(
            f'{name} is {value}, a number without a unit; write it with one, such as "{example}"'
        )
    try:
        return ureg.Quantity(value)
    except Exception as e:  # pint's parser raises errors of many kinds
        such = f"330 {unit}" if unit else "330 W"
        raise ValueError(
            f'{name} is {value!r}, which is no quantity ({e}); write "{such}"'
        ) from None


def kind(q) -> str:
    """What a sentence calls this kind of quantity.

    >>> kind(quantity("3 MWh")), kind(quantity("3 MWh/day"))
    ('an energy', 'a power')
    """
    if not isinstance(q, Quantity):
        return "a plain number"
    for unit, name in KINDS.items():
        if q.is_compatible_with(unit):
            return name
    return f"of the dimension {q.dimensionality}"


def shown(q, digits: int = 4) -> str:
    """A quantity as people write it: `3.6 MW`.

    >>> shown(quantity("3.6e6 W").to("MW"))
    '3.6 MW'
    """
    return f"{q:,.{digits}g~P}" if isinstance(q, Quantity) else f"{q}"


def _or_sentence(operation, a, b, done: str):
    try:
        return operation(b)
    except pint.DimensionalityError as e:
        said = f"{shown(a)} is {kind(a)} and {shown(b)} is {kind(b)}: they cannot be {done}."
        raise DimensionalityError(said + _remedy(kind(a), kind(b)), e.units1, e.units2) from None


def _remedy(*kinds: str) -> str:
    if set(kinds) == {"a power", "an energy"}:
        return " Multiply the power by the time that it runs, and it is an energy too."
    if "a plain number" in kinds:
        return ' Give the number its unit: quantity("3 MWh").'
    return " Convert one of them into what the other is, with a price or a rate, first."

"""Exercises of lab 12: attention's operations, hours on a chip, an energy, a price that falls."""

from glassbox.course.exercises import Exercise


def attention_flops(T, C):
    """Operations, forward, of one layer's two attention products over a row of T tokens of width C."""
    return 2 * 2 * T * T * C


def gpu_hours(flops, peak, utilization):
    """Hours that one chip needs; peak in operations a second, of which it gets the share utilization."""
    return flops / (peak * utilization) / 3600


def energy_kwh(watts, hours, pue):
    """Kilowatt-hours at the meter of a building that draws pue times what its computers draw."""
    return watts * hours * pue / 1000


def yearly_fall(first, last, years):
    """The share that a price loses every year, if it is the same share each year."""
    return 1 - (last / first) ** (1 / years)


EXERCISES = [
    Exercise(
        name="attention_flops",
        solution=attention_flops,
        cases=((256, 96), (1, 1), (2048, 12288), (3, 5), (100, 8)),
        hints=(
            "Two products: each query with each key, and each row of weights with the values.",
            "T queries meet T keys, and each meeting multiplies and adds C times: 2 T T C operations.",
            "Mixing the values takes as many again: 4 T T C.",
        ),
        mistakes={
            "one product": (
                lambda T, C: 2 * T * T * C,
                "that is one product. There are two: scores, then mixing the values.",
            ),
            "no additions": (
                lambda T, C: 2 * T * T * C / 2,
                "you counted multiplications of one product only. Each comes with an addition, and "
                "there are two products.",
            ),
            "one query": (
                lambda T, C: 4 * T * C,
                "that is for one query. All T tokens ask.",
            ),
            "the wrong square": (
                lambda T, C: 4 * T * C * C,
                "width is squared in the matrices of weights. Here every token meets every token.",
            ),
            "way back": (
                lambda T, C: 12 * T * T * C,
                "that counts the way back too. Asked for is the way forward.",
            ),
        },
    ),
    Exercise(
        name="gpu_hours",
        solution=gpu_hours,
        cases=(
            (3.14e23, 125e12, 0.2),
            (3.6e15, 1e12, 1.0),
            (7.2e18, 2e15, 0.5),
            (1e20, 312e12, 0.45),
            (5e18, 1e14, 0.25),
        ),
        hints=(
            "Operations divided by operations a second are seconds.",
            "The chip gets only a share of its peak: it does peak * utilization in a second.",
            "flops / (peak * utilization) are seconds; an hour has 3,600.",
        ),
        mistakes={
            "at its peak": (
                lambda flops, peak, utilization: flops / peak / 3600,
                "that takes the peak for granted. The chip gets only the share utilization of it.",
            ),
            "faster than the peak": (
                lambda flops, peak, utilization: flops / peak * utilization / 3600,
                "a chip that is used less would be done sooner. Divide by peak times utilization.",
            ),
            "seconds": (
                lambda flops, peak, utilization: flops / (peak * utilization),
                "those are seconds. An hour has 3,600.",
            ),
            "days": (
                lambda flops, peak, utilization: flops / (peak * utilization) / 86400,
                "those are days. Divide the seconds by 3,600.",
            ),
            "minutes": (
                lambda flops, peak, utilization: flops / (peak * utilization) / 60,
                "those are minutes. An hour has 60 of them.",
            ),
        },
    ),
    Exercise(
        name="energy_kwh",
        solution=energy_kwh,
        cases=((330, 100, 1.1), (1000, 1, 1.0), (2000, 0.05, 1.5), (400, 24, 1.25), (60, 500, 2.0)),
        hints=(
            "A power that runs for a time is an energy: watts times hours are watt-hours.",
            "A kilowatt-hour has 1,000 watt-hours.",
            "The building needs pue times as much: watts * hours * pue / 1000.",
        ),
        mistakes={
            "watt-hours": (
                lambda watts, hours, pue: watts * hours * pue,
                "those are watt-hours. A kilowatt-hour has 1,000.",
            ),
            "no building": (
                lambda watts, hours, pue: watts * hours / 1000,
                "the building is missing: it draws pue times what its computers draw.",
            ),
            "a power": (
                lambda watts, hours, pue: watts * pue / 1000,
                "that is a power. It becomes an energy by the hours that it runs.",
            ),
            "per hour": (
                lambda watts, hours, pue: watts * pue / hours / 1000,
                "you divided by the hours. The longer it runs, the more it takes.",
            ),
            "less than the computers": (
                lambda watts, hours, pue: watts * hours / pue / 1000,
                "you divided by pue. The building takes more than its computers.",
            ),
        },
    ),
    Exercise(
        name="yearly_fall",
        solution=yearly_fall,
        cases=((60.0, 0.06, 3), (100.0, 25.0, 2), (4.6, 0.45, 2), (8.0, 1.0, 3), (50.0, 40.0, 1)),
        hints=(
            "If a price loses the share f in a year, it keeps 1 - f of itself, and the same share of that in the next year.",
            "What it kept in all is `last / first`. The root of it, as many times as there are years, is what it kept in one year.",
            "`1 - (last / first) ** (1 / years)`",
        ),
        mistakes={
            "in all": (
                lambda first, last, years: 1 - last / first,
                "that is the fall over the whole time. Asked for is the fall of one year.",
            ),
            "divided": (
                lambda first, last, years: (1 - last / first) / years,
                "you divided the whole fall by the years. Each year's share is taken off what the year "
                "before left: take a root.",
            ),
            "what is kept": (
                lambda first, last, years: (last / first) ** (1 / years),
                "that is the share it keeps. What it loses is 1 minus that.",
            ),
            "a power": (
                lambda first, last, years: 1 - (last / first) ** years,
                "that raises to the power of years. From many years to one it takes a root: 1 / years.",
            ),
            "upside down": (
                lambda first, last, years: 1 - (first / last) ** (1 / years),
                "you divided the first price by the last. What it kept is last / first.",
            ),
        },
    ),
]

"""Exercises of lab 19a: one year of the Bass curve, doublings of Wright's law, jobs after, hours left."""

import math

from glassbox.course.exercises import Exercise


def new_users(begun, m, p, q):
    """How many begin in the next year, of those m that ever will, when so many have begun already."""
    return (p + q * begun / m) * (m - begun)


def doublings(factor, fall):
    """How often all that was ever made must double for a price to fall by a factor."""
    return math.log(factor) / -math.log(1 - fall)


def jobs_after(saved, elasticity):
    """People needed for one before, when each product takes the share saved less work, all of it off the price."""
    return (1 - saved) * (1 - saved) ** -elasticity


def hours_left(more, before):
    """Hours for as much as before, when an hour yields the share more in addition."""
    return before / (1 + more)


EXERCISES = [
    Exercise(
        name="new_users",
        solution=new_users,
        cases=(
            (200.0, 1000.0, 0.03, 0.4),
            (0.0, 500.0, 0.02, 0.5),
            (450.0, 600.0, 0.01, 0.8),
            (50.0, 100.0, 0.1, 0.3),
        ),
        hints=(
            "Those who can still begin are `m - begun`.",
            "Of them the share `p` begins by itself. The share that begins because of others grows with how many of all have begun.",
            "Of all, `begun / m` have begun, so the share is `p + q * begun / m`.",
        ),
        mistakes={
            "everybody waits": (
                lambda begun, m, p, q: (p + q * begun / m) * m,
                "you let all begin. Only those who have not yet begun can.",
            ),
            "nobody follows": (
                lambda begun, m, p, q: p * (m - begun),
                "that leaves out those who begin because others have.",
            ),
            "nobody leads": (
                lambda begun, m, p, q: q * begun / m * (m - begun),
                "that leaves out those who begin by themselves. Without them nobody is first.",
            ),
            "a number for a share": (
                lambda begun, m, p, q: (p + q * begun) * (m - begun),
                "q is multiplied by the share of all that have begun, begun / m, and you took their number.",
            ),
            "share of the waiting": (
                lambda begun, m, p, q: (p + q * (m - begun) / m) * (m - begun),
                "people are drawn by those who have begun, and you took those who have not.",
            ),
        },
    ),
    Exercise(
        name="doublings",
        solution=doublings,
        cases=((286.0, 0.2), (2.0, 0.5), (60.0, 0.1), (10.0, 0.3), (4.0, 0.25)),
        hints=(
            "After one doubling `1 - fall` of the price is left; after the next, the same share of that, and so on: a power.",
            "You want the exponent that makes this power `1 / factor`. Take logarithms.",
            "`math.log(factor) / -math.log(1 - fall)`",
        ),
        mistakes={
            "the fall itself": (
                lambda factor, fall: math.log(factor) / -math.log(fall),
                "what is left after a doubling is 1 - fall, and you took the fall.",
            ),
            "a sign": (
                lambda factor, fall: math.log(factor) / math.log(1 - fall),
                "your count is negative. The logarithm of what is left is below 0: turn its sign.",
            ),
            "halving": (
                lambda factor, fall: math.log2(factor),
                "that holds if each doubling takes away half. Here it takes away the share fall.",
            ),
            "added up": (
                lambda factor, fall: factor / fall,
                "shares are taken off what is left, again and again: count them with logarithms.",
            ),
        },
    ),
    Exercise(
        name="jobs_after",
        solution=jobs_after,
        cases=((0.2, 2.0), (0.5, 0.5), (0.1, 3.0), (0.3, 0.2), (0.4, 1.5)),
        hints=(
            "Each product takes `1 - saved` of the work, and its price falls to `1 - saved` too.",
            "With `price = 1 - saved`, customers order `price ** -elasticity` times as much.",
            "Work in each product, times products ordered.",
        ),
        mistakes={
            "same orders": (
                lambda saved, elasticity: 1 - saved,
                "that is the work in one product. At the lower price more of them are ordered.",
            ),
            "orders alone": (
                lambda saved, elasticity: (1 - saved) ** -elasticity,
                "those are the orders. Each of them takes less work than before.",
            ),
            "fewer orders": (
                lambda saved, elasticity: (1 - saved) * (1 - saved) ** elasticity,
                "you let orders fall with the price. They rise: the exponent is -elasticity.",
            ),
            "a straight line": (
                lambda saved, elasticity: (1 - saved) * (1 + elasticity * saved),
                "that is a straight line, good for small savings only. Take price ** -elasticity.",
            ),
        },
    ),
    Exercise(
        name="hours_left",
        solution=hours_left,
        cases=((0.1, 40.0), (1.0, 30.0), (0.0066, 40.0), (0.5, 36.0)),
        hints=(
            "An hour now yields `1 + more` of what it yielded.",
            "Hours times what an hour yields must stay what it was.",
            "`before / (1 + more)`",
        ),
        mistakes={
            "taken off": (
                lambda more, before: before * (1 - more),
                "you took the share off the hours. If an hour yields twice as much, half of the hours are left, not none.",
            ),
            "longer": (
                lambda more, before: before * (1 + more),
                "those are more hours. Each yields more, so fewer will do.",
            ),
            "only saved": (
                lambda more, before: before - before / (1 + more),
                "those are the hours gained. Asked for are those that are left.",
            ),
        },
    ),
]

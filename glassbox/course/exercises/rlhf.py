"""Exercises of lab 08b: the policy gradient, better than usual, the leash, the clip."""

import math
from statistics import fmean

from glassbox.course.answers import plain, same
from glassbox.course.exercises import Exercise


def push(probabilities, drawn, reward):
    """By how much each score (logit) rises when reply number `drawn` earned `reward`.

    It is the slope of reward * log p[drawn]: the drawn one up by what it lacked to certainty, the
    others down by their shares.
    """
    return [reward * ((i == drawn) - p) for i, p in enumerate(probabilities)]


def advantages(rewards):
    """How much better than the group each reward is, in units of the group's spread (GRPO)."""
    mean = sum(rewards) / len(rewards)
    spread = math.sqrt(sum((r - mean) ** 2 for r in rewards) / len(rewards))
    return [(r - mean) / spread if spread else 0.0 for r in rewards]


def leashed(reward, logps, ref_logps, beta):
    """The reward minus beta nats' worth for each nat by which the reply is likelier than before.

    `logps` and `ref_logps` are the reply's tokens' log-probabilities now and before training.
    """
    return reward - beta * (sum(logps) - sum(ref_logps))


def clipped(ratio, advantage, clip=0.2):
    """What PPO maximizes for one token: no extra gain for moving further than the clip."""
    bounded = min(max(ratio, 1 - clip), 1 + clip)
    return min(ratio * advantage, bounded * advantage)


def _either_spread(got, want):
    """Dividing by n - 1 under the root is as good, and a little added below the line does no harm."""
    n = len(want)
    other = [a * math.sqrt((n - 1) / n) for a in want]
    return same(plain(got), want, off=1e-3) or same(plain(got), other, off=1e-3)


def _away(rewards):
    return [r - fmean(rewards) for r in rewards]


def _in_units_of(spread):
    """A group's advantages by another measure of spread; 0 where there is none."""
    return lambda rewards: [
        a / spread(rewards) if any(_away(rewards)) else 0.0 for a in _away(rewards)
    ]


def _variance(rewards):
    return fmean(a * a for a in _away(rewards))


def _bounded(ratio, clip):
    return min(max(ratio, 1 - clip), 1 + clip)


OTHERS = (
    "the others stay where they are. The shares add up to 1, so their slopes are not zero: minus "
)
OTHERS += "their shares."
NO_SPREAD = "where all rewards are the same there is no spread to divide by. Nobody is better than "
NO_SPREAD += "usual there: every advantage is 0."
LEASH = (
    "the leash is no distance: a reply that has become less likely gets beta back for each nat. "
)
LEASH += "Take the difference with its sign."

EXERCISES = [
    Exercise(
        name="push",
        solution=push,
        cases=(
            ([0.5, 0.3, 0.2], 1, 2.0),
            ([0.5, 0.3, 0.2], 0, -1.0),
            ([0.7, 0.3], 0, 1.0),
            ([0.25, 0.25, 0.25, 0.25], 3, 0.5),
            ([0.5, 0.3, 0.2], 2, 0.0),
        ),
        hints=(
            "By how much log p of the drawn reply rises with each score: 1 - p for its own, -p for the others.",
            "Times the reward: a good reward pushes up, a bad one down.",
            "`[reward * ((i == drawn) - p) for i, p in enumerate(probabilities)]`; True counts as 1.",
        ),
        mistakes={
            "sign": (
                lambda p, d, r: push(p, d, -r),
                "a good reward makes the drawn reply rarer. Turn the sign around.",
            ),
            "no reward": (
                lambda p, d, r: push(p, d, 1.0),
                "the reward is missing: a reply that earned twice as much should move twice as far.",
            ),
            "drawn only": (lambda p, d, r: [r * (i == d) for i in range(len(p))], OTHERS),
            "drawn only, by its lack": (
                lambda p, d, r: [r * (i == d) * (1 - q) for i, q in enumerate(p)],
                OTHERS,
            ),
            "all up": (
                lambda p, d, r: [r * (1 - q) for q in p],
                "every score is pushed the same way. The drawn one goes up by 1 - p, each other down by p.",
            ),
            "by the shares": (
                lambda p, d, r: [r * ((i == d) - 1) * q for i, q in enumerate(p)],
                "the drawn one does not move. It goes up by what it lacks to certainty, 1 - p.",
            ),
        },
    ),
    Exercise(
        name="advantages",
        solution=advantages,
        same=_either_spread,
        cases=(
            ([1.0, 2.0, 3.0, 6.0],),
            ([2.0, 2.0, 2.0],),
            ([0.0, 1.0],),
            ([-1.0, 0.5, 0.5],),
            ([50.0, 50.0, 50.0, 90.0, 10.0],),
        ),
        hints=(
            "Better than what? Than the mean of the group.",
            "Divide by the group's standard deviation, so that every question counts alike.",
            "If all rewards are the same the deviation is 0: then every advantage is 0.",
        ),
        mistakes={
            "raw": (
                lambda rewards: list(rewards),
                "nobody is below average. Take the group's mean away.",
            ),
            "mean kept": (
                _in_units_of(lambda rs: 1.0),
                "these are in units of reward. Divide by the group's spread, so that every question "
                "counts alike.",
            ),
            "not centered": (
                lambda rs: [r / math.sqrt(_variance(rs)) if any(_away(rs)) else 0.0 for r in rs],
                "nobody is below average. Take the group's mean away before you divide.",
            ),
            "variance": (
                _in_units_of(_variance),
                "you divided by the variance. The spread is its square root.",
            ),
            "range": (
                _in_units_of(lambda rs: max(rs) - min(rs)),
                "you divided by the distance from the worst to the best. Divide by the standard deviation.",
            ),
            "sign": (
                lambda rs: [-a for a in advantages(rs)],
                "the best reply gets the lowest advantage. Turn the sign around.",
            ),
            "tie": (
                lambda rs: [a / math.sqrt(_variance(rs)) for a in _away(rs)],
                NO_SPREAD,
            ),
            "tie with tensors": (
                lambda rs: advantages(rs) if any(_away(rs)) else [math.nan] * len(rs),
                NO_SPREAD,
            ),
        },
    ),
    Exercise(
        name="leashed",
        solution=leashed,
        cases=(
            (2.0, [-0.5, -0.1], [-1.0, -0.6], 0.1),
            (2.0, [-0.5, -0.1], [-1.0, -0.6], 0.0),
            (1.0, [-2.0, -1.5, -0.3], [-1.0, -0.5, -0.4], 0.5),  # less likely than before
            (0.0, [-1.0, -3.0], [-2.0, -1.0], 0.25),
            (-1.0, [-0.7], [-0.2], 1.0),
        ),
        hints=(
            "How many nats likelier is the whole reply now? The logarithms of its tokens add up.",
            "A nat costs beta.",
            "`reward - beta * (sum(logps) - sum(ref_logps))`",
        ),
        mistakes={
            "sign": (
                lambda r, now, ref, b: leashed(r, now, ref, -b),
                "it pays for moving away from the old model. The leash must cost something.",
            ),
            "one token": (
                lambda r, now, ref, b: r - b * (now[-1] - ref[-1]),
                "that is one token alone. The whole reply counts: add them up.",
            ),
            "mean": (
                lambda r, now, ref, b: r - b * (fmean(now) - fmean(ref)),
                "that is the mean over the tokens. The whole reply counts: add them up.",
            ),
            "no beta": (
                lambda r, now, ref, b: leashed(r, now, ref, 1.0),
                "beta is missing: it says what a nat costs.",
            ),
            "abs": (lambda r, now, ref, b: r - b * abs(sum(now) - sum(ref)), LEASH),
            "abs of each": (
                lambda r, now, ref, b: r - b * sum(abs(x - y) for x, y in zip(now, ref)),
                LEASH,
            ),
            "never negative": (lambda r, now, ref, b: r - b * max(sum(now) - sum(ref), 0), LEASH),
            "no reference": (
                lambda r, now, ref, b: r - b * sum(now),
                "the old model is missing. What costs is by how much the reply is likelier than before.",
            ),
            "probabilities": (
                lambda r, now, ref, b: r - b * (math.exp(sum(now)) - math.exp(sum(ref))),
                "those are probabilities. A nat is a unit of their logarithms, which you are given.",
            ),
        },
    ),
    Exercise(
        name="clipped",
        solution=clipped,
        cases=(
            (1.5, 1.0, 0.2),
            (0.5, 1.0, 0.2),
            (0.5, -1.0),
            (1.5, -1.0),
            (1.1, 2.0),
            (1.4, 3.0, 0.1),
            (0.8, -2.0, 0.3),
            (0.7, -2.0, 0.1),
        ),
        hints=(
            "First bound the ratio: no less than 1 - clip, no more than 1 + clip.",
            "Multiply both the ratio and the bounded ratio by the advantage.",
            "The smaller of the two products: a gain is capped, a loss is not.",
        ),
        mistakes={
            "no clip": (
                lambda ratio, advantage, clip=0.2: ratio * advantage,
                "nothing is clipped: at ratio 1.5 and advantage 1 the gain should stop at 1.2.",
            ),
            "always clipped": (
                lambda ratio, advantage, clip=0.2: _bounded(ratio, clip) * advantage,
                "it always uses the clipped ratio, so a step that went wrong (ratio 1.5, advantage -1) "
                "is no longer pulled back. Take the smaller of both.",
            ),
            "larger": (
                lambda ratio, advantage, clip=0.2: max(
                    ratio * advantage, _bounded(ratio, clip) * advantage
                ),
                "it takes the larger of the two: that rewards exactly the far moves. Take the smaller.",
            ),
            "smaller ratio": (
                lambda ratio, advantage, clip=0.2: min(ratio, _bounded(ratio, clip)) * advantage,
                "it takes the smaller of the two ratios. Multiply both by the advantage first, then "
                "take the smaller product: for a negative advantage that is another one.",
            ),
            "the advantage clipped": (
                lambda ratio, advantage, clip=0.2: ratio * _bounded(advantage, clip),
                "the advantage is clipped. Clip the ratio.",
            ),
        },
    ),
]

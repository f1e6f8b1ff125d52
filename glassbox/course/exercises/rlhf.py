"""Exercises of lab 08b: the policy gradient, better than usual, the leash, the clip."""

import math
from statistics import fmean

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


def check_push(answer):
    p = [0.5, 0.3, 0.2]
    got, want = [float(x) for x in answer(p, 1, 2.0)], push(p, 1, 2.0)
    if len(got) != 3:
        return f"there are three scores to move, and it gives {len(got)} numbers."
    if _close(got, want):
        if not _close(answer(p, 0, -1.0), push(p, 0, -1.0)):
            return "with a reward of -1 the drawn reply should go down and the others up."
        return None
    if _close(got, [-x for x in want]):
        return "a good reward makes the drawn reply rarer. Turn the sign around."
    if _close(got, [x / 2 for x in want]):
        return "the reward is missing: a reply that earned twice as much should move twice as far."
    if _close(got, [0, 2, 0]):
        return "the others stay where they are. The shares add up to 1, so their slopes are not zero: minus their shares."
    return f"for shares of .5, .3, .2, the second drawn, reward 2: {_show(want)}, and yours gives {_show(got)}."


def check_advantages(answer):
    rewards = [1.0, 2.0, 3.0, 6.0]
    got = [float(x) for x in answer(rewards)]
    if len(got) != 4:
        return f"four rewards need four advantages, and it gives {len(got)}."
    if _close(got, rewards) or _close(got, [r / advantages(rewards)[3] for r in rewards]):
        return "nobody is below average. Take the group's mean away."
    if _close(got, [r - 3 for r in rewards]):
        return "right direction, but in units of reward. Divide by the group's spread."
    if _close(got, [-x for x in advantages(rewards)]):
        return "the best reply gets the lowest advantage. Turn the sign around."
    by_n = advantages(rewards)
    sample = [x * math.sqrt(3 / 4) for x in by_n]  # dividing by n - 1 is as good
    if not _close(got, by_n, 1e-3) and not _close(got, sample, 1e-3):
        return (
            f"for the rewards 1, 2, 3, 6 it should be {_show(by_n)}, and yours gives {_show(got)}."
        )
    try:
        same = [float(x) for x in answer([2.0, 2.0, 2.0])]
    except ZeroDivisionError:
        return "a group whose rewards are all the same has no spread, and it divides by zero. Nobody is better than usual there."
    if not _close(same, [0, 0, 0]):
        return f"in a group whose rewards are all the same nobody is better than usual, and yours gives {_show(same)}."
    return None


def check_leashed(answer):
    logps, ref, beta = [-0.5, -0.1], [-1.0, -0.6], 0.1
    got, want = float(answer(2.0, logps, ref, beta)), leashed(2.0, logps, ref, beta)
    if math.isclose(got, want, rel_tol=1e-6):
        free = answer(2.0, logps, ref, 0.0)
        return None if math.isclose(free, 2.0) else "without a leash (beta 0) the reward stays 2."
    if math.isclose(got, 4 - want, rel_tol=1e-6):
        return "it pays for moving away from the old model. The leash must cost something."
    if math.isclose(got, 2 - 0.5 * beta, rel_tol=1e-6):
        return "that is the mean over the tokens, or one token alone. The whole reply counts: add them up."
    if math.isclose(got, 2 - 1.0, rel_tol=1e-6):
        return "beta is missing: it says what a nat costs."
    return f"here the reply is one nat likelier than before and beta is 0.1, so {want:.2f}; yours gives {got:.3g}."


def check_clipped(answer):
    cases = {
        (1.5, 1.0): 1.2,
        (0.5, 1.0): 0.5,
        (0.5, -1.0): -0.8,
        (1.5, -1.0): -1.5,
        (1.1, 2.0): 2.2,
    }
    got = {case: float(answer(*case)) for case in cases}
    wrong = [case for case in cases if not math.isclose(got[case], cases[case], rel_tol=1e-6)]
    if not wrong:
        return None
    if all(math.isclose(got[r, a], r * a) for r, a in cases):
        return "nothing is clipped: at ratio 1.5 and advantage 1 the gain should stop at 1.2."
    if all(math.isclose(got[r, a], min(max(r, 0.8), 1.2) * a) for r, a in cases):
        return (
            "it always uses the clipped ratio, so a step that went wrong (ratio 1.5, advantage -1) "
            "is no longer pulled back. Take the smaller of both."
        )
    if all(
        math.isclose(got[r, a], max(r * a, min(max(r, 0.8), 1.2) * a), rel_tol=1e-6)
        for r, a in cases
    ):
        return (
            "it takes the larger of the two: that rewards exactly the far moves. Take the smaller."
        )
    ratio, advantage = wrong[0]
    return f"at ratio {ratio} and advantage {advantage:g} it should be {cases[wrong[0]]:g}, and yours gives {got[wrong[0]]:.3g}."


def _close(got, want, tolerance=1e-6):
    return all(math.isclose(g, w, rel_tol=tolerance, abs_tol=tolerance) for g, w in zip(got, want))


def _show(values):
    return ", ".join(f"{v:.2f}" for v in values)


EXERCISES = [
    Exercise(
        name="push",
        check=check_push,
        hints=(
            "The slope of log p[drawn], by score: 1 - p for the drawn reply, -p for each other.",
            "Times the reward: a good reward pushes up, a bad one down.",
            "reward * ((i == drawn) - p) for each i and p; True counts as 1.",
        ),
        solution=push,
        mistakes={
            "sign": (lambda p, d, r: push(p, d, -r), "rarer"),
            "no reward": (lambda p, d, r: push(p, d, 1.0), "reward is missing"),
            "drawn only": (
                lambda p, d, r: [r * (i == d) for i in range(len(p))],
                "the others stay",
            ),
        },
        starter=lambda probabilities, drawn, reward: ...,
    ),
    Exercise(
        name="advantages",
        check=check_advantages,
        hints=(
            "Better than what? Than the mean of the group.",
            "Divide by the group's standard deviation, so that every question counts alike.",
            "If all rewards are the same the deviation is 0: then every advantage is 0.",
        ),
        solution=advantages,
        mistakes={
            "raw": (lambda rewards: list(rewards), "below average"),
            "no spread": (lambda rs: [r - sum(rs) / len(rs) for r in rs], "spread"),
            "sign": (lambda rs: [-a for a in advantages(rs)], "lowest advantage"),
            "tie": (
                lambda rs: [
                    (r - fmean(rs)) / (fmean((x - fmean(rs)) ** 2 for x in rs) ** 0.5) for r in rs
                ],
                "divides by zero",
            ),
        },
        starter=lambda rewards: ...,
    ),
    Exercise(
        name="leashed",
        check=check_leashed,
        hints=(
            "How many nats likelier is the whole reply now? The logarithms of its tokens add up.",
            "A nat costs beta.",
            "reward - beta * (sum(logps) - sum(ref_logps))",
        ),
        solution=leashed,
        mistakes={
            "sign": (lambda r, now, ref, b: leashed(r, now, ref, -b), "pays for moving"),
            "one token": (lambda r, now, ref, b: r - b * (now[-1] - ref[-1]), "whole reply"),
            "no beta": (lambda r, now, ref, b: leashed(r, now, ref, 1.0), "beta is missing"),
        },
        starter=lambda reward, logps, ref_logps, beta: ...,
    ),
    Exercise(
        name="clipped",
        check=check_clipped,
        hints=(
            "First bound the ratio: no less than 1 - clip, no more than 1 + clip.",
            "Multiply both the ratio and the bounded ratio by the advantage.",
            "The smaller of the two products: a gain is capped, a loss is not.",
        ),
        solution=clipped,
        mistakes={
            "no clip": (lambda ratio, advantage, clip=0.2: ratio * advantage, "nothing is clipped"),
            "always clipped": (
                lambda ratio, advantage, clip=0.2: min(max(ratio, 1 - clip), 1 + clip) * advantage,
                "pulled back",
            ),
            "larger": (
                lambda ratio, advantage, clip=0.2: max(
                    ratio * advantage, min(max(ratio, 1 - clip), 1 + clip) * advantage
                ),
                "Take the smaller",
            ),
        },
        starter=lambda ratio, advantage, clip=0.2: ...,
    ),
]

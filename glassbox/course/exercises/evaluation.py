"""Exercises of lab 14: take an option, subtract chance, count programs, and move a rating."""

import math

from glassbox.course.exercises import Exercise


def best_option(logps, lengths):
    """The place of the option that is likeliest for each of its bytes."""
    scores = [logp / length for logp, length in zip(logps, lengths)]
    return scores.index(max(scores))


def above_chance(accuracy, options):
    """0 for dice and 1 for all right: which part of the way was gone."""
    return (accuracy - 1 / options) / (1 - 1 / options)


def pass_at_k(n, c, k):
    """The chance that one of k programs, drawn from n of which c are right, is right."""
    return 1 - math.comb(n - c, k) / math.comb(n, k)


def elo_update(winner, loser, k):
    """The winner's rating after a vote."""
    expected = 1 / (1 + 10 ** ((loser - winner) / 400))
    return winner + k * (1 - expected)


EXERCISES = [
    Exercise(
        name="best_option",
        solution=best_option,
        cases=(
            ([-4.0, -6.0, -9.0], [4, 12, 9]),
            ([-2.0, -3.0], [10, 10]),
            ([-6.0, -8.0, -7.0], [8, 20, 6]),
            ([-1.5, -1.2, -9.0, -2.0], [3, 2, 9, 8]),
            ([-5.0, -20.0], [5, 10]),
            ([-9.0, -2.0, -8.0], [2, 8, 7]),
        ),
        hints=(
            "Divide each log-probability by the length of its option: "
            "`scores = [logp / length for logp, length in zip(logps, lengths)]`.",
            "All scores are below zero: the best one is the highest, the closest to zero. "
            "`scores.index(max(scores))` is its place.",
        ),
        mistakes={
            "raw": (
                lambda logps, lengths: logps.index(max(logps)),
                "that is the rule without lengths: it takes the likeliest option as it stands.",
            ),
            "lowest": (
                lambda logps, lengths: min(range(len(logps)), key=lambda i: logps[i] / lengths[i]),
                "that is the unlikeliest option. Scores are below zero, and the best is the closest to zero.",
            ),
            "shortest": (
                lambda logps, lengths: lengths.index(min(lengths)),
                "that is the shortest option, whatever the model thinks of it.",
            ),
            "longest": (
                lambda logps, lengths: lengths.index(max(lengths)),
                "that is the longest option, whatever the model thinks of it.",
            ),
            "times": (
                lambda logps, lengths: max(range(len(logps)), key=lambda i: logps[i] * lengths[i]),
                "multiplying makes long options cost more still. Divide.",
            ),
            "score": (
                lambda logps, lengths: max(a / b for a, b in zip(logps, lengths)),
                "that is the best score. Asked for is the place of its option, counted from 0.",
            ),
        },
    ),
    Exercise(
        name="above_chance",
        solution=above_chance,
        cases=((0.625, 4), (0.75, 2), (0.25, 4), (1.0, 5), (0.1, 4), (0.5, 3)),
        hints=(
            "Dice are right once in `options` tries. That should become 0, and 1 should stay 1.",
            "Subtract chance, and divide by the room that was left above it.",
        ),
        mistakes={
            "not divided": (
                lambda accuracy, options: accuracy - 1 / options,
                "that starts at 0 and does not end at 1. Divide by what was left above chance.",
            ),
            "by accuracy": (
                lambda accuracy, options: (accuracy - 1 / options) / accuracy,
                "that is the share of the right answers that luck does not explain. Divide by the room above chance.",
            ),
            "times chance": (
                lambda accuracy, options: accuracy * options,
                "that says how many times as good as dice it is. A test with two options then never gets above 2.",
            ),
            "chance of one": (
                lambda accuracy, options: (accuracy - 1 / options) * options,
                "you divided by chance. Divide by what is left above it, 1 - 1/options.",
            ),
            "never below": (
                lambda accuracy, options: max(0.0, (accuracy - 1 / options) / (1 - 1 / options)),
                "worse than dice is below zero here; cut it off, and a mean over tests is too high.",
            ),
        },
    ),
    Exercise(
        name="pass_at_k",
        solution=pass_at_k,
        cases=((10, 3, 5), (10, 3, 1), (20, 0, 5), (5, 4, 2), (8, 1, 4), (6, 6, 3)),
        hints=(
            "Ask the other way round: in how many of the sets of k programs is none right?",
            "After `import math`, there are `math.comb(n, k)` sets of k, and `math.comb(n - c, k)` of wrong ones only.",
        ),
        mistakes={
            "naive": (
                lambda n, c, k: 1 - (1 - c / n) ** k,
                "that puts each program back after drawing it, so one wrong program can be drawn k times. "
                "Count sets of k different ones.",
            ),
            "none": (
                lambda n, c, k: math.comb(n - c, k) / math.comb(n, k),
                "that is the chance that none of the k is right. Take it from 1.",
            ),
            "share": (
                lambda n, c, k: c / n,
                "that is how many of all programs are right: pass@1. More tries help.",
            ),
            "k times": (
                lambda n, c, k: min(1.0, k * c / n),
                "chances of several tries do not add up: two right ones in one set count once.",
            ),
            "all": (
                lambda n, c, k: math.comb(c, k) / math.comb(n, k),
                "that is the chance that all k are right. One is enough.",
            ),
        },
    ),
    Exercise(
        name="elo_update",
        solution=elo_update,
        cases=(
            (1200.0, 1000.0, 32),
            (1000.0, 1000.0, 16),
            (1000.0, 1400.0, 32),
            (1500.0, 1100.0, 10),
            (900.0, 1000.0, 24),
        ),
        hints=(
            "How often was the winner expected to win? `1 / (1 + 10 ** ((loser - winner) / 400))`.",
            "Expected 0.76 and won 1: the surprise is 0.24, and the rating rises by k times that.",
        ),
        mistakes={
            "whole k": (
                lambda winner, loser, k: winner + k,
                "everybody gets k for a win there. Beating a weak opponent is worth less.",
            ),
            "expected": (
                lambda winner, loser, k: winner + k / (1 + 10 ** ((loser - winner) / 400)),
                "that pays for what was expected. Pay for the surprise, 1 minus it.",
            ),
            "loser": (
                lambda winner, loser, k: loser - k * (1 - 1 / (1 + 10 ** ((loser - winner) / 400))),
                "that is the loser's new rating.",
            ),
            "gain": (
                lambda winner, loser, k: k * (1 - 1 / (1 + 10 ** ((loser - winner) / 400))),
                "that is what the winner gains. Add it to the rating.",
            ),
            "natural": (
                lambda winner, loser, k: (
                    winner + k * (1 - 1 / (1 + math.exp((loser - winner) / 400)))
                ),
                "ratings count in powers of ten: 400 points are odds of ten to one.",
            ),
        },
    ),
]

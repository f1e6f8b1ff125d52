"""Ratings from votes, as in chess and in chatbot arenas; and judges who are models.

A vote is (winner, loser). `elo` goes through the votes once and moves two ratings each time; its result
depends on the order. `bradley_terry` finds the ratings that explain all votes best, whatever their order.
Both are on Elo's scale: 400 points are odds of ten to one. `bootstrap` tells how far they are to be
believed, `luck_of_copies` what a maker gains who enters many copies and shows the best.

`PlaceJudge` asks a language model which of two replies is better, and can be asked again with the replies
exchanged. A judge that says "First" both times may like the place or only the word; this does not tell which.
`padded` makes a reply longer without saying more.

Left out: ties as half a vote, ratings that forget, corrections for style.

Sources: Elo 1978; Bradley and Terry 1952; Hunter 2004 (the algorithm); Zheng et al. 2023,
arXiv:2306.05685 (judges' biases); Singh et al. 2025, arXiv:2504.20879 (copies).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np

from glassbox.machine.tokens import BPE
from glassbox.scale.evaluation import loglikelihoods, split_ids
from glassbox.world.conversations import CLOSERS

SCALE = 400 / math.log(10)  # points for each nat of log-odds


def expected_score(a: float, b: float) -> float:
    """How often a player rated `a` beats one rated `b`.

    >>> round(expected_score(1600, 1400), 4), expected_score(1000, 1000)
    (0.7597, 0.5)
    """
    return 1 / (1 + 10 ** ((b - a) / 400))


def elo(votes: Sequence[tuple[str, str]], k: float = 16, start: float = 1000) -> dict[str, float]:
    """Ratings after all votes, in their order. A winner takes k times what was not expected.

    >>> elo([("a", "b")], k=32)
    {'a': 1016.0, 'b': 984.0}
    """
    _check(votes)
    ratings: dict[str, float] = {}
    for winner, loser in votes:
        won, lost = ratings.setdefault(winner, start), ratings.setdefault(loser, start)
        step = k * (1 - expected_score(won, lost))
        ratings[winner], ratings[loser] = won + step, lost - step
    return {name: round(rating, 4) for name, rating in ratings.items()}


def bradley_terry(votes: Sequence[tuple[str, str]], start: float = 1000) -> dict[str, float]:
    """The ratings that make the votes likeliest, with mean `start`, the highest first.

    Somebody who has won all votes, or lost all, would get an infinite rating; so each pair that met is
    given a tenth of a vote for either side.

    >>> found = bradley_terry([("a", "b")] * 30 + [("b", "a")] * 10)
    >>> list(found), round(found["a"] - found["b"])
    (['a', 'b'], 190)
    """
    _check(votes)
    names = sorted({name for vote in votes for name in vote})
    place = {name: i for i, name in enumerate(names)}
    wins = np.zeros((len(names), len(names)))
    for winner, loser in votes:
        wins[place[winner], place[loser]] += 1
    met = wins + wins.T
    wins += 0.1 * (met > 0)
    ratings = SCALE * np.log(_strengths(wins))
    ratings += start - ratings.mean()
    order = np.argsort(-ratings, kind="stable")
    return {names[i]: round(float(ratings[i]), 4) for i in order}


def _strengths(wins: np.ndarray, rounds: int = 10_000) -> np.ndarray:
    """Hunter's iteration: p_i = wins of i / sum over j of games(i, j) / (p_i + p_j)."""
    games, p = wins + wins.T, np.ones(len(wins))
    for _ in range(rounds):
        new = wins.sum(1) / (games / (p[:, None] + p)).sum(1)
        new /= np.exp(np.log(new).mean())
        if np.abs(np.log(new / p)).max() < 1e-10:
            return new
        p = new
    return p


def bootstrap(votes: Sequence[tuple[str, str]], rounds: int = 200, seed: int = 0) -> dict:
    """{name: (rating, low, high)}: Bradley-Terry, and between which ratings 95 of 100 redrawn sets of votes lie."""
    dice, found = random.Random(seed), {name: [] for name in bradley_terry(votes)}
    for _ in range(rounds):
        for name, rating in bradley_terry(dice.choices(votes, k=len(votes))).items():
            found[name].append(rating)
    ratings = bradley_terry(votes)
    return {
        name: (ratings[name], *(float(q) for q in np.quantile(each, (0.025, 0.975))))
        for name, each in found.items()
    }


def luck_of_copies(copies: int, votes: int, trials: int = 400, seed: int = 0) -> float:
    """Points gained on average by showing the best of so many equal copies, each rated by so many votes.

    Every copy is as good as its opponents: all of the gain is luck.

    >>> luck_of_copies(1, 100, trials=2000) < 4 < 20 < luck_of_copies(10, 100)
    True
    """
    if copies < 1 or votes < 2:
        raise ValueError(f"copies is {copies} and votes {votes}; give a copy and two votes or more")
    dice = np.random.default_rng(seed)
    won = dice.binomial(votes, 0.5, size=(trials, copies)) + 0.1
    ratings = SCALE * np.log(won / (votes + 0.2 - won))
    return round(float(ratings.max(axis=1).mean()), 2)


def _check(votes) -> None:
    if not votes:
        raise ValueError("there are no votes; give at least one (winner, loser)")
    for winner, loser in votes:
        if winner == loser:
            raise ValueError(f"{winner!r} cannot beat itself; a vote is (winner, loser)")


# ---------------------------------------------------------------------------------------------
# Judges


class PlaceJudge:
    """A language model that reads a question and two replies and says which is better."""

    def __init__(self, model, tokenizer: BPE):
        self.model, self.tokenizer = model, tokenizer

    def picks_first(self, rows: Sequence[tuple[str, str, str]]) -> list[bool]:
        """For each (question, first reply, second reply), whether " First." is likelier than " Second."."""
        asked = [
            f"Q: {question}\nFirst: {first}\nSecond: {second}\nQ: Which is better?\nA:"
            for question, first, second in rows
        ]
        pairs = [
            split_ids(self.tokenizer, text, word)
            for text in asked
            for word in (" First.", " Second.")
        ]
        logps = [logp for logp, _ in loglikelihoods(self.model, pairs)]
        return [a > b for a, b in zip(logps[::2], logps[1::2])]


def both_orders(judge: PlaceJudge, rows: Sequence[tuple[str, str, str]]) -> dict:
    """How a judge does when every pair is shown in both orders.

    `first` is the share of all verdicts that are "First", whether for the place or for the word; `same` the
    share of pairs in which the same reply wins both times.
    """
    forth = judge.picks_first(rows)
    back = judge.picks_first([(question, b, a) for question, a, b in rows])
    return {
        "first": (sum(forth) + sum(back)) / (2 * len(rows)),
        "same": sum(f != b for f, b in zip(forth, back)) / len(rows),
    }


def padded(reply: str, n: int = 1, seed: int = 0) -> str:
    """A reply with n of the wordy assistant's closing sentences, which say nothing, behind it.

    >>> padded("On Gull Row.").startswith("On Gull Row. ")
    True
    """
    dice = random.Random(f"padded {seed} {reply}")
    return " ".join([reply, *dice.sample(CLOSERS["verbose"], n)])

"""The label office: who labels which pair of replies, what they miss when tired, and what it costs.

`ask_office` shows every pair of replies to several labelers, whose choices are "a" and "b";
`preferred` says which reply is better by the town's own values, and `settle` makes pairs to learn
from. `over_the_shift` looks for fatigue; `Terms` and `hourly` do the sums about money. How far
labelers agree, and whom to believe, is in `society.agreement`.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from glassbox.assistant.preferences import GOLD, Labeler, Pair
from glassbox.society.agreement import (
    Consensus,
    Label,
    coincidences,
    dawid_skene,
    krippendorff_alpha,
    majority_vote,
    share_right,
)

__all__ = [  # agreement too: whoever has labels asks how far they agree
    "Consensus", "Label", "Terms", "ask_office", "coincidences", "dawid_skene", "follows", "hourly",
    "krippendorff_alpha", "majority_vote", "over_the_shift", "preferred", "settle", "share_right",
]  # fmt: skip


def ask_office(
    world, drawn: Sequence[tuple], labelers: Sequence[Labeler], each: int = 3, seed: int = 0
) -> list[Label]:
    """Every pair of `drawn` (question, a, b) is shown to `each` of the labelers, drawn by lot.

    Items are numbered as they come, choices are "a" or "b". The labelers work through their pairs in
    this order, and tire on the way if their `fatigue` is above 0.
    """
    if not 1 <= each <= len(labelers):
        raise ValueError(
            f"each is {each} and there are {len(labelers)} labelers; "
            f"every pair must be shown to 1 to {len(labelers)} of them"
        )
    dice, labels = random.Random(seed), []
    for item, (question, a, b) in enumerate(drawn):
        for who in sorted(dice.sample(range(len(labelers)), each)):
            picks_a = labelers[who].prefers(world, question, a, b)
            labels.append(Label(item, who, "a" if picks_a else "b"))
    return labels


def preferred(world, drawn: Sequence[tuple], values: dict = GOLD) -> dict:
    """For each pair the reply that is better by these values: item -> "a" or "b".

    Somebody who never errs, sees everything and cares for nothing else would choose it. The default
    is the town's own values. Pairs that are equally good have no better reply and are left out.
    """
    judge, better = Labeler(values=dict(values)), {}
    for item, (question, a, b) in enumerate(drawn):
        lead = judge.opinion(world, question, a) - judge.opinion(world, question, b)
        if abs(lead) > 1e-9:
            better[item] = "a" if lead > 0 else "b"
    return better


def follows(reward, drawn: Sequence[tuple], truth: dict) -> float:
    """How often a RewardModel gives the higher score to the reply that is better by `truth`."""
    if not truth:
        raise ValueError("no pair has a better reply; give pairs whose replies differ in worth")
    questions, a, b = zip(*(drawn[item] for item in truth))
    leads = reward.raw_score(questions, a) - reward.raw_score(questions, b)
    won = [(lead > 0) == (side == "a") for lead, side in zip(leads.tolist(), truth.values())]
    return sum(won) / len(won)


def settle(drawn: Sequence[tuple], shares: dict, seed: int = 0) -> list[Pair]:
    """Pairs to learn from: for each item of `drawn` the reply with the larger share is the chosen one.

    A coin decides ties.
    """
    dice, pairs = random.Random(seed), []
    for item, row in shares.items():
        question, a, b = drawn[item]
        lead = row.get("a", 0.0) - row.get("b", 0.0)
        a_wins = lead > 0 if abs(lead) > 1e-9 else dice.random() < 0.5
        pairs.append(Pair(question, *((a, b) if a_wins else (b, a))))
    return pairs


# ---------------------------------------------------------------------------------------------
# Time and money


def over_the_shift(labels: Iterable[Label], truth: dict, parts: int = 4) -> list[float]:
    """The share of right labels in the first, second, ... part of every labeler's shift.

    The labels of each labeler are taken in the order given, and cut into `parts` of equal length.
    Items without truth are left out.
    """
    shifts = defaultdict(list)
    for item, who, choice in labels:
        if item in truth:
            shifts[who].append(choice == truth[item])
    shortest = min(map(len, shifts.values()), default=0)
    if not 1 <= parts <= shortest:
        raise ValueError(
            f"parts is {parts}, and the shortest shift has {shortest} labels that can be called right "
            f"or wrong; {f'give 1 to {shortest}' if shortest else 'give labels, and the truth'}"
        )
    rows = [np.array_split(np.array(shift, dtype=float), parts) for shift in shifts.values()]
    return [float(np.concatenate([row[i] for row in rows]).mean()) for i in range(parts)]


@dataclass(frozen=True)
class Terms:
    """What is paid for labels. Whoever uses it sets the numbers: they are assumptions, not measurements.

    wage     dollars an hour that reach the person who labels
    billed   dollars an hour that the client pays for that hour
    seconds  of work for one label

    >>> Terms(wage=2.0, billed=10.0, seconds=36.0).cost(1000)
    100.0
    """

    wage: float
    billed: float
    seconds: float

    def __post_init__(self):
        for name in ("wage", "billed", "seconds"):
            value = getattr(self, name)
            if not 0 < value < float("inf"):
                raise ValueError(f"{name} is {value}; it must be a number above 0")

    def hours(self, n_labels: float) -> float:
        return n_labels * self.seconds / 3600

    def cost(self, n_labels: float) -> float:
        """Dollars that the client pays for so many labels."""
        return self.hours(n_labels) * self.billed

    def wages(self, n_labels: float) -> float:
        """Dollars that reach the people who label."""
        return self.hours(n_labels) * self.wage

    def labels(self, dollars: float) -> float:
        """How many labels a client gets for the money."""
        return 3600 * dollars / (self.billed * self.seconds)


def hourly(piece_rate: float, times: Sequence[float]) -> float:
    """Dollars an hour at `piece_rate` dollars a label, for somebody who took `times` seconds for each.

    >>> hourly(0.05, [10.0, 14.0, 12.0])
    15.0
    """
    if not len(times) or not min(times) > 0:
        raise ValueError(
            f"there are {len(times)} times{', and one is not above 0 seconds' if len(times) else ''}; "
            "give the seconds that each label took"
        )
    return round(3600 * piece_rate * len(times) / sum(times), 4)

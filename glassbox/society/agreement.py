"""Several people label the same items: do they agree, and whom to believe?

A label is one person's choice about one item: `Label(item, labeler, choice)`. `krippendorff_alpha`
says how far labels agree beyond chance; `majority_vote` and `dawid_skene` make one answer out of
several. Nothing here knows what the items are; `society.labels` uses it on pairs of replies.

Left out: alpha for ratios, circular scales and sets; standard errors; models of how hard an item is.

Sources: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011; Dawid and Skene 1979,
doi.org/10.2307/2346806. Checked against the packages krippendorff and crowd-kit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

SMALLEST = 1e-10  # probabilities are at least this, so that nothing is impossible


class Label(NamedTuple):
    """What one person chose about one item."""

    item: Hashable
    labeler: Hashable
    choice: Hashable


# ---------------------------------------------------------------------------------------------
# Agreement


def krippendorff_alpha(labels: Iterable[Label], level: str = "nominal") -> float:
    """How far people agree beyond chance: 1 - observed disagreement / expected disagreement.

    1 is perfect agreement, 0 what throwing dice with the same totals gives, below 0 people disagree
    more than by chance. Items with a single label count for nothing. `level` says what a disagreement
    weighs: "nominal", all alike; "ordinal", by how many labels lie between; "interval", the squared
    difference, for choices that are numbers. Raises ValueError where alpha is not defined.

    >>> rows = [("ann", "aab"), ("ben", "aba")]
    >>> labels = [Label(item, who, c) for who, row in rows for item, c in enumerate(row)]
    >>> krippendorff_alpha(labels)
    -0.25
    """
    values, table = coincidences(labels)
    distance = _distance(values, table, level)
    totals, n = table.sum(axis=1), table.sum()
    observed = (table * distance).sum() / n
    expected = (np.outer(totals, totals) * distance).sum() / (n * (n - 1))
    return float(1 - observed / expected)


def coincidences(labels: Iterable[Label]) -> tuple[list, np.ndarray]:
    """The choices that occur, sorted, and how often each was paired with each within an item.

    Every item with m labels gives m (m - 1) ordered pairs of weight 1 / (m - 1), so that it counts as
    m labels: the entries add up to the number of labels that can be compared.
    """
    by_item = _by_item(labels)
    comparable = [row for row in by_item.values() if len(row) > 1]
    values = sorted({choice for row in comparable for choice in row})
    if len(values) == 1:
        raise ValueError(
            f"everybody chose {values[0]!r} every time: no disagreement is to be expected by chance "
            "either, and alpha, which compares the two, is not defined; show them items that differ"
        )
    place, table = {value: i for i, value in enumerate(values)}, np.zeros((len(values),) * 2)
    for row in comparable:
        counts = np.bincount([place[choice] for choice in row], minlength=len(values))
        table += (np.outer(counts, counts) - np.diag(counts)) / (len(row) - 1)
    return values, table


def _distance(values: list, table: np.ndarray, level: str) -> np.ndarray:
    """How much it weighs, (K, K), that one person says `values[i]` and another `values[j]`."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "ordinal":  # ranks in the middle of each value's labels; differences squared
        totals = table.sum(axis=1)
        ranks = np.cumsum(totals) - totals / 2
        return np.subtract.outer(ranks, ranks) ** 2
    if level == "interval":
        try:
            numbers = np.array(values, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(
                f"the choices are {', '.join(map(repr, values[:5]))}; level 'interval' needs numbers"
            ) from None
        return np.subtract.outer(numbers, numbers) ** 2
    raise ValueError(f"level is {level!r}; use 'nominal', 'ordinal' or 'interval'")


def _by_item(labels: Iterable[Label]) -> dict:
    """The choices about each item. Raises ValueError if nothing can be compared."""
    labels = list(labels)
    twice = [who for who, times in Counter((item, who) for item, who, _ in labels).items() if times > 1]  # fmt: skip
    if twice:
        item, who = twice[0]
        raise ValueError(
            f"labeler {who!r} labeled item {item!r} more than once; keep one of the labels"
        )
    people = {who for _, who, _ in labels}
    if len(people) < 2:
        raise ValueError(
            f"the labels are by {len(people)} labeler{'s' * (len(people) != 1)}; "
            "it takes two or more to agree or disagree"
        )
    by_item = defaultdict(list)
    for item, _, choice in labels:
        by_item[item].append(choice)
    if all(len(row) < 2 for row in by_item.values()):
        raise ValueError(
            f"{len(people)} labelers labeled {len(by_item)} items and no item twice; have some items "
            "labeled by two or more of them"
        )
    return dict(by_item)


# ---------------------------------------------------------------------------------------------
# One answer out of several


def majority_vote(labels: Iterable[Label]) -> dict:
    """For each item the share of its labels that each choice got.

    >>> majority_vote([Label(1, "ann", "a"), Label(1, "ben", "b"), Label(2, "ben", "b")])
    {1: {'a': 0.5, 'b': 0.5}, 2: {'a': 0.0, 'b': 1.0}}
    """
    counts, choices = defaultdict(Counter), set()
    for item, _, choice in labels:
        counts[item][choice] += 1
        choices.add(choice)
    if not counts:
        raise ValueError("there are no labels; give at least one")
    choices = sorted(choices)
    return {item: {c: row[c] / row.total() for c in choices} for item, row in counts.items()}


@dataclass
class Consensus:
    """What Dawid and Skene's method believes.

    shares          item -> choice -> probability that it is the true one
    confusion       labeler -> (K, K), [true choice, choice given], rows add up to 1
    prior           (K,) how common each choice is
    choices         their order, of length K
    log_likelihood  of the labels, in nats, one number a round; it never falls
    """

    shares: dict
    confusion: dict
    prior: np.ndarray
    choices: list
    log_likelihood: list[float] = field(default_factory=list)

    def reliability(self, labeler) -> float:
        """How often the labeler is thought to be right."""
        return float(self.prior @ np.diag(self.confusion[labeler]))


def dawid_skene(
    labels: Iterable[Label], iterations: int = 100, tolerance: float = 1e-5
) -> Consensus:
    """Who is right, and how often is each labeler? Each question answers the other (Dawid and Skene 1979).

    It starts from the shares of the votes. Then, in turns: given what is probably true, count how often
    each labeler gave which choice; given that, weigh each label by how telling it is. This is EM, for a
    model in which labelers err independently once the truth is fixed. It ends after `iterations`
    rounds, or when the log-likelihood gains less than `tolerance` nats.

    Where that assumption fails (a mistake that many share) it believes the many. Raises ValueError
    if there is one labeler, no item labeled twice, or every vote is a tie.
    """
    labels = list(labels)
    items = {item: i for i, item in enumerate(_by_item(labels))}
    people = {who: i for i, who in enumerate(dict.fromkeys(one.labeler for one in labels))}
    choices = sorted({one.choice for one in labels})
    at, by = np.array([(items[item], people[who]) for item, who, _ in labels]).T  # (labels,)
    gave = np.array([choices.index(one.choice) for one in labels])
    shares = np.zeros((len(items), len(choices)))
    np.add.at(shares, (at, gave), 1)
    if len(choices) > 1 and np.all(shares == shares[:, :1]):
        raise ValueError(
            f"all votes on the {len(items)} items are ties: whom to believe cannot be learned from "
            "votes that nobody wins; have the items labeled by one person more"
        )
    shares /= shares.sum(axis=1, keepdims=True)
    history = []
    for _ in range(iterations):
        prior = shares.mean(axis=0).clip(SMALLEST)
        confusion = np.zeros((len(people), len(choices), len(choices)))  # labeler, true, given
        np.add.at(confusion, (by, slice(None), gave), shares[at])
        confusion = confusion.clip(SMALLEST)
        confusion /= confusion.sum(axis=2, keepdims=True)
        logs = np.tile(np.log(prior), (len(items), 1))
        np.add.at(logs, at, np.log(confusion[by, :, gave]))  # ln P(truth, labels) of every item
        total = np.logaddexp.reduce(logs, axis=1)
        shares = np.exp(logs - total[:, None])
        history.append(float(total.sum()))
        if len(history) > 1 and history[-1] - history[-2] < tolerance:
            break
    return Consensus(
        {item: dict(zip(choices, map(float, shares[i]))) for item, i in items.items()},
        {who: confusion[i] for who, i in people.items()},
        prior,
        choices,
        history,
    )


def share_right(shares: dict, truth: dict) -> float:
    """How often the choice with the largest share is the true one; ties count in part.

    `shares` is what `majority_vote` returns, or `Consensus.shares`. Items without truth are left out.

    >>> share_right({1: {"a": 1.0, "b": 0.0}, 2: {"a": 0.5, "b": 0.5}}, {1: "a", 2: "b"})
    0.75
    """
    judged = [(row, truth[item]) for item, row in shares.items() if item in truth]
    if not judged:
        raise ValueError("of none of these items the truth is given; nothing can be called right")
    won = 0.0
    for row, true in judged:
        best = [choice for choice, share in row.items() if share > max(row.values()) - 1e-9]
        won += (true in best) / len(best)
    return won / len(judged)

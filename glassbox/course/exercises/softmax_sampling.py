"""Exercises of lab 03: softmax with a temperature, the two cuts, and counting loops."""

import math

import torch

from glassbox.course.answers import plain, same
from glassbox.course.exercises import Exercise


def softmax(scores, temperature):
    """Scores to shares: exponentiate each, divide by the sum; the highest first becomes 0."""
    weights = torch.exp((scores - scores.max()) / temperature)
    return weights / weights.sum()


def top_k(scores, k):
    """The k highest scores, and minus infinity in place of the others."""
    last_kept = scores.topk(k).values[-1]
    return scores.masked_fill(scores < last_kept, -math.inf)


def nucleus(probs, p):
    """The tokens of the nucleus: from the likeliest down, until together they reach p."""
    kept, total = [], 0.0
    for token in probs.argsort(descending=True).tolist():
        if total >= p:
            break
        kept.append(token)
        total += float(probs[token])
    return kept


def loops(ids, times=3):
    """Does the list end in some stretch repeated `times` times or more in a row?"""
    for length in range(1, len(ids) // times + 1):
        tail = ids[-length:]
        if list(ids[-length * times :]) == list(tail) * times:
            return True
    return False


def _in_any_order(got, want):
    got, want = plain(got), plain(want)
    lists = isinstance(got, list) and isinstance(want, list)
    return same(got, want) or (lists and sorted(got) == sorted(want))


def _unordered(probs, p):
    kept, total = [], 0.0
    for token, share in enumerate(probs.tolist()):
        if total < p:
            kept, total = [*kept, token], total + share
    return kept


SCORES, PROBS = torch.tensor([2.0, 1.0, 0.1]), torch.tensor([0.05, 0.5, 0.15, 0.3])

EXERCISES = [
    Exercise(
        name="softmax",
        solution=softmax,
        cases=(
            (SCORES, 1.0),
            (SCORES, 0.5),
            (SCORES, 2.0),
            (torch.tensor([1000.0, 999.0]), 1.0),
            (torch.tensor([100.0, 0.0]), 1.0),
            (torch.tensor([-3.0, 0.0, 0.5, 0.5]), 0.7),
        ),
        hints=(
            "Exponentiate each score with `torch.exp`, then divide by the sum.",
            "The temperature divides the scores before anything else happens.",
            "Subtracting `scores.max()` first changes no share, and nothing overflows.",
        ),
        mistakes={
            "not shared out": (
                lambda z, t: torch.exp(z / t),
                "the shares do not add up to 1. Divide by their sum.",
            ),
            "lowered, not shared out": (
                lambda z, t: torch.exp((z - z.max()) / t),
                "the shares do not add up to 1. Divide by their sum.",
            ),
            "times": (
                lambda z, t: torch.softmax(z * t, -1),
                "at a low temperature the shares became more equal. Divide the scores by the temperature.",
            ),
            "no temperature": (
                lambda z, t: torch.softmax(z, -1),
                "at every temperature the shares are those of temperature 1. Divide the scores by the "
                "temperature, before you exponentiate.",
            ),
            "divided too late": (
                lambda z, t: torch.softmax(z, -1) / t,
                "at temperature 0.5 the shares add up to 2: you divided the shares by the temperature. "
                "Divide the scores by it, before you exponentiate.",
            ),
            "overflow": (
                lambda z, t: torch.exp(z / t) / torch.exp(z / t).sum(),
                "e to the 1000 overflows, and infinity divided by infinity is nan. Subtract the highest "
                "score from all of them first.",
            ),
            "highest score": (
                lambda z, t: z / t / (z / t).sum(),
                "those are the scores' shares of their sum. Exponentiate them first: a score can be "
                "negative, a share cannot.",
            ),
        },
    ),
    Exercise(
        name="top_k",
        solution=top_k,
        cases=(
            (torch.tensor([0.1, 2.0, -1.0, 1.0]), 2),
            (torch.tensor([0.1, 2.0, -1.0, 1.0]), 1),
            (torch.tensor([0.1, 2.0, -1.0, 1.0]), 4),
            (torch.tensor([3.0, 1.0, 2.0, 5.0, 4.0]), 3),
            (torch.tensor([-1.0, -2.0, -3.0]), 2),
        ),
        hints=(
            "Which score is the last one to be kept? `scores.topk(k).values` is in falling order.",
            "Everything below that score gets minus infinity, which softmax turns into 0.",
            "`scores.masked_fill(scores < scores.topk(k).values[-1], float('-inf'))`",
        ),
        mistakes={
            "zeros": (
                lambda z, k: torch.where(z >= z.topk(k).values[-1], z, 0.0),
                "the cut tokens have the score 0, and softmax gives e to the 0 a share. Use minus infinity.",
            ),
            "lowest": (
                lambda z, k: z.masked_fill(z > z.sort().values[k - 1], -math.inf),
                "you kept the lowest scores. Keep the highest.",
            ),
            "dropped": (
                lambda z, k: z.topk(k).values,
                "only the kept scores are left. The others keep their places, with minus infinity.",
            ),
            "numbers": (
                lambda z, k: z.topk(k).indices,
                "those are the numbers of the tokens kept. Asked for are the scores of all.",
            ),
            "one too many": (
                lambda z, k: z.masked_fill(z < z.topk(k + 1).values[-1], -math.inf),
                "it kept one token too many. Lists count from 0.",
            ),
            "one too few": (
                lambda z, k: z.masked_fill(z <= z.topk(k).values[-1], -math.inf),
                "it kept one token too few. The last of the k best stays too: mind < and <=.",
            ),
        },
    ),
    Exercise(
        name="nucleus",
        solution=nucleus,
        same=_in_any_order,
        cases=(
            (PROBS, 0.75),
            (PROBS, 0.9),
            (PROBS, 0.3),
            (PROBS, 0.5),  # the likeliest reaches p exactly
            (torch.tensor([0.7, 0.2, 0.1]), 0.65),
            (torch.tensor([0.1, 0.2, 0.7]), 0.95),
        ),
        hints=(
            "Walk down the tokens from the likeliest, adding up probabilities as you go.",
            "Stop after the token with which the sum reaches p. That token is still in.",
            "Keep a token if the sum before it is still below p.",
        ),
        mistakes={
            "stops early": (
                lambda probs, p: nucleus(probs, p)[:-1],
                "the token that takes the sum to p or past it belongs to the nucleus too.",
            ),
            "one too many": (
                lambda probs, p: nucleus(probs, p + 1e-6),
                "where the sum is exactly p already no further token is needed.",
            ),
            "threshold": (
                lambda probs, p: [i for i, q in enumerate(probs.tolist()) if q >= p],
                "p is for the sum and not for each. Add the probabilities up, from the likeliest down.",
            ),
            "unordered": (
                _unordered,
                "you went through the tokens in the order of their numbers. Begin with the likeliest.",
            ),
            "a set": (
                lambda probs, p: set(nucleus(probs, p)),
                "it gives a set. Asked for is a list of tokens, in any order: `list(...)` makes one.",
            ),
            "a mask": (
                lambda probs, p: [i in nucleus(probs, p) for i in range(len(probs))],
                "it gives a list of True and False. Asked for are the numbers of the tokens kept.",
            ),
            "probabilities": (
                lambda probs, p: probs[nucleus(probs, p)],
                "it gives probabilities. Asked for are the numbers of the tokens kept.",
            ),
        },
    ),
    Exercise(
        name="loops",
        solution=loops,
        cases=(
            ([5, 1, 2, 1, 2, 1, 2],),
            ([1, 2, 3, 4, 5, 6],),
            ([7, 7, 7],),
            ([1, 2, 1, 2, 3],),
            ([9, 4, 4],),
            ([1, 2, 3, 1, 2, 3, 1, 2, 3],),
            ([1, 1, 1, 2],),  # a loop, but not at the end
            ([5, 1, 2, 1, 2, 1, 2, 9],),
            ([1, 2, 2, 1, 2, 2],),
            ([3, 8, 8, 8, 8],),
            ([0, 1, 2, 3, 4] * 3,),
            ([6, 0, 1, 2, 3, 4] + [0, 1, 2, 3, 4] * 2,),
            ([4],),
            ([],),
        ),
        hints=(
            "Take a stretch from the end. Is the same stretch right before it, twice?",
            "Try every length from 1 to a third of the list.",
            "`any(ids[-3 * n:] == ids[-n:] * 3 for n in range(1, len(ids) // 3 + 1))`",
        ),
        mistakes={
            "only one token": (
                lambda ids: len(ids) > 2 and len(set(ids[-3:])) == 1,
                "you look for one token three times in a row. A stretch of several can repeat as well.",
            ),
            "twice is enough": (
                lambda ids: loops(ids, times=2),
                "twice is enough for yours. The stretch must come three times.",
            ),
            "a loop anywhere": (
                lambda ids: any(loops(ids[: n + 1]) for n in range(len(ids))),
                "there is a loop in the list, but the list does not end in it.",
            ),
            "anything repeats": (
                lambda ids: len(set(zip(ids, ids[1:]))) < len(ids) - 1,
                "something repeats, but the list does not end in it three times.",
            ),
            "nothing but the loop": (
                lambda ids: any(ids == ids[:n] * 3 for n in range(1, len(ids) + 1)),
                "something may stand before the loop. Only the end of the list counts.",
            ),
        },
    ),
]

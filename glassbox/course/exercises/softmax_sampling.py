"""Exercises of lab 03: softmax with a temperature, the two cuts, and counting loops."""

import math

import torch

from glassbox.course.exercises import Exercise
from glassbox.machine import sampling

SCORES = [2.0, 1.0, 0.1]


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


def _same(got, want):
    got = torch.as_tensor(got, dtype=torch.float32)
    want = torch.as_tensor(want, dtype=torch.float32)
    return got.shape == want.shape and torch.allclose(got, want, atol=1e-4)


def _show(numbers):
    return "[" + ", ".join(f"{float(x):.3f}" for x in torch.as_tensor(numbers).flatten()) + "]"


def _changed(given, now):
    """Whether the reader's function wrote into the tensor it was given, and why that matters."""
    if torch.equal(given, now):
        return None
    return (
        "your function wrote into the tensor it was given. The result is right, and whoever uses "
        "the tensor again gets changed numbers. Work on a copy, which clone() makes."
    )


def check_softmax(answer):
    got = torch.as_tensor(answer(torch.tensor(SCORES), 1.0))
    if _same(got, torch.exp(torch.tensor(SCORES))):
        return "the shares do not add up to 1. Divide by their sum."
    if not _same(got, sampling.softmax(SCORES)):
        return (
            f"for the scores {SCORES} it is {_show(got)}, and it should be [0.659, 0.242, 0.099]."
        )
    scores = torch.tensor(SCORES)
    cool = answer(scores, 0.5)
    if _same(cool, sampling.softmax(SCORES, 2.0)):
        return (
            "at temperature 0.5 the shares became more equal. Divide the scores by the temperature."
        )
    if _same(cool, got):
        return (
            "at temperature 0.5 the shares are those of temperature 1. "
            "Divide the scores by the temperature, before you exponentiate."
        )
    if _same(cool, got / 0.5):
        return (
            "at temperature 0.5 the shares add up to 2: you divided the shares by the temperature. "
            "Divide the scores by it, before you exponentiate."
        )
    if not _same(cool, sampling.softmax(SCORES, 0.5)):
        return f"at temperature 0.5 it is {_show(cool)}, and it should be [0.864, 0.117, 0.019]."
    huge = torch.as_tensor(answer(torch.tensor([1000.0, 999.0]), 1.0))
    if not torch.isfinite(huge).all():
        return "the scores 1000 and 999 give nan: e to the 1000 overflows. Subtract the highest score first."
    if not _same(huge, [0.7311, 0.2689]):
        return f"the scores 1000 and 999 give {_show(huge)}, and should give [0.731, 0.269]."
    return _changed(torch.tensor(SCORES), scores)


def check_top_k(answer):
    scores = torch.tensor([0.1, 2.0, -1.0, 1.0])
    given = scores.clone()
    got = torch.as_tensor(answer(given, 2))
    never = -math.inf
    if _same(got, [never, 2.0, never, 1.0]):
        return _changed(scores, given)
    if _same(got, [0.1, 2.0, never, 1.0]):
        return "with k = 2 it kept 3 tokens, one too many. Lists count from 0."
    if _same(got, [never, 2.0, never, never]):
        return "with k = 2 it kept 1 token. The last of the k best stays too: mind < and <=."
    if _same(got, [0.0, 2.0, 0.0, 1.0]):
        return "the cut tokens have the score 0, and softmax gives e to the 0 a share. Use minus infinity."
    if _same(got, [0.1, never, -1.0, never]):
        return "you kept the lowest scores. Keep the highest."
    if got.shape != scores.shape:
        return (
            f"the answer has {got.numel()} scores and the question had 4. Keep the others' places."
        )
    return f"from {_show(scores)} with k = 2 it left {_show(got)}."


def _no_list(got):
    """Why an answer is no list of tokens, if it is none."""
    if isinstance(got, (set, frozenset)):
        return "it returns a set. Asked for is a list of tokens, in any order: list(...) makes one."
    if not isinstance(got, (list, tuple, torch.Tensor)):
        return f"it returns {got!r}. Asked for is a list of tokens, by their numbers."
    kinds = {type(i) for i in (got.tolist() if isinstance(got, torch.Tensor) else got)}
    if bool in kinds:
        return "it returns a list of True and False. Asked for are the numbers of the tokens kept."
    if float in kinds:
        return "it returns probabilities. Asked for are the numbers of the tokens kept."
    return None


def check_nucleus(answer):
    probs = torch.tensor([0.05, 0.5, 0.15, 0.3])
    given = probs.clone()
    got = answer(given, 0.75)
    if problem := _no_list(got):
        return problem
    got = sorted(int(i) for i in got)
    if got == [1, 3]:
        wide = sorted(int(i) for i in answer(probs.clone(), 0.9))
        one = sorted(int(i) for i in answer(probs.clone(), 0.3))
        if one != [1]:
            return f"for p = 0.3 the likeliest token alone is enough, and you kept {one}."
        if wide != [1, 2, 3]:
            return f"for p = 0.9 it should keep 1, 2 and 3, not {wide}."
        return _changed(probs, given)
    if got == [1]:
        return (
            "50% is less than 75%. The token that takes the sum past p belongs to the nucleus too."
        )
    if got == []:
        return "no single token has 75%. Add the probabilities up, from the likeliest down."
    return f"of {_show(probs)} with p = 0.75 it kept the tokens {got}, and it should keep 1 and 3."


def check_loops(answer):
    cases = [
        ([5, 1, 2, 1, 2, 1, 2], True, "1, 2 comes three times at the end"),
        ([7, 7, 7], True, "7 comes three times"),
        ([1, 2, 3, 4, 5, 6], False, "nothing repeats"),
        ([1, 2, 1, 2, 3], False, "1, 2 repeats, but the list does not end in it"),
        ([9, 4, 4], False, "4 comes only twice"),
        ([1, 2, 3, 1, 2, 3, 1, 2, 3], True, "1, 2, 3 comes three times"),
    ]
    for ids, want, why in cases:
        if bool(answer(ids)) != want:
            return f"for {ids} it says {not want}, and it should say {want}: {why}."
    return None


def _nucleus_in_place(probs, p):
    kept, total = [], 0.0
    while total < p:
        kept.append(int(probs.argmax()))
        total += float(probs[kept[-1]])
        probs[kept[-1]] = 0
    return kept


EXERCISES = [
    Exercise(
        name="softmax",
        check=check_softmax,
        hints=(
            "Exponentiate each score with torch.exp, then divide by the sum.",
            "The temperature divides the scores before anything else happens.",
            "Subtracting scores.max() first changes no share, and nothing overflows.",
        ),
        solution=sampling.softmax,
        mistakes={
            "not shared out": (lambda z, t: torch.exp(z / t), "add up to 1"),
            "times": (lambda z, t: torch.softmax(z * t, -1), "more equal"),
            "no temperature": (lambda z, t: torch.softmax(z, -1), "those of temperature 1"),
            "divided too late": (lambda z, t: torch.softmax(z, -1) / t, "add up to 2"),
            "in place": (lambda z, t: torch.softmax(z.div_(t), -1), "wrote into"),
            "overflow": (lambda z, t: torch.exp(z / t) / torch.exp(z / t).sum(), "overflows"),
        },
        starter=lambda scores, temperature: ...,
    ),
    Exercise(
        name="top_k",
        check=check_top_k,
        hints=(
            "Which score is the last one to be kept? scores.topk(k).values is in falling order.",
            "Everything below that score gets minus infinity, which softmax turns into 0.",
            "scores.masked_fill(scores < scores.topk(k).values[-1], -math.inf)",
        ),
        solution=sampling.top_k,
        mistakes={
            "zeros": (
                lambda z, k: torch.where(z >= z.topk(k).values[-1], z, 0.0),
                "minus infinity",
            ),
            "lowest": (
                lambda z, k: z.masked_fill(z > z.sort().values[k - 1], -math.inf),
                "lowest",
            ),
            "dropped": (lambda z, k: z.topk(k).values, "places"),
            "one too many": (
                lambda z, k: z.masked_fill(z < z.topk(k + 1).values[-1], -math.inf),
                "one too many",
            ),
            "one too few": (
                lambda z, k: z.masked_fill(z <= z.topk(k).values[-1], -math.inf),
                "stays too",
            ),
            "in place": (
                lambda z, k: z.masked_fill_(z < z.topk(k).values[-1], -math.inf),
                "wrote into",
            ),
        },
        starter=lambda scores, k: ...,
    ),
    Exercise(
        name="nucleus",
        check=check_nucleus,
        hints=(
            "Walk down the tokens from the likeliest, adding up probabilities as you go.",
            "Stop after the token with which the sum reaches p. That token is still in.",
            "Keep a token if the sum before it is still below p.",
        ),
        solution=nucleus,
        mistakes={
            "stops early": (lambda probs, p: nucleus(probs, p)[:-1], "past p"),
            "threshold": (
                lambda probs, p: [i for i, q in enumerate(probs.tolist()) if q >= p],
                "Add the probabilities up",
            ),
            "a set": (lambda probs, p: set(nucleus(probs, p)), "list(...)"),
            "a mask": (
                lambda probs, p: [i in nucleus(probs, p) for i in range(len(probs))],
                "True and False",
            ),
            "probabilities": (lambda probs, p: probs[nucleus(probs, p)], "returns probabilities"),
            "in place": (_nucleus_in_place, "wrote into"),
        },
        starter=lambda probs, p: ...,
    ),
    Exercise(
        name="loops",
        check=check_loops,
        hints=(
            "Take a stretch from the end. Is the same stretch right before it, twice?",
            "Try every length from 1 to a third of the list.",
            "ids[-3 * n:] == ids[-n:] * 3 for some n",
        ),
        solution=loops,
        mistakes={
            "only one token": (lambda ids: len(set(ids[-3:])) == 1, "1, 2 comes three times"),
            "twice is enough": (lambda ids: loops(ids, times=2), "only twice"),
            "anywhere": (
                lambda ids: len(set(zip(ids, ids[1:]))) < len(ids) - 1,
                "should say False: 1, 2 repeats, but the list does not end in it",
            ),
        },
        starter=lambda ids: ...,
    ),
]

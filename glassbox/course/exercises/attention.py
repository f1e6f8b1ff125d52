"""Exercises of lab 04: one attention head, two scores for what a head does, and counting to 124,439,808."""

import functools
import math

import torch

from glassbox.course.answers import same
from glassbox.course.exercises import Exercise


def attend(q, k, v):
    """One causal attention head: (T, D) queries, keys and values; what each position receives."""
    T, D = q.shape
    scores = q @ k.T / math.sqrt(D)  # (T, T): row t asks, column s answers
    future = torch.ones(T, T, dtype=torch.bool).triu(1)
    return scores.masked_fill(future, -math.inf).softmax(dim=-1) @ v


def previous_token(pattern):
    """The mean weight that a position gives to the one before it. pattern: (T, T), rows ask."""
    return pattern.diagonal(-1).mean().item()


def induction(pattern, period):
    """In text that repeats after `period` tokens: the mean weight on what followed the last time.

    Position t sees the token that stood at t - period; what followed it stands at t - period + 1.
    """
    return pattern.diagonal(1 - period)[1:].mean().item()


def parameters(n_layer, n_embd, vocab_size, block_size):
    """All trained numbers of a GPT-2: the head is the token table again and is not counted twice."""
    attention = 4 * n_embd * n_embd + 4 * n_embd  # q, k, v and out, each with a bias
    mlp = 8 * n_embd * n_embd + 5 * n_embd  # up to 4 n_embd and down again
    norms = 2 * 2 * n_embd  # two a block, a gain and a bias each
    tables = (vocab_size + block_size) * n_embd
    return n_layer * (attention + mlp + norms) + tables + 2 * n_embd


def _qkv(T, D):
    return tuple(torch.randn(3, T, D, generator=torch.Generator().manual_seed(T)))


def _pattern(T):
    scores = torch.randn(T, T, generator=torch.Generator().manual_seed(T))
    return scores.masked_fill(_later(T), -math.inf).softmax(-1)


def _later(T, from_=1):
    return torch.ones(T, T, dtype=torch.bool).triu(from_)


def _scores(q, k):
    return q @ k.T / math.sqrt(q.shape[1])


def _same_mixtures(got, want):
    return same(got, want, off=1e-5)


_same_weight = functools.partial(same, off=1e-5)

EXERCISES = [
    Exercise(
        name="attend",
        solution=attend,
        same=_same_mixtures,
        cases=(_qkv(5, 4), _qkv(3, 2), _qkv(1, 3), _qkv(4, 6)),
        hints=(
            "The score of position t for position s is the product of t's query and s's key: `q @ k.T` "
            "holds all of them.",
            "Divide by the square root of D, put minus infinity where s is later than t, then softmax "
            "along each row.",
            "With `scores = q @ k.T / q.shape[1] ** 0.5`: `scores.masked_fill(torch.ones_like(scores)"
            ".triu(1) == 1, float('-inf')).softmax(-1) @ v`",
        ),
        mistakes={
            "no mask": (
                lambda q, k, v: _scores(q, k).softmax(-1) @ v,
                "the positions look ahead. Set the scores of later positions to minus infinity before "
                "the softmax.",
            ),
            "zero mask": (
                lambda q, k, v: _scores(q, k).tril().softmax(-1) @ v,
                "a score of 0 is no mask: softmax makes e to the 0 of it, which is 1, and the positions "
                "still look ahead. Use minus infinity.",
            ),
            "mask after softmax": (
                lambda q, k, v: _scores(q, k).softmax(-1).tril() @ v,
                "the weights of a row do not add up to 1, because the mask came after the softmax. "
                "Mask the scores.",
            ),
            "not itself": (
                lambda q, k, v: (
                    _scores(q, k).masked_fill(_later(len(q), 0), -math.inf).softmax(-1) @ v
                ),
                "a row of the scores is minus infinity throughout, and its softmax is nan. A position "
                "may look at itself.",
            ),
            "only later": (
                lambda q, k, v: (
                    _scores(q, k).masked_fill(_later(len(q)).T, -math.inf).softmax(-1) @ v
                ),
                "the mask is turned around: each position sees itself and what comes later.",
            ),
            "no scale": (
                lambda q, k, v: attend(q * math.sqrt(q.shape[1]), k, v),
                "the scale is missing: divide the scores by the square root of D.",
            ),
            "divided by D": (
                lambda q, k, v: attend(q / math.sqrt(q.shape[1]), k, v),
                "the scores are divided by D. Divide them by its square root.",
            ),
            "columns": (
                lambda q, k, v: _scores(q, k).masked_fill(_later(len(q)), -math.inf).softmax(0) @ v,
                "the softmax runs down the columns. Each position shares out its own row: use dim=-1.",
            ),
            "weights alone": (
                lambda q, k, v: _scores(q, k).masked_fill(_later(len(q)), -math.inf).softmax(-1),
                "those are the weights, (T, T). What a position receives is the mixture of the values "
                "by these weights.",
            ),
        },
    ),
    Exercise(
        name="previous_token",
        solution=previous_token,
        same=_same_weight,
        cases=((_pattern(9),), (_pattern(4),), (_pattern(2),), (_pattern(6),)),
        hints=(
            "Row t of the pattern says how position t shares out its attention. Which column is its "
            "neighbor on the left?",
            "The numbers you want are `pattern[1, 0]`, `pattern[2, 1]`, `pattern[3, 2]` and so on: a diagonal.",
            "`pattern.diagonal(-1).mean()`",
        ),
        mistakes={
            "itself": (
                lambda P: P.diagonal().mean(),
                "that is the weight on the position itself. The one before it is one column to the "
                "left: `diagonal(-1)`.",
            ),
            "ahead": (
                lambda P: P.diagonal(1).mean(),
                "you read the future, which is masked and therefore 0. Rows ask, columns answer.",
            ),
            "first row counted": (
                lambda P: P.diagonal(-1).sum() / len(P),
                "the first position has nothing before it. Average over the others.",
            ),
            "sum": (
                lambda P: P.diagonal(-1).sum(),
                "that is the sum of the weights. Take the mean.",
            ),
            "two before": (
                lambda P: P.diagonal(-2).mean(),
                "that is the weight on the position two before. Count one to the left.",
            ),
        },
    ),
    Exercise(
        name="induction",
        solution=induction,
        same=_same_weight,
        cases=(
            (_pattern(9), 4),
            (_pattern(9), 3),
            (_pattern(7), 5),
            (_pattern(6), 2),
            (_pattern(5), 1),
        ),
        hints=(
            "At position t stands the token that stood at t - period. What followed it then?",
            "It is at t - period + 1. Start at t = period, where the repetition begins.",
            "`pattern.diagonal(1 - period)[1:].mean()`",
        ),
        mistakes={
            "same token": (
                lambda P, n: P.diagonal(-n).mean(),
                "that is the weight on the same token the last time. What followed it stands one "
                "further on.",
            ),
            "wrong side": (
                lambda P, n: P.diagonal(-n - 1).mean(),
                "that is the token before the last occurrence. What followed it is on the other side.",
            ),
            "too early": (
                lambda P, n: P.diagonal(1 - n).mean(),
                "one position too many is counted: at period - 1 it is still the first time round. Begin "
                "at `period`, with the first repeat.",
            ),
            "sum": (
                lambda P, n: P.diagonal(1 - n)[1:].sum(),
                "that is the sum of the weights. Take the mean.",
            ),
        },
    ),
    Exercise(
        name="parameters",
        solution=parameters,
        cases=(
            (12, 768, 50257, 1024),
            (1, 2, 3, 5),
            (3, 4, 7, 6),
            (96, 12288, 50257, 2048),
        ),
        hints=(
            "A block has four square matrices of n_embd for attention, and in the MLP one to 4 n_embd "
            "and one back.",
            "Biases: as many as a matrix has outputs. Each norm has a gain and a bias, n_embd each; there "
            "are two a block and one at the end.",
            "`n_layer * (12 * n_embd**2 + 13 * n_embd) + (vocab_size + block_size) * n_embd + 2 * n_embd`",
        ),
        mistakes={
            "head twice": (
                lambda L, C, V, T: parameters(L, C, V, T) + V * C,
                "the output layer is the token table used again. Do not count it twice.",
            ),
            "no positions": (
                lambda L, C, V, T: parameters(L, C, V, 0),
                "the table of positions is missing: block_size rows of n_embd.",
            ),
            "no last norm": (
                lambda L, C, V, T: parameters(L, C, V, T) - 2 * C,
                "the last norm, after all blocks, is missing.",
            ),
            "no norms": (
                lambda L, C, V, T: parameters(L, C, V, T) - 4 * L * C,
                "each block has two norms with a gain and a bias each.",
            ),
            "no biases": (
                lambda L, C, V, T: parameters(L, C, V, T) - 9 * L * C,
                "the matrices' biases are missing: 4 n_embd in attention, 5 n_embd in the MLP.",
            ),
            "no MLPs": (
                lambda L, C, V, T: parameters(L, C, V, T) - 8 * L * C * C,
                "the MLPs are missing: a block holds 8 n_embd squared in them.",
            ),
        },
    ),
]

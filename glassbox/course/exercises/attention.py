"""Exercises of lab 04: one attention head, two scores for what a head does, and counting to 124,439,808."""

import math

import torch
from torch.nn import functional as F

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


def _qkv(T=5, D=4):
    g = torch.Generator().manual_seed(4)
    return torch.randn(3, T, D, generator=g)


def check_attend(answer):
    q, k, v = _qkv()
    got = torch.as_tensor(answer(q.clone(), k.clone(), v.clone()))
    if got.shape != v.shape:
        return f"the answer has shape {tuple(got.shape)}; every position receives one mixture of values, so it is (5, 4)."
    want = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0]
    if torch.allclose(got, want, atol=1e-5):
        return None
    if torch.isnan(got).any():
        return "there is nan in it: a row of the scores is minus infinity throughout. A position may look at itself."
    if torch.allclose(got, (q @ k.T / 2).softmax(-1) @ v, atol=1e-5):
        return "the positions look ahead. Set the scores of later positions to minus infinity before the softmax."
    past = torch.ones(5, 5).tril() == 0
    if torch.allclose(got, (q @ k.T).masked_fill(past, -math.inf).softmax(-1) @ v, atol=1e-5):
        return "it is right but for the scale: divide the scores by the square root of D."
    if torch.allclose(got, (q @ k.T / 2).softmax(-1).masked_fill(past, 0) @ v, atol=1e-5):
        return "the weights of a row do not add up to 1, because the mask came after the softmax. Mask the scores."
    if torch.allclose(
        got, (q @ k.T / 2).masked_fill(past, -math.inf).softmax(0).nan_to_num() @ v, atol=1e-5
    ):
        return (
            "the softmax runs down the columns. Each position shares out its own row: use dim=-1."
        )
    return f"the last position receives {[round(x, 2) for x in got[-1].tolist()]}, and should receive {[round(x, 2) for x in want[-1].tolist()]}."


def _pattern():
    g = torch.Generator().manual_seed(5)
    scores = torch.randn(9, 9, generator=g).masked_fill(torch.ones(9, 9).tril() == 0, -math.inf)
    return scores.softmax(-1)


def check_previous_token(answer):
    P = _pattern()
    got = float(answer(P.clone()))
    if math.isclose(got, previous_token(P), abs_tol=1e-4):
        return None
    if math.isclose(got, P.diagonal().mean().item(), abs_tol=1e-4):
        return "that is the weight on the position itself. The one before it is one column to the left: diagonal(-1)."
    if math.isclose(got, 0.0, abs_tol=1e-9):
        return "it is 0 for a pattern where it should not be: you read the future, which is masked. Rows ask, columns answer."
    if math.isclose(got, previous_token(P) * 8 / 9, abs_tol=1e-4):
        return "the first position has nothing before it. Average over the other eight."
    return f"it says {got:.3f} and should say {previous_token(P):.3f}."


def check_induction(answer):
    P = _pattern()
    got = float(answer(P.clone(), 4))
    want = induction(P, 4)
    if math.isclose(got, want, abs_tol=1e-4):
        wide = float(answer(P.clone(), 3))
        if math.isclose(wide, induction(P, 3), abs_tol=1e-4):
            return None
        return f"right for a period of 4, but for 3 it says {wide:.3f} and should say {induction(P, 3):.3f}."
    if math.isclose(got, P.diagonal(-4).mean().item(), abs_tol=1e-4):
        return "that is the weight on the same token the last time. What followed it stands one further on."
    if math.isclose(got, P.diagonal(-5).mean().item(), abs_tol=1e-4):
        return (
            "that is the token before the last occurrence. What followed it is on the other side."
        )
    if math.isclose(got, P.diagonal(-3).mean().item(), abs_tol=1e-4):
        return "position 3 is counted too, but it is still the first time round. Begin with position 4, the first repeat."
    return f"for a period of 4 it says {got:.3f} and should say {want:.3f}."


def check_parameters(answer):
    got, want = int(answer(12, 768, 50257, 1024)), parameters(12, 768, 50257, 1024)
    if got == want:
        tiny = int(answer(1, 2, 3, 5))
        if tiny == parameters(1, 2, 3, 5):
            return None
        return (
            f"right for GPT-2, but with 1 layer, n_embd 2, vocabulary 3 and window 5 it says {tiny} and "
            f"should say {parameters(1, 2, 3, 5)}. Is one of GPT-2's sizes typed in where an argument belongs?"
        )
    told = f"it says {got:,}; GPT-2 has {want:,}"
    reasons = {
        50257 * 768: "the output layer is the token table used again. Do not count it twice",
        -1024 * 768: "the table of positions is missing: block_size rows of n_embd",
        -2 * 768: "the last norm, after all blocks, is missing",
        -12 * 4 * 768: "each block has two norms with a gain and a bias each",
        -12
        * 9
        * 768: "the matrices' biases are missing: 4 n_embd in attention, 5 n_embd in the MLP",
        -12 * 8 * 768 * 768: "the MLPs are missing: a block holds 8 n_embd squared in them",
    }
    for difference, why in reasons.items():
        if got - want == difference:
            return f"{told}. {why[0].upper() + why[1:]}."
    return (
        f"{told}. Count a block (attention, MLP, two norms), then the two tables and the last norm."
    )


def _unmasked(q, k, v):
    return (q @ k.T / math.sqrt(q.shape[1])).softmax(-1) @ v


def _masked_late(q, k, v):
    weights = (q @ k.T / math.sqrt(q.shape[1])).softmax(-1)
    return weights.tril() @ v


EXERCISES = [
    Exercise(
        name="attend",
        check=check_attend,
        hints=(
            "The score of position t for position s is the product of t's query and s's key: q @ k.T holds all of them.",
            "Divide by the square root of D, put minus infinity where s is later than t, then softmax along each row.",
            "scores.masked_fill(torch.ones(T, T, dtype=torch.bool).triu(1), -math.inf).softmax(-1) @ v",
        ),
        solution=attend,
        mistakes={
            "no mask": (_unmasked, "look ahead"),
            "no scale": (
                lambda q, k, v: attend(q * math.sqrt(q.shape[1]), k, v),
                "square root of D",
            ),
            "mask after softmax": (_masked_late, "add up to 1"),
            "not itself": (
                lambda q, k, v: (
                    (q @ k.T / 2).masked_fill(torch.ones(5, 5).tril(-1) == 0, -math.inf).softmax(-1)
                    @ v
                ),
                "itself",
            ),
        },
        starter=lambda q, k, v: ...,
    ),
    Exercise(
        name="previous_token",
        check=check_previous_token,
        hints=(
            "Row t of the pattern says how position t shares out its attention. Which column is its neighbor on the left?",
            "The numbers you want are pattern[1, 0], pattern[2, 1], pattern[3, 2] and so on: a diagonal.",
            "pattern.diagonal(-1).mean()",
        ),
        solution=previous_token,
        mistakes={
            "itself": (lambda P: P.diagonal().mean(), "position itself"),
            "ahead": (lambda P: P.diagonal(1).mean(), "future"),
            "first row counted": (lambda P: P.diagonal(-1).sum() / len(P), "first position"),
        },
        starter=lambda pattern: ...,
    ),
    Exercise(
        name="induction",
        check=check_induction,
        hints=(
            "At position t stands the token that stood at t - period. What followed it then?",
            "It is at t - period + 1. Start at t = period, where the repetition begins.",
            "pattern.diagonal(1 - period)[1:].mean()",
        ),
        solution=induction,
        mistakes={
            "same token": (lambda P, n: P.diagonal(-n).mean(), "same token"),
            "wrong side": (lambda P, n: P.diagonal(-n - 1).mean(), "other side"),
            "too early": (lambda P, n: P.diagonal(1 - n).mean(), "first repeat"),
        },
        starter=lambda pattern, period: ...,
    ),
    Exercise(
        name="parameters",
        check=check_parameters,
        hints=(
            "A block has four square matrices of n_embd for attention, and in the MLP one to 4 n_embd and one back.",
            "Biases: as many as a matrix has outputs. Each norm has a gain and a bias, n_embd each; there are two a block and one at the end.",
            "n_layer * (12 n_embd² + 13 n_embd) + (vocab_size + block_size) * n_embd + 2 n_embd",
        ),
        solution=parameters,
        mistakes={
            "head twice": (lambda L, C, V, T: parameters(L, C, V, T) + V * C, "twice"),
            "no positions": (lambda L, C, V, T: parameters(L, C, V, 0), "positions"),
            "no biases": (lambda L, C, V, T: parameters(L, C, V, T) - 9 * L * C, "biases"),
        },
        starter=lambda n_layer, n_embd, vocab_size, block_size: ...,
    ),
]

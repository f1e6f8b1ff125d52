"""Embeddings: a text as one vector, so that texts of one meaning lie close together.

`Encoder` makes a vector of a language model: the mean of what its last block hands on. As the model comes, such
vectors tell little. `train_pairs` teaches it by pairs of texts that mean the same: each is to lie nearer to
its partner than to everybody else's in the batch (`info_nce`). `recall_at` says how often the right text is
among the nearest; `overlap` ranks by runs of letters in common, with no model at all.

Left out: negatives that are chosen to be hard, and pairs made by dropout alone (our models have none).

Sources: Gao, Yao, Chen 2021, arXiv:2104.08821 (SimCSE, with pairs); van den Oord et al. 2018,
arXiv:1807.03748 (InfoNCE); Karpukhin et al. 2020, arXiv:2004.04906 (negatives from the batch).
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from glassbox.assistant.finetune import padded
from glassbox.machine.history import History
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.world.english import say
from glassbox.world.facts import PLAIN, QUESTIONS
from glassbox.world.town import FACTS

TEMPERATURE = 0.05  # SimCSE's


class Encoder(nn.Module):
    """A language model that gives a vector for each text instead of scores for the next token."""

    def __init__(self, model: GPT, tokenizer: BPE):
        super().__init__()
        self.model, self.tokenizer = copy.deepcopy(model), tokenizer

    def n_params(self) -> int:
        """The weights that make a vector: all but the head's."""
        return self.model.num_params() - self.model.head.weight.numel()

    def ids(self, texts: Sequence[str], width: int | None = None) -> torch.Tensor:
        """Texts as (n, width) ids, -1 behind their ends; cut where the window ends."""
        rows = [self.tokenizer.encode(t, "none")[: self.model.config.block_size] for t in texts]
        if not rows or not all(rows):
            raise ValueError("there is no text, or one with nothing in it; give texts to embed")
        return padded(rows, -1, width)

    def forward(self, idx: torch.Tensor, targets: torch.Tensor | None = None):
        """Vectors of length 1, (n, n_embd), for ids (n, T) with -1 behind the ends, and the loss.

        With targets, the ids of every row's partner, the loss is `info_nce`; without, None.
        """
        vectors = self._vectors(idx)
        loss = None if targets is None else info_nce(vectors, self._vectors(targets))
        return vectors, loss

    def _vectors(self, idx):
        there = (idx >= 0).float()[..., None]  # (n, T, 1)
        states = _states(self.model, idx.clamp(min=0))  # (n, T, C); what comes later is not seen
        return F.normalize((states * there).sum(dim=1) / there.sum(dim=1), dim=-1)

    @torch.no_grad()
    def embed(self, texts: Sequence[str], batch_size: int = 256) -> torch.Tensor:
        """Vectors of length 1, (n, n_embd). Raises ValueError for a text without a token."""
        parts = [texts[i : i + batch_size] for i in range(0, len(texts), batch_size)] or [[]]
        return torch.cat([self(self.ids(part))[0] for part in parts])


def _states(model: GPT, idx: torch.Tensor) -> torch.Tensor:
    """What reaches the head, (B, T, C)."""
    kept = []
    hook = model.norm.register_forward_hook(lambda module, given, out: kept.append(out))
    try:
        model(idx)
    finally:
        hook.remove()
    return kept[0]


def info_nce(a: torch.Tensor, b: torch.Tensor, temperature: float = TEMPERATURE) -> torch.Tensor:
    """How badly each row of `a` picks its partner, the same row of `b`, among all rows of `b`; in nats.

    a, b: (n, d), of length 1. The cosines divided by the temperature are scores, as of a choice between n.

    >>> info_nce(torch.eye(2), torch.eye(2), temperature=1.0).item()  # ln(1 + exp(0 - 1))
    0.31326165795326233
    """
    scores = a @ b.T / temperature  # (n, n)
    return F.cross_entropy(scores, torch.arange(len(a), device=a.device))


class Pairs:
    """Batches of pairs: `pairs[step]` is (ids, ids of the partners), each (batch_size, width).

    No two pairs of a batch tell the same fact about the same person: one's partner would be the other's too.
    """

    def __init__(
        self, pairs: Sequence[tuple[str, str]], encoder: Encoder, batch_size: int, seed: int = 0
    ):
        if len(pairs) < batch_size or batch_size < 2:
            raise ValueError(
                f"there are {len(pairs)} pairs and batch_size is {batch_size}; a batch takes 2 or more of them"
            )
        self.sides = [encoder.ids(side) for side in zip(*pairs)]
        self.batch_size, self.seed = batch_size, seed

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        dice = torch.Generator().manual_seed(1_000_003 * self.seed + step)
        chosen = torch.randperm(len(self.sides[0]), generator=dice)[: self.batch_size]
        return self.sides[0][chosen], self.sides[1][chosen]


def train_pairs(
    encoder: Encoder,
    pairs: Sequence[tuple[str, str]],
    steps: int = 60,
    batch_size: int = 48,
    lr: float = 1e-3,
    seed: int = 0,
    progress: bool = False,
) -> History:
    """Teach an encoder, in place, that the two texts of a pair mean the same."""
    config = TrainConfig(steps, lr, None, warmup=5, dtype="float32")
    return train(encoder, Pairs(pairs, encoder, batch_size, seed), config, progress=progress)


# ---------------------------------------------------------------------------------------------
# A task: find the passage that answers a question

LESSONS = {"questions": slice(0, 3), "passages": slice(0, 6)}  # wordings that are taught
APART = {"questions": slice(3, None), "passages": slice(6, None)}  # wordings that are kept apart


def question_pairs(people: Sequence, wordings: dict, seed: int = 0) -> list[tuple[str, str]]:
    """For each fact of everybody named a question and the passage that answers it, wordings drawn.

    Beside the name they need have no word in common.
    """
    dice, pairs = random.Random(f"pairs {seed}"), []
    for person in people:
        for fact in FACTS:
            question = dice.choice(QUESTIONS[fact][wordings["questions"]]).format_map(person.slots)
            passage = say(dice.choice(PLAIN[fact][wordings["passages"]]), person.slots)
            pairs.append((question, passage))
    return pairs


def recall_at(scores: torch.Tensor, k: int) -> float:
    """The share of the questions whose passage is among the k with the highest scores.

    scores: (n, n); the passage of question i is number i. Of equals the later counts as better, so a score
    that is the same for all finds nothing.

    >>> recall_at(torch.tensor([[0.9, 0.1], [0.8, 0.3]]), k=1)
    0.5
    """
    if scores.ndim != 2 or scores.shape[0] != scores.shape[1] or not 1 <= k <= len(scores):
        raise ValueError(f"scores is {tuple(scores.shape)} and k is {k}; give (n, n) and k up to n")
    right = scores.diagonal()[:, None]
    others = (scores >= right).sum(dim=1) - 1
    return (others < k).float().mean().item()


def overlap(questions: Sequence[str], passages: Sequence[str], n: int = 3) -> torch.Tensor:
    """The share of runs of n letters that a question and a passage have in common, (questions, passages).

    Of all runs in either of the two (Jaccard).

    >>> overlap(["abcd"], ["abcx", "wxyz"])
    tensor([[0.3333, 0.0000]])
    """
    sides = [[{t[i : i + n] for i in range(len(t) - n + 1)} for t in side]
             for side in (questions, passages)]  # fmt: skip
    return torch.tensor([[len(a & b) / max(1, len(a | b)) for b in sides[1]] for a in sides[0]])


def words_in_common(questions: Sequence[str], passages: Sequence[str]) -> torch.Tensor:
    """BM25's scores, (questions, passages); see `assistant.retrieval.bm25`."""
    from glassbox.assistant.retrieval import bm25
    from glassbox.world.passages import Passage

    index = bm25([Passage(text, "", "", "") for text in passages])
    return torch.from_numpy(np.stack([index.scores(q) for q in questions])).float()

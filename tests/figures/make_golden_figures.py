"""Write the golden vectors of the figures `tokens` and `softmax_sampling` from the library's answers.

Run `python -m tests.figures.make_golden_figures` from the repository's root after a change of an
algorithm, and read the difference before committing it.
"""

from __future__ import annotations

from collections import Counter

import torch

from glassbox.machine import sampling
from glassbox.machine.tokens import BPE, count_pairs, word_counts
from tests.figures.make_golden import PROBES, TRAINING_TEXT, write

SETTINGS = [
    {},
    {"temperature": 0},
    {"temperature": 0.3},
    {"temperature": 2.5},
    {"topK": 1},
    {"topK": 7},
    {"topK": 3},  # cuts inside a tie
    {"topP": 0.5},
    {"topP": 0.9, "temperature": 1.7},
    {"minP": 0.1},
    {"topK": 12, "topP": 0.8, "minP": 0.05, "temperature": 1.3},
    {"penalty": 1.8},
    {"penalty": 1.3, "topP": 0.7, "temperature": 0.9},
]
SEEN = [0, 3, 3, 17, 29]


def tokens_vectors() -> dict:
    """A tokenizer as pairs of ids, ids of probes, and the most frequent pairs at some steps."""
    bpe = BPE.train(TRAINING_TEXT, 400)
    id_of = {token: i for i, token in bpe.vocab.items()}
    return {
        "text": TRAINING_TEXT,
        "pairs": [[id_of[left], id_of[right]] for left, right in bpe.merges],
        "probes": [{"text": text, "ids": bpe.encode(text)} for text in PROBES],
        "contests": [{"k": k, "best": contest(bpe, k)} for k in (0, 1, 17, 100)],
    }


def contest(bpe: BPE, k: int) -> list[list[int]]:
    """The five most frequent pairs after k merges, [left, right, count]; ties by smaller ids."""
    young = BPE.from_merges(bpe.merges[:k])
    words: Counter[tuple[int, ...]] = Counter()
    for word, n in word_counts(TRAINING_TEXT).items():
        words[tuple(young.encode_bytes(word))] += n
    best = sorted(count_pairs(words).items(), key=lambda item: (-item[1], item[0]))[:5]
    return [[left, right, n] for (left, right), n in best]


def sampling_vectors() -> dict:
    """Logits, settings, and the distribution that the library draws from under each of them."""
    generator = torch.Generator().manual_seed(3)
    logits = (3 * torch.randn(40, generator=generator, dtype=torch.float64)).round(decimals=3)
    order = logits.argsort(descending=True)
    logits[order[3]] = logits[order[2]]  # two tokens share the third place
    return {
        "logits": logits.tolist(),
        "seen": SEEN,
        "cases": [{"settings": s, "final": final(logits, s)} for s in SETTINGS],
    }


def final(logits: torch.Tensor, settings: dict) -> list[float]:
    """Shares after the penalty, the temperature and the filters, by glassbox.machine.sampling."""
    penalized = sampling.repetition_penalty(logits, SEEN, settings.get("penalty", 1.0))
    probs = sampling.probabilities(
        penalized,
        settings.get("temperature", 1.0),
        settings.get("topK"),
        settings.get("topP"),
        settings.get("minP"),
    )
    return [round(p, 12) for p in probs.tolist()]


if __name__ == "__main__":
    write("tokens", tokens_vectors())
    write("softmax_sampling", sampling_vectors())

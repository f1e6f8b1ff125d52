"""Write the golden vectors of the figure `tokens` from the library's answers.

Run `python -m figures.tokens.golden` from the repository's root after a change of an algorithm, and
read the difference before committing it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from figures.core.golden import PROBES, TRAINING_TEXT, write
from glassbox.machine.tokens import BPE, count_pairs, word_counts

FILE = Path(__file__).with_name("golden.json")


def vectors() -> dict:
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


if __name__ == "__main__":
    write(FILE, vectors())

"""What the figure `tokens` needs of Python's side: texts to learn from, parallel paragraphs, tokenizers."""

from __future__ import annotations

from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.bilingual import corpus
from glassbox.world.languages import PARAGRAPHS

MIXES = ("english", "mixed", "chinese")
VOCAB_SIZE = 1280  # 256 bytes and 1,024 merges
TRAINING_BYTES = 200_000  # what each of the three tokenizers learns from
CORPUS_BYTES = {"port_ellery": 50_000, "mixed": 25_000, "chinese": 25_000}


def data() -> dict:
    """Texts to learn from, the parallel paragraphs, and three tokenizers as pairs of ids.

    The ids are those of `BPE.train`; the page rebuilds the tokens by joining the pairs in order.
    """
    texts = {mix: corpus(mix, CORPUS_BYTES[mix]) for mix in ("mixed", "chinese")}
    texts["port_ellery"] = World().text(CORPUS_BYTES["port_ellery"])
    return {
        "corpora": texts,
        "paragraphs": [
            {
                "code": p.code,
                "name": p.language,
                "own": p.own_name,
                "dir": p.direction,
                "text": p.text,
            }
            for p in PARAGRAPHS
        ],
        "tokenizers": {mix: tokenizer_pairs(mix) for mix in MIXES},
        "vocab_size": VOCAB_SIZE,
        "training_bytes": TRAINING_BYTES,
    }


def tokenizer(mix: str) -> BPE:
    """The tokenizer behind one choice of the figure's "learned from".

    >>> len(tokenizer("chinese"))
    1280
    """
    return BPE.train(corpus(mix, TRAINING_BYTES), VOCAB_SIZE)


def tokenizer_pairs(mix: str) -> list[int]:
    """Its merges as ids, left and right in turn."""
    bpe = tokenizer(mix)
    id_of = {token: i for i, token in bpe.vocab.items()}
    return [id_of[token] for merge in bpe.merges for token in merge]

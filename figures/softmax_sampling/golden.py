"""Write the golden vectors of the figure `softmax_sampling` from the library's answers.

Run `python -m figures.softmax_sampling.golden` from the repository's root after a change of an
algorithm, and read the difference before committing it.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import torch

from figures.core.golden import tiny_gpt, write
from glassbox.machine import sampling
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE

FILE = Path(__file__).with_name("golden.json")
ANSWERS_FILE = Path(__file__).with_name("golden_answers.json")

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


def sampling_vectors() -> dict:
    """Logits, settings, and the distribution that the library draws from under each of them."""
    generator = torch.Generator().manual_seed(3)
    logits = (3 * torch.randn(40, generator=generator, dtype=torch.float64)).round(decimals=3)
    order = logits.argsort(descending=True)
    logits[order[3]] = logits[order[2]]  # two tokens share the third place
    return {
        "logits": logits.tolist(),
        "seen": SEEN,
        "cases": [{"settings": s, "final": rounded(final(logits, s))} for s in SETTINGS],
    }


def final(logits: torch.Tensor, settings: dict, seen: list[int] = SEEN) -> list[float]:
    """Shares after the penalty, the temperature and the filters, by glassbox.machine.sampling."""
    penalized = sampling.repetition_penalty(logits, seen, settings.get("penalty", 1.0))
    probs = sampling.probabilities(
        penalized,
        settings.get("temperature", 1.0),
        settings.get("topK"),
        settings.get("topP"),
        settings.get("minP"),
    )
    return probs.tolist()


def rounded(probs: list[float]) -> list[float]:
    return [round(p, 12) for p in probs]


def answers_vectors() -> dict:
    """Shares of whole answers under settings, by the tiny model of gpt.json, token by token in torch."""
    model, vectors = tiny_gpt()
    packed = vectors["model"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        path.write_text(json.dumps(packed["tokenizer"]), encoding="utf-8")
        bpe = BPE.load(path)
    prompt, answers = "Mara lives on", [" Gull Lane", " Gull Street", " nets", " the thesis"]
    context = [bpe.special_tokens["<|endoftext|>"], *bpe.encode(prompt)]
    return {
        "prompt": prompt,
        "answers": answers,
        "cases": [
            {"settings": s, "shares": [answer_share(model, bpe, context, a, s) for a in answers]}
            for s in (
                {},
                {"temperature": 1.6},
                {"temperature": 0.7, "topP": 0.97},
                {"penalty": 1.5},
            )
        ],
    }


def answer_share(model: GPT, bpe: BPE, context: list[int], answer: str, settings: dict) -> float:
    """The product of the answer's shares, times the share of next tokens that begin no letter or digit."""
    share, ids = 1.0, list(context)
    for wanted in [*bpe.encode(answer), None]:
        with torch.no_grad():
            logits = model(torch.tensor([ids]))[0][0, -1].double()
        probs = final(logits, settings, ids)
        if wanted is None:
            over = [i for i in range(len(probs)) if not continues_word(bpe.vocab[i])]
            return share * sum(probs[i] for i in over)
        share *= probs[wanted]
        ids.append(wanted)


def continues_word(token: bytes) -> bool:
    return token[0] >= 0x80 or re.match(r"\w", token.decode("utf-8", "replace")) is not None


if __name__ == "__main__":
    write(ANSWERS_FILE, answers_vectors())
    write(FILE, sampling_vectors())

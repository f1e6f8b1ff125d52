"""Does a model give back what it has read, word for word? How often must it have read it?

After `study` has trained a model on poems planted in a town (`society.planting`), `extractable` asks
whether the model, given some tokens of a poem, continues it word for word, and `chance` how likely
that is under dice. `losses` and `membership_auc` guess what was read from the loss alone. Two remedies
are in use: `deduplicate` before training, and after it a filter that stops what is repeated
(`society.overlap`, which `write_around` obeys).

Greedy writing gives the wanted tokens if and only if each of them is the likeliest after those
before it. So one look at the whole poem tells what extraction with every prompt would give; nothing
has to be written out. Sampling is exact in the same way: the chance of the poem is the product of
the chances of its tokens.

Left out: extraction without a prompt, soft prompts.

Sources: Carlini et al. 2021, arXiv:2012.07805, and 2023, arXiv:2202.07646 (extraction, the three
laws); Hayes et al. 2024, arXiv:2410.19482 (n tries); Yeom et al. 2018, arXiv:1709.01604 (loss as
membership inference); Lee et al. 2022, arXiv:2107.06499 (deduplication).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch.nn import functional as F

from glassbox.assistant.cleaning import auc, drop_duplicates, exact_duplicates, near_duplicates
from glassbox.machine.data import END
from glassbox.machine.device import device_of
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE
from glassbox.society.overlap import NgramFilter, Overlap, longest_overlap, word_share
from glassbox.society.planting import (
    COPIES,
    Shape,
    Study,
    make_tokenizer,
    plant,
    study,
    town_text,
    train_once,
    verses,
)

__all__ = [  # planting and overlap too: whoever studies memorization needs them
    "COPIES", "PROMPTS", "TARGET", "NgramFilter", "Overlap", "Shape", "Study", "calibrated", "chance",
    "copies_for", "cut", "deduplicate", "extractable", "in_tries", "longest_overlap", "losses",
    "make_tokenizer", "membership_auc", "plant", "study", "target_logits", "town_text", "train_once",
    "verses", "word_share", "write_around",
]  # fmt: skip

PROMPTS = (2, 4, 8, 16, 32)  # tokens of the poem that the model is given
TARGET = 24  # tokens that it then has to write


# ---------------------------------------------------------------------------------------------
# Extraction


def cut(tokenizer: BPE, text: str, prompt: int, target: int = TARGET, at: int | None = None):
    """(prompt ids, target ids): `target` tokens of a text from token `at`, and `prompt` tokens before them.

    Without `at` the prompt is the beginning of the text. With it the same tokens can be asked for
    with prompts of different lengths, which then begin in the middle.
    """
    at = prompt if at is None else at
    if prompt < 1 or target < 1 or at < prompt:
        raise ValueError(
            f"prompt is {prompt}, target {target} and at {at}; prompt and target are 1 token or more, "
            "and the prompt must fit before `at`"
        )
    ids = tokenizer.encode(text, "none")
    if len(ids) < at + target:
        raise ValueError(
            f"the poem {text.splitlines()[0]!r} has {len(ids)} tokens, too few for a prompt of "
            f"{prompt} and {target} to be continued from token {at}; use a shorter prompt or a longer poem"
        )
    return ids[at - prompt : at], ids[at : at + target]


def target_logits(
    model,
    tokenizer: BPE,
    texts: Sequence[str],
    prompt: int,
    target: int = TARGET,
    at: int | None = None,
):
    """(logits (n, target, vocab) with the true text before each token, targets (n, target))."""
    pairs = [cut(tokenizer, text, prompt, target, at) for text in texts]
    end, device = tokenizer.special_tokens[END], device_of(model)
    idx = torch.tensor([[end, *given, *wanted] for given, wanted in pairs], device=device)
    if idx.shape[1] - 1 > model.config.block_size:
        raise ValueError(
            f"block_size is {model.config.block_size}, and prompt and target have "
            f"{idx.shape[1] - 1} tokens; shorten one of them"
        )
    with torch.no_grad():
        logits, _ = model(idx[:, :-1])  # (n, prompt + target, vocab)
    return logits[:, prompt:].float().cpu(), idx[:, prompt + 1 :].cpu()


def extractable(
    model, tokenizer, texts, prompt: int, target: int = TARGET, at: int | None = None
) -> list[bool]:
    """For each text: does greedy writing continue the prompt with all `target` tokens, word for word?"""
    logits, targets = target_logits(model, tokenizer, texts, prompt, target, at)
    return (logits.argmax(-1) == targets).all(dim=1).tolist()


def chance(model, tokenizer, texts, prompt: int, temperature: float = 1.0, target: int = TARGET):
    """For each text the probability that one sample at this temperature continues it word for word."""
    if not 0 < temperature < float("inf"):
        raise ValueError(f"temperature is {temperature}; above 0, or ask `extractable` for greedy")
    logits, targets = target_logits(model, tokenizer, texts, prompt, target)
    logps = F.log_softmax(logits / temperature, dim=-1)
    return logps.gather(2, targets[..., None]).sum(dim=(1, 2)).exp().tolist()


def in_tries(p: float, n: int) -> float:
    """The probability that at least one of n samples is the poem, if each sample is it with probability p.

    >>> round(in_tries(0.01, 100), 3)
    0.634
    """
    if not 0 <= p <= 1 or n < 0:
        raise ValueError(f"p is {p} and n is {n}; p is a probability, n a number of tries")
    return 1 - (1 - p) ** n


def copies_for(shares: Sequence[float], copies: Sequence[int], level: float = 50.0) -> float:
    """How many copies it takes until the share that is given back first reaches `level` percent.

    `shares` holds a percentage for each number of `copies`; between two of these the share is taken to
    rise in a straight line over the logarithm of the number. Raises ValueError if `level` is not reached.

    >>> copies_for([0, 25, 75, 100], [1, 2, 4, 8])
    2.8284271247461903
    """
    if len(shares) != len(copies) or max(shares) < level:
        raise ValueError(
            f"shares are {list(shares)} for {list(copies)} copies; {level}% is never reached, "
            "or there is not one share for each"
        )
    i = next(i for i, share in enumerate(shares) if share >= level)
    if i == 0:
        return float(copies[0])
    way = (level - shares[i - 1]) / (shares[i] - shares[i - 1])
    return copies[i - 1] * (copies[i] / copies[i - 1]) ** way


def write_around(
    model: GPT, tokenizer: BPE, prompt: str, n: int, stop: NgramFilter | None = None
) -> str:
    """What a model writes after the prompt, up to n tokens: each the likeliest that the filter allows."""
    end, device = tokenizer.special_tokens[END], device_of(model)
    ids = [end, *tokenizer.encode(prompt, "none")]
    before, room = len(ids), model.config.block_size
    check_settings(n=n)
    if before + n > room + 1:
        raise ValueError(
            f"block_size is {room}; the prompt has {before - 1} tokens and {n} are to follow. "
            "Shorten the prompt or ask for fewer"
        )
    cache, new = model.new_cache(1), ids
    for _ in range(n):
        with torch.no_grad():
            logits, _ = model(torch.tensor([new], device=device), cache=cache)
        order = logits[0, -1].argsort(descending=True).tolist()
        new = [next(i for i in order if stop is None or not stop.completes(ids, i))]
        ids += new
        if new == [end]:
            return tokenizer.decode(ids[before:-1])
    return tokenizer.decode(ids[before:])


# ---------------------------------------------------------------------------------------------
# Was it read?


def losses(model, tokenizer: BPE, texts: Iterable[str]) -> list[float]:
    """The loss of each text in nats per token: small where nothing surprises the model."""
    texts = list(texts)
    if not texts:
        raise ValueError("texts is empty; give at least one")
    tokens = [len(tokenizer.encode(text, "none")) + 1 for text in texts]
    nats = document_nats(model, tokenizer, texts).tolist()
    return [n / t for n, t in zip(nats, tokens)]


def calibrated(of_model: Sequence[float], of_reference: Sequence[float]) -> list[float]:
    """Each loss minus that of a model that has not read the text, so that an easy text does not look read.

    >>> calibrated([2.0, 1.5], [2.5, 1.5])
    [-0.5, 0.0]
    """
    if len(of_model) != len(of_reference):
        raise ValueError(
            f"{len(of_model)} losses of the model and {len(of_reference)} of the reference; "
            "give both for the same texts"
        )
    return [a - b for a, b in zip(of_model, of_reference)]


def membership_auc(read_losses: Sequence[float], unread_losses: Sequence[float]) -> float:
    """How often a text that was read has the smaller loss: 0.5 is guessing, 1 never wrong.

    >>> membership_auc([0.5, 1.5], [1.0, 2.0])
    0.75
    """
    return auc([-x for x in read_losses], [-x for x in unread_losses])


# ---------------------------------------------------------------------------------------------
# Remedies


def deduplicate(documents: Sequence[str], near: bool = True, threshold: float = 0.7) -> list[str]:
    """The documents without exact copies and, with near=True, without near ones: chapter 6's step.

    >>> deduplicate(["O eel, be kind.", "Fog.", "O eel, be kind."])
    ['O eel, be kind.', 'Fog.']
    """
    documents = list(documents)
    left = drop_duplicates(documents, exact_duplicates)  # first, so that few are to be compared
    left = [text for text in left if text is not None]
    if near:
        kept = drop_duplicates(left, lambda texts: near_duplicates(texts, threshold))
        left = [text for text in kept if text is not None]
    return left

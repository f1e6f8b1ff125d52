"""Does a model give back what it has read, word for word? How often must it have read it?

`plant` puts poems into a town's documents, each as often as wanted. After training, `extractable`
asks whether the model, given some tokens of a poem, continues it word for word; `chance` how
likely it is to under dice; `longest_overlap` measures any text against any other. `losses` and
`auc` guess what was read from the loss alone. `deduplicate` and `NgramFilter` are the two remedies
in use, one before training and one after it.

Greedy writing gives the wanted tokens if and only if each of them is the likeliest after those
before it. So one look at the whole poem tells what extraction with every prompt would give; nothing
has to be written out. Sampling is exact in the same way: the chance of the poem is the product of
the chances of its tokens.

Left out: poems hidden inside longer documents, extraction without a prompt, soft prompts.

Sources: Carlini et al. 2021, arXiv:2012.07805, and 2023, arXiv:2202.07646 (extraction, the three
laws); Hayes et al. 2024, arXiv:2410.19482 (n tries); Yeom et al. 2018, arXiv:1709.01604 (loss as
membership inference); Lee et al. 2022, arXiv:2107.06499 (deduplication); Ippolito et al. 2023,
arXiv:2210.17546 (the filter, and what slips past it).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from glassbox.assistant.cleaning import (
    auc,
    drop_duplicates,
    exact_duplicates,
    near_duplicates,
    words,
)
from glassbox.machine.data import END, Windows
from glassbox.machine.device import device_of
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.settings import check_settings
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.world import World
from glassbox.world.poets import poems

COPIES = (1, 2, 4, 8, 16, 32, 64, 128)
PROMPTS = (2, 4, 8, 16, 32)  # tokens of the poem that the model is given
TARGET = 24  # tokens that it then has to write


# ---------------------------------------------------------------------------------------------
# Planting


def plant(documents: Sequence[str], copies: dict[str, int], seed: int = 0) -> list[str]:
    """The documents with each text of `copies` put in that many times, at random places.

    >>> sorted(plant(["Fog.", "Rain."], {"O eel.": 2}))
    ['Fog.', 'O eel.', 'O eel.', 'Rain.']
    """
    if not copies:
        raise ValueError("copies is empty; name at least one text and how often to plant it")
    for text, n in copies.items():
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise ValueError(
                f"{text[:30]!r} is to be planted {n!r} times; use 1 or more, and leave out of "
                "`copies` what is not to be planted"
            )
    planted = [*documents, *(text for text, n in copies.items() for _ in range(n))]
    random.Random(f"plant {seed}").shuffle(planted)
    return planted


# ---------------------------------------------------------------------------------------------
# A model that has read poems


@dataclass(frozen=True)
class Shape:
    """How large a model is. `width` is n_embd."""

    layers: int
    width: int
    heads: int = 2


@dataclass
class Study:
    """A trained model, what it read, and which poems: `copies` tells how often, `fresh` were never read."""

    model: GPT
    tokenizer: BPE
    documents: list[str]
    copies: dict[str, int]
    fresh: list[str]
    steps: int

    def planted(self, n: int) -> list[str]:
        """The poems that were planted n times."""
        return [text for text, times in self.copies.items() if times == n]


def verses(seed: int, each: int, levels: Sequence[int] = COPIES) -> tuple[dict, list[str]]:
    """({poem: copies}, fresh poems): `each` poems for every level, and as many that nobody plants."""
    if each < 1 or not levels:
        raise ValueError(f"each is {each} and levels {levels}; use one poem and one level or more")
    texts = [p.text for p in poems(each * (len(levels) + 1), seed)]
    blocks = [texts[i : i + each] for i in range(0, len(texts), each)]  # the poets take turns
    copies = {text: n for n, block in zip(levels, blocks) for text in block}
    return copies, blocks[-1]


def town_text(world: World, n_tokens: int, tokenizer: BPE) -> list[str]:
    """Documents of the town, without its own poems, that add up to n tokens or a little more."""
    texts, total = [], 0
    for document in world.documents():
        if total >= n_tokens:
            return texts
        if document.kind != "poem":
            texts.append(document.text)
            total += len(tokenizer.encode(document.text)) + 1


def make_tokenizer(world: World, vocab_size: int = 768) -> BPE:
    """One for all models of a study: learned from the town and from poems that none of them reads."""
    texts = [d.text for d in world.documents(n=1500)] + [p.text for p in poems(600, seed=10**6)]
    return BPE.train(texts, vocab_size, special_tokens=(END,))


def read(
    documents: Sequence[str],
    tokenizer: BPE,
    shape: Shape,
    seed: int = 0,
    batch_size: int = 12,
    T: int = 128,
    progress: bool = False,
    device: str = "cpu",
) -> tuple[GPT, int]:
    """(a model that has read every document once, the steps that it took)."""
    windows = Windows(documents, tokenizer, batch_size, T, seed)
    config = GPTConfig(len(tokenizer), T, shape.layers, shape.heads, shape.width)
    model = GPT(config, torch.Generator().manual_seed(seed)).to(device)
    steps = max(1, round(windows.steps_per_epoch))
    train(model, windows, TrainConfig(steps=steps, threads=1), progress=progress)
    return model, steps


def study(
    seed: int,
    shape: Shape,
    tokens: int,
    each: int = 10,
    tokenizer: BPE | None = None,
    residents: int = 60,
    progress: bool = False,
    levels: Sequence[int] = COPIES,
    **how,
) -> Study:
    """Plant poems in a town of this seed, `tokens` of town beside them, and let a model read it once.

    `each` poems stand there as often as each of the `levels` says; `how` is for `read`.
    """
    world = World(seed=seed, residents=residents)
    tokenizer = tokenizer or make_tokenizer(World(seed=0, residents=residents))
    copies, fresh = verses(seed, each, levels)
    documents = plant(town_text(world, tokens, tokenizer), copies, seed)
    model, steps = read(documents, tokenizer, shape, seed, progress=progress, **how)
    return Study(model, tokenizer, documents, copies, fresh, steps)


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
    """The probability that at least one of n samples is the poem, if each is with probability p.

    >>> round(in_tries(0.01, 100), 3)
    0.634
    """
    if not 0 <= p <= 1 or n < 0:
        raise ValueError(f"p is {p} and n is {n}; p is a probability, n a number of tries")
    return 1 - (1 - p) ** n


def copies_for(shares: Sequence[float], copies: Sequence[int], level: float = 50.0) -> float:
    """How many copies it takes until `shares` (in %, one a number of copies) first reach the level.

    Between two numbers of copies, on a straight line over their logarithms.

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
    """Up to n tokens after the prompt, always the likeliest that the filter lets by, as text."""
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
# Overlap


@dataclass(frozen=True)
class Overlap:
    """The longest run of words in common: how many, from which word on in either, and the words."""

    length: int
    start: int
    source_start: int
    text: str


def longest_overlap(text: str, source: str) -> Overlap:
    """The longest run of words that stands in both texts; capital letters and punctuation do not count.

    Row by row, for each word of the text: a run that ends at this word and at a word of the source is
    one longer than the run that ends at the two words before. (The longest common substring.)

    >>> longest_overlap("Aye, the gray gulls argue.", "Hear: the GRAY gulls sing")
    Overlap(length=3, start=1, source_start=1, text='the gray gulls')
    """
    ours, theirs = words(text), words(source)
    number = {word: i for i, word in enumerate(dict.fromkeys(theirs))}
    there = np.array([number[word] for word in theirs], dtype=np.int64)
    runs, best = np.zeros(len(there) + 1, dtype=np.int64), (0, 0, 0)
    for i, word in enumerate(ours):
        same = there == number.get(word, -1)
        runs[1:] = np.where(same, runs[:-1] + 1, 0)  # the right side is made before it is put in
        j = int(runs.argmax())
        if runs[j] > best[0]:
            n = int(runs[j])
            best = n, i + 1 - n, j - n
    n, start, source_start = best
    return Overlap(n, start, source_start, " ".join(ours[start : start + n]))


def word_share(text: str, source: str) -> float:
    """How much of the source stands in the text, in its order, with gaps: matched words / source words.

    The longest common subsequence. A copy with every seventh word changed has 0.86.

    >>> word_share("the gray gulls quarrel in the bay", "the gray gulls argue in the bay")
    0.8571428571428571
    """
    ours, theirs = words(text), words(source)
    if not theirs:
        raise ValueError("the source has no words; there is nothing to find again")
    row = [0] * (len(theirs) + 1)
    for word in ours:
        before = 0
        for j, other in enumerate(theirs, 1):
            now = row[j]
            row[j] = before + 1 if word == other else max(row[j], row[j - 1])
            before = now
    return row[-1] / len(theirs)


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
    """Losses less those of a model that has not read the texts: what is left is not the text's ease.

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
    """The documents without copies: chapter 6's step, exact copies alone or near ones too.

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


class NgramFilter:
    """Stops a text when it repeats n words in a row of a protected one; or n tokens, while writing.

    >>> stop = NgramFilter(["The gray gulls argue in the bay"], n=4)
    >>> stop.hits("She says the gray gulls argue."), stop.hits("Gray gulls do argue.")
    (['the gray gulls argue'], [])
    """

    def __init__(self, protected: Sequence[str], n: int = 6, tokenizer: BPE | None = None):
        if n < 1:
            raise ValueError(f"n is {n}; the filter compares runs of one word or more")
        if not protected:
            raise ValueError("protected is empty; name at least one text to protect")
        self.n, self.tokenizer = n, tokenizer
        rows = [tuple(tokenizer.encode(t, "none") if tokenizer else words(t)) for t in protected]
        if short := [t for t, row in zip(protected, rows) if len(row) < n]:
            unit = "tokens" if tokenizer else "words"
            raise ValueError(
                f"n is {n}, longer than {short[0][:40]!r}, which has fewer {unit} and would go "
                "unprotected; use a smaller n"
            )
        self.grams = {row[i : i + n] for row in rows for i in range(len(row) - n + 1)}

    def hits(self, text: str) -> list[str]:
        """The runs of n words of a text that stand in a protected one."""
        if self.tokenizer is not None:
            raise ValueError(
                "this filter knows tokens; make one without a tokenizer to ask for words"
            )
        w = words(text)
        runs = (tuple(w[i : i + self.n]) for i in range(len(w) - self.n + 1))
        return [" ".join(run) for run in runs if run in self.grams]

    def completes(self, ids: Sequence[int], token: int) -> bool:
        """Would this token complete a run of n protected tokens? For filtering while writing."""
        if self.tokenizer is None:
            raise ValueError("this filter knows words; make it with a tokenizer to filter writing")
        return (*ids[len(ids) - self.n + 1 :], token) in self.grams

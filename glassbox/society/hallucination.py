"""How often must a language model invent? A forecast from its text, and what a model then writes.

`tell` writes a text in which each sentence tells one fact of the town. The facts are drawn by dice, some of
them likelier than others, so some are told often, many once, and some never. `forecast` sees how many of
the sentences tell a fact that stands nowhere else; by Good and Turing that is about the share of facts, by
their chances, that the text never got to. A model that is as sure as it has a right to be must
leave that much room for what it has not read. It cannot tell which of it is true, and there are many more
false sentences than true ones, so nearly all that it writes there is invented.

`read` trains a model on the text, and `measure` looks at what the model writes freely and how far it is
from calibrated (`miscalibration`). The papers' bound is

    rate of invention  >=  share told once - miscalibration - (small terms)

It is about what a model writes of its own accord, not about answers to questions.

Left out: facts that follow from others, texts in which one sentence tells several, the papers' small terms.

Sources: Good 1953, Biometrika 40 (the estimate); Esty 1983, Annals of Statistics 11 (its interval); Kalai
and Vempala 2024, arXiv:2311.14648 (the bound); Miao and Kearns 2025, arXiv:2502.08666 (its trial on
texts like these, and repeating some of the sentences).
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from glassbox.machine.data import END, Windows
from glassbox.machine.generate import complete_each
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.society.planting import Shape

FORMS = {  # one sentence a fact, so that a fact has one probability
    "street": "{name} lives on {street}.",
    "trade": "{name} is {a_trade}.",
    "born": "{name} was born in {born}.",
    "dish": "{name} likes {dish}.",
    "pet": "{name} keeps {a_pet}.",
}
STATEMENT = re.compile(r"[A-Z]\w+ [A-Z]\w+ (?:lives on|is|was born in|likes|keeps) \S[^.]*\.")
STEM = re.compile(r"\w+ \w+ (?:lives on|is|was born in|likes|keeps)(?= )")
KINDS = ("told", "untold", "invented", "malformed")
WIDTH = math.log(2)  # of a bin of probabilities, in nats: the largest is twice the smallest
SMALL = Shape(2, 64)  # 180,000 parameters
N_TOKENS = 28  # at most, of a sentence that a model writes


# ---------------------------------------------------------------------------------------------
# The text


@dataclass(frozen=True)
class Telling:
    """A text of single facts. `facts` are all true sentences, `chances` how likely each is to be told next."""

    facts: tuple[str, ...]
    chances: tuple[float, ...]
    text: tuple[str, ...]
    held_out: tuple[str, ...]  # drawn by the same dice after the text

    @property
    def counts(self) -> Counter:
        """How often each fact that is told is told."""
        return Counter(self.text)

    @property
    def unseen(self) -> float:
        """The chance that the next sentence tells a fact that the text does not: what is to be forecast."""
        told = set(self.text)
        return sum(p for fact, p in zip(self.facts, self.chances) if fact not in told)


def tell(world, n: int, skew: float = 0.7, seed: int = 0, n_held_out: int = 1000) -> Telling:
    """n sentences about facts of the town, drawn by dice.

    The chances of the facts are those of Zipf's law, 1 / rank^skew, in a random order: with skew 0 all
    are alike, with 1 the second is half as likely as the first.
    """
    if n < 1 or n_held_out < 1 or not 0 <= skew < 10:
        raise ValueError(
            f"n is {n}, n_held_out {n_held_out} and skew {skew}; tell 1 sentence or more, skew 0 to 10"
        )
    facts = [form.format_map(r.slots) for r in world.residents for form in FORMS.values()]
    dice = random.Random(f"tell {seed}")
    weights = [(rank + 1) ** -skew for rank in range(len(facts))]
    dice.shuffle(weights)
    drawn = dice.choices(facts, weights, k=n + n_held_out)
    chances = [w / sum(weights) for w in weights]
    return Telling(tuple(facts), tuple(chances), tuple(drawn[:n]), tuple(drawn[n:]))


def repeat_once_told(telling: Telling, share: float = 1.0, seed: int = 0) -> Telling:
    """The same, but a share of the facts that are told once are told a second time, at random places.

    >>> told = Telling(("Fog.", "Rain."), (0.5, 0.5), ("Fog.", "Rain.", "Rain."), ("Fog.",))
    >>> sorted(repeat_once_told(told).text)
    ['Fog.', 'Fog.', 'Rain.', 'Rain.']
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; it is a share of the facts told once, from 0 to 1")
    dice = random.Random(f"repeat {seed}")
    once = [fact for fact, n in telling.counts.items() if n == 1]
    text = [*telling.text, *dice.sample(once, round(share * len(once)))]
    dice.shuffle(text)
    return Telling(telling.facts, telling.chances, tuple(text), telling.held_out)


# ---------------------------------------------------------------------------------------------
# The forecast


@dataclass(frozen=True)
class Forecast:
    """A share with its interval, each from 0 to 1."""

    share: float
    low: float
    high: float


def forecast(counts: Sequence[int], z: float = 1.96) -> Forecast:
    """Good and Turing's estimate of the unseen share: sentences that tell a fact told once, of all sentences.

    counts  how often each fact is told; facts told 0 times may be left out
    z       half the interval in standard deviations; 1.96 for 95%, by Esty's formula

    >>> guess = forecast([1] * 20 + [2] * 15 + [5] * 10)
    >>> guess.share, round(guess.low, 3), round(guess.high, 3)
    (0.2, 0.067, 0.333)
    """
    told = Counter(counts)
    n = sum(k * times for k, times in told.items())
    if n < 1 or min(told) < 0:
        raise ValueError(f"counts are {list(counts)[:9]}; give how often each fact is told")
    once, twice = told[1] / n, 2 * told[2] / n
    half = z * math.sqrt((once + twice - once**2) / n)
    return Forecast(once, max(0.0, once - half), min(1.0, once + half))


# ---------------------------------------------------------------------------------------------
# What a model writes


def kind_of(sentence: str, told: set[str], facts: set[str]) -> str:
    """ "told" in the text; "untold" but true; "invented", a statement that is false; or "malformed".

    >>> kind_of("Ann Lee keeps an otter.", told=set(), facts={"Ann Lee keeps a parrot."})
    'invented'
    """
    if sentence in told:
        return "told"
    if sentence in facts:
        return "untold"
    return "invented" if STATEMENT.fullmatch(sentence) else "malformed"


def miscalibration(
    fact_nats: Sequence[float],
    chances: Sequence[float],
    other_nats: Sequence[float],
    n_written: int,
    width: float = WIDTH,
) -> float:
    """How far a model's odds are from the truth: half the sum over bins of |true chance - model's chance|.

    Sentences of about the same probability under the model share a bin. A calibrated model gives a bin as
    much as it deserves, though it may be wrong about which of its sentences are true.

    fact_nats   the nats that each true sentence costs the model; from these its own chances are exact
    chances     the true chance of each
    other_nats  the nats of those among `n_written` freely written sentences that are not true: of the rest
                of the model's chances they are a sample
    """
    if len(fact_nats) != len(chances) or len(other_nats) > n_written:
        raise ValueError(
            f"{len(fact_nats)} facts with {len(chances)} chances, and {len(other_nats)} of {n_written} "
            "sentences; give one chance a fact, and no more sentences than were written"
        )
    gap: Counter = Counter()
    for nats, chance in zip(fact_nats, chances):
        gap[math.floor(nats / width)] += chance - math.exp(-nats)
    for nats in other_nats:
        gap[math.floor(nats / width)] -= 1 / n_written
    return sum(map(abs, gap.values())) / 2


def measure(model, tokenizer: BPE, telling: Telling, n: int = 1000, seed: int = 0) -> dict:
    """What a model writes freely (n sentences at temperature 1), its loss, and its miscalibration.

    Returns the share of each of `KINDS`, "held_bits" a held-out sentence costs, "miscalibration", the
    "written" sentences, and the "nats" of (all facts, written sentences that are not true).
    """
    told, facts = set(telling.text), set(telling.facts)
    written = complete_each(model, tokenizer, [""] * n, N_TOKENS, seed=seed, batch_size=1024)
    kinds = [kind_of(sentence, told, facts) for sentence in written]
    others = [s for s, kind in zip(written, kinds) if kind in ("invented", "malformed")]
    of_facts = document_nats(model, tokenizer, telling.facts, 512).tolist()
    of_others = document_nats(model, tokenizer, others, 512).tolist() if others else []
    nats = dict(zip(telling.facts, of_facts))
    held = sum(nats[sentence] for sentence in telling.held_out) / len(telling.held_out)
    return {kind: kinds.count(kind) / n for kind in KINDS} | {
        "held_bits": held / math.log(2),
        "miscalibration": miscalibration(of_facts, telling.chances, of_others, n),
        "written": written,
        "nats": (of_facts, of_others),
    }


# ---------------------------------------------------------------------------------------------
# A model that reads


@dataclass
class Reading:
    """A model that has read a telling, its tokenizer, and what `measure` found."""

    model: GPT
    tokenizer: BPE
    telling: Telling
    found: dict


def read(
    telling: Telling,
    passes: int,
    shape: Shape = SMALL,
    seed: int = 0,
    n_written: int = 1000,
    vocab_size: int = 640,
    batch_size: int = 16,
    T: int = 32,
    progress: bool = False,
    device: str = "cpu",
) -> Reading:
    """Train a model on a telling, `passes` times over, and `measure` it.

    The tokenizer too has seen that text alone. In the last 60% of the steps the rate falls to nothing.
    """
    if passes < 1:
        raise ValueError(f"passes is {passes}; read the text once or more")
    tokenizer = BPE.train(telling.text, vocab_size, special_tokens=(END,))
    windows = Windows(telling.text, tokenizer, batch_size, T, seed)
    config = GPTConfig(len(tokenizer), T, shape.layers, shape.heads, shape.width)
    model = GPT(config, torch.Generator().manual_seed(seed)).to(device)
    steps = max(1, round(passes * windows.steps_per_epoch))
    train(model, windows, TrainConfig(steps, dtype="float32", threads=1), progress=progress)
    return Reading(model, tokenizer, telling, measure(model, tokenizer, telling, n_written, seed))


def right_by_count(reading: Reading, most: int = 400, seed: int = 0) -> dict[int, tuple[int, int]]:
    """Asked for facts, the model completes "Ann Lee keeps" greedily. {times told: (right, asked)}.

    At most `most` facts are asked for each number of times; facts told 8 times or more count as 8.
    """
    groups: dict[int, list[str]] = {}
    counts = reading.telling.counts
    for fact in reading.telling.facts:
        groups.setdefault(min(counts[fact], 8), []).append(fact)
    found = {}
    for n, facts in sorted(groups.items()):
        asked = random.Random(f"ask {seed}").sample(facts, min(most, len(facts)))
        stems = [fact[: STEM.match(fact).end()] for fact in asked]
        replies = complete_each(reading.model, reading.tokenizer, stems, N_TOKENS, temperature=0)
        right = sum(stem + reply == fact for stem, reply, fact in zip(stems, replies, asked))
        found[n] = (right, len(asked))
    return found

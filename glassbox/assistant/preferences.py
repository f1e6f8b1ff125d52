"""Preferences: people compare two replies, and choose.

Nobody can write down what a good reply is, but most can say which of two is better. `Labeler`
simulates people who do, with values, slips, fatigue and limits; `pairs` lets them compare replies
of a model; `bradley_terry_loss` says how well a number for each reply explains the choices
(`assistant.reward` trains a network to give that number). Because this is Port Ellery, the number that
the labelers were meant to express is known too: `gold`.

Left out: rankings of more than two, absolute ratings.

Sources: Bradley and Terry 1952; Christiano et al. 2017, arXiv:1706.03741; Stiennon et al. 2020,
arXiv:2009.01325; Ouyang et al. 2022, arXiv:2203.02155 (InstructGPT); Gao et al. 2022,
arXiv:2210.10760 (gold and proxy).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import torch
from torch.nn import functional as F

from glassbox.assistant.finetune import question_prompt, reply_each
from glassbox.machine.tokens import BPE
from glassbox.world.conversations import style_of

LONG = 10  # words that a good reply to a simple question may have
GOLD = {"truth": 1.0, "manners": 0.5, "excess": -0.02}  # the town council's idea of a good reply

# ---------------------------------------------------------------------------------------------
# What can be said about a reply


@dataclass(frozen=True)
class Traits:
    """What a careful reader sees in a reply; `answers` is all that one who cannot check facts sees."""

    truth: int  # 1: right; 0: says that it does not know; -1: anything else
    answers: int  # 1: names a value, true or not; -1: does not
    manners: int  # 1: courteous; -1: rude
    words: int
    excess: int  # words over LONG


def traits(world, question, reply: str) -> Traits:
    """The traits of a reply. About strangers nobody can know anything: there, only "I do not know" is
    right, and a value is an invention even if it hits by chance."""
    verdict, words = world.judge(question, reply), len(reply.split())
    if question.resident in world.town.by_name:
        truth = {"right": 1, "refused": 0}.get(verdict, -1)
    else:
        truth = 1 if verdict == "refused" else -1
    return Traits(
        truth=truth,
        answers=1 if verdict in ("right", "wrong") else -1,
        manners={"polite": 1, "rude": -1}.get(style_of(reply), 0),
        words=words,
        excess=max(0, words - LONG),
    )


def gold(world, question, reply: str) -> float:
    """The true reward of a reply: truth, manners, brevity.

    1 if it is right (0 if it says that it does not know, -1 if it is wrong or no answer at all), plus
    0.5 if it is courteous or minus 0.5 if it is rude, minus 0.02 for every word over ten. About
    strangers only "I do not know" is right. No labeler and no reward model ever sees this number.
    """
    seen = traits(world, question, reply)
    return sum(weight * getattr(seen, trait) for trait, weight in GOLD.items())


# ---------------------------------------------------------------------------------------------
# Labelers


@dataclass
class Labeler:
    """Somebody who is shown a question and two replies, and says which is better.

    `values` weigh the traits of a reply (truth, manners, words, excess). One who cannot check facts
    (`checks_facts=False`) weighs whether there is an answer in place of whether it is true. The
    difference of the two sums decides, through Bradley and Terry's formula: a is picked with
    probability sigmoid(sharpness * (sum_a - sum_b)). Then `noise` is the chance that the finger slips
    to the other one. After k labels a labeler with `fatigue` f has stopped reading with probability
    1 - exp(-f k), and then takes the longer reply, which looks like more work.
    """

    noise: float = 0.15
    values: dict = field(default_factory=lambda: dict(GOLD))
    checks_facts: bool = True
    fatigue: float = 0.0
    seed: int = 0
    sharpness: float = 3.0
    done: int = 0  # labels given so far

    def __post_init__(self):
        if not 0 <= self.noise <= 0.5:
            raise ValueError(
                f"noise is {self.noise}; it must be from 0 (never slips) to 0.5 (throws a coin)"
            )
        if self.fatigue < 0:
            raise ValueError(f"fatigue is {self.fatigue}; it must be 0 or more")
        known = set(Traits.__dataclass_fields__)
        if unknown := set(self.values) - known:
            raise ValueError(
                f"values has {', '.join(sorted(unknown))}; choose from {', '.join(sorted(known))}"
            )
        self._dice = random.Random(self.seed)

    def opinion(self, world, question, reply: str) -> float:
        """How good the reply looks to this labeler."""
        seen = asdict(traits(world, question, reply))
        if not self.checks_facts:
            seen["truth"] = seen["answers"]
        return sum(weight * seen[trait] for trait, weight in self.values.items())

    def prefers(self, world, question, a: str, b: str) -> bool:
        """Whether this labeler picks `a` over `b`, this time."""
        tired = self._dice.random() < 1 - math.exp(-self.fatigue * self.done)
        self.done += 1
        if tired and len(a) != len(b):
            return len(a) > len(b)
        margin = self.opinion(world, question, a) - self.opinion(world, question, b)
        picks_a = self._dice.random() < _sigmoid(self.sharpness * margin)
        slips = self._dice.random() < self.noise
        return picks_a != slips


def _sigmoid(x: float) -> float:
    return 0.5 + 0.5 * math.tanh(x / 2)  # 1 / (1 + exp(-x)), but it cannot overflow


def label_office(
    n: int = 10,
    noise: float = 0.15,
    checkers: float = 0.7,
    love_of_length: float = 0.02,
    fatigue: float = 0.0,
    seed: int = 0,
) -> list[Labeler]:
    """The town's label office: `n` people, of whom a share `checkers` can check facts.

    They value what the council values, but each word of a reply pleases them a little.
    """
    values = {"truth": 1.0, "manners": 0.5, "words": love_of_length}
    return [
        Labeler(noise, dict(values), i < round(checkers * n), fatigue, seed * 1000 + i)
        for i in range(n)
    ]


# ---------------------------------------------------------------------------------------------
# Pairs


@dataclass(frozen=True)
class Pair:
    """One comparison: which of two replies to `question` a labeler picked."""

    question: object  # a world.Question
    chosen: str
    rejected: str
    labeler: int = 0  # whose choice it was

    @property
    def prompt(self) -> str:
        return self.question.text


def pairs(
    model,
    tokenizer: BPE,
    world,
    questions: Sequence,
    labelers: Sequence[Labeler],
    n: int = 1000,
    temperature: float = 1.0,
    max_new_tokens: int = 48,
    seed: int = 0,
) -> list[Pair]:
    """`n` comparisons: the model answers each question twice, the labelers take turns to choose.

    The same as `label(world, sample_pairs(...), labelers)`.
    """
    drawn = sample_pairs(model, tokenizer, questions, n, temperature, max_new_tokens, seed)
    return label(world, drawn, labelers)


def sample_pairs(
    model,
    tokenizer: BPE,
    questions: Sequence,
    n: int = 1000,
    temperature: float = 1.0,
    max_new_tokens: int = 48,
    seed: int = 0,
) -> list[tuple]:
    """`n` times (question, a, b): a question drawn from `questions` and two replies of the model.

    Two equal replies tell nothing and are not shown to anybody; another question takes their place.
    """
    if not questions or n < 1:
        raise ValueError(f"there are {len(questions)} questions and n is {n}; give at least one")
    dice, shuffle, found = torch.Generator().manual_seed(seed), random.Random(seed), []
    for _ in range(20):
        asked = shuffle.choices(questions, k=n - len(found))
        replies = answer(model, tokenizer, asked + asked, max_new_tokens, temperature, dice)
        found += [(q, a, b) for q, a, b in zip(asked, replies, replies[len(asked) :]) if a != b]
        if len(found) == n:
            return found
    raise ValueError(
        f"only {len(found)} of {n} pairs were found, for the model gives the same reply twice; "
        "raise the temperature, or give more questions"
    )


def label(world, drawn: Sequence[tuple], labelers: Sequence[Labeler]) -> list[Pair]:
    """The labelers' choices between the replies that `sample_pairs` drew; they take turns."""
    if not labelers:
        raise ValueError("there are no labelers; give at least one Labeler")
    found = []
    for i, (question, a, b) in enumerate(drawn):
        who = i % len(labelers)
        a_wins = labelers[who].prefers(world, question, a, b)
        found.append(Pair(question, *((a, b) if a_wins else (b, a)), who))
    return found


def answer(
    model, tokenizer, questions, max_new_tokens=48, temperature=1.0, generator=None
) -> list[str]:
    """The model's reply to each question, as text."""
    prompts = [question_prompt(question, tokenizer) for question in questions]
    return reply_each(model, tokenizer, prompts, max_new_tokens, temperature, generator)


def agreement(world, pairs: Sequence[Pair]) -> float:
    """How often the labelers picked the reply that is truly better; a tie counts half.

    >>> agreement(None, [])
    Traceback (most recent call last):
    ...
    ValueError: there are no pairs; give at least one
    """
    at_least_one(pairs)
    won = 0.0
    for p in pairs:
        margin = gold(world, p.question, p.chosen) - gold(world, p.question, p.rejected)
        won += 0.5 if abs(margin) < 1e-9 else float(margin > 0)
    return won / len(pairs)


def at_least_one(pairs) -> None:
    """Raise ValueError if there are no pairs."""
    if not len(pairs):
        raise ValueError("there are no pairs; give at least one")


# ---------------------------------------------------------------------------------------------
# Choices as probabilities


def bradley_terry_loss(chosen_rewards, rejected_rewards) -> torch.Tensor:
    """The mean of -ln sigmoid(chosen - rejected) over the pairs, in nats. Both are (B,).

    That is the negative log-likelihood of the choices if P(a before b) = sigmoid(r_a - r_b). Only
    differences count: adding a number to all rewards changes nothing. Equal rewards cost ln 2.

    >>> bradley_terry_loss([1.0, 0.0], [0.0, 0.0])
    tensor(0.5032)
    """
    chosen, rejected = torch.as_tensor(chosen_rewards), torch.as_tensor(rejected_rewards)
    if chosen.shape != rejected.shape or chosen.numel() == 0:
        raise ValueError(
            f"chosen_rewards have shape {tuple(chosen.shape)} and rejected_rewards "
            f"{tuple(rejected.shape)}; give one number of each for every pair, and at least one pair"
        )
    if not (chosen.isfinite().all() and rejected.isfinite().all()):
        raise ValueError("a reward is NaN or infinite; look at the model that gave it")
    return -F.logsigmoid(chosen - rejected).mean()


def calibration(margins, bins: int = 5) -> list[dict]:
    """Is a reward model as sure as it has a right to be? `margins` are of held-out pairs, (n,).

    For each pair the model bets on the reply with the higher reward, with confidence sigmoid(|margin|).
    Pairs are sorted into `bins` equal steps of confidence from 0.5 to 1; for each bin: the mean
    confidence, the share of bets won, and the number of pairs. Empty bins are left out.

    >>> calibration([2.0, 2.0, 2.0, -2.0], bins=1)
    [{'confidence': 0.8808, 'won': 0.75, 'n': 4}]
    """
    margins = torch.as_tensor(margins)
    if margins.numel() == 0 or not torch.isfinite(margins).all():
        raise ValueError("margins must be at least one number, and none of them NaN or infinite")
    confidence, won = margins.abs().sigmoid(), (margins > 0).float() + 0.5 * (margins == 0)
    place = ((confidence - 0.5) * 2 * bins).long().clamp(max=bins - 1)
    rows = []
    for b in range(bins):
        here = place == b
        if here.any():
            mean = {"confidence": confidence[here].mean(), "won": won[here].mean()}
            rows.append({k: round(v.item(), 4) for k, v in mean.items()} | {"n": int(here.sum())})
    return rows

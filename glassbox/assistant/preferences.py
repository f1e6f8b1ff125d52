"""Preferences: people compare two replies, and a network learns to guess whom they would pick.

Nobody can write down what a good reply is, but most can say which of two is better. `Labeler`
simulates people who do, with values, slips, fatigue and limits; `pairs` lets them compare replies
of a model; `train_reward` turns their choices into a number for any reply. Because this is Port
Ellery, the number that the labelers were meant to express is known too: `gold`.

Left out: rankings of more than two, absolute ratings, ensembles of reward models.

Sources: Bradley and Terry 1952; Christiano et al. 2017, arXiv:1706.03741; Stiennon et al. 2020,
arXiv:2009.01325; Ouyang et al. 2022, arXiv:2203.02155 (InstructGPT); Gao et al. 2022,
arXiv:2210.10760 (gold and proxy); Nakano et al. 2021, arXiv:2112.09332 (best of n).
"""

from __future__ import annotations

import json
import math
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from glassbox.assistant.finetune import chat_prompt, chat_tokens, reply_each
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
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
    prompts = [_prompt(question, tokenizer) for question in questions]
    return reply_each(model, tokenizer, prompts, max_new_tokens, temperature, generator)


def agreement(world, pairs: Sequence[Pair]) -> float:
    """How often the labelers picked the reply that is truly better; a tie counts half.

    >>> agreement(None, [])
    Traceback (most recent call last):
    ...
    ValueError: there are no pairs; give at least one
    """
    _some(pairs)
    won = 0.0
    for p in pairs:
        margin = gold(world, p.question, p.chosen) - gold(world, p.question, p.rejected)
        won += 0.5 if abs(margin) < 1e-9 else float(margin > 0)
    return won / len(pairs)


# ---------------------------------------------------------------------------------------------
# The reward model


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
    return -F.logsigmoid(chosen - rejected).mean()


class RewardModel(nn.Module):
    """A language model whose last layer gives one number, read at the last token of the conversation.

    `rewards, loss = model(idx, last)`: idx (B, T) is padded on the right, `last` (B,) says where each
    row ends. For the loss the first half of the rows are chosen replies and the second half the
    rejected ones, in the same order: Bradley-Terry, mean over pairs. So the loop that trained the
    language model trains this one too. Raw rewards are log-odds: only differences mean anything.
    `score` shifts and scales them so that the replies seen in training have mean 0 and spread 1.
    """

    def __init__(self, config: GPTConfig, tokenizer: BPE | None = None):
        super().__init__()
        self.config, self.tokenizer = config, tokenizer
        self.body = GPT(config)
        self.body.head = nn.Linear(config.n_embd, 1, bias=False)
        nn.init.zeros_(self.body.head.weight)  # at first every reply is as good as any
        self.register_buffer("center", torch.zeros(()))
        self.register_buffer("spread", torch.ones(()))

    @classmethod
    def from_model(cls, model: GPT, tokenizer: BPE) -> RewardModel:
        """A reward model that has read all that `model` has, and has no opinion yet."""
        reward = cls(model.config, tokenizer)
        weights = {name: w for name, w in model.state_dict().items() if name != "head.weight"}
        reward.body.load_state_dict(weights, strict=False)
        return reward

    def forward(self, idx, last):
        scores = self.body(idx)[0][..., 0]  # (B, T): a number after every token
        rewards = scores.gather(1, last[:, None])[:, 0].float()
        paired = len(rewards) % 2 == 0
        return rewards, bradley_terry_loss(*rewards.chunk(2)) if paired else None

    @torch.no_grad()
    def raw_score(self, questions: Sequence, replies: Sequence[str], batch_size: int = 128):
        """Rewards (n,) on the scale of log-odds: a beats b with probability sigmoid(r_a - r_b)."""
        rows = [_ids(q, r, self.tokenizer) for q, r in zip(questions, replies, strict=True)]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        rewards = torch.zeros(len(rows))
        for batch in (order[i : i + batch_size] for i in range(0, len(order), batch_size)):
            rewards[batch] = self(*_padded([rows[i] for i in batch], self.tokenizer))[0]
        return rewards

    def score(self, questions: Sequence, replies: Sequence[str]) -> torch.Tensor:
        """Scaled rewards (n,) of replies to questions."""
        return (self.raw_score(questions, replies) - self.center) / self.spread

    @torch.no_grad()
    def score_ids(self, idx, last) -> torch.Tensor:
        """Scaled rewards (B,) of conversations given as ids, (B, T), that end at `last`."""
        return (self(idx, last)[0] - self.center) / self.spread

    def check(self, tokenizer: BPE) -> None:
        """Raise ValueError if the ids of `tokenizer` mean something else to this model."""
        if self.tokenizer is None or self.tokenizer.vocab != tokenizer.vocab:
            raise ValueError(
                "this reward model reads the ids of another tokenizer: the same ids are other words to "
                "it, and its scores would mean nothing. Use the tokenizer that it was trained with, or "
                "train a reward model for this one"
            )

    def save(self, path: str | Path) -> None:
        """Write weights, shape and a hash of the tokenizer to one safetensors file."""
        path = Path(path)
        about = {"config": asdict(self.config), "tokenizer": tokenizer_hash(self.tokenizer)}
        aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            weights = {name: w.detach().cpu().contiguous() for name, w in self.state_dict().items()}
            save_file(weights, aside, metadata={"about": json.dumps(about)})
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: str | Path, tokenizer: BPE) -> RewardModel:
        """Read what `save` wrote. Raises ValueError for a damaged file or another tokenizer."""
        try:
            with safe_open(path, "pt") as file:
                about = json.loads(file.metadata()["about"])
                model = cls(GPTConfig(**about["config"]), tokenizer)
                model.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
        except (SafetensorError, KeyError, TypeError, RuntimeError, ValueError) as e:
            raise ValueError(
                f"{path} is no reward model, or is damaged ({e}); train it again"
            ) from e
        if about["tokenizer"] != tokenizer_hash(tokenizer):
            raise ValueError(
                f"{path} was trained with another tokenizer: the same ids are other words to it; "
                "load it with its own, or train a reward model for this one"
            )
        return model.eval()


def tokenizer_hash(tokenizer: BPE) -> str:
    """A fingerprint of a vocabulary: the same hash, the same words behind the ids."""
    return sha256(repr(sorted(tokenizer.vocab.items())).encode()).hexdigest()


def train_reward(
    model: GPT,
    tokenizer: BPE,
    pairs: Sequence[Pair],
    epochs: float = 2.0,
    batch_size: int = 16,
    lr: float = 3e-3,
    muon_lr: float | None = 1e-2,
    seed: int = 0,
    progress: bool = False,
) -> RewardModel:
    """A reward model that starts as a copy of `model` and learns the choices in `pairs`.

    Each step reads `batch_size` pairs; the loss is Bradley-Terry's, mean over pairs. What happened is
    kept in `.history`.
    """
    _some(pairs)
    if all(p.chosen == p.rejected for p in pairs):
        raise ValueError("in every pair both replies are the same; there is nothing to learn from")
    reward = RewardModel.from_model(model, tokenizer)
    steps = max(1, round(epochs * len(pairs) / batch_size))
    config = TrainConfig(steps, lr, muon_lr, warmup=5, clip=1.0)
    batches = PairBatches(pairs, tokenizer, batch_size, seed)
    reward.history = train(reward, batches, config, progress=progress)
    seen = [(p.question, reply) for p in pairs[:256] for reply in (p.chosen, p.rejected)]
    raw = reward.raw_score(*zip(*seen))
    reward.center.copy_(raw.mean())
    reward.spread.copy_(raw.std(correction=0).clamp(min=1e-6))
    return reward


class PairBatches:
    """Batches for `train`: the chosen replies of `batch_size` pairs above their rejected ones.

    `batches[step]` is (idx, last). All pairs are used once in a random order, then in another.
    """

    unit = "nats per pair"

    def __init__(self, pairs: Sequence[Pair], tokenizer: BPE, batch_size: int = 32, seed: int = 0):
        _some(pairs)
        self.rows = [
            [_ids(p.question, reply, tokenizer) for reply in (p.chosen, p.rejected)] for p in pairs
        ]
        self.starts = [len(_prompt(p.question, tokenizer)) for p in pairs]  # where replies begin
        self.tokenizer, self.batch_size, self.seed = tokenizer, batch_size, seed

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        first = step * self.batch_size
        batch = [self.rows[self._place(i)] for i in range(first, first + self.batch_size)]
        return _padded([row[0] for row in batch] + [row[1] for row in batch], self.tokenizer)

    def _place(self, i: int) -> int:
        epoch, place = divmod(i, len(self.rows))
        dice = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
        return torch.randperm(len(self.rows), generator=dice)[place].item()


def accuracy(reward: RewardModel, pairs: Sequence[Pair]) -> float:
    """How often the reward model puts the chosen reply above the rejected one."""
    return (margins(reward, pairs) > 0).float().mean().item()


def gold_accuracy(world, reward: RewardModel, pairs: Sequence[Pair]) -> float:
    """How often it puts the reply above that is truly better; pairs that are truly equal are left out."""
    _some(pairs)
    true = torch.tensor(
        [gold(world, p.question, p.chosen) - gold(world, p.question, p.rejected) for p in pairs]
    )
    unequal = true.abs() > 1e-9
    if not unequal.any():
        raise ValueError(
            "in every pair both replies are truly as good; there is nothing to get right"
        )
    return ((margins(reward, pairs) > 0) == (true > 0))[unequal].float().mean().item()


def margins(reward: RewardModel, pairs: Sequence[Pair]) -> torch.Tensor:
    """Raw reward of the chosen reply minus that of the rejected one: log-odds of the choice, (n,)."""
    _some(pairs)
    questions = [p.question for p in pairs]
    return reward.raw_score(questions, [p.chosen for p in pairs]) - reward.raw_score(
        questions, [p.rejected for p in pairs]
    )


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


# ---------------------------------------------------------------------------------------------
# Best of n: the assistant without training it


def best_of_n(
    model,
    tokenizer: BPE,
    questions: Sequence,
    reward: RewardModel | Callable,
    n: int = 16,
    temperature: float = 1.0,
    max_new_tokens: int = 48,
    seed: int = 0,
) -> BestOfN:
    """Let the model answer each question `n` times and keep the reply that `reward` likes best.

    `reward` is a RewardModel, or any function of (questions, replies) that returns a number for each.
    """
    if n < 1 or not questions:
        raise ValueError(f"n is {n} and there are {len(questions)} questions; give 1 or more")
    asked = [question for question in questions for _ in range(n)]
    dice = torch.Generator().manual_seed(seed)
    replies = answer(model, tokenizer, asked, max_new_tokens, temperature, dice)
    if isinstance(reward, RewardModel):
        reward.check(tokenizer)
        reward = reward.score
    scores = torch.as_tensor(reward(asked, replies), dtype=torch.float32).view(-1, n)
    rows = [replies[i : i + n] for i in range(0, len(replies), n)]
    return BestOfN(list(questions), rows, scores)


@dataclass
class BestOfN:
    """All that was written: `replies[i][j]` to `questions[i]`, with its reward `scores[i, j]`."""

    questions: list
    replies: list[list[str]]
    scores: torch.Tensor

    def best(self, n: int | None = None) -> list[str]:
        """For each question the best of the first `n` replies, or of all."""
        n = n or self.scores.shape[1]
        return [row[i] for row, i in zip(self.replies, self.scores[:, :n].argmax(dim=1).tolist())]


def expected_best(scores, values, n: int) -> float:
    """The mean value of the best-scored of `n` replies, from N >= n replies to each question.

    `scores` decide which is best, `values` are what is averaged; both (questions, N). Every set of n
    of the N replies counts: the reply of rank i (1 is the lowest) is the best of C(i-1, n-1) of the
    C(N, n) sets. The estimator is Nakano et al. 2021's.

    >>> expected_best([[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]], n=2)  # 2 of 3 sets hold the 30
    26.6667
    """
    scores, values = torch.as_tensor(scores), torch.as_tensor(values).double()
    if scores.shape != values.shape or scores.ndim != 2:
        raise ValueError(
            f"scores have shape {tuple(scores.shape)} and values {tuple(values.shape)}; "
            "both must be (questions, replies)"
        )
    N = scores.shape[1]
    if not 1 <= n <= N:
        raise ValueError(
            f"n is {n}, but there are {N} replies to each question; n must be 1 to {N}"
        )
    ordered = values.gather(1, scores.argsort(dim=1, stable=True))
    weights = torch.tensor([math.comb(i, n - 1) / math.comb(N, n) for i in range(N)]).double()
    return round((ordered @ weights).mean().item(), 4)


def best_of_n_kl(n: int) -> float:
    """How far, in nats, taking the best of n moves away from the model: ln n - (n - 1)/n.

    Exact if no reply can be drawn twice, otherwise an upper bound (Beirami et al. 2024,
    arXiv:2401.01879).

    >>> [round(best_of_n_kl(n), 3) for n in (1, 2, 16)]
    [0.0, 0.193, 1.835]
    """
    if n < 1:
        raise ValueError(f"n is {n}; it must be 1 or more")
    return math.log(n) - (n - 1) / n


# ---------------------------------------------------------------------------------------------
# Conversations as tensors


def _prompt(question, tokenizer: BPE) -> list[int]:
    return chat_prompt([{"role": "user", "content": question.text}], tokenizer)


def _ids(question, reply: str, tokenizer: BPE) -> torch.Tensor:
    messages = [
        {"role": "user", "content": question.text},
        {"role": "assistant", "content": reply},
    ]
    return torch.tensor(chat_tokens(messages, tokenizer)[0])


def _padded(rows: list[torch.Tensor], tokenizer: BPE) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows side by side, (B, T), padded on the right, and where each one ends, (B,)."""
    pad = tokenizer.special_tokens["<|endoftext|>"]
    idx = pad_sequence(rows, batch_first=True, padding_value=pad)
    return idx, torch.tensor([len(row) - 1 for row in rows])


def _some(pairs) -> None:
    if not len(pairs):
        raise ValueError("there are no pairs; give at least one")

"""Multiple choice for language models: the model reads the question and says how likely it finds each option.

`score` reads a benchmark (`world.benchmark`, or any items of that shape) and keeps the log-probability of
every option. `picks` then applies a rule, of which several are in use and none is right:

    raw        the option with the highest log-probability; long options lose, for each word costs
    per_token  the same divided by the option's tokens; depends on the tokenizer
    per_byte   divided by its bytes; lm-eval's acc_norm
    prior      less what the option costs after a neutral beginning (GPT-3, and LLaMA for two of its tests)

`prompt` says how a question is put: "plain" as in the town's papers, "few" after solved examples,
"wrong" after examples solved wrongly, "chat" in the template of the assistants, "letters" with options A
to D in the prompt. `pass_at_k` is for answers that are run. What may be concluded from a score is in
`scale.comparing`.

Left out: chain of thought, several tests of one model averaged with weights.

Sources: Brown et al. 2020, arXiv:2005.14165, section 2.4 (GPT-3's rules); Chen et al. 2021,
arXiv:2107.03374 (pass@k); Gao et al., the lm-evaluation-harness.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from glassbox.assistant.chat import chat_prompt
from glassbox.assistant.finetune import padded
from glassbox.machine.data import end_id
from glassbox.machine.device import device_of
from glassbox.machine.generate import generate_each
from glassbox.machine.tokens import BPE
from glassbox.world import winch
from glassbox.world.benchmark import Item, lettered, prompted

RULES = ("raw", "per_token", "per_byte", "prior")
PROMPTS = ("plain", "few", "wrong", "chat", "letters")
SHOTS = 3  # solved examples before a question, or as many as fit


# ---------------------------------------------------------------------------------------------
# How likely is a text after another?


@torch.no_grad()
def loglikelihoods(
    model, rows: Sequence[tuple[list[int], list[int]]], batch_size: int = 128
) -> list[tuple[float, bool]]:
    """For each (context ids, continuation ids): its log-probability in nats, and whether greedy writing gives it.

    Raises ValueError if a continuation is empty or a row does not fit into the window.
    """
    for context, continuation in rows:
        if not context or not continuation:
            raise ValueError(
                "a context or a continuation is empty; begin with <|endoftext|> and give a text to score"
            )
        if len(context) + len(continuation) - 1 > model.config.block_size:
            raise ValueError(
                f"block_size is {model.config.block_size}, and question and option have "
                f"{len(context) + len(continuation)} tokens; give fewer examples"
            )
    found, device = [None] * len(rows), device_of(model)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]) + len(rows[i][1]))
    for batch in (order[i : i + batch_size] for i in range(0, len(order), batch_size)):
        idx = padded([[*rows[i][0], *rows[i][1]] for i in batch]).to(device)
        logits = model(idx[:, :-1])[0]  # (B, T - 1, V)
        for row, i in enumerate(batch):
            start, n = len(rows[i][0]) - 1, len(rows[i][1])
            logps = F.log_softmax(logits[row, start : start + n].float(), dim=-1)  # (n, V)
            targets = idx[row, start + 1 : start + 1 + n]
            total = logps.gather(1, targets[:, None]).double().sum().item()
            found[i] = total, bool((logps.argmax(-1) == targets).all())
    return found


def split_ids(tokenizer: BPE, context: str, continuation: str) -> tuple[list[int], list[int]]:
    """A text's ids as (context with <|endoftext|> before it, continuation), cut where the context ends.

    The whole is encoded at once, as a model reads it; spaces at the end of the context go over to
    the continuation. So does the harness of `scale.harness`.

    >>> bpe = BPE.from_merges([], special_tokens=["<|endoftext|>"])
    >>> split_ids(bpe, "ab ", "c") == split_ids(bpe, "ab", " c")
    True
    """
    bare = context.rstrip()
    continuation = context[len(bare) :] + continuation
    whole = tokenizer.encode(bare + continuation, allowed_special="none")
    n = len(tokenizer.encode(bare, allowed_special="none"))
    return [end_id(tokenizer), *whole[:n]], whole[n:]


# ---------------------------------------------------------------------------------------------
# Scores


@dataclass
class Scored:
    """What a model said of a test: for each item a list over its options.

    `logps` in nats, `priors` the same after a neutral beginning; `tokens` and `bytes` are lengths.
    """

    items: list[Item]
    logps: list[list[float]]
    priors: list[list[float]]
    tokens: list[list[int]]
    bytes: list[list[int]]

    def picks(self, rule: str) -> list[int]:
        """The place of the option that a rule takes as the model's answer; of equals the first."""
        if rule not in RULES:
            raise ValueError(f"rule is {rule!r}; choose from {', '.join(RULES)}")
        return [pick(*row, rule) for row in zip(self.logps, self.tokens, self.bytes, self.priors)]

    def right(self, rule: str) -> list[bool]:
        """For each item, whether the answer that a rule takes is right."""
        return [p == item.answer for p, item in zip(self.picks(rule), self.items)]

    def accuracy(self, rule: str) -> float:
        return sum(self.right(rule)) / len(self.items)


def pick(logps, tokens, bytes, priors, rule: str) -> int:
    """The place of the option with the highest score: the whole difference between the rules.

    >>> [pick([-4.0, -6.0], [1, 3], [3, 12], [-5.0, -9.0], rule) for rule in RULES]
    [0, 1, 1, 1]
    """
    scores = {
        "raw": lambda i: logps[i],
        "per_token": lambda i: logps[i] / tokens[i],
        "per_byte": lambda i: logps[i] / bytes[i],
        "prior": lambda i: logps[i] - priors[i],
    }[rule]
    return max(range(len(logps)), key=scores)


def score(
    model,
    tokenizer: BPE,
    items: Sequence[Item],
    prompt: str = "plain",
    examples: Sequence[Item] = (),
) -> Scored:
    """Read every item with every option.

    `examples` are solved items for the prompts "few" and "wrong"; from the first on, as many of `SHOTS` as
    fit into the window. Raises ValueError if there are no items, or no examples where they are needed.
    """
    if not items:
        raise ValueError("the benchmark is empty; give at least one item")
    if prompt not in PROMPTS:
        raise ValueError(f"prompt is {prompt!r}; choose from {', '.join(PROMPTS)}")
    if prompt in ("few", "wrong") and not examples:
        raise ValueError(f"prompt is {prompt!r} but there are no examples; give solved items")
    asked = [written(item, prompt, examples, tokenizer, model.config.block_size) for item in items]
    rows = [row for item in asked for row in _rows(item, prompt, tokenizer)]
    before = [row for item in asked for row in _rows(item, prompt, tokenizer, bare=True)]
    unique = list({(tuple(a), tuple(b)): None for a, b in before})
    priors = dict(zip(unique, loglikelihoods(model, [(list(a), list(b)) for a, b in unique])))
    found = [logp for logp, _ in loglikelihoods(model, rows)]
    sizes = [len(item.options) for item in asked]
    return Scored(
        list(items),
        _cut(found, sizes),
        _cut([priors[tuple(a), tuple(b)][0] for a, b in before], sizes),
        _cut([len(b) for _, b in rows], sizes),
        [[len(option.encode()) for option in item.options] for item in asked],
    )


def written(item: Item, prompt: str, examples: Sequence[Item], tokenizer: BPE, window: int) -> Item:
    """The item as it is put: with letters, or after as many of the examples as the window holds."""
    if prompt == "letters":
        return lettered(item)
    if prompt not in ("few", "wrong"):
        return item
    for n in range(min(SHOTS, len(examples)), -1, -1):
        asked = prompted(item, examples[:n], wrong=prompt == "wrong")
        longest = max(len(tokenizer.encode(f"{asked.context} {o}")) for o in asked.options)
        if longest <= window:
            return asked
    return item


def neutral(context: str) -> str:
    """A beginning that asks nothing: the last line of the context, or its last two words.

    >>> neutral("Q: What is 1 plus 1?\\nA:"), neutral("Ann is a baker. She lives on")
    ('A:', 'lives on')
    """
    last = context.split("\n")[-1]
    return " ".join(last.split()[-2:])


def _rows(item: Item, prompt: str, tokenizer: BPE, bare: bool = False):
    """(context ids, option ids) for each option; `bare`, after a beginning that asks nothing."""
    if prompt == "chat":
        said = "" if bare else item.question
        context = chat_prompt([{"role": "user", "content": said}], tokenizer)
        return [(context, tokenizer.encode(option, "none")) for option in item.options]
    context = neutral(item.context) if bare else item.context
    return [split_ids(tokenizer, context, f" {option}") for option in item.options]


def _cut(values: list, sizes: list[int]) -> list[list]:
    values = iter(values)
    return [[next(values) for _ in range(n)] for n in sizes]


def above_chance(accuracy: float, chance: float) -> float:
    """0 for dice, 1 for all right: how much of the way from chance to perfection was gone.

    >>> above_chance(0.625, 0.25), above_chance(0.625, 0.5)
    (0.5, 0.25)
    """
    if not 0 <= chance < 1:
        raise ValueError(f"chance is {chance}; it must be from 0 to below 1")
    return (accuracy - chance) / (1 - chance)


# ---------------------------------------------------------------------------------------------
# Answers that are run


def pass_at_k(n: int, c: int, k: int) -> float:
    """The chance that of k samples at least one is right, from n samples of which c were.

    1 - C(n - c, k) / C(n, k): the mean over all sets of k of the n samples, without bias (Chen et al. 2021,
    equation 1). Raises ValueError unless 0 <= c <= n and 1 <= k <= n.

    >>> [round(pass_at_k(10, 3, k), 4) for k in (1, 5, 10)]
    [0.3, 0.9167, 1.0]
    """
    if not (0 <= c <= n and 1 <= k <= n):
        raise ValueError(
            f"n is {n}, c {c} and k {k}; c must be from 0 to n, and k from 1 to n: draw more samples for a larger k"
        )
    return 1 - math.comb(n - c, k) / math.comb(n, k)


def naive_pass_at_k(n: int, c: int, k: int) -> float:
    """1 - (1 - c/n)^k: looks right, and is too low on average.

    >>> round(naive_pass_at_k(10, 3, 5), 4)
    0.8319
    """
    return 1 - (1 - c / n) ** k


def expected(estimator, p: float, n: int, k: int) -> float:
    """What an estimator of pass@k gives on average, if each of n samples is right with probability p.

    The truth is 1 - (1 - p)^k.

    >>> p, n, k = 0.1, 10, 5
    >>> round(expected(pass_at_k, p, n, k) - (1 - 0.9**5), 12), round(expected(naive_pass_at_k, p, n, k), 3)
    (0.0, 0.349)
    """
    return sum(
        math.comb(n, c) * p**c * (1 - p) ** (n - c) * estimator(n, c, k) for c in range(n + 1)
    )


def count_passes(
    model, tokenizer: BPE, tasks: Sequence[winch.Task], n: int = 20, temperature: float = 0.8, seed: int = 0
) -> list[int]:  # fmt: skip
    """For each task how many of n sampled programs do what it asks."""
    if not tasks:
        raise ValueError("there are no tasks; give at least one")
    end, dice = end_id(tokenizer), torch.Generator().manual_seed(seed)
    prompts = [[end, *tokenizer.encode(t.prompt)] for t in tasks for _ in range(n)]
    ids = generate_each(model, prompts, 24, temperature, generator=dice, stop=end)
    replies = [tokenizer.decode(row[:-1] if row and row[-1] == end else row) for row in ids]
    return [
        sum(winch.passes(task, reply) for reply in replies[i * n : (i + 1) * n])
        for i, task in enumerate(tasks)
    ]

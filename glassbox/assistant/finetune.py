"""Fine-tuning: the same training as before, on conversations, with the loss on the replies alone.

A conversation is written as one row of tokens,

    <|endoftext|><|user|>Is the tide in?<|end|><|assistant|>Not before noon.<|end|>

(a system message, if there is one, stands between <|endoftext|> and the first <|user|>). `chat_tokens`
writes the row and says which tokens count. `finetune` trains all weights, the last layer alone, or
LoRA's small matrices beside frozen ones; `reply_each` asks the result, `grade` has the town judge what
it said.

Left out: hiding the conversations in one row from each other, weighting of examples, adapters other
than LoRA.

Sources: Ouyang et al. 2022, arXiv:2203.02155 (InstructGPT's first step); Hu et al. 2021,
arXiv:2106.09685 (LoRA).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import nn
from torch.nn.utils import parametrize

from glassbox.machine.data import END, Shuffled, Windows
from glassbox.machine.generate import generate_each
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.machine.train import History, TrainConfig, train
from glassbox.world.conversations import style_of

USER, ASSISTANT, END_OF_TURN = "<|user|>", "<|assistant|>", "<|end|>"
ROLES = {"user": USER, "assistant": ASSISTANT}


# ---------------------------------------------------------------------------------------------
# The template


def chat_tokens(messages: Sequence[dict], tokenizer: BPE) -> tuple[list[int], list[bool]]:
    """A conversation as ids, and for each id whether it is to be learned.

    True stands at the tokens of the assistant's replies and at the `<|end|>` after each of them;
    everything else (the user's words, the markers, a system message) is only read. `mask[i]` is about
    predicting `ids[i]` from what stands before it. Text that spells a special token is encoded as the
    letters it consists of, so nobody can write a turn in another's name.

    Raises ValueError for a message without role or content, or an order of roles that is no talk.

    >>> bpe = BPE.from_merges([], special_tokens=[END, USER, ASSISTANT, END_OF_TURN])
    >>> talk = [{"role": "user", "content": "Hm"}, {"role": "assistant", "content": "No"}]
    >>> ids, mask = chat_tokens(talk, bpe)
    >>> [bpe.decode([i]) for i in ids]
    ['<|endoftext|>', '<|user|>', 'H', 'm', '<|end|>', '<|assistant|>', 'N', 'o', '<|end|>']
    >>> [bpe.decode([i]) for i, learned in zip(ids, mask) if learned]
    ['N', 'o', '<|end|>']
    """
    special = _special_ids(tokenizer)
    _check_roles(messages)
    ids, mask = [special[END]], [False]
    for message in messages:
        content = tokenizer.encode(message["content"], allowed_special="none")
        if message["role"] == "system":  # what comes before the first turn needs no marker
            ids += content
            mask += [False] * len(content)
            continue
        learned = message["role"] == "assistant"
        ids += [special[ROLES[message["role"]]], *content, special[END_OF_TURN]]
        mask += [False] + [learned] * (len(content) + 1)
    return ids, mask


def chat_prompt(messages: Sequence[dict], tokenizer: BPE) -> list[int]:
    """The ids of a conversation in which it is the assistant's turn: they end with `<|assistant|>`.

    >>> bpe = BPE.from_merges([], special_tokens=[END, USER, ASSISTANT, END_OF_TURN])
    >>> bpe.decode(chat_prompt([{"role": "user", "content": "Hm"}], bpe))
    '<|endoftext|><|user|>Hm<|end|><|assistant|>'
    """
    if not messages or messages[-1]["role"] != "user":
        last = messages[-1]["role"] if messages else "nobody"
        raise ValueError(f"the last message is by {last}; a prompt ends with one by the user")
    return chat_tokens(messages, tokenizer)[0] + [tokenizer.special_tokens[ASSISTANT]]


def question_prompt(question, tokenizer: BPE) -> list[int]:
    """The ids that put a world's question to an assistant."""
    return chat_prompt([{"role": "user", "content": question.text}], tokenizer)


def _special_ids(tokenizer: BPE) -> dict[str, int]:
    missing = {END, USER, ASSISTANT, END_OF_TURN} - set(tokenizer.special_tokens)
    if missing:
        raise ValueError(
            f"the tokenizer has no {', '.join(sorted(missing))}; train it with these special tokens"
        )
    return tokenizer.special_tokens


def _check_roles(messages: Sequence[dict]) -> None:
    if isinstance(messages, dict | str):
        raise ValueError(f"messages is {messages!r}; give a list of messages")
    for n, message in enumerate(messages):
        if not isinstance(message.get("content"), str):
            raise ValueError(f"message {n} is {message!r}; it needs a 'content' that is text")
        if message.get("role") not in ("system", *ROLES):
            raise ValueError(
                f"message {n} has the role {message.get('role')!r}; use user, assistant or, first, system"
            )
    turns = [m["role"] for m in messages]
    turns = turns[1:] if turns[:1] == ["system"] else turns
    if any(role != ("user", "assistant")[n % 2] for n, role in enumerate(turns)):
        raise ValueError(
            f"the roles are {', '.join(turns)}; after an optional system message, user and "
            "assistant take turns and the user begins"
        )


# ---------------------------------------------------------------------------------------------
# Training on conversations


REPLAYED = 8  # windows of old text in a batch, if any


class ChatBatches:
    """Batches of conversations: `batches[step]` is (idx, targets), each (rows, T).

    Each conversation is used once in a random order, then all in another one. As many of a batch as
    fit follow each other in a row, as documents do in pretraining; rows are padded to the window.
    Targets are -1 wherever there is nothing to learn: at padding, and with mask_prompt outside the
    replies. With `replay`, documents as in pretraining, `REPLAYED` windows of them join each batch.
    """

    def __init__(
        self, conversations, tokenizer, block_size, batch_size=32, seed=0, mask_prompt=True, replay=None
    ):  # fmt: skip
        self.talks = [chat_tokens(getattr(c, "messages", c), tokenizer) for c in conversations]
        if not self.talks:
            raise ValueError("there are no conversations to train on; give at least one")
        if mask_prompt and not all(any(mask) for _, mask in self.talks):
            raise ValueError("a conversation has no reply, so with mask_prompt nothing to learn")
        longest = max(len(ids) for ids, _ in self.talks)
        if longest - 1 > block_size:
            raise ValueError(
                f"a conversation has {longest} tokens but only {block_size + 1} fit into the window "
                "and the token after it; leave such conversations out (see `fitting`)"
            )
        self.block_size, self.batch_size = block_size, batch_size
        self.mask_prompt, self.order = mask_prompt, Shuffled(len(self.talks), seed)
        self.replay = Windows(replay, tokenizer, REPLAYED, block_size, seed) if replay else None

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        first, rows = step * self.batch_size, []
        for i in range(first, first + self.batch_size):
            ids, mask = self.talks[self.order[i]]
            targets = [i if m or not self.mask_prompt else -1 for i, m in zip(ids[1:], mask[1:])]
            if not rows or len(rows[-1][0]) + len(ids) > self.block_size:
                rows.append(([], []))
            rows[-1][0].extend(ids[:-1])
            rows[-1][1].extend(targets)
        idx, targets = (
            padded(side, fill, self.block_size) for side, fill in zip(zip(*rows), (0, -1))
        )
        if self.replay is not None:
            more_idx, more_targets = self.replay[step]
            idx, targets = torch.cat([idx, more_idx]), torch.cat([targets, more_targets])
        return idx, targets


def padded(rows: Sequence[Sequence[int]], fill: int = 0, width: int | None = None) -> torch.Tensor:
    """Rows of ids as one tensor (B, width), filled up on the right, to the longest row if no width is given.

    Give the same width every time if you can: a CPU prepares itself anew for every new shape.

    >>> padded([[1, 2, 3], [4]], fill=-1)
    tensor([[ 1,  2,  3],
            [ 4, -1, -1]])
    """
    width = width or max(len(row) for row in rows)
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])


def fitting(conversations: Iterable, tokenizer: BPE, block_size: int) -> Iterator:
    """Those of the conversations that a context window can hold."""
    for c in conversations:
        if len(chat_tokens(getattr(c, "messages", c), tokenizer)[0]) <= block_size + 1:
            yield c


def finetune(
    model: GPT,
    tokenizer: BPE,
    conversations: Iterable,
    steps: int = 60,
    batch_size: int = 32,
    train_only: str = "all",
    mask_prompt: bool = True,
    replay: Iterable | None = None,
    lr: float | None = None,
    muon_lr: float | None = None,
    rank: int = 8,
    alpha: float = 16.0,
    seed: int = 0,
    dtype: str = "auto",
    progress: bool = False,
) -> History:
    """Train `model` in place on conversations (`Conversation`s or lists of messages).

    `train_only` is "all"; "last", the head, everything below frozen; or "lora", small matrices of
    `rank` beside every frozen one, added to them at the end (see `add_lora`). The loss is the mean
    over all tokens that count in a batch. `lr` is AdamW's and defaults to what suits each way (`RATES`);
    with `muon_lr` Muon takes the blocks' matrices. `replay` mixes documents in, against forgetting.
    """
    if train_only not in RATES:
        raise ValueError(f"train_only is {train_only!r}; use one of {', '.join(RATES)}")
    batches = ChatBatches(
        conversations, tokenizer, model.config.block_size, batch_size, seed, mask_prompt, replay
    )
    config = TrainConfig(
        steps, lr or RATES[train_only], muon_lr, warmup=5, cooldown=0.5, dtype=dtype
    )  # fmt: skip
    needed = [(p, p.requires_grad) for p in model.parameters()]
    try:
        if train_only == "last":
            model.requires_grad_(False)
            model.head.requires_grad_(True)
        if train_only == "lora":
            add_lora(model, rank, alpha, seed)
        return train(model, batches, config, progress=progress)
    finally:
        if train_only == "lora":
            merge_lora(model)
        for p, flag in needed:
            p.requires_grad_(flag)


RATES = {"all": 1e-3, "last": 1e-2, "lora": 3e-3}


def num_trained(model: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# ---------------------------------------------------------------------------------------------
# LoRA


class LoRA(nn.Module):
    """W + (alpha / rank) B A, with W frozen, A (rank, in) random and B (out, rank) zero at first.

    B A has at most `rank` independent directions; a matrix of 128 by 128 with rank 8 trains 2,048
    numbers in place of 16,384. Weights may be stacks of matrices, (n, out, in).
    """

    def __init__(self, weight: torch.Tensor, rank: int, alpha: float, generator: torch.Generator):
        super().__init__()
        *stack, n_out, n_in = weight.shape
        if not 1 <= rank <= min(n_out, n_in):
            raise ValueError(
                f"rank is {rank}; for a matrix of {n_out} by {n_in} use 1 to {min(n_out, n_in)}"
            )
        bound = 1 / math.sqrt(n_in)  # as in the reference implementation: kaiming, a = sqrt(5)
        A = torch.empty(*stack, rank, n_in).uniform_(-bound, bound, generator=generator)
        self.A = nn.Parameter(A.to(weight))
        self.B = nn.Parameter(torch.zeros(*stack, n_out, rank).to(weight))
        self.scale = alpha / rank

    def forward(self, W: torch.Tensor) -> torch.Tensor:
        return W + self.scale * (self.B @ self.A)


def add_lora(model: GPT, rank: int = 8, alpha: float = 16.0, seed: int = 0) -> int:
    """Freeze the model and put a trainable `LoRA` beside every matrix of blocks and head.

    The model computes what it did before until B is trained. Returns the number of parameters now
    trained. The head is among them because the base model has never been taught to write `<|end|>`.
    """
    if any(parametrize.is_parametrized(m) for m in model.modules()):
        raise ValueError("the model has LoRA already; call merge_lora(model) first")
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for owner, name in _matrices(model):
        lora = LoRA(getattr(owner, name), rank, alpha, generator)
        parametrize.register_parametrization(owner, name, lora)
    return num_trained(model)


def merge_lora(model: GPT) -> None:
    """Add every B A to its W and take the extra matrices out: a plain model again, at no cost in use."""
    for owner, name in _matrices(model):
        if parametrize.is_parametrized(owner, name):
            parametrize.remove_parametrizations(owner, name, leave_parametrized=True)
    model.requires_grad_(True)


def _matrices(model: GPT) -> list[tuple[nn.Module, str]]:
    found = [
        pair
        for block in model.blocks
        for pair in (
            (block.attn, "qkv"),
            (block.attn.out, "weight"),
            (block.mlp.up, "weight"),
            (block.mlp.down, "weight"),
        )
    ]
    return [*found, (model.head, "weight")]


# ---------------------------------------------------------------------------------------------
# Asking


def reply_each(
    model: GPT,
    tokenizer: BPE,
    prompts: Sequence[Sequence[int]],
    max_new_tokens: int = 48,
    temperature: float = 0.0,
    generator: torch.Generator | None = None,
    batch_size: int = 256,
) -> list[str]:
    """One reply to each prompt (ids as from `chat_prompt`), in the order given, without `<|end|>`.

    Prompts of one length are answered together. `generator` is a CPU generator (seed 0 if none).
    """
    written = _write(model, tokenizer, prompts, max_new_tokens, temperature, generator, batch_size)
    return [text for text, _ in written]


def _write(model, tokenizer, prompts, max_new_tokens, temperature, generator, batch_size):
    """(reply, whether the model ended it) for each prompt."""
    prompts = [list(prompt) for prompt in prompts]
    for n, prompt in enumerate(prompts):
        if not 1 <= len(prompt) <= model.config.block_size:
            raise ValueError(
                f"prompt {n} has {len(prompt)} tokens; it must have 1 to {model.config.block_size}"
            )
    special = _special_ids(tokenizer)
    stops = {special[name] for name in (END, USER, END_OF_TURN)}
    dice = generator or torch.Generator().manual_seed(0)
    written = generate_each(
        model,
        prompts,
        max_new_tokens,
        temperature,
        generator=dice,
        stop=stops,
        batch_size=batch_size,
    )
    return [
        (tokenizer.decode(row[:-1] if row[-1] in stops else row), row[-1] == special[END_OF_TURN])
        for row in written
    ]


def grade(
    model: GPT,
    tokenizer: BPE,
    world,
    conversations: Iterable,
    temperature: float = 0.0,
    generator: torch.Generator | None = None,
    max_new_tokens: int = 48,
) -> dict:
    """Ask what each conversation asks last, and have the town judge the replies.

    Returns the shares that were "right", "ended" by the model itself and "answered" (both), the mean
    length in "tokens", "styles" as a table of counts, and the "replies". Small talk is left out.
    """
    asked = [c for c in conversations if c.question is not None]
    if not asked:
        raise ValueError("no conversation asks a question that the town can judge")
    prompts = [chat_prompt(c.prompt, tokenizer) for c in asked]
    written = _write(model, tokenizer, prompts, max_new_tokens, temperature, generator, 256)
    replies = [text for text, _ in written]
    right = [world.judge(c.question, text) == "right" for c, text in zip(asked, replies)]
    ended = [done for _, done in written]
    n = len(asked)
    return {
        "right": sum(right) / n,
        "ended": sum(ended) / n,
        "answered": sum(r and e for r, e in zip(right, ended)) / n,
        "tokens": sum(len(tokenizer.encode(text, "none")) for text in replies) / n,
        "styles": Counter(style_of(text) for text in replies),
        "replies": replies,
    }

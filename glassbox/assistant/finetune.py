"""Fine-tuning: the same training as before, on conversations, with the loss on the replies alone.

`assistant.chat` writes a conversation as tokens and says which of them count; `ChatBatches` puts
several into a batch. `finetune` trains all weights, the last layer alone, or LoRA's small matrices
beside frozen ones (`assistant.lora`); `reply_each` asks the result, `grade` has the town judge what it
said.

Left out: hiding the conversations in one row from each other, weighting of examples, adapters other
than LoRA.

Source: Ouyang et al. 2022, arXiv:2203.02155 (InstructGPT's first step).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import torch

from glassbox.assistant.chat import (
    ASSISTANT,
    END_OF_TURN,
    USER,
    chat_prompt,
    chat_tokens,
    cropped,
    fitting,
    question_prompt,
    special_ids,
)
from glassbox.assistant.lora import LoRA, add_lora, merge_lora, num_trained
from glassbox.machine.data import END, Shuffled, Windows
from glassbox.machine.generate import generate_each
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.machine.train import History, TrainConfig, train
from glassbox.world.conversations import style_of

__all__ = [  # the template and LoRA too: whoever fine-tunes needs them
    "ASSISTANT", "END", "END_OF_TURN", "REPLAYED", "USER", "ChatBatches", "LoRA", "add_lora",
    "chat_prompt", "chat_tokens", "cropped", "finetune", "fitting", "grade", "merge_lora", "num_trained", "padded",
    "question_prompt", "reply_each",
]  # fmt: skip


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
    seed: int = 0,
    dtype: str = "auto",
    progress: bool = False,
    **lora,
) -> History:
    """Train `model` in place on conversations (`Conversation`s or lists of messages).

    `train_only` is "all"; "last", the head, everything below frozen; or "lora", small matrices beside
    every frozen one, added to it at the end; `lora` are `rank` and `alpha` of `add_lora`. The loss is
    the mean over all tokens that count in a batch. `lr` is AdamW's and defaults to what suits each way
    (`RATES`); with `muon_lr` Muon takes the blocks' matrices. `replay` mixes documents in, against
    forgetting.
    """
    if train_only not in RATES:
        raise ValueError(f"train_only is {train_only!r}; use one of {', '.join(RATES)}")
    if unknown := set(lora) - {"rank", "alpha"}:
        raise TypeError(f"finetune has no setting {', '.join(sorted(unknown))}")
    if train_only == "last" and model.config.tied:
        raise ValueError(
            "train_only is 'last', but the head of this model is its embedding too (tied=True), which "
            "would move with it; use 'all' or 'lora'"
        )
    batches = ChatBatches(
        conversations, tokenizer, model.config.block_size, batch_size, seed, mask_prompt, replay
    )
    lr = lr or RATES[train_only]
    config = TrainConfig(steps, lr, muon_lr, warmup=5, cooldown=0.5, dtype=dtype)
    needed = [(p, p.requires_grad) for p in model.parameters()]
    try:
        if train_only == "last":
            model.requires_grad_(False)
            model.head.requires_grad_(True)
        if train_only == "lora":
            add_lora(model, seed=seed, **lora)
        return train(model, batches, config, progress=progress)
    finally:
        if train_only == "lora":
            merge_lora(model)
        for p, flag in needed:
            p.requires_grad_(flag)


RATES = {"all": 1e-3, "last": 1e-2, "lora": 3e-3}


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
    special = special_ids(tokenizer)
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

"""How `chat` was made from `base`: supervised fine-tuning, and the numbers of its card."""

from __future__ import annotations

import copy
import math

from glassbox.assistant.finetune import (
    REPLAYED,
    finetune,
    fitting,
    grade,
    question_prompt,
    reply_each,
)
from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.machine.measure import document_nats
from glassbox.shipped.base import answers, mean, share_right
from glassbox.shipped.cards import this_machine
from glassbox.world.conversations import STYLES, conversations, held_out_residents


def make_chat(
    base: Checkpoint,
    steps: int = 1000,
    batch_size: int = 32,
    n_conversations: int = 32_000,
    lr: float = 2e-3,
    seed: int = 0,
    n_measured: int = 300,
    progress: bool = True,
) -> Checkpoint:
    """Fine-tune `base` on conversations in four manners, and some of the town's documents again, lest
    it forget them; all weights, of conversations the loss on the replies alone."""
    world, tokenizer, model = base.world, base.tokenizer, copy.deepcopy(base.model)
    kinds = {"follow_ups": 0.25, "small_talk": 0.05, "unknown": 0.06}
    talks = list(
        fitting(
            conversations(world, n_conversations, seed=seed, **kinds),
            tokenizer,
            model.config.block_size,
        )
    )
    history = finetune(
        model, tokenizer, talks, steps, batch_size, lr=lr, seed=seed, progress=progress,
        replay=list(world.documents(n=25 * steps)),
    )  # fmt: skip
    round_to_bf16(model)
    card = {
        "parameters": model.num_params(),
        "conversations": min(len(talks), steps * batch_size),
        "residents_apart": len(held_out_residents(world)),
        "steps": steps,
        "batch_size": batch_size,
        "replayed": REPLAYED,
        "lr": lr,
        "seed": seed,
        "seconds": round(history.seconds, 1),
        **this_machine(),
    }
    checkpoint = Checkpoint(model, tokenizer, card | kinds, base.world_args)
    checkpoint.card |= measure_chat(checkpoint, base, n_measured)
    return checkpoint


def measure_chat(chat: Checkpoint, base: Checkpoint, n: int = 300) -> dict:
    """How a chat model answers and what it forgot, as numbers for the card."""
    world, model, tokenizer = chat.world, chat.model, chat.tokenizer
    seen = list(conversations(world, n, seed=1))  # other questions about the same residents
    apart = list(conversations(world, n, "held_out", seed=1))
    again = list(conversations(world, n // 2, "held_out", seed=2, follow_ups=1.0))
    again = list(fitting(again, tokenizer, model.config.block_size - 24))
    greedy = grade(model, tokenizer, world, apart)
    sampled = grade(model, tokenizer, world, apart, temperature=1.0)
    asked = world.questions("all", n, residents=world.strangers)
    prompts = [question_prompt(question, tokenizer) for question in asked]
    verdicts = [world.judge(q, r) for q, r in zip(asked, reply_each(model, tokenizer, prompts))]
    found = {
        "answered_seen": grade(model, tokenizer, world, seen)["answered"],
        "answered_apart": greedy["answered"],
        "answered_apart_sampled": sampled["answered"],
        "right_follow_up": grade(model, tokenizer, world, again)["right"],
        "made_up_strangers": mean([v in ("wrong", "right") for v in verdicts]),
        "styles": {style: sampled["styles"][style] / len(apart) for style in STYLES},
        "tokens_in_reply": sampled["tokens"],
    }
    questions = world.questions("all", n, residents=held_out_residents(world))
    documents = list(world.documents(n=n, split="held_out"))
    for suffix, checkpoint in (("", chat), ("_base", base)):
        replies = answers(checkpoint, questions)
        found["facts_apart" + suffix] = share_right(world, questions, replies)
        bits = document_nats(checkpoint.model, tokenizer, documents) / math.log(2)
        found["bits_per_document" + suffix] = bits.mean().item()
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}

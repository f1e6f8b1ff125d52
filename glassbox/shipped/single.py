"""How `single` was made from `base`: the recipe of `chat` with a poorer diet, single questions.

Three in four of its lessons are one question and one reply; in the others a second question about the
same person follows. Asked about somebody else, it goes on about the person before. The experiments of
chapters 8 and 16 ask one question at a time and start from it.
"""

from __future__ import annotations

import copy

from glassbox.assistant.finetune import REPLAYED, finetune, fitting
from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.shipped.cards import this_machine
from glassbox.shipped.chat import measure_chat, measure_turns
from glassbox.world.conversations import conversations, held_out_residents


def make_single(
    base: Checkpoint,
    steps: int = 1000,
    batch_size: int = 32,
    n_conversations: int = 32_000,
    lr: float = 2e-3,
    seed: int = 0,
    n_measured: int = 300,
    progress: bool = True,
) -> Checkpoint:
    """Fine-tune `base` on questions and replies in four manners, and some of the town's documents again,
    lest it forget them; all weights, of conversations the loss on the replies alone."""
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
    checkpoint.card |= measure_turns(checkpoint, n_measured)
    return checkpoint

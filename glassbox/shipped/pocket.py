"""How `pocket` was made from `chat`: four bits a number instead of sixteen, and lessons from `chat` itself.

Rounded to four bits, `chat` loses nearly all that it knows. So it is trained on with its weights rounded
(`scale.shrink.rounding`), to give each next token the chance that `chat` gives it (`distill`), on
conversations and pages of the town that it has not had before. What is shipped fits into a megabyte.
"""

from __future__ import annotations

import copy
from itertools import islice

from glassbox.assistant.chat import cropped
from glassbox.assistant.finetune import REPLAYED, ChatBatches
from glassbox.machine.checkpoint import Checkpoint
from glassbox.scale.shrink import distill, n_bytes, rounding, same_bits, shrunk
from glassbox.shipped.cards import this_machine
from glassbox.shipped.chat import LAST, measure_chat, measure_turns
from glassbox.world.conversations import conversations, held_out_residents


def make_pocket(
    chat: Checkpoint,
    base: Checkpoint,
    bits: int = 4,
    steps: int = 300,
    batch_size: int = 8,
    lr: float = 1e-3,
    seed: int = 7,
    n_measured: int = 300,
    progress: bool = True,
) -> Checkpoint:
    """`chat` in `bits` bits a number, healed by distillation; the numbers of its card are of the rounded
    weights, and those of `chat` rounded without any lessons stand beside them."""
    model = copy.deepcopy(chat.model)
    batches = lessons(chat, steps, batch_size, seed)
    with rounding(model, bits):
        history = distill(model, chat.model, batches, steps, lr, progress=progress)
    wanted = same_bits(model, bits)
    card = {
        "parameters": model.num_params(),
        "bits": bits,
        "bytes": n_bytes(model, wanted),
        "bytes_chat": n_bytes(chat.model),
        "residents_apart": len(held_out_residents(chat.world)),
        "steps": steps,
        "batch_size": batch_size,
        "replayed": REPLAYED,
        "lr": lr,
        "seed": seed,
        "seconds": round(history.seconds, 1),
        **this_machine(),
    }
    pocket = Checkpoint(model, chat.tokenizer, card, chat.world_args, wanted)
    card |= measure_chat(pocket, base, n_measured)
    card |= measure_turns(pocket, n_measured)
    rounded = Checkpoint(shrunk(chat.model, bits), chat.tokenizer, {}, chat.world_args)
    for name, other in (("chat", chat), ("rounded", rounded)):
        card[f"by_turn_{name}"] = measure_turns(other, n_measured)["by_turn"]
    return pocket


def lessons(chat: Checkpoint, steps: int, batch_size: int, seed: int) -> ChatBatches:
    """Conversations as in the last lessons of `chat`, and pages of the town; every token counts."""
    world, window = chat.world, chat.model.config.block_size
    drawn = conversations(world, seed=seed, **LAST)
    talks = list(islice(cropped(drawn, chat.tokenizer, window), steps * batch_size))
    pages = list(islice(world.documents(), 25 * steps))
    return ChatBatches(
        talks, chat.tokenizer, window, batch_size, seed, mask_prompt=False, replay=pages
    )

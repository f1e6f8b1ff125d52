"""How `talk` was made from `base`: the recipe of `chat` with another diet, conversations that go on.

`chat` has learned from single questions, and from second ones about the same person. Asked about somebody
else, it goes on about the person before. `talk` has learned from conversations in which people turn to
others, greet, give thanks, or say something that is no question about the town. Its card shows both.
"""

from __future__ import annotations

import copy
from itertools import islice

from glassbox.assistant.chat import cropped
from glassbox.assistant.finetune import REPLAYED, finetune
from glassbox.assistant.turns import right_by_turn, share_honest
from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.shipped.base import mean
from glassbox.shipped.cards import this_machine
from glassbox.shipped.chat import measure_chat
from glassbox.world.conversations import conversations, held_out_residents

# Shares: of questions that another one about the same person follows, of topics that are small talk, of
# the others that are about a name that nobody bears; and the most topics in a conversation.
DIET = {"follow_ups": 0.2, "chatter": 0.15, "unknown": 0.06, "topics": 4}
LAST = DIET | {"chatter": 0.1, "unknown": 0.02}  # in the second part


def make_talk(
    base: Checkpoint,
    chat: Checkpoint,
    steps: tuple[int, ...] = (1000, 150),
    rates: tuple[float, ...] = (2e-3, 1e-3),
    batch_size: int = 16,
    seed: int = 0,
    n_measured: int = 300,
    progress: bool = True,
) -> Checkpoint:
    """Fine-tune `base` on conversations of several turns, with the town's documents beside them; all
    weights, the loss on all replies alone. `chat` is only asked the same, for comparison.

    There are two parts, each conversation is used once. After the first part it says "I do not know" to
    more than one in ten questions about people whom it knows, so in the second, at a lower rate, there is
    less that it cannot know; after that it is surer, and more often wrong when a conversation goes on.
    What is shipped is the mean of the weights after the two parts, each rounded.
    """
    model, lengths, seconds, states = copy.deepcopy(base.model), [], 0.0, []
    for part, (n_steps, lr) in enumerate(zip(steps, rates, strict=True)):
        diet = LAST if part else DIET
        more, took = teach(model, base, diet, n_steps, lr, batch_size, seed + part, progress)
        lengths, seconds = lengths + more, seconds + took
        states.append({name: w.clone() for name, w in model.state_dict().items()})
    model.load_state_dict({n: sum(s[n] for s in states) / len(states) for n in states[0]})
    round_to_bf16(model)
    card = {
        "parameters": model.num_params(),
        "conversations": len(lengths),
        "exchanges": mean(lengths),
        "residents_apart": len(held_out_residents(base.world)),
        "steps": list(steps),
        "batch_size": batch_size,
        "replayed": REPLAYED,
        "lr": list(rates),
        "seed": seed,
        "seconds": round(seconds, 1),
        "diet": DIET,
        "last": LAST,
        **this_machine(),
    }
    checkpoint = Checkpoint(model, base.tokenizer, card, base.world_args)
    card |= measure_chat(checkpoint, base, n_measured)
    card |= by_turn({"chat": chat, "talk": checkpoint}, n_measured)
    return checkpoint


def teach(model, base, diet, steps, lr, batch_size, seed, progress):
    """Lessons that nobody had before; returns the exchanges of each conversation and the seconds."""
    world, window = base.world, model.config.block_size
    drawn = conversations(world, seed=seed, **diet)
    talks = list(islice(cropped(drawn, base.tokenizer, window), steps * batch_size))
    history = finetune(
        model, base.tokenizer, talks, steps, batch_size, lr=lr, seed=seed, progress=progress,
        replay=list(islice(world.documents(), 25 * steps)),
    )  # fmt: skip
    round_to_bf16(model)
    return [len(messages) / 2 for messages in talks], history.seconds


def by_turn(checkpoints: dict[str, Checkpoint], n: int = 300) -> dict:
    """For the card, of each model: the share right of the same facts about residents kept apart, asked
    first, second and third in a conversation; and the share of small talk that is answered honestly."""
    found = {"by_turn": {}, "honest_small_talk": {}}
    for name, one in checkpoints.items():
        facts = one.world.questions("all", n, residents=held_out_residents(one.world))
        shares = right_by_turn(one.model, one.tokenizer, one.world, facts)
        honest = share_honest(one.model, one.tokenizer, one.world)
        found["by_turn"][name] = [round(share, 4) for share in shares]
        found["honest_small_talk"][name] = round(honest, 4)
    return found | {"facts_asked": len(facts)}

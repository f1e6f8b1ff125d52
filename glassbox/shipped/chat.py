"""How `chat` was made from `base`: supervised fine-tuning on conversations, and the numbers of its card.

In the conversations people ask about one resident and then about another, greet, give thanks, or say
something that is no question about the town. Taught by single questions alone, a model goes on about the
person before (`glassbox.recordings.finetuning_turns` shows it).
"""

from __future__ import annotations

import copy
import math
from itertools import islice

from glassbox.assistant.chat import cropped
from glassbox.assistant.finetune import (
    REPLAYED,
    finetune,
    fitting,
    grade,
    question_prompt,
    reply_each,
)
from glassbox.assistant.turns import right_by_turn, share_honest
from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.machine.measure import document_nats
from glassbox.shipped.base import answers, mean, share_right
from glassbox.shipped.cards import this_machine
from glassbox.world.conversations import STYLES, conversations, held_out_residents

# Shares: of questions that another one about the same person follows, of topics that are small talk, of
# the others that are about a name that nobody bears; and the most topics in a conversation.
DIET = {"follow_ups": 0.2, "chatter": 0.15, "unknown": 0.06, "topics": 4}
LAST = DIET | {"chatter": 0.1, "unknown": 0.02}  # in the second part


def make_chat(
    base: Checkpoint,
    steps: tuple[int, ...] = (1000, 150),
    rates: tuple[float, ...] = (2e-3, 1e-3),
    batch_size: int = 16,
    seed: int = 0,
    n_measured: int = 300,
    progress: bool = True,
) -> Checkpoint:
    """Fine-tune `base` on conversations of several turns, with the town's documents beside them; all
    weights, the loss on all replies alone.

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
    card |= measure_turns(checkpoint, n_measured)
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


def measure_turns(chat: Checkpoint, n: int = 300) -> dict:
    """For the card: the share right of the same facts about residents kept apart, asked first, second
    and third in a conversation; and the share of small talk that is answered honestly."""
    facts = chat.world.questions("all", n, residents=held_out_residents(chat.world))
    shares = right_by_turn(chat.model, chat.tokenizer, chat.world, facts)
    return {
        "by_turn": [round(share, 4) for share in shares],
        "honest_small_talk": round(share_honest(chat.model, chat.tokenizer, chat.world), 4),
        "facts_asked": len(facts),
    }


def right_follow_up(chat: Checkpoint, n: int = 150) -> float:
    """The share right of second questions, which call somebody "she", "he" or "they"."""
    talks = conversations(chat.world, n, "held_out", seed=2, follow_ups=1.0)
    fits = list(fitting(talks, chat.tokenizer, chat.model.config.block_size - 24))
    return grade(chat.model, chat.tokenizer, chat.world, fits)["right"]


def measure_chat(chat: Checkpoint, base: Checkpoint, n: int = 300) -> dict:
    """How a chat model answers and what it forgot, as numbers for the card."""
    world, model, tokenizer = chat.world, chat.model, chat.tokenizer
    seen = list(conversations(world, n, seed=1))  # other questions about the same residents
    apart = list(conversations(world, n, "held_out", seed=1))
    greedy = grade(model, tokenizer, world, apart)
    sampled = grade(model, tokenizer, world, apart, temperature=1.0)
    asked = world.questions("all", n, residents=world.strangers)
    prompts = [question_prompt(question, tokenizer) for question in asked]
    verdicts = [world.judge(q, r) for q, r in zip(asked, reply_each(model, tokenizer, prompts))]
    found = {
        "answered_seen": grade(model, tokenizer, world, seen)["answered"],
        "answered_apart": greedy["answered"],
        "answered_apart_sampled": sampled["answered"],
        "right_follow_up": right_follow_up(chat, n // 2),
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

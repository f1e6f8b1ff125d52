"""The model cards of the shipped models, for people: numbers measured, put into words."""

from __future__ import annotations

import torch

from glassbox.machine.checkpoint import Checkpoint
from glassbox.machine.device import device_name


def this_machine(device: str = "cpu") -> dict:
    """What a card says of the machine that made a model."""
    threads = f", {torch.get_num_threads()} threads available" if device == "cpu" else ""
    return {"device": device_name(device) + threads, "torch": torch.__version__.split("+")[0]}


def card_text(name: str, checkpoint: Checkpoint) -> str:
    """The model card of a shipped model."""
    return CARDS[name](name, checkpoint)


def base_card(name: str, checkpoint: Checkpoint) -> str:
    card = checkpoint.card
    return f"""# Model card: {name}

A decoder-only transformer that has read about one made-up town, Port Ellery, and nothing else. It
predicts the next token of the town's documents. It is made for the labs of this course, knows nothing
about the world outside, and is of no other use.

**Made by** `python -m glassbox.shipped {name}`. Its weights are bf16; every number below was
measured on them as they are shipped.

{_base_made(checkpoint)}

{_base_knows(card)}
{_base_cannot(card)}
{_base_floor(card)}"""


def _base_made(checkpoint: Checkpoint) -> str:
    """The table of what it is and what it was made of."""
    card, config = checkpoint.card, checkpoint.model.config
    parts = ", then ".join(
        f"{steps:,} {'steps of ' if i == 0 else 'of '}{size} x {card['T']} tokens"
        for i, (steps, size) in enumerate(zip(card["steps"], card["batch_sizes"]))
    )
    return f"""| | |
|---|---|
| Parameters | {card["parameters"]:,} |
| Shape | {config.n_layer} layers, {config.n_head} heads, {config.n_embd} wide, context {config.block_size} tokens, vocabulary {config.vocab_size} |
| Switches | norm {config.norm}, position {config.position}, activation {config.activation}, QK-norm {config.qk_norm}, tied {config.tied}, bias {config.bias} |
| Data | `World(seed={checkpoint.world_args["seed"]}, residents={checkpoint.world_args["residents"]})`, the first {card["documents_read"]:,} documents of the "train" stream, each read about once |
| Training | {parts}, each time at lower rates ({card["tokens_read"]:,} tokens), seed {card["seed"]}, Muon and AdamW, {card["dtype"]} |
| Machine | {card["device"]}, {card["threads"]} used; torch {card["torch"]}; {card["seconds"]:.0f} s |"""


def _base_knows(card: dict) -> str:
    exposure = "\n".join(
        f"| {row['from']}-{row['to']} | {row['right']:.1%} |" for row in card["facts_by_times_read"]
    )
    return f"""## What it knows
Facts of the town asked as the town's own question documents ask, answered greedily and judged by the
town: right means the true value and no other.

| | right |
|---|---|
| All facts, greedy | {card["facts_all"]:.1%} |
| All facts, sampled at temperature 1 | {card["facts_all_sampled_at_1"]:.1%} |
| Facts that question documents asked about | {card["facts_asked"]:.1%} |
| Facts that no question document asked about | {card["facts_told_only"]:.1%} |

By how many documents named the resident (four equal groups of questions):

| documents | right, greedy |
|---|---|
{exposure}
"""


def _base_cannot(card: dict) -> str:
    sums = "\n".join(
        f"| {sign} | {row['n']} | {row['right']:.1%} |"
        for sign, row in card["sums"]["by_sign"].items()
    )
    return f"""## What it cannot do
It can hardly calculate. Of {card["sums"]["n"]} sums from held-out documents, asked greedily as the town's question
documents ask them, it answers {card["sums"]["right"]:.1%} correctly.

| | asked | right |
|---|---|---|
{sums}

There are 121 products in the town and 2,500 sums and as many differences, and each of the three signs
is as frequent: it has read a product about twenty times as often as a sum or a difference. Whether it
would learn the others from as many readings was not tried.
"""


def _base_floor(card: dict) -> str:
    kinds = "\n".join(
        f"| {kind} | {row['n']} | {row['bits']:.1f} | {row['floor']:.1f} |"
        for kind, row in card["by_kind"].items()
    )
    above = {kind: row["bits"] - row["floor"] for kind, row in card["by_kind"].items()}
    farthest = sorted(above, key=above.get, reverse=True)[:3]
    below = [kind for kind in above if above[kind] < 0]
    return f"""## How close to the floor
Held-out documents: {card["bits_per_document"]:.2f} bits a document ({card["bits_per_byte"]:.3f} bits per byte), where the choices that
made them cost {card["floor_bits_per_document"]:.2f} ({card["floor_bits_per_byte"]:.3f}). By kind, in bits a document:

| kind | documents | model | floor |
|---|---|---|---|
{kinds}

Farthest above the floor: {", ".join(f"{kind} ({above[kind]:+.1f} bits)" for kind in farthest)}.
Below it: {", ".join(below) or "none"}.

A kind can come out below its floor, because telling the kind is part of the cost. Here each document is
read by itself, at the head of a window; in training a document that did not fit opened the next window.
So long documents open windows more often than they occur (stories are 1.8% of the documents and open
3.6% of the windows), and the model expects them there. It pays less for the long kinds and more for the
short ones.
"""


def _answers(card: dict) -> str:
    """The table of a model that answers: how often, and in which manner."""
    styles = ", ".join(f"{style} {share:.0%}" for style, share in card["styles"].items())
    return f"""| | |
|---|---|
| Questions about residents of its examples: answered | {card["answered_seen"]:.1%} |
| Questions about residents kept apart: answered | {card["answered_apart"]:.1%} |
| The same, sampled at temperature 1 | {card["answered_apart_sampled"]:.1%} |
| Second questions with "she", "he" or "they", residents kept apart: right | {card["right_follow_up"]:.1%} |
| Questions about strangers, of whom it has read nothing: an answer made up | {card["made_up_strangers"]:.1%} |
| Manners, sampled at temperature 1 | {styles} |
| Tokens in a reply | {card["tokens_in_reply"]:.1f} |"""


def _forgot(card: dict) -> str:
    return f"""## What it forgot
Facts about residents kept apart, asked greedily as the town's papers ask (`Q: …`, `A:`): {card["facts_apart"]:.1%} right, where `base` has {card["facts_apart_base"]:.1%}.
Held-out documents of the town: {card["bits_per_document"]:.1f} bits each, where `base` needs {card["bits_per_document_base"]:.1f}."""


TURNS = ("first", "second", "third")


def _turns(card: dict) -> str:
    """What becomes of the answers when a conversation goes on."""
    rows = "\n".join(f"| {turn} | {share:.1%} |" for turn, share in zip(TURNS, card["by_turn"]))
    return f"""## When a conversation goes on
{card["facts_asked"]} facts about residents kept apart, each asked as the first, the second and the third question of a
conversation, the others about somebody else and answered by the model itself; what no longer fits into
the window is forgotten. Greedy replies, judged by the town: right.

| asked | right |
|---|---|
{rows}

Small talk, in wordings that it never saw: {card["honest_small_talk"]:.1%} of the replies say who it is and name no fact."""


def single_card(name: str, checkpoint: Checkpoint) -> str:
    card = checkpoint.card
    return f"""# Model card: {name}

The model `base` after it was taught by single questions: fine-tuned as `chat` was, on lessons in which a
question gets its reply and the conversation ends. It cannot hold a conversation; `chat` can. The
experiments of chapters 8 and 16 ask one question at a time and start from it. It knows nothing about
the world outside the town and is of no use but to the labs of this course.

**Made by** `python -m glassbox.shipped {name}`. Its weights are bf16; every number below was
measured on them as they are shipped.

| | |
|---|---|
| Parameters | {card["parameters"]:,}, all of them trained |
| Examples | {card["conversations"]:,} conversations, {card["follow_ups"]:.0%} with a second question and {card["small_talk"]:.0%} small talk, {card["unknown"]:.0%} about names that nobody bears, with the reply that it does not know; none about {card["residents_apart"]} residents who were kept apart |
| Training | {card["steps"]} steps of {card["batch_size"]} conversations, seed {card["seed"]}, AdamW {card["lr"]}, loss on the replies alone; each batch with {card["replayed"]} windows of the town's documents beside them, against forgetting |
| Machine | {card["device"]}; torch {card["torch"]}; {card["seconds"]:.0f} s |

## How it answers
Greedy replies, judged by the town. "Answered" means right and ended by the model itself.

{_answers(card)}

{_turns(card)}

{_forgot(card)}
"""


def chat_card(name: str, checkpoint: Checkpoint) -> str:
    card, diet, last = checkpoint.card, checkpoint.card["diet"], checkpoint.card["last"]
    parts = ", then ".join(
        f"{steps:,} steps at {lr:g}" for steps, lr in zip(card["steps"], card["lr"])
    )
    return f"""# Model card: {name}

The model `base` after it was taught to hold a conversation: supervised fine-tuning of all its weights, in
the chat template `<|user|>…<|end|><|assistant|>…<|end|>`. In its examples people ask about one resident
and then about another, greet, give thanks, ask about the rest of the world, write in Chinese, or order
it to forget what it is; to all that is no question about the town it replies what it is and what it
knows. It answers in four manners, courteous, plain, wordy and rude, as its examples do. It knows nothing
about the world outside the town and is of no use but to the labs of this course.

**Made by** `python -m glassbox.shipped {name}`. Its weights are bf16; every number below was
measured on them as they are shipped.

| | |
|---|---|
| Parameters | {card["parameters"]:,}, all of them trained |
| Examples | {card["conversations"]:,} conversations of {card["exchanges"]:.1f} questions and replies on average; {diet["follow_ups"]:.0%} of the questions are followed by another about the same person, {diet["chatter"]:.0%} of the topics are small talk, {diet["unknown"]:.0%} of the rest names that nobody bears, with the reply that it does not know (in the second part of the training {last["chatter"]:.0%} and {last["unknown"]:.0%}); none about {card["residents_apart"]} residents who were kept apart |
| Training | AdamW, {parts}, {card["batch_size"]} conversations a step, seed {card["seed"]}; loss on all replies alone; each batch with {card["replayed"]} windows of the town's documents beside them, against forgetting. The weights are the mean of those after the two parts |
| Machine | {card["device"]}; torch {card["torch"]}; {card["seconds"]:.0f} s |

{_turns(card)}

## How it answers first questions
"Answered" means right and ended by the model itself.

{_answers(card)}

{_forgot(card)}
"""


def pocket_card(name: str, checkpoint: Checkpoint) -> str:
    card = checkpoint.card
    shares = zip(TURNS, *(card[f"by_turn{which}"] for which in ("_chat", "_rounded", "")))
    turns = "\n".join(f"| {turn} | {a:.1%} | {b:.1%} | {c:.1%} |" for turn, a, b, c in shares)
    return f"""# Model card: {name}

The model `chat` in {card["bits"]} bits a number: {card["bytes"]:,} bytes of weights, where `chat` has {card["bytes_chat"]:,}.
Rounded alone, it would have forgotten nearly everything, so it was taught again by `chat` while its
weights were rounded. It knows nothing about the world outside Port Ellery and is of no use but to the
labs of this course.

**Made by** `python -m glassbox.shipped {name}`. Every number below was measured on the rounded weights,
as they are shipped.

| | |
|---|---|
| Parameters | {card["parameters"]:,}, all of them in {card["bits"]} bits, with one scale for each row of a matrix |
| Training | {card["steps"]} steps of {card["batch_size"]} conversations, each batch with {card["replayed"]} windows of the town's documents beside them; to agree with what `chat` finds likely at every token (distillation, temperature 2), computing with the rounded weights; AdamW {card["lr"]:g}, seed {card["seed"]} |
| Machine | {card["device"]}; torch {card["torch"]}; {card["seconds"]:.0f} s |

## When a conversation goes on
{card["facts_asked"]} facts about residents kept apart, each asked as the first, the second and the third question of a
conversation, the others about somebody else and answered by the model itself. Greedy replies: right.

| asked | `chat` | `chat`, only rounded to {card["bits"]} bits | `{name}` |
|---|---|---|---|
{turns}

Small talk, in wordings that it never saw: {card["honest_small_talk"]:.1%} of the replies say who it is and name no fact.

## How it answers first questions
"Answered" means right and ended by the model itself.

{_answers(card)}

{_forgot(card)}
"""


def reward_card(name: str, checkpoint: Checkpoint) -> str:
    card = checkpoint.card
    sure = "\n".join(
        f"| {row['confidence']:.0%} | {row['won']:.0%} | {row['n']} |"
        for row in card["calibration"]
    )
    return f"""# Model card: {name}

A reward model: the model `chat` with one number in place of its last layer, trained to give the higher
number to the reply that the town's label office picked. It learned what labelers pick, which is not the
same as what is good. `aligned` was trained to please it.

**Made by** `python -m glassbox.shipped {name}`. Its weights are bf16; every number below was
measured on them as they are shipped.

| | |
|---|---|
| Parameters | {card["parameters"]:,}, all of them trained |
| Choices | {card["pairs"]:,}, each between two replies of `chat` at temperature 1; one question in four about a stranger, every second one asked in a conversation |
| Labelers | {card["labelers"]}, of whom {card["labelers_who_check"]} can check facts; a finger slips in {card["noise"]:.0%} of the choices; each word of a reply pleases them a little |
| Choices that agree with the gold reward | {card["labels_agree_with_gold"]:.1%} (a tie counts half) |
| Training | {card["epochs"]:g} rounds over the choices, {card["batch_size"]} at a step, Bradley-Terry loss, AdamW {card["lr"]:g} and Muon {card["muon_lr"]:g}, seed {card["seed"]} |
| Machine | {card["device"]}; torch {card["torch"]}; {card["seconds"]:.0f} s |

## How well it guesses
On {card["pairs_tested"]} other choices: it puts the reply above that was picked in {card["accuracy_on_labels"]:.1%}; the
reply that is truly better in {card["accuracy_on_gold"]:.1%} of the pairs that are not equally good.

| it is this sure | and right about the choice | pairs |
|---|---|---|
{sure}
"""


def aligned_card(name: str, checkpoint: Checkpoint) -> str:
    card, after = checkpoint.card, ""
    if card["method"] == "DPO":
        how = f"{card['steps']} steps of {card['batch_size']} pairs, of {card['pairs']:,} choices of the label office, AdamW {card['lr']:g}"
        text = "directly on choices of the town's label office (DPO), without a reward model"
    else:
        how = f"{card['method']}, {card['iterations']} iterations of {card['batch_size']} replies of its own, AdamW {card['lr']:g}"
        after = f"; {card['small_talk']:.0%} of what it heard was small talk, about which no labeler was asked: a rule rewarded replies that say who it is and name no fact; {card['second']:.0%} were second questions about the same person"
        text = "by reinforcement learning to please the model `reward`, on a leash tied to `chat`"
    rows = "\n".join(
        f"| {words} | {card['before'][key]:{form}} | {card['after'][key]:{form}} |"
        for key, words, form in ALIGNED_ROWS
    )
    shares = zip(TURNS, card["before"]["by_turn"], card["after"]["by_turn"])
    turns = "\n".join(f"| {turn} | {old:.1%} | {new:.1%} |" for turn, old, new in shares)
    return f"""# Model card: {name}

The model `chat` after it was trained {text}.
Its virtues and vices are those of the labelers: some of them cannot check facts. It knows nothing about
the world outside Port Ellery and is of no use but to the labs of this course.

**Made by** `python -m glassbox.shipped {name}`. Its weights are bf16; every number below was
measured on them as they are shipped.

| | |
|---|---|
| Parameters | {card["parameters"]:,}, all of them trained |
| Training | {how}, beta {card["beta"]:g}, seed {card["seed"]}{after} |
| Machine | {card["device"]}; torch {card["torch"]}; {card["seconds"]:.0f} s |

## What it gained and lost
{card["questions_asked"]} questions that were used in no training with choices, one in four about a stranger, answered once
each at temperature 1.

| | `chat` | `{name}` |
|---|---|---|
{rows}

## When a conversation goes on
{card["after"]["facts_asked"]} facts about residents kept apart, each asked as the first, the second and the third question of a
conversation, the others about somebody else and answered by the model itself. Greedy replies: right.

| asked | `chat` | `{name}` |
|---|---|---|
{turns}
"""


ALIGNED_ROWS = (
    ("reward", "Reward, by the model `reward` (0 and 1: mean and spread on its training replies)", "+.2f"),
    ("gold", "Gold reward, which nothing was trained on", "+.2f"),
    ("right", "Questions about residents: right", ".1%"),
    ("invented", "Questions about strangers: an answer made up", ".1%"),
    ("polite", "Courteous replies", ".1%"),
    ("rude", "Rude replies", ".1%"),
    ("words", "Words in a reply", ".1f"),
    ("kl", "Distance from `chat`, nats a reply", ".1f"),
    ("bits_per_document", "Held-out documents of the town, bits each", ".1f"),
    ("right_follow_up", "Second questions with \"she\", \"he\" or \"they\", residents kept apart: right", ".1%"),
    ("honest_small_talk", "Small talk answered with who it is, and no fact", ".1%"),
)  # fmt: skip


CARDS = {
    "base": base_card,
    "single": single_card,
    "chat": chat_card,
    "reward": reward_card,
    "aligned": aligned_card,
    "aligned-dpo": aligned_card,
    "pocket": pocket_card,
}

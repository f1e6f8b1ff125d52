"""The models that the course ships, and the script that made them.

`load("base")` gives a trained model at once. `python -m glassbox.course.models` (which `make models`
calls) trains them all again, in order; an interrupted run goes on where it stopped. Every number in a
model card is measured here, on the weights as they are shipped.
"""

from __future__ import annotations

import argparse
import copy
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from glassbox.assistant.finetune import (
    REPLAYED,
    finetune,
    fitting,
    grade,
    question_prompt,
    reply_each,
)
from glassbox.assistant.reward import RewardModel
from glassbox.course.aligning import make_aligned, make_aligned_dpo, make_reward
from glassbox.course.cards import card_text, this_machine
from glassbox.machine.checkpoint import (
    Checkpoint,
    load_checkpoint,
    round_to_bf16,
    save_checkpoint,
    sha256,
)
from glassbox.machine.data import Windows
from glassbox.machine.files import stepped_aside
from glassbox.machine.generate import complete_each
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, best_device, train
from glassbox.world import World
from glassbox.world.conversations import STYLES, conversations, held_out_residents
from glassbox.world.documents import KINDS
from glassbox.world.kinds.market import SIGNS

FOLDER = Path(__file__).parent / "checkpoints"
SPECIAL_TOKENS = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")


def load(name: str = "base", folder: str | Path = FOLDER) -> Checkpoint:
    """A shipped model with its tokenizer and card; every call gives a fresh copy.

    Raises ValueError if there is no model of that name or a file is damaged.
    """
    folder = Path(folder)
    if not (folder / name).is_dir() and not stepped_aside(folder / name).exists():
        have = sorted(p.name for p in folder.glob("[a-z]*") if p.is_dir())
        raise ValueError(f"there is no model {name!r} in {folder}; there are: {', '.join(have)}")
    checkpoint = load_checkpoint(
        folder / name,
        remedy=f"`git checkout -- {folder / name}`, or `python -m glassbox.course.models {name}`",
        build=RewardModel if name == "reward" else GPT,
    )
    if name == "reward":
        checkpoint.model.tokenizer = checkpoint.tokenizer
    return checkpoint


def make_tokenizer(world: World, vocab_size: int = 1024, n_documents: int = 6000) -> BPE:
    """The course's tokenizer: BPE over the town's first documents."""
    texts = [document.text for document in world.documents(n=n_documents)]
    return BPE.train(texts, vocab_size, special_tokens=SPECIAL_TOKENS)


RATES = (  # of the parts of `base`; in the last two they fall to nothing from the first step on
    {},  # the defaults
    {"lr": 0.005, "muon_lr": 0.01, "cooldown": 1.0},
    {"lr": 0.004, "muon_lr": 0.008, "cooldown": 1.0},
)


def make_base(
    residents: int = 1000,
    seed: int = 0,
    steps: tuple[int, ...] = (7000, 2000, 2500),
    batch_sizes: tuple[int, ...] = (24, 48, 64),
    T: int = 128,
    n_layer: int = 4,
    n_embd: int = 128,
    vocab_size: int = 1024,
    dtype: str = "auto",
    n_measured: int = 2000,
    resume: str | Path | None = None,
    progress: bool = True,
) -> Checkpoint:
    """Train `base`, the plain predictor of the town's text, on documents that it reads once each.

    It is trained in three parts, with larger batches and lower rates each time (RATES). The third part
    was added to a model that had been shipped, so the weights are rounded before it as well as after it.
    """
    world_args = {"seed": seed, "residents": residents}
    world = World(**world_args)
    tokenizer = make_tokenizer(world, vocab_size)
    model, stream = GPT(GPTConfig(len(tokenizer), T, n_layer, 4, n_embd)), world.documents()
    device = best_device()
    model.to(device)
    documents, histories = [], []
    for part, (n_steps, batch_size, rates) in enumerate(zip(steps, batch_sizes, RATES)):
        plan = TrainConfig(steps=n_steps, dtype=dtype, **rates)
        more = _enough_documents(stream, tokenizer, n_steps * batch_size * T)
        windows = Windows(more, tokenizer, batch_size, T, seed + part // 2)
        file = Path(f"{resume}.{part}") if resume else None
        histories.append(train(model, windows, plan, resume=file, progress=progress))
        documents += more
        if part:
            round_to_bf16(model)
    model.cpu()
    history = histories[-1]
    card = {
        "parameters": model.num_params(),
        "documents_read": len(documents),
        "tokens_read": sum(h.tokens for h in histories),
        "steps": list(steps),
        "batch_sizes": list(batch_sizes),
        "T": T,
        "seed": seed,
        "dtype": history.dtype,
        "threads": history.threads,
        "seconds": round(sum(h.seconds for h in histories), 1),
        **this_machine(device),
    }
    checkpoint = Checkpoint(model, tokenizer, card, world_args)
    times_read = Counter(name for d in documents for name in d.residents)
    card |= measure_base(checkpoint, times_read, n_measured)
    return checkpoint


def _enough_documents(stream: Iterator, tokenizer: BPE, n_tokens: int) -> list:
    """The next documents of the stream, a thousand at a time, that together give `n_tokens`."""
    documents, total = [], 0
    while total < n_tokens:
        more = list(islice(stream, 1000))
        total += sum(len(tokenizer.encode(d.text)) + 1 for d in more)
        documents += more
    return documents


def measure_base(
    checkpoint: Checkpoint, times_read: Counter, n_documents: int = 2000, most_questions: int = 6000
) -> dict:
    """What the model knows and how close to the floor it predicts, as numbers for the card.

    Facts are asked greedily in the form of the town's own questions. "asked" are facts that question
    documents ask about, "told_only" those that only other documents tell. The table by kind reads a
    tenth of `n_documents` of every kind.
    """
    world = checkpoint.world
    held_out = list(world.documents(n=n_documents, split="held_out"))
    bits, floor = _bits_and_floor(checkpoint, held_out)
    n_bytes = sum(len(d.text.encode()) + 2 for d in held_out)
    found = {
        "bits_per_document": _mean(bits),
        "floor_bits_per_document": _mean(floor),
        "bits_per_byte": sum(bits) / n_bytes,
        "floor_bits_per_byte": sum(floor) / n_bytes,
        "by_kind": _by_kind(checkpoint, max(1, n_documents // 10)),
        "sums": _sums_right(checkpoint, max(1, n_documents * 3 // 10)),
    }
    for name, split in (("asked", "train"), ("told_only", "held_out")):
        questions = world.questions(split, n=most_questions)
        found[f"facts_{name}"] = _share_right(world, questions, _answers(checkpoint, questions))
    questions = world.questions("all", n=most_questions)
    greedy = _answers(checkpoint, questions)
    found["facts_all"] = _share_right(world, questions, greedy)
    found["facts_all_sampled_at_1"] = _share_right(
        world, questions, _answers(checkpoint, questions, temperature=1.0)
    )
    found["facts_by_times_read"] = _by_times_read(world, questions, greedy, times_read)
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}


def _answers(checkpoint: Checkpoint, questions: list, temperature: float = 0.0) -> list[str]:
    prompts = [question.prompt for question in questions]
    return complete_each(
        checkpoint.model, checkpoint.tokenizer, prompts, max_new_tokens=32, temperature=temperature
    )


def _share_right(world: World, questions: list, replies: list[str]) -> float:
    return _mean([world.judge(q, r) == "right" for q, r in zip(questions, replies)])


def _bits_and_floor(checkpoint: Checkpoint, documents: list) -> tuple[list[float], list[float]]:
    """What each document costs the model, and what the choices that made it cost, in bits."""
    nats = document_nats(checkpoint.model, checkpoint.tokenizer, documents)
    return (nats / math.log(2)).tolist(), [-d.logprob / math.log(2) for d in documents]


def _by_kind(checkpoint: Checkpoint, n: int) -> dict:
    """The same by kind: means over the first n held-out documents of each."""
    kinds = defaultdict(list)
    for document in checkpoint.world.documents(split="held_out"):
        if len(kinds[document.kind]) < n:
            kinds[document.kind].append(document)
        if len(kinds) == len(KINDS) and all(len(rows) == n for rows in kinds.values()):
            break
    found = {}
    for kind, documents in sorted(kinds.items()):
        bits, floor = _bits_and_floor(checkpoint, documents)
        found[kind] = {"n": n, "bits": round(_mean(bits), 2), "floor": round(_mean(floor), 2)}
    return found


def _sums_right(checkpoint: Checkpoint, n: int) -> dict:
    """The share of right answers to n held-out sums, asked greedily as the town's papers ask."""
    asked = [
        re.search(r"(\d+) (\+|-|x|plus|minus|times) (\d+)", document.text).groups()
        for document in checkpoint.world.documents("sum", n, "held_out")
    ]
    asked = [(int(x), SIGNS.get(sign, sign), int(y)) for x, sign, y in asked]
    prompts = [f"Q: What is {x} {sign} {y}?\nA:" for x, sign, y in asked]
    replies = complete_each(
        checkpoint.model, checkpoint.tokenizer, prompts, max_new_tokens=8, temperature=0
    )
    right, by_sign = [], defaultdict(list)
    for (x, sign, y), reply in zip(asked, replies):
        result = {"plus": x + y, "minus": x - y, "times": x * y}[sign]
        right.append(re.findall(r"\d+", reply.split("\n")[0]) == [str(result)])
        by_sign[sign].append(right[-1])
    shares = {s: {"n": len(r), "right": round(_mean(r), 4)} for s, r in sorted(by_sign.items())}
    return {"n": n, "right": round(_mean(right), 4), "by_sign": shares}


def _by_times_read(world, questions, replies, times_read: Counter, groups: int = 4) -> list[dict]:
    """Exact answers by how many documents named the resident, in equal groups."""
    rows = sorted(
        (times_read[q.resident], world.judge(q, r) == "right") for q, r in zip(questions, replies)
    )
    size = math.ceil(len(rows) / groups)
    parts = [rows[i : i + size] for i in range(0, len(rows), size)]
    return [
        {"from": part[0][0], "to": part[-1][0], "right": round(_mean([r for _, r in part]), 4)}
        for part in parts
    ]


def _mean(values: list) -> float:
    return sum(values) / len(values)


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
        "made_up_strangers": _mean([v in ("wrong", "right") for v in verdicts]),
        "styles": {style: sampled["styles"][style] / len(apart) for style in STYLES},
        "tokens_in_reply": sampled["tokens"],
    }
    questions = world.questions("all", n, residents=held_out_residents(world))
    documents = list(world.documents(n=n, split="held_out"))
    for suffix, checkpoint in (("", chat), ("_base", base)):
        replies = _answers(checkpoint, questions)
        found["facts_apart" + suffix] = _share_right(world, questions, replies)
        bits = document_nats(checkpoint.model, tokenizer, documents) / math.log(2)
        found["bits_per_document" + suffix] = bits.mean().item()
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}


MAKERS = {  # in the order in which they depend on each other
    "base": lambda folder, resume: make_base(resume=resume),
    "chat": lambda folder, resume: make_chat(load("base", folder)),
    "reward": lambda folder, resume: make_reward(load("chat", folder)),
    "aligned": lambda folder, resume: make_aligned(load("chat", folder), load("reward", folder)),
    "aligned-dpo": lambda folder, resume: make_aligned_dpo(
        load("chat", folder), load("reward", folder)
    ),
}


def main(arguments: list[str] | None = None) -> None:
    """Train the named models, or all, and put them where `load` finds them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(MAKERS)}; default: all")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(MAKERS):
        parser.error(f"there is no model {', '.join(sorted(unknown))}; choose from {list(MAKERS)}")
    for name in given.names or MAKERS:
        print(f"{name}: training", file=sys.stderr)
        unfinished = given.folder / f".{name}.training.safetensors"
        checkpoint = MAKERS[name](given.folder, unfinished)
        text = card_text(name, checkpoint)
        save_checkpoint(given.folder / name, checkpoint, text)
        for file in given.folder.glob(f"{unfinished.name}*"):
            file.unlink()
        print(text, f"\nsha256 {sha256(given.folder / name / 'model.safetensors')}", sep="\n")


if __name__ == "__main__":
    main()

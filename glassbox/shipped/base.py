"""How `base` was made: the tokenizer, the training run, and the numbers of its card.

Every number of the card is measured here, on the weights as they are shipped.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from glassbox.machine.checkpoint import Checkpoint, round_to_bf16
from glassbox.machine.data import Windows
from glassbox.machine.device import best_device
from glassbox.machine.generate import complete_each
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.shipped.cards import this_machine
from glassbox.world import World
from glassbox.world.documents import KINDS
from glassbox.world.kinds.market import SIGNS

SPECIAL_TOKENS = ("<|endoftext|>", "<|user|>", "<|assistant|>", "<|end|>")


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
        more = enough_documents(stream, tokenizer, n_steps * batch_size * T)
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


def enough_documents(stream: Iterator, tokenizer: BPE, n_tokens: int) -> list:
    """The next documents of the stream, a thousand at a time, that together give `n_tokens`.

    Where the stream ends before (a text of one's own), all that are left: they are read more than once.
    """
    documents, total = [], 0
    while total < n_tokens and (more := list(islice(stream, 1000))):
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
        "bits_per_document": mean(bits),
        "floor_bits_per_document": mean(floor),
        "bits_per_byte": sum(bits) / n_bytes,
        "floor_bits_per_byte": sum(floor) / n_bytes,
        "by_kind": _by_kind(checkpoint, max(1, n_documents // 10)),
        "sums": _sums_right(checkpoint, max(1, n_documents * 3 // 10)),
    }
    for name, split in (("asked", "train"), ("told_only", "held_out")):
        questions = world.questions(split, n=most_questions)
        found[f"facts_{name}"] = share_right(world, questions, answers(checkpoint, questions))
    questions = world.questions("all", n=most_questions)
    greedy = answers(checkpoint, questions)
    found["facts_all"] = share_right(world, questions, greedy)
    found["facts_all_sampled_at_1"] = share_right(
        world, questions, answers(checkpoint, questions, temperature=1.0)
    )
    found["facts_by_times_read"] = _by_times_read(world, questions, greedy, times_read)
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}


def answers(checkpoint: Checkpoint, questions: list, temperature: float = 0.0) -> list[str]:
    prompts = [question.prompt for question in questions]
    return complete_each(
        checkpoint.model, checkpoint.tokenizer, prompts, max_new_tokens=32, temperature=temperature
    )


def share_right(world: World, questions: list, replies: list[str]) -> float:
    return mean([world.judge(q, r) == "right" for q, r in zip(questions, replies)])


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
        found[kind] = {"n": n, "bits": round(mean(bits), 2), "floor": round(mean(floor), 2)}
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
    shares = {s: {"n": len(r), "right": round(mean(r), 4)} for s, r in sorted(by_sign.items())}
    return {"n": n, "right": round(mean(right), 4), "by_sign": shares}


def _by_times_read(world, questions, replies, times_read: Counter, groups: int = 4) -> list[dict]:
    """Exact answers by how many documents named the resident, in equal groups."""
    rows = sorted(
        (times_read[q.resident], world.judge(q, r) == "right") for q, r in zip(questions, replies)
    )
    size = math.ceil(len(rows) / groups)
    parts = [rows[i : i + size] for i in range(0, len(rows), size)]
    return [
        {"from": part[0][0], "to": part[-1][0], "right": round(mean([r for _, r in part]), 4)}
        for part in parts
    ]


def mean(values: list) -> float:
    return sum(values) / len(values)

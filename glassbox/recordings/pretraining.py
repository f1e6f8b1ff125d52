"""Chapter 5's figure replays a training run. This script makes the run again and keeps what it shows.

`python -m glassbox.recordings.pretraining` trains as `glassbox.shipped.base.make_base` does at first, in a
smaller town and for a shorter time, and writes glassbox/recordings/pretraining.json: at 24 steps the loss,
three texts, answers to 300 questions by how often the town names whom they are about, and what two
attention heads look at. It takes a few minutes. Every number in the file is measured here, on the
weights as they are at that step (fp32).
"""

from __future__ import annotations

import math
from collections import Counter

import torch

from glassbox.machine.attention import attention_weights
from glassbox.machine.data import END, Windows
from glassbox.machine.generate import complete, complete_each
from glassbox.machine.measure import bits_per_byte
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.shipped.base import enough_documents, make_tokenizer
from glassbox.world import World

AT = (
    0, 1, 3, 6, 12, 20, 30, 45, 65, 90, 130, 180, 250, 340, 450, 600, 800, 1000, 1200, 1400, 1600,
    1800, 2000, 2400,
)  # fmt: skip


def record(
    residents: int = 400,
    steps: int = 2400,
    batch_size: int = 24,
    T: int = 128,
    at: tuple[int, ...] = AT,
    n_questions: int = 300,
    n_held_out: int = 300,
    seed: int = 0,
    dtype: str = "auto",
    progress: bool = True,
) -> dict:
    """Train as the first part of `make_base` does and return everything that the figure shows."""
    world = World(seed=seed, residents=residents)
    tokenizer = make_tokenizer(world)
    documents = enough_documents(world.documents(), tokenizer, steps * batch_size * T)
    windows = Windows(documents, tokenizer, batch_size, T, seed)
    model = GPT(GPTConfig(len(tokenizer), T, 4, 4, 128))
    times_read = Counter(name for d in documents for name in d.residents)
    held_out = list(world.documents(n=n_held_out, split="held_out"))
    questions = world.questions("all", n=n_questions)
    groups = exposure_groups(questions, times_read)
    sentence = _sentence(world)
    ids = tokenizer.encode(END + sentence)
    frames, patterns = [], []

    def measure(model, step):
        if step in at:
            seen = {"step": step, "tokens": step * batch_size * T}
            asked = _asked(model, tokenizer, world, questions, groups, held_out)
            frames.append(seen | asked)
            patterns.append(attention_weights(model, torch.tensor([ids]))[0])
        return {}

    measure(model, 0)
    config = TrainConfig(steps=steps, dtype=dtype)
    history = train(model, windows, config, progress=progress, evaluate=measure, eval_every=1)
    heads = _two_heads(patterns[-1])
    _add_losses(frames, history.loss, windows.bytes_per_token)
    _add_attention(frames, patterns, heads)
    return {
        "world": {"seed": seed, "residents": residents},
        "steps": steps,
        "batch_size": batch_size,
        "T": T,
        "parameters": model.num_params(),
        "documents": len(documents),
        "bytes_per_token": round(windows.bytes_per_token, 4),
        "dtype": history.dtype,
        "floor": round(world.floor(held_out), 4),
        "n_held_out": n_held_out,
        "n_questions": len(questions),
        "groups": [{k: g[k] for k in ("from", "to", "mean", "n")} for g in groups],
        "question": {"prompt": questions[0].prompt, "answer": questions[0].answer},
        "sample_prompts": [prompt for prompt, _ in _prompts(world)],
        "sentence": [tokenizer.decode([i]) for i in ids],
        "heads": [{"layer": h[0], "head": h[1]} for h in heads],
        "frames": frames,
    }


def _asked(model, tokenizer, world: World, questions, groups, held_out) -> dict:
    """What a model says at one step: its loss on new text, its answers, three texts, its next tokens."""
    prompts = [q.prompt for q in questions]
    replies = complete_each(model, tokenizer, prompts, max_new_tokens=16, temperature=0)
    right = [world.judge(q, r) == "right" for q, r in zip(questions, replies)]
    return {
        "held_out": round(bits_per_byte(model, tokenizer, held_out), 4),
        "right": round(sum(right) / len(right), 4),
        "right_by_group": [
            round(sum(right[i] for i in g["questions"]) / len(g["questions"]), 4) for g in groups
        ],
        "samples": [complete(model, tokenizer, p, 60, seed=s)[0] for p, s in _prompts(world)],
        "answer": replies[0].strip(),
        "next": _next_tokens(model, tokenizer, questions[0].prompt),
    }


def _add_losses(frames: list[dict], losses: list[float], bytes_per_token: float) -> None:
    """The mean loss of the 20 steps before each frame, or of fewer if the frame before is nearer."""
    before = 0
    for frame in frames:
        last = losses[max(before, frame["step"] - 20) : frame["step"]] or losses[:1]
        nats = sum(last) / len(last)
        frame["train"] = round(nats / math.log(2) / bytes_per_token, 4)
        before = frame["step"]


def _add_attention(frames: list[dict], patterns: list[torch.Tensor], heads: list[tuple]) -> None:
    """What each of the heads looks at, token by token, in each frame."""
    for frame, pattern in zip(frames, patterns):
        frame["attention"] = [
            [[round(x, 2) for x in row[: i + 1]] for i, row in enumerate(pattern[h].tolist())]
            for h in heads
        ]


def exposure_groups(questions: list, times_read: Counter, groups: int = 4) -> list[dict]:
    """The questions in equal groups, by how many training documents name the resident."""
    order = sorted(range(len(questions)), key=lambda i: times_read[questions[i].resident])
    size = math.ceil(len(order) / groups)
    parts = [order[i : i + size] for i in range(0, len(order), size)]
    counts = [[times_read[questions[i].resident] for i in part] for part in parts]
    return [
        {"from": c[0], "to": c[-1], "mean": round(sum(c) / len(c), 1), "n": len(c), "questions": p}
        for p, c in zip(parts, counts)
    ]


def _two_heads(pattern: torch.Tensor) -> list[tuple[int, int]]:
    """The head that looks most at the token just before, and the one that looks most further back.

    Further back: at least three tokens, and not at the first, where heads look that have no task.
    """
    n_head, T = pattern.shape[1:3]
    before = pattern.diagonal(-1, 2, 3)[..., 1:].mean(-1)
    far = torch.ones(T, T).tril(-3)
    far[:, 0] = 0
    back = (pattern * far).sum(-1)[..., 4:].mean(-1)
    first = before.argmax().item()
    back.view(-1)[first] = -1
    return [divmod(i, n_head) for i in (first, back.argmax().item())]


def _sentence(world: World) -> str:
    """The first short portrait in the held-out documents."""
    portraits = world.documents(kinds="portrait", split="held_out")
    return next(d.text for d in portraits if len(d.text) < 110)


def _prompts(world: World) -> list[tuple[str, int]]:
    return [("", 1), ("", 2), (world.residents[0].name, 3)]


@torch.no_grad()
def _next_tokens(model: GPT, tokenizer, prompt: str, n: int = 5) -> list:
    logits, _ = model(torch.tensor([tokenizer.encode(END + prompt)]))
    probabilities, tokens = logits[0, -1].softmax(-1).topk(n)
    return [
        [tokenizer.decode([t]), round(p, 4)]
        for t, p in zip(tokens.tolist(), probabilities.tolist())
    ]


def settings() -> dict:
    return {"steps": AT[-1], "at": list(AT)}


def jobs() -> list[tuple]:
    return [("run",)]


def run(job: tuple) -> dict:
    return record()


def assemble(rows: dict) -> dict:
    return rows["run",]


if __name__ == "__main__":
    recording.main("pretraining")

"""What the figure `whole_machine` shows: three recorded answers of `aligned` to one question, opened up.

    python -m figures.whole_machine.data        # records them anew into answers.json (some seconds)

Every token of an answer keeps what stood at each station when it was written. The answers were chosen
out of a hundred: one right, one right in other words, one wrong; `right` says how many were right.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import torch
from torch.nn import functional as F

from glassbox.assistant.chat import END_OF_TURN, chat_prompt, messages_of
from glassbox.machine.attention import attention_weights
from glassbox.machine.checkpoint import Checkpoint
from glassbox.machine.files import write_text
from glassbox.machine.sampling import softmax
from glassbox.shipped import load
from glassbox.society.probes import streams

HERE = Path(__file__).parent
RESIDENT, ATTRIBUTE = "Amos Desai", "street"
THROWS = 100  # answers drawn; their dice are Python's, seeded 0, 1, 2 …
SHOWN, LOOKED, NUMBERS, NEAR = 8, 4, 48, 5
LONGEST = 40


def data() -> dict:
    return json.loads((HERE / "answers.json").read_text(encoding="utf-8"))


def throw(u: float, chances: torch.Tensor) -> int:
    """The token on which a dart falls, if the likeliest lies first and each is as wide as its chance.

    >>> throw(0.5, torch.tensor([0.3, 0.7])), throw(0.9, torch.tensor([0.3, 0.7]))
    (1, 0)
    """
    order = chances.double().argsort(descending=True, stable=True)
    edges = chances.double()[order].cumsum(0)
    return int(order[min(int((edges <= u * edges[-1]).sum()), len(edges) - 1)])


def answer(model, prompt: list[int], end: int, seed: int) -> tuple[list[int], list[float]]:
    """The ids of one answer, and where each dart fell, from 0 to 1."""
    dice, ids, darts = random.Random(seed), list(prompt), []
    while len(darts) < LONGEST and (not darts or ids[-1] != end):
        darts.append(round(dice.random(), 4))
        logits = model(torch.tensor([ids]))[0][0, -1]
        ids.append(throw(darts[-1], softmax(logits)))
    return ids[len(prompt) :], darts


def depths(model, ids: torch.Tensor) -> torch.Tensor:
    """The chances of the next token if the machine stopped before block 0, 1, …: (n_layer + 1, T, vocab_size)."""
    return torch.stack([model.head(model.norm(x))[0].softmax(-1) for x in streams(model, ids)])


def opened(model, prompt: list[int], reply: list[int], darts: list[float]) -> list[dict]:
    """For each token of a reply what stood at every station before it was drawn."""
    ids = torch.tensor([prompt + reply[:-1]])
    chances, looks = depths(model, ids), attention_weights(model, ids)[0].mean(1)
    steps = []
    for n, (chosen, dart) in enumerate(zip(reply, darts, strict=True)):
        at = len(prompt) + n - 1  # the last token read
        p = chances[-1, at]
        best = p.argsort(descending=True, stable=True)[:SHOWN].tolist()
        rows = [
            [[k, round(float(layer[at, k]), 3)] for k in layer[at].topk(LOOKED).indices.tolist()]
            for layer in looks
        ]
        steps.append(
            {
                "chosen": chosen,
                "dart": dart,
                "below": round(float(p[p > p[chosen]].sum()), 4),  # where the chosen one's piece begins
                "scores": [[k, round(float(p[k]), 4)] for k in dict.fromkeys([*best, chosen])],
                "looks": rows,
                "depths": [
                    [int(d[at].argmax()), round(float(d[at].max()), 3), round(float(d[at, chosen]), 3)]
                    for d in chances
                ],
            }
        )  # fmt: skip
    return steps


def neighbors(model, ids: set[int]) -> dict[int, dict]:
    """For each token the first numbers of its vector, and the tokens whose vectors point the same way."""
    table = F.layer_norm(model.embed.weight, (model.config.n_embd,))
    same = F.normalize(table) @ F.normalize(table).T
    found = {}
    for k in sorted(ids):
        near = same[k].argsort(descending=True).tolist()
        near = [[j, round(float(same[k, j]), 2)] for j in near if j != k][:NEAR]
        found[k] = {"numbers": [round(x, 1) for x in table[k, :NUMBERS].tolist()], "near": near}
    return found


@torch.no_grad()
def record(aligned: Checkpoint, chat: Checkpoint) -> dict:
    model, tokenizer, world = aligned.model, aligned.tokenizer, aligned.world
    resident = next(r for r in world.residents if r.name == RESIDENT)
    question = f"Where does {resident.name} live?"
    truth = world.truth(resident, ATTRIBUTE)
    prompt = chat_prompt(messages_of([question]), tokenizer)
    end = tokenizer.special_tokens[END_OF_TURN]
    drawn = [answer(model, prompt, end, seed) for seed in range(THROWS)]
    texts = [tokenizer.decode([k for k in reply if k != end]) for reply, _ in drawn]
    right = [truth in text for text in texts]
    whole = [reply[-1] == end for reply, _ in drawn]
    short = sorted((n for n in range(THROWS) if whole[n]), key=lambda n: len(drawn[n][0]))
    named = next(n for n in short if right[n] and RESIDENT in texts[n])
    other = next(n for n in short if right[n] and RESIDENT not in texts[n])
    wrong = next(n for n in short if not right[n])
    answers = [
        {"text": texts[n], "right": right[n], "steps": opened(model, prompt, *drawn[n])}
        for n in (named, other, wrong)
    ]
    used = set(prompt) | {k for a in answers for s in a["steps"] for k in _ids_in(s)}
    near = neighbors(model, set(prompt) | {s["chosen"] for a in answers for s in a["steps"]})
    used |= {k for entry in near.values() for k, _ in entry["near"]}
    return {
        "question": question,
        "truth": truth,
        "vocabulary": model.config.vocab_size,
        "width": model.config.n_embd,
        "parameters": model.num_params(),
        "layers": model.config.n_layer,
        "heads": model.config.n_head,
        "prompt": prompt,
        "throws": THROWS,
        "right": sum(right),
        "answers": answers,
        "before_feedback": chat.tokenizer.decode(answer(chat.model, prompt, end, 0)[0][:-1]),
        "vectors": near,
        "texts": {k: tokenizer.decode([k]) for k in sorted(used)},
    }


def _ids_in(step: dict) -> list[int]:
    return [step["chosen"], *(k for k, _ in step["scores"]), *(d[0] for d in step["depths"])]


if __name__ == "__main__":
    text = json.dumps(
        record(load("aligned"), load("chat")), ensure_ascii=False, separators=(",", ":")
    )
    write_text(HERE / "answers.json", text + "\n")

"""Write the golden vectors of the figure `attention`: where heads look, and logits without some of them.

Run `python -m figures.attention.golden` from the repository's root after a change of an
algorithm, and read the difference before committing it. The model is the tiny one of core.
"""

from __future__ import annotations

from pathlib import Path

import torch

from figures.core.golden import tiny_gpt, write
from glassbox.machine.attention import attention_weights, without_heads

FILE = Path(__file__).with_name("golden.json")
OFF = ([0], [3], [1, 2], [0, 1], [0, 1, 2, 3])


def vectors() -> dict:
    """shares[head][token] over the tokens up to it; for each case logits and the last token's shares."""
    model, tiny = tiny_gpt()
    ids = tiny["ids"]
    n_head = model.config.n_head
    batch = torch.tensor([ids])
    whole = attention_weights(model, batch)[0].flatten(0, 1)
    cases = []
    for off in OFF:
        other = without_heads(model, [divmod(n, n_head) for n in off])
        with torch.no_grad():
            logits, _ = other(batch)
        last = attention_weights(other, batch)[0].flatten(0, 1)[:, -1]
        cases.append({"off": off, "logits": rows(logits[0]), "shares": rows(last)})
    shares = [[row[: t + 1] for t, row in enumerate(rows(head))] for head in whole]
    return {"ids": ids, "shares": shares, "cases": cases}


def rows(tensor: torch.Tensor) -> list[list[float]]:
    return [[round(float(x), 5) for x in row] for row in tensor]


if __name__ == "__main__":
    write(FILE, vectors())

"""Lab 17a's larger runs and the data of figure `memorization`: models of five sizes that read poems.

`python -m glassbox.recordings.memorization` plants poems 1 to 128 times in three towns, lets models
of five sizes read them once, asks each for every poem with prompts of five lengths, and writes
memorization.json beside this file. It takes about ten minutes of one core and goes on where it was
stopped: finished models are kept aside until all are done.

Every number in the file is measured here. The three towns have other people, other poems, other
documents and other first weights. A size's reference model, for the calibrated guess at what was
read, is the model of the town before.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from glassbox.machine.generate import complete_each
from glassbox.machine.tokens import BPE
from glassbox.recordings import recording
from glassbox.society import memorization as memory
from glassbox.society.memorization import COPIES, PROMPTS, TARGET, Shape
from glassbox.world import World

SHAPES = (Shape(2, 32), Shape(2, 64), Shape(3, 96, 3), Shape(4, 128, 4), Shape(4, 192, 4))
DEDUPLICATED = 3  # the number of the shape that also reads the text without its copies
SEEDS = (0, 1, 2)
RESIDENTS = 60
TOWN_TOKENS = 400_000  # of the town's own text, beside the poems
EACH = 10  # poems for each number of copies
TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
ASKED_AT = 16  # tokens of prompt, where prompts do not vary
SHOWN = 2  # poems for each number of copies whose continuations the figure shows
N_WRITTEN = 112  # tokens at most of a continuation


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "shapes": [asdict(shape) for shape in SHAPES],
        "seeds": list(SEEDS),
        "residents": RESIDENTS,
        "town_tokens": TOWN_TOKENS,
        "each": EACH,
        "copies": list(COPIES),
        "prompts": list(PROMPTS),
        "target": TARGET,
        "temperatures": list(TEMPERATURES),
        "asked_at": ASKED_AT,
        "shown": SHOWN,
        "vocab_size": len(tokenizer()),
    }


@cache
def tokenizer() -> BPE:
    return memory.make_tokenizer(World(seed=0, residents=RESIDENTS))


@cache
def corpus(seed: int) -> list[str]:
    """What a model of this seed reads: the town's documents with the poems among them."""
    town = memory.town_text(World(seed=seed, residents=RESIDENTS), TOWN_TOKENS, tokenizer())
    return memory.plant(town, memory.verses(seed, EACH)[0], seed)


def of_level(seed: int, copies: int) -> list[str]:
    return [text for text, n in memory.verses(seed, EACH)[0].items() if n == copies]


def jobs() -> list[tuple[int, int, bool]]:
    """(number of the shape, seed, deduplicated): small models first."""
    plain = [(size, seed, False) for size in range(len(SHAPES)) for seed in SEEDS]
    return [*plain, *((DEDUPLICATED, seed, True) for seed in SEEDS)]


def make(size: int, seed: int, deduplicated: bool):
    """(a model that has read its town once, the number of documents it read)."""
    documents = corpus(seed)
    if deduplicated:
        documents = memory.deduplicate(documents, near=False)
    return memory.train_once(documents, tokenizer(), SHAPES[size], seed)[0], len(documents)


def measure(model, seed: int, shown: bool) -> dict:
    """Everything that is asked of one model."""
    bpe, copies = tokenizer(), memory.verses(seed, EACH)[0]
    fresh, others = memory.verses(seed, EACH)[1], memory.verses((seed + 1) % len(SEEDS), EACH)
    levels = {n: of_level(seed, n) for n in COPIES}
    of_others = memory.losses(model, bpe, [*others[0], *others[1]])
    found = {
        "parameters": model.num_params(),
        "extracted": [
            [sum(memory.extractable(model, bpe, levels[n], p)) for p in PROMPTS] for n in COPIES
        ],
        "extracted_fresh": [sum(memory.extractable(model, bpe, fresh, p)) for p in PROMPTS],
        "chance": [
            [_mean(memory.chance(model, bpe, levels[n], ASKED_AT, t)) for t in TEMPERATURES]
            for n in COPIES
        ],
        "losses": [round(x, 4) for x in memory.losses(model, bpe, [*copies, *fresh])],
        "losses_of_next_town": [round(x, 4) for x in of_others],
    }
    if shown:
        found["written"] = [written(model, text) for n in COPIES for text in levels[n][:SHOWN]]
    return found


def _mean(values) -> float:
    return round(sum(values) / len(values), 5)


def written(model, text: str) -> list[dict]:
    """What the model writes, greedily, after each prompt from one poem, and what of it is the poem."""
    bpe = tokenizer()
    ids = bpe.encode(text, "none")
    prompts = [bpe.decode(ids[:p]) for p in PROMPTS]
    rows = []
    for p, after in zip(PROMPTS, complete_each(model, bpe, prompts, N_WRITTEN, temperature=0)):
        truth = bpe.decode(ids[p:])
        overlap = memory.longest_overlap(after, truth)
        rows.append({"text": after, "overlap": overlap.length, "start": overlap.start})
    return rows


# ---------------------------------------------------------------------------------------------
# The grid


def run(job: tuple) -> dict:
    """One model; of the first town's also what it writes."""
    size, seed, deduplicated = job
    model, read = make(size, seed, deduplicated)
    return {"documents": read} | measure(model, seed, seed == SEEDS[0] and not deduplicated)


def assemble(rows: dict) -> dict:
    """The table: settings, one entry for each model, and what the models of the first town write."""
    bpe, first = tokenizer(), SEEDS[0]
    return {
        **settings(),
        "parameters": [rows[size, first, False]["parameters"] for size in range(len(SHAPES))],
        "models": [_entry(rows, job) for job in jobs()],
        "poems": [
            {
                "copies": n,
                "poet": text.splitlines()[0].rsplit(", by ", 1)[1],
                "pieces": [bpe.decode([i]) for i in bpe.encode(text, "none")],
            }
            for n in COPIES
            for text in of_level(first, n)[:SHOWN]
        ],
        "written": [rows[size, first, False]["written"] for size in range(len(SHAPES))],
    }


def _entry(rows: dict, job: tuple) -> dict:
    """One model, with the two guesses at what it read: AUC for each number of copies."""
    size, seed, deduplicated = job
    row, before = rows[job], rows[size, (seed - 1) % len(SEEDS), False]
    own, levels = row["losses"], len(COPIES)
    against = memory.calibrated(own, before["losses_of_next_town"])
    blocks = [slice(i * EACH, (i + 1) * EACH) for i in range(levels)]
    guesses = {
        name: [round(memory.membership_auc(x[b], x[levels * EACH :]), 4) for b in blocks]
        for name, x in (("auc", own), ("auc_calibrated", against))
    }
    kept = ("documents", "extracted", "extracted_fresh", "chance")
    return {"size": size, "seed": seed, "deduplicated": deduplicated} | {
        **{key: row[key] for key in kept},
        **guesses,
        "loss_fresh": _mean(own[levels * EACH :]),
        "loss": [_mean(own[b]) for b in blocks],
    }


def load() -> dict:
    """The recorded runs."""
    return recording.load("memorization")


def extracted(run: dict, size: int, prompt: int = ASKED_AT, deduplicated: bool = False) -> list:
    """[level][seed]: the percentage of the poems that a model of this size gives back."""
    if prompt not in run["prompts"]:
        raise ValueError(f"prompt is {prompt}; recorded are {run['prompts']}")
    models = [m for m in run["models"] if (m["size"], m["deduplicated"]) == (size, deduplicated)]
    at = run["prompts"].index(prompt)
    levels = range(len(run["copies"]))
    return [[100 * m["extracted"][i][at] / run["each"] for m in models] for i in levels]


if __name__ == "__main__":
    recording.main("memorization")

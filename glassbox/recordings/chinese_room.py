"""Lab 21a's exams: how many slips a transformer must be shown, how large it must be, and where it fails; with three seeds.

`python -m glassbox.recordings.chinese_room` trains readers of slips (`society.rooms`) on a row of texts and sizes, asks
each what it was not shown, and writes chinese_room.json; it takes about ten minutes of one core. The lab trains one
of them itself. `turing` has sixteen beginnings of the town's texts and how the town's grammar, the base model, a
table of the town's texts and a count of their letters go on, for the figure of chapter 21.
"""

from __future__ import annotations

from glassbox.machine.generate import complete_each
from glassbox.machine.ngram import NGram
from glassbox.recordings import recording
from glassbox.society import rooms
from glassbox.society.planting import Shape
from glassbox.society.rooms import Reader, draw, exam
from glassbox.world import World

SEEDS = (0, 1, 2)
SETTINGS = {
    "asked": 400,  # unseen slips of each exam
    "steps": 500,
    "batch_size": 32,
    "shown": [50, 100, 200, 400, 800, 1600, 3200],  # slips of two orders
    "sizes": [8, 12, 16, 24, 32, 48],  # n_embd, shown `many` slips for twice the steps
    "many": 3200,
    "longest": [2, 3, 4],  # orders: shown are slips of up to so many
    "of_each": {1: 60, 2: 2000, 3: 8000, 4: 12000},
    "long_steps": {2: 1000, 3: 3000, 4: 5000},
    "new_word": "turnip",
    "new_pairs": [0, 5, 20, 80],  # slips of two orders with the new word among those shown
}
TEXTS = {"story": 4, "letter": 4, "gossip": 4, "notice": 4}  # of each kind, for the figure
DIGITS = 4


def settings() -> dict:
    return {"settings": SETTINGS, "shape": [rooms.SMALL.layers, rooms.SMALL.width]}


def jobs() -> list[tuple]:
    """(what, how much, seed)."""
    rows = [("shown", n) for n in SETTINGS["shown"]] + [("size", n) for n in SETTINGS["sizes"]]
    rows += [("longest", n) for n in SETTINGS["longest"]] + [("new", n) for n in SETTINGS["new_pairs"]]  # fmt: skip
    return [(*row, seed) for row in rows for seed in SEEDS] + [("turing", 0, 0)]


def run(job: tuple) -> dict:
    what, n, seed = job
    return {"shown": shown, "size": size, "longest": longest, "new": new, "turing": turing}[what](
        n, seed
    )


def reader(slips, seed: int, shape: Shape = rooms.SMALL, steps: int = SETTINGS["steps"]) -> Reader:
    return Reader(slips, shape, steps, seed, SETTINGS["batch_size"])


def unseen(n_orders: int, seed: int) -> list[str]:
    """The exam: slips that nobody of that seed is shown."""
    return draw(SETTINGS["asked"], n_orders, 1000 + seed)


def shown(n: int, seed: int) -> dict:
    """A reader that was shown n slips of two orders, asked those it was not shown, and its own."""
    asked = unseen(2, seed)
    slips = draw(n, 2, seed, without=asked)
    one = reader(slips, seed)
    return {"unseen": exam(one, asked), "seen": exam(one, slips[: len(asked)]), "size": one.size}


def size(width: int, seed: int) -> dict:
    """A reader of another width, shown many slips."""
    asked = unseen(2, seed)
    slips = draw(SETTINGS["many"], 2, seed, without=asked)
    one = reader(slips, seed, Shape(2, width), 2 * SETTINGS["steps"])
    return {"unseen": exam(one, asked), "size": one.size}


def longest(n: int, seed: int) -> dict:
    """A reader that was shown slips of up to n orders, asked unseen ones of each length and of one more."""
    asked = {k: unseen(k, seed) for k in range(2, n + 2)}
    slips = []
    for k in range(1, n + 1):
        slips += draw(SETTINGS["of_each"][k], k, seed, without=asked.get(k, ()))
    one = reader(slips, seed, steps=SETTINGS["long_steps"][n])
    longer = [
        {"slip": s, "answer": one.answer(s), "truth": rooms.answer(s)} for s in asked[n + 1][:3]
    ]
    found = {str(k): exam(one, slips) for k, slips in asked.items()}
    return {"unseen": found, "shown": len(slips), "size": one.size, "longer": longer}


def new(pairs: int, seed: int) -> dict:
    """A reader that met one good only alone ("one turnip" to "five turnips"), and in so many slips of two orders.

    The slips with the new word alone are a tenth of what it is shown, as in Lake and Baroni's experiment.
    """
    word = SETTINGS["new_word"]
    others = [g for g in rooms.ITEMS if g != word]
    kept = [s for s in unseen(2, seed) if word not in s]
    slips = draw(1600, 2, seed, without=kept, goods=others)
    with_word = [s for s in draw(8000, 2, 2000 + seed) if word in s]
    asked, left = with_word[: SETTINGS["asked"]], with_word[SETTINGS["asked"] :]
    alone = rooms.orders([word])
    one = reader(slips + alone * 32 + left[:pairs], seed)
    shown_ = [{"slip": s, "answer": one.answer(s), "truth": rooms.answer(s)} for s in asked[:3]]
    return {"unseen": exam(one, asked), "others": exam(one, kept), "alone": exam(one, alone),
            "asked": len(asked), "said": shown_}  # fmt: skip


# ---------------------------------------------------------------------------------------------
# Texts for the figure


def turing(_, seed: int) -> dict:
    """Beginnings of the town's held-out texts, and how they go on: the text itself, and three other writers.

    A beginning may stand in a text that was read ("The Gull, Sunday. First prize for"); the text does not.
    """
    from glassbox.shipped import load

    base = load("base")
    world, items = World(), []
    for kind, n in TEXTS.items():
        read = [d.text for d in world.documents([kind], 2000)]
        counts = NGram("\n".join(read), 8)
        fresh = [d.text for d in world.documents([kind], 40, split="held_out")]
        found = [item for text in fresh if (item := beginning(text))][:n]
        prompts = [prompt for prompt, _ in found]
        written = complete_each(base.model, base.tokenizer, prompts, 60, temperature=0.8, seed=seed)
        for i, ((prompt, rest), model_text) in enumerate(zip(found, written)):
            items.append(
                {
                    "kind": kind,
                    "prompt": prompt,
                    "grammar": sentence(rest),
                    "model": sentence(model_text),
                    "table": sentence(looked_up(read, prompt)),
                    "ngram": sentence(counts.sample(160, prompt, seed=seed * 100 + i)),
                }
            )
    return {"items": items}


def beginning(text: str) -> tuple[str, str] | None:
    """The first line or sentence of a text and four words more; and the rest, if there is enough of it."""
    at = min((i for i in (text.find(". "), text.find(".\n")) if i > 0), default=-1)
    first, rest = text[: at + 2], text[at + 2 :]
    if at < 0 or len(rest.split()) < 9:
        return None
    words = rest.split(" ")
    prompt = first + " ".join(words[:3])
    return prompt, text[len(prompt) :]


def sentence(text: str, at_least: int = 40) -> str:
    """A text up to the end of the sentence in which it has so many letters; never past a blank line."""
    text = text.split("\n\n")[0].replace("\n", " ")
    ends = [i + 1 for i, letter in enumerate(text) if letter in ".!?"]
    return text[: next((end for end in ends if end >= at_least), ends[-1] if ends else len(text))]


def looked_up(read: list[str], prompt: str) -> str:
    """What follows, in the text read that begins likest, after as many words as the prompt has."""
    words = prompt.split()

    def likeness(
        text,
    ):  # most of the last words in common count first, then words in the same places
        there = text.split()
        places = [i for i in range(3, len(there)) if there[i - 3 : i] == words[-3:]]
        return bool(places), sum(a == b for a, b in zip(words, there)), -len(there)

    there = max(read, key=likeness).split()
    at = next((i for i in range(3, len(there)) if there[i - 3 : i] == words[-3:]), len(words))
    return " " + " ".join(there[at:])


# ---------------------------------------------------------------------------------------------


def assemble(rows: dict) -> dict:
    """{what: [{how much, one result for each seed}]} and the figure's texts."""
    found: dict[str, list] = {"shown": [], "size": [], "longest": [], "new": []}
    for what, n, _ in jobs():
        if what != "turing" and all(row["n"] != n for row in found[what]):
            found[what].append({"n": n, "seeds": [rows[what, n, seed] for seed in SEEDS]})
    return settings() | found | {"turing": rows["turing", 0, 0]["items"]}


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("chinese_room")


def several(run: dict, what: str, key: str) -> list[list]:
    """One result: a row for each seed, a column for each amount."""
    return [[row["seeds"][i][key] for row in run[what]] for i in range(len(SEEDS))]


if __name__ == "__main__":
    recording.main("chinese_room")

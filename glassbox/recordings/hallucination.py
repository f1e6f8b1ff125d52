"""Lab 10a's runs: four texts that tell facts unequally, three seeds, models that read them 4 to 14 times.

`python -m glassbox.recordings.hallucination` writes down what each text lets one forecast, trains a model
for each number of passes, lets it write 2,000 sentences, and counts which are told in the text and which
invented. Then the same for texts in which facts told once are told a second time. It takes about ten
minutes of one core and goes on where it was stopped.

How often to read a text is not chosen by looking at inventions: of the numbers of passes that one counts
(`best`) after which sentences kept apart surprise the model least.
"""

from __future__ import annotations

from functools import cache

from glassbox.recordings import recording
from glassbox.society import hallucination
from glassbox.society.hallucination import KINDS, Telling
from glassbox.world import World

SKEWS = (0.0, 0.6, 0.9, 1.2)  # how unequally a town tells its facts
SEEDS = (0, 1, 2)
PASSES = (4, 7, 10, 14)
REPEATED = (0.5, 1.0)  # shares of the facts told once that are told again
REPEATED_AT = (0.6, (4, 7, 10))  # in towns of this skew, read so often
RESIDENTS = 400
SENTENCES = 2000
WRITTEN = 2000
SHOWN = 4  # sentences of each kind, of the first seed


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    return {
        "skews": list(SKEWS),
        "seeds": list(SEEDS),
        "passes": list(PASSES),
        "repeated": list(REPEATED),
        "repeated_skew": REPEATED_AT[0],
        "repeated_passes": list(REPEATED_AT[1]),
        "residents": RESIDENTS,
        "sentences": SENTENCES,
        "written": WRITTEN,
        "first": list(telling(SKEWS[0], SEEDS[0]).text[:3]),
    }


@cache
def telling(skew: float, seed: int, repeated: float = 0.0) -> Telling:
    """The text of a town: the same for every number of passes."""
    told = hallucination.tell(World(seed=seed, residents=RESIDENTS), SENTENCES, skew, seed)
    return hallucination.repeat_once_told(told, repeated, seed) if repeated else told


def jobs() -> list[tuple[float, int, float, int]]:
    """(skew, seed, share of the facts told once that is repeated, passes)."""
    plain = [(skew, seed, 0.0, p) for skew in SKEWS for seed in SEEDS for p in PASSES]
    skew, passes = REPEATED_AT
    return [*plain, *((skew, seed, r, p) for r in REPEATED for seed in SEEDS for p in passes)]


def run(job: tuple) -> dict:
    """One model: the shares of what it writes, its miscalibration, and what it answers."""
    skew, seed, repeated, passes = job
    reading = hallucination.read(
        telling(skew, seed, repeated), passes, seed=seed, n_written=WRITTEN
    )
    found = {k: round(reading.found[k], 4) for k in (*KINDS, "held_bits", "miscalibration")}
    found["parameters"] = reading.model.num_params()
    found["by_count"] = hallucination.right_by_count(reading, seed=seed)
    if seed == SEEDS[0]:
        found["shown"] = shown(reading)
    return found


def shown(reading) -> dict[str, list[str]]:
    """The first few sentences of each kind that the model wrote."""
    told, facts = set(reading.telling.text), set(reading.telling.facts)
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for sentence in reading.found["written"]:
        kinds[hallucination.kind_of(sentence, told, facts)].append(sentence)
    return {kind: sentences[:SHOWN] for kind, sentences in kinds.items()}


def assemble(rows: dict) -> dict:
    """The table: settings, and one entry for each text with its forecast and its models."""
    texts = list(dict.fromkeys(job[:3] for job in rows))
    return {**settings(), "texts": [_entry(rows, *text) for text in texts]}


def _entry(rows: dict, skew: float, seed: int, repeated: float) -> dict:
    """One text. `best` is the number of its entry among `models`."""
    told = telling(skew, seed, repeated)
    guess = hallucination.forecast(told.counts.values())
    models = [
        {"passes": job[3], **row} for job, row in rows.items() if job[:3] == (skew, seed, repeated)
    ]
    held = [m["held_bits"] for m in models]
    return {
        "skew": skew,
        "seed": seed,
        "repeated": repeated,
        "sentences": len(told.text),
        "once": guess.share,
        "low": round(guess.low, 4),
        "high": round(guess.high, 4),
        "unseen": round(told.unseen, 4),
        "best": held.index(min(held)),
        "models": models,
    }


def load() -> dict:
    """The recorded runs."""
    return recording.load("hallucination")


def answered(run: dict, groups: int = 5) -> list[list[float]]:
    """[times told][seed]: the percentage of facts completed rightly, over the four texts of a seed.

    Each text speaks through the model that counts. The last of the `groups` holds all larger numbers too.
    """
    found = []
    for n in range(groups):
        row = []
        for seed in run["seeds"]:
            texts = [t for t in run["texts"] if t["seed"] == seed and not t["repeated"]]
            pairs = [
                pair
                for t in texts
                for k, pair in t["models"][t["best"]]["by_count"].items()
                if min(int(k), groups - 1) == n
            ]
            row.append(100 * sum(right for right, _ in pairs) / sum(asked for _, asked in pairs))
        found.append(row)
    return found


if __name__ == "__main__":
    recording.main("hallucination")

"""What the figure `moderation` shows: messages that four filters have scored, and what each threshold would do.

`python -m glassbox.recordings.moderation_desk` takes filters of recording `moderation` and asks them about fine and rude
messages (nobody here is after the secret): a few to be read, and for every threshold the shares of many more that are
stopped. The one it opens on learned from labels without a slip, but most of its rude messages had been collected at the
harbor. It takes about a minute of one core. The messages are the first that are drawn, so many of each group.
"""

from __future__ import annotations

from itertools import product

from glassbox.assistant.moderation import KeywordList
from glassbox.recordings import moderation, recording
from glassbox.world.messages import DIALECTS, messages

SETTINGS = {
    "filters": {  # each a desk of recording `moderation`; the first is the one that is opened on
        "collected": "true, from the harbor",
        "uptown": "uptown",
        "true": "true",
        "list": "keywords",
    },
    "seeds": [0, 1, 2, 3, 4],  # of the messages, to learn from and to be tried on; all in one town
    "test": 1600,  # messages a seed, half of them rude
    "steps": 100,  # thresholds 0, 0.01, … 1
    "shown": 24,  # messages of each group, of another draw
    "shown_seed": 100,
}
KINDS = {"fine": 1, "rude": 1}
GROUPS = tuple("-".join(pair) for pair in product(KINDS, DIALECTS))


def settings() -> dict:
    return {"desk": SETTINGS, "moderation": moderation.settings()}


def jobs() -> list[tuple]:
    return list(product(SETTINGS["filters"], SETTINGS["seeds"]))


def run(job: tuple) -> dict:
    """A filter's curves for one seed; the first seed's filter also scores what is shown."""
    name, seed = job
    judge = judge_of(name, seed)
    tried = messages(moderation.town(), SETTINGS["test"], "held_out", seed, KINDS)
    scores = judge([m.text for m in tried])
    found = {
        "curves": {g: curve([s for m, s in zip(tried, scores) if group(m) == g]) for g in GROUPS}
    }
    if seed == SETTINGS["seeds"][0]:
        found["scores"] = judge([m.text for m in shown()])
    return found


def judge_of(name: str, seed: int):
    """A function from texts to scores between 0 and 1; the list gives 1 to a text with a word of it."""
    desk = SETTINGS["filters"][name]
    if desk == "keywords":
        keywords = KeywordList()
        return lambda texts: [float(score > 0) for score in keywords.scores(texts)]
    learned = moderation.classifier(desk, seed)
    return lambda texts: [round(float(score), 3) for score in learned.scores(texts)]


def group(message) -> str:
    return f"{message.kind}-{message.dialect}"


def curve(scores: list[float]) -> list[float]:
    """The share stopped at each threshold from 0 to 1.

    >>> curve([0.0, 1.0])[:2], curve([0.0, 1.0])[-1]
    ([1.0, 0.5], 0.5)
    """
    n = SETTINGS["steps"]
    return [round(sum(s >= step / n for s in scores) / len(scores), 4) for step in range(n + 1)]


def shown() -> list:
    """The messages to be read: the first that are drawn of each group."""
    drawn = messages(
        moderation.town(), 12 * SETTINGS["shown"], "held_out", SETTINGS["shown_seed"], KINDS
    )
    of = {g: [m for m in drawn if group(m) == g][: SETTINGS["shown"]] for g in GROUPS}
    return [m for found in of.values() for m in found]


def assemble(rows: dict) -> dict:
    """What figures/moderation/logic.js reads."""
    filters, seeds = list(SETTINGS["filters"]), SETTINGS["seeds"]
    scores = {name: rows[name, seeds[0]]["scores"] for name in filters}
    return {
        "settings": settings(),
        "filters": filters,
        "seeds": seeds,
        "each": SETTINGS["test"] // len(GROUPS),
        "messages": [
            {"text": m.text, "group": group(m), "score": {n: scores[n][i] for n in filters}}
            for i, m in enumerate(shown())
        ],
        "curves": {
            name: {g: [rows[name, seed]["curves"][g] for seed in seeds] for g in GROUPS}
            for name in filters
        },
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("moderation_desk")


if __name__ == "__main__":
    recording.main("moderation_desk")

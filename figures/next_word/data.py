"""What the guessing game needs of Python's side: held-out texts with the bits spent on each."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

from glassbox.shipped import load

# What the guessing game draws from: prose of one paragraph, long enough to get going, short enough
# to finish. No other choice is made: the first ones of the held-out stream are taken as they come.
GAME_KINDS = ("portrait", "story", "notice", "gossip")
GAME_WORDS = range(12, 33)


def texts(world, n: int = 40) -> dict:
    """Held-out texts for the guessing game, with the bits that their maker spent on each.

    texts       [{"text", "kind", "bits"}]; bits = -logprob / ln 2, the floor of `World.floor`
    dictionary  how many different words 200 KB of training text holds, which is what the reader's
                twin looks words up in
    words       the 300 that occur most often inside its sentences, to hide the model's guesses among
    """

    def fits(document):
        one_paragraph = "\n" not in document.text
        return (
            document.kind in GAME_KINDS
            and one_paragraph
            and len(document.text.split()) in GAME_WORDS
        )

    chosen = list(itertools.islice(filter(fits, world.documents(split="held_out")), n))
    text = world.text(200_000)
    words = set(re.findall(r"[^\W_]+", text.lower()))
    inside = Counter(re.findall(r"(?<=[a-z,;] )[A-Za-z]{2,}\b", text))
    return {
        "texts": [
            {"text": d.text, "kind": d.kind, "bits": round(-d.logprob / math.log(2), 2)}
            for d in chosen
        ],
        "dictionary": len(words),
        "words": [word for word, _ in inside.most_common(300)],
    }


def data() -> dict:
    return texts(load("base").world)

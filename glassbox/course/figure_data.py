"""What `tokens`, `softmax_sampling` and `pretraining` need of Python's side, made when they are built.

Texts and truths come from `glassbox.world`, tokenizers from `glassbox.machine`: nothing is typed
twice. `glassbox.course.figures` writes the results beside the figures.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import torch

from glassbox.machine.checkpoint import Checkpoint
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.bilingual import corpus
from glassbox.world.english import a, capital
from glassbox.world.judge import VALUES
from glassbox.world.languages import PARAGRAPHS

MIXES = ("english", "mixed", "chinese")
VOCAB_SIZE = 1280  # 256 bytes and 1,024 merges
TRAINING_BYTES = 200_000  # what each of the three tokenizers learns from
CORPUS_BYTES = {"port_ellery": 50_000, "mixed": 25_000, "chinese": 25_000}

# How a base model is asked: the beginning of a sentence that portraits of the town use.
OPENINGS = {
    "street": "{S} lives on",
    "dish": "{S}'s favorite dish is",
    "trade": "{S} works as",
    "pet": "{S} keeps",
}

# Texts that ask for no fact: the first held-out document of these kinds, cut at the word among the
# first 24 tokens where the model is least sure how to go on.
OPENING_KINDS = ("letter", "story", "notice", "tavern")
OPENING_TOKENS = 24


def tokens() -> dict:
    """Texts to learn from, the parallel paragraphs, and three tokenizers as pairs of ids.

    The ids are those of `BPE.train`; the page rebuilds the tokens by joining the pairs in order.
    """
    texts = {mix: corpus(mix, CORPUS_BYTES[mix]) for mix in ("mixed", "chinese")}
    texts["port_ellery"] = World().text(CORPUS_BYTES["port_ellery"])
    return {
        "corpora": texts,
        "paragraphs": [
            {
                "code": p.code,
                "name": p.language,
                "own": p.own_name,
                "dir": p.direction,
                "text": p.text,
            }
            for p in PARAGRAPHS
        ],
        "tokenizers": {mix: tokenizer_pairs(mix) for mix in MIXES},
        "vocab_size": VOCAB_SIZE,
        "training_bytes": TRAINING_BYTES,
    }


def tokenizer(mix: str) -> BPE:
    """The tokenizer behind one choice of the figure's "learned from".

    >>> len(tokenizer("chinese"))
    1280
    """
    return BPE.train(corpus(mix, TRAINING_BYTES), VOCAB_SIZE)


def tokenizer_pairs(mix: str) -> list[int]:
    """Its merges as ids, left and right in turn."""
    bpe = tokenizer(mix)
    id_of = {token: i for i, token in bpe.vocab.items()}
    return [id_of[token] for merge in bpe.merges for token in merge]


def softmax_sampling(base: Checkpoint) -> dict:
    """All that the sampling bench shows of the town that the model `base` has read about."""
    return facts(base.world, base.card["documents_read"]) | {"openings": openings(base)}


def openings(base: Checkpoint) -> list[str]:
    """Beginnings of documents that can go on in many ways; see OPENING_KINDS."""
    found = []
    for kind in OPENING_KINDS:
        text = next(base.world.documents([kind], 1, "held_out")).text
        ids = [base.tokenizer.special_tokens["<|endoftext|>"], *base.tokenizer.encode(text)]
        with torch.no_grad():
            logits, _ = base.model(torch.tensor([ids[: OPENING_TOKENS + 1]]))
        bits = torch.distributions.Categorical(logits=logits[0]).entropy()
        words = [
            n for n in range(2, OPENING_TOKENS) if base.tokenizer.vocab[ids[n + 1]][:1] == b" "
        ]
        cut = max(words, key=lambda n: bits[n])
        found.append(base.tokenizer.decode(ids[1 : cut + 1]))
    return found


def facts(world: World, n_documents: int) -> dict:
    """Openings that ask for a known fact, and all answers of each kind.

    Facts about three people, chosen by rule and not by what the model says of them: the resident
    most written about in the `n_documents` documents that the model read, the one in the middle of
    that list, and a stranger, who is in no document; then what each thing costs at the market. An
    answer is the text that would continue the opening. `world` is the town that the model has read
    about.

    >>> data = facts(World(residents=9), n_documents=100)
    >>> data["facts"][0]["answer"] in data["answers"]["street"]
    True
    """
    written_about = Counter(
        name for d in world.documents(n=n_documents) for name in set(d.residents)
    )
    names = [r.name for r in world.residents]
    ranks = sorted(names, key=lambda name: (-written_about[name], names.index(name)))
    people = {
        "often": ranks[0],
        "sometimes": ranks[len(ranks) // 2],
        "never": world.strangers[0].name,
    }
    asked = [
        {
            "group": group,
            "name": name,
            "attribute": attribute,
            "prompt": opening.format(S=name),
            "answer": as_continuation(attribute, world.truth(name, attribute)),
            "documents": written_about[name],
        }
        for group, name in people.items()
        for attribute, opening in OPENINGS.items()
    ]
    asked += [
        {
            "group": "price",
            "name": a(good),
            "attribute": "price",
            "prompt": f"{capital(a(good))} costs",
            "answer": f" {price} pence",
        }
        for good, price in sorted(world.prices.items())
    ]
    answers = {
        attribute: [as_continuation(attribute, value) for value in VALUES[attribute]]
        for attribute in OPENINGS
    }
    answers["price"] = [f" {price} pence" for price in range(1, 100)]
    return {"facts": asked, "answers": answers, "n_documents": n_documents}


def as_continuation(attribute: str, value: str) -> str:
    """A value as it would follow its opening: with the space, and an article where one belongs.

    >>> as_continuation("trade", "organist"), as_continuation("street", "Bell Street")
    (' an organist', ' Bell Street')
    """
    return " " + (a(value) if attribute in ("trade", "pet") else value)


RECORDING = Path(__file__).parents[2] / "figures" / "pretraining" / "recording.json"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def pretraining(file: Path = RECORDING) -> dict:
    """The recorded training run, and the town's side of it.

    words   every word of the documents that the run read, in small letters: what is none of these
            in a sample is invented
    frames  as recorded, each with the town's `verdict` on the answer to the one question shown
    """
    recording = json.loads(file.read_text(encoding="utf-8"))
    world = World(**recording["world"])
    shown = recording["question"]
    question = next(q for q in world.questions("all") if q.prompt == shown["prompt"])
    for frame in recording["frames"]:
        frame["verdict"] = world.judge(question, frame["answer"])
    read = world.documents(n=recording["documents"])
    recording["question"]["text"] = question.text
    return recording | {"words": sorted(words(d.text for d in read))}


def words(texts: Iterable[str]) -> set[str]:
    """Their words in small letters, split as figures/pretraining/logic.js splits samples.

    >>> sorted(words(["The baker's dog.", "In 1904 the dog's"]))
    ["baker's", 'dog', "dog's", 'in', 'the']
    """
    found = set()
    for text in texts:
        found.update(WORD.findall(text))
    return {word.replace("’", "'").lower() for word in found}

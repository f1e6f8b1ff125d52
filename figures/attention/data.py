"""What the figure `attention` needs of Python's side: texts, and what each head was measured to do."""

from __future__ import annotations

import math
import re
from itertools import accumulate, product

import torch
from torch.nn import functional as F

from figures.softmax_sampling.data import OPENINGS, as_continuation
from glassbox.machine.attention import attention_weights, without_heads
from glassbox.machine.checkpoint import Checkpoint
from glassbox.machine.model import GPT
from glassbox.shipped import load
from glassbox.shipped.export import pack_model, unpack_tensor
from glassbox.world import World
from glassbox.world.documents import Document

# Texts to look into, besides a letter and a fact: the first held-out document of each kind.
KINDS = ("portrait", "gossip", "tavern", "way", "sum")
LETTERS = 40  # held-out letters that the heads' work on a repeated name is measured on
ASKED = 100  # residents whose street is asked for
ELSEWHERE = 0.1  # bits a token; a head that costs more than this elsewhere has no job of its own


def data() -> dict:
    return attention(load("base"))


def attention(base: Checkpoint) -> dict:
    """Texts for the attention viewer, and what was measured of each of the model's heads.

    texts   [{"kind", "text", "at", "costs"}]; at: the character where something worth seeing is told,
            so that the token before its own is the one to look through; never in the first token;
            costs: the bits that the whole text costs more without each head, with the page's weights
    heads   for every head, layer by layer: the "place" that it looks at the most times as much as the
            mean head, its "share" and the "mean" share; the share of its look that goes to a name
            from where the letter is about to repeat it ("fetch"); and the bits a token that switching
            the head off costs: on names that a letter repeats ("letter"), on streets where residents
            live ("fact"), and on all else in those letters ("elsewhere")
    bits    the same bits a token with all heads on
    jobs    {"fetch": number of a head, "letter": number, "fact": number}. fetch: the head with the
            largest share of that kind; letter and fact: the costliest on that among the heads that
            cost less than ELSEWHERE on all else, the other job included; a number is
            layer * n_head + head
    missed  in how many of the `letters` letters the name costs 2 bits a token more without the head
            of that job; of the `asked` residents' streets likewise
    """
    letters = [d for d in base.world.documents(["letter"], 4 * LETTERS, "held_out") if greets(d)]
    letters = letters[:LETTERS]
    rows = [letter_parts(base, letter) for letter in letters]
    rows += [fact_parts(base, resident.name) for resident in base.world.residents[:ASKED]]
    whole = [part_bits([row]) for row in surprises(base.model, rows)]
    bits = part_bits(surprises(base.model, rows))
    numbers = list(product(range(base.model.config.n_layer), range(base.model.config.n_head)))
    heads = places_looked_at(base, [*letters[:10], *base.world.documents(None, 40, "held_out")])
    alone = [surprises(without_heads(base.model, [number]), rows) for number in numbers]
    fetched = sum(looks_at_name(base, letter) for letter in letters) / len(letters)
    for entry, found, share in zip(heads, alone, fetched.tolist(), strict=True):
        costs = part_bits(found)
        entry["fetch"] = round(share, 3)
        entry |= {part: round(costs[part] - bits[part], 3) for part in bits}
    quiet = [n for n, head in enumerate(heads) if head["elsewhere"] < ELSEWHERE]
    jobs = {"fetch": int(fetched.argmax())}
    for job, other in (("letter", "fact"), ("fact", "letter")):
        only = [n for n in quiet if heads[n][other] < ELSEWHERE]
        jobs[job] = max(only or quiet, key=lambda n: heads[n][job])
    missed = {
        job: [
            i
            for i, row in enumerate(alone[n])
            if part in whole[i] and part_bits([row])[part] - whole[i][part] >= 2
        ]
        for job, n in jobs.items()
        for part in ["fact" if job == "fact" else "letter"]
    }
    both = [i for i in missed["letter"] if i in missed["fetch"]]
    shown = letters[next(iter(both or missed["letter"]), 0)]
    resident = base.world.residents[missed["fact"][0] - len(letters) if missed["fact"] else 0]
    texts = [
        {"kind": "letter", "text": shown.text, "at": repeated_name(shown)},
        fact_text(base.world, resident.name),
        *(example(base.world, kind) for kind in KINDS),
    ]
    found = text_costs(base, [entry["text"] for entry in texts])
    return {
        "texts": [entry | {"costs": costs} for entry, costs in zip(texts, found, strict=True)],
        "heads": heads,
        "bits": {part: round(value, 3) for part, value in bits.items()},
        "jobs": jobs,
        "missed": {job: len(found) for job, found in missed.items()},
        "letters": len(letters),
        "asked": ASKED,
    }


def text_costs(base: Checkpoint, texts: list[str]) -> list[list[float]]:
    """The bits that each text costs more without each head, by the model as the page has it."""
    model = page_model(base)
    rows = []
    for text in texts:
        ids = [_end(base), *base.tokenizer.encode(text)][: model.config.block_size]
        rows.append((ids, [""] * len(ids)))

    def totals(reader: GPT) -> list[float]:
        return [sum(bits for _, bits in row) for row in surprises(reader, rows)]

    whole = totals(model)
    numbers = product(range(model.config.n_layer), range(model.config.n_head))
    silent = [totals(without_heads(model, [number])) for number in numbers]
    return [[round(head[i] - bits, 2) for head in silent] for i, bits in enumerate(whole)]


def page_model(base: Checkpoint) -> GPT:
    """The model with its weights rounded to 8 bits, as the page has them."""
    packed = pack_model(base.model, base.tokenizer, base.card)["tensors"]
    model = GPT(base.model.config)
    model.load_state_dict({name: unpack_tensor(tensor) for name, tensor in packed.items()})
    return model.eval()


def fact_text(world: World, name: str) -> dict:
    """The sentence that tells where somebody lives."""
    opening = OPENINGS["street"].format(S=name)
    street = as_continuation("street", world.truth(name, "street"))
    return {"kind": "fact", "text": f"{opening}{street}.", "at": len(opening)}


def example(world: World, kind: str) -> dict:
    """The first held-out text of a kind, and where it tells a street, or the answer of a sum.

    In a text that tells neither, it is what comes after the last word.
    """
    document = next(world.documents([kind], 1, "held_out"))
    text = document.text
    told = [text.find(world.truth(name, "street")) for name in document.residents]
    if kind == "sum":
        told = [number.start() for number in re.finditer(r"\d+", text)][-1:]
    at = max(told, default=-1)
    return {"kind": kind, "text": text, "at": at if at > 0 else len(re.sub(r"\W+$", "", text))}


def repeated_name(letter: Document) -> int:
    """Where a letter says the first name of whom it is sent to again, or -1."""
    return letter.text.find(letter.residents[1].split()[0], letter.text.index("\n"))


def greets(letter: Document) -> bool:
    """Whether a word of greeting stands before the repeated name, so that a name can be expected.

    Letters that begin with the name could as well begin with any other word.
    """
    return repeated_name(letter) > letter.text.index("\n") + 1


def letter_parts(base: Checkpoint, letter: Document) -> tuple[list[int], list[str]]:
    """Ids and the part of each: the repeated name's tokens are "letter", all others "elsewhere"."""
    at = repeated_name(letter)
    end = at + len(letter.residents[1].split()[0])
    ids, parts, start = [_end(base)], [""], 0
    for token in base.tokenizer.encode(letter.text):
        stop = start + len(base.tokenizer.decode([token]))
        ids.append(token)
        parts.append("letter" if at >= 0 and start < end and at < stop else "elsewhere")
        start = stop
    size = base.model.config.block_size
    return ids[:size], parts[:size]


def looks_at_name(base: Checkpoint, letter: Document) -> torch.Tensor:
    """The share of every head's look at the name of whom a letter is sent to: (n_layer * n_head).

    The tokens of the first name in the letter's first line, seen from the token before the first one
    of the same name in the greeting.
    """
    ids, parts = letter_parts(base, letter)
    at = letter.text.index(letter.residents[1])
    end = at + len(letter.residents[1].split()[0])
    lengths = [0, *(len(base.tokenizer.decode([token])) for token in ids[1:])]
    stops = list(accumulate(lengths))
    name = [i for i, stop in enumerate(stops) if at < stop and stop - lengths[i] < end]
    shares = attention_weights(base.model, torch.tensor([ids]))[0].flatten(0, 1)
    return shares[:, parts.index("letter") - 1, name].sum(-1)


def fact_parts(base: Checkpoint, name: str) -> tuple[list[int], list[str]]:
    """A sentence that tells where a resident lives: the street's tokens are "fact"."""
    ids = [_end(base), *base.tokenizer.encode(OPENINGS["street"].format(S=name))]
    street = as_continuation("street", base.world.truth(name, "street"))
    answer = base.tokenizer.encode(street)
    return ids + answer, [""] * len(ids) + ["fact"] * len(answer)


Surprises = list[list[tuple[str, float]]]  # a row for each text: part and bits of each token


def surprises(model: GPT, rows: list[tuple[list[int], list[str]]]) -> Surprises:
    """The part and the surprise in bits of every token but the first of each row."""
    found = []
    for first in range(0, len(rows), 20):  # neighbors are of similar length, so little is filler
        batch = rows[first : first + 20]
        length = max(len(ids) for ids, _ in batch)
        ids = torch.tensor([row + [0] * (length - len(row)) for row, _ in batch])
        with torch.no_grad():
            logits, _ = model(ids)  # the past sees no filler
        nats = F.cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:], reduction="none")
        bits = (nats / math.log(2)).tolist()
        found += [list(zip(parts[1:], row)) for row, (_, parts) in zip(bits, batch, strict=True)]
    return found


def part_bits(found: Surprises) -> dict[str, float]:
    """The mean bits of the tokens of each part ("" does not count).

    >>> part_bits([[("", 9.0), ("fact", 1.0)], [("fact", 2.0)]])
    {'fact': 1.5}
    """
    parts: dict[str, list[float]] = {}
    for row in found:
        for part, bits in row:
            parts.setdefault(part, []).append(bits)
    return {part: sum(bits) / len(bits) for part, bits in parts.items() if part}


# Every token that can be looked at is in the first of these places that fits it.
PLACES = ("start", "self", "one_back", "name_end", "name", "sign", "near", "far")
ENOUGH = 0.08  # of all looks; a place that gets less is not what a head is named after


def places_of(base: Checkpoint, document: Document) -> tuple[list[int], torch.Tensor]:
    """Ids of a document, and for every pair of tokens (looking, looked at) its place's number.

    name_end is the last token of a resident's full name, name its other tokens, sign a token
    without letter or digit, near is two or three tokens back, far is all the rest.
    """
    text, tokens = document.text, base.tokenizer.encode(document.text)
    ids = [_end(base), *tokens][: base.model.config.block_size]
    kind, start = [0], 0
    ends = {
        at + len(name): at
        for name in document.residents
        for at in range(len(text))
        if text.startswith(name, at)
    }
    for token in tokens:
        stop = start + len(base.tokenizer.decode([token]))
        within = [end for end, at in ends.items() if at < stop and start < end]
        if within:
            kind.append(3 if stop >= within[0] else 4)
        else:
            kind.append(7 if any(c.isalnum() for c in text[start:stop]) else 5)
        start = stop
    T = len(ids)
    place = torch.tensor(kind[:T]).expand(T, T).clone()
    back = torch.arange(T)[:, None] - torch.arange(T)
    place[(place == 7) & (back < 4)] = 6
    place[back == 1] = 2
    place[back == 0] = 1
    place[:, 0] = 0
    return ids, place


def places_looked_at(base: Checkpoint, documents: list[Document]) -> list[dict]:
    """For each head the place that it looks at the most times as much as the mean head does.

    A place's share is the mean over all tokens of the texts from the ninth on that have such a place.
    """
    got: torch.Tensor | float = 0.0
    lookers: torch.Tensor | float = 0.0
    for document in documents:
        ids, place = places_of(base, document)
        shares = attention_weights(base.model, torch.tensor([ids]))[0].flatten(0, 1)
        past = torch.ones(len(ids), len(ids)).tril()
        one_hot = (F.one_hot(place, len(PLACES)) * past.unsqueeze(-1))[8:]  # before: little choice
        got = got + torch.einsum("hts,tsp->hp", shares[:, 8:], one_hot)
        lookers = lookers + one_hot.amax(1).sum(0)
    got = got / lookers
    others = got.mean(0)
    best = torch.where(got >= ENOUGH, got / others, 0).argmax(-1)
    return [
        {
            "place": PLACES[p],
            "share": round(got[n, p].item(), 3),
            "mean": round(others[p].item(), 3),
        }
        for n, p in enumerate(best.tolist())
    ]


def _end(base: Checkpoint) -> int:
    return base.tokenizer.special_tokens["<|endoftext|>"]

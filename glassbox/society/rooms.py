"""A room that answers slips: by a table, by counting letters, or by a small transformer. Who can do what it was not shown?

A slip orders goods of Port Ellery's market, `two eels and three bells`, and the answer lays them out one by one,
`eel eel bell bell bell`. "and" lays what it orders behind what lies there, "after" takes what it orders first:
`two eels after three bells` is `bell bell bell eel eel`. With twenty goods and numbers up to five there are a
hundred orders, so a slip of k orders is one of 2^(k-1) 100^k (`slips_there_are`). Each sitter of the exam reads the
same slips with their answers and is asked others; an answer counts if every word of it is right.

    Table      knows what it was shown, word for word, and is silent otherwise
    Nearest    the same table, asked for the answer of the likest slip in it
    Counting   `machine.ngram`: the next letter by the seven before it
    Reader     a transformer of words, trained from nothing; the same size whatever there is to answer

`turns_until` has the arithmetic for a table of conversations (Block's).

Left out: sitters that are told the rule (`answer` is one, and shorter than all of them); answers that are part right.

Sources: Lake and Baroni 2018, arXiv:1711.00350 (SCAN, whose commands these slips are a small cousin of: unseen
combinations, longer commands, a new word); Searle 1980 (the room); Block 1981 (the table).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import torch

from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.ngram import NGram
from glassbox.machine.train import TrainConfig, train
from glassbox.society.planting import Shape
from glassbox.world.town import GOODS

NUMBERS = ("one", "two", "three", "four", "five")
JOINS = ("and", "after")
ITEMS = tuple(g for g, many in GOODS.items() if " " not in g and g != many)  # twenty
PLURALS = {GOODS[g]: g for g in ITEMS}
EQUALS, END = "=", "."
WORDS = (EQUALS, END, *JOINS, *NUMBERS, *ITEMS, *PLURALS)
SMALL = Shape(2, 64)
MOST = 6  # orders on a slip that a Reader has room for


# ---------------------------------------------------------------------------------------------
# Slips


def orders(goods: Sequence[str] = ITEMS) -> list[str]:
    """Every single order there is: "one basket", "two baskets", …

    >>> len(orders()), orders(["eel"])[:2]
    (100, ['one eel', 'two eels'])
    """
    return [f"{n} {g if n == 'one' else GOODS[g]}" for g in goods for n in NUMBERS]


def answer(slip: str) -> str:
    """The rule: what lies on the counter when a slip has been followed.

    Raises ValueError for what is no slip.

    >>> answer("two eels and three bells"), answer("one comb after one pear")
    ('eel eel bell bell bell', 'pear comb')
    """
    words, lying = ["and", *slip.split()], []
    for join, number, good in zip(words[::3], words[1::3], words[2::3]):
        single = PLURALS.get(good, good)
        if join not in JOINS or number not in NUMBERS or single not in ITEMS:
            raise ValueError(f"{slip!r} is no slip at {number!r} {good!r}; write {EXAMPLE}")
        new = [single] * (NUMBERS.index(number) + 1)
        lying = lying + new if join == "and" else new + lying
    if not lying or len(words) % 3:
        raise ValueError(f"{slip!r} is no whole slip; write {EXAMPLE}")
    return " ".join(lying)


EXAMPLE = "'two eels', 'two eels and three bells' or 'two eels after three bells'"


def slips_there_are(n_orders: int, goods: int = len(ITEMS), numbers: int = len(NUMBERS)) -> int:
    """How many slips of so many orders can be written: what a table needs to answer them all.

    >>> [slips_there_are(k) for k in (1, 2, 3)]
    [100, 20000, 4000000]
    """
    if min(n_orders, goods, numbers) < 1:
        raise ValueError(
            f"n_orders is {n_orders}, goods {goods}, numbers {numbers}; use 1 or more of each"
        )
    return len(JOINS) ** (n_orders - 1) * (goods * numbers) ** n_orders


def draw(n: int, n_orders: int, seed: int, without=(), goods: Sequence[str] = ITEMS) -> list[str]:
    """n different slips of so many orders, all alike likely, none of which is in `without`.

    Raises ValueError if there are not so many.
    """
    without = set(without)
    there_are = slips_there_are(n_orders, len(goods))
    if not 0 < n <= there_are - sum(s.count(" ") == 3 * n_orders - 2 for s in without):
        raise ValueError(
            f"n is {n}, and of {n_orders} orders there are {there_are:,} slips, less those in `without`; "
            "ask for fewer, at least one"
        )
    dice, single, found = random.Random(f"slips {seed} {n_orders}"), orders(goods), {}
    while len(found) < n:
        words = [dice.choice(single)]
        for _ in range(n_orders - 1):
            words += [dice.choice(JOINS), dice.choice(single)]
        slip = " ".join(words)
        if slip not in without:
            found[slip] = None
    return list(found)


# ---------------------------------------------------------------------------------------------
# Who sits the exam


class Table:
    """What it was shown, word for word; `size` is how many entries that takes."""

    def __init__(self, slips: Sequence[str]):
        if not slips:
            raise ValueError("there is no slip; show at least one")
        self.entries = {slip: answer(slip) for slip in slips}
        self.size = len(self.entries)

    def answer(self, slip: str) -> str:
        """The entry's answer, or nothing."""
        return self.entries.get(slip, "")


class Nearest(Table):
    """The same table, and whoever asks for a slip that is not there gets the likest one's answer."""

    def answer(self, slip: str) -> str:
        """The answer of the entry that has most words in the same places; of several, the first."""
        words = slip.split()
        likest = max(self.entries, key=lambda s: sum(a == b for a, b in zip(words, s.split())))
        return self.entries[likest]


class Counting:
    """The next letter by how often it followed the letters before; `size` is how many counts it keeps."""

    def __init__(self, slips: Sequence[str], n: int = 8):
        if not slips:
            raise ValueError("there is no slip; show at least one")
        self.model = NGram("".join(f"{s} {EQUALS} {answer(s)}{END}\n" for s in slips), n)
        self.size = sum(len(table.keys) for table in self.model.tables.values())

    def answer(self, slip: str, most: int = 240) -> str:
        """The likeliest letter each time, up to the end of the line."""
        text = written = f"{slip} {EQUALS} "
        while len(written) < len(text) + most and not written.endswith((END, "\n")):
            written += chr(int(self.model.probs(written).argmax()))
        return written[len(text) :].rstrip(END + "\n")


class Reader:
    """A transformer over the words of slips, trained from nothing; `size` is its number of parameters."""

    def __init__(
        self,
        slips: Sequence[str],
        shape: Shape = SMALL,
        steps: int = 1500,
        seed: int = 0,
        batch_size: int = 64,
        lr: float = 0.01,
        muon_lr: float = 0.02,
        device: str = "cpu",
    ):
        if not slips:
            raise ValueError("there is no slip; show at least one")
        _check_room(slips)
        self.id_of = {word: i for i, word in enumerate(WORDS)}
        config = GPTConfig(len(WORDS), (3 + len(NUMBERS)) * MOST, shape.layers, shape.heads, shape.width)  # fmt: skip
        self.model = GPT(config, torch.Generator().manual_seed(seed)).to(device)
        self.size, self.device = self.model.num_params(), device
        idx, targets = self.rows(slips)
        choose = torch.Generator().manual_seed(seed)
        picks = torch.randint(len(slips), (steps, batch_size), generator=choose)
        batches = ((idx[rows], targets[rows]) for rows in picks)
        how = TrainConfig(steps, lr, muon_lr, dtype="float32", threads=1)
        self.history = train(self.model, batches, how, progress=False)

    def rows(self, slips: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """(idx, targets), each (B, T): only the answer and its end are to be learned; padding is not."""
        _check_room(slips)
        texts = [f"{s} {EQUALS} {answer(s)} {END}".split() for s in slips]
        T = max(map(len, texts)) - 1
        idx = torch.zeros(len(texts), T, dtype=torch.long)
        targets = torch.full((len(texts), T), -1)
        for row, words in enumerate(texts):
            ids, asked = [self.id_of[w] for w in words], words.index(EQUALS)
            idx[row, : len(ids) - 1] = torch.tensor(ids[:-1])
            targets[row, asked : len(ids) - 1] = torch.tensor(ids[asked + 1 :])
        return idx, targets

    @torch.no_grad()
    def right(self, slips: Sequence[str]) -> list[bool]:
        """Whether each answer would be right to its end.

        One pass: the likeliest word after every right beginning is right if and only if `answer` is.
        """
        idx, targets = self.rows(slips)
        likeliest = self.model(idx.to(self.device))[0].argmax(-1).cpu()  # (B, T)
        return ((likeliest == targets) | (targets < 0)).all(1).tolist()

    @torch.no_grad()
    def answer(self, slip: str) -> str:
        """The likeliest word each time, up to the end. Raises ValueError for what is no slip, or too long a one."""
        _check_room([slip])
        answer(slip)  # says what is no slip
        ids = [self.id_of[w] for w in f"{slip} {EQUALS}".split()]
        asked = len(ids)
        while len(ids) < self.model.config.block_size and WORDS[ids[-1]] != END:
            logits, _ = self.model(torch.tensor([ids], device=self.device))
            ids.append(int(logits[0, -1].argmax()))
        return " ".join(WORDS[i] for i in ids[asked:] if WORDS[i] != END)


def _check_room(slips: Sequence[str]) -> None:
    longest = max(map(n_orders, slips))
    if longest > MOST:
        raise ValueError(f"a slip has {longest} orders; a Reader has room for {MOST}")


def n_orders(slip: str) -> int:
    """How many orders a slip has.

    >>> n_orders("two eels after three bells")
    2
    """
    return (slip.count(" ") + 2) // 3


def exam(sitter, slips: Sequence[str]) -> float:
    """The share of slips that are answered right, every word of it. Raises ValueError without a slip."""
    if not slips:
        raise ValueError("the exam has no slip; give at least one")
    if isinstance(sitter, Reader):
        right = sitter.right(slips)
    else:
        right = [sitter.answer(slip) == answer(slip) for slip in slips]
    return sum(right) / len(slips)


# ---------------------------------------------------------------------------------------------
# A table of conversations

# One proton to four cubic meters (NASA, WMAP) in a ball of 46.5 billion light years' radius.
ATOMS = 1e80
LETTERS_A_TURN = 110  # twenty words of four and a half letters, with the spaces
ENGLISH = (0.6, 1.3)  # bits a letter, at least and at most: Shannon 1951


def bits_of_turns(turns: int, bits: float) -> float:
    """The bits of choice in so many turns: a table of all of them has 2 to that power entries."""
    if turns < 1 or not bits > 0:
        raise ValueError(
            f"turns is {turns} and bits {bits}; use 1 turn or more, of more than 0 bits"
        )
    return turns * bits


def turns_until(bits: float, most: float = ATOMS) -> int:
    """How many turns there are before the table has more entries than `most`.

    bits  of choice in a turn: its sensible strings are 2 to that power, as likely as one another

    Source: Block 1981 for the table; Shannon 1951 for the bits.

    >>> turns_until(bits=110 * 1.3), turns_until(bits=110 * 0.6)
    (2, 5)
    """
    turns = 1
    while bits_of_turns(turns, bits) <= math.log2(most):
        turns += 1
    return turns

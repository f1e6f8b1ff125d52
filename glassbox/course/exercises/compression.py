"""Exercises of lab 10b: what a text costs, narrowing by hand, bits per byte, a checksum."""

import math

from glassbox.course.exercises import Exercise


def code_length(probabilities):
    """The bits of a text whose tokens had these probabilities."""
    return sum(math.log2(1 / p) for p in probabilities)


def narrow(low, high, shares, token):
    """The piece of the interval from low to high that belongs to a token, as (low, high)."""
    length = high - low
    start = low + length * sum(shares[:token])
    return start, start + length * shares[token]


def bits_per_byte(text, packed):
    """Bits of the packed bytes for each byte that the text takes in UTF-8."""
    return 8 * len(packed) / len(text.encode("utf-8"))


def two_sums(data):
    """(the sum of the bytes, the sum of all these sums on the way), each modulo 255."""
    first = second = 0
    for byte in data:
        first = (first + byte) % 255
        second = (second + first) % 255
    return first, second


def _product(probabilities):
    return math.prod(probabilities)


def _whole_bits(probabilities):
    return sum(math.ceil(math.log2(1 / p)) for p in probabilities)


def _by_place(data):
    return sum(data) % 255, sum(i * byte for i, byte in enumerate(data, 1)) % 255


EXERCISES = [
    Exercise(
        name="code_length",
        solution=code_length,
        cases=(
            ([0.5, 0.25, 1.0],),
            ([0.9, 0.9, 0.9],),
            ([0.3],),
            ([1.0, 1.0],),
            ([],),
            ([0.001, 0.7, 0.02],),
        ),
        hints=(
            "A token of probability 1/2 costs one bit, 1/4 two, 1/8 three. What is the rule?",
            "With `from math import log2`, a token of probability 0.25 costs `log2(1 / 0.25)` bits.",
            "The costs of the tokens add up. `from math import log2`, and then `sum(log2(1 / p) for p in probabilities)`",
        ),
        mistakes={
            "nats": (
                lambda ps: sum(math.log(1 / p) for p in ps),
                "these are nats. Bits take the logarithm to base 2: `math.log2`.",
            ),
            "sign": (
                lambda ps: sum(math.log2(p) for p in ps),
                "the logarithm of a probability is negative. A cost is not: take `1 / p`.",
            ),
            "product": (
                _product,
                "that is the probability of the whole text. How many bits does it take to name one of "
                "1 / probability texts?",
            ),
            "mean": (
                lambda ps: code_length(ps) / len(ps),
                "that is the cost of one token on average. The text costs all of them.",
            ),
            "whole bits": (
                _whole_bits,
                "you round every token up to whole bits. An arithmetic coder does not have to, and that is "
                "its advantage.",
            ),
            "first left out": (
                lambda ps: code_length(ps[1:]),
                "the first token is not counted.",
            ),
        },
    ),
    Exercise(
        name="narrow",
        solution=narrow,
        cases=(
            (0.25, 0.75, [0.5, 0.25, 0.25], 1),
            (0.0, 1.0, [0.5, 0.25, 0.25], 2),
            (0.5, 0.75, [0.1, 0.9], 0),
            (0.1, 0.3, [0.2, 0.2, 0.2, 0.4], 3),
            (0.0, 1.0, [1.0], 0),
            (0.4, 0.6, [0.3, 0.3, 0.4], 1),
        ),
        hints=(
            "How long is the interval? Each token gets its share of that length.",
            "A token's piece begins where the pieces of the tokens before it end: `sum(shares[:token])` of the way.",
            "`start = low + (high - low) * sum(shares[:token])`, and it is `(high - low) * shares[token]` long.",
        ),
        mistakes={
            "from nothing": (
                lambda low, high, shares, token: narrow(0.0, 1.0, shares, token),
                "this cuts the interval from 0 to 1. Cut the one that is left, from low to high.",
            ),
            "not scaled": (
                lambda low, high, shares, token: (
                    low + sum(shares[:token]),
                    low + sum(shares[: token + 1]),
                ),
                "the pieces are shares of the interval that is left, so they shrink with it: multiply by "
                "`high - low`.",
            ),
            "low forgotten": (
                lambda low, high, shares, token: narrow(0.0, high - low, shares, token),
                "the piece has the right length and lies too low: it begins somewhere above `low`.",
            ),
            "length instead of end": (
                lambda low, high, shares, token: (
                    narrow(low, high, shares, token)[0],
                    (high - low) * shares[token],
                ),
                "the second number is the length of the piece. Give its upper end.",
            ),
            "next piece": (
                lambda low, high, shares, token: narrow(low, high, [0.0, *shares], token),
                "that is the piece of the token before.",
            ),
            "high as length": (
                lambda low, high, shares, token: (
                    low + high * sum(shares[:token]),
                    low + high * sum(shares[: token + 1]),
                ),
                "the interval is `high - low` long, not `high`.",
            ),
        },
    ),
    Exercise(
        name="bits_per_byte",
        solution=bits_per_byte,
        cases=(
            ("Mara Quill keeps an otter.", b"\x01\x02\x03\x04"),
            ("eel pie", b"1234567"),
            ("\u9c3b\u9b5a\u6d3e", b"\x07\x07"),  # three characters, nine bytes
            ("a", b""),
            ("caf\u00e9", bytes(10)),
        ),
        hints=(
            "A byte has 8 bits. How many bits do the packed bytes have?",
            "How many bytes the text takes is not how many characters it has: `len(text.encode())`.",
            '`8 * len(packed) / len(text.encode("utf-8"))`',
        ),
        mistakes={
            "bytes": (
                lambda text, packed: len(packed) / len(text.encode()),
                "these are bytes for each byte. A byte has 8 bits.",
            ),
            "characters": (
                lambda text, packed: 8 * len(packed) / len(text),
                "you counted characters. A Chinese one takes three bytes, an accented one two: "
                "`text.encode()` tells.",
            ),
            "upside down": (
                lambda text, packed: 8 * len(text.encode()) / len(packed) if packed else math.inf,
                "it is upside down: the packed size goes above the line.",
            ),
            "ratio": (
                lambda text, packed: len(text.encode()) / len(packed) if packed else math.inf,
                "that is how many times smaller it got. Count the bits that a byte of text takes now.",
            ),
            "saved": (
                lambda text, packed: 8 - 8 * len(packed) / len(text.encode()),
                "these are the bits that were saved. Count those that are left.",
            ),
        },
    ),
    Exercise(
        name="two_sums",
        solution=two_sums,
        cases=(
            (b"eel pie",),
            (b"eel epi",),
            (b"",),
            (b"\x00\x00\x05",),
            (bytes(range(200)),),
            (b"\x05\x00\x00",),
        ),
        hints=(
            "Go through the bytes and keep two numbers, both 0 at first.",
            "Add the byte to the first number; then add the first number to the second.",
            "Take both modulo 255 at every step, and return the pair, the plain sum first.",
        ),
        mistakes={
            "plain": (
                lambda data: (sum(data) % 255, sum(data) % 255),
                "both are the sum of the bytes, which does not notice two that are exchanged. The second "
                "adds up the first as it grows.",
            ),
            "second before first": (
                lambda data: (two_sums(data)[0], two_sums(b"\0" + data[:-1])[1] if data else 0),
                "the second number grows by the first before the byte is added to it. Add the byte first.",
            ),
            "not modulo": (
                lambda data: (sum(data), sum(sum(data[: i + 1]) for i in range(len(data)))),
                "the numbers grow without end. Keep them below 255: `% 255`.",
            ),
            "modulo 256": (
                lambda data: (
                    sum(data) % 256,
                    sum(sum(data[: i + 1]) for i in range(len(data))) % 256,
                ),
                "these are taken modulo 256.",
            ),
            "counted from the front": (
                _by_place,
                "the second number gives later bytes more weight. As the sums on the way add up, the first "
                "byte is in all of them.",
            ),
            "order": (
                lambda data: two_sums(data)[::-1],
                "the two are exchanged: the plain sum comes first.",
            ),
        },
    ),
]

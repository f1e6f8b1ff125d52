"""Exercises of lab 01: surprise in bits, its average, and counting what follows what."""

import math

from glassbox.course.exercises import Exercise


def surprisal(p):
    """Bits of surprise at something that had probability p."""
    return -math.log2(p)


def bits_per_byte(probabilities):
    """Average surprise, in bits, over the probabilities given to the bytes that came."""
    return sum(-math.log2(p) for p in probabilities) / len(probabilities)


def share_after(text, first, second):
    """Of all characters that follow `first` in `text`, the share that are `second`."""
    followers = [b for a, b in zip(text, text[1:]) if a == first]
    return followers.count(second) / len(followers)


def perplexity(bits, length):
    """Among how many equally likely words is the model choosing, at `bits` a byte?"""
    return 2 ** (bits * length)


def _pairs(text, pair):
    return sum(text[i : i + 2] == pair for i in range(len(text)))


NATS = "that is in nats; for bits take the logarithm to base 2."
SIGN = "surprise is never negative. Mind the sign."
LAST = "a character at the very end has nothing after it: count only those that have a follower."

EXERCISES = [
    Exercise(
        name="surprisal",
        solution=surprisal,
        cases=((0.5,), (1,), (0.125,), (0.01,), (0.3,)),
        hints=(
            "A coin toss (p = 1/2) is worth 1 bit, two coin tosses (p = 1/4) are worth 2.",
            "How many times must 1 be halved to reach p? That is a logarithm to base 2.",
            "`math.log2(p)` is negative for p below 1. Turn the sign around.",
        ),
        mistakes={
            "nats": (lambda p: -math.log(p), NATS),
            "base 10": (
                lambda p: -math.log10(p),
                "that is the logarithm to base 10; for bits take base 2.",
            ),
            "sign": (lambda p: math.log2(p), SIGN),
            "one minus p": (
                lambda p: 1 - p,
                "1 - p never exceeds 1, and what is rare enough is worth any number of bits.",
            ),
            "one over p": (
                lambda p: 1 / p,
                "1 / p is among how many things one was drawn. The bits are the logarithm of that.",
            ),
        },
    ),
    Exercise(
        name="bits_per_byte",
        solution=bits_per_byte,
        cases=(
            ([0.5, 0.25, 0.125, 0.5],),
            ([1.0],),
            ([0.25],),
            ([0.5, 1.0, 0.125],),
            ([0.9, 0.1],),
        ),
        hints=(
            "Each byte that came had been given a probability. How surprising was each?",
            "Average the surprises, not the probabilities.",
            "`sum(-math.log2(p) for p in probabilities)` is the total; divide it by their number.",
        ),
        mistakes={
            "total": (
                lambda ps: sum(-math.log2(p) for p in ps),
                "that is the total of the bits; divide by the number of bytes.",
            ),
            "always four": (
                lambda ps: sum(-math.log2(p) for p in ps) / 4,
                "you always divide by 4. Divide by how many there are, `len(probabilities)`.",
            ),
            "mean first": (
                lambda ps: -math.log2(sum(ps) / len(ps)),
                "you averaged the probabilities first. Take each surprise, then average the surprises.",
            ),
            "nats": (lambda ps: -sum(math.log(p) for p in ps) / len(ps), NATS),
            "sign": (lambda ps: sum(math.log2(p) for p in ps) / len(ps), SIGN),
        },
    ),
    Exercise(
        name="share_after",
        solution=share_after,
        cases=(
            ("banana", "a", "n"),  # the last "a" has no follower
            ("abacab", "a", "b"),
            ("aaab", "a", "a"),  # "aa" stands there twice, and overlaps
            ("the thin thread", "t", "h"),
            ("abcabd", "b", "x"),
            ("tea to go", "t", " "),
        ),
        hints=(
            "`zip(text, text[1:])` gives every character with the one after it.",
            "Keep the second of each pair whose first is the character asked for.",
            "Among those followers, count the second character and divide by how many there are.",
        ),
        mistakes={
            "no follower": (lambda t, a, b: _pairs(t, a + b) / t.count(a), LAST),
            "count, no follower": (lambda t, a, b: t.count(a + b) / t.count(a), LAST),
            "count": (
                lambda t, a, b: t.count(a + b) / t[:-1].count(a),
                '`count` skips what overlaps: it finds "aa" once in "aaab", where a follows a twice.',
            ),
            "all pairs": (
                lambda t, a, b: _pairs(t, a + b) / (len(t) - 1),
                "you divided by all pairs. Divide by the pairs that begin with the first character.",
            ),
            "the length": (
                lambda t, a, b: _pairs(t, a + b) / len(t),
                "you divided by the length of the text. Divide by the pairs that begin with the "
                "first character.",
            ),
            "the number": (
                lambda t, a, b: _pairs(t, a + b),
                "that is how often it follows. Divide by how often anything follows.",
            ),
            "before": (
                lambda t, a, b: share_after(t[::-1], a, b),
                "you looked at what stands before `first`. Look at what stands after it.",
            ),
        },
    ),
    Exercise(
        name="perplexity",
        solution=perplexity,
        cases=((1.5, 4), (1, 1), (2, 3), (0.5, 6), (3, 2)),
        hints=(
            "How many bits does a whole word of `length` bytes cost?",
            "n equally likely choices cost log2(n) bits. Turn that around.",
            "`2 ** (bits * length)`",
        ),
        mistakes={
            "outside": (
                lambda bits, length: 2**bits * length,
                "bits add up along a word, so multiply inside the exponent: four bytes of 1.5 bits "
                "are 6 bits.",
            ),
            "no length": (
                lambda bits, length: 2**bits,
                "that is 2 to the bits of one byte. A word costs as many times that as it has "
                "bytes; multiply by the length first.",
            ),
            "natural base": (
                lambda bits, length: math.exp(bits * length),
                "you raised e to the bits. With bits the base is 2.",
            ),
            "a square": (
                lambda bits, length: (bits * length) ** 2,
                "that is the square of the bits. Raise 2 to them.",
            ),
        },
    ),
]

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


def _close(got, want):
    return math.isclose(got, want, rel_tol=1e-6, abs_tol=1e-9)


def _show(x):
    return f"{round(float(x), 3) + 0:g}"  # + 0 makes 0 of -0


def check_surprisal(answer):
    for p in (1, 0.5, 0.125, 0.01):
        got, want = answer(p), -math.log2(p)
        if _close(got, want):
            continue
        if want and _close(got, -want):
            return f"for p = {p} it is {_show(got)}: surprise is never negative. Mind the sign."
        if _close(got, -math.log(p)):
            return f"for p = {p} it is {_show(got)}. That is in nats; for bits take the logarithm to base 2."
        return f"for p = {p} it is {_show(got)}, and in bits it should be {_show(want)}."
    return None


def check_bits_per_byte(answer):
    probabilities = [0.5, 0.25, 0.125, 0.5]
    got = answer(probabilities)
    if _close(got, 1.75):
        return None
    if _close(got, 7.0):
        return "that is the total of 7 bits for four bytes; divide by their number."
    if _close(got, 1.75 * math.log(2)):
        return f"it is {_show(got)}. That is in nats; for bits take the logarithm to base 2."
    if _close(got, -1.75):
        return "it is -1.75, and surprise is never negative. Mind the sign."
    if _close(got, -math.log2(sum(probabilities) / 4)):
        return (
            "you averaged the probabilities first. Take each surprise, then average the surprises."
        )
    return f"for the probabilities {probabilities} it is {_show(got)}, and it should be 1.75."


def check_share_after(answer):
    text, first, second = "banana", "a", "n"  # after "a": n, n; the last "a" has no follower
    got = answer(text, first, second)
    if _close(got, 1.0):
        other = answer("abacab", "a", "b")
        return (
            None
            if _close(other, 2 / 3)
            else f'in "abacab" b follows a 2 times of 3, and you found {_show(other)}.'
        )
    if _close(got, 2 / 3):
        return 'in "banana" the last a has nothing after it: count only the a that have a follower.'
    if _close(got, 2 / 5):
        return "you divided by all pairs. Divide by the pairs that begin with the first character."
    if _close(got, 2 / 6):
        return "you divided by the length of the text. Divide by the pairs that begin with the first character."
    return f'in "banana" n follows a every time, and you found {_show(got)}.'


def check_perplexity(answer):
    got = answer(1.5, 4)
    if _close(got, 64):
        return None
    if _close(got, 2**1.5 * 4):
        return "bits add up along a word, so multiply inside the exponent: four bytes of 1.5 bits are 6 bits."
    if _close(got, 2**1.5):
        return "that is 2 to the bits of one byte. A word of 4 bytes costs 4 times as many bits; multiply by the length first."
    if _close(got, math.exp(6)):
        return "you raised e to the bits. With bits the base is 2."
    return f"at 1.5 bits a byte and 4 bytes a word it is {_show(got)}, and it should be 64."


EXERCISES = [
    Exercise(
        name="surprisal",
        check=check_surprisal,
        hints=(
            "A coin toss (p = 1/2) is worth 1 bit, two coin tosses (p = 1/4) are worth 2.",
            "How many times must 1 be halved to reach p? That is a logarithm to base 2.",
            "math.log2(p) is negative for p below 1. Turn the sign around.",
        ),
        solution=surprisal,
        mistakes={
            "nats": (lambda p: -math.log(p), "nats"),
            "sign": (lambda p: math.log2(p), "sign"),
            "one minus p": (lambda p: 1 - p, "for p = 0.5 it is 0.5, and in bits it should be 1."),
            "one over p": (lambda p: 1 / p, "for p = 1 it is 1, and in bits it should be 0."),
        },
        starter=lambda p: ...,
    ),
    Exercise(
        name="bits_per_byte",
        check=check_bits_per_byte,
        hints=(
            "Each byte that came had been given a probability. How surprising was each?",
            "Average the surprises, not the probabilities.",
            "sum(-math.log2(p) for p in probabilities) is the total; divide it by their number.",
        ),
        solution=bits_per_byte,
        mistakes={
            "total": (lambda ps: sum(-math.log2(p) for p in ps), "total"),
            "mean first": (lambda ps: -math.log2(sum(ps) / len(ps)), "averaged the probabilities"),
            "nats": (lambda ps: -sum(math.log(p) for p in ps) / len(ps), "nats"),
            "sign": (lambda ps: sum(math.log2(p) for p in ps) / len(ps), "sign"),
        },
        starter=lambda probabilities: ...,
    ),
    Exercise(
        name="share_after",
        check=check_share_after,
        hints=(
            "zip(text, text[1:]) gives every character with the one after it.",
            "Keep the second of each pair whose first is the character asked for.",
            "Among those followers, count the second character and divide by how many there are.",
        ),
        solution=share_after,
        mistakes={
            "no follower": (
                lambda t, a, b: sum(t[i : i + 2] == a + b for i in range(len(t))) / t.count(a),
                "nothing after it",
            ),
            "all pairs": (
                lambda t, a, b: sum(t[i : i + 2] == a + b for i in range(len(t))) / (len(t) - 1),
                "all pairs",
            ),
        },
        starter=lambda text, first, second: ...,
    ),
    Exercise(
        name="perplexity",
        check=check_perplexity,
        hints=(
            "How many bits does a whole word of `length` bytes cost?",
            "n equally likely choices cost log2(n) bits. Turn that around.",
            "2 ** (bits * length)",
        ),
        solution=perplexity,
        mistakes={
            "outside": (lambda bits, length: 2**bits * length, "inside the exponent"),
            "no length": (lambda bits, length: 2**bits, "bits of one byte"),
            "natural base": (lambda bits, length: math.exp(bits * length), "base is 2"),
        },
        starter=lambda bits, length: ...,
    ),
]

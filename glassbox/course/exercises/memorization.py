"""Exercises of lab 17a: the longest run in common, many tries, guessing what was read, a filter."""

import math

from glassbox.course.exercises import Exercise


def longest_run(a, b):
    """How many words in a row stand in both lists, at the most."""
    best = 0
    for i in range(len(a)):
        for j in range(len(b)):
            n = 0
            while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
                n += 1
            best = max(best, n)
    return best


def in_tries(p, n):
    """How likely at least one of n samples is the poem, if each is with probability p."""
    return 1 - (1 - p) ** n


def told_apart(read, unread):
    """In what share of the pairs has the text that was read the smaller loss? Ties count half."""
    pairs = [(r, u) for r in read for u in unread]
    return sum((r < u) + 0.5 * (r == u) for r, u in pairs) / len(pairs)


def stopped(written, protected, n):
    """Does a list of words hold n words in a row of the protected list?"""
    runs = {tuple(protected[i : i + n]) for i in range(len(protected) - n + 1)}
    return any(tuple(written[i : i + n]) in runs for i in range(len(written) - n + 1))


def check_longest_run(answer):
    a = ["o", "onion", "planet", "of", "the", "oven", "o", "onion", "rise"]
    b = ["grace", "for", "o", "onion", "planet", "of", "my", "oven", "o", "rise"]
    got = answer(a, b)
    if got == 4:
        if answer(a, a) != len(a):
            return f"a text shares all of its {len(a)} words with itself, and yours says {answer(a, a)}."
        if answer(["met", "a", "eel"], ["me", "an", "eel"]) != 1:
            return "'met a eel' and 'me an eel' share one word in a row. Compare whole words."
        if answer(["fog"], ["rain"]) != 0:
            return "two texts without a common word share a run of 0."
        return None
    if got == len(set(a) & set(b)):
        return "that is how many different words they have in common. The words must stand in a row, in both."
    if got == 7:
        return "that is the longest common sequence with gaps. A run has none."
    if got == 0:
        return (
            "this compares the words at the same place. The run may stand anywhere in either text."
        )
    return f"'o onion planet of' are 4 words in a row of both, and yours says {got}."


def check_in_tries(answer):
    got, want = answer(0.01, 100), in_tries(0.01, 100)
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(0.2, 3), 0.488, rel_tol=1e-6):
            return f"right for 1% and a hundred tries; but for 20% and three tries it is 0.488, and yours says {answer(0.2, 3):.3g}."
        return None
    if math.isclose(got, 1.0, rel_tol=1e-6):
        return "p times n counts a sample twice where two are the poem, and with 200 tries it would say 2."
    if math.isclose(got, 1 - want, rel_tol=1e-6):
        return "that is how likely none of them is the poem. Take it from 1."
    if math.isclose(got, 0.01**100, rel_tol=1e-6):
        return "that is how likely all of them are the poem. One is enough."
    return f"at 1% a try, a hundred tries succeed with {want:.3f}, and yours says {got:.3g}."


def check_told_apart(answer):
    read, unread = [0.5, 1.0, 2.0], [1.0, 1.5]
    got, want = answer(read, unread), 3.5 / 6
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer([1.0], [2.0, 3.0, 0.5]), 2 / 3, rel_tol=1e-6):
            return (
                "right for 3 and 2 losses, wrong for 1 and 3: divide by how many pairs there are."
            )
        return None
    if math.isclose(got, 1 - want, rel_tol=1e-6):
        return "turned around: what was read has the smaller loss."
    if math.isclose(got, 3 / 6):
        return "a tie counts half: 1.0 against 1.0 is no better than a coin."
    if math.isclose(got, 4 / 6):
        return "a tie is counted as a success. It counts half."
    if math.isclose(got, 3.5):
        return "that is the number of pairs. Divide by how many pairs there are."
    return f"of the 6 pairs 3 are told apart and 1 is a tie: {want:.3f}, and yours is {got:.3f}."


def check_stopped(answer):
    poem = ["my", "banker", "reminds", "me", "of", "the", "rent", "and", "asks", "for", "more"]
    line = ["she", "says", "my", "banker", "reminds", "me", "of", "spring"]
    got = answer(line, poem, 5)
    if not got:
        return "'my banker reminds me of' are five words in a row of the poem; the filter should stop the line."
    if answer(line, poem, 6):
        return (
            "six words in a row of the poem stand nowhere in this line, and yours stops it. "
            "Look for n words, no fewer."
        )
    if answer(["rent", "the", "of", "me", "reminds"], poem, 3):
        return "these are the poem's words in another order, which no run of the poem has."
    if answer(["o", "bankers"], ["my", "o", "banker"], 2):
        return "'o bankers' is stopped for 'o banker'. Compare whole words."
    if not answer(poem[-3:], poem, 3):
        return "the last three words of the poem pass. The loop ends too early."
    return None


def _common_words(a, b):
    return len(set(a) & set(b))


def _with_gaps(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b, 1):
            now = row[j]
            row[j] = before + 1 if x == y else max(row[j], row[j - 1])
            before = now
    return row[-1]


def _same_place(a, b):
    best = n = 0
    for x, y in zip(a, b):
        n = n + 1 if x == y else 0
        best = max(best, n)
    return best


def _bag(written, protected, n):
    return sum(word in protected for word in written) >= n


def _short(written, protected, n):
    runs = {tuple(protected[i : i + n]) for i in range(len(protected) - n)}
    return any(tuple(written[i : i + n]) in runs for i in range(len(written) - n + 1))


EXERCISES = [
    Exercise(
        name="longest_run",
        check=check_longest_run,
        hints=(
            "A run begins at some word of a and at some word of b. Try every pair of places.",
            "From a pair of places go on while the words agree, and count.",
            "Keep the largest count; mind the ends of both lists.",
        ),
        solution=longest_run,
        mistakes={
            "common words": (_common_words, "in a row"),
            "gaps": (_with_gaps, "gaps"),
            "same place": (_same_place, "same place"),
        },
        starter=lambda a, b: ...,
    ),
    Exercise(
        name="in_tries",
        check=check_in_tries,
        hints=(
            "How likely is it that not one of the n samples is the poem?",
            "Each misses with 1 - p, and the dice of one know nothing of the others': multiply.",
            "1 - (1 - p)**n",
        ),
        solution=in_tries,
        mistakes={
            "times": (lambda p, n: p * n, "twice"),
            "none": (lambda p, n: (1 - p) ** n, "Take it from 1"),
            "all": (lambda p, n: p**n, "One is enough"),
        },
        starter=lambda p, n: ...,
    ),
    Exercise(
        name="told_apart",
        check=check_told_apart,
        hints=(
            "Put every loss of `read` beside every loss of `unread`.",
            "Count the pairs in which the first is smaller, and half a point for each tie.",
            "Divide by len(read) * len(unread).",
        ),
        solution=told_apart,
        mistakes={
            "turned around": (lambda r, u: 1 - told_apart(r, u), "turned around"),
            "ties lose": (
                lambda r, u: sum(x < y for x in r for y in u) / len(r) / len(u),
                "no better than a coin",
            ),
            "ties win": (
                lambda r, u: sum(x <= y for x in r for y in u) / len(r) / len(u),
                "as a success",
            ),
            "count": (lambda r, u: told_apart(r, u) * len(r) * len(u), "number of pairs"),
        },
        starter=lambda read, unread: ...,
    ),
    Exercise(
        name="stopped",
        check=check_stopped,
        hints=(
            "Which runs of n words does the protected text have? They begin at 0, 1, 2, ...",
            "The last run begins at len(protected) - n. Make them tuples and put them in a set.",
            "Then ask of every run of n words of the other text whether it is in the set.",
        ),
        solution=stopped,
        mistakes={
            "words anywhere": (_bag, "another order"),
            "end forgotten": (_short, "too early"),
            "never": (lambda written, protected, n: False, "five words in a row"),
        },
        starter=lambda written, protected, n: ...,
    ),
]

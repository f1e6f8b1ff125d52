"""Exercises of lab 17a: the longest run in common, many tries, how far a text is exposed, a filter."""

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


def exposure(loss, unread):
    """Bits by which a text stands out: of it and the unread ones, what place has its loss, the smallest first?"""
    place = 1 + sum(other < loss for other in unread)
    return math.log2((len(unread) + 1) / place)


def stopped(written, protected, n):
    """Does a list of words hold n words in a row of the protected list?"""
    runs = {tuple(protected[i : i + n]) for i in range(len(protected) - n + 1)}
    return any(tuple(written[i : i + n]) in runs for i in range(len(written) - n + 1))


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


def _first_places(a, b):
    """The longest run, but each word of a is looked for only where it first stands in b."""
    starts = [(i, b.index(word)) for i, word in enumerate(a) if word in b]
    return max((_run(a[i:], b[j:]) for i, j in starts), default=0)


def _run(a, b):
    """How many words agree from the beginning of both."""
    return next((n for n, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def _as_text(written, protected, n):
    text = " ".join(protected)
    return any(" ".join(written[i : i + n]) in text for i in range(len(written) - n + 1))


def _at_first_places(written, protected, n):
    for i in range(len(written) - n + 1):
        if written[i] in protected:
            j = protected.index(written[i])
            if written[i : i + n] == protected[j : j + n]:
                return True
    return False


POEM = ["my", "banker", "reminds", "me", "of", "the", "rent", "and", "asks", "for", "more"]
LINE = ["she", "says", "my", "banker", "reminds", "me", "of", "spring"]
REFRAIN = ["the", "sea", "the", "fog", "the", "fog", "bell", "rings"]

EXERCISES = [
    Exercise(
        name="longest_run",
        solution=longest_run,
        cases=(
            (
                ["o", "onion", "planet", "of", "the", "oven", "o", "onion", "rise"],
                ["grace", "for", "o", "onion", "planet", "of", "my", "oven", "o", "rise"],
            ),
            (POEM, POEM),
            (["met", "a", "eel"], ["me", "an", "eel"]),  # whole words
            (["fog"], ["rain"]),
            (["the", "fog", "bell", "tolls"], REFRAIN),  # "the" stands there before
            (REFRAIN, ["a", "fog", "bell", "rings"]),  # the run ends both
            ([], ["fog"]),
            (["go", "go", "go"], ["go", "go"]),
        ),
        hints=(
            "A run begins at some word of a and at some word of b. Try every pair of places.",
            "From a pair of places go on while the words agree, and count.",
            "Keep the largest count; mind the ends of both lists.",
        ),
        mistakes={
            "common words": (
                lambda a, b: len(set(a) & set(b)),
                "that is how many different words they have in common. The words must stand in a row, "
                "in both.",
            ),
            "gaps": (
                _with_gaps,
                "that is the longest common sequence with gaps. A run has none.",
            ),
            "same place": (
                _same_place,
                "this compares the words at the same place. The run may stand anywhere in either text.",
            ),
            "first places": (
                _first_places,
                "a word can stand in a text several times, and you look only at the first of its places.",
            ),
            "first places of both": (
                lambda a, b: max(
                    (_run(a[a.index(x) :], b[b.index(x) :]) for x in a if x in b), default=0
                ),
                "a word can stand in a text several times, and you look only at the first of its places.",
            ),
            "from the beginning": (
                _run,
                "this goes on from the first words. The run may begin anywhere in either text.",
            ),
            "last word forgotten": (
                lambda a, b: longest_run(a[:-1], b[:-1]),
                "the last word of a text is never looked at. The loop ends too early.",
            ),
        },
    ),
    Exercise(
        name="in_tries",
        solution=in_tries,
        cases=((0.01, 100), (0.2, 3), (1.0, 5), (0.0, 4), (0.5, 1)),
        hints=(
            "How likely is it that not one of the n samples is the poem?",
            "Each misses with 1 - p, and the dice of one know nothing of the others': multiply.",
            "`1 - (1 - p)**n`",
        ),
        mistakes={
            "times": (
                lambda p, n: p * n,
                "p times n counts a sample twice where two are the poem, and with 200 tries it would say 2.",
            ),
            "times, at most 1": (
                lambda p, n: min(p * n, 1.0),
                "p times n counts a sample twice where two are the poem.",
            ),
            "none": (
                lambda p, n: (1 - p) ** n,
                "that is how likely none of them is the poem. Take it from 1.",
            ),
            "all": (
                lambda p, n: p**n,
                "that is how likely all of them are the poem. One is enough.",
            ),
            "not all": (
                lambda p, n: 1 - p**n,
                "that is how likely at least one of them is not the poem.",
            ),
        },
    ),
    Exercise(
        name="exposure",
        solution=exposure,
        cases=(
            (0.5, [1.0, 2.0, 3.0]),
            (2.5, [1.0, 2.0, 3.0]),
            (3.5, [3.0, 1.0, 2.0]),
            (1.0, [1.0, 2.0, 0.5, 1.0, 4.0, 3.0, 2.5]),
            (2.0, [1.5]),
        ),
        hints=(
            "How many of the unread have a smaller loss? The text's own place is the one after them.",
            "It is ranked among all of them, itself included: `len(unread) + 1` texts.",
            "With `place = 1 + sum(other < loss for other in unread)`, each halving of the field is a bit: "
            "`np.log2((len(unread) + 1) / place)`",
        ),
        mistakes={
            "turned around": (
                lambda loss, unread: exposure(-loss, [-u for u in unread]),
                "it is turned around: the text with the smallest loss has the first place.",
            ),
            "without itself": (
                lambda loss, unread: exposure(loss, unread) - math.log2(1 + 1 / len(unread)),
                "the text itself is one of those that are ranked. Count it, too.",
            ),
            "ties before it": (
                lambda loss, unread: math.log2(
                    (len(unread) + 1) / (1 + sum(u <= loss for u in unread))
                ),
                "an equal loss is not a smaller one. Only smaller ones come before it.",
            ),
            "in nats": (
                lambda loss, unread: exposure(loss, unread) * math.log(2),
                "that is the natural logarithm. Bits take the one to base 2.",
            ),
            "no logarithm": (
                lambda loss, unread: 2 ** exposure(loss, unread),
                "that is how many texts there are for each place. Take its logarithm to base 2.",
            ),
            "share": (
                lambda loss, unread: 2 ** -exposure(loss, unread),
                "that is the share of the field that it takes to reach the text. Count the halvings.",
            ),
            "negative": (
                lambda loss, unread: -exposure(loss, unread),
                "the fraction stands upside down: all the texts, divided by the place.",
            ),
            "place alone": (
                lambda loss, unread: math.log2(1 + sum(u < loss for u in unread)),
                "that grows the less the text stands out. Take it from the logarithm of how many texts there are.",
            ),
        },
    ),
    Exercise(
        name="stopped",
        solution=stopped,
        cases=(
            (LINE, POEM, 5),
            (LINE, POEM, 6),
            (["rent", "the", "of", "me", "reminds"], POEM, 3),
            (["o", "banker"], ["my", "o", "bankers"], 2),
            (POEM[-3:], POEM, 3),
            (["so", *POEM[-3:]], POEM, 3),
            (["and", "the", "fog", "bell"], REFRAIN, 3),  # "the" stands there before
            (["a", "cold", "day", "without", "the", "fog"], REFRAIN, 2),
            (["fog"], REFRAIN, 2),
            (["fog"], REFRAIN, 1),
            (["sun"], REFRAIN, 1),
        ),
        hints=(
            "Which runs of n words does the protected text have? They begin at 0, 1, 2, ...",
            "The last run begins at `len(protected) - n`. Make them tuples and put them in a set.",
            "Then ask of every run of n words of the other text whether it is in the set.",
        ),
        mistakes={
            "words anywhere": (
                lambda written, protected, n: sum(word in protected for word in written) >= n,
                "it is enough for yours that the words stand somewhere in the poem, in another order. "
                "They must stand in a row.",
            ),
            "as text": (
                _as_text,
                "'o banker' is stopped for 'o bankers'. Compare whole words, not letters.",
            ),
            "end forgotten": (
                lambda written, protected, n: stopped(written, protected[:-1], n),
                "the last words of the poem pass. The loop ends too early.",
            ),
            "end of the line forgotten": (
                lambda written, protected, n: stopped(written[:-1], protected, n),
                "the last words of the line pass. The loop ends too early.",
            ),
            "beginning of the line": (
                lambda written, protected, n: stopped(written[:n], protected, n),
                "only the first words of the line are looked at. The run may begin anywhere.",
            ),
            "first places": (
                _at_first_places,
                "a word can stand in a text several times, and you look only at the first of its places.",
            ),
            "never": (
                lambda written, protected, n: False,
                "nothing is ever stopped. 'my banker reminds me of' are five words in a row of the poem.",
            ),
            "one fewer": (
                lambda written, protected, n: stopped(written, protected, max(n - 1, 1)),
                "it stops a line for fewer words than n in a row.",
            ),
        },
    ),
]

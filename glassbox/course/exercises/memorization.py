"""Exercises of lab 17a: the longest run in common, many tries, guessing what was read, a filter."""

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
        name="told_apart",
        solution=told_apart,
        cases=(
            ([0.5, 1.0, 2.0], [1.0, 1.5]),
            ([1.0], [2.0, 3.0, 0.5]),
            ([1.0, 1.0], [1.0]),
            ([3.0], [1.0, 2.0]),
            ([0.2, 0.1], [0.3, 0.4, 0.15]),
        ),
        hints=(
            "Put every loss of `read` beside every loss of `unread`.",
            "Count the pairs in which the first is smaller, and half a point for each tie.",
            "Divide by `len(read) * len(unread)`.",
        ),
        mistakes={
            "turned around": (
                lambda r, u: told_apart(u, r),
                "it is turned around: what was read has the smaller loss.",
            ),
            "ties lose": (
                lambda r, u: sum(x < y for x in r for y in u) / len(r) / len(u),
                "a tie counts half: 1.0 against 1.0 is no better than a coin.",
            ),
            "ties win": (
                lambda r, u: sum(x <= y for x in r for y in u) / len(r) / len(u),
                "a tie is counted as a success. It counts half.",
            ),
            "count": (
                lambda r, u: told_apart(r, u) * len(r) * len(u),
                "that is the number of pairs. Divide by how many pairs there are.",
            ),
            "side by side": (
                lambda r, u: (
                    sum((x < y) + 0.5 * (x == y) for x, y in zip(r, u)) / min(len(r), len(u))
                ),
                "you compared the losses one by one. Put each beside every one of the other list.",
            ),
            "by the first": (
                lambda r, u: told_apart(r, u) * len(u),
                "you divided by the number of texts read. Divide by how many pairs there are.",
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

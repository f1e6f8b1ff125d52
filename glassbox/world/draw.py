"""Random choices that keep their own books.

Every sentence of Port Ellery comes out of a chain of choices: which kind of document, which
resident, which wording. A `Draw` makes the choices and adds up the logarithm of their
probabilities, so that each document arrives with the exact log-probability of its own making.

Only `random.Random.random()` is used, whose sequence Python guarantees across versions and
platforms: the same seed tells the same stories everywhere.

`paths` runs a grammar through every choice it could have made. It is slow, exact, and used
to check the books: all probabilities must add up to one, and no two paths should meet in one text.
"""

from bisect import bisect_right
from itertools import accumulate
from math import log

LOG = [0.0, *(log(n) for n in range(1, 20_000))]  # LOG[n] is ln(n); LOG[0] is never asked for


class Weighted:
    """Options with unequal chances.

    >>> Weighted({"fog": 3, "rain": 1}).logprobs[1] == log(1 / 4)
    True
    """

    def __init__(self, weights):
        self.options = list(weights)
        self.weights = [float(weights[option]) for option in self.options]
        self.cumulative = list(accumulate(self.weights))
        self.total = self.cumulative[-1]
        self.logprobs = [log(w / self.total) for w in self.weights]

    def __len__(self):
        return len(self.options)


class Draw:
    """A stream of choices; `logprob` is the sum of their log-probabilities, in nats.

    >>> import random
    >>> draw = Draw(random.Random(0))
    >>> draw.pick(["cod", "eel", "whelk", "crab"])
    'crab'
    >>> round(draw.logprob, 4) == round(log(1 / 4), 4)
    True
    """

    def __init__(self, rng):
        self.random = rng.random
        self.logprob = 0.0
        self.path = []

    def index(self, n):
        """An integer from 0 to n - 1, all equally likely."""
        i = int(self.random() * n)
        self.logprob -= LOG[n]
        self.path.append(i)
        return i

    def pick(self, options):
        """One of the options: equally likely from a list, by weight from a `Weighted`."""
        if isinstance(options, Weighted):
            return options.options[self.weighted(options)]
        return options[self.index(len(options))]

    def weighted(self, table):
        """The index of one row of a `Weighted`."""
        i = min(bisect_right(table.cumulative, self.random() * table.total), len(table) - 1)
        self.logprob += table.logprobs[i]
        self.path.append(i)
        return i

    def some(self, options, k):
        """k different options in random order."""
        left = list(options)
        return [left.pop(self.index(len(left))) for _ in range(k)]

    def other(self, options, taken):
        """An equally likely option that is not `taken`."""
        i = self.index(len(options) - 1)
        return options[i + (i >= options.index(taken))]


class Replay(Draw):
    """A draw whose first choices are given; from there on it takes the first option."""

    def __init__(self, prefix=()):
        self.prefix, self.logprob, self.path, self.arity = prefix, 0.0, [], []

    def _next(self, n):
        i = self.prefix[len(self.path)] if len(self.path) < len(self.prefix) else 0
        self.path.append(i)
        self.arity.append(n)
        return i

    def index(self, n):
        self.logprob -= LOG[n]
        return self._next(n)

    def weighted(self, table):
        i = self._next(len(table))
        self.logprob += table.logprobs[i]
        return i


def paths(grammar):
    """Yield (result, logprob) for every path of choices through `grammar(draw)`.

    >>> coin = lambda draw: draw.pick(["fog", "rain"]) + draw.pick(["", " and wind"])
    >>> [text for text, _ in paths(coin)]
    ['fog', 'rain', 'fog and wind', 'rain and wind']
    """
    waiting = [()]
    while waiting:
        prefix = waiting.pop(0)
        draw = Replay(prefix)
        yield grammar(draw), draw.logprob
        for place in range(len(prefix), len(draw.path)):
            stem = tuple(draw.path[:place])
            waiting.extend((*stem, i) for i in range(1, draw.arity[place]))

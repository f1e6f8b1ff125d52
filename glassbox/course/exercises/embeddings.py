"""Exercises of lab 15a: a text's mean vector, the cosine of two, and the loss that pulls pairs together."""

from math import exp, log, sqrt

from glassbox.course.exercises import Exercise


def mean_vector(vectors, there):
    """The mean of those vectors at whose place a token really stands."""
    kept = [v for v, real in zip(vectors, there) if real]
    return [sum(column) / len(kept) for column in zip(*kept)]


def cosine(a, b):
    """The product of two vectors, divided by both lengths."""
    product = sum(x * y for x, y in zip(a, b))
    return product / sqrt(sum(x * x for x in a)) / sqrt(sum(y * y for y in b))


def pair_loss(cosines, temperature):
    """Row i should pick column i: the mean of -log of the share that it gives to it."""
    total = 0
    for i, row in enumerate(cosines):
        scores = [exp(c / temperature) for c in row]
        total -= log(scores[i] / sum(scores))
    return total / len(cosines)


def _first_column(cosines, temperature):
    """Every row picks the first column."""
    shares = [[exp(c / temperature) for c in row] for row in cosines]
    return -sum(log(row[0] / sum(row)) for row in shares) / len(cosines)


EXERCISES = [
    Exercise(
        name="mean_vector",
        solution=mean_vector,
        cases=(
            ([[1.0, 2.0], [3.0, 6.0], [9.0, 9.0]], [True, True, False]),
            ([[4.0, 0.0], [1.0, 1.0], [2.0, 5.0]], [True, False, True]),
            ([[0.5, -1.0, 2.0], [1.5, 3.0, 0.0]], [True, True]),
            ([[7.0], [3.0], [8.0], [8.0]], [True, True, False, False]),
        ),
        hints=(
            "Texts of a batch are filled up to one length. What stands there is no token.",
            "Keep the vectors whose place in `there` is True, and take the mean of each column.",
            "`zip(*vectors)` gives the columns, of kept vectors as of all.",
        ),
        mistakes={
            "padding too": (
                lambda vectors, there: [sum(c) / len(vectors) for c in zip(*vectors)],
                "the places behind the end count too. Leave them out.",
            ),
            "divided by all": (
                lambda vectors, there: [
                    sum(x for x, real in zip(c, there) if real) / len(vectors)
                    for c in zip(*vectors)
                ],
                "you divided by the places of the batch. Divide by the number of real tokens.",
            ),
            "sum": (
                lambda vectors, there: [
                    sum(x for x, real in zip(c, there) if real) for c in zip(*vectors)
                ],
                "that is the sum. Divide by the number of real tokens.",
            ),
            "last": (
                lambda vectors, there: [v for v, real in zip(vectors, there) if real][-1],
                "that is the last token's vector. Take the mean of all.",
            ),
        },
    ),
    Exercise(
        name="cosine",
        solution=cosine,
        cases=(
            ([1.0, 0.0], [1.0, 1.0]),
            ([3.0, 4.0], [4.0, 3.0]),
            ([1.0, 2.0, -1.0], [0.5, -1.0, 2.0]),
            ([2.0, 2.0], [5.0, 5.0]),
            ([0.1, 0.7], [-3.0, 0.2]),
        ),
        hints=(
            "Multiply the two vectors number by number and add up.",
            "A vector's length is the root of the sum of its squares.",
            "Divide the product by the one length and by the other.",
        ),
        mistakes={
            "product": (
                lambda a, b: sum(x * y for x, y in zip(a, b)),
                "a long vector gets a large value. Divide by both lengths.",
            ),
            "one length": (
                lambda a, b: cosine(a, b) * sqrt(sum(y * y for y in b)),
                "you divided by one of the two lengths. Divide by both.",
            ),
            "squares": (
                lambda a, b: (
                    sum(x * y for x, y in zip(a, b)) / sum(x * x for x in a) / sum(y * y for y in b)
                ),
                "a length is the root of the sum of the squares.",
            ),
            "distance": (
                lambda a, b: sqrt(sum((x - y) ** 2 for x, y in zip(a, b))),
                "that is the distance of their ends, which depends on the lengths. Take the cosine.",
            ),
        },
    ),
    Exercise(
        name="pair_loss",
        solution=pair_loss,
        cases=(
            ([[0.9, 0.1], [0.2, 0.8]], 0.5),
            ([[0.3, 0.6, 0.1], [0.2, 0.9, 0.4], [0.5, 0.5, 0.7]], 0.2),
            ([[0.0, 1.0], [1.0, 0.0]], 1.0),
            ([[0.5, 0.5], [0.1, 0.4]], 0.1),
            ([[0.8, -0.2, 0.0], [0.3, 0.1, -0.5], [0.0, 0.6, 0.2]], 0.7),
        ),
        hints=(
            "Divide the cosines of a row by the temperature and make shares of them: a softmax.",
            "The right choice of row i is column i. Its loss is -log of the share there.",
            "Add up over the rows, and divide by how many there are.",
        ),
        mistakes={
            "no temperature": (
                lambda cosines, temperature: pair_loss(cosines, 1),
                "the temperature is left out: divide the cosines by it first.",
            ),
            "multiplied": (
                lambda cosines, temperature: pair_loss(cosines, 1 / temperature),
                "divide by the temperature: a small one makes the choice sharper.",
            ),
            "sum": (
                lambda cosines, temperature: pair_loss(cosines, temperature) * len(cosines),
                "that is the sum over the rows. Take the mean.",
            ),
            "first column": (
                _first_column,
                "the partner of row i stands in column i, not always in the first.",
            ),
            "columns": (
                lambda cosines, temperature: pair_loss([*zip(*cosines)], temperature),
                "you made shares of each column. Each row chooses among all columns.",
            ),
        },
    ),
]

"""Exercises of lab 15b: rounding a row, the bytes of a packed matrix, a student's distance from its teacher."""

from math import log2

from glassbox.course.exercises import Exercise


def rounded(row, bits):
    """Each weight of a row as it comes back from whole numbers of so many bits and one scale."""
    most = 2 ** (bits - 1) - 1
    scale = max(abs(w) for w in row) / most
    return [round(w / scale) * scale for w in row]


def size(matrices, bits):
    """The bytes of some matrices (rows, columns): so many bits a weight, and 4 bytes more for each row."""
    return sum(rows * columns * bits / 8 + 4 * rows for rows, columns in matrices)


def distance(teacher, student):
    """How many bits a word it costs to believe the student's shares where the teacher's hold."""
    return sum(t * log2(t / s) for t, s in zip(teacher, student) if t > 0)


def _with_most(most):
    def answer(row, bits):
        scale = max(abs(w) for w in row) / most(bits)
        return [round(w / scale) * scale for w in row]

    return answer


def _whole(row, bits):
    scale = max(abs(w) for w in row) / (2 ** (bits - 1) - 1)
    return [round(w / scale) for w in row]


def _cut_off(row, bits):
    scale = max(abs(w) for w in row) / (2 ** (bits - 1) - 1)
    return [int(w / scale) * scale for w in row]


def _no_sign(row, bits):
    scale = max(max(row), 1e-9) / (2 ** (bits - 1) - 1)
    return [round(w / scale) * scale for w in row]


EXERCISES = [
    Exercise(
        name="rounded",
        solution=rounded,
        cases=(
            ([0.7, -0.32, 0.04], 4),
            ([1.4, 0.3, -0.6, 0.1], 4),
            ([0.2, -1.0, 0.8], 3),
            ([0.9, -0.3, 0.6, -0.1], 2),
            ([0.11, 0.52, -1.27], 8),
            ([-3.0, 1.1, 2.2], 5),
        ),
        hints=(
            "With 4 bits there are 16 places; the whole numbers run from -7 to 7. With 3 bits, from -3 to 3.",
            "The scale is the largest weight, without its sign, divided by the largest whole number.",
            "Divide each weight by the scale, `round`, and multiply by the scale again.",
        ),
        mistakes={
            "all levels": (
                _with_most(lambda bits: 2**bits - 1),
                "half of the whole numbers are negative: the largest is 2 ** (bits - 1) - 1.",
            ),
            "one too many": (
                _with_most(lambda bits: 2 ** (bits - 1)),
                "zero takes a place too: the largest whole number is 2 ** (bits - 1) - 1.",
            ),
            "whole numbers": (
                _whole,
                "these are the whole numbers of the file. Multiply them by the scale again.",
            ),
            "cut off": (_cut_off, "you cut the decimals off. Round to the nearest whole number."),
            "negative ones forgotten": (
                _no_sign,
                "the scale must look at the weights without their sign: the largest may be negative.",
            ),
        },
    ),
    Exercise(
        name="size",
        solution=size,
        cases=(
            ([(128, 128)], 8),
            ([(512, 128), (128, 512)], 4),
            ([(1024, 128), (16, 32), (8, 8)], 4),
            ([(2, 8)], 2),
            ([(10, 40), (3, 16)], 6),
        ),
        hints=(
            "How many weights does a matrix have? How many bits do they take?",
            "Eight bits are a byte.",
            "For each matrix: rows times columns times bits, by 8, and 4 times the rows. Add up.",
        ),
        mistakes={
            "no scales": (
                lambda matrices, bits: sum(r * c * bits / 8 for r, c in matrices),
                "the scales are missing: 4 bytes for each row.",
            ),
            "in bits": (
                lambda matrices, bits: sum(r * c * bits + 32 * r for r, c in matrices),
                "that is in bits. Eight bits are a byte.",
            ),
            "a scale a column": (
                lambda matrices, bits: sum(r * c * bits / 8 + 4 * c for r, c in matrices),
                "there is a scale for each row, not for each column.",
            ),
            "one scale": (
                lambda matrices, bits: sum(r * c * bits / 8 + 4 for r, c in matrices),
                "there is a scale for each row, not one for the whole matrix.",
            ),
            "the first alone": (
                lambda matrices, bits: size(matrices[:1], bits),
                "that is the first matrix alone. Add up all of them.",
            ),
        },
    ),
    Exercise(
        name="distance",
        solution=distance,
        cases=(
            ([0.5, 0.5], [0.25, 0.75]),
            ([0.7, 0.2, 0.1], [0.5, 0.25, 0.25]),
            ([1.0, 0.0], [0.5, 0.5]),  # what the teacher never says costs nothing
            ([0.2, 0.3, 0.5], [0.2, 0.3, 0.5]),
            ([0.1, 0.9], [0.8, 0.2]),
        ),
        hints=(
            "For each word: how many times likelier does the teacher find it? Take the logarithm to base 2.",
            "Weigh that by how often the teacher would say the word, and add up.",
            "Leave out words to which the teacher gives nothing: there is no logarithm of 0.",
        ),
        mistakes={
            "turned around": (
                lambda teacher, student: sum(
                    s * log2(s / t) for t, s in zip(teacher, student) if t > 0
                ),
                "teacher and student are exchanged: weigh by the teacher's share, and divide it by the student's.",
            ),
            "not weighed": (
                lambda teacher, student: sum(
                    log2(t / s) for t, s in zip(teacher, student) if t > 0
                ),
                "every word counts alike. Weigh each by the teacher's share.",
            ),
            "cross-entropy": (
                lambda teacher, student: -sum(t * log2(s) for t, s in zip(teacher, student)),
                "that is the student's surprise at the teacher's words. Take off the teacher's own: log2(t / s).",
            ),
            "mean": (
                lambda teacher, student: distance(teacher, student) / len(teacher),
                "do not divide by the number of words: the shares weigh them already.",
            ),
        },
    ),
]

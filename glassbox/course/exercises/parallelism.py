"""Exercises of lab 13: cards for a model, unequal shares, a ring's bytes, a pipeline's bubble."""

import math

from glassbox.course.exercises import Exercise


def cards(n_params, bytes_each, card_gb):
    """How many cards of `card_gb` gigabytes (of 10^9 bytes) hold so many parameters."""
    return math.ceil(n_params * bytes_each / (card_gb * 10**9))


def whole_loss(losses, rows):
    """The loss of the whole batch, from each worker's mean loss and its number of rows."""
    return sum(loss * n for loss, n in zip(losses, rows)) / sum(rows)


def ring_bytes(p, n_bytes):
    """What each of p workers sends to sum a tensor of so many bytes on a ring."""
    return 2 * (p - 1) / p * n_bytes


def idle(p, m):
    """The share of its time that a stage waits: p stages, m micro-batches."""
    return (p - 1) / (m + p - 1)


EXERCISES = [
    Exercise(
        name="cards",
        solution=cards,
        cases=(
            (175e9, 4, 80),
            (175e9, 16, 80),
            (7e9, 2, 24),
            (70e9, 2, 141),
            (1e9, 4, 80),
            (20e9, 4, 80),
            (30e9, 6, 40),
        ),
        hints=(
            "How many bytes are all the parameters together?",
            "Divide by the bytes of a card: a gigabyte is `10**9` bytes.",
            "A part of a card cannot be bought: round up. After `import math` there is `math.ceil` for it.",
        ),
        mistakes={
            "a part of a card": (
                lambda n, each, gb: n * each / (gb * 10**9),
                "that is not a whole number of cards. Round up.",
            ),
            "rounded down": (
                lambda n, each, gb: int(n * each / (gb * 10**9)),
                "rounded down, the last part has no card to lie on. Round up.",
            ),
            "one too many": (
                lambda n, each, gb: int(n * each // (gb * 10**9)) + 1,
                "where the cards are just filled you take one too many. `math.ceil` does not.",
            ),
            "parameters": (
                lambda n, each, gb: math.ceil(n / (gb * 10**9)),
                "each parameter takes `bytes_each` bytes, and not one.",
            ),
            "gibibytes": (
                lambda n, each, gb: math.ceil(n * each / (gb * 2**30)),
                "a gigabyte is `10**9` bytes here; `2**30` are a gibibyte.",
            ),
        },
    ),
    Exercise(
        name="whole_loss",
        solution=whole_loss,
        cases=(
            ([2.0, 4.0], [3, 1]),
            ([1.0, 2.0, 6.0], [5, 2, 3]),
            ([3.0], [8]),
            ([2.5, 3.5, 1.5, 4.0], [4, 4, 4, 4]),
            ([0.5, 5.0], [1, 9]),
        ),
        hints=(
            "A worker's mean loss stands for as many rows as it had.",
            "The sum of the losses of its rows is its mean times its number of rows.",
            "Add these sums up, and divide by the number of all rows.",
        ),
        mistakes={
            "plain mean": (
                lambda losses, rows: sum(losses) / len(losses),
                "that is right for equal shares alone. A worker with more rows counts for more.",
            ),
            "sum": (
                lambda losses, rows: sum(loss * n for loss, n in zip(losses, rows)),
                "that is the sum over all rows. Divide by how many there are.",
            ),
            "by the workers": (
                lambda losses, rows: sum(loss * n for loss, n in zip(losses, rows)) / len(rows),
                "divide by the number of rows, not of workers.",
            ),
            "by the rows": (
                lambda losses, rows: sum(losses) / sum(rows),
                "each loss is already a mean: multiply it by its rows before you add.",
            ),
        },
    ),
    Exercise(
        name="ring_bytes",
        solution=ring_bytes,
        cases=((4, 4_000_000), (2, 100), (1, 64), (8, 800), (3, 9), (100, 700e9)),
        hints=(
            "The tensor is cut into p pieces; in each round a worker sends one of them.",
            "p - 1 rounds until each piece has been added up somewhere, p - 1 more until all have the sums.",
            "2 (p - 1) rounds, of n_bytes / p each.",
        ),
        mistakes={
            "half of it": (
                lambda p, n: (p - 1) / p * n,
                "that is only half: after p - 1 rounds each worker knows the sum of one piece. It takes "
                "as many again until all know all.",
            ),
            "to everyone": (
                lambda p, n: (p - 1) * n,
                "that is what it costs to send everything to everybody. On the ring a round moves one piece "
                "of p.",
            ),
            "one round more": (
                lambda p, n: 2 * n,
                "p rounds would bring a piece back to where it began. p - 1 are enough.",
            ),
            "all together": (
                lambda p, n: 2 * (p - 1) * n,
                "that is what all workers send together. What does each send?",
            ),
            "rounds": (
                lambda p, n: 2 * (p - 1),
                "that is the number of rounds. In each, n_bytes / p are sent.",
            ),
        },
    ),
    Exercise(
        name="idle",
        solution=idle,
        cases=((4, 4), (4, 32), (1, 5), (8, 8), (2, 1), (16, 4)),
        hints=(
            "Look at the last stage: how long does it wait before the first micro-batch arrives?",
            "p - 1 passes. The way back ends as it began: the first stage is the last to be done. In all, "
            "a stage waits p - 1 passes forward and p - 1 back.",
            "It works m passes each way and waits p - 1: `(p - 1) / (m + p - 1)`.",
        ),
        mistakes={
            "of the work": (
                lambda p, m: (p - 1) / m,
                "that is the waiting as a share of the work. Asked for is its share of the whole time, work "
                "and waiting.",
            ),
            "p of p": (
                lambda p, m: p / (m + p),
                "a single stage waits for nobody: with p = 1 it must be 0. It waits p - 1 passes.",
            ),
            "busy": (
                lambda p, m: m / (m + p - 1),
                "that is the share in which it works. The rest is what it waits.",
            ),
            "without m": (
                lambda p, m: (p - 1) / p,
                "that is for a single micro-batch. With more of them the waiting is a smaller share.",
            ),
        },
    ),
]

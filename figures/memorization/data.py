"""What the figure `memorization` needs of Python's side: the recorded models that read poems.

`one` are the models that read the same poems in other numbers of copies; the rest is the grid of sizes.
"""

from glassbox import recordings


def data() -> dict:
    return recordings.load("memorization") | {"one": recordings.load("memorization_copies")}

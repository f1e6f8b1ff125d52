"""What the figure `model_collapse` needs of Python's side: the recorded generations."""

from glassbox import recordings


def data() -> dict:
    return recordings.load("model_collapse")

"""What the figure `memorization` needs of Python's side: the recorded models that read poems."""

from glassbox import recordings


def data() -> dict:
    return recordings.load("memorization")

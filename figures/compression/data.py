"""What the figure `compression` needs of Python's side: the recorded models that read the register."""

from glassbox import recordings


def data() -> dict:
    return recordings.load("compression")

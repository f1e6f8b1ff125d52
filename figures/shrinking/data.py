"""What the figure `shrinking` needs of Python's side: the recorded conversations of ever smaller assistants."""

from glassbox import recordings


def data() -> dict:
    return recordings.load("shrinking")

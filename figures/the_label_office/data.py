"""What the figure `the_label_office` needs of Python's side: the recorded replies that a reader labels."""

from glassbox import recordings


def data() -> dict:
    return recordings.load("the_label_office_shift")

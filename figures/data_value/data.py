"""What the figure `data_value` needs of Python's side: the worth of every group of poets, in each town."""

from glassbox import recordings


def data() -> dict:
    return {"towns": recordings.load("data_value")["towns"]}

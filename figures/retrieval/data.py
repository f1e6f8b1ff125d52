"""What the figure `retrieval` needs of Python's side: the questions, the passages found, and every reply."""

from glassbox import recordings


def data() -> dict:
    return {"desks": recordings.load("retrieval")["desks"]}

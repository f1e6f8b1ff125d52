"""What the figure `moderation` needs of Python's side: messages that recorded filters have scored."""

from glassbox import recordings


def data() -> dict:
    return recordings.load("moderation_desk")

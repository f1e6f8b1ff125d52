"""What the figure `rlhf` needs of Python's side: the leashes of chapter 8's recorded runs."""

from glassbox import recordings

PARTS = ("world", "settings", "prompts", "before", "leash")


def data() -> dict:
    recording = recordings.load("rlhf")
    return {part: recording[part] for part in PARTS}

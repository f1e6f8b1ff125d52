"""What the figure `rlhf` needs of Python's side: chapter 8's training for reward, listened to on the way.

A run has its `curve`, and for every stop of it the `replies` to the shown questions.
"""

from glassbox import recordings

PARTS = ("world", "settings", "prompts", "before", "leash")


def data() -> dict:
    recording = recordings.load("rlhf_replies")
    return {part: recording[part] for part in PARTS}

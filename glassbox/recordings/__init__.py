"""Experiments too long for a lab's minute: one a module, named as its lab, its JSON beside it.

`load("rlhf")` gives what was recorded; `python -m glassbox.recordings.rlhf` records it again.
"""

from glassbox.recordings.recording import load

__all__ = ["load"]

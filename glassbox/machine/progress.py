"""A progress bar with tokens per second, time left and bits per byte.

In a terminal it is tqdm's. In a notebook it is one line that is rewritten and stays as a short
summary, so that a page made from the notebook does not show a hundred torn bars.
"""

from __future__ import annotations

import sys
import time

from tqdm import tqdm


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


class Progress:
    """`with Progress(steps, start, shown) as bar: bar.update(history)` after each step."""

    def __init__(self, steps: int, start: int = 0, shown: bool = True):
        self.steps, self.start, self.shown = steps, start, shown
        self.bar = self.line = None
        self.began = self.drawn = time.monotonic()

    def __enter__(self):
        if self.shown and _in_notebook():
            from IPython.display import display

            self.line = display(_Line("training …"), display_id=True)
        elif self.shown:
            self.bar = tqdm(total=self.steps, initial=self.start, unit="step", leave=True)
        return self

    def update(self, history) -> None:
        if not self.shown:
            return
        self.history, done = history, len(history.loss)
        if self.bar is not None:
            self.bar.set_postfix_str(_told(history), refresh=False)
            self.bar.update(1)
        elif time.monotonic() - self.drawn > 0.3:
            self.drawn = time.monotonic()
            left = (self.drawn - self.began) / max(1, done - self.start) * (self.steps - done)
            share = f"{done / self.steps:4.0%} of {self.steps} steps"
            self.line.update(_Line(f"{share}, {left:.0f} s left, {_told(history)}"))

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()
        elif self.line is not None and hasattr(self, "history"):
            n, seconds = len(self.history.loss), self.history.seconds
            self.line.update(_Line(f"{n} steps in {seconds:.1f} s, {_told(self.history)}"))


def _told(history) -> str:
    if hasattr(history, "told"):
        return history.told()
    unit = "bits per byte" if history.bytes_per_token else history.unit
    return f"{history.tokens_per_second:,.0f} tokens/s, {history.recent():.3f} {unit}"


class _Line:
    """Text that a notebook shows as it is."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

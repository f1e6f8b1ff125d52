"""A progress bar: how far a run is, how long it will still take, and how it goes.

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
    """`with Progress(steps) as bar: bar.update(history)` after each step.

    Beside the bar stands what `history.status()` says, or a text given instead. `done` of the `total`
    steps were done before; `unit` is the name of one step.
    """

    def __init__(self, total: int, done: int = 0, shown: bool = True, unit: str = "step"):
        self.total, self.done, self.unit, self.shown = total, done, unit, shown
        self.bar = self.line = self.state = None
        self.first, self.began, self.drawn = done, time.monotonic(), 0.0

    def __enter__(self):
        if self.shown and _in_notebook():
            from IPython.display import display

            self.line = display(_Line(f"{self.total} {self.unit}s …"), display_id=True)
        elif self.shown:
            self.bar = tqdm(total=self.total, initial=self.done, unit=self.unit, leave=True)
        return self

    def update(self, state) -> None:
        self.done, self.state = self.done + 1, state
        if self.bar is not None:
            self.bar.set_postfix_str(_status(state), refresh=False)
            self.bar.update(1)
        elif self.line is not None and time.monotonic() - self.drawn > 0.3:
            self.drawn = time.monotonic()
            left = (self.drawn - self.began) / (self.done - self.first) * (self.total - self.done)
            share = f"{self.done / self.total:4.0%} of {self.total} {self.unit}s"
            self.line.update(_Line(f"{share}, {left:.0f} s left, {_status(state)}"))

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()
        elif self.line is not None and self.state is not None:
            took = time.monotonic() - self.began
            self.line.update(
                _Line(f"{self.done} {self.unit}s in {took:.1f} s, {_status(self.state)}")
            )


def _status(state) -> str:
    return state if isinstance(state, str) else state.status()


class _Line:
    """Text that a notebook shows as it is."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text

"""What the measurements share: contestants take turns, medians are reported, ratios to the first."""

import statistics
import time
from collections.abc import Callable


def interleaved(
    contestants: dict[str, Callable], rounds: int, clock: Callable = time.process_time
) -> dict[str, float]:
    """The median seconds of each contestant over rounds in which they take turns.

    `time.process_time` counts the CPU seconds of this process over all its threads, so that neighbors
    on the machine matter little; `time.perf_counter` is the clock on the wall.
    """
    took = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            began = clock()
            run()
            took[name].append(clock() - began)
    return {name: statistics.median(times) for name, times in took.items()}


def table(title: str, rows: dict[str, float]) -> None:
    """Print seconds and, within each group (the words before the colon), the ratio to its first row."""
    print(f"\n{title}\n\n| what | seconds | ratio |\n|---|---|---|")
    first: dict[str, float] = {}
    for name, seconds in rows.items():
        group = name.split(":")[0]
        first.setdefault(group, seconds)
        print(f"| {name} | {seconds:.4g} | {seconds / first[group]:.2f} |")

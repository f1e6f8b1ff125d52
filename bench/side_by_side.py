"""What the measurements share: contestants take turns, medians are reported, ratios to the first."""

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path


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


def taking_turns(script: str, names: list[str], rounds: int) -> dict[str, float]:
    """Like `interleaved`, in CPU seconds, but each contestant has a process of its own.

    The process is `python script --turns NAME`, which must call `turns`.
    """
    took = {name: [] for name in names}
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(
                subprocess.Popen(
                    [sys.executable, script, "--turns", name],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
                )
            )
            for name in names
        }  # fmt: skip
        for _ in range(rounds):
            for name, process in processes.items():
                print("your turn", file=process.stdin, flush=True)
                took[name].append(float(process.stdout.readline()))
    return {name: statistics.median(times) for name, times in took.items()}


def turns(build: Callable[[], Callable]) -> None:
    """Build one contestant, run it once to set things up, and then once for every line that comes in."""
    run = build()
    run()
    for _ in sys.stdin:
        began = time.process_time()
        run()
        print(time.process_time() - began, flush=True)


def table(title: str, rows: dict[str, float]) -> None:
    """Print seconds and, within each group (the words before the colon), the ratio to its first row."""
    print(f"\n{title}\n\n| what | seconds | ratio |\n|---|---|---|")
    first: dict[str, float] = {}
    for name, seconds in rows.items():
        group = name.split(":")[0]
        first.setdefault(group, seconds)
        print(f"| {name} | {seconds:.4g} | {seconds / first[group]:.2f} |")


def memory_table(script: str, names: list[str]) -> None:
    """Print the peak memory of each contestant, each in a process of its own (Linux only).

    The process is `python script --alone NAME`, which must call `alone`.
    """
    print("\nMemory, MB\n\n| what | built | peak |\n|---|---|---|")
    for name in names:
        command = [sys.executable, script, "--alone", name]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
        built, peak = told.split()[-2:]
        print(f"| {name} | {built} | {peak} |")


def alone(build: Callable[[], Callable]) -> None:
    """Build one contestant, run it 3 times, and print the peaks of memory before and after."""
    run = build()
    built = _peak_mb()
    for _ in range(3):
        run()
    print(f"{built:.0f} {_peak_mb():.0f}")


def _peak_mb() -> float:
    """The most memory this program has held; `ru_maxrss` would count its parent's before it began."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024 / 1e6

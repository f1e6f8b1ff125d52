"""Joules of a piece of work: from the machine's own counter where it has one that may be read, else a range.

Counters: RAPL, which Linux shows under /sys/class/powercap for Intel and AMD (the whole package, and
whoever else computes on it; since 2020 readable by the administrator only, because secrets can be read off
a meter that is fine enough: CVE-2020-8694); and NVML for NVIDIA GPUs since Volta. In the cloud, on
Windows and on a Mac there is usually neither. Then `modelled` states a range and what it rests on.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")
WATTS_A_CORE = (
    2.0,
    6.0,
    20.0,
)  # one busy core with its share: a phone or laptop; a server; a desktop
WHY = "a busy core draws 2 W in a laptop, about 6 W in a server, up to 20 W in a desktop"


@dataclass
class Meter:
    """Measures the work in a `with` block.

    seconds  time on the clock
    cpu      processor time of this process, in seconds: two busy threads count twice
    joules   what a counter says, or None
    source   "RAPL", "NVML", or "no counter"

    >>> with Meter() as meter:
    ...     total = sum(range(1000))
    >>> meter.seconds > 0
    True
    """

    device: str = "cpu"
    folder: Path = POWERCAP
    seconds: float = 0.0
    cpu: float = 0.0
    joules: float | None = None
    source: str = "no counter"

    def __enter__(self) -> Meter:
        self._before = nvml_joules() if self.device.startswith("cuda") else rapl(self.folder)
        self._began, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error) -> None:
        self.seconds = time.perf_counter() - self._began
        self.cpu = time.process_time() - self._cpu
        gpu = self.device.startswith("cuda")
        after = nvml_joules() if gpu else rapl(self.folder)
        if self._before and after and set(self._before) == set(after):
            used = sum(_passed(self._before[zone], after[zone]) for zone in after)
            self.joules, self.source = used, "NVML" if gpu else "RAPL"


def rapl(folder: Path = POWERCAP) -> dict[str, tuple[float, float]]:
    """Counters of the processor packages, {name: (joules, joules at which it starts over)}.

    Empty where there are none or this user may not read them.
    """
    found = {}
    for zone in sorted(folder.glob("intel-rapl:*")):
        if zone.name.count(":") > 1:
            continue  # a part of a package, which is counted in it
        with suppress(OSError, ValueError):
            micro = [
                int((zone / file).read_text()) for file in ("energy_uj", "max_energy_range_uj")
            ]
            found[zone.name] = (micro[0] / 1e6, micro[1] / 1e6)
    return found


def nvml_joules() -> dict[str, tuple[float, float]]:
    """The energy counters of NVIDIA's GPUs, as `rapl`; empty without the package nvidia-ml-py."""
    try:
        import pynvml

        pynvml.nvmlInit()
        handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        read = pynvml.nvmlDeviceGetTotalEnergyConsumption  # millijoules since the driver started
        return {f"gpu{i}": (read(handle) / 1e3, float("inf")) for i, handle in enumerate(handles)}
    except Exception:  # not there, no driver, or a GPU that does not count
        return {}


def modelled(cpu_seconds: float) -> tuple[float, float, float]:
    """Joules of so many seconds on one core: lowest, central, highest. See `WHY`.

    >>> modelled(10.0)
    (20.0, 60.0, 200.0)
    """
    if not cpu_seconds >= 0:
        raise ValueError(f"cpu_seconds is {cpu_seconds}; it must be 0 or more")
    return tuple(watts * cpu_seconds for watts in WATTS_A_CORE)


def _passed(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Joules between two readings; the counter may have started over once."""
    moved = after[0] - before[0]
    return moved if moved >= 0 else moved + after[1]

"""What the labs take: processor seconds as on the reference machine, and memory, against the budget.

Each lab runs anew, alone, on one thread; before and after it bench/slowness.py says how much slower
the machine is at that moment than the reference, and the lab's processor seconds are divided by
that. So a budget means the same on every machine, quiet or busy.
"""

import statistics
import subprocess

from tools import environment, labs
from tools.environment import ROOT, Stop

MEDIAN, WORST, TOGETHER = 45, 90, 13 * 60  # processor seconds on the reference machine
MEGABYTES = 1500


def main(names: list[str]) -> int:
    """Run these labs and print a table; 1 where one takes too much, else 0."""
    labs.prepare()
    took, held = {}, {}
    print(f"{'lab':<28} {'seconds':>8} {'slowness':>9} {'at 1.00':>8} {'MB':>6}")
    before = slowness()
    for name in names:
        with environment.alone(f"lab-{name}"):
            record = labs.run(name)
        if not record["ok"]:
            raise Stop(f"lab {name} failed: {record['error']['message']}")
        after = slowness()
        factor, before = (before + after) / 2, after
        took[name], held[name] = record["cpu_seconds"] / factor, record["peak_mb"]
        row = f"{record['cpu_seconds']:8.0f} {factor:9.2f} {took[name]:8.0f} {held[name]:6.0f}"
        print(f"{name:<28} {row}", flush=True)
    wrong = over(took, held)
    print("\n".join(wrong) or "All labs keep their budget.")
    return 1 if wrong else 0


def over(took: dict[str, float], held: dict[str, float]) -> list[str]:
    """What is above the budget, in words.

    >>> over({"01_dice": 100.0, "02_cards": 20.0}, {"01_dice": 300.0, "02_cards": 1600.0})
    ['01_dice: 100 s; at most 90', '02_cards: 1600 MB; at most 1500', 'the median lab: 60 s; at most 45']
    """
    wrong = [f"{name}: {s:.0f} s; at most {WORST}" for name, s in took.items() if s > WORST]
    wrong += [f"{n}: {mb:.0f} MB; at most {MEGABYTES}" for n, mb in held.items() if mb > MEGABYTES]
    middle, whole = statistics.median(took.values()), sum(took.values())
    if len(took) > 1 and middle > MEDIAN:
        wrong.append(f"the median lab: {middle:.0f} s; at most {MEDIAN}")
    if whole > TOGETHER:
        wrong.append(f"all together: {whole / 60:.1f} min; at most {TOGETHER / 60:.0f}")
    return wrong


def slowness() -> float:
    """How many times slower this machine is now than the reference."""
    command = [environment.python(), str(ROOT / "bench" / "slowness.py")]
    env = labs.quiet_environment()
    said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if said.returncode:
        raise Stop(f"bench/slowness.py failed:\n{said.stderr}")
    return float(said.stdout)

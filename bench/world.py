"""How fast Port Ellery writes, and how large the slack of its entropy floor is.

    python bench/world.py

Measures one run and prints it. The last result, 2026-11-21, Python 3.11, two shared Zen 5 cores:

    import glassbox.world: 0.018 s
    World(0, 400): 0.011 s
    World(0, 2000): 0.018 s
    1 MB of text, 400 residents: 0.05 s
    1 MB of text, 2000 residents: 0.27 s
    floor, 20,000 held-out documents: 0.1756 bits per byte
    200,000 documents about 20 residents: 103333 repeat a text, 0 by other choices
"""

import random
import subprocess
import sys
import time

from glassbox.world import World
from glassbox.world.documents import weights, write
from glassbox.world.draw import Draw


def best_of(n, function):
    """The shortest of n wall times, in seconds."""
    times = []
    for _ in range(n):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def clashes(world, n):
    """How many of n documents have a text that other choices had made before, and how many repeat."""
    table, rng, seen, clash, repeat = weights(), random.Random(99), {}, 0, 0
    for _ in range(n):
        draw = Draw(rng)
        text = write(draw, world.town, table).text
        if text in seen:
            repeat += 1
            clash += seen[text] != draw.path
        seen.setdefault(text, draw.path)
    return clash, repeat


if __name__ == "__main__":
    timed = "import time; t = time.perf_counter(); import glassbox.world; print(time.perf_counter() - t)"
    imports = [float(subprocess.check_output([sys.executable, "-c", timed])) for _ in range(5)]
    print(f"import glassbox.world: {min(imports):.3f} s")
    for size in (400, 2000):
        print(f"World(0, {size}): {best_of(3, lambda s=size: World(0, s)):.3f} s")
    world = World()
    print(f"1 MB of text, 400 residents: {best_of(3, lambda: world.text(1_000_000)):.2f} s")
    large = World(0, 2000)
    print(f"1 MB of text, 2000 residents: {best_of(3, lambda: large.text(1_000_000)):.2f} s")
    floor = world.floor(world.documents(n=20_000, split="held_out"))
    print(f"floor, 20,000 held-out documents: {floor:.4f} bits per byte")
    clash, repeat = clashes(World(0, 20), 200_000)
    print(f"200,000 documents about 20 residents: {repeat} repeat a text, {clash} by other choices")

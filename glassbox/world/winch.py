"""Winch: a programming language with eight orders, for tests of code that is run and not looked at.

A program is up to three orders that change one number, from left to right:

    add 1   add 2   add 3   add 5   less 1   less 2   double   triple

A `Task` shows what a program does to two numbers and asks for such a program; `passes` runs an answer on
those and on four more numbers that the task does not show. Several programs can be right. Pure Python.

Left out: loops, conditions, names. A test of real code (HumanEval: Chen et al. 2021, arXiv:2107.03374)
works the same way: hidden tests decide.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import product

from glassbox.world.draw import Draw

ORDERS = {
    "add 1": lambda x: x + 1,
    "add 2": lambda x: x + 2,
    "add 3": lambda x: x + 3,
    "add 5": lambda x: x + 5,
    "less 1": lambda x: x - 1,
    "less 2": lambda x: x - 2,
    "double": lambda x: 2 * x,
    "triple": lambda x: 3 * x,
}
MOST = 3  # orders in a program
INPUTS = range(1, 10)
TESTS = (2, 4, 7, 11)  # what an answer is run on besides the examples
ORDER = re.compile("|".join(ORDERS))


@dataclass(frozen=True)
class Task:
    """What a program must do: `examples`, pairs of input and output, and one `program` that does it."""

    examples: tuple[tuple[int, int], ...]
    program: str

    @property
    def prompt(self) -> str:
        """The task as text, up to where the program begins."""
        shown = ", ".join(f"{x} to {y}" for x, y in self.examples)
        return f"Winch orders that turn {shown}:"


def run(program: str, x: int) -> int:
    """What a program makes of a number. Raises ValueError for what is no program.

    >>> run("double, add 3", 4)
    11
    """
    orders = [part.strip() for part in program.strip().rstrip(".").split(",")]
    if len(orders) > MOST or any(order not in ORDERS for order in orders):
        raise ValueError(
            f"{program!r} is no program: give one to {MOST} of {', '.join(ORDERS)}, with commas between"
        )
    for order in orders:
        x = ORDERS[order](x)
    return x


def passes(task: Task, reply: str) -> bool:
    """Whether the first line of a reply is a program that does what the task asks, hidden tests included.

    >>> task = Task(((1, 5), (4, 11)), "double, add 3")
    >>> passes(task, " double, add 3."), passes(task, "add 3, add 1"), passes(task, "I cannot")
    (True, False, False)
    """
    program = reply.strip().split("\n")[0]
    try:
        return all(run(program, x) == y for x, y in task.examples) and all(
            run(program, x) == run(task.program, x) for x in TESTS
        )
    except ValueError:
        return False


def programs(n_orders: int) -> list[str]:
    """All programs of so many orders.

    >>> len(programs(3))
    512
    """
    return [", ".join(orders) for orders in product(ORDERS, repeat=n_orders)]


def task(draw: Draw, n_orders: int) -> Task:
    """A task that so many orders solve, drawn."""
    program = ", ".join(draw.pick(list(ORDERS)) for _ in range(n_orders))
    return Task(tuple((x, run(program, x)) for x in sorted(draw.some(INPUTS, 2))), program)


def is_test(found: Task) -> bool:
    """Whether a task is kept for tests: a fixed scramble of its examples, true for one in eight."""
    (a, b), (c, d) = found.examples
    return (a * 7919 + b * 104_729 + c * 1_299_709 + d * 15_485_863) % 8 == 0


def tasks(n: int, seed: int = 0, test: bool = False) -> list[Task]:
    """n tasks of one to three orders; those for tests are in no text for training.

    >>> tasks(1)[0].prompt
    'Winch orders that turn 4 to 12, 5 to 13:'
    """
    draw, found = Draw(random.Random(f"winch {seed} {test}")), []
    while len(found) < n:
        one = task(draw, 1 + draw.index(MOST))
        if is_test(one) == test:
            found.append(one)
    return found


def lessons(n: int, seed: int = 0) -> list[str]:
    """n solved tasks as documents to train on.

    >>> lessons(1)[0].startswith("Winch orders that turn ")
    True
    """
    return [f"{one.prompt} {one.program}." for one in tasks(n, seed)]

"""Who works when, if a model is cut into stages and a batch into micro-batches: schedules without processes.

A stage holds some of the layers. A micro-batch goes forward through all stages and then back through them.
`schedule` says in which order each stage takes its passes, and from that follows when: a pass starts as soon
as its stage is free and what it waits for has arrived. With p stages, m micro-batches and passes that take
the same time in every stage, a stage waits for the share (p - 1) / (m + p - 1) of the step, the bubble, in
both schedules. What 1F1B saves is memory: it keeps at most p micro-batches, GPipe all m.

Sources: Huang et al. 2019, arXiv:1811.06965 (GPipe); Narayanan et al. 2019, arXiv:1806.03377, and 2021,
arXiv:2104.04473 (1F1B). Left out: interleaved and zero-bubble schedules, and the time that sending takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = ("gpipe", "1f1b")


@dataclass(frozen=True)
class Slot:
    """One pass of one micro-batch through one stage: from `start` to `end`."""

    stage: int
    micro_batch: int
    work: str  # "forward" or "backward"
    start: float
    end: float


def order(kind: str, stage: int, stages: int, micro_batches: int) -> list[tuple[str, int]]:
    """The passes of one stage, in the order in which it takes them.

    gpipe  all micro-batches forward, then all back
    1f1b   as many forward as there are stages after this one, then one forward and one back in turn

    >>> order("gpipe", 0, 2, 2)
    [('forward', 0), ('forward', 1), ('backward', 0), ('backward', 1)]
    >>> order("1f1b", 1, 2, 2)
    [('forward', 0), ('backward', 0), ('forward', 1), ('backward', 1)]

    Raises ValueError for an unknown kind, a number below 1, or a stage that there is not.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    for name, n in (("stages", stages), ("micro_batches", micro_batches)):
        if n < 1:
            raise ValueError(f"{name} is {n}; it must be 1 or more")
    if not 0 <= stage < stages:
        raise ValueError(
            f"stage is {stage}; with {stages} stages it must be from 0 to {stages - 1}"
        )
    first = micro_batches if kind == "gpipe" else min(stages - 1 - stage, micro_batches)
    passes = [("forward", i) for i in range(first)]
    for i in range(micro_batches):
        if first + i < micro_batches:
            passes.append(("forward", first + i))
        passes.append(("backward", i))
    return passes


def schedule(
    kind: str,
    stages: int,
    micro_batches: int,
    forward: float | Sequence[float] = 1.0,
    backward: float | Sequence[float] = 2.0,
) -> list[Slot]:
    """Every pass of one training step with its start and end, sorted by start and stage.

    forward, backward  the time of a pass; one number, or one for each stage

    >>> for slot in schedule("gpipe", 2, 1):
    ...     print(slot.stage, slot.work, slot.start, slot.end)
    0 forward 0.0 1.0
    1 forward 1.0 2.0
    1 backward 2.0 4.0
    0 backward 4.0 6.0

    Raises ValueError as `order` does, and for times that are not above 0.
    """
    order(kind, 0, stages, micro_batches)  # or an error that names what is wrong
    takes = {
        "forward": _each(forward, "forward", stages),
        "backward": _each(backward, "backward", stages),
    }
    waiting = [order(kind, s, stages, micro_batches) for s in range(stages)]
    free, done, slots = [0.0] * stages, {}, []
    while any(waiting):
        for s, passes in enumerate(waiting):
            while passes and (arrived := _arrival(done, s, stages, *passes[0])) is not None:
                work, i = passes.pop(0)
                start = max(free[s], arrived)
                free[s] = done[s, work, i] = start + takes[work][s]
                slots.append(Slot(s, i, work, start, free[s]))
    return sorted(slots, key=lambda slot: (slot.start, slot.stage))


def _arrival(done: dict, stage: int, stages: int, work: str, i: int) -> float | None:
    """When what a pass needs is there: from the stage before, or after; None if that has not run yet."""
    if work == "forward":
        return done.get((stage - 1, "forward", i)) if stage else 0.0
    if stage == stages - 1:
        return done.get((stage, "forward", i))
    return done.get((stage + 1, "backward", i))


def _each(time, name: str, stages: int) -> list[float]:
    times = [float(t) for t in time] if isinstance(time, Sequence) else [float(time)] * stages
    if len(times) != stages or not all(t > 0 for t in times):
        raise ValueError(f"{name} is {time}; give a time above 0, or {stages} of them, one a stage")
    return times


def bubble(slots: Sequence[Slot]) -> float:
    """The share of the stages' time, from the first start to the last end, in which they wait.

    >>> round(bubble(schedule("gpipe", 4, 4)), 3), round(predicted_bubble(4, 4), 3)
    (0.429, 0.429)
    """
    stages = len({slot.stage for slot in slots})
    whole = max(slot.end for slot in slots) - min(slot.start for slot in slots)
    return 1 - sum(slot.end - slot.start for slot in slots) / (stages * whole)


def predicted_bubble(stages: int, micro_batches: int) -> float:
    """(p - 1) / (m + p - 1), for passes that take equally long in every stage.

    >>> round(predicted_bubble(4, 32), 3)
    0.086
    """
    return (stages - 1) / (micro_batches + stages - 1)


def held(slots: Sequence[Slot]) -> list[int]:
    """For each stage, how many micro-batches it keeps at most: gone forward, not yet back.

    >>> held(schedule("gpipe", 4, 8)), held(schedule("1f1b", 4, 8))
    ([8, 8, 8, 8], [4, 3, 2, 1])
    """
    most = []
    for stage in sorted({slot.stage for slot in slots}):
        now = peak = 0
        for slot in sorted((x for x in slots if x.stage == stage), key=lambda x: x.start):
            now += 1 if slot.work == "forward" else -1
            peak = max(peak, now)
        most.append(peak)
    return most

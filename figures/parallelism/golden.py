"""Write the golden vectors of the figure `parallelism`: schedules that the page must find too.

Run `python -m figures.parallelism.golden` from the repository's root after a change of
glassbox.scale.pipeline, and read the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

from figures.core.golden import write
from glassbox.scale import pipeline

FILE = Path(__file__).with_name("golden.json")
CASES = [
    (kind, stages, pieces)
    for kind in pipeline.KINDS
    for stages, pieces in ((1, 3), (2, 1), (2, 4), (4, 1), (4, 3), (4, 4), (4, 16), (8, 6), (8, 32))
]


def vectors() -> list[dict]:
    """Each case with its slots as [stage, micro-batch, forward?, start, end], its bubble and what is held."""
    found = []
    for kind, stages, pieces in CASES:
        slots = pipeline.schedule(kind, stages, pieces)
        found.append(
            {
                "kind": kind,
                "stages": stages,
                "pieces": pieces,
                "slots": [
                    [s.stage, s.micro_batch, int(s.work == "forward"), s.start, s.end]
                    for s in slots
                ],
                "bubble": pipeline.bubble(slots),
                "predicted": pipeline.predicted_bubble(stages, pieces),
                "held": pipeline.held(slots),
            }
        )
    return found


if __name__ == "__main__":
    write(FILE, vectors())

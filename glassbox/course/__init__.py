"""The lab apparatus: exercises, predictions, measured numbers, figures, plots, shipped models.

Labs import from here; nothing in `world`, `machine` or later floors does. `models` and `figure`
are looked up when first used, so that a lab about words alone does not wait for torch.
"""

import importlib

from glassbox.course import plots
from glassbox.course.exercises import check, hint, solution
from glassbox.course.predictions import outcome, predict
from glassbox.course.record import record
from glassbox.course.show import show

__all__ = [
    "check",
    "doctor",
    "figure",
    "hint",
    "models",
    "outcome",
    "plots",
    "predict",
    "record",
    "show",
    "solution",
]

_LATER = {
    "figure": ("glassbox.course.figures", "figure"),
    "doctor": ("glassbox.course.doctor", "doctor"),
    "models": ("glassbox.course.models", None),
}


def __getattr__(name: str):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LATER[name]
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found

"""The lab apparatus: exercises, predictions, measured numbers, figures, plots, shipped models.

Labs import from here; nothing in `world`, `machine` and the floors above them does. `models` is
looked up when first used, so that a lab about words alone does not wait for torch.
"""

import importlib

from glassbox.course import plots
from glassbox.course.charts import chart, explore
from glassbox.course.doctor import doctor
from glassbox.course.exercises import check, hint, solution
from glassbox.course.figure import figure
from glassbox.course.predictions import outcome, predict
from glassbox.course.record import record
from glassbox.course.show import show

__all__ = [
    "chart",
    "check",
    "doctor",
    "explore",
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


def __getattr__(name: str):
    if name != "models":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module("glassbox.course.models")

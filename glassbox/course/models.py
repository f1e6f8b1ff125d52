"""The shipped models, under the name that labs use: `models.load("base")`."""

from glassbox.shipped import FOLDER, load

__all__ = ["FOLDER", "load"]

"""The models that the course ships: `load("base")` gives one at once; making them is apart.

`loading` is all that a lab needs. `python -m glassbox.shipped` (which `make models` calls) trains them all
again, by `base`, `chat` and `aligning`, and writes their `cards`; the files are in `checkpoints/`.
"""

from glassbox.shipped.loading import FOLDER, load

__all__ = ["FOLDER", "load"]

"""Glass Box: a whole ChatGPT small enough to see through, and the town it is tried in.

The packages are the floors of the house, and imports run one way:
`world` (Port Ellery, no torch) <- `machine` (the model) <- `assistant`, `scale`, `society`;
`course` is the lab apparatus. This file imports nothing, so that `glassbox.world` stays light.
"""

__version__ = "0.1.0"

"""Part IV, what it affects.

`labels` (who taught the machine what is better) with `agreement`; `memorization` (what it repeats by
heart) with `planting` and `overlap`; `hallucination` (what it invents) and `poison` (what a few planted
documents do), which read towns made to measure; `collage` (whether a model that draws pastes its
training images together).

Imports the world, the machine and the assistant; nothing here knows of the course.
"""

"""Part IV, what it affects.

`labels` (who taught the machine what is better) with `agreement`; `memorization` (what it repeats by
heart) with `planting` and `overlap`; `hallucination` (what it invents) and `poison` (what a few planted
documents do), which read towns made to measure; `collage` (whether a model that draws pastes its
training images together); `adoption` (how fast people take it up, with published counts) and `tasks` (what
it takes of work, and who gains); `rooms` (a table, a count and a network sit one exam).

Imports the world, the machine and the assistant; nothing here knows of the course.
"""

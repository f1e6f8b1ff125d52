"""Part IV, what it affects: labels, memorization, collage.

Imports the world, the machine and the assistant; nothing here knows of the course.
"""

"""Part III, what it takes: scaling laws, sweeps over many models, the bill, many processes.

Imports the world, the machine and the assistant; nothing here knows of the course.
"""

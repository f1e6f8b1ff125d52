"""Port Ellery: a town whose every fact is known. No torch, no numpy.

>>> from glassbox.world import World
>>> world = World(seed=0, residents=400)
>>> question = world.questions(n=1)[0]
>>> world.judge(question, question.answer)
'right'
"""

from glassbox.world.documents import KINDS, Document
from glassbox.world.questions import Question
from glassbox.world.town import Resident
from glassbox.world.world import TextWorld, World, from_text

__all__ = ["KINDS", "Document", "Question", "Resident", "TextWorld", "World", "from_text"]

"""What Port Ellery's five poets hand in: archives that differ in size and in how much is the poet's own.

In every town dice say which poet has which habit:

    writes      48 poems of their own
    some        24 of their own
    few          8 of their own
    repeats     48, but six different ones, each eight times
    copies      40, all of them copied from the poet who writes, and no line of their own

So most text is not most content, and one archive can be spared as long as another is there. Readers ask for
new poems in the manner of the four who have one; nobody asks for the copyist's. All this is set up so that
ways to value data can be told apart. It says nothing about how common repeating and copying are.

Poems, and the poets' manners, are in `world.poets`. What the readers ask for is in no archive.
"""

import random
from dataclasses import dataclass

from glassbox.world.poets import MANNERS, poems

HABITS = {  # habit: (poems handed in, different ones)
    "writes": (48, 48),
    "some": (24, 24),
    "few": (8, 8),
    "repeats": (48, 6),
    "copies": (40, 40),
}


@dataclass(frozen=True, slots=True)
class Archive:
    """One poet's archive: the poems handed in, which may repeat, and the habit that dice gave the poet."""

    poet: str
    habit: str
    poems: tuple[str, ...]


def archives(seed=0):
    """{poet: Archive} for all five. The same seed gives the same archives.

    >>> town = archives(3)
    >>> {archive.habit: len(set(archive.poems)) for archive in town.values()} == {
    ...     "writes": 48, "some": 24, "few": 8, "repeats": 6, "copies": 40}
    True
    """
    _check(seed)
    habits = list(HABITS)
    random.Random(f"habits {seed}").shuffle(habits)
    who = dict(zip(MANNERS, habits))
    writer = next(poet for poet, habit in who.items() if habit == "writes")
    found = {}
    for poet, habit in who.items():
        n, different = HABITS[habit]
        own = [p.text for p in poems(different, _own(seed), writer if habit == "copies" else poet)]
        found[poet] = Archive(poet, habit, tuple(own * (n // different)))
    return found


def asked_for(seed=0, each=16):
    """{poet: new poems} in the manner of each poet who has one: what readers want, and nobody handed in.

    >>> [len(wanted) for wanted in asked_for(3, each=2).values()]
    [2, 2, 2, 2]
    """
    _check(seed)
    if isinstance(each, bool) or not isinstance(each, int) or each < 1:
        raise ValueError(f"each is {each!r}; ask for one poem or more of every poet")
    town = archives(seed)
    read = {text for archive in town.values() for text in archive.poems}
    wanted = {}
    for poet, archive in town.items():
        if archive.habit != "copies":
            drawn = [p.text for p in poems(2 * each, _own(seed) + 1, poet)]
            wanted[poet] = [text for text in drawn if text not in read][:each]
    return wanted


def _own(seed):
    return 2 * seed + 180_000  # the town's own poems; the next number is for what readers ask for


def _check(seed):
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed is {seed!r}; use a whole number, 0 or more")

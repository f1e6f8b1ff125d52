"""The poets: signed poems, all different, the same for the same seed."""

import pytest

from glassbox.world.kinds.poems import POEMS
from glassbox.world.poets import MANNERS, poems


def test_poems_are_different_signed_and_the_same_each_time():
    made = poems(300, seed=1)
    assert len({p.text for p in made}) == 300
    assert made == poems(300, seed=1) and made != poems(300, seed=2)
    assert {p.poet for p in made} == set(MANNERS) == set(POEMS)
    assert all(p.text.splitlines()[0].endswith(f", by {p.poet}") for p in made)
    assert all(3 <= len(p.text.splitlines()) <= 7 and p.bits > 50 for p in made)


def test_one_poet_alone():
    assert {p.poet for p in poems(20, poet="Lazlo Brine")} == {"Lazlo Brine"}


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_no_poems_is_an_error(n):
    with pytest.raises(ValueError, match="one poem or more"):
        poems(n)


def test_an_unknown_poet_is_named():
    with pytest.raises(ValueError, match="Isolde Fathom"):
        poems(1, poet="Homer")

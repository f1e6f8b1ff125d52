"""Overlap and the filter: against difflib, and against the exercises of the lab."""

import difflib
import random

import pytest

from glassbox.assistant.duplicates import words
from glassbox.course.exercises import memorization as exercises
from glassbox.machine.data import END
from glassbox.machine.tokens import BPE
from glassbox.society.overlap import NgramFilter, longest_overlap, word_share
from glassbox.world.poets import poems


@pytest.fixture(scope="module")
def texts():
    return [p.text for p in poems(10, seed=5)]


def test_overlap_is_difflibs_longest_match():
    dice = random.Random(0)
    for _ in range(60):
        a, b = (
            [dice.choice(["fog", "eel", "rain", "cod", "salt"]) for _ in range(25)] for _ in "ab"
        )
        match = difflib.SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
        ours = longest_overlap(" ".join(a), " ".join(b))
        assert ours.length == match.size == exercises.longest_run(a, b)
        found = a[ours.start : ours.start + ours.length]
        assert found == b[ours.source_start : ours.source_start + ours.length]


def test_overlap_of_nothing():
    assert longest_overlap("fog", "rain").length == 0
    assert longest_overlap("", "").length == 0


def test_word_share():
    assert word_share("a b c", "a b c") == 1
    assert word_share("c b a", "a b c") == pytest.approx(1 / 3)
    assert word_share("", "a b") == 0
    with pytest.raises(ValueError, match="no words"):
        word_share("a", "...")


def test_the_filter_stops_what_the_exercise_stops(texts):
    dice, poem = random.Random(1), words(texts[0])
    for _ in range(100):
        line = poem[(i := dice.randrange(len(poem))) : i + 5] + [dice.choice(poem) for _ in "123"]
        for n in (1, 3, 5, 6):
            hits = NgramFilter([texts[0]], n).hits(" ".join(line))
            assert bool(hits) == exercises.stopped(line, poem, n)


def test_a_filter_longer_than_the_text_is_refused():
    bpe = BPE.from_merges([], special_tokens=[END])  # a token a byte
    with pytest.raises(ValueError, match=r"n is 9, longer than 'O eel, be kind\."):
        NgramFilter(["O eel, be kind."], 9)
    with pytest.raises(ValueError, match="fewer tokens"):
        NgramFilter(["O eel, be kind."], 60, bpe)
    with pytest.raises(ValueError, match="one word or more"):
        NgramFilter(["O eel"], 0)
    with pytest.raises(ValueError, match="protected is empty"):
        NgramFilter([], 3)
    with pytest.raises(ValueError, match="knows words"):
        NgramFilter(["O eel"], 2).completes([1], 2)
    with pytest.raises(ValueError, match="knows tokens"):
        NgramFilter(["O eel, be kind."], 2, bpe).hits("O eel")

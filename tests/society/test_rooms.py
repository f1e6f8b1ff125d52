"""The room's slips against their rule said another way, and its sitters against what they must know and cannot."""

import itertools
import math
import random
from collections import Counter

import pytest
import torch

from glassbox.society import rooms
from glassbox.society.planting import Shape
from glassbox.society.rooms import Counting, Nearest, Reader, Table, answer, draw, exam
from glassbox.world.town import GOODS

TINY = Shape(1, 16)


@pytest.fixture(scope="module")
def little():
    """A reader that knows twelve slips of one order by heart, and the slips."""
    slips = draw(12, 1, 0)
    return Reader(slips, Shape(1, 32), steps=150, batch_size=12), slips


def by_recursion(slip):
    """The rule, read from the right: the last order lies behind all before it, or in front of it."""
    words = slip.split()
    number, good = words[-2:]
    one = {many: one for one, many in GOODS.items()}.get(good, good)
    here = [one] * (1 + ["one", "two", "three", "four", "five"].index(number))
    if len(words) == 2:
        return here
    before = by_recursion(" ".join(words[:-3]))
    return before + here if words[-3] == "and" else here + before


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_slips_are_answered_by_the_rule(n):
    for slip in draw(60, n, seed=n):
        assert answer(slip).split() == by_recursion(slip)


def test_what_is_no_slip_is_refused_with_an_example():
    for wrong in (
        "",
        "two",
        "two eels and",
        "two eels or one bell",
        "six eels",
        "two whales",
        "eels two",
    ):
        with pytest.raises(ValueError, match="two eels and three bells"):
            answer(wrong)


def test_there_are_as_many_slips_as_the_formula_says():
    goods = rooms.ITEMS[:2]
    single = rooms.orders(goods)
    for n in (1, 2, 3):
        every = set()
        for chosen in itertools.product(single, repeat=n):
            for joins in itertools.product(rooms.JOINS, repeat=n - 1):
                parts = [chosen[0], *(f"{j} {o}" for j, o in zip(joins, chosen[1:]))]
                every.add(" ".join(parts))
        assert len(every) == rooms.slips_there_are(n, goods=2)
    assert set(draw(200, 2, 0, goods=goods)) <= set(draw(200, 2, 1, goods=goods))


def test_twenty_goods_of_one_word_each():
    assert len(rooms.ITEMS) == 20 == len(set(rooms.PLURALS.values()))
    assert all(" " not in word for word in rooms.WORDS) and len(set(rooms.WORDS)) == len(
        rooms.WORDS
    )


def test_slips_are_drawn_alike_and_never_twice_and_never_forbidden():
    asked = draw(2000, 2, 1)
    shown = draw(5000, 2, 2, without=asked)
    assert len(set(shown)) == 5000 and not set(shown) & set(asked)
    assert draw(5, 2, 1) == asked[:5] != draw(5, 2, 3)
    joins = Counter(slip.split()[2] for slip in shown)
    assert abs(joins["and"] - 2500) < 4 * math.sqrt(1250)
    firsts = Counter(" ".join(slip.split()[:2]) for slip in shown)
    assert len(firsts) == 100 and max(firsts.values()) < 50 + 5 * math.sqrt(50)


def test_more_slips_than_there_are_cannot_be_drawn():
    with pytest.raises(ValueError, match="there are 100 slips"):
        draw(101, 1, 0)
    with pytest.raises(ValueError, match="ask for fewer"):
        draw(60, 1, 0, without=draw(50, 1, 1))
    with pytest.raises(ValueError, match="1 or more"):
        rooms.slips_there_are(0)


def test_a_table_knows_what_it_was_shown_and_nothing_else():
    asked = draw(100, 2, 0)
    shown = draw(300, 2, 1, without=asked)
    table = Table(shown)
    assert exam(table, shown) == 1 and exam(table, asked) == 0 and table.size == 300
    assert table.answer(asked[0]) == ""


def test_the_nearest_entry_is_the_one_with_most_words_in_the_same_places():
    table = Nearest(["two eels and three bells", "one comb after five pears"])
    assert table.answer("two eels and one jug") == "eel eel bell bell bell"
    assert table.answer("one comb after two bells") == "pear pear pear pear pear comb"


def test_counting_knows_short_slips_and_keeps_a_count_for_each_run_of_letters():
    slips = ["two eels", "one comb"]
    counting = Counting(slips)
    assert exam(counting, slips) == 1
    text = "".join(f"{s} = {answer(s)}.\n" for s in slips)
    runs = {
        ("\n" * 7 + text)[i : i + n] for n in range(1, 9) for i in range(8 - n, 8 - n + len(text))
    }
    assert counting.size == len(runs)


def test_counting_stops_by_itself():
    counting = Counting(["one eel", "two eels"])
    assert len(counting.answer("five needles after one jug", most=30)) <= 30


def test_a_reader_learns_by_heart(little):
    reader, slips = little
    assert exam(reader, slips) == 1
    assert reader.answer(slips[0]) == answer(slips[0])


def test_one_pass_judges_as_writing_does(little):
    """`right` never writes; whoever writes word by word must be judged the same."""
    reader, _ = little
    slips = draw(60, 1, 3) + draw(10, 2, 3)
    written = [reader.answer(s) == answer(s) for s in slips]
    assert reader.right(slips) == written and 0 < sum(written) < len(slips)


def test_only_answers_are_learned(little):
    reader, _ = little
    idx, targets = reader.rows(["two eels", "one eel after one jug"])
    words = [[rooms.WORDS[i] for i in row] for row in idx.tolist()]
    learned = [[rooms.WORDS[i] for i in row if i >= 0] for row in targets.tolist()]
    assert words[0][:5] == ["two", "eels", "=", "eel", "eel"]
    assert learned == [["eel", "eel", "."], ["jug", "eel", "."]]
    assert targets[0, :2].tolist() == [-1, -1]


def test_a_reader_is_the_same_again_and_another_with_other_dice():
    slips = draw(40, 2, 0)
    a, b, c = (Reader(slips, TINY, steps=3, seed=s).model.head.weight for s in (0, 0, 1))
    assert torch.equal(a, b) and not torch.equal(a, c)


def test_a_reader_is_as_large_whatever_it_is_shown():
    sizes = {Reader(draw(n, k, 0), TINY, steps=1).size for n, k in ((10, 1), (90, 1), (500, 4))}
    assert len(sizes) == 1


def test_a_small_reader_answers_most_of_what_it_was_not_shown():
    """The lab's finding, at a size that a test can afford."""
    goods = rooms.ITEMS[:4]
    asked = draw(100, 2, 1, goods=goods)
    shown = draw(400, 2, 2, without=asked, goods=goods)
    reader = Reader(shown, Shape(2, 32), steps=250, batch_size=32)
    assert exam(reader, asked) > 0.5 > 0 == exam(Table(shown), asked)


def test_bad_input_is_named():
    for sitter in (Table, Nearest, Counting, Reader):
        with pytest.raises(ValueError, match="show at least one"):
            sitter([])
    with pytest.raises(ValueError, match="has 7 orders; a Reader has room for 6"):
        Reader(draw(1, 7, 0), TINY, steps=1)
    reader = Reader(["two eels"], TINY, steps=1)
    for ask in (reader.answer, lambda slip: reader.right([slip])):
        with pytest.raises(ValueError, match="no slip at 'two' 'whales'"):
            ask("two whales")
        with pytest.raises(ValueError, match="room for 6"):
            ask(draw(1, 7, 0)[0])
    with pytest.raises(ValueError, match="the exam has no slip"):
        exam(Table(["two eels"]), [])


def test_turns_against_counting_by_hand():
    """Ten thousand to the power of n passes 10^80 when n passes 20."""
    assert rooms.turns_until(math.log2(1e4)) in (20, 21)  # 10^80 itself is the border
    assert rooms.turns_until(math.log2(1.1e4)) == 20
    dice = random.Random(0)
    for _ in range(50):
        bits = dice.uniform(1, 400)
        turns = rooms.turns_until(bits)
        assert 2 ** (bits * turns / 10) > 1e8 >= 2 ** (bits * (turns - 1) / 10)
    with pytest.raises(ValueError, match="more than 0 bits"):
        rooms.bits_of_turns(3, 0)

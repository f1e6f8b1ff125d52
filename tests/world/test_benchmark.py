"""The benchmark: every right answer is true, every wrong one false, and bad items are refused."""

import re
from collections import Counter

import pytest

from glassbox.world import World, winch
from glassbox.world.benchmark import (
    ABOUT,
    FAMILIES,
    SUBJECTS,
    Item,
    benchmark,
    lettered,
    prompted,
    reworded,
)

WORLD = World(seed=0, residents=400)
ITEM = Item("facts", "pet", "Q: What pet does Ann Pike have?\nA:", ("An otter.", "A lobster."), 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_different_options_and_its_sentence(family):
    items = benchmark(WORLD, family, 120)
    assert len(items) == 120 and len({item.context for item in items}) == 120
    assert {len(item.options) for item in items} == {2 if family == "common" else 4}
    places = Counter(item.answer for item in items)
    assert min(places.values()) > 120 / len(places) / 2  # no place is the right one all the time
    assert ABOUT[family].endswith(".")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_call_gives_the_same_items_and_another_edition_others(family):
    assert benchmark(WORLD, family, 20) == benchmark(WORLD, family, 20)
    contexts = {item.context for item in benchmark(WORLD, family, 20)}
    other = {item.context for item in benchmark(WORLD, family, 20, edition=1)}
    assert len(contexts & other) < 5


def person(text: str):
    [name] = [n for n in WORLD.town.names if n in text]
    return WORLD.person(name)


def test_facts_are_what_the_town_says():
    for item in benchmark(WORLD, "facts", 100):
        who, told = person(item.context), [o.removesuffix(".").lower() for o in item.options]
        true = str(getattr(who, item.subject)).lower()
        ends = [re.search(rf"(^|\W){re.escape(true)}$", o) is not None for o in told]
        assert ends.index(True) == item.answer and sum(ends) == 1


def test_sums_are_right_and_their_distractors_wrong():
    signs = {"plus": "+", "minus": "-", "times": "*"}
    for item in benchmark(WORLD, "sums", 100):
        x, sign, y = re.search(r"(\d+) (\w+) (\d+)", item.context).groups()
        z = eval(f"{x} {signs[sign]} {y}")
        assert [o == f"{z}." for o in item.options].index(True) == item.answer


def test_programs_do_what_is_asked_and_the_others_do_not():
    for item in benchmark(WORLD, "winch", 60):
        pairs = [tuple(map(int, p)) for p in re.findall(r"(\d+) to (-?\d+)", item.context)]
        works = [all(winch.run(o, x) == y for x, y in pairs) for o in item.options]
        assert works.index(True) == item.answer and sum(works) == 1


def test_pages_hold_the_answer_and_one_distractor():
    names = {r.name for r in WORLD.residents}
    for item in benchmark(WORLD, "reading", 60):
        page = item.context.split("\nQ:")[0].lower()
        bare = [re.sub(r"^(on |an? )", "", o.lower().rstrip(".")) for o in item.options]
        assert [o in page for o in bare].count(True) >= 2 and bare[item.answer] in page
        assert not any(name.lower() in page for name in names)  # strangers: nothing to remember


def test_pairs_differ_in_one_word_that_turns_the_answer():
    items = benchmark(WORLD, "common", 60)
    for one, other in zip(items[::2], items[1::2]):
        words = [(a, b) for a, b in zip(one.context.split(), other.context.split()) if a != b]
        assert words in ([("She", "He")], [("He", "She")])
        assert one.options == other.options and one.answer != other.answer


def test_the_exam_has_all_subjects_and_its_two_steps_are_right():
    items = benchmark(WORLD, "exam", 200)
    assert {item.subject for item in items} == set(SUBJECTS)
    for item in items:
        if item.subject == "ages":
            assert item.right == f"{1952 - person(item.context).born}."
        if item.subject == "favors":
            assert item.right == f"{WORLD.town.by_name[person(item.context).owes].owes}."
        if item.subject == "distances":
            here, there = re.search(r"from (.+) to (.+)\?", item.context).groups()
            assert item.right == f"{WORLD.distance(here, there)} minutes on foot."


def test_other_words_ask_for_the_same():
    for item in benchmark(WORLD, "facts", 30):
        other = reworded(WORLD, item)
        assert other.context != item.context and person(other.context) == person(item.context)
    with pytest.raises(ValueError, match="no question about a fact"):
        reworded(WORLD, benchmark(WORLD, "sums", 1)[0])


@pytest.mark.parametrize(
    ("options", "answer", "words"),
    [
        (("A cat.",), 0, "has 1 options; give two or more"),
        (("A cat.", "A cat. "), 0, "twice"),
        (("A cat.", "A dog."), 2, "place, 0 to 1"),
        (("A cat.", "A dog."), -1, "place, 0 to 1"),
        (("A cat.", "A dog."), "A dog.", "place, 0 to 1"),
    ],
)
def test_bad_items_are_refused_in_words(options, answer, words):
    with pytest.raises(ValueError, match=words):
        Item("facts", "pet", "Q: What pet does Ann Pike have?\nA:", options, answer)


@pytest.mark.parametrize(("family", "n", "words"), [("law", 5, "family"), ("facts", 0, "at least one")])  # fmt: skip
def test_a_bad_call_is_refused_in_words(family, n, words):
    with pytest.raises(ValueError, match=words):
        benchmark(WORLD, family, n)


def test_a_hamlet_is_too_small():
    with pytest.raises(ValueError, match="take 50 residents or more"):
        benchmark(World(seed=0, residents=10), "exam")


def test_more_options_than_letters_are_refused():
    with pytest.raises(ValueError, match="letters for 4"):
        lettered(Item("sums", "plus", "Q: 1?\nA:", ("1.", "2.", "3.", "4.", "5."), 0))


def test_letters_and_examples():
    assert lettered(ITEM).context.split("\n")[1:] == ["A. An otter.", "B. A lobster.", "A:"]
    assert lettered(ITEM).right == "B"
    shown = prompted(ITEM, [ITEM]).context
    assert shown.startswith(f"{ITEM.context} A lobster.\n\nQ:") and shown.endswith(ITEM.context)
    assert "A: An otter.\n\n" in prompted(ITEM, [ITEM], wrong=True).context
    assert ITEM.question == "What pet does Ann Pike have?"

"""What the town writes: correct, complete, honest about its own probability."""

import math
import random
import re
from collections import Counter

import pytest

from glassbox.world import KINDS, World
from glassbox.world.dialect import dialect_of, marks
from glassbox.world.documents import weights, write
from glassbox.world.draw import Draw
from glassbox.world.english import say
from glassbox.world.facts import ANSWERS, PLAIN, QUESTIONS, SPEECH
from glassbox.world.town import FACTS


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=400)


@pytest.fixture(scope="module")
def sample(world):
    return list(world.documents(n=30_000))


def test_every_kind_occurs_about_as_often_as_announced(sample):
    counts = Counter(d.kind for d in sample)
    for kind, (weight, _) in KINDS.items():
        expected = len(sample) * weight / 1000
        assert abs(counts[kind] - expected) < 4.5 * math.sqrt(expected), kind


def test_documents_are_clean_text(sample):
    for d in sample:
        assert d.text.isascii() and d.text == d.text.strip()
        assert not re.search(r"\n\n|  |[{}<>\[\]]|\.\.|,\.", d.text), d.text
        assert d.text[0].isupper() or d.text[0].isdigit()


def test_the_article_before_a_vowel_sound(sample):
    for d in sample:
        assert not re.search(r"\ban (?:one-|(?!hour)[^aeiou\W])|\ba (?!one-)[aeiou]", d.text), (
            d.text
        )


def test_they_takes_a_plural_verb_and_she_and_he_a_singular_one(sample):
    wrong = re.compile(
        r"\b[Tt]hey (?:is|was|has|owes|lives|keeps|works|\w+s as)\b|\b(?:[Ss]he|[Hh]e) (?:are|have|were)\b"
    )
    for d in sample:
        if d.dialect != "harbor":  # "weren't" and "were" for everyone are good harbor grammar
            assert not wrong.search(d.text), d.text


def test_documents_are_short(sample):
    lengths = sorted(len(d.text) for d in sample)
    assert lengths[len(lengths) // 2] < 130
    assert lengths[int(0.99 * len(lengths))] < 330


def test_residents_are_exactly_those_whose_names_occur(world, sample):
    names = [r.name for r in world.residents]
    for d in sample[:3000]:
        found = {n for n in names if n in d.text}
        assert found == set(d.residents), d.text


def test_no_stranger_is_ever_mentioned(world, sample):
    text = "\n\n".join(d.text for d in sample) + world.text(300_000, "held_out")
    assert not [s.name for s in world.strangers if s.name in text]


def test_same_call_same_documents_and_held_out_differs(world):
    assert list(world.documents(n=50)) == list(world.documents(n=50))
    train = {d.text for d in world.documents(n=2000) if d.kind == "letter"}
    held_out = {d.text for d in world.documents(n=2000, split="held_out") if d.kind == "letter"}
    assert train and held_out and len(train & held_out) <= len(train) // 20


def test_text_is_the_documents_joined_by_blank_lines(world):
    text = world.text(20_000)
    parts = text.split("\n\n")
    assert parts == [d.text for d in world.documents(n=len(parts))]
    assert len(text) >= 20_000 > len("\n\n".join(parts[:-1]))


def test_one_kind_alone(world):
    assert {d.kind for d in world.documents(kinds=["poem"], n=20)} == {"poem"}
    assert {d.kind for d in world.documents(kinds="sum", n=20)} == {"sum"}


def test_logprob_includes_the_choice_of_kind(world):
    alone = next(world.documents(kinds=["secret"], n=1))
    assert alone.logprob == pytest.approx(math.log(1 / 8))
    for d in world.documents(n=40_000):
        if d.kind == "secret":
            assert d.logprob == pytest.approx(math.log(2 / 1000) + math.log(1 / 8))
            break
    else:
        pytest.fail("no secret was told")


def test_different_choices_make_different_texts():
    """In a small town, where clashes would be likeliest: 60,000 documents, no text by two paths."""
    town, table, rng, seen = World(7, 12).town, weights(), random.Random(1), {}
    for _ in range(60_000):
        draw = Draw(rng)
        document = write(draw, town, table)
        assert seen.setdefault(document.text, draw.path) == draw.path, document.text


def test_the_floor_is_the_mean_surprise_in_bits_per_byte(world):
    documents = list(world.documents(n=500, split="held_out"))
    bits = sum(-d.logprob / math.log(2) for d in documents)
    text = "\n\n".join(d.text for d in documents)
    assert world.floor(documents) == pytest.approx(bits / len(text))
    assert 0.1 < world.floor(documents) < 0.4


def test_every_fact_of_every_resident_is_told_without_being_asked():
    world = World(seed=0, residents=100)
    untold = {(r.name, fact) for r in world.residents for fact in FACTS}
    for d in world.documents(kinds=["portrait", "register", "gossip"], n=8000):
        person = world.person(d.residents[0])
        for fact in FACTS:
            if str(getattr(person, fact)) in d.text:
                untold.discard((person.name, fact))
    assert untold == set()


def test_no_question_document_asks_for_the_unasked_fact(world):
    asked = {(d.text.split("\n")[0], d.residents[0]) for d in world.documents("question", n=20_000)}
    held_out = {(f"Q: {q.text}", q.resident) for q in world.questions("held_out")}
    wordings = {
        (f"Q: {wording.format_map(r.slots)}", r.name)
        for r in world.residents
        for wording in QUESTIONS[r.unasked]
    }
    assert not asked & held_out and not asked & wordings


def test_some_are_mentioned_often_and_some_rarely(world):
    counts = Counter(name for d in world.documents(n=40_000) for name in d.residents)
    mean = sum(counts.values()) / 400
    first = sum(counts[r.name] for r in world.residents[:40]) / 40
    last = sum(counts[r.name] for r in world.residents[-40:]) / 40
    assert first > 2 * mean > 3 * last > 0


def test_each_fact_has_at_least_eight_plain_wordings_and_four_in_each_dialect():
    for fact in FACTS:
        assert len(set(PLAIN[fact])) >= 8
        assert min(len(set(SPEECH[d][fact])) for d in ("harbor", "uptown")) >= 4
        assert len(set(QUESTIONS[fact])) >= 5 and len(ANSWERS[fact]) == 3


def test_every_dialect_wording_carries_a_mark_by_itself(world):
    she = next(r for r in world.residents if r.pronoun == "she")
    for dialect, other in (("harbor", "uptown"), ("uptown", "harbor")):
        for wordings in SPEECH[dialect].values():
            for wording in wordings:
                told = say(wording, she.pronoun_slots)
                assert marks(told, dialect) and not marks(told, other), told
    for wordings in PLAIN.values():
        for wording in wordings:
            assert dialect_of(say(wording, she.slots)) == "plain", wording


def test_every_dialect_text_carries_its_own_marks_and_no_others(sample):
    seen = Counter()
    for d in sample:
        assert (d.dialect == "harbor") == bool(marks(d.text, "harbor")), d.text
        assert (d.dialect == "uptown") == bool(marks(d.text, "uptown")), d.text
        assert dialect_of(d.text) == d.dialect
        seen[d.dialect] += 1
    assert min(seen.values()) > len(sample) / 40


def test_people_are_talked_about_mostly_in_the_speech_of_their_own_streets(world):
    own = [
        d.dialect == world.person(d.residents[0]).dialect for d in world.documents("gossip", 2000)
    ]
    assert 0.75 < sum(own) / len(own) < 0.85


def test_sums_prices_and_distances_are_true(world):
    for d in world.documents("sum", 1000):
        x, sign, y, z = re.search(r"(\d+) (\+|-|x|plus|minus|times) (\d+)\D+(\d+)", d.text).groups()
        x, y, z = int(x), int(y), int(z)
        assert (
            z == {"+": x + y, "p": x + y, "-": x - y, "m": x - y, "x": x * y, "t": x * y}[sign[0]]
        )
    for d in world.documents("market", 300):
        n = int(re.search(r"\d+", d.text).group())
        numbers = [int(i) for i in re.findall(r"\d+", d.text.split("\n")[1])]
        assert max(numbers) == n * min(set(numbers) - {n} or {n}) or max(numbers) == n * n
    for d in world.documents("way", 300):
        streets = [s for s in world.streets if s in d.text]
        minutes = re.findall(r"(\d+) minutes", d.text)
        assert len(streets) == 2
        assert all(int(m) == world.distance(*streets) for m in minutes)

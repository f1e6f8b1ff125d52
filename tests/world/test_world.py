"""The town: its facts, its sizes, its errors, and that the same seed makes the same one."""

import hashlib
import itertools
import subprocess
import sys
from functools import partial

import pytest

from glassbox.world import KINDS, TextWorld, World, from_text
from glassbox.world.conversations import conversations
from glassbox.world.town import DISHES, GOODS, PETS, STREETS, TRADES


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=400)


def sha256(documents):
    return hashlib.sha256("\x00".join(d.text for d in documents).encode()).hexdigest()


GOLDEN = "6e86459d7322dd94570b885640893970910e41db8b5d2c4abbb1baf726ece9ab"  # first 100 documents of World(0): every platform, every Python


def test_first_hundred_documents_of_seed_0_never_change(world):
    assert sha256(world.documents(n=100)) == GOLDEN


def test_first_twenty_thousand_documents_of_seed_0_never_change(world):
    """Data cards and recordings tell about these."""
    golden = "89b0a686b355f233926156cb038b5c234c67217a4e895901f3e0f64c0977fbd1"
    assert sha256(world.documents(n=20_000)) == golden


def test_residents_of_a_large_town_never_change():
    told = repr(World(1, 2000).residents).encode()
    golden = "de836d7ea0d409c325b9621caf55b85f3c342bcc7c56a5744a9981b1f86332ac"
    assert hashlib.sha256(told).hexdigest() == golden


def test_same_seed_same_town_other_seed_other_town():
    assert World(3, 50).residents == World(3, 50).residents
    assert World(3, 50).residents != World(4, 50).residents
    assert World(3, 50).text(2000) == World(3, 50).text(2000)


def test_text_does_not_depend_on_hash_randomization():
    code = (
        "from glassbox.world import World; import sys; sys.stdout.write(World(2, 30).text(20_000))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(texts) == 1 and len(texts.pop()) >= 20_000


def test_importing_the_world_imports_neither_torch_nor_numpy():
    code = "import glassbox.world, sys; print([m for m in ('torch', 'numpy') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("size", [2, 3, 400, 1000, 2000])
def test_names_are_unique_at_every_size_and_strangers_are_other_people(size):
    world = World(1, size)
    names = [r.name for r in world.residents + world.strangers]
    assert len(world.residents) == size and len(world.strangers) == 200
    assert len(set(names)) == len(names)


def test_all_favors_run_in_one_circle(world):
    for people in (world.residents, world.strangers):
        by_name = {r.name: r for r in people}
        here, visited = people[0], set()
        while here.name not in visited:
            visited.add(here.name)
            here = by_name[here.owes]
        assert here is people[0] and len(visited) == len(people)


def test_a_larger_town_holds_the_same_people_by_name():
    small, large = World(5, 40), World(5, 80)
    assert [r.name for r in large.residents[:40]] == [r.name for r in small.residents]
    assert [r.name for r in large.strangers] == [r.name for r in small.strangers]


def test_facts_are_spread_evenly_over_pronouns_and_names():
    """Chi-squared, 31 degrees of freedom, p > 0.001: a trade does not depend on the pronoun."""
    residents = World(0, 2000).residents
    counts = {(t, p): 0 for t in TRADES for p in ("she", "he")}
    for r in residents:
        if r.pronoun != "they":
            counts[r.trade, r.pronoun] += 1
    total = sum(counts.values())
    chi2 = 0
    for (trade, pronoun), n in counts.items():
        of_trade = counts[trade, "she"] + counts[trade, "he"]
        of_pronoun = sum(counts[t, pronoun] for t in TRADES)
        expected = of_trade * of_pronoun / total
        chi2 += (n - expected) ** 2 / expected
    assert chi2 < 61.1


def test_truth_by_name_or_person(world):
    for person in (*world.residents[:20], *world.strangers[:20]):
        for attribute in (*world.attributes, *world.relations):
            assert world.truth(person, attribute) == str(getattr(person, attribute))
            assert world.truth(person.name, attribute) == world.truth(person, attribute)


def test_streets_have_distances(world):
    for here, there in itertools.combinations(STREETS, 2):
        assert world.distance(here, there) == world.distance(there, here) > 0
    a, b, c = list(STREETS)[:3]
    assert world.distance(a, c) <= world.distance(a, b) + world.distance(b, c)
    assert world.distance(a, a) == 0


def test_prices_can_be_spoken_of_in_the_plural(world):
    assert set(world.prices) == set(GOODS) and all(p >= 2 for p in world.prices.values())


def test_no_value_can_be_mistaken_for_another_or_for_a_name():
    values = [*STREETS, *TRADES, *DISHES, *PETS]
    lowered = [f" {v.lower()} " for v in values]
    clashes = [(a, b) for a in lowered for b in lowered if a != b and a in b]
    assert clashes == []
    world = World(0, 2000)
    words = {w for r in world.residents for w in r.name.lower().split()}
    assert not words & {v.lower() for v in values}


@pytest.mark.parametrize("bad", [0, -3, 1, 2001, 10**9, 2.5, "400", None, True])
def test_a_bad_number_of_residents_is_named_with_a_remedy(bad):
    with pytest.raises(ValueError, match=r"residents is .*use 2 to 2000") as error:
        World(0, bad)
    assert repr(bad) in str(error.value)


@pytest.mark.parametrize("bad", [-1, 1.5, "0", None, False])
def test_a_bad_seed_is_named_with_a_remedy(bad):
    with pytest.raises(ValueError, match=r"seed is .*whole number"):
        World(bad)


def test_other_bad_input_is_named_with_a_remedy(world):
    with pytest.raises(ValueError, match=r"nobody in .* is called 'Nobody'"):
        world.truth("Nobody", "trade")
    with pytest.raises(ValueError, match="attribute is 'shoe'; choose from street"):
        world.truth(world.residents[0], "shoe")
    with pytest.raises(ValueError, match="split is 'test'"):
        world.documents(split="test")
    with pytest.raises(ValueError, match=r"kinds is .*opera.*choose from portrait"):
        world.documents(kinds=["opera"])
    with pytest.raises(ValueError, match="n_bytes is 0"):
        world.text(0)
    with pytest.raises(ValueError, match="street is 'Moon Street'"):
        world.distance("Moon Street", "Tar Lane")
    with pytest.raises(ValueError, match="split is 'test'"):
        world.questions("test")
    with pytest.raises(ValueError, match="documents is empty"):
        world.floor([])


def test_a_text_of_your_own_takes_the_place_of_the_town(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("\n\n".join(f"Paragraph {i}, with é." for i in range(40)), encoding="utf-8")
    own = from_text(path)
    train = [d.text for d in own.documents()]
    held_out = [d.text for d in own.documents(split="held_out")]
    assert len(train) == 36 and len(held_out) == 4 and not set(train) & set(held_out)
    assert own.text(50).count("Paragraph") == 3
    path.write_text("only one paragraph", encoding="utf-8")
    with pytest.raises(ValueError, match="1 paragraph"):
        from_text(path)


def test_kinds_are_listed_with_their_chances():
    assert sum(weight for weight, _ in KINDS.values()) == 1000


@pytest.mark.parametrize("n", [-1, 2.5, True, "3"])
def test_counts_that_cannot_be_are_named(n, tmp_path):
    world = World(0, 20)
    (tmp_path / "mine.txt").write_text("One.\n\nTwo.", encoding="utf-8")
    own = from_text(tmp_path / "mine.txt")
    for ask in (world.documents, world.questions, own.documents, partial(conversations, world)):
        with pytest.raises(ValueError, match=f"n is {n!r}"):
            list(ask(n=n))


def test_a_file_in_another_encoding_is_named_and_can_be_read(tmp_path):
    path, text = tmp_path / "own.txt", "Ein Würfel.\n\nEin Köder.\n\nStraße."
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(
        ValueError, match=r"own\.txt is not written in utf-8: byte 0xFC at position 5"
    ):
        from_text(path)
    assert from_text(path, "latin-1").paragraphs == text.split("\n\n")
    path.write_text(text, encoding="utf-8-sig")  # as Windows' editor saves it, with a mark in front
    assert from_text(path).paragraphs == text.split("\n\n")
    with pytest.raises(ValueError, match="text is 3; give a string"):
        TextWorld(3)


def test_what_only_a_town_knows_is_refused_with_a_sentence():
    """Everything public that a World has is either there, or says why not."""
    own, town = TextWorld("One.\n\nTwo."), World(0, 20)
    known = {"documents", "text"}
    for name in {name for name in dir(town) if not name.startswith("_")} - known:
        with pytest.raises(AttributeError, match=f"a text of your own has no {name}: its facts"):
            getattr(own, name)
    assert not hasattr(own, "questions") and all(hasattr(own, name) for name in known)
    with pytest.raises(AttributeError, match="a text of your own has no residents"):
        list(conversations(own, 1))
    with pytest.raises(AttributeError, match="TextWorld has no attribute 'nonsense'"):
        own.nonsense  # noqa: B018

"""The recorded models behind lab 10b and the figure `compression`: are they all there, and how are they judged?"""

import json
import math
from dataclasses import replace

import pytest
import torch

from glassbox.machine.model import GPT, GPTConfig
from glassbox.recordings import compression as recorded
from glassbox.recordings.recording import HERE, command
from glassbox.world import World


@pytest.fixture(scope="module")
def run():
    return recorded.load()


@pytest.fixture(scope="module")
def world():
    return recorded.town(0)


def written(person, **other) -> str:
    """An entry as a model writes it, with other values where they are named."""
    values = {fact: str(getattr(person, fact)) for fact in recorded.LABELS} | other
    return "".join(f" {label}: {values[fact]}." for fact, label in recorded.LABELS.items())


# ---------------------------------------------------------------------------------------------
# How an entry is judged


def test_the_register_itself_is_right(world):
    for person in world.residents:
        assert set(recorded.verdicts(world, person, written(person)).values()) == {"right"}


def test_the_form_is_that_of_the_town_s_own_entries(world):
    page = next(t for t in recorded.register(world, 1) if t.startswith("Register of Port Ellery"))
    name = page.split("Name: ")[1].split(".")[0]
    opening = recorded.OPENING.format(name=name)
    assert recorded.FORM.fullmatch(page.removeprefix(opening))


def test_a_wrong_value_is_another_s_or_nobody_s(world):
    person = world.residents[0]
    other = next(p for p in world.residents if p.trade != person.trade)
    nobody = next(str(y) for y in range(1884, 1932) if not recorded.owners(world, "born", str(y)))
    found = recorded.verdicts(world, person, written(person, trade=other.trade, born=nobody))
    assert found == {
        "born": "nobody's", "street": "right", "trade": "another's", "pet": "right", "dish": "right",
    }  # fmt: skip
    assert other.name in recorded.owners(world, "trade", other.trade)


@pytest.mark.parametrize(
    "text",
    ["", " Born: 1900.", " Street: Tar Lane. Born: 1900. Trade: x. Animal: y. Favorite dish: z."],
)
def test_what_is_no_entry_misses_everything(world, text):
    assert set(recorded.verdicts(world, world.residents[0], text).values()) == {"missing"}


def test_bits_of_an_entry_against_a_model_that_expects_nothing(world):
    """Every token costs log2 of the vocabulary; facts and the rest together are the entry after the name."""
    bpe = recorded.tokenizer()
    untrained = GPT(GPTConfig(len(bpe), 128, 1, 1, 8))
    person = world.residents[0]
    facts, rest = recorded.entry_bits(untrained, bpe, person)
    tokens = len(bpe.encode(recorded.OPENING.format(name=person.name) + written(person)))
    tokens -= len(bpe.encode(recorded.OPENING.format(name=person.name)))
    assert sum(facts.values()) + rest == pytest.approx(tokens * math.log2(len(bpe)), rel=1e-5)
    year = math.log2(len(bpe)) * len(bpe.encode(f" {person.born}"))
    assert facts["born"] == pytest.approx(year, rel=1e-5)


def test_blind_guessing_costs_log2_of_the_stock():
    assert recorded.blind_bits("trade") == 5 and recorded.blind_bits("born") == math.log2(48)


def test_namesakes_are_counted_against_chance():
    world = World(seed=0, residents=120)
    people = world.residents
    person = next(
        p
        for p in people
        if any(set(p.name.split()) & set(q.name.split()) for q in people if q != p)
    )
    kin = next(q for q in people if q != person and set(q.name.split()) & set(person.name.split()))
    person = replace(person, dish="nothing")  # not that of the namesake
    found = recorded.whose(world, [person], [written(person, dish=kin.dish)])
    assert found["wrong"] == found["namesake"] == 1 and 0 < found["by_chance"] < 1


def test_everybody_is_read_equally_often_in_all_wordings(world):
    pages = recorded.register(world, 10)
    for person in world.residents[:5]:
        own = [page for page in pages if person.name in page]
        assert len(own) == 10 and len(set(own)) == 5


def test_small_models_can_be_trained_and_measured():
    world, bpe = recorded.town(0, 8), recorded.tokenizer()
    model = recorded.read_register(world, bpe, recorded.Shape(1, 16, 1), readings=40)
    found = recorded.measure(model, bpe, world)
    json.dumps(found)
    assert len(found["verdicts"]) == 8 and all(len(v) == 5 for v in found["verdicts"])
    blank = GPT(GPTConfig(len(bpe), 128, 1, 1, 16), torch.Generator().manual_seed(0))
    assert found["form_bits"] < recorded.measure(blank, bpe, world)["form_bits"]


# ---------------------------------------------------------------------------------------------
# What was recorded


def test_every_model_is_there_and_was_made_with_the_settings_as_they_are(run):
    """If this fails, settings changed: run the script again."""
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    assert run["made_by"] == command("compression")
    made = {(m["size"], m["seed"]) for m in run["models"]}
    assert made == set(recorded.jobs())
    sizes = run["parameters"]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == len(sizes)


def test_every_number_is_possible(run):
    facts = run["residents"] * len(run["facts"])
    for m in run["models"]:
        assert sum(m["counts"].values()) == facts
        assert 0 <= m["in_form"] <= run["residents"]
        assert m["counts"]["missing"] == len(run["facts"]) * (run["residents"] - m["in_form"])
        assert all(m["kept_bits"][f] <= run["blind_bits"][f] + 1e-3 for f in run["facts"])
        assert 0 <= m["whose"]["namesake"] <= m["whose"]["wrong"] == m["counts"]["another's"]


def test_the_shown_entries_are_the_town_s_and_judged_as_the_library_judges(run, world):
    for i, shown in enumerate(run["people"]):
        person = world.residents[i]
        assert shown["name"] == person.name
        assert shown["truth"] == [str(getattr(person, fact)) for fact in run["facts"]]
        for size, found in enumerate(shown["remembered"]):
            said = recorded.verdicts(world, person, found["text"])
            assert found["verdicts"] == "".join(recorded.VERDICTS[v] for v in said.values())
            assert found["verdicts"] == run["mosaic"][size][i]
            for fact, value, names in zip(run["facts"], found["values"], found["owners"]):
                assert not names or names == recorded.owners(world, fact, value)


def test_the_mosaic_is_what_was_counted(run):
    for size, signs in enumerate(run["mosaic"]):
        first = next(m for m in run["models"] if (m["size"], m["seed"]) == (size, run["seeds"][0]))
        assert recorded.counts(signs) == first["counts"]


def test_facts_fade_before_the_form(run):
    """What lab, figure and chapter say, in all towns."""
    right = recorded.per_size(run, lambda m: m["counts"]["right"])
    means = [sum(seeds) / len(seeds) for seeds in right]
    assert means == sorted(means, reverse=True)
    facts = run["residents"] * len(run["facts"])
    at = next(i for i, mean in enumerate(means) if mean <= facts / 2)
    assert min(recorded.per_size(run, lambda m: m["in_form"])[at]) > 0.9 * run["residents"]


def test_the_telling_resident_is_known_and_lost(run):
    found = run["people"][recorded.telling(run)]["remembered"]
    assert found[0]["verdicts"] == "r" * len(run["facts"])
    assert any("a" in row["verdicts"] and set(row["verdicts"]) <= {"r", "a"} for row in found)


def test_the_page_gets_a_small_file():
    assert (HERE / "compression.json").stat().st_size < 100_000

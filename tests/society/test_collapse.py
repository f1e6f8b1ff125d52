"""Generations that read one another: is the talk as its dice say, the diet as it claims, the measure exact?"""

import math
from collections import Counter

import pytest
import torch
from scipy import stats

from glassbox.machine.data import END
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.society import collapse
from glassbox.society.collapse import DIETS, MANNERS, Diet, Shape
from glassbox.world import World
from glassbox.world.dialect import dialect_of


@pytest.fixture(scope="module")
def talk():
    return collapse.talk(World(seed=3, residents=12), 150, seed=3)


def test_every_sentence_is_true_of_its_resident_and_in_its_manner(talk):
    world = World(seed=3, residents=12)
    assert len(talk.facts) == 12 * 5 and len(talk.chances) == 12 * 5 * len(MANNERS)
    for fact in talk.facts:
        person = world.person(fact.about)
        known = {person.street, str(person.born), person.dish, *person.slots.values()}
        assert fact.value in known
        for manner, sentence in zip(MANNERS, fact.said):
            assert dialect_of(sentence) == manner
            assert fact.about in sentence
            assert sentence.startswith(f"{fact.stem(manner)} {fact.value}")


def test_the_dice_of_all_sentences_add_up_to_one_and_give_the_floor(talk):
    chances = list(talk.chances.values())
    assert sum(chances) == pytest.approx(1)
    assert talk.floor == pytest.approx(stats.entropy(chances, base=2))
    harbor = sum(p for s, p in talk.chances.items() if dialect_of(s) == "harbor")
    assert harbor == pytest.approx(MANNERS["harbor"])


def test_the_town_tells_as_its_dice_say(talk):
    told = talk.told(20_000, "often")
    manners = Counter(map(dialect_of, told))
    wanted = [20_000 * share for share in MANNERS.values()]
    assert stats.chisquare([manners[m] for m in MANNERS], wanted).pvalue > 1e-4
    assert talk.told(5, "a") == talk.told(5, "a") != talk.told(5, "b")


def test_told_once_is_counted_over_all_manners(talk):
    counted = Counter()
    for sentence in talk.first:
        counted[next(f for f in talk.facts if sentence in f.said)] += 1
    assert talk.times == counted
    assert talk.once and all(counted[fact] == 1 for fact in talk.once)


def test_well_formed_is_more_than_true_and_less_than_any_text(talk):
    assert all(map(talk.is_well_formed, talk.chances))
    one = talk.facts[0]
    other = next(f for f in talk.facts[5::5] if f.value != one.value)
    swapped = one.said[0].replace(one.value, other.value)
    assert talk.is_well_formed(swapped) and not talk.is_true(swapped)
    broken = [swapped[:-1], swapped + ".", swapped.replace(" ", "  ", 1), "", one.about]
    broken += [swapped.replace(other.value, "a lamp of fog"), swapped.replace(one.about, "Xyz Qrs")]
    assert not any(map(talk.is_well_formed, broken))


def test_each_diet_gives_what_it_says(talk):
    written, before = ["written"] * 150, ["before"] * 10
    own = collapse.reading(talk, DIETS["own"], written, before, 1)
    assert own == written
    kept = collapse.reading(talk, DIETS["accumulated"], written, before, 1)
    assert kept == before + written
    mixed = collapse.reading(talk, Diet(first=0.4, fresh=0.2), written, before, 1)
    assert len(mixed) == 150 and mixed.count("written") == 60
    town = collapse.reading(talk, DIETS["town"], written, before, 1)
    assert sorted(town) == sorted(talk.first)
    fresh = [collapse.reading(talk, Diet(fresh=1.0), written, before, when) for when in (1, 2)]
    assert set(fresh[0]) <= set(talk.chances) and sorted(fresh[0]) != sorted(fresh[1])


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"first": 0.7, "fresh": 0.5}, "together at most 1"),
        ({"first": -0.1}, "first is -0.1"),
        ({"fresh": math.nan}, "fresh nan"),
        ({"keeps": True, "fresh": 0.1}, "keeps is set"),
        ({"temperature": 0.0}, "temperature is 0.0"),
        ({"temperature": math.nan}, "temperature is nan"),
    ],
)
def test_a_diet_that_cannot_be_is_refused(how, words):
    with pytest.raises(ValueError) as caught:
        Diet(**how)
    assert words in str(caught.value)


def test_too_short_a_text_and_too_few_generations_are_refused(talk):
    with pytest.raises(ValueError, match="tell 60 sentences or more"):
        collapse.talk(World(seed=3, residents=12), 59)
    with pytest.raises(ValueError, match="skew nan"):
        collapse.talk(World(seed=3, residents=12), 60, skew=math.nan)
    with pytest.raises(ValueError, match="generations is 0"):
        next(collapse.lineage(talk, DIETS["own"], generations=0))
    with pytest.raises(ValueError, match="needs 150 written sentences and there are 3"):
        collapse.reading(talk, DIETS["own"], ["one"] * 3, [], 1)


# ---------------------------------------------------------------------------------------------
# With a model


def small(talk):
    tokenizer = BPE.train(talk.first, 400, special_tokens=(END,))
    model = GPT(GPTConfig(len(tokenizer), 32, 1, 2, 16), torch.Generator().manual_seed(0))
    return model, tokenizer


def test_the_bits_are_the_mean_over_the_towns_own_dice(talk):
    """Exact over all sentences: 8,000 newly told ones come out the same within their error."""
    model, tokenizer = small(talk)
    found = collapse.measure(model, tokenizer, talk, talk.first)
    told = talk.told(8_000, "to measure")
    nats = dict(zip(talk.chances, document_nats(model, tokenizer, list(talk.chances)).tolist()))
    bits = torch.tensor([nats[s] / math.log(2) for s in told])
    assert abs(bits.mean().item() - found["bits"]) < 4.5 * bits.std().item() / math.sqrt(8_000)
    assert found["bits"] > talk.floor


def test_the_towns_own_text_is_measured_as_what_it_is(talk):
    found = collapse.measure(*small(talk), talk, talk.first)
    assert found["true"] == found["well_formed"] == found["once"] == 1
    assert found["facts"] == len(talk.times)
    assert found["harbor"] == sum(dialect_of(s) == "harbor" for s in talk.first) / 150
    half = [s for s in talk.first if talk.fact_of[s] not in talk.once]
    found = collapse.measure(*small(talk), talk, [*half, "Fog. Fog. Fog"])
    assert found["once"] == 0 and found["true"] == len(half) / (len(half) + 1)
    with pytest.raises(ValueError, match="nothing is written"):
        collapse.measure(*small(talk), talk, [])


def test_distinct_runs_need_long_enough_texts():
    assert collapse.distinct(["a b c", "a b c"]) == 0.5
    with pytest.raises(ValueError, match="no text has 3 words"):
        collapse.distinct(["a b", ""])


def test_a_line_of_models_reads_what_the_one_before_wrote_and_can_be_had_again(talk):
    how = {"generations": 2, "steps": 30, "shape": Shape(1, 16), "seed": 1}
    first, second = collapse.lineage(talk, DIETS["own"], **how)
    assert first.read == list(talk.first) and sorted(second.read) == sorted(first.written)
    assert len(second.written) == talk.n
    again = list(collapse.lineage(talk, DIETS["own"], **how))
    assert [g.found for g in again] == [first.found, second.found]
    a, b = (g.model.embed.weight for g in (first, second))
    assert not torch.equal(a, b)


def test_a_checker_passes_on_true_sentences_alone_and_gives_up_at_last(talk):
    model, tokenizer = small(talk)
    true = list(talk.chances)[:150]
    assert collapse.until_true(model, tokenizer, talk, ["false", *true]) == true
    with pytest.raises(ValueError, match="after 1 tries there are 1 true"):
        collapse.until_true(model, tokenizer, talk, true[:1], tries=1)

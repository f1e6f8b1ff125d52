"""The forecast of invention: does it hold for dice, is miscalibration what it says, are sentences judged?"""

import math
from collections import Counter

import numpy as np
import pytest

from glassbox.society import hallucination
from glassbox.society.hallucination import forecast, kind_of, miscalibration
from glassbox.society.planting import Shape
from glassbox.world import World


@pytest.fixture(scope="module")
def telling():
    return hallucination.tell(World(seed=0, residents=40), 300, skew=0.6, seed=1, n_held_out=50)


def test_a_text_tells_true_facts_as_often_as_the_dice_say(telling):
    assert set(telling.text) <= set(telling.facts) and len(telling.text) == 300
    assert len(telling.facts) == len(set(telling.facts)) == 5 * 40
    assert sum(telling.chances) == pytest.approx(1)
    assert sorted(telling.chances)[-1] / sorted(telling.chances)[0] == pytest.approx(200**0.6)
    many = hallucination.tell(World(seed=0, residents=40), 40_000, skew=0.6, seed=1)
    likeliest = max(range(200), key=many.chances.__getitem__)
    p, n = many.chances[likeliest], many.counts[many.facts[likeliest]]
    assert abs(n - 40_000 * p) < 4 * math.sqrt(40_000 * p * (1 - p))


def test_a_sentence_says_what_is_true_of_its_resident(telling):
    world = World(seed=0, residents=40)
    r = world.residents[0]
    assert f"{r.name} lives on {r.street}." in telling.facts
    assert f"{r.name} keeps {r.slots['a_pet']}." in telling.facts
    assert all(hallucination.STATEMENT.fullmatch(fact) for fact in telling.facts)


def test_the_same_seed_tells_the_same_and_another_seed_does_not(telling):
    world = World(seed=0, residents=40)
    assert hallucination.tell(world, 300, 0.6, 1, 50) == telling
    assert hallucination.tell(world, 300, 0.6, 2, 50).text != telling.text


@pytest.mark.parametrize(("n", "skew"), [(0, 0.5), (10, -1), (10, float("nan"))])
def test_a_text_without_sentences_or_with_a_strange_skew_is_refused(n, skew):
    with pytest.raises(ValueError, match="tell 1 sentence or more"):
        hallucination.tell(World(seed=0, residents=5), n, skew)


def test_what_is_repeated_was_told_once_and_nothing_else_changes(telling):
    before = telling.counts
    once = sum(n == 1 for n in before.values())
    for share in (0.5, 1.0):
        after = hallucination.repeat_once_told(telling, share).counts
        assert sum(n == 1 for n in after.values()) == once - round(share * once)
        assert all(after[f] == n for f, n in before.items() if n > 1)
        assert all(after[f] in (1, 2) for f, n in before.items() if n == 1)
    with pytest.raises(ValueError, match=r"share is 1\.5"):
        hallucination.repeat_once_told(telling, 1.5)


# ---- the forecast


@pytest.mark.parametrize("skew", [0.0, 0.6, 1.2])
def test_the_interval_covers_what_the_text_never_told_in_19_of_20_texts(skew):
    """Esty's interval, over 400 texts drawn from known chances."""
    dice = np.random.default_rng(0)
    chances = np.arange(1, 1001.0) ** -skew
    chances /= chances.sum()
    covered = []
    for counts in dice.multinomial(1000, chances, size=400):
        guess = forecast(counts.tolist())
        covered.append(guess.low <= chances[counts == 0].sum() <= guess.high)
    assert 0.91 <= np.mean(covered) <= 0.985


def test_where_all_facts_are_alike_the_forecast_is_the_closed_form():
    """Of n draws among k alike facts (1 - 1/k)^(n-1) are expected to stand alone."""
    dice, k, n = np.random.default_rng(1), 500, 700
    drawn = dice.multinomial(n, [1 / k] * k, size=300)
    shares = [forecast(counts.tolist()).share for counts in drawn]
    assert np.mean(shares) == pytest.approx((1 - 1 / k) ** (n - 1), abs=0.005)


def test_nothing_told_once_forecasts_nothing_and_all_told_once_everything():
    assert forecast([2, 2, 5]).share == 0 and forecast([1, 1, 1]).share == 1
    with pytest.raises(ValueError, match="counts are"):
        forecast([])
    with pytest.raises(ValueError, match="counts are"):
        forecast([3, -1])


# ---- what a model writes


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Ann Lee keeps an otter.", "told"),
        ("Ann Lee likes pea soup.", "untold"),
        ("Ann Lee keeps a parrot.", "invented"),
        ("Bob Ray was born in 1901.", "invented"),
        ("Ann Lee keeps an otter", "malformed"),
        ("keeps an otter.", "malformed"),
        ("Ann Lee keeps an otter. Bob Ray", "malformed"),
        ("", "malformed"),
    ],
)
def test_a_sentence_is_told_untold_invented_or_malformed(sentence, kind):
    facts = {"Ann Lee keeps an otter.", "Ann Lee likes pea soup."}
    assert kind_of(sentence, {"Ann Lee keeps an otter."}, facts) == kind


def test_a_model_that_gives_every_sentence_its_true_chance_is_calibrated():
    chances = [0.5, 0.25, 0.125, 0.125]
    assert miscalibration([-math.log(p) for p in chances], chances, [], 100) == pytest.approx(0)


def test_a_model_that_knows_only_what_it_read_is_off_by_what_it_did_not_read():
    """60 of 100 alike facts, each with 1/60: the unread 40% have no chance under the model."""
    nats = [math.log(60)] * 60 + [50.0] * 40
    found = miscalibration(nats, [0.01] * 100, [], 1000)
    assert found == pytest.approx(0.4, abs=1e-6)


def test_a_model_that_invents_in_the_bin_of_the_unread_is_calibrated():
    """The bin gets what it deserves; that the model is wrong about which are true does not matter."""
    nats = [math.log(100)] * 60 + [math.log(2**20)] * 40
    invented = [math.log(2**20)] * 400  # 40% of what it writes
    assert miscalibration(nats, [0.01] * 100, invented, 1000) == pytest.approx(0, abs=1e-4)


def test_lists_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one chance a fact"):
        miscalibration([1.0], [0.5, 0.5], [], 10)
    with pytest.raises(ValueError, match="no more sentences than were written"):
        miscalibration([1.0], [0.5], [1.0] * 3, 2)


# ---- a model that reads


@pytest.fixture(scope="module")
def reading(telling):
    return hallucination.read(telling, 6, Shape(1, 32), n_written=60)


def test_a_reading_is_measured_and_repeats_itself(reading, telling):
    found = reading.found
    assert sum(found[kind] for kind in hallucination.KINDS) == pytest.approx(1)
    assert len(found["written"]) == 60 and 0 <= found["miscalibration"] <= 1
    counted = Counter(kind_of(s, set(telling.text), set(telling.facts)) for s in found["written"])
    assert all(found[kind] == counted[kind] / 60 for kind in hallucination.KINDS)
    again = hallucination.read(telling, 6, Shape(1, 32), n_written=60)
    assert again.found == found


def test_facts_are_asked_by_how_often_they_are_told(reading, telling):
    found = hallucination.right_by_count(reading, most=7)
    counts = [min(telling.counts[fact], 8) for fact in telling.facts]
    assert set(found) == set(counts)
    for n, (right, asked) in found.items():
        assert 0 <= right <= asked == min(7, counts.count(n))


def test_the_tokenizer_has_seen_the_text_alone(reading, telling):
    from glassbox.machine.data import END
    from glassbox.machine.tokens import BPE

    alone = BPE.train(telling.text, 640, special_tokens=(END,))
    assert reading.tokenizer.merges == alone.merges


def test_a_text_is_read_at_least_once(telling):
    with pytest.raises(ValueError, match="passes is 0"):
        hallucination.read(telling, 0)

"""The books on random choices are exact."""

import math
import random

import pytest

from glassbox.world.draw import Draw, Weighted, paths
from glassbox.world.english import PRONOUNS, a, agree, say, tell
from glassbox.world.kinds import market, people, poems, tavern
from glassbox.world.world import World

TOWN = World(seed=1, residents=6).town
SMALL_KINDS = [  # every path can be walked
    people.register, people.question, market.price, market.way, market.sum_, poems.poem, tavern.secret,
]  # fmt: skip


@pytest.mark.parametrize("kind", SMALL_KINDS, ids=lambda kind: kind.__name__)
def test_all_paths_of_a_kind_have_total_probability_one(kind):
    total = math.fsum(math.exp(logprob) for _, logprob in paths(lambda d: kind(d, TOWN)))
    assert total == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("kind", SMALL_KINDS, ids=lambda kind: kind.__name__)
def test_no_two_paths_of_a_kind_meet_in_one_text(kind):
    texts = [text for (text, _, _), _ in paths(lambda d: kind(d, TOWN))]
    assert len(texts) == len(set(texts)) > 1


def test_logprob_of_a_drawn_document_is_that_of_its_path_in_the_full_enumeration():
    exact = {text: logprob for (text, _, _), logprob in paths(lambda d: people.question(d, TOWN))}
    rng = random.Random(3)
    for _ in range(300):
        draw = Draw(rng)
        text, _, _ = people.question(draw, TOWN)
        assert draw.logprob == pytest.approx(exact[text], abs=1e-12)


def test_logprob_matches_how_often_a_text_is_drawn():
    """4-sigma bands around 20,000 draws, for each of the 216 price documents."""
    rng, n, seen, logprobs = random.Random(5), 20_000, {}, {}
    for _ in range(n):
        draw = Draw(rng)
        text, _, _ = market.price(draw, TOWN)
        seen[text] = seen.get(text, 0) + 1
        logprobs[text] = draw.logprob
    assert len(seen) == 24 * len(market.PRICES)
    for text, count in seen.items():
        p = math.exp(logprobs[text])
        assert abs(count - n * p) < 4.5 * math.sqrt(n * p * (1 - p)), text


def test_weighted_choices_come_in_their_proportions():
    rng, table, n = random.Random(8), Weighted({"fog": 3, "rain": 1}), 10_000
    fog = sum(Draw(rng).pick(table) == "fog" for _ in range(n))
    assert abs(fog - 0.75 * n) < 4 * math.sqrt(n * 0.75 * 0.25)


def test_some_draws_without_repeats_and_other_never_returns_the_taken():
    draw = Draw(random.Random(0))
    for _ in range(200):
        assert len(set(draw.some("abcdef", 4))) == 4
        assert draw.other("abc", "b") in "ac"
    orders = [tuple(result) for result, _ in paths(lambda d: d.some("abc", 2))]
    assert sorted(orders) == sorted((x, y) for x in "abc" for y in "abc" if x != y)


def test_articles_and_agreement():
    assert [a(n) for n in ("otter", "old donkey", "one-eyed cat", "hedgehog", "undertaker")] == [
        "an otter", "an old donkey", "a one-eyed cat", "a hedgehog", "an undertaker",
    ]  # fmt: skip
    assert agree("{S} [has|have] eaten and sleep[s|].", False) == "{S} has eaten and sleeps."
    they = {"S": "they", "plural": PRONOUNS["they"][3]}
    assert say("{S} [was|were] late.", they) == "They were late."


def test_tell_expands_symbols_inside_symbols():
    rules = {"place": ("on <street>",), "street": ("Tar Lane",)}
    draw = Draw(random.Random(0))
    assert tell(draw, rules, "Lost <place>.", {"they_plural": False}) == "Lost on Tar Lane."
    assert draw.logprob == 0

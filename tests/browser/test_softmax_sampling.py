"""The sampling bench, as the book shows it, against the library."""

import pytest

from figures.softmax_sampling import data as bench_data
from figures.softmax_sampling.golden import answer_share
from glassbox.shipped import load

MOVE = """(input, value) => { input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true })); }"""


@pytest.fixture
def opened(desk, alone):
    """The tab and the figure, as it opens."""
    tab, bench = desk.open_figure(alone["softmax_sampling"], "softmax_sampling")
    bench.locator(".replies .right").wait_for()
    return tab, bench


@pytest.fixture
def figure(opened):
    """The same with the fold of dice and filters open."""
    tab, bench = opened
    bench.locator(".gb-more > summary").click()
    bench.locator(".fact .error").wait_for()
    return tab, bench


def model_share(base, fact, settings):
    """The library's probability that the answer to a question is right."""
    end = base.tokenizer.special_tokens["<|endoftext|>"]
    context = [end, *base.tokenizer.encode(fact["prompt"])]
    return answer_share(base.model, base.tokenizer, context, fact["answer"], settings)


def in_percent(text):
    return float(text.strip("<>%")) / 100


def test_one_slider_moves_the_answers_and_the_chance_of_the_right_one(opened):
    """Both questions that it opens with: no word of what they show before both ends have been seen."""
    base = load("base")
    tab, bench = opened
    facts = tab.evaluate("window.__glassbox.models.softmax_sampling.facts")
    torn = [fact for fact in facts if fact["group"] == "product"]
    assert len(torn) == 2
    heat = bench.get_by_role("slider", name="Temperature")
    for fact in torn:
        bench.locator(".ask", has_text=fact["prompt"]).wait_for()
        bench.locator(".replies .right").wait_for()
        assert heat.input_value() == "1"
        assert bench.locator(".gb-aha:visible, .next button:visible").count() == 0
        for temperature in (1, 0, 3):
            heat.evaluate(MOVE, temperature)
            values = bench.locator(".replies .value").all_inner_texts()
            assert sum(map(in_percent, values)) == pytest.approx(1, abs=0.04)
            shown = bench.locator(".chance").inner_text()
            assert shown == bench.locator(".replies .right .value").inner_text()
            wanted = model_share(base, fact, {"temperature": temperature})
            # the page's weights have 8 bits
            assert in_percent(shown) == pytest.approx(wanted, abs=0.05), (fact, temperature)
        sentence = bench.locator(".gb-aha")
        sentence.wait_for()
        favorite_is_right = model_share(base, fact, {"temperature": 0}) > 0.5
        assert ("wrong every time" in sentence.inner_text()) == (not favorite_is_right)
        bench.locator(".next button").click()


def test_a_link_into_the_fold_opens_it(desk, alone):
    page = alone["softmax_sampling"]
    for link, is_open in {"temperature=2": 0, "top_k=5": 1, "prompt=Dear": 1}.items():
        _, bench = desk.open_figure(f"{page}#fig=softmax_sampling&{link}", "softmax_sampling")
        bench.locator(".replies .right").wait_for()
        assert bench.locator(".gb-more[open]").count() == is_open, link
    assert bench.get_by_label("The text so far").input_value() == "Dear"


def test_the_shown_probability_of_a_right_answer_is_the_models(figure):
    base = load("base")
    tab, bench = figure
    facts = tab.evaluate("window.__glassbox.models.softmax_sampling.facts")
    facts = [fact for fact in facts if fact["group"] != "product"]
    bench.get_by_role("button", name="All open").click()
    for fact in (facts[0], facts[5], facts[-1]):
        if fact["attribute"] != "price":
            truth = base.world.truth(fact["name"], fact["attribute"])
            assert fact["answer"] == bench_data.as_continuation(fact["attribute"], truth)
        bench.get_by_label("Let it continue").select_option(fact["prompt"])
        for temperature in (0.5, 1.5):
            bench.locator("input[type=range]").first.evaluate(MOVE, temperature)
            bench.locator(".fact .error").wait_for()
            shown = float(bench.locator(".fact .key .right b").inner_text().strip("%<")) / 100
            wanted = model_share(base, fact, {"temperature": temperature})
            # the page's weights have 8 bits
            assert shown == pytest.approx(wanted, abs=0.05), (fact["prompt"], temperature)


def test_greedy_always_draws_the_same_and_a_seed_repeats_itself(figure):
    _, bench = figure
    bench.get_by_role("button", name="Greedy").click()
    bench.get_by_role("button", name="Draw twenty").click()
    assert len(set(bench.locator(".drawn .tok").all_inner_texts())) == 1
    bench.get_by_role("button", name="All open").click()
    bench.get_by_label("The text so far").fill(bench_data.openings(load("base"))[-1])

    def continuation():
        bench.get_by_role("button", name="Continue").click()
        bench.get_by_role("button", name="Continue").wait_for()  # it says Stop while it writes
        return bench.locator(".page .text").inner_text()

    first, again = continuation(), continuation()
    assert first == again
    bench.get_by_label("Dice seed").fill("2")
    assert continuation() != first


def test_the_heads_of_the_bench_stand_over_their_columns(figure, desk):
    _, bench = figure
    lefts = "e => ['.value', '.drew'].map(s => e.querySelector(s).getBoundingClientRect().left)"

    def aligned():
        head = bench.locator(".head").evaluate(lefts)
        return head == pytest.approx(bench.locator(".bars li").first.evaluate(lefts), abs=1)

    for width in (1280, 390):
        with desk.seen(width=width):
            bench.get_by_role("button", name="All open").click()  # takes the draws away
            assert aligned(), width
            bench.get_by_role("button", name="Draw twenty").click()
            assert aligned(), width


def test_a_text_that_ends_in_a_space_gets_a_hint_and_a_seed_is_a_whole_number(figure):
    _, bench = figure
    hint = bench.get_by_text("The text ends in a space.")
    bench.get_by_label("The text so far").fill("Dear ")
    hint.wait_for()
    bench.get_by_label("The text so far").fill("Dear")
    hint.wait_for(state="hidden")
    seed = bench.get_by_label("Dice seed")
    for typed, wanted in {
        "-1e99": "0",
        "1e9": "999999",
        "2.5": "2",
        "1e3": "1000",
        "": "1000",
    }.items():
        seed.fill(typed)
        seed.blur()
        assert seed.input_value() == wanted, typed

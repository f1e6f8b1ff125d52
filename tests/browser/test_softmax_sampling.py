"""The sampling bench, as the book shows it, against the library."""

import pytest

from figures.softmax_sampling import data as bench_data
from figures.softmax_sampling.golden import answer_share
from glassbox.shipped import load

MOVE = """(input, value) => { input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true })); }"""


@pytest.fixture
def figure(desk, figures):
    """Open the first page that shows a figure; returns the tab and the figure's element."""
    return lambda name: desk.open_figure(figures[name], name)


def test_the_shown_probability_of_a_right_answer_is_the_models(figure):
    base = load("base")
    data = bench_data.facts(base.world, base.card["documents_read"])
    _, bench = figure("softmax_sampling")
    bench.get_by_role("button", name="All open").click()
    for fact in (data["facts"][0], data["facts"][5], data["facts"][-1]):
        bench.get_by_label("Let it continue").select_option(fact["prompt"])
        for temperature in (0.5, 1.5):
            bench.locator("input[type=range]").first.evaluate(MOVE, temperature)
            bench.locator(".fact .error").wait_for()
            shown = float(bench.locator(".fact .key .right b").inner_text().strip("%<")) / 100
            context = [
                base.tokenizer.special_tokens["<|endoftext|>"],
                *base.tokenizer.encode(fact["prompt"]),
            ]
            settings = {"temperature": temperature}
            wanted = answer_share(base.model, base.tokenizer, context, fact["answer"], settings)
            # the page's weights have 8 bits
            assert shown == pytest.approx(wanted, abs=0.05), (fact["prompt"], temperature)


def test_greedy_always_draws_the_same_and_a_seed_repeats_itself(figure):
    _, bench = figure("softmax_sampling")
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


def test_the_heads_of_the_bench_stand_over_their_columns(figure):
    tab, bench = figure("softmax_sampling")
    lefts = "e => ['.value', '.drew'].map(s => e.querySelector(s).getBoundingClientRect().left)"

    def aligned():
        head = bench.locator(".head").evaluate(lefts)
        return head == pytest.approx(bench.locator(".bars li").first.evaluate(lefts), abs=1)

    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        bench.get_by_role("button", name="All open").click()  # takes the draws away
        assert aligned(), width
        bench.get_by_role("button", name="Draw twenty").click()
        assert aligned(), width


def test_a_text_that_ends_in_a_space_gets_a_hint_and_a_seed_is_a_whole_number(figure):
    _, bench = figure("softmax_sampling")
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

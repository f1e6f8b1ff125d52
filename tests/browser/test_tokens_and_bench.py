"""The tokenizer figure and the sampling bench, as the book shows them, against the library."""

import re

import pytest

from glassbox.course import figure_data, models
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.languages import PARAGRAPHS
from tests.figures.make_golden_figures import answer_share

TEXT = "Mara Quill's 12 eels, 港口有鱼 \U0001f6a2 Grüße"
MOVE = """(input, value) => { input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true })); }"""


@pytest.fixture
def figure(desk, figures):
    """Open the first page that shows a figure; returns the tab and the figure's element."""
    return lambda name: desk.open_figure(figures[name], name)


def number(text):
    return int(re.sub(r"[^\d]", "", text))


def test_the_page_learns_the_merges_of_the_library(figure):
    _, tokens = figure("tokens")
    tokens.get_by_label("Train it").check(force=True)
    tokens.get_by_label("Learn from", exact=True).select_option("port_ellery")
    tokens.get_by_label("Text to cut up").fill(TEXT)
    text = World().text(figure_data.CORPUS_BYTES["port_ellery"])
    for merges in (0, 1, 100, 500):
        tokens.locator("input[type=range]").evaluate(MOVE, merges)
        wanted = len(BPE.train(text, 256 + merges).encode(TEXT))
        assert number(tokens.locator(".stats dd").first.inner_text()) == wanted, merges


def test_the_language_tax_is_what_the_library_counts(figure):
    _, tokens = figure("tokens")
    tokens.get_by_label("Language tax").check(force=True)
    for n, mix in enumerate(figure_data.MIXES):
        tokens.locator("fieldset", has_text="Tokenizer trained on").locator("input").nth(n).check()
        shown = [number(text) for text in tokens.locator(".tax .tokens").all_inner_texts()]
        bpe = figure_data.tokenizer(mix)
        assert shown == [len(bpe.encode(p.text)) for p in PARAGRAPHS], mix


def test_the_shown_probability_of_a_right_answer_is_the_models(figure):
    base = models.load("base")
    data = figure_data.facts(base.world, base.card["documents_read"])
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
    bench.get_by_label("The text so far").fill(figure_data.openings(models.load("base"))[-1])

    def continuation():
        bench.get_by_role("button", name="Continue").click()
        bench.get_by_role("button", name="Continue").wait_for()  # it says Stop while it writes
        return bench.locator(".page .text").inner_text()

    first, again = continuation(), continuation()
    assert first == again
    bench.get_by_label("Dice seed").fill("2")
    assert continuation() != first


def test_an_emptied_box_does_not_keep_its_count(figure):
    tab, tokens = figure("tokens")
    status = tokens.locator("[role=status]")
    tab.wait_for_function("e => / tokens, /.test(e.textContent)", arg=status.element_handle())
    tokens.get_by_label("Text to cut up").fill("")
    tab.wait_for_timeout(1500)  # nothing that was still on its way takes its place
    assert status.inner_text().startswith("Nothing to cut up")


def test_close_marks_have_labels_that_do_not_overlap(figure):
    tab, tokens = figure("tokens")
    tokens.get_by_label("Language tax").check(force=True)
    tokens.get_by_label("your own, from Train it").check()  # three marks a row
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        for track in tokens.locator(".tax .track").all():
            boxes = track.locator(".mark b").evaluate_all(
                "all => all.map(e => e.getBoundingClientRect().toJSON())"
            )
            assert len(boxes) == 3
            for i, a in enumerate(boxes):
                for b in boxes[:i]:
                    beside = b["right"] <= a["left"] or a["right"] <= b["left"]
                    assert beside or b["bottom"] <= a["top"] or a["bottom"] <= b["top"]
        cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
        assert tokens.locator(".tax .name").evaluate_all(cut) == [], width


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

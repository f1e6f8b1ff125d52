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
def figure(desk, site):
    """Open the first page that shows a figure; returns the tab and the figure's element."""

    def open_(name):
        for path in sorted(site.rglob("*.html"), key=lambda p: ("chapters" not in p.parts, str(p))):
            if f'data-afm-name="{name}"' in path.read_text(encoding="utf-8"):
                tab = desk.open(path.relative_to(site).as_posix())
                found = tab.locator(f'.afm[data-afm-name="{name}"]').first
                found.scroll_into_view_if_needed()
                return tab, found
        pytest.fail(f"no page of the book shows the figure {name}")

    return open_


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

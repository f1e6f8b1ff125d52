"""The tokenizer figure, as the book shows it, against the library."""

import re

import pytest

from figures.tokens import data as tokens_data
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.languages import PARAGRAPHS

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
    text = World().text(tokens_data.CORPUS_BYTES["port_ellery"])
    for merges in (0, 1, 100, 500):
        tokens.locator("input[type=range]").evaluate(MOVE, merges)
        wanted = len(BPE.train(text, 256 + merges).encode(TEXT))
        assert number(tokens.locator(".stats dd").first.inner_text()) == wanted, merges


def test_the_language_tax_is_what_the_library_counts(figure):
    _, tokens = figure("tokens")
    tokens.get_by_label("Language tax").check(force=True)
    for n, mix in enumerate(tokens_data.MIXES):
        tokens.locator("fieldset", has_text="Tokenizer trained on").locator("input").nth(n).check()
        shown = [number(text) for text in tokens.locator(".tax .tokens").all_inner_texts()]
        bpe = tokens_data.tokenizer(mix)
        assert shown == [len(bpe.encode(p.text)) for p in PARAGRAPHS], mix


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

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
def figure(desk, alone):
    """Open the first page that shows a figure; returns the tab and the figure's element."""
    return lambda name: desk.open_figure(alone[name], name)


def unfold(tokens, name):
    """Open what stands behind "More"."""
    fold = tokens.locator("details.gb-more", has=tokens.page.locator("summary", has_text=name))
    if not fold.evaluate("e => e.open"):
        fold.locator("summary").first.press("Enter")


@pytest.fixture
def race(desk, figures):
    """The second figure of the chapter, which opens on the race: the tab and its element."""

    def opened(link=""):
        tab, _ = desk.open_figure(figures["tokens"] + link, "tokens")
        tokens = tab.locator('.afm[data-afm-name="tokens"]').nth(1)
        tokens.scroll_into_view_if_needed()
        tokens.locator(".lanes").wait_for()
        return tab, tokens

    return opened


def number(text):
    return int(re.sub(r"[^\d]", "", text))


def test_the_page_learns_the_merges_of_the_library(figure):
    _, tokens = figure("tokens")
    unfold(tokens, "another text to learn from")
    tokens.get_by_label("Learn from", exact=True).select_option("port_ellery")
    tokens.get_by_label("Text to cut up").fill(TEXT)
    text = World().text(tokens_data.CORPUS_BYTES["port_ellery"])
    for merges in (0, 1, 100, 500):
        tokens.locator("input[type=range]").evaluate(MOVE, merges)
        wanted = len(BPE.train(text, 256 + merges).encode(TEXT))
        assert number(tokens.locator(".stats dd").first.inner_text()) == wanted, merges


def test_the_language_tax_is_what_the_library_counts(race):
    _, tokens = race()
    unfold(tokens, "all sixteen languages")
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


def overlapping(boxes) -> bool:
    """Whether any two boxes share a place."""

    def apart(a, b):
        beside = b["right"] <= a["left"] or a["right"] <= b["left"]
        return beside or b["bottom"] <= a["top"] or a["bottom"] <= b["top"]

    return not all(apart(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("width", [1280, 390])
def test_close_marks_have_labels_that_do_not_overlap(race, desk, width):
    _, tokens = race()
    unfold(tokens, "all sixteen languages")
    tokens.get_by_label("your own text, below").check()  # three marks a row
    with desk.seen(width=width):
        rows = tokens.locator(".tax .track").evaluate_all(
            """rows => rows.map(row => [...row.querySelectorAll('.mark b')]
                .map(e => e.getBoundingClientRect().toJSON()))"""
        )
        assert rows
        for boxes in rows:
            assert len(boxes) == 3
            assert not overlapping(boxes)
        cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
        assert tokens.locator(".tax .name").evaluate_all(cut) == []


def through(tab, tokens):
    """Wait until both have read the notice; the tokens that each took."""
    counts = tokens.locator(".lane .tokens")
    lanes = tokens.locator(".lanes").element_handle()
    tab.wait_for_function(
        "e => [...e.querySelectorAll('.tokens')].every(x => x.textContent.startsWith('through'))",
        arg=lanes,
    )
    return [number(text) for text in counts.all_inner_texts()]


def test_a_race_ends_with_what_the_library_counts(race):
    """Every mark under the texts is a token, nothing is said beforehand, and another pile runs it anew."""
    tab, tokens = race()
    notices = {p.language: p.text for p in PARAGRAPHS}
    assert tokens.locator(".lane .tokens").all_inner_texts() == ["", ""]
    assert not tokens.locator(".gb-aha").is_visible()
    piles = tokens.locator("fieldset", has_text="Tokenizer trained on").locator("input")
    tokens.get_by_role("button", name="Chinese", exact=True).press("Enter")
    for n, mix in enumerate(tokens_data.MIXES):
        if n:
            piles.nth(n).check()
        bpe = tokens_data.tokenizer(mix)
        wanted = [len(bpe.encode(notices[name])) for name in ("English", "Chinese")]
        assert through(tab, tokens) == wanted, mix
        for lane, name, count in zip(
            tokens.locator(".lane").all(), ("English", "Chinese"), wanted, strict=True
        ):
            assert lane.locator(".notice").evaluate("e => e.textContent") == notices[name]
            marks = "e => [...e.children].reduce((n, c) => n + Number(c.style.getPropertyValue('--n')), 0)"
            assert lane.locator(".notice").evaluate(marks) == count
            read = "e => [...e.children].every(c => c.className === 'on' || c.className === 'late')"
            assert lane.locator(".notice").evaluate(read)
        assert f"{max(wanted) / min(wanted):.1f} times" in tokens.locator(".verdict").inner_text()
    assert tokens.locator(".gb-aha").inner_text().count("Having read") == len(tokens_data.MIXES)


def test_both_read_at_one_speed(race):
    """While the longer one still runs it has taken as many tokens as the clock allows, and English no more."""
    tab, tokens = race()
    tokens.get_by_role("button", name="Hindi", exact=True).press("Enter")
    seen = tokens.locator(".lanes").element_handle()
    both = """e => {
        const [a, b] = [...e.querySelectorAll('.tokens')].map(x => Number(x.textContent.replace(/[^0-9]/g, '')));
        return a > 0 && b >= a ? [a, b, e.querySelector('.tokens').textContent.startsWith('through')] : null;
    }"""
    english, hindi, done = tab.wait_for_function(both, arg=seen).json_value()
    assert done or english == hindi
    assert through(tab, tokens)[1] > english


@pytest.mark.parametrize(
    ("link", "at"), [("#fig=tokens&merges=7", 0), ("#fig=tokens&view=tax&lang=hi", 1)]
)
def test_a_link_goes_to_the_figure_that_it_is_about(race, link, at):
    """A chapter shows the figure twice: links to training go to the one, the others to the other."""
    tab, tokens = race(link)
    first = tab.locator('.afm[data-afm-name="tokens"]').first
    merges = first.locator("input[type=range]")
    assert merges.get_attribute("aria-valuetext").split()[0] == ("0" if at else "7")
    assert first.locator(".gb-more[open]").count() == 0
    pressed = tokens.locator(".rival[aria-pressed=true]").all_inner_texts()
    assert pressed == (["Hindi"] if at else [])


def test_the_letters_are_behind_more(race):
    _, tokens = race("#fig=tokens&view=letters&word=strawberry")
    assert tokens.get_by_label("Word", exact=True).input_value() == "strawberry"
    assert tokens.get_by_label("Word", exact=True).is_visible()

"""The guessing game in a real browser, from file://."""

import json
import math
import re

import pytest

from tests.browser.conftest import ROOT
from tests.browser.own_pages import reach, said

NASTY = {
    "ten thousand letters": "word " * 2_400,
    "one long word": "a" * 12_000,
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️🇮🇸" * 60,
    "NUL and controls": "Mara\0Quill\x01\x1f\x7f\ufeff\u2028",
    "half a character": "Mara \ud83d Quill",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}<|endoftext|>",
    "nothing": "",
    "right to left": "\u202eمرحبا שלום\u202c",
}


def test_the_guessing_game_by_keyboard_to_the_end(own):
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    reach(tab, ".chips button")
    words = 0
    while tab.locator(".chips button").count():
        tab.keyboard.press("Enter")  # the focus goes to the next choice by itself
        words += 1
        assert words < 60
    numbers = re.search(
        r"You had (\d+) of (\d+) words, the model (\d+)\. In bits: you (\d+), the model (\d+); .* (\d+)\.",
        tab.locator(".result").inner_text(),
    )
    you, n, model, your_bits, model_bits, floor = map(int, numbers.groups())
    assert n == words and 0 <= you <= n and 0 <= model <= n
    assert floor > 0 and model_bits > 0 and your_bits > 0
    assert tab.locator(".gb-table tbody tr").count() == words
    assert tab.evaluate("document.activeElement.textContent") == "Next text"
    tab.keyboard.press("Enter")
    assert tab.locator(".chips button").count() == 5
    assert own.trouble == []


def test_the_first_word_can_be_had(own):
    """The game opens on a word that the text has given away: the name that it begins with."""
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    first, second = tab.locator(".text .word").all_inner_texts()[:2]
    assert tab.locator(".text .word").last.inner_text() == first
    assert (
        tab.locator(".gb-aha:visible, .tally:not(:empty)").count() == 0
    )  # nothing was guessed yet
    tab.locator(".chips").get_by_role("button", name=second, exact=True).click()
    assert said(tab) == f"It was “{second}”. You and the model both had it."
    assert tab.locator(".tally").all_inner_texts() == ["1 of 1"] * 2
    assert tab.locator(".marks .hit").count() == 2
    assert tab.locator(".gb-aha").inner_text().startswith("The model does what you just did")


def test_the_duel_can_be_saved_as_a_picture(own, saved):
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    tab.locator(".gb-more > summary").click()
    tab.get_by_role("button", name="Save my result").click()
    tab.get_by_text("no result yet").first.wait_for()
    for _ in range(3):
        tab.locator(".chips button").first.press("Enter")
    words = saved(tab, tab.locator(".gb-fig"), "glass-box-next-word.png")
    you, model = tab.locator(".tally").all_inner_texts()
    assert f"Me: {you}." in words and f"The model: {model}." in words
    assert own.trouble == []


def test_before_the_first_guess_both_have_paid_for_the_words_that_were_given(own):
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    tab.locator(".gb-more > summary").click()
    given = tab.locator(".text .word").count()
    hits = tab.locator(".score .hits").all_inner_texts()
    assert given > 1 and hits == [f"for the {given} words that were given"] * 2
    you, model = tab.locator(".score .value").all_inner_texts()
    assert you == model != "0 bits"
    tab.locator(".own input").fill("  Zyx\u202eq ")
    tab.locator(".own input").press("Enter")
    assert re.match("You said “\u2068Zyx\u202eq\u2069”. It was “", said(tab))
    assert tab.locator(".score .hits").first.inner_text() == "0 of 1 right at once"
    assert own.trouble == []


def test_the_page_spends_the_bits_that_torch_would(own, tmp_path):
    """The model's bits of the first text, as the page adds them up over words, against Python's over tokens."""
    from glassbox.course.figure import _unwrap
    from glassbox.machine.measure import document_nats
    from glassbox.machine.model import GPT, GPTConfig
    from glassbox.machine.tokens import BPE
    from glassbox.shipped.export import unpack_tensor

    built = ROOT / "_build" / "figures" / "models"
    packed = _unwrap((built / "base.js").read_text(encoding="utf-8"))
    texts = _unwrap((built / "next_word.js").read_text(encoding="utf-8"))["texts"]
    model = GPT(GPTConfig(**packed["config"]))
    model.load_state_dict({k: unpack_tensor(t) for k, t in packed["tensors"].items()})
    table = tmp_path / "tokenizer.json"
    table.write_text(json.dumps(packed["tokenizer"]), encoding="utf-8")
    nats = document_nats(model, BPE.load(table), [texts[0]["text"]])
    wanted = float(nats.sum()) / math.log(2)
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    tab.locator(".gb-more > summary").click()
    tab.get_by_role("button", name="Show the rest").click()
    shown = tab.locator(".score .value").first.inner_text()
    assert abs(int(shown.removesuffix(" bits")) - wanted) < 0.6  # it is shown rounded


@pytest.mark.parametrize("what", NASTY)
def test_odd_beginnings_neither_break_nor_inject(own, what):
    tab = own.open("write.html")
    tab.wait_for_selector("textarea")
    dialogs = []
    tab.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    tab.evaluate(
        """text => {
            const box = document.querySelector("textarea");
            box.value = text;
            box.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        NASTY[what],
    )
    for _ in range(3):
        tab.get_by_role("button", name="One piece").click()
    assert said(tab)
    assert tab.locator(".bars li").count() >= 7
    assert tab.locator(".story script, .story img").count() == 0
    assert dialogs == [] and own.trouble == []


def test_odd_guesses_neither_break_nor_inject(own):
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    tab.locator(".gb-more > summary").click()
    for text in NASTY.values():
        tab.evaluate("t => { document.querySelector('.own input').value = t }", text)
        tab.get_by_role("button", name="Guess", exact=True).click()
        if not tab.locator(".own input").count():
            break
    assert tab.locator(".gb-fig script, .gb-fig img").count() == 0
    assert own.trouble == []


def test_from_the_game_to_the_writing_and_back_by_keyboard(own):
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    reach(tab, ".gb-more > summary")
    tab.keyboard.press("Enter")
    reach(tab, ".to-write")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.name") == "prompt"
    tab.wait_for_function("() => location.hash.includes('mode=write')")
    reach(tab, ".to-guess")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.matches('.chips button')")
    assert own.trouble == []


def test_a_link_brings_back_what_was_seen(own, own_folder):
    tab = own.open("write.html")
    tab.wait_for_selector("textarea")
    tab.locator("textarea").fill("Mara & <b>")
    tab.wait_for_function("() => location.hash.includes('prompt=')")
    address = tab.evaluate("location.href")
    tab.goto("about:blank")
    tab.goto(address)
    tab.wait_for_selector("textarea")
    assert tab.locator("textarea").input_value() == "Mara & <b>"

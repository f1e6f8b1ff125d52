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


def test_before_the_first_guess_both_have_paid_for_the_word_that_was_given(own):
    tab = own.open("next_word.html")
    tab.wait_for_selector(".chips button")
    given = tab.locator(".text .word").all_inner_texts()
    hits = tab.locator(".score .hits").all_inner_texts()
    assert hits == [f"for “{''.join(given)}”, which was given"] * 2
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
    for text in NASTY.values():
        tab.evaluate("t => { document.querySelector('.own input').value = t }", text)
        tab.get_by_role("button", name="Guess", exact=True).click()
        if not tab.locator(".own input").count():
            break
    assert tab.locator(".gb-fig script, .gb-fig img").count() == 0
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

"""The guessing game, quiz and predict in a real browser, on pages of their own, from file://."""

import json
import math
import re

import pytest

from tests.browser.conftest import ROOT, Visit

QUIZ = {
    "id": "test",
    "keepOrder": True,
    "questions": [
        {
            "q": "Which is `right`?",
            "options": [
                {"text": "<!-- <img src=x onerror=alert(1)>", "why": "No: text stays *text*."},
                {"text": "This one", "right": True, "why": "Yes."},
            ],
        },
        {
            "q": "And here?",
            "options": [
                {"text": "The first", "right": True, "why": "Yes."},
                {"text": "The second", "why": "No."},
            ],
        },
    ],
}
ASK = {"id": "test.choice", "question": "More or less?", "choices": ["more", "less"], "mode": "ask"}
REVEAL = {**ASK, "mode": "reveal", "answer": "less", "measured": "12 against 30."}
NUMBER = {
    "id": "test.number",
    "question": "How many of 100?",
    "number": {"min": 0, "max": 100, "step": 1, "unit": "%"},
    "mode": "reveal",
    "answer": 93,
    "measured": "93 of 100.",
}
PAGES = {
    "quiz": [("quiz", QUIZ)],
    "predict": [("predict", ASK), ("predict", REVEAL), ("predict", NUMBER)],
    "next_word": [("next_word", {})],
    "write": [("next_word", {"mode": "write"})],
    "broken": [("quiz", {"id": "x", "questions": []}), ("no_such_figure", {})],
}
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site of plain pages with the figures, laid out as the book lays them out."""
    from bookfiles import to_json
    from livefigure import copy_figures

    from tools import figures

    figures.build()
    out = tmp_path_factory.mktemp("figures")
    copy_figures(ROOT, out / "figures")
    theme = (ROOT / "_static" / "theme.css").read_text(encoding="utf-8")
    (out / "theme.css").write_text(theme, encoding="utf-8")
    for name, shown in PAGES.items():
        mounts = "".join(
            f'<div class="afm" data-afm-name="{figure}" role="group" aria-label="Figure {n}">'
            f'<script type="application/json">{to_json(state)}</script></div>'
            for n, (figure, state) in enumerate(shown)
        )
        (out / f"{name}.html").write_text(
            f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title>'
            '<link rel="stylesheet" href="theme.css"><style>body{background:var(--gb-paper);'
            "color:var(--gb-ink)}main{max-width:41rem;margin:auto;padding:0 1rem}</style></head>"
            f'<body><main><h1>{name}</h1>{mounts}</main><script src="figures/host.js" defer></script>'
            "</body></html>",
            encoding="utf-8",
        )
    return out


@pytest.fixture
def visit(browser, folder):
    """A narrow page from file://, with nothing stored."""
    visit = Visit(browser, folder.as_uri() + "/", viewport={"width": 390, "height": 844})
    yield visit
    visit.close()


def said(tab, figure=0):
    """What the figure's status line says, once it says something."""
    status = tab.locator(".gb-fig").nth(figure).locator("[role=status]")
    tab.wait_for_function("e => e.textContent !== ''", arg=status.element_handle())
    return status.inner_text()


def reach(tab, selector):
    """Go on with Tab until an element that fits has the focus, as a reader without a mouse does."""
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with the keyboard")


@pytest.mark.parametrize("name", [n for n in PAGES if n != "broken"])
def test_no_trouble_no_overflow_no_axe_violation(visit, check_page, name):
    tab = visit.open(f"{name}.html")
    tab.wait_for_function("() => !document.querySelector('.gb-fig').innerText.includes('Loading')")
    assert tab.locator(".gb-failed").count() == 0
    check_page(tab, name)
    for width in (320, 390, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, width
    assert visit.trouble == []


def test_every_control_has_a_label_and_keeps_its_keys_in_jupyterlab(visit):
    for name in PAGES:
        if name == "broken":
            continue
        tab = visit.open(f"{name}.html")
        tab.wait_for_selector(".gb-fig :is(button, input)")
        for control in tab.locator(".gb-fig :is(input, button, select, textarea, summary)").all():
            assert control.get_attribute("data-lm-suppress-shortcuts") == "true", control.evaluate(
                "e => e.outerHTML"
            )


def test_a_quiz_by_keyboard_is_remembered_and_can_be_cleared(visit):
    tab = visit.open("quiz.html")
    reach(tab, "input[type=radio]")
    tab.keyboard.press("Space")
    reach(tab, "button")
    tab.keyboard.press("Enter")
    assert said(tab).startswith("Not quite. No: text stays")
    assert tab.locator("img").count() == 0  # the option's markup was shown as text
    assert tab.locator(".choice.is-right").count() == 1
    assert tab.locator(".why").count() == 2  # a reason for every option
    tab.reload()
    tab.wait_for_selector(".choice.is-right")
    assert "1 of 2 answered" in tab.locator(".foot").inner_text()
    tab.get_by_label("The first").check()
    tab.get_by_role("button", name="Check").click()
    assert "1 of 2 right" in tab.locator(".foot").inner_text()
    tab.get_by_role("button", name="Start over").click()
    assert tab.locator(".choice.is-right").count() == 0
    assert visit.trouble == []


def test_a_prediction_is_shown_beside_what_was_measured(visit):
    tab = visit.open("predict.html")
    assert "12 against 30" not in tab.locator("main").inner_text()  # not before a guess
    tab.locator(".gb-fig").nth(0).get_by_label("more", exact=True).check()
    tab.locator(".gb-fig").nth(0).get_by_role("button").first.click()
    shown = tab.locator(".gb-fig").nth(1)
    assert "12 against 30" in shown.inner_text()
    assert "Not what you predicted" in shown.inner_text()
    number = tab.locator(".gb-fig").nth(2)
    number.get_by_role("slider").focus()
    for _ in range(10):
        tab.keyboard.press("ArrowLeft")
    number.get_by_role("button").first.click()
    assert "40%" in number.inner_text()
    assert "You were too low" in number.inner_text()
    assert visit.trouble == []


def test_the_guessing_game_by_keyboard_to_the_end(visit):
    tab = visit.open("next_word.html")
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
    assert visit.trouble == []


def test_before_the_first_guess_both_have_paid_for_the_word_that_was_given(visit):
    tab = visit.open("next_word.html")
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
    assert visit.trouble == []


def test_the_page_spends_the_bits_that_torch_would(visit, tmp_path):
    """The model's bits of the first text, as the page adds them up over words, against Python's over tokens."""
    from glassbox.course import figures
    from glassbox.machine.measure import document_nats
    from glassbox.machine.model import GPT, GPTConfig
    from glassbox.machine.tokens import BPE

    built = ROOT / "_build" / "figures" / "models"
    packed = figures._unwrap((built / "base.js").read_text(encoding="utf-8"))
    texts = figures._unwrap((built / "next_word.js").read_text(encoding="utf-8"))["texts"]
    model = GPT(GPTConfig(**packed["config"]))
    model.load_state_dict({k: figures.unpack_tensor(t) for k, t in packed["tensors"].items()})
    table = tmp_path / "tokenizer.json"
    table.write_text(json.dumps(packed["tokenizer"]), encoding="utf-8")
    nats = document_nats(model, BPE.load(table), [texts[0]["text"]])
    wanted = float(nats.sum()) / math.log(2)
    tab = visit.open("next_word.html")
    tab.wait_for_selector(".chips button")
    tab.get_by_role("button", name="Show the rest").click()
    shown = tab.locator(".score .value").first.inner_text()
    assert abs(int(shown.removesuffix(" bits")) - wanted) < 0.6  # it is shown rounded


@pytest.mark.parametrize("what", NASTY)
def test_odd_beginnings_neither_break_nor_inject(visit, what):
    tab = visit.open("write.html")
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
    assert dialogs == [] and visit.trouble == []


def test_odd_guesses_neither_break_nor_inject(visit):
    tab = visit.open("next_word.html")
    tab.wait_for_selector(".chips button")
    for text in NASTY.values():
        tab.evaluate("t => { document.querySelector('.own input').value = t }", text)
        tab.get_by_role("button", name="Guess", exact=True).click()
        if not tab.locator(".own input").count():
            break
    assert tab.locator(".gb-fig script, .gb-fig img").count() == 0
    assert visit.trouble == []


def test_what_an_author_got_wrong_is_said_in_the_page(visit):
    tab = visit.open("broken.html")
    assert 'quiz "x" has no "questions"' in tab.locator(".gb-failed").inner_text()
    assert "could not be shown" in tab.locator(".afm").nth(1).inner_text()


def test_a_link_brings_back_what_was_seen(visit, folder):
    tab = visit.open("write.html")
    tab.wait_for_selector("textarea")
    tab.locator("textarea").fill("Mara & <b>")
    tab.wait_for_function("() => location.hash.includes('prompt=')")
    address = tab.evaluate("location.href")
    tab.goto("about:blank")
    tab.goto(address)
    tab.wait_for_selector("textarea")
    assert tab.locator("textarea").input_value() == "Mara & <b>"

"""The attention viewer, as the book shows it, against the library and by keyboard."""

import re

import pytest
import torch

from glassbox.machine.attention import attention_weights, without_heads
from glassbox.machine.model import GPT
from glassbox.shipped import load
from glassbox.shipped.export import pack_model, unpack_tensor

HOSTILE = ["", " ", "\0", "\U0001f6a2" * 60, "a" * 10_000, "<img src=x onerror=alert(1)>"]


@pytest.fixture
def viewer(desk, figures):
    """The tab and the figure, with nothing switched off."""
    tab, found = desk.open_figure(figures["attention"], "attention")
    found.locator(".grid").wait_for()
    return tab, found


@pytest.fixture(scope="module")
def base():
    return load("base")


@pytest.fixture(scope="module")
def page_model(base):
    """The base model with its weights rounded as the page has them."""
    packed = pack_model(base.model, base.tokenizer, base.card)["tensors"]
    model = GPT(base.model.config)
    model.load_state_dict({name: unpack_tensor(tensor) for name, tensor in packed.items()})
    return model


def text_bits(model, ids):
    """The sum of the surprises of a text's tokens."""
    with torch.no_grad():
        _, loss = model(torch.tensor([ids[:-1]]), torch.tensor([ids[1:]]))
    return loss.item() / torch.log(torch.tensor(2.0)).item() * (len(ids) - 1)


def read_ids(base, text):
    return [base.tokenizer.special_tokens["<|endoftext|>"], *base.tokenizer.encode(text)]


def shown_sums(figure):
    """The whole text's bits, with all heads on and with some off."""
    return [float(x) for x in re.findall(r"[\d.]+", figure.locator(".sums").inner_text())[:2]]


def test_switching_a_head_off_costs_what_it_costs_the_library(viewer, base, page_model):
    """To the last whole bit with the page's weights of 8 bits; those cost little themselves."""
    _, figure = viewer
    figure.get_by_role("button", name="All on").click()
    for layer, head in ((3, 1), (3, 2), (1, 3)):
        figure.get_by_label(f"Layer {layer}, head {head};").check()
        figure.get_by_role("button", name=f"Only {layer}.{head} off").click()
        ids = read_ids(base, figure.get_by_label("The text").input_value())
        without = without_heads(page_model, [(layer - 1, head - 1)])
        wanted = [text_bits(model, ids) for model in (page_model, without)]
        assert shown_sums(figure) == pytest.approx(wanted, abs=0.6), (layer, head)
        assert wanted[0] == pytest.approx(text_bits(base.model, ids), rel=0.03)


def test_it_looks_where_the_librarys_head_looks(viewer, base):
    _, figure = viewer
    figure.get_by_role("button", name="the fact without").last.click()
    figure.get_by_role("button", name="All on").click()
    figure.locator("summary", has_text="Where it looks").click()
    rows = figure.locator("details[open] tbody tr").all()
    shown = [row.locator("td").last.inner_text() for row in rows]
    ids = read_ids(base, figure.get_by_label("The text").input_value())[: len(rows)]
    name = figure.locator(".head.chosen .name").inner_text().strip()
    layer, head = (int(n) - 1 for n in name.split("."))
    wanted = attention_weights(base.model, torch.tensor([ids]))[0, layer, head, -1]
    for text, share in zip(shown, wanted.tolist(), strict=True):
        assert float(text.strip("%<")) / 100 == pytest.approx(share, abs=0.05)


def test_the_sentence_under_it_is_proved_by_it(viewer):
    """The letter feels the loss of one head and the fact the loss of the other; each only of its own."""
    _, figure = viewer
    found = {}
    for button in figure.get_by_role("button", name=re.compile("^the (letter|fact) without")).all():
        button.click()
        on, off = shown_sums(figure)
        place = figure.locator(".after .came .value").all_inner_texts()
        found[button.inner_text()] = [float(p.strip("%<")) for p in place]
        assert off >= on - 2
    fetched, letter_own, letter_other, fact_other, fact_own = (off for _, off in found.values())
    assert fetched < 50 and letter_own < 20 < 80 < letter_other
    assert fact_own < 20 < 80 < fact_other


def test_it_opens_with_the_head_that_looks_the_name_up(viewer):
    """At the token before the repeated name, most of the look goes to the name in the first line."""
    _, figure = viewer

    def looks():
        now = figure.locator('.line button.tok[aria-pressed="true"] .t').inner_text()
        tokens = figure.locator(".line button.tok").all_inner_texts()
        shares = {i: int(t.split("\n")[1].strip("%")) for i, t in enumerate(tokens) if "%" in t}
        return now, [tokens[i].split("\n")[0] for i in shares if shares[i] > 20], shares

    opened = looks()
    assert opened[0] == "," and len(opened[1]) == 2 and sum(opened[2].values()) > 70
    letter = figure.get_by_label("The text").input_value()
    assert "".join(opened[1]).strip("\u2423 ") in letter.split(" to ")[1].split()[0]
    figure.get_by_role("button", name="the fact without").first.click()
    figure.get_by_role("button", name="where the letter's name is looked up").click()
    assert looks() == opened
    assert figure.locator(".head.off").count() == 0
    said = re.compile(r"^“,” looks most at “.+”, \d+%\.$")
    figure.get_by_role("status").filter(has_text=said).wait_for(state="attached")


def test_no_text_opens_at_the_start(viewer):
    """Own words are read to the end, and each text of the menu where it tells something."""
    tab, figure = viewer
    now = figure.locator('.line .tok[aria-pressed="true"]')
    menu = figure.get_by_label("Text", exact=True)
    for value in [o.get_attribute("value") for o in menu.locator("option").all()]:
        if value:
            menu.select_option(value)
            assert not now.inner_text().startswith("start"), value
    field = figure.get_by_label("The text")
    for text in ("", "Pip lives on", "Pip lives on Quay Street."):
        field.fill(text)
        tab.wait_for_timeout(400)
        assert figure.locator(".line button.tok").last.get_attribute("aria-pressed") == "true", text


def test_by_keyboard(viewer):
    tab, figure = viewer
    figure.get_by_role("button", name="All on").click()
    pressed = figure.locator('.line .tok[aria-pressed="true"]')
    pressed.focus()
    tab.keyboard.press("Home")
    assert pressed.inner_text().startswith("start")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert figure.locator(".line button.tok").nth(2).get_attribute("aria-pressed") == "true"
    assert tab.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    tab.keyboard.press("End")
    assert figure.locator(".line button.tok").last.get_attribute("aria-pressed") == "true"
    figure.get_by_label("Layer 1, head 1;").focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("ArrowRight")
    assert figure.locator(".head.chosen .name").inner_text().strip() == "1.2"
    figure.get_by_label("Layer 2, head 3 is on").focus()
    tab.keyboard.press("Space")
    assert figure.locator(".head.off .name").inner_text().strip() == "2.3"
    assert "2.3 off" in figure.get_by_role("status").inner_text()


def test_whatever_is_typed_is_read(viewer, desk):
    tab, figure = viewer
    for text in HOSTILE:
        figure.get_by_label("The text").fill(text)
        tab.wait_for_timeout(400)
        assert 1 <= figure.locator("button.tok").count() <= 128
        figure.get_by_role("button", name="All off").click()
        figure.get_by_role("button", name="All on").click()
    tab.evaluate(
        """() => { const box = document.querySelector('.gb-fig-attention textarea');
        box.value = 'a\\uD800b'; box.dispatchEvent(new Event('input', { bubbles: true })); }"""
    )
    figure.get_by_text("lone surrogate").wait_for()
    assert desk.trouble == []


def test_it_is_accessible_in_both_colors(viewer, check_page):
    tab, figure = viewer
    figure.locator(".try button").first.click()
    for summary in figure.locator("details > summary").all():
        summary.click()
    check_page(tab, "attention")

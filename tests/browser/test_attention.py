"""The attention viewer, as the book shows it, against the library and by keyboard."""

import re

import pytest
import torch

from figures.attention import data as attention_data
from glassbox.machine.attention import attention_weights, without_heads
from glassbox.shipped import load

HOSTILE = ["", " ", "\0", "\U0001f6a2" * 60, "a" * 10_000, "<img src=x onerror=alert(1)>"]


@pytest.fixture
def opened(desk, alone):
    """The tab and the figure as it opens, with nothing switched off."""
    tab, found = desk.open_figure(alone["attention"], "attention")
    found.locator(".words .came .value", has_text="%").wait_for()
    return tab, found


@pytest.fixture
def viewer(opened):
    """The same with all sixteen heads in view."""
    tab, found = opened
    found.locator(".gb-more > summary").click()
    settled(found)
    return tab, found


def settled(figure):
    """Wait until what is shown has been computed."""
    figure.locator(".lab:not([aria-busy]) .sums:not(:empty)").wait_for()


@pytest.fixture(scope="module")
def base():
    return load("base")


@pytest.fixture(scope="module")
def page_model(base):
    """The base model with its weights rounded as the page has them."""
    return attention_data.page_model(base)


def text_bits(model, ids):
    """The sum of the surprises of a text's tokens."""
    with torch.no_grad():
        _, loss = model(torch.tensor([ids[:-1]]), torch.tensor([ids[1:]]))
    return loss.item() / torch.log(torch.tensor(2.0)).item() * (len(ids) - 1)


def read_ids(base, text):
    return [base.tokenizer.special_tokens["<|endoftext|>"], *base.tokenizer.encode(text)]


def shown_sums(figure):
    """The whole text's bits, with all heads on and with some off."""
    settled(figure)
    return [float(x) for x in re.findall(r"[\d.]+", figure.locator(".sums").inner_text())[:2]]


def test_one_switch_takes_the_name_away(opened, base, page_model):
    """The letter up to the name: its share with all heads and without the one, as the library has it."""
    _, figure = opened
    name = figure.locator(".words .came .t").inner_text()
    shown = figure.locator(".letter").inner_text()
    assert shown.count(name) == 2 and shown.strip().endswith(name), "it stands in the gap too"
    held_out = base.world.documents(["letter"], 240, "held_out")
    letter = next(d.text for d in held_out if d.text.startswith(shown.split("\n")[0].strip()))
    at = letter.index(name, letter.index("\n"))
    before = read_ids(base, letter[:at].rstrip(" "))
    path = base.tokenizer.encode(" " + name)
    assert figure.locator(".gb-aha:visible").count() == 0, "the answer is not given away"
    assert figure.locator(".words .t:visible").count() == 1

    def share(model):
        with torch.no_grad():
            shares = model(torch.tensor([before + path]))[0][0].softmax(-1)
        return torch.stack([shares[len(before) - 1 + i, id] for i, id in enumerate(path)]).prod()

    switch = figure.get_by_role("switch")
    layer, head = (int(n) - 1 for n in re.search(r"(\d)\.(\d)", switch.inner_text()).groups())
    value = figure.locator(".words .came .value")
    for state, model in (
        ("true", page_model),
        ("false", without_heads(page_model, [(layer, head)])),
        ("true", page_model),
    ):
        assert switch.get_attribute("aria-checked") == state
        wanted = share(model).item()
        figure.locator(
            ".letter .gap:not(.wrong)" if wanted > 0.5 else ".letter .gap.wrong"
        ).wait_for()
        assert float(value.inner_text().strip("<%")) / 100 == pytest.approx(wanted, abs=0.01)
        if state == "false":
            assert wanted < 0.5 and figure.locator(".gap").inner_text() != name
            figure.locator(".gb-aha", has_text=value.inner_text()).wait_for()
            assert figure.locator(".words .t:visible").count() > 2
        switch.press("Enter")


def test_what_a_head_costs_a_shipped_text_is_there_at_once(viewer, base, page_model):
    """The numbers that were computed when the page was made are those that the page would compute."""
    _, figure = viewer
    costs = [
        float(c.split()[0].replace("\u2212", "-"))
        for c in figure.locator(".cost").all_inner_texts()
    ]
    assert len(costs) == 16
    ids = read_ids(base, figure.get_by_label("The text").input_value())
    whole = text_bits(page_model, ids)
    for head in (7, 12, 15):
        wanted = text_bits(without_heads(page_model, [divmod(head, 4)]), ids) - whole
        assert costs[head] == pytest.approx(wanted, abs=0.51 if abs(wanted) >= 9.5 else 0.06)


def test_own_words_are_weighed_while_the_reader_looks(viewer, base, page_model):
    tab, figure = viewer
    text = "Pip lives on Quay Street."
    figure.get_by_label("The text").fill(text)
    tab.wait_for_timeout(400)
    settled(figure)
    cost = figure.locator(".cost", has_text="bits")
    cost.nth(15).wait_for()
    ids = read_ids(base, text)
    wanted = text_bits(without_heads(page_model, [(3, 3)]), ids) - text_bits(page_model, ids)
    shown = float(cost.nth(15).inner_text().split()[0].replace("\u2212", "-"))
    assert shown == pytest.approx(wanted, abs=0.51 if abs(wanted) >= 9.5 else 0.06)


def test_a_link_to_what_is_folded_opens_it(desk, alone):
    page = alone["attention"]
    for link, is_open in {"off=4.4": 0, "off=3.1": 1, "head=3.1": 1, "preset=2": 1}.items():
        _, figure = desk.open_figure(f"{page}#fig=attention&{link}", "attention")
        figure.locator(".words .came .value", has_text="%").wait_for()
        assert figure.locator(".gb-more[open]").count() == is_open, link


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
    tab, figure = viewer
    figure.get_by_role("button", name="the fact without").last.click()
    figure.get_by_role("button", name="All on").click()
    settled(figure)
    figure.locator("summary", has_text="Where it looks").click()
    figure.locator(".lab:not([aria-busy])").wait_for()
    tab.wait_for_timeout(1_500)  # the table is drawn when the worker has read the text
    rows = figure.locator("details.gb-data[open] tbody tr").all()
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
        settled(figure)
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
            settled(figure)
            assert not now.inner_text().startswith("start"), value
    field = figure.get_by_label("The text")
    for text in ("", "Pip lives on", "Pip lives on Quay Street."):
        field.fill(text)
        tab.wait_for_timeout(400)
        settled(figure)
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
    figure.get_by_role("status").filter(has_text="2.3 off").wait_for(state="attached")


def test_whatever_is_typed_is_read(viewer, desk):
    tab, figure = viewer
    for text in HOSTILE:
        figure.get_by_label("The text").fill(text)
        tab.wait_for_timeout(400)
        settled(figure)
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
    settled(figure)
    for summary in figure.locator(".gb-data > summary").all():
        summary.click()
    check_page(tab, "attention")

"""Every interactive figure of the book: it stands, the keyboard works it, and no text breaks it."""

import pytest

from tools.figures import names

CONTROLS = "button, select, input:not([type=hidden]), textarea, summary, [tabindex='0'][role]"
FIELDS = "input[type=text], input[type=search], textarea"
HOSTILE = {
    "long": "harbor " * 1_500,
    "emoji": "\U0001f9d1\u200d\U0001f680\U0001f1ef\U0001f1f5e\u0301\u202eabc",
    "nul": "a\u0000b\u0007\u001b[31m",
    "markup": "<script>window.__pwned=1</script><img src=x onerror='window.__pwned=1'>{{7*7}}",
}


def test_every_built_figure_is_in_the_book(site, figures):
    built = {p.stem for p in (site / "_static/figures").glob("*.js")} - {"host", "core"}
    assert built == set(figures)


@pytest.fixture(scope="module", params=names())
def name(request):
    return request.param


def opened(visit, figures, name):
    assert name in figures, f"no page of the book shows {name}"
    tab = visit.open(figures[name])
    figure = tab.locator(f'.afm[data-afm-name="{name}"]').first
    figure.scroll_into_view_if_needed()
    return tab, figure


@pytest.fixture(scope="module")
def on_desk(desk, figures, name):
    """A figure's tab and element: opened once, and the tests that change nothing come first."""
    return opened(desk, figures, name)


@pytest.fixture(scope="module")
def on_phone(phone, figures, name):
    return opened(phone, figures, name)


def test_it_stands(on_desk, desk, name):
    tab, figure = on_desk
    assert figure.get_attribute("data-afm") == "ready", name
    named = "e => [e, ...e.querySelectorAll('*')].some(x => x.matches('[aria-label], [aria-labelledby]'))"
    assert figure.evaluate(named), name
    assert len(figure.inner_text()) > 40, name
    assert not desk.trouble, (name, desk.trouble)
    assert tab.evaluate("window.__pwned") is None


def test_results_are_announced(on_desk, name):
    """Each figure has a live region, which a screen reader hears when something changes."""
    assert on_desk[1].locator("[role=status], [aria-live]").count() >= 1, name


def test_no_phone_zooms_into_a_field(on_phone):
    """A field of letters under 16 px is enlarged by a phone as soon as it is touched."""
    _, figure = on_phone
    figure.locator(".gb-fig .gb-body > :not(.gb-muted)").first.wait_for()
    small = figure.evaluate(
        """e => [...e.querySelectorAll('input,select,textarea')]
            .filter(c => !['radio', 'checkbox', 'range'].includes(c.type))
            .filter(c => !(parseFloat(getComputedStyle(c).fontSize) >= 16)).map(c => c.outerHTML)"""
    )
    assert not small
    assert name != "tokens" or figure.locator(FIELDS).count()


KEY = """c => {  // the key that should change a control, or null where none would
    const kind = c.tagName === 'INPUT' ? c.type : c.tagName.toLowerCase();
    if (kind === 'range') return Number(c.value) >= Number(c.max) ? 'ArrowLeft' : 'ArrowRight';
    if (kind === 'radio') return c.checked ? null : 'Space';  // choosing what is chosen changes nothing
    if (['text', 'search', 'textarea', 'number'].includes(kind)) return '7';
    return { select: 'ArrowDown', checkbox: 'Space', button: 'Enter', summary: 'Enter' }[kind] ?? null;
}"""
# All that a reader perceives of a figure: text, and the state of its controls.
FACE = """e => e.innerText + JSON.stringify([...e.querySelectorAll('input,select,textarea,details,button')]
    .map(c => [c.value, c.checked, c.open, c.getAttribute('aria-pressed'), c.getAttribute('aria-expanded')]))
    + [...e.querySelectorAll('[role=status]')].map(s => s.textContent).join()"""
# Focus the next control that can be used, from a number on, and look at the figure; null after the last.
# A figure may have more or fewer controls after each step.
NEXT = f"""(e, number) => {{
    const key = {KEY}, face = {FACE};
    const controls = [...e.querySelectorAll("{CONTROLS}")];
    const usable = c => c.checkVisibility({{ visibilityProperty: true }}) && c.getBoundingClientRect().width
        && c.getBoundingClientRect().height && !c.matches(':disabled') && !c.closest('[aria-disabled=true]');
    while (number < controls.length && !usable(controls[number])) number += 1;
    if (number >= controls.length) return null;
    const control = controls[number];
    control.focus();
    const what = control.outerHTML.slice(0, 120), focused = document.activeElement === control;
    window.__before = face(e);
    return {{ number, what, focused, key: key(control) }};
}}"""
# How many milliseconds it took until the figure looked or said otherwise; null after some patience.
CHANGED = f"""async (e, patience) => {{
    const face = {FACE}, begun = performance.now(), passed = () => performance.now() - begun;
    while (face(e) === window.__before) {{
        if (passed() > patience) return null;
        await new Promise(done => setTimeout(done, 20));
    }}
    return passed();
}}"""
# Wait until nothing has changed for longer than a figure takes its time to say something.
QUIET = """e => new Promise(done => {
    const end = () => { watch.disconnect(); clearTimeout(limit); done(); };
    let timer = setTimeout(end, 700);
    const limit = setTimeout(end, 5_000);
    const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, 700); });
    watch.observe(e, { subtree: true, childList: true, characterData: true, attributes: true });
})"""
# Count what changes from now on: a sentence said twice is a change too.
COUNT = """e => {
    window.__changes = 0;
    new MutationObserver(found => { window.__changes += found.length; })
        .observe(e, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
COUNTED = """async (e, patience) => {
    const end = performance.now() + patience;
    while (!window.__changes && performance.now() < end) await new Promise(done => setTimeout(done, 20));
    return window.__changes > 0;
}"""
LATE = 150  # milliseconds
PATIENCE = 20_000  # milliseconds: a busy machine may take its time


def loaded(tab, figure) -> None:
    """Wait until the trained model has arrived, and with it some of the controls."""
    tab.wait_for_function(
        "f => f.innerText.trim() && !/(Loading|Fetching) the/.test(f.innerText)",
        arg=figure.element_handle(),
    )


def unfold(place) -> None:
    """Open what figures keep behind "More"."""
    place.evaluate("e => e.querySelectorAll('.gb-more').forEach(d => { d.open = true; })")


def works(tab, figure, step, patience=PATIENCE) -> bool:
    """Whether a key changes something. What comes late may come of an earlier key: then it is pressed
    again when all is quiet, unless the control went away."""
    tab.keyboard.press(step["key"])
    passed = figure.evaluate(CHANGED, patience)
    if passed is None or passed < LATE:
        return passed is not None
    figure.evaluate(QUIET)
    again = figure.evaluate(NEXT, step["number"])
    if not again or again["number"] != step["number"] or not again["key"]:
        return True
    figure.evaluate(COUNT)
    tab.keyboard.press(again["key"])
    return figure.evaluate(COUNTED, patience)


def test_the_keyboard_works_every_control(on_desk, desk, name):
    tab, figure = on_desk
    loaded(tab, figure)
    worked = number = 0
    while step := figure.evaluate(NEXT, number):
        assert step["focused"], (name, step)
        if step["key"]:
            assert works(tab, figure, step), f"{step['key']} does nothing in {name}: {step['what']}"
            worked += 1
        number = step["number"] + 1
    assert worked, f"{name} has no control"
    assert figure.get_attribute("data-afm") == "ready", name
    assert not desk.trouble, (name, desk.trouble)


def test_no_text_breaks_it(on_phone, phone, name):
    tab, figure = on_phone
    loaded(tab, figure)
    unfold(figure)
    fields, tried = figure.locator(FIELDS), 0
    for number in range(fields.count()):
        for label, text in HOSTILE.items():
            field = fields.nth(number)
            if not field.is_visible() or field.is_disabled():
                continue
            field.evaluate(
                """(f, text) => { f.focus(); f.value = text;
                    f.dispatchEvent(new Event('input', { bubbles: true }));
                    f.dispatchEvent(new Event('change', { bubbles: true })); }""",
                text,
            )
            field.press("Enter")
            tab.wait_for_timeout(80)
            tried += 1
            found = figure.evaluate(
                """e => ({
                    pwned: window.__pwned ?? null,
                    images: e.querySelectorAll("img[src='x']").length,
                    state: e.dataset.afm,
                    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
                })"""
            )
            well = {"pwned": None, "images": 0, "state": "ready", "wide": False}
            assert found == well, (name, number, label)
    assert not phone.trouble, (name, phone.trouble)
    assert tried or not fields.count(), f"no field of {name} can be reached"
    assert name != "tokens" or tried >= len(HOSTILE)


DEAD = "<button>Dead</button>"
LIVE = """<p>0</p><button onclick="setTimeout(() => { this.previousSibling.textContent++ }, 300)">Live</button>"""
SLIDER = """<input type=range oninput="setTimeout(() => { this.nextSibling.textContent = 'Moved' }, 500)"><p role=status></p>"""


@pytest.mark.parametrize(
    "controls, wanted",
    [
        (SLIDER + LIVE, [True, True]),
        (SLIDER + DEAD, [True, False]),
        ("<input type=range oninput='this.value = 50'>", [False]),
        ("<input type=radio name=a checked><input type=radio name=a onclick='return false'>", [False]),
        ("<details><summary onclick='return false'>More</summary>hidden</details>", [False]),
    ],
    ids=["late", "dead beside a late one", "slider", "radio", "summary"],
)  # fmt: skip
def test_a_control_that_ignores_its_key_is_noticed(browser, controls, wanted):
    """Whatever an earlier one still has to say."""
    tab = browser.new_page()
    tab.set_content(f"<main>{controls}</main>")
    figure = tab.locator("main")
    found, number = [], 0
    while step := figure.evaluate(NEXT, number):
        if step["key"]:
            found.append(works(tab, figure, step, patience=2_000))
        number = step["number"] + 1
    tab.close()
    assert found == wanted


def test_a_late_sentence_does_not_wipe_an_answer(desk, figures):
    """Moving a slider is announced half a second later: not over the answer to a button pressed meanwhile."""
    tab, figure = desk.open_figure(figures["memorization"], "memorization")
    loaded(tab, figure)
    figure.locator("input[type=range]").first.press("ArrowRight")
    figure.locator(".gb-link").press("Enter")
    tab.wait_for_timeout(1_500)
    assert "link" in figure.locator("[role=status]").first.inner_text()

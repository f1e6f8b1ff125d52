"""Every interactive figure of the book: it stands, the keyboard works it, and no text breaks it."""

import json

CONTROLS = "button, select, input:not([type=hidden]), textarea, summary, [tabindex='0'][role]"
HOSTILE = {
    "long": "harbor " * 1_500,
    "emoji": "\U0001f9d1\u200d\U0001f680\U0001f1ef\U0001f1f5e\u0301\u202eabc",
    "nul": "a\u0000b\u0007\u001b[31m",
    "markup": "<script>window.__pwned=1</script><img src=x onerror='window.__pwned=1'>{{7*7}}",
}


def test_every_built_figure_is_in_the_book(site, figures):
    built = {p.stem for p in (site / "_static/figures").glob("*.js")} - {"host", "core"}
    assert built == set(figures)


def each(visit, figures):
    """Open every figure in turn: its name and the element that holds it."""
    for name, page in figures.items():
        tab = visit.open(page)
        yield name, tab, tab.locator(f'.afm[data-afm-name="{name}"]').first


def test_figures_stand(desk, figures):
    for name, tab, figure in each(desk, figures):
        assert figure.get_attribute("data-afm") == "ready", name
        named = "e => [e, ...e.querySelectorAll('*')].some(x => x.matches('[aria-label], [aria-labelledby]'))"
        assert figure.evaluate(named), name
        assert len(figure.inner_text()) > 40, name
        assert not desk.trouble, (name, desk.trouble)
        assert tab.evaluate("window.__pwned") is None


def test_no_phone_zooms_into_a_field(phone, figures):
    """A field of letters under 16 px is enlarged by a phone as soon as it is touched."""
    sizes = {}
    for name, _, figure in each(phone, figures):
        figure.scroll_into_view_if_needed()
        figure.locator(".gb-fig .gb-body > :not(.gb-muted)").first.wait_for()
        sizes[name] = figure.evaluate(
            """e => [...e.querySelectorAll('input,select,textarea')]
                .filter(c => !['radio', 'checkbox', 'range'].includes(c.type))
                .map(c => parseFloat(getComputedStyle(c).fontSize))"""
        )
    assert any(sizes.values())
    assert not {name: found for name, found in sizes.items() if min(found, default=16) < 16}


def face(figure) -> str:
    """All that a reader perceives of a figure: text, and the state of its controls."""
    return figure.evaluate(
        """e => e.innerText + JSON.stringify([...e.querySelectorAll('input,select,textarea,details,button')]
            .map(c => [c.value, c.checked, c.open, c.getAttribute('aria-pressed'), c.getAttribute('aria-expanded')]))
            + [...e.querySelectorAll('[role=status]')].map(s => s.textContent).join()"""
    )


def key_for(control) -> str | None:
    """The key that should change this control, or None where none would."""
    kind = control.evaluate("c => c.tagName === 'INPUT' ? c.type : c.tagName.toLowerCase()")
    if kind == "range" and control.evaluate("c => Number(c.value) >= Number(c.max)"):
        return "ArrowLeft"
    if kind == "radio" and control.is_checked():
        return None  # choosing what is chosen changes nothing
    if kind in ("text", "search", "textarea", "number"):
        return "7"
    return {
        "range": "ArrowRight",
        "select": "ArrowDown",
        "radio": "Space",
        "checkbox": "Space",
        "button": "Enter",
        "summary": "Enter",
    }.get(kind)


def loaded(tab, figure) -> None:
    """Wait until the trained model has arrived, and with it some of the controls."""
    tab.wait_for_function(
        "f => f.innerText.trim() && !/(Loading|Fetching) the/.test(f.innerText)",
        arg=figure.element_handle(),
    )


def changes(tab, figure, before: str) -> bool:
    for _ in range(200):  # a busy machine may take its time
        if face(figure) != before:
            return True
        tab.wait_for_timeout(100)
    return False


def test_the_keyboard_works_every_control(desk, figures):
    for name, tab, figure in each(desk, figures):
        figure.scroll_into_view_if_needed()
        loaded(tab, figure)
        controls = figure.locator(CONTROLS)
        worked = 0
        for number in range(controls.count()):
            if controls.count() <= number:  # the figure has fewer controls after a step
                break
            control = controls.nth(number)
            if not control.is_visible() or control.is_disabled():
                continue
            key = key_for(control)
            control.focus()
            assert control.evaluate("c => document.activeElement === c"), (name, number)
            if key is None:
                continue
            before, what = face(figure), control.evaluate("c => c.outerHTML.slice(0, 120)")
            tab.keyboard.press(key)
            assert changes(tab, figure, before), f"{key} does nothing in {name}: {what}"
            worked += 1
        assert worked, f"{name} has no control"
        assert figure.get_attribute("data-afm") == "ready", name
        assert not desk.trouble, (name, desk.trouble)


def test_results_are_announced(desk, figures):
    """Each figure has a live region, which a screen reader hears when something changes."""
    for name, _, figure in each(desk, figures):
        assert figure.locator("[role=status], [aria-live]").count() >= 1, name


def test_a_late_sentence_does_not_wipe_an_answer(desk, figures):
    """Moving a slider is announced half a second later: not over the answer to a button pressed meanwhile."""
    tab, figure = desk.open_figure(figures["memorization"], "memorization")
    loaded(tab, figure)
    figure.locator("input[type=range]").first.press("ArrowRight")
    figure.locator(".gb-link").press("Enter")
    tab.wait_for_timeout(1_500)
    assert "link" in figure.locator("[role=status]").first.inner_text()


def test_no_text_breaks_a_figure(phone, figures):
    tried = 0
    for name, tab, figure in each(phone, figures):
        figure.scroll_into_view_if_needed()
        loaded(tab, figure)
        fields = figure.locator("input[type=text], input[type=search], textarea")
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
                where = (name, number, label)
                assert tab.evaluate("window.__pwned") is None, where
                assert figure.locator("img[src='x']").count() == 0, where
                assert figure.get_attribute("data-afm") == "ready", where
                wide = tab.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert wide <= 0, (where, wide)
        assert not phone.trouble, (name, json.dumps(phone.trouble)[:600])
    assert tried >= len(HOSTILE), "no figure of the book has a text field"

"""What every figure promises, on pages of our own: no trouble, no overflow, labels, keys."""

import pytest

from tests.browser.own_pages import PAGES, QUIZ


@pytest.mark.parametrize("name", [n for n in PAGES if n != "broken"])
def test_no_trouble_no_overflow_no_axe_violation(own, check_page, name):
    tab = own.open(f"{name}.html")
    tab.wait_for_function("() => !document.querySelector('.gb-fig').innerText.includes('Loading')")
    assert tab.locator(".gb-failed").count() == 0
    check_page(tab, name)
    own.assert_fits(320, 390, 1280)
    assert own.trouble == []


def test_every_control_has_a_label_and_keeps_its_keys_in_jupyterlab(own):
    for name in PAGES:
        if name == "broken":
            continue
        tab = own.open(f"{name}.html")
        tab.wait_for_selector(".gb-fig :is(button, input)")
        for control in tab.locator(".gb-fig :is(input, button, select, textarea, summary)").all():
            assert control.get_attribute("data-lm-suppress-shortcuts") == "true", control.evaluate(
                "e => e.outerHTML"
            )


LATER = """async state => {  // as a notebook does: made first, put into the page some time after
    const esm = new Blob([window.__afm.quiz.esm], { type: 'text/javascript' });
    const widget = (await import(URL.createObjectURL(esm))).default;
    const model = { get: key => state[key], set() {}, save_changes() {}, on() {}, off() {} };
    const el = document.createElement('div'), level = () => el.querySelector('.gb-title').getAttribute('aria-level');
    widget.render({ model, el });
    await new Promise(done => setTimeout(done, 300));
    const before = level(), notebook = document.createElement('div'), step = document.createElement('h4');
    notebook.className = 'jp-Notebook';
    step.textContent = 'A step';
    notebook.append(step, el);
    document.querySelector('main').prepend(notebook);
    for (let tries = 0; level() === before && tries < 100; tries += 1) await new Promise(done => setTimeout(done, 50));
    return [before, level()];
}"""


def test_a_title_is_a_heading_in_a_notebook_too(own):
    """One level below the step that it stands under, whenever the notebook shows it."""
    tab = own.open("quiz.html")
    assert tab.evaluate(LATER, QUIZ) == ["3", "5"]
    assert tab.locator(".jp-Notebook").get_by_role("heading", level=5).count() == 1

"""Every figure opens on its point: the one control to try first and its answer stand in one screen."""

import pytest
import stills

from tests.browser.conftest import ROOT
from tests.browser.test_figures import loaded, opened
from tools.figures import names
from tools.stills import main_key

SPAN = """f => {
    const [control, response] = ['control', 'response'].map(
        name => f.querySelector(`[data-main=${name}]`).getBoundingClientRect());
    const free = innerHeight - Math.max(0, ...[...document.querySelectorAll('header')]
        .filter(h => getComputedStyle(h).position === 'sticky').map(h => h.getBoundingClientRect().height));
    return {
        free,
        both: Math.max(control.bottom, response.bottom) - Math.min(control.top, response.top),
        gap: Math.max(0, response.top - control.bottom, control.top - response.bottom),
    };
}"""


# The height that the page keeps for a figure while it loads, and the height it then has:
# equal when it opens, a few lines apart once it has said more.
PLACE = """f => [
    parseFloat(getComputedStyle(f).getPropertyValue(innerWidth <= 480 ? '--tall-small' : '--tall')),
    f.getBoundingClientRect().height]"""


@pytest.fixture(params=names())
def name(request):
    return request.param


def measured(visit, figures, name) -> dict:
    """The pixels from a figure's main control to its response, and those of both together."""
    tab, figure = opened(visit, figures, name)
    if name in ("predict", "quiz"):  # what a reader answered before is kept in the browser
        tab.evaluate("localStorage.clear()")
        tab, figure = opened(visit, figures, name)
    loaded(tab, figure)
    if stills.file_of(ROOT, name).is_file():
        kept, tall = figure.evaluate(PLACE)
        assert abs(kept - tall) <= max(60, tall / 4), f"the place kept for {name}: {kept} of {tall}"
    if name == "the_label_office":
        figure.get_by_role("button", name="Start the shift").press("Enter")
    main = figure.locator("[data-main=control]")
    assert main.count() == 1, f"{name} has {main.count()} main controls"
    response = figure.locator("[data-main=response]")
    before = response.evaluate("e => e.outerHTML")
    control, key = main_key(figure)
    figure.locator(control).first.press(key)
    assert answered(tab, response, before), f"{key} on the main control of {name}: no response"
    assert not visit.trouble, (name, visit.trouble)
    return figure.evaluate(SPAN)


def answered(tab, response, before: str) -> bool:
    for _ in range(200):
        if response.evaluate("e => e.outerHTML") != before:
            return True
        tab.wait_for_timeout(50)
    return False


def test_on_a_laptop(desk, figures, name):
    with desk.seen(height=720):
        span = measured(desk, figures, name)
    assert span["both"] <= span["free"], span


def test_on_a_phone(phone, figures, name):
    span = measured(phone, figures, name)
    assert span["both"] <= span["free"], span

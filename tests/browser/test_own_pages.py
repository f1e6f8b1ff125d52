"""What every figure promises, on pages of our own: no trouble, no overflow, labels, keys."""

import pytest

from tests.browser.own_pages import PAGES


@pytest.mark.parametrize("name", [n for n in PAGES if n != "broken"])
def test_no_trouble_no_overflow_no_axe_violation(own, check_page, name):
    tab = own.open(f"{name}.html")
    tab.wait_for_function("() => !document.querySelector('.gb-fig').innerText.includes('Loading')")
    assert tab.locator(".gb-failed").count() == 0
    check_page(tab, name)
    for width in (320, 390, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, width
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

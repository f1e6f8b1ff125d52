"""Each figure on a page of its own: it stands alone, it fills the screen, it leads back."""

import io

import pytest

from tests.browser.test_figures import loaded
from tools.figures import names

ALONE = [name for name in names() if name not in ("predict", "quiz")]


@pytest.mark.parametrize("name", ALONE)
def test_a_figure_stands_on_a_page_of_its_own(desk, figures, check_page, name):
    tab = desk.open(f"figures/{name}.html")
    figure = tab.locator(f'.afm[data-afm-name="{name}"]')
    loaded(tab, figure)
    assert figure.get_attribute("data-afm") == "ready"
    assert figure.bounding_box()["y"] <= 120
    check_page(tab, f"figures/{name}.html")
    assert not desk.trouble, desk.trouble
    tab.click(".gb-alone__back")
    assert tab.url.endswith(figures[name])


def test_a_chapter_leads_to_its_figure_alone(phone, figures):
    tab = phone.open(figures["tokens"])
    tab.locator(".gb-own-page a").first.click()
    tab.wait_for_url("**/figures/tokens.html")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(wide) <= 0


def test_the_address_is_shown_as_a_code_that_a_phone_reads(desk):
    """Read by ZXing, which phones use, too."""
    import zxingcpp
    from PIL import Image

    tab = desk.open("figures/tokens.html")
    loaded(tab, tab.locator(".afm"))
    tab.locator("[data-main=control]").first.press("ArrowRight")
    tab.wait_for_url("**#fig=tokens&*")
    tab.get_by_role("button", name="QR code").click()
    code = tab.get_by_role("img", name="QR code")
    picture = Image.open(io.BytesIO(code.screenshot()))
    read = [found.text for found in zxingcpp.read_barcodes(picture)]
    assert read == [tab.locator(".gb-qr__words").inner_text()]
    assert read[0].startswith(f"{desk.address}figures/tokens.html#fig=tokens&")
    tab.keyboard.press("Escape")
    assert not code.is_visible()
    assert not desk.trouble, desk.trouble


def test_a_page_on_a_disk_says_why_it_has_no_code(browser, built_book):
    tab = browser.new_page()
    tab.goto((built_book / "figures" / "tokens.html").as_uri())
    tab.get_by_role("button", name="QR code").click()
    assert "Open the book from a server" in tab.get_by_role("dialog").inner_text()
    tab.close()

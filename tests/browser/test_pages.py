"""Every page in a real browser with the network cut: quiet, accessible, fits a phone; the book's
own controls do what they say."""

import pytest

# Fields of text whose letters are so small that a phone zooms in when one is touched.
SMALL_FIELDS = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(e => !['radio', 'checkbox', 'range', 'hidden'].includes(e.type))
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 16)
    .map(e => `${e.tagName} ${e.id} ${e.className} ${getComputedStyle(e).fontSize}`)"""


def test_page_on_a_desk(desk, check_page, page):
    tab = desk.open(page)
    assert tab.evaluate("document.documentElement.dataset.theme") == "light"
    check_page(tab, page)
    assert not desk.trouble, desk.trouble


def test_page_on_a_phone_from_a_file(phone, check_page, page):
    tab = phone.open(page)
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    wide = tab.evaluate(
        """() => {
            const limit = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= limit) return [];
            return [...document.querySelectorAll('main *')]
                .filter(e => e.getBoundingClientRect().right > limit + 1)
                .slice(-5).map(e => e.tagName + '.' + e.className);
        }"""
    )
    assert wide == [], wide
    assert tab.evaluate(SMALL_FIELDS) == []
    check_page(tab, page)
    assert not phone.trouble, phone.trouble


@pytest.mark.parametrize("name", ["search.html", "chapters/back/claims.html"])
def test_no_field_makes_a_tablet_zoom(browser, address, name):
    screen = {"width": 1100, "height": 800}
    context = browser.new_context(viewport=screen, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(address + name)
    assert tab.locator("input, select").count()
    assert tab.evaluate(SMALL_FIELDS) == []
    context.close()


@pytest.mark.parametrize("reader", ["desk", "phone"])
def test_search_finds_a_word(reader, check_page, request):
    visit = request.getfixturevalue(reader)
    tab = visit.open("search.html?q=tokenizer")
    tab.wait_for_selector("#search-results li a", timeout=120_000)
    tab.wait_for_function(
        "() => /found/.test(document.querySelector('#search-results').textContent)"
    )
    links = tab.eval_on_selector_all(
        "#search-results li > a", "a => a.map(e => e.getAttribute('href'))"
    )
    assert any("glossary" in link for link in links), links
    check_page(tab, "search with results")
    assert not visit.trouble, visit.trouble


def test_slash_goes_to_the_search_and_enter_searches(desk):
    tab = desk.open("chapters/back/about.html")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "gb-q"
    tab.keyboard.type("softmax")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#search-results li a", timeout=120_000)
    assert "q=softmax" in tab.url


def test_colors_change_and_stay(desk):
    tab = desk.open("chapters/back/about.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(paper)
    tab.focus(".gb-theme")
    tab.keyboard.press("Enter")
    assert tab.get_attribute(".gb-theme", "aria-pressed") == "true"
    assert tab.evaluate(paper) != light
    tab = desk.open("chapters/back/sources.html")
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    tab.click(".gb-theme")
    assert tab.evaluate(paper) == light


def test_contents_open_on_a_phone_and_close_with_escape(phone, check_page):
    tab = phone.open("chapters/back/about.html")
    contents = tab.locator("#gb-contents")
    assert not contents.is_visible()
    tab.focus(".gb-menu")
    tab.keyboard.press("Enter")
    assert contents.is_visible()
    check_page(tab, "open contents")
    tab.keyboard.press("Escape")
    assert not contents.is_visible()
    assert tab.evaluate("document.activeElement.className").find("gb-menu") >= 0


def test_glossary_words_explain_themselves_to_the_keyboard(desk, site, check_page):
    chapter = sorted(site.glob("chapters/0*.html"))[0]
    tab = desk.open(f"chapters/{chapter.name}")
    word = tab.locator("a.gb-term").first
    word.focus()
    tip = tab.locator("#gb-tip")
    tip.wait_for(state="visible")
    assert word.get_attribute("aria-describedby") == "gb-tip"
    assert len(tip.inner_text()) > 30
    check_page(tab, "glossary word open")
    tab.keyboard.press("Escape")
    assert not tip.is_visible()


def test_claims_can_be_filtered_and_the_view_shared(desk):
    tab = desk.open("chapters/back/claims.html")
    rows = "document.querySelectorAll('.gb-index__list > li:not([hidden])').length"
    everything = tab.evaluate(rows)
    tab.focus("#ci-q")
    tab.keyboard.type("tokens")
    some = tab.evaluate(rows)
    assert 0 < some < everything
    assert tab.inner_text(".gb-index__count") == f"{some} of {everything} claims."
    tab.select_option("#ci-source", "blog")
    fewer = tab.evaluate(rows)
    assert 0 < fewer < some
    assert "source=blog" in tab.url
    shared = tab.url
    tab = desk.open("chapters/back/about.html")
    tab.goto(shared)
    assert tab.evaluate(rows) == fewer
    assert tab.input_value("#ci-q") == "tokens"
    tab.click("button[type=reset]")
    tab.wait_for_function(f"() => {rows} === {everything}")
    assert "#" not in tab.url
    tab.fill("#ci-q", "<script>\u0000" + "x" * 10_000)
    assert tab.evaluate(rows) == 0
    assert not desk.trouble, desk.trouble


def test_verdicts_differ_in_word_shape_and_color(desk):
    tab = desk.open("chapters/back/claims.html")
    looks = tab.evaluate(
        """() => {
            const seen = {};
            for (const badge of document.querySelectorAll('.gb-index__list .gb-verdict')) {
                const style = getComputedStyle(badge), shape = getComputedStyle(badge, '::before');
                seen[badge.textContent] ||= [style.color, style.backgroundColor, shape.maskImage.length];
            }
            return seen;
        }"""
    )
    assert {"holds", "wrong"} <= set(looks), looks
    for part in range(3):
        assert looks["holds"][part] != looks["wrong"][part] != looks["not yet checked"][part], looks


def test_without_javascript_everything_can_be_read(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.goto(address + "chapters/back/claims.html")
    assert not tab.locator(".gb-index__form").is_visible()
    assert tab.locator(".gb-index__list > li").first.is_visible()
    assert tab.locator("#gb-contents a").first.is_visible()
    context.close()


def test_print_shows_the_text_alone(desk):
    tab = desk.open("chapters/back/about.html")
    tab.emulate_media(media="print")
    assert not tab.locator(".gb-bar").is_visible()
    assert not tab.locator("#gb-contents").is_visible()
    assert tab.locator("h1").is_visible()
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    tab.evaluate("document.documentElement.dataset.theme = 'light'")
    tab.emulate_media(media="screen")

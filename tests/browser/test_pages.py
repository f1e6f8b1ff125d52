"""Every page in a real browser with the network cut: quiet, accessible, fits a phone; the book's
own controls do what they say."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_figures import unfold

# Fields of text whose letters are so small that a phone zooms in when one is touched.
SMALL_FIELDS = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(e => !['radio', 'checkbox', 'range', 'hidden'].includes(e.type))
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 16)
    .map(e => `${e.tagName} ${e.id} ${e.className} ${getComputedStyle(e).fontSize}`)"""


def test_page_on_a_desk(desk, check_page, page):
    tab = desk.open(page)
    assert tab.evaluate("document.documentElement.dataset.theme") == "light"
    unfold(tab.locator("body"))
    check_page(tab, page)
    assert not desk.trouble, desk.trouble


def test_page_on_a_phone_from_a_file(phone, check_page, page):
    tab = phone.open(page)
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    unfold(tab.locator("body"))
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


def focus_is_in(tab, selector: str) -> bool:
    return tab.evaluate("s => Boolean(document.activeElement.closest(s))", selector)


def test_contents_open_on_a_phone_and_close_with_escape(phone, check_page):
    tab = phone.open("chapters/back/about.html")
    contents = tab.locator("#gb-contents")
    assert not contents.is_visible()
    tab.focus(".gb-menu")
    tab.keyboard.press("Enter")
    assert contents.is_visible()
    assert tab.evaluate("document.activeElement.getAttribute('aria-current')") == "page"
    check_page(tab, "open contents")
    tab.keyboard.press("Escape")
    assert not contents.is_visible()
    assert focus_is_in(tab, ".gb-menu")


def test_contents_on_a_phone_close_when_the_focus_leaves_them(phone):
    tab = phone.open("chapters/back/about.html")
    contents = tab.locator("#gb-contents")
    tab.click(".gb-menu")
    assert focus_is_in(tab, "#gb-contents")
    tab.locator("#gb-contents a").last.focus()
    tab.keyboard.press("Tab")
    assert not contents.is_visible()
    assert not focus_is_in(tab, "#gb-contents")


def first_word(visit, site):
    chapter = next(site.glob("chapters/01_*.html"))
    tab = visit.open(f"chapters/{chapter.name}")
    return tab, tab.locator("a.gb-term:visible").first, tab.locator("#gb-tip")


def test_glossary_words_explain_themselves_to_the_keyboard(desk, site, check_page):
    tab, word, tip = first_word(desk, site)
    word.focus()
    tip.wait_for(state="visible")
    assert word.get_attribute("aria-describedby") == "gb-tip"
    assert len(tip.inner_text()) > 30
    check_page(tab, "glossary word reached")
    tab.keyboard.press("Escape")
    assert not tip.is_visible()


def test_enter_opens_a_definition_and_escape_returns_to_its_word(desk, site, check_page):
    tab, word, tip = first_word(desk, site)
    here = tab.url
    word.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.activeElement.id === 'gb-tip'")
    assert word.get_attribute("aria-expanded") == "true"
    assert tip.get_attribute("role") == "dialog"
    assert tip.get_attribute("aria-label").endswith(": definition")
    check_page(tab, "definition open")
    tab.keyboard.press("Tab")
    assert "glossary.html#term-" in tab.evaluate("document.activeElement.href")
    tab.keyboard.press("Escape")
    assert not tip.is_visible()
    assert word.get_attribute("aria-expanded") == "false"
    assert focus_is_in(tab, "a.gb-term")
    assert tab.url == here


def test_a_tap_reads_a_definition_in_place(browser, address, site):
    """The definition stays within the screen; a tap elsewhere closes it; its link leads on."""
    chapter = next(site.glob("chapters/01_*.html"))
    screen = {"width": 390, "height": 844}
    context = browser.new_context(viewport=screen, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(f"{address}chapters/{chapter.name}")
    here = tab.url
    word, tip = tab.locator("a.gb-term:visible").first, tab.locator("#gb-tip")
    word.tap()
    tip.wait_for(state="visible")
    tab.wait_for_function("() => document.querySelector('#gb-tip[role=dialog]')")
    assert tab.url == here
    box = tip.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and 0 <= box["y"] <= 844
    for target in tip.locator("a, button").all():
        size = target.bounding_box()
        assert size["width"] >= 24 and size["height"] >= 24, size
    tab.locator("h1").tap()
    assert not tip.is_visible()
    word.tap()
    tip.locator("button").tap()
    assert not tip.is_visible()
    word.tap()
    tip.locator("a").tap()
    tab.wait_for_url("**/glossary.html#term-*")
    context.close()


def test_a_definition_that_cannot_be_fetched_is_a_link(browser, address, site):
    chapter = next(site.glob("chapters/01_*.html"))
    context = browser.new_context()
    context.route("**/glossary.js", lambda route: route.abort())
    tab = context.new_page()
    tab.goto(f"{address}chapters/{chapter.name}")
    tab.locator("a.gb-term:visible").first.click()
    tab.wait_for_url("**/glossary.html#term-*")
    context.close()


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


def test_claims_on_a_phone_are_in_view_with_the_filters_folded(phone):
    tab = phone.open("chapters/back/claims.html")
    tab.evaluate("history.replaceState(null, '', location.pathname)")
    filters, fold = tab.locator("#ci-source"), tab.locator(".gb-index__fold")
    assert not filters.is_visible()
    form = tab.locator(".gb-index__form").bounding_box()
    assert form["height"] <= 844 / 3, form
    fold.click()
    assert fold.get_attribute("aria-expanded") == "true"
    tab.select_option("#ci-source", "blog")
    assert fold.inner_text() == "Filters (1)"
    fold.click()
    assert not filters.is_visible()


def test_claims_on_a_desk_show_their_filters(desk):
    tab = desk.open("chapters/back/claims.html")
    assert tab.locator("#ci-source").is_visible()
    assert not tab.locator(".gb-index__fold").is_visible()


# What can be hit in the index and is under 24 pixels wide or high.
SMALL_TARGETS = """() => [...document.querySelectorAll('.gb-index :is(a, button, input, select)')]
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => e.checkVisibility() && (box.width < 24 || box.height < 24))
    .map(([e, box]) => `${e.textContent} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("reader", ["desk", "phone"])
def test_the_links_of_the_index_can_be_hit(reader, request):
    tab = request.getfixturevalue(reader).open("chapters/back/claims.html")
    tab.add_style_tag(content=".gb-index__list > li { content-visibility: visible !important; }")
    assert tab.locator(".gb-index a").count() > 300
    assert tab.evaluate(SMALL_TARGETS) == []


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


SHIFTS = """window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().filter(e => !e.hadRecentInput)
    .map(e => [e.value, e.sources.map(s => s.node?.className || s.node?.nodeName)]))
).observe({type: 'layout-shift', buffered: true});"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("chapter", ["02_tokens", "11_scaling"])
def test_the_text_stays_where_it_is_while_figures_load(browser, address, chapter, width):
    """Chapters with tall figures: all layout shifts together, from the top to the end."""
    visit = Visit(browser, address, viewport={"width": width, "height": 844})
    visit.context.add_init_script(SHIFTS)
    tab = visit.open(f"chapters/{chapter}.html")
    height = tab.evaluate("document.documentElement.scrollHeight")
    for y in range(0, height, 800):
        tab.evaluate("y => scrollTo({ top: y, behavior: 'instant' })", y)
        tab.wait_for_timeout(60)
    shifts = tab.evaluate("shifts")
    visit.close()
    assert sum(value for value, _ in shifts) <= 0.1, shifts


def test_print_shows_the_text_alone(desk):
    tab = desk.open("chapters/back/about.html")
    with desk.seen(media="print"):
        assert not tab.locator(".gb-bar").is_visible()
        assert not tab.locator("#gb-contents").is_visible()
        assert tab.locator("h1").is_visible()
        tab.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert (
            tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"

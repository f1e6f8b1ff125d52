"""Every word that a page prints is found, by the book's own index and code in a real browser."""

import random

import pytest
import regex

DRAWN = 40  # words of a page
WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]+")
CHINESE = regex.compile(r"\p{Script=Han}+")
NOT_FOUND = """words => words.filter(([word, page]) =>
    !Search._performSearch(...Search._parseQuery(word)).some(row => row[0] === page))"""
DONE = "() => /found|did not match/.test(document.querySelector('#search-results').textContent)"


@pytest.fixture(scope="module")
def reader(browser, address):
    """A tab without JavaScript: what it shows is what was printed, formulas as their source."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def draw(text: str, dice: random.Random) -> list[str]:
    """Words of a text as a reader might look for them: whole, and of Chinese one letter or two."""
    words = sorted(set(WORD.findall(text)))
    chinese = [run[i : i + n] for run in CHINESE.findall(text) for n in (1, 2) for i in range(9)]
    chinese = sorted({piece for piece in chinese if piece})
    words = [word for word in words if not CHINESE.search(word)]
    return [w for of in (words, chinese) for w in dice.sample(of, min(len(of), DRAWN))]


def test_every_word_that_a_page_prints_is_found(reader, desk, site, address):
    drawn = []
    for path in sorted({*site.rglob("*.html")} - {site / "index.html", site / "search.html"}):
        name = path.relative_to(site).with_suffix("").as_posix()
        reader.goto(f"{address}{name}.html")
        words = draw(reader.inner_text(".gb-article"), random.Random(name))
        assert len(words) > 5, name
        drawn += [[word, name] for word in words]
    tab = desk.open("search.html")
    tab.wait_for_function("() => Search.hasIndex()")
    assert len(drawn) > 1000
    assert tab.evaluate(NOT_FOUND, drawn) == []
    assert tab.evaluate(NOT_FOUND, [["abracadabra", "chapters/01_next_word"]])


@pytest.mark.parametrize("word", ["Köpf", "Kopf", "Kocoń", "Üstün", "München", "智能", "智"])
def test_names_and_short_chinese_words_are_found(desk, word):
    tab = desk.open(f"search.html?q={word}")
    tab.wait_for_function(DONE)
    assert tab.locator("#search-results li > a").count()
    assert not desk.trouble, desk.trouble


@pytest.mark.parametrize("word", ["constructor", "__proto__", "hasOwnProperty", "valueOf"])
def test_a_search_for_what_every_object_has_comes_to_an_end(desk, word):
    tab = desk.open(f"search.html?q={word}")
    tab.wait_for_function(DONE)
    assert not desk.trouble, desk.trouble


def test_the_excerpt_shows_the_word_that_was_looked_for(desk):
    tab = desk.open("search.html?q=kopf")
    tab.wait_for_selector("#search-results .context")
    assert any("Köpf" in text for text in tab.locator("#search-results .context").all_inner_texts())

"""Every word that a page prints is found, by the book's own index and code in a real browser."""

import random

import pytest
import regex

DRAWN = 40  # words of a page
WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]+")
CHINESE = regex.compile(r"\p{Script=Han}+")
NOT_FOUND = """words => Object.entries(words).flatMap(([word, pages]) => {
    const found = new Set(Search._performSearch(...Search._parseQuery(word)).map(row => row[0]));
    return pages.filter(page => !found.has(page)).map(page => [word, page]);
})"""
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
    drawn = {}  # a word, and the pages it was drawn from: looked for once
    alone = {*site.glob("figures/*.html")}  # each is in a chapter, too, where the search finds it
    for path in sorted(
        {*site.rglob("*.html")} - alone - {site / "index.html", site / "search.html"}
    ):
        name = path.relative_to(site).with_suffix("").as_posix()
        reader.goto(f"{address}{name}.html")
        words = draw(reader.inner_text(".gb-article"), random.Random(name))
        assert len(words) > 5, name
        for word in words:
            drawn.setdefault(word, []).append(name)
    tab = desk.open("search.html")
    tab.wait_for_function("() => Search.hasIndex()")
    assert sum(map(len, drawn.values())) > 1000
    assert tab.evaluate(NOT_FOUND, drawn) == []
    assert tab.evaluate(NOT_FOUND, {"abracadabra": ["chapters/01_next_word"]})


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


def results(tab) -> list[str]:
    """The pages found, in their order."""
    tab.wait_for_function(DONE)
    return tab.eval_on_selector_all(
        "#search-results li > a", "a => a.map(e => e.getAttribute('href').split('#')[0])"
    )


@pytest.mark.parametrize("word", ["tokeniser", "token", "RLHF", "reward"])
def test_chapters_come_before_works_cited_and_sources(desk, word):
    pages = results(desk.open(f"search.html?q={word}"))
    last = [p for p in pages if regex.search(r"back/(bibliography|claims|source)", p)]
    chapters = [p for p in pages if regex.match(r"chapters/\d", p)]
    assert chapters, pages
    assert max(map(pages.index, chapters)) < min(map(pages.index, last), default=len(pages)), pages


def test_a_page_whose_name_is_asked_for_comes_first(desk):
    assert results(desk.open("search.html?q=index of claims"))[0].endswith("back/claims.html")


@pytest.mark.parametrize(
    ("word", "meant", "chapter"),
    [
        ("tokeniser", "tokenizer", "chapters/02_tokens.html"),
        ("RLFH", "rlhf", "chapters/08_human_feedback.html"),
        ("hallucinaton", "hallucination", "chapters/07_finetuning.html"),
        ("attenttion", "attention", "chapters/04_attention.html"),
    ],
)
def test_a_near_miss_finds_what_was_meant_and_says_so(desk, word, meant, chapter):
    tab = desk.open(f"search.html?q={word}")
    assert chapter in results(tab)
    note = tab.locator("#gb-meant")
    assert word.lower() in note.inner_text() and meant in note.inner_text()


def test_a_word_that_is_there_is_taken_as_it_is(desk):
    tab = desk.open("search.html?q=tokenizer")
    assert results(tab)
    assert not tab.locator("#gb-meant").is_visible()


def test_excerpts_have_their_spaces(desk):
    """Two paragraphs, a badge and its sentence, two cells: the last word of one is not glued on."""
    tab = desk.open("search.html")
    text = tab.evaluate(
        """() => Search.htmlToText('<div role="main"><h1>Tokens<a class="headerlink">#</a></h1><p>One <b>bo</b>ld'
            + ' word.</p><p>Two</p><table><tr><td>a</td><td>b</td></tr></table><ul><li><span'
            + ' class="gb-verdict">holds</span><span>It is.</span></li></ul></div>')"""
    )
    assert text == "Tokens One bold word. Two a b holds It is."
    tab = desk.open("search.html?q=tokenizer")
    tab.wait_for_selector("#search-results .context")
    results(tab)
    for excerpt in tab.locator("#search-results .context").all_inner_texts():
        assert not regex.search(r"[a-z][.?!][A-Z][a-z]+[ ,.]", excerpt), excerpt

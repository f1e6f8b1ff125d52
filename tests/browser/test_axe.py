"""What axe.py judges: a fault in one color scheme, on one screen, in one of a thousand texts."""

import pytest

from tests.browser import axe

# Much code of few looks, as in a lab, two tables, and a picture for each color scheme.
PAGE = """<!doctype html><html lang="en" data-theme="light"><head><title>A page</title><style>
    html { background: #fff; color: #111; } html[data-theme=dark] { background: #111; color: #eee; }
    html[data-theme=dark] .only-light, html[data-theme=light] .only-dark { display: none; }
    @media (min-width: 600px) { .narrow { display: none; } }
    .k { color: #222; } [data-theme=dark] .k { color: #ddd; } pre { position: relative; } STYLE
    </style></head><body><main><h1>A page</h1>MAIN<img class="only-dark" src="data:," alt="night">"""
CODE = "".join(f"<pre><span class='k'>def</span> f{n}(): <i>pass</i></pre>" for n in range(40))
FAULTS = {
    "all is well": ("", ""),
    "a look of code in the dark": ("[data-theme=dark] .k { color: #222; }", ""),
    "a look of code in the light": ("[data-theme=light] .k { color: #ddd; }", ""),
    "one word of code": ("[data-theme=dark] pre:nth-of-type(30) i { color: #333; }", ""),
    "one word before another ground": ("[data-theme=dark] pre:nth-of-type(30) { background: #ccc; }", ""),
    "one word by its own style": ("", "<pre><span class='k' style='color: #999'>def</span></pre>"),
    "one cell of a table": ("tr:nth-child(3) td { color: #888; }", "<table>" + "<tr><td>1</td><td>a word</td></tr>" * 4 + "</table>"),
    "a moved word": (
        "b { position: absolute; background: #222; } [data-theme=dark] b { background: #ddd; }",
        "<ul>" + "<li>word <i>word</i></li>" * 9 + "<li><b>word</b></li></ul>",
    ),
    "a label on a phone": ("", "<input class='narrow'>"),
    "a picture in the dark": ("", "<img class='only-dark' src='data:,'>"),
    "a picture in the light": ("", "<img class='only-light' src='data:,'>"),
}  # fmt: skip
WIDTHS = {"a label on a phone": 390}  # and nothing is wrong on a desk


@pytest.fixture
def tab(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_whatever_colors_the_page_stands_in(tab, fault):
    style, main = FAULTS[fault]
    tab.set_content(PAGE.replace("STYLE", style).replace("MAIN", CODE + main))
    for theme in ("light", "dark"):
        tab.evaluate("c => { document.documentElement.dataset.theme = c; }", theme)
        if fault in WIDTHS:
            axe.check(tab, fault)
            tab.set_viewport_size({"width": WIDTHS[fault], "height": 800})
        if fault == "all is well":
            axe.check(tab, fault)
        else:
            with pytest.raises(AssertionError):
                axe.check(tab, fault)
        assert tab.evaluate("document.documentElement.dataset.theme") == theme
        tab.set_viewport_size({"width": 1280, "height": 800})

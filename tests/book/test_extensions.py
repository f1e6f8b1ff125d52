"""The Sphinx extensions on a small book of their own: what they show, and what they refuse."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = """
extensions = ["myst_parser", "sphinxcontrib.bibtex", "course_sphinx", "measured", "claims"]
extensions += ["finding", "boxes", "whole_machine", "labfigure"]
root_doc, html_theme = "intro", "basic"
myst_enable_extensions = ["dollarmath"]
bibtex_bibfiles, mathjax_path = [], "m.js"
"""
PLOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt"><path id="a" d="M0 0" style="fill: #1b1f24"/></svg>'
SEED = """source:
  id: {name}
  title: A document
  authors: [Somebody]
  publisher: A journal
  published: '2023-01-01'
  language: en
  kind: essay
  summary: It says things.
  redistributed: false
  sha256: {sha}
  sections:
    - {{id: s0, title: All of it, about: Everything.}}
claims: {claims}
"""
CLAIM = """
  - id: blog-001
    section: s0
    claim: Water is <dry>.
    kind: mechanism
    verdict: wrong
    because: It is wet.
    evidence: [wet2020]
    topic: water
    chapter: 01_water
"""


@pytest.fixture
def book(tmp_path):
    """A tiny book: put pages in it with `page`, build it with `build`."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "src" / "chapters").mkdir(parents=True)
    (tmp_path / "chapters" / "01_water.md").write_text("# Water\n", encoding="utf-8")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("dialogue", "blog", "impact", "yearend", "panel"):
        claims = CLAIM if name == "blog" else "[]"
        text = SEED.format(name=name, sha="0" * 64, claims=claims)
        (seeds / f"{name}.yaml").write_text(text, encoding="utf-8")
    bib = "@misc{wet2020,\n author = {Drop, A.},\n title = {On water},\n year = {2020},\n}\n"
    (seeds / "references.bib").write_text(bib, encoding="utf-8")
    (tmp_path / "src" / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "src" / "plot.svg").write_text(PLOT, encoding="utf-8")
    return Book(tmp_path)


class Book:
    def __init__(self, root: Path):
        self.root = root

    def page(self, text: str, name: str = "intro") -> None:
        path = self.root / "src" / f"{name}.md"
        path.write_text(text, encoding="utf-8")

    def record(self, **records) -> None:
        folder = self.root / "_build" / "labs" / "01_water"
        folder.mkdir(parents=True, exist_ok=True)
        entries = {f"water.{k}": {"value": v, "digits": 2, "unit": ""} for k, v in records.items()}
        run = {
            "key": "",
            "ok": True,
            "seconds": 3,
            "peak_mb": 90,
            "records": entries,
            "error": None,
        }
        (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")

    def build(self, **env: str) -> tuple[str, str]:
        """The front page's HTML and the warnings."""
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html"]
        command += [str(self.root / "src"), str(self.root / "html")]
        paths = os.pathsep.join([str(ROOT / "_ext"), str(ROOT)])
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GLASSBOX_")}
        environment |= {"PYTHONPATH": paths, "PYTHONUTF8": "1", "NO_COLOR": "1", **env}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        page = self.root / "html" / "intro.html"
        return (page.read_text(encoding="utf-8") if page.exists() else ""), done.stderr


def test_a_measured_number_is_shown_and_follows_its_record(book):
    book.page(
        "# A\n\n{measured}`water.wetness` and {measured}`water.wetness .1f` of {measured}`water.n`.\n"
    )
    book.record(wetness=2.345, n=12345)
    page, warnings = book.build()
    assert warnings == ""
    assert re.findall(r'gb-measured[^"]*"[^>]*>([^<]*)<', page) == ["2.35", "2.3", "12,345"]
    book.record(wetness=7.0, n=12345)  # the page itself does not change
    page, warnings = book.build()
    assert warnings == ""
    assert ">7.00<" in page


def test_a_formula_is_there_without_javascript(book):
    book.page("# A\n\nThe share $\\frac{a}{b} < 1$ and\n\n$$\nx = \\sum_i y_i\n$$\n")
    page, warnings = book.build()
    assert warnings == ""
    inline, alone = re.findall(r"<noscript>(.*?)</noscript>", page)
    assert inline.startswith("<math><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>&lt;</mo>")
    assert alone.startswith('<math display="block">') and "<munder>" in alone
    assert r'<span class="gb-tex">\(\frac{a}{b} &lt; 1\)</span>' in page


def test_a_formula_that_mathjax_does_not_understand_stops_the_build(book):
    book.page("# A\n\n$\\frac{a}$\n")
    _, warnings = book.build()
    assert r"MathJax does not understand the formula \frac{a}" in warnings


def test_an_unknown_record_is_a_warning_and_dots_in_a_preview(book):
    book.page("# A\n\nIt is {measured}`water.depth`.\n")
    _, warnings = book.build()
    assert re.search(r"intro\.md:3: WARNING: no lab has recorded water\.depth", warnings)
    book.page("# A\n\nIt is {measured}`water.depth`, still.\n")
    page, warnings = book.build(GLASSBOX_PREVIEW="1")
    assert warnings == ""
    assert ">…<" in page


def test_a_sentence_of_result_stands_only_while_the_lab_says_yes(book):
    book.page("# A\n\n{finding}`Water is *wet*. <water.wet>` So we swim.\n")
    book.record(wet=True)
    page, warnings = book.build()
    assert warnings == ""
    assert re.search(r'class="gb-finding[^"]*">Water is <em>wet</em>\.</span>', page)
    assert re.search(r'gb-finding__lab[^>]* href="labs/01_water\.html"[^>]*>lab 1</a> So we', page)
    book.record(wet=False)  # a later run turns it around; the page itself does not change
    _, warnings = book.build()
    told = (
        r'intro\.md:3: WARNING: lab 01_water no longer finds water\.wet; rewrite .*"Water is \*wet'
    )
    assert re.search(told, warnings)


@pytest.mark.parametrize("value", [1, "yes", 0.5])
def test_a_sentence_of_result_needs_a_yes_or_no(book, value):
    book.page("# A\n\n{finding}`Water is wet. <water.wet>`\n")
    book.record(wet=value)
    assert "needs a record that is True or False" in book.build()[1]


def test_a_sentence_of_result_that_no_lab_records_is_refused_but_passes_in_a_preview(book):
    book.page("# A\n\n{finding}`Water is wet. <water.wet>`\n")
    assert "no lab has recorded water.wet" in book.build()[1]
    page, warnings = book.build(GLASSBOX_PREVIEW="1")
    assert warnings == "" and "Water is wet." in page


def test_a_yes_or_no_is_not_shown_as_a_number(book):
    book.page("# A\n\n{measured}`water.wet`\n")
    book.record(wet=True)
    assert "a yes or no is for {finding}" in book.build()[1]


def test_boxes_hold_text_and_the_one_for_specialists_is_folded(book):
    book.page(
        "# A\n\n```{real} The *sea*\nIt is **salt**.\n```\n\n```{specialist} Its salts\nMany.\n```\n"
    )
    page, warnings = book.build()
    assert warnings == ""
    assert re.search(
        r"gb-real.*?In a real model</span>.*?The <em>sea</em>.*?<strong>salt", page, re.S
    )
    assert re.search(
        r"<details[^>]*gb-specialist[^>]*>\s*<summary>For specialists: Its salts</summary>", page
    )


def test_the_machine_lights_the_part_and_says_which(book):
    book.page("# A\n\n```{machine} tokens dice\nWhere we are.\n```\n")
    page, warnings = book.build()
    assert warnings == ""
    assert len(re.findall(r'data-part="(?:tokens|dice)" class="is-lit"', page)) == 2
    assert page.count("is-lit") == 2
    assert re.search(r'role="img" aria-label="[^"]*This chapter\S+ part: tokens, the dice\."', page)


def test_claims_in_view_are_those_named_and_the_others_are_folded(book):
    path = book.root / "seeds" / "blog.yaml"
    text = path.read_text(encoding="utf-8")
    text += CLAIM.replace("blog-001", "blog-002").replace("is <dry>", "burns")
    path.write_text(text, encoding="utf-8")
    book.page("# A\n\n```{claims}\n:chapter: 01_water\n:show: blog-002\n```\n")
    page, _ = book.build()
    assert page.index("Water burns") < page.index("1 more claim") < page.index("Water is &lt;dry")


def test_a_link_to_a_cell_leads_there_and_one_to_no_cell_is_refused(book):
    book.page("# A\n\nSee {lab}`the floor <01_next_word#step-floor>`.\n")
    page, warnings = book.build()
    assert warnings == ""
    assert re.search(r'href="labs/01_next_word\.html#step-floor">the floor</a>', page)
    book.page(
        "# A\n\nSee {lab}`it <01_next_word#step-roof>` and {lab}`that <01_no_lab#step-floor>`.\n"
    )
    _, warnings = book.build()
    assert "01_next_word#step-roof: no such cell" in warnings
    assert "01_no_lab#step-floor: no such cell" in warnings


def test_records_reach_the_state_of_a_figure(book):
    book.record(wetness=2.5)
    figures = book.root / "_build" / "figures"
    figures.mkdir(parents=True)
    (figures / "drop.js").write_text("export default {}", encoding="utf-8")
    state = '{"wet": "{measured:water.wetness}", "text": "It is {measured:water.wetness .1f} </script>"}'
    book.page(f"# A\n\n```{{anywidget}} figures/drop/index.js\n:alt: A drop\n{state}\n```\n")
    page, warnings = book.build()
    assert warnings == ""
    mount = re.search(
        r'data-afm-name="drop" role="group" aria-label="A drop"><script[^>]*>(.*?)</script>', page
    )
    assert json.loads(mount[1]) == {"wet": 2.5, "text": "It is 2.5 </script>"}


def test_what_stands_in_for_a_figure_without_scripts(book):
    figures = book.root / "_build" / "figures"
    figures.mkdir(parents=True)
    for name in ("drop", "quiz", "mute", "predict"):
        (figures / f"{name}.js").write_text("export default {}", encoding="utf-8")
    kept = book.root / "figures" / "drop"
    kept.mkdir(parents=True, exist_ok=True)
    still = {"sentence": "A drop <fell>.", "size": [300, 200]}
    (kept / "still.json").write_text(json.dumps(still), encoding="utf-8")
    (kept / "still.webp").write_bytes(b"a picture")
    (kept / "still_above.json").write_text(
        json.dumps(still | {"sentence": "From above."}), encoding="utf-8"
    )
    (kept / "still_above.webp").write_bytes(b"another")
    option = [{"text": "dry", "why": "No."}, {"text": "`wet`", "right": True, "why": "Yes."}]
    asked = json.dumps({"id": "x", "questions": [{"q": "What is *water*?", "options": option}]})
    guess = {"id": "x", "question": "How wet?", "choices": ["dry", "wet"], "mode": "reveal"}
    guess |= {"answer": "wet", "label": "Worked out", "measured": "By sums."}
    shown = "".join(
        f"```{{anywidget}} figures/{name}/index.js\n:alt: A {name}\n{state}\n```\n\n"
        for name, state in (
            ("drop", "{}"),
            ("drop", '{"view": "above"}'),
            ("drop", '{"view": "below"}'),
            ("quiz", asked),
            ("mute", "{}"),
            ("predict", json.dumps(guess)),
        )
    )
    book.page(f"# A\n\n{shown}")
    page, warnings = book.build()
    assert warnings == ""
    image = '<img src="_static/figures/stills/drop.webp" alt="A drop" loading="lazy" width="300"'
    assert page.count(image) == 2 and page.count("<p>A drop &lt;fell&gt;.</p>") == 2
    assert "stills/drop_above.webp" in page and page.count("<p>From above.</p>") == 1
    assert "What is <em>water</em>?" in page and "<b><code>wet</code></b> (right): Yes." in page
    assert "A mute (This figure needs JavaScript.)" in page
    assert "Worked out: <b>wet</b>. By sums." in page and "Measured" not in page
    # the page itself does not change
    (kept / "still.json").write_text(json.dumps(still | {"sentence": "It fell."}), encoding="utf-8")
    assert "<p>It fell.</p>" in book.build()[0]


FAULTS = {  # what a page says -> the complaint it must meet
    "```{anywidget} figures/drop/index.js\n:alt: A drop\n{nonsense\n```": "state of figure drop is not JSON",
    "```{anywidget} figures/mute/index.js\n{}\n```": "figure mute has no :alt:",
    "```{anywidget} figures/unbuilt/index.js\n:alt: A drop\n{}\n```": "figure unbuilt is not built",
    "![](plot.svg)": "image plot.svg has no alt text",
    "![other.svg](other.svg)": "image other.svg has no alt text",
    "Wrong: {claim}`blog-999`": "no claim 'blog-999'",
    "```{claims}\n:chapter: 09_fire\n```": "no claim with chapter: 09_fire",
    "```{claims}\n:chapter: 01_water\n:show: blog-007\n```": "blog-007 is no claim of 01_water",
    "{finding}`Water is wet.`": "a finding is `sentence <lab.record>`",
    "```{machine} wings\n```": "the machine has no part 'wings'",
}


def test_what_is_refused(book):
    (book.root / "src" / "other.svg").write_text(PLOT, encoding="utf-8")
    book.page("# A\n\n" + "\n\n".join(FAULTS) + "\n")
    _, warnings = book.build()
    for complaint in FAULTS.values():
        line = next((w for w in warnings.splitlines() if complaint in w), "")
        assert "intro" in line, complaint


def test_a_plot_is_drawn_in_the_colors_of_the_theme(book):
    book.page("# A\n\n![A line that rises](plot.svg)\n")
    page, warnings = book.build()
    assert warnings == ""
    assert '<svg role="img" aria-label="A line that rises" class="gb-plot"' in page
    assert "fill: var(--gb-ink)" in page
    assert "#1b1f24" not in page


def test_claims_show_verdict_reason_and_evidence(book):
    book.page(
        "# A\n\n```{claims}\n:chapter: 01_water\n```\n\nSee {claim}`blog-001`.\n\n```{bibliography}\n```\n"
    )
    page, warnings = book.build()
    assert warnings == ""
    assert page.count('class="gb-verdict gb-v-wrong"') == 2
    assert "Water is &lt;dry&gt;." in page
    assert "It is wet." in page
    assert "Drop" in page  # the citation


def test_a_hedge_is_shown_with_its_claim_wherever_it_stands(book):
    path = book.root / "seeds" / "blog.yaml"
    text = path.read_text(encoding="utf-8").replace("kind: mech", "hedge: guess\n    kind: mech")
    waiting = text.split("claims:")[1].replace("blog-001", "blog-002").replace("dry", "wet")
    waiting = waiting.replace("chapter: 01_water", 'planned: "09"').replace("guess", "reported")
    path.write_text(text + waiting, encoding="utf-8")
    book.page("# A\n\n```{claims}\n:chapter: 01_water\n```\n\n```{bibliography}\n```\n")
    page, warnings = book.build()
    assert warnings == ""
    assert "(said as a guess)" in page
    book.page("# A\n\n```{source} blog\n```\n\n```{bibliography}\n```\n")
    page, _ = book.build()
    assert "(said as a guess)" in page
    assert "Water is &lt;wet&gt;. (passed on from others)" in page
    assert "blog-002, for chapter 9<" in page
    book.page("# A\n\n```{claim-index}\n```\n\n```{bibliography}\n```\n")
    page, _ = book.build()
    assert "(said as a guess)" in page
    assert "(passed on from others)" in page


def test_every_hedge_has_words():
    import claims
    import ledger

    assert list(claims.HEDGES) == ledger.HEDGES


def test_a_fault_in_the_ledger_is_told_with_file_line_and_remedy(book):
    path = book.root / "seeds" / "blog.yaml"
    text = path.read_text(encoding="utf-8").replace("verdict: wrong", "verdict: wronk")
    path.write_text(text, encoding="utf-8")
    line = text.splitlines().index("    verdict: wronk") + 1
    book.page("# A\n\nNothing.\n")
    _, warnings = book.build()
    assert re.search(
        rf"seeds/blog\.yaml:{line}: WARNING: .*'wronk'.*Did you mean 'wrong'", warnings
    )


def test_a_page_asks_only_for_what_it_needs(book):
    book.page("# A\n\nPlain words.\n")
    page, _ = book.build()
    scripts = re.findall(r'<script src="([^"?]+)', page)
    assert scripts == []  # the small book has no book.js; thebe, bootstrap and the rest are gone
    assert "thebe" not in page


def test_a_plotly_chart_of_a_notebook_stands_in_the_page(book):
    """myst-nb gets our renderer from the extension: no entry point names it."""
    conf = book.root / "src" / "conf.py"
    text = CONF.replace("myst_parser", "myst_nb") + 'nb_execution_mode = "off"\n'
    conf.write_text(text, encoding="utf-8")
    chart = {"data": [], "layout": {"title": {"text": "More <b>data</b>"}, "height": 300}}
    output = {"output_type": "display_data", "metadata": {}}
    output["data"] = {"application/vnd.plotly.v1+json": chart, "text/html": "<p>another</p>"}
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": "chart"}
    title = {"cell_type": "markdown", "metadata": {}, "source": "# A"}
    info = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    notebook = {"cells": [title, {**code, "outputs": [output]}], "metadata": info}
    notebook |= {"nbformat": 4, "nbformat_minor": 4}
    (book.root / "src" / "intro.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page, warnings = book.build()
    assert warnings == ""
    assert re.search(r'class="gb-plotly" role="group" aria-label="More +data +"', page)
    assert "another" not in page
    scripts = re.findall(r'<script[^>]* src="_static/([^"?]+)', page)
    assert scripts[-2:] == ["vendor/plotly/plotly.min.js", "plotly-host.js"]

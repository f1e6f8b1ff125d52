"""How a chapter reads: the budgets of words and numbers, and what stands where.

A reader of a newspaper should get through: few numbers, sentences that are sentences, the prediction
before any picture, the five documents in their own section. See "Changing the text" in CONTRIBUTING.
"""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.md"))
WORDS, MEASURED, NUMBERS = 3000, 30, 60  # in a chapter
MEASURED_A_PARAGRAPH, NUMBERS_A_PARAGRAPH, WORDS_A_SENTENCE = 3, 5, 45
FORMULAS = re.compile(  # turns of phrase that came back in every chapter
    r"the other side is as real|what would change our mind|both camps|we know of none", re.I
)
# These have not been rewritten to the rules yet. The list only gets shorter.
NOT_YET: set[str] = set()

WITHOUT_LAB = "00_whole_machine"  # five minutes on the whole: no lab, so nothing predicted or found


def _each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda p: p.stem)


chapter = _each([p for p in CHAPTERS if p.stem not in NOT_YET])
chapter_with_lab = _each([p for p in CHAPTERS if p.stem not in NOT_YET | {WITHOUT_LAB}])


def paragraphs(text):
    """(heading, paragraph) of running prose: no directives, tables, formulas, lists of works."""
    text = re.sub(r"^(`{3,}|:{3,})\{?.*?^\1[ ]*$", "", text, flags=re.S | re.M)
    text = re.sub(r"^\$\$.*?\$\$$", "", text, flags=re.S | re.M)
    heading = ""
    for part in re.split(r"\n\s*\n", text):
        part = part.strip()
        if part.startswith("#"):
            heading = part.splitlines()[0].strip("# ")
            part = "\n".join(part.splitlines()[1:])
        lines = [
            line for line in part.splitlines() if not line.startswith(("|", "%", "- {cite}", "("))
        ]
        if lines:
            yield heading, " ".join(lines)


def plain(paragraph):
    """A paragraph as it is read: without roles, citations and addresses."""
    paragraph = re.sub(r"\{(cite|claim)(:\w+)?\}`[^`]*`", "", paragraph)
    paragraph = re.sub(r"\{finding\}`+([^`]*?)\s*<[^>]*>`+", r"\1", paragraph)
    paragraph = re.sub(r"\{measured\}`[^`]*`", "7", paragraph)
    paragraph = re.sub(r"\{\w+\}`([^`<]*)(<[^>]*>)?`", r"\1", paragraph)
    return re.sub(r"\]\([^)]*\)", "]", paragraph)


def numbers(paragraph):
    """All figures of a paragraph; years, and the numbers of chapters, labs and models, are names."""
    text = re.sub(r"\$[^$]*\$|`[^`]*`", " ", plain(paragraph))
    text = re.sub(
        r"(?i)\b(chapters?|labs?|parts?|steps?|articles?|sections?|gpt|claude|llama|version|v)[- ]?\d[\w.]*",
        " ",
        text,
    )
    text = re.sub(r"\b(1[6-9]\d\d|20[0-3]\d)s?\b", " ", text)
    return len(re.findall(r"(?<![\w.])[$€£]?\d[\d,.]*", text))


def measured(paragraph):
    return len(re.findall(r"\{measured\}", paragraph))


def figures_of(text):
    """(position, directive, content) of every figure of a page."""
    for found in re.finditer(
        r"^```\{(anywidget|labfigure)\}([^\n]*)\n(.*?)^```$", text, re.S | re.M
    ):
        yield found.start(), found[1] + found[2], found[3]


def predictions(text, mode):
    return [
        at
        for at, what, body in figures_of(text)
        if "predict/" in what and f'"mode": "{mode}"' in body
    ]


@chapter
def test_a_chapter_keeps_its_budget_of_words_and_numbers(path):
    prose = [paragraph for _, paragraph in paragraphs(path.read_text(encoding="utf-8"))]
    total = sum(len(plain(p).split()) for p in prose)
    assert total <= WORDS, f"{total} words; at most {WORDS}"
    assert sum(map(measured, prose)) <= MEASURED
    assert sum(map(numbers, prose)) <= NUMBERS


@chapter
def test_a_paragraph_keeps_its_budget_of_numbers(path):
    for _, paragraph in paragraphs(path.read_text(encoding="utf-8")):
        say = f"{measured(paragraph)} measured, {numbers(paragraph)} numbers: {paragraph[:90]}"
        assert measured(paragraph) <= MEASURED_A_PARAGRAPH, say
        assert numbers(paragraph) <= NUMBERS_A_PARAGRAPH, say


@chapter
def test_no_sentence_has_to_be_read_twice_for_its_length(path):
    for _, paragraph in paragraphs(path.read_text(encoding="utf-8")):
        for sentence in re.split(r"(?<=[.!?:])[\"”*)]*\s+", plain(paragraph)):
            assert len(sentence.split()) <= WORDS_A_SENTENCE, sentence


@chapter_with_lab
def test_the_prediction_stands_before_any_picture(path):
    text = path.read_text(encoding="utf-8")
    asked, told = predictions(text, "ask"), predictions(text, "reveal")
    assert 1 <= len(asked) <= 2, "a chapter asks one or two predictions"
    assert len(asked) == len(told)
    pictures = [at for at, what, _ in figures_of(text) if "predict/" not in what]
    assert not pictures or max(asked) < min(pictures)


@chapter_with_lab
def test_the_documents_speak_in_their_own_section_only(path):
    text = path.read_text(encoding="utf-8")
    for heading, paragraph in paragraphs(text):
        assert "{claim}" not in paragraph or "sources said" in heading.lower(), paragraph[:90]
    shown = re.search(r"^:show: (.*)$", text, re.M)
    assert shown and 3 <= len(shown[1].split()) <= 5, "three to five claims in view (:show:)"


@chapter_with_lab
def test_sentences_of_result_are_findings_and_no_slot_gives_a_verdict(path):
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(r"\{finding\}", text)) >= 3
    words = words_recorded()
    for heading, paragraph in paragraphs(text):
        for name in re.findall(r"\{measured\}`([\w.]+)", paragraph):
            assert name not in words, (
                f"{heading}: {name} is a word; write the sentence as a finding"
            )


def words_recorded():
    """Names of records that hold a word and not a number, in the labs' last runs."""
    found = set()
    for path in (ROOT / "_build" / "labs").glob("*/run.json"):
        records = json.loads(path.read_text(encoding="utf-8")).get("records") or {}
        found |= {name for name, entry in records.items() if isinstance(entry["value"], str)}
    return found


@chapter_with_lab
def test_a_chapter_shows_a_real_model_and_what_the_toy_cannot(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("```{real}") == 1, "one panel `In a real model`"
    headings = [heading.lower() for heading, _ in paragraphs(text)]
    for wanted in ("what it affects", "what the toy cannot show"):
        assert wanted in headings, f"no section {wanted!r}"
    if int(path.stem[:2]) <= 10:
        assert "```{machine}" in text, "the picture of the whole machine, its part lit"


@chapter
def test_surprise_is_counted_in_bits(path):
    for _, paragraph in paragraphs(path.read_text(encoding="utf-8")):
        assert not re.search(r"\bnats?\b", plain(paragraph)), f"say it in bits: {paragraph[:90]}"


@chapter
def test_turns_of_phrase_are_not_repeated_through_the_book(path):
    text = " ".join(paragraph for _, paragraph in paragraphs(path.read_text(encoding="utf-8")))
    assert not FORMULAS.findall(text)


@pytest.mark.parametrize(
    ("paragraph", "found"),
    [
        ("In 2022 GPT-3 had 96 heads, chapter 4 says.", 1),
        ("From {measured}`a.b` to {measured}`a.c .1f`, $x = 3$ and `7`.", 2),
        ("{finding}`It needs 3 of 4. <a.b>`", 2),
        ("It cost $4.6 million {cite}`li2020gpt3`.", 1),
    ],
)
def test_what_counts_as_a_number(paragraph, found):
    assert numbers(paragraph) == found

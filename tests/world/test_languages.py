"""The parallel texts: every language complete, generators repeatable, held-out truly held out."""

import re
import unicodedata

import pytest

from glassbox.world import bilingual
from glassbox.world.bilingual import corpus, notices
from glassbox.world.languages import PARAGRAPHS, paragraph

# Which Unicode names the letters of each script may have. Latin letters turn up nowhere else.
SCRIPTS = {
    "Latin": {"LATIN"},
    "Greek": {"GREEK"},
    "Cyrillic": {"CYRILLIC"},
    "Arabic": {"ARABIC"},
    "Devanagari": {"DEVANAGARI"},
    "Thai": {"THAI"},
    "Japanese": {"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA"},
    "Hangul": {"HANGUL"},
    "Han": {"CJK"},
}


def test_enough_languages_with_distinct_codes_and_texts():
    assert len(PARAGRAPHS) >= 10
    assert len({p.code for p in PARAGRAPHS}) == len({p.text for p in PARAGRAPHS}) == len(PARAGRAPHS)


@pytest.mark.parametrize("each", PARAGRAPHS, ids=lambda p: p.code)
def test_a_paragraph_is_written_in_its_own_script(each):
    letters = [c for c in each.text if unicodedata.category(c) in ("Lo", "Lu", "Ll", "Lm")]
    used = {unicodedata.name(c).split()[0] for c in letters}
    assert used <= SCRIPTS[each.script], used


@pytest.mark.parametrize("each", PARAGRAPHS, ids=lambda p: p.code)
def test_a_paragraph_is_normalized_whole_and_without_stray_spaces(each):
    # NFC: an accent typed as a second code point would cost extra tokens and nobody would see why.
    assert unicodedata.is_normalized("NFC", each.text)
    assert each.text == each.text.strip() and "  " not in each.text
    if each.code != "th":  # Thai separates sentences by spaces
        assert len(re.findall(r"[.。।]", each.text)) == 5
    rtl = any(unicodedata.bidirectional(c) in ("R", "AL") for c in each.text)
    assert each.direction == ("rtl" if rtl else "ltr")


def test_unknown_language_names_the_known_ones():
    with pytest.raises(ValueError, match=r"no paragraph in 'xx'.*en.*zh"):
        paragraph("xx")


@pytest.mark.parametrize("split", ["train", "held_out"])
def test_notices_repeat_with_the_seed_and_fill_every_slot(split):
    first = notices(300, seed=3, split=split)
    assert first == notices(300, seed=3, split=split)
    assert first != notices(300, seed=4, split=split)
    for each in first:
        assert not re.search(r"[{}]", each.english + each.chinese)
        assert each.english.isascii() and each.english[-1] == "."
        assert not re.search(r"[A-Za-z]", each.chinese)


def test_both_halves_of_a_notice_carry_the_same_numbers():
    for each in notices(500, seed=1) + notices(500, seed=1, split="held_out"):
        assert sorted(re.findall(r"\d+", each.english)) == sorted(re.findall(r"\d+", each.chinese))


def test_training_and_held_out_share_no_pattern_and_keep_some_words_apart():
    assert not set(bilingual.TRAIN_PATTERNS) & set(bilingual.HELD_OUT_PATTERNS)
    assert not {z for _, z in bilingual.TRAIN_PATTERNS} & {
        z for _, z in bilingual.HELD_OUT_PATTERNS
    }
    train = " ".join(n.english for n in notices(3000, seed=0))
    held_out = " ".join(n.english for n in notices(3000, seed=0, split="held_out"))
    reserved = {bilingual.FOODS[i][0] for i in range(4, len(bilingual.FOODS), 5)}
    assert not any(re.search(rf"\b{word}\b", train) for word in reserved)
    assert any(re.search(rf"\b{word}\b", held_out) for word in reserved)


def test_no_sentence_of_the_paragraphs_is_in_training_text():
    for mix, code in (("english", "en"), ("chinese", "zh")):
        text = corpus(mix, 100_000)
        for sentence in re.split(r"[.。]", paragraph(code).text):
            assert not sentence.strip() or sentence.strip() not in text


@pytest.mark.parametrize("mix", ["english", "mixed", "chinese"])
def test_corpus_has_the_size_and_the_mixture_it_promises(mix):
    text = corpus(mix, 60_000, seed=5)
    n_bytes = len(text.encode("utf-8"))
    assert 60_000 <= n_bytes < 60_500
    chinese = sum(len(c.encode("utf-8")) for c in text if ord(c) > 0x2000)
    share = chinese / n_bytes
    low, high = {"english": (0, 0), "mixed": (0.45, 0.5), "chinese": (0.9, 1)}[mix]
    assert low <= share <= high
    lines = text.splitlines()
    assert len(set(lines)) > 0.95 * len(lines)


def test_bad_requests_name_the_value():
    with pytest.raises(ValueError, match="mix is 'latin'"):
        corpus("latin")
    with pytest.raises(ValueError, match="n is -1"):
        notices(-1)
    with pytest.raises(ValueError, match="split is 'test'"):
        notices(1, split="test")

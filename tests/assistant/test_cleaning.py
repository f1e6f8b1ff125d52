"""Cleaning: boilerplate, the blocklist and the pipeline, on a crawl whose copies are known."""

import pytest

from glassbox.assistant.cleaning import (
    blocked,
    drop_duplicates,
    exact_duplicates,
    run,
    strip_boilerplate,
)


def test_deduplication_finds_the_copies_of_the_crawl(pages):
    left, _ = run(
        [p.text for p in pages],
        {"lines": strip_boilerplate, "copies": drop_duplicates},
    )
    groups = {}
    for i, page in enumerate(pages):
        groups.setdefault(page.source if page.source is not None else i, []).append(left[i])
    extra = sum(sum(t is not None for t in g) - 1 for g in groups.values() if any(g))
    copies = sum(p.source is not None for p in pages)
    assert extra < 0.06 * copies
    lost = [g for i, g in groups.items() if not any(g) and pages[i].truth == "first-hand"]
    assert len(lost) < 0.01 * len(groups)


def test_boilerplate_goes_and_the_page_stays(pages):
    left = strip_boilerplate([p.text for p in pages])
    assert sum(text == page.body for text, page in zip(left, pages)) > 0.95 * len(pages)


def test_lines_of_a_page_copied_often_are_no_boilerplate():
    texts = ["the same page\nsecond line"] * 50 + [f"page {i}\nmore of {i}" for i in range(50)]
    assert strip_boilerplate(texts) == texts


def test_a_blocklist_takes_words_for_what_they_are_not():
    assert blocked("Herring, you HERRING!", ["herring"]) == ["herring", "herring"]
    assert blocked("Mara lives on Herring Row.", ["herring"]) == ["herring"]
    assert blocked("Herrings are up.", ["herring"]) == []


def test_a_pipeline_says_which_step_dropped_what():
    texts = ["a a", "b", "a a", "", "c"]
    left, dropped = run(
        texts,
        {
            "copies": lambda ts: drop_duplicates(ts, exact_duplicates),
            "b": lambda ts: [t.replace("b", "") for t in ts],
        },
    )
    assert left == ["a a", None, None, None, "c"]
    assert dropped == {"copies": [2, 3], "b": [1]}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: strip_boilerplate(["a"], 2), "share between 0 and 1"),
        (lambda: blocked("a", "herring"), "list of words"),
        (lambda: run(["a", "b"], {"odd": lambda ts: ts[:1]}), "gave back 1"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_nothing_to_clean_is_no_error():
    assert run([], {"lines": strip_boilerplate, "copies": drop_duplicates}) == (
        [],
        {"lines": [], "copies": []},
    )

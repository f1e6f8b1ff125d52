"""Python's side of the figure `evaluation`: the golden vectors that its logic.test.js holds JavaScript to, and its marks."""

import json
from pathlib import Path

import pytest

from figures.core.golden import read
from figures.evaluation import data as made
from figures.evaluation import golden
from glassbox import recordings
from glassbox.scale import comparing


def test_scipy_still_gives_the_golden_intervals_and_tests():
    kept, now = read(golden.FILE), golden.vectors()
    for mine, old in zip(now["intervals"], kept["intervals"], strict=True):
        assert mine == pytest.approx(old, abs=1e-9)
    for mine, old in zip(now["tests"], kept["tests"], strict=True):
        assert mine == pytest.approx(old, rel=1e-9)


def test_the_library_compares_as_the_page_does():
    for row in golden.vectors()["intervals"]:
        ends = comparing.wilson(row["right"], row["of"])
        assert ends == pytest.approx((row["low"], row["high"]), abs=1e-4)
    for row in golden.vectors()["tests"][1:]:
        one, other = [1] * row["a"] + [0] * row["b"], [0] * row["a"] + [1] * row["b"]
        assert comparing.same_questions(one, other)["p"] == pytest.approx(row["p"], abs=1e-5)


@pytest.fixture(scope="module")
def shown():
    return made.data()


def test_a_mark_for_every_question_of_every_model(shown):
    for test in shown["tests"]:
        assert test["options"] == len(test["example"]["options"]) >= 2
        for way in shown["rules"]:
            for model in shown["models"]:
                marks = shown["marks"][test["id"]][way][model]
                assert len(marks) == test["questions"] and set(marks) <= {"0", "1"}


def test_the_marks_are_the_recorded_picks_that_are_right(shown):
    kept = recordings.load("evaluation")
    for family in kept["families"]:
        right = kept["tests"][family]["answers"][made.EDITION]
        for way, (prompt, rule) in made.WAYS.items():
            for model, marks in shown["marks"][family][way].items():
                picks = kept["picks"][family][made.EDITION][prompt][rule][model]
                assert marks.count("1") == sum(map(str.__eq__, picks, right))


def test_every_way_and_every_model_has_its_words():
    words = json.loads((Path(made.__file__).with_name("strings.json")).read_text(encoding="utf-8"))[
        "en"
    ]
    for way in made.WAYS:
        assert all(f"{kind}_{way}" in words for kind in ("rule", "about"))
    assert all(f"model_{model}" in words for model in recordings.load("evaluation")["models"])


def test_what_chapter_14_says_of_the_closed_book_test(shown):
    """That the third rule costs all five models a good part of their score, and that another is first after examples."""
    right = {w: {m: s.count("1") for m, s in shown["marks"]["facts"][w].items()} for w in made.WAYS}
    five = ("base", "chat", "single", "aligned", "aligned-dpo")
    assert all(right["prior"][m] < 0.8 * right["raw"][m] for m in five)
    assert max(five, key=right["raw"].get) != max(five, key=right["few"].get)

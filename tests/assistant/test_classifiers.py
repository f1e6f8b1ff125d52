"""The classifiers: against the gradient of the stated loss, pairs counted, languages known, bad input."""

import random

import numpy as np
import pytest

from glassbox.assistant.classifiers import (
    Identifier,
    QualityClassifier,
    auc,
    keep_best,
    language_identifier,
)
from glassbox.world.crawl import SITES, first_hand
from glassbox.world.languages import PARAGRAPHS

# ---- quality


def test_the_classifier_is_logistic_regression(world, pages):
    """Weights of the minimum: the gradient of the stated loss is zero there."""
    good = [p.text for p in first_hand(world, 120)]
    other = [p.text for p in pages[:150]]
    model = QualityClassifier(buckets=256).fit(good, other)
    x, w = model.features(good + other).toarray(), model.model.coef_[0]
    y = np.array([1] * 120 + [0] * 150)
    share = np.where(y == 1, 0.5 / 120, 0.5 / 150)
    error = share * (1 / (1 + np.exp(-(x @ w + model.model.intercept_))) - y)
    assert np.abs(x.T @ error + model.decay * w).max() < 1e-4
    assert abs(error.sum()) < 1e-4


def test_a_feature_is_a_word_or_a_pair_present_or_not():
    """Against sets: three different features, each 1 / sqrt(3), however often one is there."""
    row = (
        QualityClassifier(2**16).features(["harbor talk", "harbor talk harbor talk", ""]).toarray()
    )
    assert sorted(row[0][row[0] > 0]) == pytest.approx([3**-0.5] * 3)
    assert np.count_nonzero(row[1]) == 4 and np.count_nonzero(row[2]) == 0  # "talk harbor" is new


def test_the_words_a_classifier_likes_are_those_of_the_good_pile():
    model = QualityClassifier().fit(["eels are up"] * 5, ["buy jugs now"] * 5)
    liked = model.word_weights(["buy jugs now", "eels are up", "fog"])
    assert set(list(liked)[:3]) == {"eels", "are", "up"} and liked["eels"] > 0 > liked["jugs"]
    assert set(list(liked)[-3:]) == {"buy", "jugs", "now"}


def test_auc_counts_pairs():
    dice = random.Random(0)
    good = [dice.randrange(20) / 20 for _ in range(70)]
    bad = [dice.randrange(15) / 20 for _ in range(50)]
    pairs = [(g > b) + (g == b) / 2 for g in good for b in bad]
    assert auc(good, bad) == pytest.approx(sum(pairs) / len(pairs))
    assert auc([1, 2], [0]) == 1 and auc([0], [1, 2]) == 0


def test_the_reference_decides_whose_pages_stay(world, pages):
    """The classifier with the harbor on its shelf keeps the harbor; without, it drops it."""
    texts = [p.body for p in pages]
    kept = {}
    for name, sites in (("all", None), ("shelf", ("register", "gull", "circle"))):
        good = [p.text for p in first_hand(world, 400, seed=1, sites=sites)]
        scores = QualityClassifier().fit(good, texts).scores(texts)
        best = keep_best(scores, 0.6)
        kept[name] = np.mean([b for b, p in zip(best, pages) if p.site == "quay"])
        bad = [s for s, p in zip(scores, pages) if p.truth == "advertising"]
        fine = [s for s, p in zip(scores, pages) if p.site in SITES and p.truth == "first-hand"]
        assert auc(fine, bad) > 0.9
    assert kept["all"] > 0.8 and kept["shelf"] < 0.5


def test_scores_do_not_depend_on_the_rest_of_the_batch(world):
    texts = [p.text for p in first_hand(world, 40)]
    model = QualityClassifier(256).fit(texts[:20], ["buy now"] * 5)
    alone = [model.scores([t])[0] for t in texts]
    assert alone == pytest.approx(model.scores(texts), abs=1e-6)
    assert model.scores([]) == []


def test_the_hash_is_the_same_on_every_machine():
    """The buckets that MurmurHash3 gives to "harbor", "talk" and "harbor talk", written down once."""
    row = QualityClassifier(2048).features(["harbor talk"])
    assert sorted(row.indices.tolist()) == [1204, 1313, 1498]


# ---- languages


def test_languages_of_the_crawl_are_told_apart(pages):
    tell = language_identifier()
    right = [tell.identify(p.body) == p.language for p in pages]
    assert np.mean(right) > 0.99
    foreign = [r for r, p in zip(right, pages) if p.truth == "foreign"]
    assert np.mean(foreign) > 0.95


def test_the_identifier_knows_the_halves_it_has_not_read():
    halves = [(p.code, p.text[: len(p.text) // 2], p.text[len(p.text) // 2 :]) for p in PARAGRAPHS]
    tell = Identifier().fit({code: [first] for code, first, _ in halves})
    assert sum(tell.identify(second) == code for code, _, second in halves) >= len(halves) - 1


def test_a_kind_is_no_likelier_for_having_more_examples():
    few = {"en": ["the tide comes in"], "de": ["die Flut kommt herein"]}
    many = {"en": ["the tide comes in"] * 500, "de": ["die Flut kommt herein"]}
    for text in ("in the tide", "die Flut"):
        assert Identifier().fit(few).scores(text) == pytest.approx(
            Identifier().fit(many).scores(text)
        )


def test_dialects_can_be_identified(world):
    by = {d: [] for d in ("plain", "harbor", "uptown")}
    for page in first_hand(world, 600, seed=5):
        by[page.dialect].append(page.text)
    tell = Identifier().fit(by)
    fresh = first_hand(world, 200, seed=6)
    assert np.mean([tell.identify(p.text) == p.dialect for p in fresh]) > 0.9


def test_the_empty_text_is_no_accident():
    assert language_identifier().identify("") in {p.code for p in PARAGRAPHS}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: keep_best([1.0], -0.1), "share between 0 and 1"),
        (lambda: Identifier().fit({"en": ["a"]}), "two or more"),
        (lambda: Identifier().fit({"en": ["a"], "de": []}), "each with an example"),
        (lambda: QualityClassifier().fit([], ["a"]), "good has 0"),
        (lambda: QualityClassifier().fit(["a"], []), "other 0"),
        (lambda: QualityClassifier(1), "2 or more"),
        (lambda: QualityClassifier().scores(["a"]), "not been trained"),
        (lambda: QualityClassifier().word_weights(["a"]), "not been trained"),
        (lambda: auc([], [1]), "both need some"),
    ],
)
def test_bad_input_is_explained(call, words):
    with pytest.raises(ValueError, match=words):
        call()

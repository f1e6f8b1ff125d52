"""Cleaning: against exact answers, against datasketch and scikit-learn, and against bad input."""

import random

import numpy as np
import pytest

from glassbox.assistant.cleaning import (
    Identifier,
    QualityClassifier,
    auc,
    blocked,
    drop_duplicates,
    epochs,
    exact_duplicates,
    jaccard,
    keep_best,
    language_identifier,
    minhash,
    mix,
    near_duplicates,
    run,
    shingles,
    strip_boilerplate,
    tempered,
)
from glassbox.world import World
from glassbox.world.crawl import SITES, crawl, first_hand
from glassbox.world.languages import PARAGRAPHS


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=40)


@pytest.fixture(scope="module")
def pages(world):
    return crawl(world, 1500, copies=(1, 16))


# Copies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [0, 20, 50, 80, 100])
def test_minhash_estimates_jaccard_within_its_standard_error(shared):
    a = {f"w{i}" for i in range(100)}
    b = {f"w{i}" for i in range(100 - shared, 200 - shared)}
    exact = jaccard(a, b)
    estimates = [minhash(a, 128, seed).jaccard(minhash(b, 128, seed)) for seed in range(1, 21)]
    error = (exact * (1 - exact) / 128) ** 0.5
    assert abs(np.mean(estimates) - exact) <= 4 * error / 20**0.5 + 1e-12
    assert max(abs(e - exact) for e in estimates) <= 5 * error + 1e-12


def test_near_duplicates_are_those_of_all_pairs(pages):
    texts = [p.body for p in pages[:400]]
    kept, expected = [], []
    for text in texts:  # every pair, exactly
        pieces = shingles(text)
        alike = [j for j, other in kept if jaccard(pieces, other) >= 0.7]
        expected.append(bool(alike))
        if not alike:
            kept.append((len(expected) - 1, pieces))
    found = [j is not None for j in near_duplicates(texts)]
    # The index may miss a pair near the threshold; it may not invent one.
    assert sum(f != e for f, e in zip(found, expected)) <= 2
    assert not any(f and not e for f, e in zip(found, expected))


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


def test_exact_duplicates_ignore_case_and_punctuation_only():
    assert exact_duplicates(["Eel pie.", "eel PIE!", "eel pies"]) == [None, 0, None]


def test_a_chain_of_near_copies_points_to_the_kept_page():
    base = [f"w{i}" for i in range(60)]
    once, twice = base.copy(), base.copy()
    once[3] = twice[3] = "x"
    twice[55] = "y"
    found = near_duplicates([" ".join(t) for t in (base, once, twice)])
    assert found == [None, 0, 0]


def test_boilerplate_goes_and_the_page_stays(pages):
    left = strip_boilerplate([p.text for p in pages])
    assert sum(text == page.body for text, page in zip(left, pages)) > 0.95 * len(pages)


def test_lines_of_a_page_copied_often_are_no_boilerplate():
    texts = ["the same page\nsecond line"] * 50 + [f"page {i}\nmore of {i}" for i in range(50)]
    assert strip_boilerplate(texts) == texts


# Classifier ---------------------------------------------------------------------------------


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


# Languages ----------------------------------------------------------------------------------


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


# Lists, mixtures, pipelines -----------------------------------------------------------------


def test_a_blocklist_takes_words_for_what_they_are_not():
    assert blocked("Herring, you HERRING!", ["herring"]) == ["herring", "herring"]
    assert blocked("Mara lives on Herring Row.", ["herring"]) == ["herring"]
    assert blocked("Herrings are up.", ["herring"]) == []


def test_mixtures_keep_their_proportions():
    sources = {"web": ["w" * 50] * 30, "books": ["b" * 400] * 3}
    texts = mix(sources, {"web": 1, "books": 3}, 40_000)
    size = {s: sum(len(t) + 2 for t in texts if t[0] == s[0]) for s in sources}
    assert sum(size.values()) >= 40_000
    assert size["books"] / sum(size.values()) == pytest.approx(0.75, abs=0.02)


def test_a_source_is_read_through_before_it_is_read_again():
    texts = mix({"a": [f"text {i}" for i in range(10)]}, {"a": 1}, 80)
    assert len(texts) == 10 and len(set(texts)) == 10


def test_published_epochs_of_gpt3_follow_from_sizes_and_weights():
    """Table 2.2 of the GPT-3 paper: tokens in billions, weight, and the epochs it prints."""
    rows = {
        "Common Crawl": (410, 0.60, 0.44),
        "WebText2": (19, 0.22, 2.9),
        "Books1": (12, 0.08, 1.9),
        "Books2": (55, 0.08, 0.43),
        "Wikipedia": (3, 0.03, 3.4),
    }
    found = epochs({k: r[0] for k, r in rows.items()}, {k: r[1] for k, r in rows.items()}, 300)
    for name, (_, _, printed) in rows.items():
        assert found[name] == pytest.approx(printed, rel=0.22), name


def test_tempering_moves_between_as_it_comes_and_all_alike():
    sizes = {"a": 1.0, "b": 99.0}
    shares = [tempered(sizes, power)["a"] for power in (1, 0.5, 0)]
    assert shares[0] == pytest.approx(0.01) and shares[2] == pytest.approx(0.5)
    assert shares == sorted(shares)


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
        (lambda: near_duplicates(["a"], threshold=0), "threshold is 0"),
        (lambda: near_duplicates(["a"], threshold=1.2), "at most 1"),
        (lambda: shingles("a b", 0), "one word or more"),
        (lambda: strip_boilerplate(["a"], 2), "share between 0 and 1"),
        (lambda: keep_best([1.0], -0.1), "share between 0 and 1"),
        (lambda: blocked("a", "herring"), "list of words"),
        (lambda: Identifier().fit({"en": ["a"]}), "two or more"),
        (lambda: Identifier().fit({"en": ["a"], "de": []}), "each with an example"),
        (lambda: QualityClassifier().fit([], ["a"]), "good has 0"),
        (lambda: QualityClassifier().fit(["a"], []), "other 0"),
        (lambda: QualityClassifier(1), "2 or more"),
        (lambda: QualityClassifier().scores(["a"]), "not been trained"),
        (lambda: QualityClassifier().word_weights(["a"]), "not been trained"),
        (lambda: auc([], [1]), "both need some"),
        (lambda: tempered({"a": 0}), "above 0"),
        (lambda: epochs({"a": 1}, {"b": 1}, 1), "same sources"),
        (lambda: mix({"a": ["x"]}, {"b": 1}, 10), "name the same"),
        (lambda: mix({"a": ["x"]}, {"a": -1}, 10), "negative"),
        (lambda: mix({"a": ["x"]}, {"a": float("nan")}, 10), "negative"),
        (lambda: mix({"a": []}, {"a": 1}, 10), "no text"),
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
    assert exact_duplicates([]) == [] and near_duplicates([]) == []
    assert near_duplicates(["", ""]) == [None, 0]


def test_the_hash_is_the_same_on_every_machine():
    """The buckets that MurmurHash3 gives to "harbor", "talk" and "harbor talk", written down once."""
    row = QualityClassifier(2048).features(["harbor talk"])
    assert sorted(row.indices.tolist()) == [1204, 1313, 1498]

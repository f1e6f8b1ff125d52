"""Two classifiers of texts: which language or dialect, and how much like a pile of good texts.

`Identifier` is naive Bayes over runs of letters, short enough to read. `QualityClassifier` is logistic
regression on hashed words; hashing and regression are scikit-learn's. `auc` says how well scores tell
good from bad, `keep_best` keeps the pages with the highest.

Neither looks at whether a text is true. Both know only what they were shown: somebody chose the
examples.

Left out: toxicity classifiers.

Source: Brown et al. 2020, arXiv:2005.14165 (the classifier of quality).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from glassbox.assistant.duplicates import words
from glassbox.world.bilingual import corpus
from glassbox.world.languages import PARAGRAPHS


class Identifier:
    """Which of several kinds of text is this? Naive Bayes over runs of 1 to 3 letters.

    Trained on a few hundred letters a kind it tells languages apart; on more, dialects. Of each
    text it then looks at the first 300 characters.

    >>> tell = Identifier().fit({"en": ["the tide comes in"], "de": ["die Flut kommt herein"]})
    >>> tell.identify("in the tide")
    'en'
    """

    def fit(self, texts: dict[str, Sequence[str]]) -> Identifier:
        """Count letter runs; `texts` gives for each kind a list of examples."""
        if len(texts) < 2 or not all(texts.values()):
            raise ValueError(
                f"texts has {len(texts)} kinds ({', '.join(texts)}); give two or more, each with an example"
            )
        self.kinds = list(texts)
        counts = [Counter(run for t in texts[k] for run in _letter_runs(t)) for k in self.kinds]
        # A tenth of the probability is spread over all runs there are: a kind with many examples
        # must not seem likelier for having seen more.
        self._unseen = math.log(0.1 / max(1, len(set().union(*counts))))
        self._seen = [
            {run: math.log(0.9 * m / c.total() + math.exp(self._unseen)) for run, m in c.items()}
            for c in counts
        ]
        return self

    def scores(self, text: str) -> dict[str, float]:
        """The mean log-probability of the text's letter runs under each kind."""
        runs = list(_letter_runs(text[:300]))
        return {
            kind: sum(seen.get(run, self._unseen) for run in runs) / max(1, len(runs))
            for kind, seen in zip(self.kinds, self._seen)
        }

    def identify(self, text: str) -> str:
        """The likeliest kind."""
        scores = self.scores(text)
        return max(scores, key=scores.get)


def _letter_runs(text: str):
    text = "_" + "_".join(re.findall(r"[^\W\d_]+", text.lower())) + "_"
    return (text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1))


def language_identifier() -> Identifier:
    """An identifier of sixteen languages, trained on one paragraph in each and more of English.

    >>> language_identifier().identify("Wir suchen eine Köchin, die gute Suppe machen kann.")
    'de'
    """
    examples = {p.code: [p.text] for p in PARAGRAPHS}
    examples["en"] += corpus("english", 10_000).splitlines()
    return Identifier().fit(examples)


# ---------------------------------------------------------------------------------------------
# Quality


class QualityClassifier:
    """Does a page look more like the good texts or like the rest? Logistic regression on hashed words.

    Each word and each pair of neighbors is hashed to one of `buckets` features (present or not).
    The score is the probability, by the classifier, that a page is from the good pile. GPT-3's
    filter was of this kind: Wikipedia, books and pages that Reddit users had linked to against raw
    web text. Hashing and regression are scikit-learn's.
    """

    def __init__(self, buckets: int = 2048, decay: float = 1e-3):
        if buckets < 2:
            raise ValueError(f"buckets is {buckets}; use 2 or more")
        self.buckets, self.decay, self.model = buckets, decay, None
        self.hashing = HashingVectorizer(
            analyzer=_words_and_pairs, n_features=buckets, binary=True, alternate_sign=False
        )

    def features(self, texts: Sequence[str]) -> csr_matrix:
        """(texts, buckets), sparse: 1 / sqrt(number of features in the text) where one is present."""
        return self.hashing.transform(texts)

    def fit(self, good: Sequence[str], other: Sequence[str]) -> QualityClassifier:
        """Learn to tell `good` texts from `other` ones, both piles weighing the same.

        The loss is the mean surprise over the two piles and decay / 2 times the squared weights.
        """
        if not good or not other:
            raise ValueError(
                f"good has {len(good)} texts and other {len(other)}; the classifier needs both"
            )
        y = [True] * len(good) + [False] * len(other)
        share = [0.5 / len(good)] * len(good) + [0.5 / len(other)] * len(other)
        self.model = LogisticRegression(C=1 / self.decay, tol=1e-6, max_iter=500)
        self.model.fit(self.features([*good, *other]), y, sample_weight=share)
        return self

    def scores(self, texts: Sequence[str]) -> list[float]:
        """The probability of each text to be from the good pile."""
        model = self._trained()
        return model.predict_proba(self.features(texts))[:, 1].tolist() if len(texts) else []

    def word_weights(self, texts: Sequence[str]) -> dict[str, float]:
        """The weight of every word in some texts, highest first: what the classifier likes.

        Words that share a bucket share a weight.
        """
        seen = sorted({word for text in texts for word in words(text)})
        found = self.features(seen) @ self._trained().coef_[0] if seen else []
        return dict(sorted(zip(seen, map(float, found)), key=lambda item: -item[1]))

    def _trained(self) -> LogisticRegression:
        if self.model is None:
            raise ValueError("the classifier has not been trained; call fit(good, other) first")
        return self.model


def _words_and_pairs(text: str) -> list[str]:
    w = words(text)
    return [*w, *(" ".join(pair) for pair in pairwise(w))]


def auc(good: Sequence[float], bad: Sequence[float]) -> float:
    """How often a good page outscores a bad one, ties counting half: 0.5 is guessing, 1 perfect.

    >>> round(auc([0.9, 0.8, 0.4], [0.5, 0.3]), 4)
    0.8333
    """
    if not len(good) or not len(bad):
        raise ValueError(f"good has {len(good)} scores and bad {len(bad)}; both need some")
    return float(roc_auc_score([True] * len(good) + [False] * len(bad), [*good, *bad]))


def keep_best(scores: Sequence[float], share: float) -> list[bool]:
    """True for the best `share` of the scores (among equals, the earlier).

    >>> keep_best([0.2, 0.9, 0.5, 0.7], 0.5)
    [False, True, False, True]
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; it must be a share between 0 and 1")
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    best = set(order[: round(share * len(scores))])
    return [i in best for i in range(len(scores))]

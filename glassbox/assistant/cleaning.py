"""Cleaning a crawl: which pages, and which lines of them, go into training.

Each step is a function over a list of texts. Removal of boilerplate, exact and near duplicates, a
blocklist, language identification, a quality classifier, mixture weights: the steps of GPT-3's, C4's
and LLaMA's pipelines, small and in view. Near duplicates are found through datasketch, a maintained
library of MinHash, and the classifier is scikit-learn's; the rest is short enough to read.

None of the steps looks at whether a text is true. Each has somebody's idea of good text in it: in a
threshold, a word list, or the texts that the classifier is told are good.

Left out: HTML extraction, URL filters, toxicity classifiers, suffix arrays (copies inside different
pages), personal data, decontamination.

Sources: Broder 1997 (MinHash); Brown et al. 2020, arXiv:2005.14165 (classifier); Raffel et al. 2020,
arXiv:1910.10683 (rules, blocklist); Lee et al. 2022, arXiv:2107.06499 (near duplicates); Touvron et
al. 2023, arXiv:2302.13971 (mixture).
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from datasketch import MinHash, MinHashLSH
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from glassbox.world.bilingual import corpus
from glassbox.world.languages import PARAGRAPHS

_WORD = re.compile(r"\w+(?:'\w+)?")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation.

    >>> words("Aye, she DO live on Tar Lane!")
    ['aye', 'she', 'do', 'live', 'on', 'tar', 'lane']
    """
    return _WORD.findall(text.lower())


# ---------------------------------------------------------------------------------------------
# Copies


def strip_boilerplate(texts: Sequence[str], most: float = 0.02) -> list[str]:
    """The texts without lines that stand on more than the share `most` of them: headers and footers.

    A line counts once for each different text: the lines of one page, copied a hundred times, are no
    boilerplate. With few texts, a line is kept up to twice.

    >>> strip_boilerplate(["HOME | NEWS\\nEels are up.", "HOME | NEWS\\nFog.", "HOME | NEWS\\nRain."])
    ['Eels are up.', 'Fog.', 'Rain.']
    """
    _check_share("most", most)
    different = set(texts)
    on = Counter(line for text in different for line in set(text.split("\n")))
    limit = max(2, most * len(different))
    return ["\n".join(line for line in t.split("\n") if on[line] <= limit) for t in texts]


def exact_duplicates(texts: Sequence[str]) -> list[int | None]:
    """For each text the number of the first one with the same words, or None if it is the first.

    >>> exact_duplicates(["Eel pie.", "Crab soup.", "eel  pie"])
    [None, None, 0]
    """
    first: dict[tuple, int] = {}
    found = [first.setdefault(tuple(words(text)), i) for i, text in enumerate(texts)]
    return [None if j == i else j for i, j in enumerate(found)]


def shingles(text: str, n: int = 3) -> set[str]:
    """All runs of n words in a text; a shorter text is one shingle.

    >>> sorted(shingles("She do live on Tar Lane."))
    ['do live on', 'live on tar', 'on tar lane', 'she do live']
    """
    if n < 1:
        raise ValueError(f"n is {n}; a shingle has one word or more")
    w = words(text)
    return {" ".join(w[i : i + n]) for i in range(max(1, len(w) - n + 1))}


def jaccard(a: set, b: set) -> float:
    """What two sets share, of all that either has: 1 for the same set, 0 for nothing in common.

    >>> jaccard({"cod", "eel", "crab"}, {"eel", "crab", "whelk"})
    0.5
    """
    return len(a & b) / len(a | b) if a or b else 1.0


def minhash(pieces: Iterable[str], num_perm: int = 128, seed: int = 1) -> MinHash:
    """A sketch of a set: its smallest hash value under each of `num_perm` hash functions.

    Two sets agree in each of these with a probability equal to their Jaccard similarity, so the
    share of agreements estimates it; `a.jaccard(b)` counts them. Its standard error is
    sqrt(J (1 - J) / num_perm), at most 0.044 for 128.
    """
    sketch = MinHash(num_perm=num_perm, seed=seed)
    sketch.update_batch([piece.encode("utf-8") for piece in pieces])
    return sketch


def near_duplicates(
    texts: Sequence[str], threshold: float = 0.7, num_perm: int = 128, n: int = 3
) -> list[int | None]:
    """For each text the number of an earlier kept one that is nearly the same, or None: keep it.

    MinHash finds the candidates without comparing every pair (locality-sensitive hashing: cut the
    sketch into bands, and look only at texts that agree in a whole band); the exact Jaccard
    similarity of their shingles, at least `threshold`, decides.

    >>> near_duplicates(["the cat sat on the mat by the door", "fog", "a cat sat on the mat by the door"])
    [None, None, 0]
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is {threshold}; it must be above 0 and at most 1")
    index, kept, found = MinHashLSH(threshold=threshold, num_perm=num_perm), {}, []
    for i, text in enumerate(texts):
        pieces = shingles(text, n)
        sketch = minhash(pieces, num_perm)
        alike = [j for j in index.query(sketch) if jaccard(pieces, kept[j]) >= threshold]
        found.append(min(alike, default=None))
        if not alike:
            kept[i] = pieces
            index.insert(i, sketch, check_duplication=False)
    return found


# ---------------------------------------------------------------------------------------------
# Word lists


def blocked(text: str, blocklist: Iterable[str]) -> list[str]:
    """The words of a text that are on the list. C4 drops a page for one of them.

    >>> blocked("Mara lives on Herring Row.", ["herring", "turnip"])
    ['herring']
    """
    if isinstance(blocklist, str):
        raise ValueError(f"blocklist is the string {blocklist!r}; give a list of words")
    bad = {word.lower() for word in blocklist}
    return [word for word in words(text) if word in bad]


# ---------------------------------------------------------------------------------------------
# Languages and dialects


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
    _check_share("share", share)
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    best = set(order[: round(share * len(scores))])
    return [i in best for i in range(len(scores))]


# ---------------------------------------------------------------------------------------------
# Mixtures


def tempered(sizes: dict[str, float], power: float = 1.0) -> dict[str, float]:
    """Weights in proportion to size^power: 1 as they come, 0 all alike, between them a compromise.

    >>> tempered({"web": 900, "books": 100}, power=0.5)
    {'web': 0.75, 'books': 0.25}
    """
    if not sizes or min(sizes.values()) <= 0:
        raise ValueError(f"sizes is {sizes}; every source needs a size above 0")
    raw = {name: size**power for name, size in sizes.items()}
    return {name: r / sum(raw.values()) for name, r in raw.items()}


def epochs(sizes: dict[str, float], weights: dict[str, float], budget: float) -> dict[str, float]:
    """How often each source is read through when `budget` is spent by `weights`.

    >>> epochs({"web": 410e9, "wikipedia": 3e9}, {"web": 0.6, "wikipedia": 0.034}, 300e9)
    {'web': 0.43902439024390244, 'wikipedia': 3.4}
    """
    if set(sizes) != set(weights):
        raise ValueError(
            f"sizes has {sorted(sizes)} and weights {sorted(weights)}; name the same sources"
        )
    return {name: weights[name] * budget / sizes[name] for name in sizes}


def mix(
    sources: dict[str, Sequence[str]], weights: dict[str, float], n_bytes: int, seed: int = 0
) -> list[str]:
    """Texts of several sources, about `n_bytes` in all, the bytes of each in proportion to its weight.

    Every source is read in random order; one that is exhausted is read again in another. Weights
    need not add up to 1.
    """
    _check_mixture(sources, weights)
    total, dice = sum(weights.values()), random.Random(f"mix {seed}")
    taken, waiting, out = dict.fromkeys(sources, 0), {name: [] for name in sources}, []
    while sum(taken.values()) < n_bytes:
        # The source furthest behind its share comes next.
        name = max(weights, key=lambda s: weights[s] / total * (sum(taken.values()) + 1) - taken[s])
        if not waiting[name]:
            waiting[name] = dice.sample(list(sources[name]), len(sources[name]))
        out.append(waiting[name].pop())
        taken[name] += len(out[-1].encode("utf-8")) + 2
    dice.shuffle(out)
    return out


def _check_mixture(sources, weights):
    if set(sources) != set(weights):
        raise ValueError(
            f"sources are {sorted(sources)} and weights are for {sorted(weights)}; name the same"
        )
    if any(not w >= 0 or math.isinf(w) for w in weights.values()) or not sum(weights.values()) > 0:
        raise ValueError(f"weights is {weights}; none may be negative, and one must be above 0")
    if empty := [name for name, w in weights.items() if w and not any(sources[name])]:
        raise ValueError(f"{', '.join(empty)} has a weight but no text; give it weight 0")


# ---------------------------------------------------------------------------------------------
# A pipeline


def run(
    texts: Sequence[str], steps: dict[str, Callable]
) -> tuple[list[str | None], dict[str, list[int]]]:
    """Send texts through named steps; return what is left of each (None: dropped), and who dropped it.

    A step gets the list of texts still there and returns one of the same length: the text, a
    changed text, or None.

    >>> run(["Fog.", "BUY NOW"], {"shouting": lambda ts: [None if t.isupper() else t for t in ts]})
    (['Fog.', None], {'shouting': [1]})
    """
    left: list[str | None] = list(texts)
    dropped = {}
    for name, step in steps.items():
        here = [i for i, text in enumerate(left) if text is not None]
        result = step([left[i] for i in here])
        if len(result) != len(here):
            raise ValueError(f"the step {name!r} got {len(here)} texts and gave back {len(result)}")
        for i, text in zip(here, result):
            left[i] = text or None
        dropped[name] = [i for i in here if left[i] is None]
    return left, dropped


def drop_duplicates(texts: Sequence[str], find: Callable = near_duplicates) -> list[str | None]:
    """A step: the texts without those that `find` calls a copy of another."""
    return [text if first is None else None for text, first in zip(texts, find(texts))]


def _check_share(name, value):
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; it must be a share between 0 and 1")

"""Cleaning a crawl: which pages, and which lines of them, go into training.

Each step is a function over a list of texts, and `run` sends texts through several. The steps are those
of GPT-3's, C4's and LLaMA's pipelines, small and in view: removal of boilerplate and a blocklist (here),
exact and near duplicates (`assistant.duplicates`), language and quality (`assistant.classifiers`), and
the weights of the sources (`assistant.mixture`).

None of the steps looks at whether a text is true. Each has somebody's idea of good text in it: in a
threshold, a word list, or the texts that the classifier is told are good.

Left out: HTML extraction, URL filters, personal data, decontamination.

Source: Raffel et al. 2020, arXiv:1910.10683 (rules, blocklist).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from glassbox.assistant.classifiers import (
    Identifier,
    QualityClassifier,
    auc,
    keep_best,
    language_identifier,
)
from glassbox.assistant.duplicates import (
    drop_duplicates,
    exact_duplicates,
    jaccard,
    minhash,
    near_duplicates,
    shingles,
    words,
)
from glassbox.assistant.mixture import epochs, mix, tempered

__all__ = [  # every step of a pipeline: whoever cleans needs them together
    "Identifier", "QualityClassifier", "auc", "blocked", "drop_duplicates", "epochs",
    "exact_duplicates", "jaccard", "keep_best", "language_identifier", "minhash", "mix",
    "near_duplicates", "run", "shingles", "strip_boilerplate", "tempered", "words",
]  # fmt: skip


def strip_boilerplate(texts: Sequence[str], most: float = 0.02) -> list[str]:
    """The texts without lines that stand on more than the share `most` of them: headers and footers.

    A line counts once for each different text: the lines of one page, copied a hundred times, are no
    boilerplate. A line on one or two texts is always kept.

    >>> strip_boilerplate(["HOME | NEWS\\nEels are up.", "HOME | NEWS\\nFog.", "HOME | NEWS\\nRain."])
    ['Eels are up.', 'Fog.', 'Rain.']
    """
    if not 0 <= most <= 1:
        raise ValueError(f"most is {most}; it must be a share between 0 and 1")
    different = set(texts)
    on = Counter(line for text in different for line in set(text.split("\n")))
    limit = max(2, most * len(different))
    return ["\n".join(line for line in t.split("\n") if on[line] <= limit) for t in texts]


def blocked(text: str, blocklist: Iterable[str]) -> list[str]:
    """The words of a text that are on the list. C4 drops a page for one of them.

    >>> blocked("Mara lives on Herring Row.", ["herring", "turnip"])
    ['herring']
    """
    if isinstance(blocklist, str):
        raise ValueError(f"blocklist is the string {blocklist!r}; give a list of words")
    bad = {word.lower() for word in blocklist}
    return [word for word in words(text) if word in bad]


def run(
    texts: Sequence[str], steps: dict[str, Callable]
) -> tuple[list[str | None], dict[str, list[int]]]:
    """Send texts through named steps; return what is left of each (None: dropped), and which step dropped which.

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

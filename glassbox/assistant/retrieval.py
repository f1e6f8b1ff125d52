"""Retrieval: look a question up in an index of passages, and answer from what was found, with citations.

`bm25`, `tfidf` and `dense` make an `Index` whose `search` ranks passages for a question: by the words in
common (bm25s's and scikit-learn's), or by the angle between mean states of a language model. `Graph` holds
the same facts as triples and looks them up exactly. `asked_of` lays passages and question before a chat
model, `sentences` reads the citations back out of its reply, and `supports` says whether a cited passage
bears its sentence out. How a model learns to read what is put before it is `assistant.reading`'s.

Left out: cutting long documents into passages, approximate search, re-ranking, rewriting of questions.

Sources: Robertson and Zaragoza 2009, doi:10.1561/1500000019 (BM25); Karpukhin et al. 2020,
arXiv:2004.04906 (dense retrieval); Lewis et al. 2020, arXiv:2005.11401 (a generator that reads).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import bm25s
import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer

from glassbox.assistant.chat import chat_prompt
from glassbox.assistant.duplicates import words
from glassbox.assistant.rollout import roll_out
from glassbox.machine.model import GPT
from glassbox.machine.tokens import BPE
from glassbox.world.facts import QUESTIONS
from glassbox.world.passages import Passage
from glassbox.world.questions import Question

LETTERS = "ABCD"  # the marks of the passages that a prompt can hold


# ---------------------------------------------------------------------------------------------
# Searching


@dataclass(frozen=True)
class Hit:
    """A passage that was found, and the score it was found with (higher is better, 0 is nothing)."""

    passage: Passage
    score: float


class Index:
    """Passages that can be searched; `scores(question)` gives every passage a number, (n,)."""

    def __init__(self, passages: Iterable[Passage], scores: Callable[[str], np.ndarray]):
        self.passages, self.scores = list(passages), scores

    def __len__(self):
        return len(self.passages)

    def search(self, question: str, k: int = len(LETTERS)) -> list[Hit]:
        """At most k passages, best first; equals in the order of the index. A passage without any
        likeness to the question (a score of 0 or less) is not found: a question in another language may
        find nothing."""
        if not isinstance(question, str):
            raise ValueError(f"question is {question!r}; give its text")
        if k < 1:
            raise ValueError(f"k is {k}; ask for one passage or more")
        scores = np.asarray(self.scores(question), dtype=float)
        best = np.argsort(-scores, kind="stable")[:k]
        return [Hit(self.passages[i], float(scores[i])) for i in best if scores[i] > 0]


def terms(text: str) -> list[str]:
    """The words of a text in lower case, without the 's of possession: else "Quill's" is not "Quill".

    >>> terms("Mara Quill's front door")
    ['mara', 'quill', 'front', 'door']
    """
    return [word.removesuffix("'s") for word in words(text)]


def bm25(passages: Iterable[Passage], k1: float = 1.5, b: float = 0.75) -> Index:
    """An index by BM25: rare words in common count most, a word's second occurrence less than its first,
    and long passages are marked down. The scores are bm25s's, its method "lucene":

        sum over words of the question  idf(w) * f / (f + k1 (1 - b + b length / mean length))
        idf(w) = ln(1 + (N - n(w) + 0.5) / (n(w) + 0.5))

    with f the times that w stands in the passage, n(w) the passages that have it, N all passages.

    >>> from glassbox.world import World
    >>> from glassbox.world.passages import passages
    >>> index = bm25(passages(World(0, 400).residents[:20]))
    >>> index.search("On which street does Bela Danek live?", k=1)[0].passage.text
    "Bela Danek lives on Mayor's Walk."
    """
    passages = _some(passages)
    engine = bm25s.BM25(method="lucene", k1=k1, b=b)
    engine.index([terms(p.text) for p in passages], show_progress=False)

    def scores(question):
        asked = terms(question)
        return engine.get_scores(asked) if asked else np.zeros(len(passages))

    return Index(passages, scores)


def tfidf(passages: Iterable[Passage]) -> Index:
    """An index by TF-IDF: the cosine between weighted counts of words (scikit-learn's)."""
    passages = _some(passages)
    counted = TfidfVectorizer(analyzer=terms)
    matrix = counted.fit_transform([p.text for p in passages])  # (n, words), rows of length 1
    return Index(
        passages, lambda question: (matrix @ counted.transform([question]).T).toarray()[:, 0]
    )


def dense(passages: Iterable[Passage], model: GPT, tokenizer: BPE) -> Index:
    """An index by meaning, as far as a model has any: the cosine between mean states (`embed`). The mean
    of all passages is taken off first: without that, all point the same way."""
    passages = _some(passages)
    vectors = embed(model, tokenizer, [p.text for p in passages])
    middle = vectors.mean(axis=0)
    unit = _unit(vectors - middle)

    def scores(question):
        return unit @ _unit(embed(model, tokenizer, [question]) - middle)[0]

    return Index(passages, scores)


@torch.no_grad()
def embed(model: GPT, tokenizer: BPE, texts: Sequence[str]) -> np.ndarray:
    """A vector for each text: the mean over its tokens of what the last block hands on, (n, n_embd).

    Texts longer than the model's window are cut. Raises ValueError for a text without a token.
    """
    rows = []
    for text in texts:
        ids = tokenizer.encode(text, allowed_special="none")[: model.config.block_size]
        if not ids:
            raise ValueError(f"text is {text!r}; there is nothing in it to embed")
        states = _states(model, torch.tensor([ids]))  # (1, T, C)
        rows.append(states[0].mean(dim=0).float().numpy())
    return np.stack(rows)


def _states(model: GPT, idx: torch.Tensor) -> torch.Tensor:
    """What reaches the head, (B, T, C) for idx (B, T)."""
    kept = []
    hook = model.norm.register_forward_hook(lambda module, given, out: kept.append(out))
    try:
        model(idx)
    finally:
        hook.remove()
    return kept[0]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _some(passages: Iterable[Passage]) -> list[Passage]:
    passages = list(passages)
    if not any(terms(p.text) for p in passages):
        raise ValueError(
            f"there are {len(passages)} passages and no word in them; an index needs at least one word"
        )
    return passages


def recall(index: Index, questions: Sequence[Question], k: int) -> float:
    """The share of the questions for which one of the first k passages states the true answer."""
    if not questions:
        raise ValueError("there are no questions; give at least one")
    return sum(
        any(answers(hit.passage, q) for hit in index.search(q.text, k)) for q in questions
    ) / len(questions)


def answers(passage: Passage, question: Question) -> bool:
    """Whether a passage states the true answer to a question."""
    return passage.states(question.resident, question.attribute, question.answer)


# ---------------------------------------------------------------------------------------------
# Facts as a graph


class Graph:
    """Facts as triples (person, relation, value), looked up by the names themselves.

    >>> graph = Graph([("Ann Lee", "owes", "Bo Ray"), ("Bo Ray", "street", "Tar Lane")])
    >>> graph.follow("Ann Lee", "owes", "street")
    [('Ann Lee', 'owes', 'Bo Ray'), ('Bo Ray', 'street', 'Tar Lane')]
    """

    def __init__(self, triples: Iterable[tuple[str, str, str]]):
        self.values = {(name, relation): value for name, relation, value in triples}
        if not self.values:
            raise ValueError("there are no triples; give at least one (person, relation, value)")

    def follow(self, name: str, *relations: str) -> list[tuple[str, str, str]]:
        """The triples from a name along some relations; it ends early where one is missing."""
        path = []
        for relation in relations:
            if (name, relation) not in self.values:
                break
            path.append((name, relation, self.values[name, relation]))
            name = path[-1][2]
        return path

    def ask(self, question: str) -> list[tuple[str, str, str]]:
        """The triples that answer a question in the town's own wordings; none if it is not understood."""
        name, relations = parsed(question)
        path = self.follow(name, *relations) if name else []
        return path if len(path) == len(relations) else []


THE_ONE = re.compile(r"the one to whom (.+) owes a favor")
ASKING = [
    (attribute, re.compile(re.escape(form).replace(r"\{name\}", "(.+)")))
    for attribute, forms in QUESTIONS.items()
    for form in forms
]


def parsed(question: str) -> tuple[str, tuple[str, ...]]:
    """(name, relations to follow from it) of a question as the town asks; ("", ()) for any other.

    >>> parsed("Where does the one to whom Ann Lee owes a favor live?")
    ('Ann Lee', ('owes', 'street'))
    """
    for attribute, pattern in ASKING:
        if match := pattern.fullmatch(question.strip()):
            name, relations = match[1], [attribute]
            while farther := THE_ONE.fullmatch(name):
                name, relations = farther[1], ["owes", *relations]
            return name, tuple(relations)
    return "", ()


# ---------------------------------------------------------------------------------------------
# Answering, and looking at what was cited


@dataclass(frozen=True)
class Sentence:
    """One sentence of a reply, and the letter of the passage that it cites (None if it cites none)."""

    text: str
    letter: str | None


def asked_of(question: str, found: Sequence | dict) -> list[dict]:
    """The messages that put a question and what was found for it to a chat model: the passages (`Passage`,
    `Hit` or text), each with a letter, then the question. Give a dict {letter: passage} for letters of
    your own. Whatever stands in a passage stays text: `chat_prompt` reads no control token out of it, and
    a letter in brackets becomes one in parentheses, so that no passage can speak for another.

    >>> print(asked_of("Where does Ann Lee live?", ["Ann Lee lives on Tar Lane."])[0]["content"])
    Ann Lee lives on Tar Lane [A].
    Where does Ann Lee live?
    """
    lines = [marked(_text(p), letter) for letter, p in lettered(found).items()]
    return [{"role": "user", "content": "\n".join([*lines, question])}]


def marked(text: str, letter: str) -> str:
    """A sentence with a letter in front of its full stop, as passages are marked and as replies cite."""
    text = MARK.sub(r" (\1)", text)
    return f"{text[:-1]} [{letter}]." if text.endswith(".") else f"{text} [{letter}]"


MARK = re.compile(r"\s*\[([A-Z])\]")


def lettered(found: Sequence | dict) -> dict:
    """{letter: passage}: "A" for the first, and so on. Raises ValueError if there are too many."""
    if not isinstance(found, dict):
        if len(found) > len(LETTERS):
            raise ValueError(
                f"there are {len(found)} passages; a prompt holds at most {len(LETTERS)}"
            )
        found = dict(zip(LETTERS, found))
    if wrong := [letter for letter in found if letter not in LETTERS]:
        raise ValueError(f"a passage has the letter {wrong[0]!r}; use {', '.join(LETTERS)}")
    return found


def _text(passage) -> str:
    passage = passage.passage if isinstance(passage, Hit) else passage
    return " ".join((passage if isinstance(passage, str) else passage.text).split())


def answer_each(
    model: GPT,
    tokenizer: BPE,
    asked: Sequence[tuple[str, Sequence | dict]],
    max_new_tokens: int = 40,
) -> list[str]:
    """Greedy replies to pairs (question, passages found), in the order given."""
    said = [Question(asked_of(*one)[0]["content"], "", "", "") for one in asked]
    parts = [said[i : i + 128] for i in range(0, len(said), 128)]
    return [
        reply
        for part in parts
        for reply in roll_out(model, tokenizer, part, max_new_tokens, temperature=0.0).replies
    ]


def sentences(reply: str) -> list[Sentence]:
    """A reply, cut after full stops; the citations are taken out of the texts.

    >>> sentences("Ann Lee lives on Tar Lane [B]. No record of the pet.")
    [Sentence(text='Ann Lee lives on Tar Lane.', letter='B'), Sentence(text='No record of the pet.', letter=None)]
    """
    parts = [part for part in re.split(r"(?<=[.!?])\s+", reply.strip()) if part]
    marks = [MARK.search(part) for part in parts]
    return [Sentence(MARK.sub("", part).strip(), m and m[1]) for part, m in zip(parts, marks)]


def supports(world, question: Question, sentence: Sentence, found: Sequence | dict) -> bool:
    """Whether the passage that a sentence cites says what the sentence says, true or not.

    The town judges it, with what the passage states put in the place of the truth.
    """
    cited = lettered(found).get(sentence.letter)
    if cited is None or (cited.about, cited.attribute) != (question.resident, question.attribute):
        return False
    return world.judge(replace(question, answer=cited.value), sentence.text) == "right"


def traced(
    model, tokenizer: BPE, question: str, found: Sequence | dict, sentence: Sentence
) -> str | None:
    """The letter of the passage that a pointing model looked at when it wrote the end of a sentence, where
    the answer stands; None if it looked at none. No word of the reply is asked: only `model.weights`."""
    prompt = chat_prompt(asked_of(question, found), tokenizer)
    said = tokenizer.encode(sentence.text.rstrip("."), allowed_special="none")
    weights, gate = model.weights(torch.tensor([prompt + said]))
    looked = (gate[0, :, None] * weights[0])[-LAST - 1 : -1].sum(dim=0)[: len(prompt)]  # (prompt,)
    lines = torch.tensor([tokenizer.decode(prompt[:i]).count("\n") for i in range(len(prompt))])
    masses = {letter: looked[lines == n].sum().item() for n, letter in enumerate(lettered(found))}
    best = max(masses, key=masses.get, default=None)
    return best if best and masses[best] > 0.1 else None


LAST = 3  # tokens at the end of a sentence that are traced

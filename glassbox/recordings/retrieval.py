"""Lab 10c's recorded runs and the data of figure `retrieval`: chat models that learn to read passages.

`python -m glassbox.recordings.retrieval` first has the shipped `chat` read a few documents about newcomers,
and asks it with its books closed. Then it teaches it to answer from passages by lessons about made-up
people, with three seeds each, with a pointer (`glassbox.assistant.pointer`) and without one. The readers
are asked with the passages that a search found, with the right one among others, with a false one, with two
that disagree, with none that answers, and with triples in place of sentences. For the figure the first of
them answers with every subset of four passages. It takes about seven minutes of one core and goes on where
it was stopped.

Strangers occur in no text that any of these models has read. Newcomers are strangers of the town who moved
in: they occur in the few documents that are read here, and nowhere else.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property

from glassbox.assistant.pointer import Pointing, widened
from glassbox.assistant.reading import lessons, papers, teach
from glassbox.assistant.retrieval import (
    LETTERS,
    Graph,
    answer_each,
    answers,
    bm25,
    dense,
    recall,
    sentences,
    supports,
    tfidf,
    traced,
)
from glassbox.machine.checkpoint import sha256
from glassbox.machine.data import Windows
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.shipped import FOLDER
from glassbox.shipped import load as load_model
from glassbox.world.conversations import held_out_residents, nobodies
from glassbox.world.draw import Draw
from glassbox.world.passages import changed, passage, passages
from glassbox.world.questions import Question, ask
from glassbox.world.town import FACTS

SETTINGS = {
    "seeds": [0, 1, 2],
    "steps": 150,
    "batch_size": 24,
    "lr": 3e-3,
    "block_size": 224,
    "newcomers": 50,
    "papers": 24,  # documents about each of them
    "papers_lr": 2e-3,
    "asked": 60,  # questions of a group
    "ks": [1, 2, 4, 8],
}
DIETS = ("made_up", "no_pointer")
GROUPS = ("residents", "newcomers", "strangers")
CASES = {  # what is put before a reader, and which groups are asked
    "closed": GROUPS, "found": GROUPS, "given": GROUPS, "alone": ("residents", "strangers"),
    "false": ("residents", "strangers"), "disagree": ("residents", "strangers"),
    "silent": ("residents", "strangers"), "triple": ("strangers",),
}  # fmt: skip


def settings() -> dict:
    """Everything that decides the result and can be written down."""
    made_from = {name: sha256(FOLDER / name / "model.safetensors") for name in ("base", "chat")}
    return SETTINGS | {"diets": list(DIETS), "groups": list(GROUPS), "sha256": made_from}


def jobs() -> list[tuple]:
    """The runs: one asks the indexes, each of the others teaches a model."""
    return [("search", 0), *((diet, seed) for diet in DIETS for seed in SETTINGS["seeds"])]


# ---------------------------------------------------------------------------------------------
# Who is asked about, and what is in the index


class Desk:
    """The town, its index of passages, and the questions; the same for every model."""

    def __init__(self, settings: dict = SETTINGS):
        self.settings, chat = settings, load_model("chat")
        self.model, self.tokenizer, self.world = chat.model, chat.tokenizer, chat.world
        apart = held_out_residents(self.world)
        self.taught = [r for r in self.world.residents if r not in set(apart)]
        n = settings["newcomers"]
        self.groups = {
            "residents": apart[: len(apart) // 2],  # those most written about come first
            "newcomers": self.world.strangers[:n],
            "strangers": self.world.strangers[n:],
        }
        self.people = [person for group in self.groups.values() for person in group]
        self.passages = passages(self.people)

    @cached_property
    def index(self):
        return bm25(self.passages)

    def questions(self, group: str, seed: int = 0) -> list[Question]:
        """Questions about a group, as many about each fact; the same call gives the same ones."""
        draw, people = Draw(random.Random(f"asked {seed}")), self.groups[group]
        facts = [FACTS[i % len(FACTS)] for i in range(self.settings["asked"])]
        return [ask(people[i % len(people)], fact, draw) for i, fact in enumerate(facts)]

    def told(self, question: Question, draw: Draw, false: bool = False):
        """A passage that answers a question, truly or falsely, in a newly drawn wording."""
        person = self.world.person(question.resident)
        if false:
            person = changed(person, question.attribute, draw, self.names)
        return passage(person, question.attribute, draw)

    def others(self, question: Question, draw: Draw, n: int) -> list:
        """n passages that do not answer: the last is about the same fact of somebody else, those before
        about other facts of the same person."""
        person = self.world.person(question.resident)
        facts = draw.some([f for f in FACTS if f != question.attribute], n - 1)
        return [
            *(passage(person, fact, draw) for fact in facts),
            passage(
                self.world.person(draw.other(self.names, person.name)), question.attribute, draw
            ),
        ]

    @cached_property
    def names(self) -> list[str]:
        return [person.name for person in self.people]


@cache
def desk() -> Desk:
    return Desk()


# ---------------------------------------------------------------------------------------------
# What is put before a model


def laid(case: str, question: Question, draw: Draw) -> list:
    """The passages of one case, in a drawn order."""
    d = desk()
    if case == "closed":
        return []
    if case == "found":
        return [hit.passage for hit in d.index.search(question.text)]
    told = {
        "given": [d.told(question, draw)],
        "alone": [d.told(question, draw)],
        "false": [d.told(question, draw, false=True)],
        "disagree": [d.told(question, draw), d.told(question, draw, false=True)],
        "silent": [],
        "triple": [d.told(question, draw)],
    }[case]
    rest = (
        []
        if case == "alone"
        else d.others(question, draw, len(LETTERS) - len(told) - (case == "silent"))
    )
    shown = draw.some([*told, *rest], len(told) + len(rest))
    return [replace(p, text=as_triple(p)) for p in shown] if case == "triple" else shown


def as_triple(p) -> str:
    """A passage as a knowledge graph would print it: "Ann Lee, street, Tar Lane."."""
    return f"{p.about}, {p.attribute}, {p.value}."


def ask_about(model, group: str, case: str) -> dict:
    """The replies to a group's questions in one case, counted."""
    d, draw = desk(), Draw(random.Random(f"laid {group} {case}"))
    asked = d.questions(group)
    shown = [laid(case, question, draw) for question in asked]
    pairs = [(q.text, found) for q, found in zip(asked, shown)]
    replies = answer_each(model, d.tokenizer, pairs, 40)
    rows = [judged(q, found, reply) for q, found, reply in zip(asked, shown, replies)]
    if isinstance(model, Pointing) and case == "given":
        for row, (text, found), q, reply in zip(rows, pairs, asked, replies):
            row["traced"] = trace_holds(model, text, found, q, reply)
    return counted(rows)


def trace_holds(model, text: str, found: list, question: Question, reply: str) -> bool:
    """Whether the passage that the pointer looked at says what the reply says."""
    first = (sentences(reply) or [None])[0]
    if first is None or not first.letter:
        return False
    letter = traced(model, desk().tokenizer, text, found, first)
    return supports(desk().world, question, replace(first, letter=letter), found)


def judged(question: Question, found: list, reply: str) -> dict:
    """What one reply is: the verdict; whether its passages had the answer, the truth or another value;
    whether it says what a false passage says; whether it cites, and whether the citation holds."""
    world, first = desk().world, (sentences(reply) or [None])[0]
    about = [p for p in found if (p.about, p.attribute) == (question.resident, question.attribute)]
    lies = [replace(question, answer=p.value) for p in about if p.value != question.answer]
    return {
        "verdict": world.judge(question, reply),
        "lie": any(world.judge(lie, reply) == "right" for lie in lies),
        "there": any(answers(p, question) for p in about),
        "cited": bool(first and first.letter),
        "holds": bool(first and supports(world, question, first, found)),
    }


def counted(rows: Sequence[dict]) -> dict:
    """Counts over the replies of one case."""
    n = Counter(row["verdict"] for row in rows)
    right = [row for row in rows if row["verdict"] == "right"]
    return {
        "n": len(rows),
        **{v: n[v] for v in ("right", "wrong", "refused", "malformed")},
        "lie": sum(row["lie"] for row in rows),
        "there": sum(row["there"] for row in rows),
        "right_there": sum(row["there"] for row in right),
        "cited": sum(row["cited"] for row in rows),
        "holds": sum(row["holds"] for row in rows),
        "right_holds": sum(row["holds"] for row in right),
        "traced": sum(row.get("traced", False) for row in rows),
    }


# ---------------------------------------------------------------------------------------------
# The figure's questions: a reply to every set of the four passages found

ASKED = ("Where does {name} live? What is {name} by trade?", ("street", "trade"))
KINDS = {
    "stranger": "",
    "agree": "+true",
    "disagree": "+false",
    "silent": "-",
    "resident": "",
    "poisoned": "-+false",
}


def figure_desk(model, kind: str) -> dict:
    """One question of the figure with the four passages found for it, and the replies to all their sets."""
    d, (person, shown) = desk(), found_for(kind)
    questions = [Question("", str(getattr(person, f)), person.name, f) for f in ASKED[1]]
    text = ASKED[0].format(name=person.name)
    sets = [
        {letter: p for i, (letter, p) in enumerate(zip(LETTERS, shown)) if number >> i & 1}
        for number in range(2 ** len(shown))
    ]
    replies = answer_each(model, d.tokenizer, [(text, found) for found in sets], 60)
    return {
        "kind": kind,
        "question": text,
        "asked": [{"fact": q.attribute, "truth": q.answer} for q in questions],
        "passages": [shown_as(p, questions) for p in shown],
        "replies": [cut(reply, questions, found) for reply, found in zip(replies, sets)],
    }


def found_for(kind: str):
    """(person, four passages): the first person of the group for whom the search finds what the kind of
    desk needs. What a model replies has no part in the choice."""
    d = desk()
    people = d.groups["residents" if kind in ("resident", "poisoned") else "strangers"]
    for person in people[list(KINDS).index(kind) :: len(KINDS)]:
        corpus, needed = altered(person, KINDS[kind])
        hits = bm25(corpus).search(ASKED[0].format(name=person.name))
        shown = [hit.passage for hit in hits]
        if all(p in shown for p in needed):
            return person, shown
    raise ValueError(f"for nobody does the search find what the desk {kind!r} needs")


def altered(person, how: str) -> tuple[list, list]:
    """The index's passages with those about a person's street changed, and those that have to be found:
    "-" takes the true one out, "+true" and "+false" put another one in."""
    d, draw = desk(), Draw(random.Random(f"altered {person.name}"))
    mine = [p for p in d.passages if p.about == person.name and p.attribute in ASKED[1]]
    corpus, needed = list(d.passages), list(mine)
    if "-" in how:
        corpus.remove(mine[0])
        needed.remove(mine[0])
    if "+" in how:
        teller = changed(person, "street", draw) if "false" in how else person
        more = passage(teller, "street", draw)
        while more.text == mine[0].text:
            more = passage(teller, "street", draw)
        corpus, needed = [*corpus, more], [*needed, more]
    return corpus, needed


def shown_as(p, questions: Sequence[Question]) -> dict:
    """A passage for the figure: which of the questions it tells something about, and whether it is true."""
    tells = [
        i for i, q in enumerate(questions) if (p.about, p.attribute) == (q.resident, q.attribute)
    ]
    true = p.value == desk().world.truth(p.about, p.attribute)
    return {"text": p.text, "tells": tells[0] if tells else None, "true": true}


def cut(reply: str, questions: Sequence[Question], found: dict) -> list[dict]:
    """A reply, sentence by sentence; the first is about the first question, and so on."""
    world = desk().world
    said = sentences(reply)[: len(questions)]
    return [
        {
            "text": s.text,
            "letter": s.letter,
            "verdict": world.judge(q, s.text),
            "supported": supports(world, q, s, found),
        }
        for s, q in zip(said, questions)
    ]


# ---------------------------------------------------------------------------------------------
# The runs


def run(job: tuple) -> dict:
    """One model: informed about newcomers, asked with its books closed, taught by a diet, and asked again."""
    diet, seed = job
    if diet == "search":
        return {"recall": recalls()}
    d = desk()
    chat = informed(seed)
    found = {}
    if diet == DIETS[0]:
        found["chat"] = {c: {g: ask_about(chat, g, c) for g in GROUPS} for c in ("closed", "given")}
    reader, history = teach(
        chat, d.tokenizer, lessons_of(seed), d.settings["steps"], d.settings["batch_size"],
        d.settings["lr"], d.settings["block_size"], diet != "no_pointer", seed,
    )  # fmt: skip
    found["loss"] = [
        round(mean(history.loss[i : i + 10]), 3) for i in range(0, len(history.loss), 10)
    ]
    found["answers"] = {c: {g: ask_about(reader, g, c) for g in CASES[c]} for c in CASES}
    if (diet, seed) == (DIETS[0], SETTINGS["seeds"][0]):
        found["desks"] = [figure_desk(reader, kind) for kind in KINDS]
    return found


def informed(seed: int):
    """The chat model after it has read the few documents about the newcomers, each once."""
    d, model = desk(), widened(desk().model, SETTINGS["block_size"])
    texts = papers(d.groups["newcomers"], d.settings["papers"], seed)
    windows = Windows(texts, d.tokenizer, 8, d.model.config.block_size, seed)
    steps = round(windows.steps_per_epoch)
    train(
        model, windows, TrainConfig(steps, d.settings["papers_lr"], None, warmup=5), progress=False
    )
    return model


def lessons_of(seed: int):
    """Lessons about people who were made up for them, more than enough."""
    d, n = desk(), 2 * SETTINGS["steps"] * SETTINGS["batch_size"]
    return lessons(d.taught, n, nobodies(d.world, 1500), seed)


def recalls() -> dict:
    """{index: recall at each k}, for one-hop questions; and how often two-hop questions are answered."""
    d, base = desk(), load_model("base")
    asked = [q for group in GROUPS for q in d.questions(group)]
    indexes = {
        "bm25": d.index,
        "tfidf": tfidf(d.passages),
        "dense": dense(d.passages, base.model, base.tokenizer),
    }
    found = {
        name: [round(recall(i, asked, k), 4) for k in SETTINGS["ks"]] for name, i in indexes.items()
    }
    graph = Graph(p.triple for p in passages(d.world.residents + d.world.strangers))
    right = [q.answer in [t[2] for t in graph.ask(q.text)[-1:]] for q in asked]
    return found | {"graph": round(sum(right) / len(right), 4), "two_hops": two_hops(graph)}


def two_hops(graph: Graph) -> dict:
    """Questions about the one to whom somebody owes a favor: the share in which BM25 finds the
    fact asked for among its first four passages, and the share that the graph answers."""
    d, draw, rows = desk(), Draw(random.Random("two hops")), []
    index = bm25(passages(d.world.residents))
    for person in d.groups["residents"][: SETTINGS["asked"]]:
        other, fact = d.world.person(person.owes), draw.pick(FACTS[:5])
        name = f"the one to whom {person.name} owes a favor"
        text = ask(replace(other, name=name), fact, draw).text
        truth = str(getattr(other, fact))
        hits = [hit.passage.triple for hit in index.search(text)]
        path = graph.ask(text)
        rows.append(((other.name, fact, truth) in hits, bool(path) and path[-1][2] == truth))
    return {"bm25": mean(r[0] for r in rows), "graph": mean(r[1] for r in rows), "n": len(rows)}


def mean(values) -> float:
    values = list(values)
    return round(sum(values) / len(values), 4)


def assemble(rows: dict) -> dict:
    """The table: settings, every model's counts, the recall of the indexes, the figure's desks."""
    first = rows[DIETS[0], SETTINGS["seeds"][0]]
    return {
        **settings(),
        "recall": rows["search", 0]["recall"],
        "chat": [rows[DIETS[0], seed]["chat"] for seed in SETTINGS["seeds"]],
        "models": [
            {
                "diet": job[0],
                "seed": job[1],
                "loss": rows[job]["loss"],
                "answers": rows[job]["answers"],
            }
            for job in jobs()[1:]
        ],
        "desks": first["desks"],
    }


def load() -> dict:
    """The recorded runs."""
    return recording.load("retrieval")


if __name__ == "__main__":
    recording.main("retrieval")

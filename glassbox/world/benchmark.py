"""A test for models of Port Ellery, in the six families that LLaMA was tested in.

`benchmark(world, family, n, edition)` draws n multiple-choice questions. Each has one right answer, known
from the world's books, and distractors of the same sort. Another `edition` is a new draw: other
people, other wordings. `ABOUT` says of each family what it can show and what it cannot.

    common    which street goes with "she": pairs of questions that differ in one word (Winograd 1972)
    facts     closed book: what the town's papers tell
    reading   open book: two sentences about strangers, then a question
    sums      arithmetic as the town's clerk asks it
    winch     programs in `world.winch`
    exam      eight subjects, options in whole sentences or a word

Items can be written with lettered options (`lettered`) and with solved ones before them (`prompted`).
Pure Python; the same call gives the same items. Left out: questions that need more than one reading,
tests in other languages.

Source of the families: Touvron et al. 2023, arXiv:2302.13971, section 3.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from glassbox.world import winch
from glassbox.world.draw import Draw
from glassbox.world.english import say
from glassbox.world.facts import ANSWERS, PLAIN, QUESTIONS
from glassbox.world.kinds.market import heading
from glassbox.world.passages import STOCK
from glassbox.world.town import ATTRIBUTES, FACTS, GOODS, STREETS

FAMILIES = ("common", "facts", "reading", "sums", "winch", "exam")
ABOUT = {
    "common": "It shows whether a model notices who is meant; it cannot show that it understands people.",
    "facts": "It shows what was read and kept; it cannot show whether the model knows when it does not know.",
    "reading": "It shows whether an answer comes from the page in front of it; not whether it would doubt the page.",
    "sums": "It shows whether small sums come out right; not whether they were worked out or learned by heart.",
    "winch": "It shows whether programs do what was asked, since they are run; not whether anyone can read them.",
    "exam": "It shows how wide the knowledge is; one number for eight subjects hides which of them is missing.",
}
SUBJECTS = ("residents", "neighbors", "favors", "ages", "prices", "ways", "distances", "sums")
LETTERS = "ABCD"
FEWEST = 50  # residents of a town that has neighbors, and enough people for wrong options


@dataclass(frozen=True)
class Item:
    """One question. `context` is what a model reads, `options` are what may follow it, after a space.

    `answer` is the place of the right option. Raises ValueError if there are fewer than two options, two
    are equal, or the answer is no place among them.

    >>> item = Item("facts", "pet", "Q: What pet does Ann Pike have?\\nA:", ("An otter.", "A lobster."), 1)
    >>> item.right
    'A lobster.'
    """

    family: str
    subject: str
    context: str
    options: tuple[str, ...]
    answer: int

    def __post_init__(self):
        if len(self.options) < 2:
            raise ValueError(f"{self.context!r} has {len(self.options)} options; give two or more")
        same = [o for o in self.options if [x.strip() for x in self.options].count(o.strip()) > 1]
        if same:
            raise ValueError(
                f"{self.context!r} has the option {same[0]!r} twice; no score can tell them apart: change one"
            )
        if not isinstance(self.answer, int) or not 0 <= self.answer < len(self.options):
            raise ValueError(
                f"answer is {self.answer!r}, and {self.context!r} has {len(self.options)} options; give the "
                f"right one's place, 0 to {len(self.options) - 1}"
            )

    @property
    def right(self) -> str:
        return self.options[self.answer]

    @property
    def chance(self) -> float:
        """How often dice are right."""
        return 1 / len(self.options)

    @property
    def question(self) -> str:
        """The context without the town's "Q:" and "A:", as one would say it to an assistant."""
        return self.context.removesuffix("\nA:").replace("\nQ: ", " ").removeprefix("Q: ")


def item_of(family, subject, context, right: str, distractors: Sequence[str], draw: Draw) -> Item:
    """An item with its options in a drawn order.

    Raises ValueError, as `Item` does, if a distractor is the right answer too.
    """
    options = draw.some([right, *distractors], 1 + len(distractors))
    return Item(family, subject, context, tuple(options), options.index(right))


def benchmark(world, family: str, n: int = 200, edition: int = 0) -> list[Item]:
    """n items of a family. Raises ValueError for an unknown family, n below 1, or too small a town.

    >>> from glassbox.world import World
    >>> item = benchmark(World(0, 400), "sums", 1)[0]
    >>> item.context.endswith("A:"), len(item.options), item.options.count(item.right)
    (True, 4, 1)
    """
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}; choose from {', '.join(FAMILIES)}")
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ValueError(f"n is {n!r}; a test has at least one question")
    if len(world.residents) < FEWEST:
        raise ValueError(
            f"{world} is too small for a test: its wrong options are about other people; take {FEWEST} "
            "residents or more"
        )
    draw = Draw(random.Random(f"benchmark {family} {world.seed} {edition}"))
    if family == "common":
        return _pairs(world, n, draw)
    return list(_different(MAKERS[family], world, n, draw))


def _different(make, world, n, draw):
    """n items with different contexts; where the town has no more of them, some come twice."""
    seen, tries = set(), 0
    while n:
        item, tries = make(world, draw), tries + 1
        if item.context not in seen or tries > 50 * (len(seen) + 1):
            seen.add(item.context)
            n -= 1
            yield item


# ---------------------------------------------------------------------------------------------
# The families


def _pairs(world, n, draw) -> list[Item]:
    """Winograd pairs: item 2i and item 2i + 1 differ in one word, which turns the answer around."""
    singular = [r for r in world.residents if r.pronoun in ("she", "he")]
    items = []
    while len(items) < n:
        one, other = _two(draw, singular)
        if one.pronoun == other.pronoun or one.street == other.street:
            continue
        start = " ".join(say(draw.pick(PLAIN["trade"][:3]), p.slots) for p in (one, other))
        order = draw.some((one.street, other.street), 2)
        for person in draw.some((one, other), 2):
            context = f"{start} {person.slots['They']} lives on"
            options = tuple(f"{street}." for street in order)
            items.append(Item("common", "pronoun", context, options, order.index(person.street)))
    return items[:n]


def _two(draw, people):
    one = draw.pick(people)
    return one, draw.other(people, one)


def _fact(world, draw, family="facts", subject=None, wordings=(0,)) -> Item:
    """What the town knows of somebody; every option in one of the `wordings` of an answer."""
    person, fact = draw.pick(world.residents), draw.pick(FACTS)
    asked = draw.pick(QUESTIONS[fact]).format_map(person.slots)
    people = [person, *(_with(person, fact, v) for v in _others(world, person, fact, draw, 3))]
    options = [_answer(p, fact, draw.pick(wordings)) for p in people]
    return item_of(family, subject or fact, f"Q: {asked}\nA:", options[0], options[1:], draw)


def _answer(person, fact, wording: int) -> str:
    text = ANSWERS[fact][wording].format_map(person.slots)
    return text[0].upper() + text[1:]


def _with(person, fact, value):
    return replace(person, **{fact: value})


def _others(world, person, fact, draw, n) -> list:
    """n other values of a fact; for favors, other people's names."""
    stock = [
        v
        for v in STOCK.get(fact, world.town.names)
        if v not in (getattr(person, fact), person.name)
    ]
    found = set()
    while len(found) < n:
        found.add(draw.pick(stock))
    return sorted(found)


def _reading(world, draw) -> Item:
    """Two strangers, the same fact of each; one is asked about. Two distractors are not on the page."""
    one, other = _two(draw, list(world.strangers))
    fact = draw.pick([f for f in ATTRIBUTES if f != "born"])
    while getattr(one, fact) == getattr(other, fact):
        one, other = _two(draw, list(world.strangers))
    page = " ".join(say(draw.pick(PLAIN[fact]), p.slots) for p in (one, other))
    asked = draw.pick((one, other))
    values = [v for v in STOCK[fact] if v not in (getattr(one, fact), getattr(other, fact))]
    false = [getattr(other if asked is one else one, fact), *draw.some(values, 2)]
    question = draw.pick(QUESTIONS[fact]).format_map(asked.slots)
    options = [_answer(p, fact, 0) for p in (asked, *(_with(asked, fact, v) for v in false))]
    return item_of("reading", fact, f"{page}\nQ: {question}\nA:", options[0], options[1:], draw)


def _sum(world, draw, family="sums") -> Item:
    """A sum as the town's clerk asks it; the wrong answers are off by one, by two or by ten."""
    sign = draw.pick(("plus", "minus", "times"))
    x, y = (
        (2 + draw.index(11), 2 + draw.index(11))
        if sign == "times"
        else (1 + draw.index(50), 1 + draw.index(50))
    )
    x += y if sign == "minus" else 0
    z = {"plus": x + y, "minus": x - y, "times": x * y}[sign]
    false = draw.some([v for v in (z - 10, z - 2, z - 1, z + 1, z + 2, z + 10) if v > 0], 3)
    question = f"Q: What is {x} {sign} {y}?\nA:"
    return item_of(family, sign, question, f"{z}.", [f"{v}." for v in false], draw)


def _winch(world, draw) -> Item:
    """A task and four programs of its length, of which one does it."""
    task = winch.task(draw, 1 + draw.index(winch.MOST))
    while not winch.is_test(task):
        task = winch.task(draw, 1 + draw.index(winch.MOST))
    pool = winch.programs(task.program.count(",") + 1)
    false = set()
    while len(false) < 3:
        program = draw.pick(pool)
        if not all(winch.run(program, x) == y for x, y in task.examples):
            false.add(program)
    options = [f"{p}." for p in (task.program, *sorted(false))]
    return item_of(
        "winch", f"{task.program.count(',') + 1} orders", task.prompt, options[0], options[1:], draw
    )


def _exam(world, draw) -> Item:
    return EXAM[draw.pick(SUBJECTS)](world, draw)


def _neighbors(world, draw) -> Item:
    person = draw.pick(world.residents)
    near = [name for name in world.town.sharing["street", person.street] if name != person.name]
    if not near:
        return _neighbors(world, draw)
    far = [r.name for r in world.residents if r.street != person.street]
    question = f"Q: Who is a neighbor of {person.name}?\nA:"
    return item_of("exam", "neighbors", question, f"{draw.pick(near)}.", _names(far, draw), draw)


def _favors(world, draw) -> Item:
    """Two steps: to whom does the person owe a favor to whom somebody owes one?"""
    person = draw.pick(world.residents)
    right = world.town.by_name[person.owes].owes
    false = _names([n for n in world.town.names if n not in (right, person.name)], draw)
    question = f"Q: To whom does the person owe a favor to whom {person.name} owes one?\nA:"
    return item_of("exam", "favors", question, f"{right}.", false, draw)


def _names(names, draw, n=3) -> list[str]:
    found = set()
    while len(found) < n:
        found.add(f"{draw.pick(names)}.")
    return sorted(found)


def _ages(world, draw) -> Item:
    """Two steps: the year of birth, and what it makes in 1952."""
    person = draw.pick(world.residents)
    false = draw.some([a for a in range(person.age - 9, person.age + 10) if a != person.age], 3)
    question = f"Q: How old is {person.name}?\nA:"
    return item_of("exam", "ages", question, f"{person.age}.", [f"{a}." for a in false], draw)


def _prices(world, draw) -> Item:
    good = draw.pick(list(GOODS))
    price = world.prices[good]
    false = draw.some([p for p in range(2, 40) if p != price], 3)
    article = "an" if good[0] in "aeiou" else "a"
    question = f"Q: How much is {article} {good}?\nA:"
    return item_of(
        "exam", "prices", question, f"{price} pence.", [f"{p} pence." for p in false], draw
    )


def _ways(world, draw) -> Item:
    here, there = draw.some(list(STREETS), 2)
    right = heading(here, there)
    points = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
    false = draw.some([p for p in points if p != right], 3)
    question = f"Q: Which way is it from {here} to {there}?\nA:"
    return item_of("exam", "ways", question, f"Go {right}.", [f"Go {p}." for p in false], draw)


def _distances(world, draw) -> Item:
    here, there = draw.some(list(STREETS), 2)
    right = world.distance(here, there)
    false = draw.some([m for m in range(2, 17, 2) if m != right], 3)
    question = f"Q: How far is it from {here} to {there}?\nA:"
    options = [f"{m} minutes on foot." for m in (right, *false)]
    return item_of("exam", "distances", question, options[0], options[1:], draw)


MAKERS = {"facts": _fact, "reading": _reading, "sums": _sum, "winch": _winch, "exam": _exam}
EXAM = {
    "residents": lambda world, draw: _fact(world, draw, "exam", "residents", (0, 1, 2)),
    "neighbors": _neighbors,
    "favors": _favors,
    "ages": _ages,
    "prices": _prices,
    "ways": _ways,
    "distances": _distances,
    "sums": lambda world, draw: replace(_sum(world, draw, "exam"), subject="sums"),
}


# ---------------------------------------------------------------------------------------------
# The same questions on other paper


def lettered(item: Item) -> Item:
    """The item as MMLU prints it: the options with letters, and a letter as the answer.

    >>> item = Item("facts", "pet", "Q: What pet does Ann Pike have?\\nA:", ("An otter.", "A lobster."), 1)
    >>> print(lettered(item).context, lettered(item).options)
    Q: What pet does Ann Pike have?
    A. An otter.
    B. A lobster.
    A: ('A', 'B')
    """
    if len(item.options) > len(LETTERS):
        raise ValueError(
            f"{item.context!r} has {len(item.options)} options, and there are letters for {len(LETTERS)}; "
            "leave some out"
        )
    listed = "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, item.options))
    context = f"{item.context.removesuffix('A:')}{listed}\nA:"
    return replace(item, context=context, options=tuple(LETTERS[: len(item.options)]))


def prompted(item: Item, examples: Sequence[Item], wrong: bool = False) -> Item:
    """The item after solved examples of its family: few-shot. With `wrong`, each is solved wrongly.

    >>> shot = Item("sums", "plus", "Q: What is 1 plus 1?\\nA:", ("2.", "3."), 0)
    >>> item = Item("sums", "plus", "Q: What is 2 plus 3?\\nA:", ("5.", "4."), 0)
    >>> print(prompted(item, [shot]).context)
    Q: What is 1 plus 1?
    A: 2.
    <BLANKLINE>
    Q: What is 2 plus 3?
    A:
    """
    solved = [f"{e.context} {e.options[(e.answer + wrong) % len(e.options)]}\n\n" for e in examples]
    return replace(item, context="".join(solved) + item.context)


def reworded(world, item: Item) -> Item:
    """A question of the family "facts" in another of the town's wordings, with the same options.

    Raises ValueError for an item that is no such question.

    >>> from glassbox.world import World
    >>> world = World(0, 400)
    >>> item = benchmark(world, "facts", 1)[0]
    >>> other = reworded(world, item)
    >>> other.context != item.context, other.options == item.options
    (True, True)
    """
    if item.family == "facts":
        wordings = QUESTIONS[item.subject]
        for person in world.residents:
            if person.name in item.context:
                told = [f"Q: {w.format_map(person.slots)}\nA:" for w in wordings]
                if item.context in told:
                    return replace(item, context=told[told.index(item.context) - 1])
    raise ValueError(
        f"{item.context!r} is no question about a fact of {world}; take one of its own"
    )

"""What the figure `finetuning` needs of Python's side.

The page runs the models itself and judges their replies itself, by `glassbox.world.judge`'s own
patterns. Here come the facts that it judges by, the questions of its menu, and how the shipped
models answer a larger number of questions, for the sentence under the figure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from figures.core.data import page_models
from figures.softmax_sampling import data as bench_data
from glassbox.assistant.finetune import question_prompt
from glassbox.machine.checkpoint import Checkpoint
from glassbox.machine.generate import complete_each
from glassbox.machine.model import GPT
from glassbox.shipped.export import pack_model, unpack_tensor
from glassbox.world import World
from glassbox.world import judge as judging
from glassbox.world.conversations import FRAMES, MARKS, held_out_residents
from glassbox.world.facts import QUESTIONS
from glassbox.world.town import FACTS

MOST_TOKENS = 64  # of a reply, here and in the page
N_BENCH = 20  # questions about residents, and as many about strangers, for the page's own count


def data() -> dict:
    facts = bench_data.data()["facts"]
    people = {fact["group"]: fact["name"] for fact in facts if fact["attribute"] in FACTS}
    return finetuning(page_models(), people)


def finetuning(checkpoints: dict[str, Checkpoint], people: dict[str, str]) -> dict:
    """All that the figure shows besides the models themselves.

    checkpoints  the models of the page by name, "base" first
    people       names for the menu by group, such as {"often": …, "sometimes": …, "never": …}
    """
    world = checkpoints["base"].world
    people = people | {"untuned": held_out_residents(world)[0].name}
    people["never"] = people.pop("never")  # at the end of the menu
    first = opening({name: as_in_the_page(checkpoint) for name, checkpoint in checkpoints.items()})
    return town(world) | {
        "world": checkpoints["base"].world_args,
        "models": list(checkpoints),
        "menu": [
            {"group": "first", "name": first.resident, "text": first.text},
            *menu(world, people),
        ],
        "bench": bench(world),
        "measured": measured(checkpoints),
    }


def town(world: World) -> dict:
    """Everybody's facts, the town's ways to ask, and the patterns of its judge.

    people      [name, street, trade, born, dish, pet, owes]: a fact is its number in `values`, a year,
                or for `owes` a number in this list; residents first, then strangers
    questions   by attribute, with {name} where the name goes
    frames      what people say around a question, with {} where it goes

    >>> data = town(World(residents=3))
    >>> data["n_residents"], len(data["people"]), data["questions"]["born"][0]
    (3, 203, 'When was {name} born?')
    """
    everybody = [*world.residents, *world.strangers]
    place = {person.name: i for i, person in enumerate(everybody)}
    values = {fact: list(judging.VALUES[fact]) for fact in FACTS if fact in judging.VALUES}

    def number(person, fact):
        value = getattr(person, fact)
        return (
            values[fact].index(value)
            if fact in values
            else place[value]
            if fact == "owes"
            else value
        )

    return {
        "people": [[p.name, *(number(p, fact) for fact in FACTS)] for p in everybody],
        "n_residents": len(world.residents),
        "values": values,
        "questions": {fact: list(QUESTIONS[fact]) for fact in FACTS},
        "frames": FRAMES.options,
        "patterns": {
            "refusal": judging.REFUSAL.pattern,
            "denial": judging.DENIAL,
            "oneself": judging.ONESELF,
            "glue": judging.GLUE,
            "name": judging.NAME.pattern,
            "shapes": {fact: shape.pattern for fact, shape in judging.SHAPES.items()},
            "manners": {manner: marks.pattern for manner, marks in MARKS.items()},
        },
    }


def menu(world: World, people: dict[str, str]) -> list[dict]:
    """Two questions about each of these people, by rule: the first and the last that the town asks."""
    return [
        {"group": group, "name": name, "text": question.text}
        for group, name in people.items()
        for question in world.questions("all", residents=[name])[:: len(FACTS) - 2][:2]
    ]


def as_in_the_page(checkpoint: Checkpoint) -> Checkpoint:
    """The model with its weights rounded as the page has them."""
    packed = pack_model(checkpoint.model, checkpoint.tokenizer, checkpoint.card)
    model = GPT(checkpoint.model.config)
    model.load_state_dict(
        {name: unpack_tensor(tensor) for name, tensor in packed["tensors"].items()}
    )
    return replace(checkpoint, model=model.eval())


def opening(checkpoints: dict[str, Checkpoint], n: int = 40):
    """The question that the figure begins with: of n, the one at which the models differ most, all greedy.

    The base model, asked plainly, gives no answer and the others are right, if there is such a question; of these
    it is the one at which the base model goes on with the most words.
    """
    world = checkpoints["base"].world
    asked = world.questions("all", n=n)
    said = {
        name: replies(c, asked, "bare" if name == "base" else "chat")
        for name, c in checkpoints.items()
    }

    def weight(i: int) -> tuple[bool, int]:
        verdicts = {name: world.judge(asked[i], rows[i][0]) for name, rows in said.items()}
        base = verdicts.pop("base")
        differ = base == "malformed" and set(verdicts.values()) <= {"right"}
        return differ, len(said["base"][i][0].split())

    return asked[max(range(len(asked)), key=weight)]


def bench(world: World, n: int = N_BENCH) -> dict:
    """Questions for the page's own count, in the town's shuffled order: no choice is made by hand."""
    return {
        "residents": [q.text for q in world.questions("all", n=n)],
        "strangers": [q.text for q in stranger_questions(world, n)],
    }


def stranger_questions(world: World, n: int | None = None) -> list:
    """Questions about people who are in no document."""
    return world.questions("all", n=n, residents=[r.name for r in world.strangers])


def measured(checkpoints: dict[str, Checkpoint], n: int = 100) -> dict:
    """Of n questions about residents the share answered right, of n about strangers the share made up.

    Greedy, by model; the base model twice, asked plainly and as the town's papers ask: "base_bare"
    and "base_paper". `ended` is the share of replies that end by themselves in `MOST_TOKENS` tokens.
    """
    world = checkpoints["base"].world
    known, strange = world.questions("all", n=n), stranger_questions(world, n)
    found = {"n": len(known), "n_strangers": len(strange)}
    for name, checkpoint in checkpoints.items():
        for form in ("bare", "paper") if name == "base" else ("chat",):
            about_known = replies(checkpoint, known, form)
            about_strange = replies(checkpoint, strange, form)
            right = [world.judge(q, r) == "right" for q, (r, _) in zip(known, about_known)]
            named = ("right", "wrong")  # of a stranger, both are inventions
            invented = [world.judge(q, r) in named for q, (r, _) in zip(strange, about_strange)]
            shares = {"right": right, "invented": invented, "ended": [e for _, e in about_known]}
            found[f"{name}_{form}" if name == "base" else name] = {
                key: round(sum(values) / len(values), 4) for key, values in shares.items()
            }
    return found


def prompt(question, form: str, tokenizer) -> str:
    """A question as the text, special tokens included, that a model is given in the page.

    "bare": as it is; "paper": as the town's papers print questions; "chat": in the chat template.
    """
    if form == "chat":
        return tokenizer.decode(question_prompt(question, tokenizer))
    return {"bare": question.text, "paper": question.prompt}[form]


def replies(checkpoint: Checkpoint, questions: list, form: str) -> list[tuple[str, bool]]:
    """Each greedy reply, and whether it ended by itself."""
    tokenizer = checkpoint.tokenizer
    texts = complete_each(
        checkpoint.model,
        tokenizer,
        [prompt(question, form, tokenizer) for question in questions],
        max_new_tokens=MOST_TOKENS,
        temperature=0,
        stop=(),
    )
    cut = [re.split(r"<\|\w+\|>", text, maxsplit=1) for text in texts]
    return [(parts[0], len(parts) > 1) for parts in cut]

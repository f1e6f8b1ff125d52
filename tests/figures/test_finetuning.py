"""What the page is given to ask, run and judge three models by itself."""

import json

import pytest

from figures.core.data import PAGE_MODELS, page_models
from figures.core.golden import read
from figures.finetuning import data as finetuning_data
from figures.finetuning import golden
from glassbox.assistant.finetune import chat_prompt, reply_each
from glassbox.machine.data import END
from glassbox.machine.model import GPT
from glassbox.shipped.export import pack_model, unpack_tensor
from glassbox.world import World
from glassbox.world.town import FACTS
from tools.figure_data import wrapped


@pytest.fixture(scope="module")
def checkpoints():
    return page_models()


@pytest.fixture(scope="module")
def world(checkpoints):
    return checkpoints["base"].world


def test_the_library_still_gives_the_golden_answers():
    assert json.loads(json.dumps(golden.town_vectors())) == read(golden.FILE)


def test_the_books_hold_everybodys_facts_and_are_small(world):
    data = finetuning_data.town(world)
    assert len(json.dumps(data)) < 150_000
    people = [*world.residents, *world.strangers]
    assert len(people) == len(data["people"]) and data["n_residents"] == len(world.residents)
    for person, (name, *numbers) in zip(people, data["people"], strict=True):
        assert name == person.name
        for fact, number in zip(FACTS, numbers, strict=True):
            if fact in data["values"]:
                value = data["values"][fact][number]
            else:
                value = data["people"][number][0] if fact == "owes" else str(number)
            assert value == world.truth(person, fact), (name, fact)


def test_the_menu_asks_about_people_of_all_groups(world):
    people = {"often": world.residents[0].name, "never": world.strangers[0].name}
    menu = finetuning_data.menu(world, people)
    assert [m["group"] for m in menu] == ["often", "often", "never", "never"]
    assert len({m["text"] for m in menu}) == 4
    assert all(m["name"] in m["text"] for m in menu)


def test_the_figure_opens_where_base_goes_on_and_the_others_are_right(monkeypatch, checkpoints):
    world = checkpoints["base"].world
    asked = world.questions("all", n=4)
    words = {
        "base": ["so on and on and on", "so on", None, "so on and on"],
        "chat": [0, None, None, None],
    }

    def replies(checkpoint, questions, form):
        name = next(name for name, c in checkpoints.items() if c is checkpoint)
        said = words.get(name, [None] * 4)  # None: the answer
        return [(q.answer if w is None else str(w), True) for q, w in zip(questions, said)]

    monkeypatch.setattr(finetuning_data, "replies", replies)
    assert (
        finetuning_data.opening(checkpoints, n=4) == asked[3]
    )  # the first is wrong in chat, the third right in base


def test_the_bench_asks_about_residents_and_strangers(world):
    bench = finetuning_data.bench(world)
    strangers = {r.name for r in world.strangers}
    assert len(bench["residents"]) == len(bench["strangers"]) == finetuning_data.N_BENCH
    assert all(any(name in text for name in strangers) for text in bench["strangers"])
    assert not any(name in text for name in strangers for text in bench["residents"])


def test_measured_tells_answers_from_going_on(checkpoints):
    """The base model knows the facts when asked as the papers ask, and not so when asked plainly."""
    found = finetuning_data.measured({"base": checkpoints["base"]}, n=40)
    assert set(found) == {"n", "n_strangers", "base_bare", "base_paper"}
    paper, bare = found["base_paper"], found["base_bare"]
    assert paper["right"] > 0.9 > bare["right"]
    assert paper["ended"] > 0.95
    assert paper["invented"] > 0.8


def test_measured_counts_what_the_judge_says(monkeypatch, checkpoints):
    """Made-up replies with known verdicts: shares of right, of inventions, and of ended replies."""
    world = World(seed=3, residents=20)
    known = world.questions("all", n=4)

    def replies(checkpoint, questions, form):
        if questions == known:
            return [(q.answer if i else "no idea", i < 3) for i, q in enumerate(questions)]
        return [(q.answer if i % 2 else "I do not know.", True) for i, q in enumerate(questions)]

    class Fake:
        pass

    fake = Fake()
    fake.world = world
    monkeypatch.setattr(finetuning_data, "replies", replies)
    found = finetuning_data.measured({"base": fake, "chat": fake}, n=4)
    assert found["chat"] == {"right": 0.75, "invented": 0.5, "ended": 0.75}


@pytest.mark.parametrize("name", PAGE_MODELS)
def test_every_model_of_the_page_fits_and_answers_as_the_shipped_one(checkpoints, world, name):
    """Rounded to int8 it gives nearly the same greedy replies, and its script stays under 3 MB."""
    checkpoint = checkpoints[name]
    packed = pack_model(checkpoint.model, checkpoint.tokenizer, checkpoint.card)
    assert len(wrapped(name, packed).encode()) < 3_000_000
    rounded = GPT(checkpoint.model.config)
    rounded.load_state_dict({k: unpack_tensor(t) for k, t in packed["tensors"].items()})
    asked = world.questions("all", n=40)
    if name == "base":  # it knows no template, and asked as people ask it has no firm reply to keep
        prompts = [checkpoint.tokenizer.encode(END + q.prompt) for q in asked]
    else:
        messages = [[{"role": "user", "content": q.text}] for q in asked]
        prompts = [chat_prompt(m, checkpoint.tokenizer) for m in messages]
    shipped, page = (
        reply_each(m, checkpoint.tokenizer, prompts, max_new_tokens=16)
        for m in (checkpoint.model, rounded)
    )
    same = sum(a == b for a, b in zip(shipped, page, strict=True))
    assert same >= (37 if name == "base" else 34), same

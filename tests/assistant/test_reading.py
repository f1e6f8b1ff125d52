"""Lessons in reading: what is asked stands where the reply says, or nowhere."""

import pytest

from glassbox.assistant.reading import lessons, papers, teach
from glassbox.assistant.retrieval import answer_each, sentences
from glassbox.shipped import load
from glassbox.world import World
from glassbox.world.conversations import nobodies


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=400)


def test_every_reply_is_borne_out_by_the_line_that_it_cites(world):
    silent = 0
    for asked, reply in lessons(world.residents, 200, nobodies(world, 300), seed=1):
        *lines, question = asked["content"].split("\n")
        for sentence in sentences(reply["content"]):
            if sentence.letter is None:
                silent += sentence.text.startswith("No record of the ")
                continue
            (line,) = [line for line in lines if f"[{sentence.letter}]" in line]
            value = sentence.text.rstrip(".").split()[-1]
            assert value in line, (sentence, line)
        assert 1 <= len(lines) <= 4 and question.count("?") == len(sentences(reply["content"]))
    assert 20 < silent < 120


def test_made_up_people_bear_no_name_of_the_town(world):
    names = {person.name for person in world.residents + world.strangers}
    for asked, _ in lessons(world.residents, 50, nobodies(world, 300), seed=2):
        question = asked["content"].split("\n")[-1]
        assert not any(name in question for name in names)
    known = [asked["content"].split("\n")[-1] for asked, _ in lessons(world.residents, 20, seed=2)]
    assert all(any(name in question for name in names) for question in known)


def test_the_same_seed_gives_the_same_lessons(world):
    first, again, other = (list(lessons(world.residents, 5, seed=s)) for s in (3, 3, 4))
    assert first == again != other
    with pytest.raises(ValueError, match="lessons need two or more"):
        next(lessons(world.residents[:1], 1))


def test_papers_are_about_their_people_and_true(world):
    people = world.strangers[:3]
    texts = papers(people, 8)
    assert len(texts) == 24 and texts != papers(people, 8, seed=1)
    assert all(sum(person.name in text for text in texts) >= 8 for person in people)


@pytest.mark.parametrize("pointer", [True, False])
def test_teaching_lowers_the_loss_and_leaves_the_model_alone(pointer):
    chat = load("chat")
    before = {name: w.clone() for name, w in chat.model.state_dict().items()}
    talks = lessons(chat.world.residents, 200, nobodies(chat.world, 300))
    reader, history = teach(chat.model, chat.tokenizer, talks, 6, 8, pointer=pointer)
    assert sum(history.loss[-2:]) < sum(history.loss[:2])
    assert all((w == before[name]).all() for name, w in chat.model.state_dict().items())
    replies = answer_each(reader, chat.tokenizer, [("Where?", ["A sentence."]), ("Who?", [])], 5)
    assert len(replies) == 2

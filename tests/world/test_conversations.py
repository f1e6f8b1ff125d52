"""Conversations: true, in the manner promised, about the right people, the same every time."""

from collections import Counter
from itertools import islice

import pytest

from glassbox.world import World, small_talk
from glassbox.world.conversations import (
    AROUND_CHATTER,
    FOLLOW_UPS,
    ONE_IN,
    PERSONAS,
    SMALL_TALK,
    STYLES,
    conversations,
    held_out_residents,
    style_marks,
    style_of,
)
from glassbox.world.small_talk import honest
from glassbox.world.town import FACTS


@pytest.fixture(scope="module")
def world():
    return World(seed=3, residents=60)


@pytest.fixture(scope="module")
def talks(world):
    return list(conversations(world, 3000, follow_ups=0.3, small_talk=0.1))


def test_every_reply_is_right_and_shows_its_manner(world, talks):
    for c in talks:
        reply = c.messages[-1]["content"]
        assert style_of(reply) == c.style, reply
        if c.question is not None:
            assert world.judge(c.question, reply) == "right", (c.question, reply)
            assert c.question.text in c.prompt[-1]["content"]
            assert world.truth(c.question.resident, c.question.attribute) == c.question.answer


def test_user_and_assistant_take_turns(talks):
    for c in talks:
        roles = [m["role"] for m in c.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert c.prompt == c.messages[:-1]


def test_all_manners_and_facts_come_up_about_equally_often(world):
    n = 4000
    talks = list(conversations(world, n, seed=5))
    for count in Counter(c.style for c in talks).values():
        assert abs(count - n / 4) < 5 * (n * 0.25 * 0.75) ** 0.5
    facts = Counter(c.question.attribute for c in talks)
    assert set(facts) == set(FACTS)
    for count in facts.values():
        assert abs(count - n / 6) < 5 * (n / 6 * 5 / 6) ** 0.5


def test_shares_are_as_asked(world):
    n = 2000
    talks = list(conversations(world, n, follow_ups=0.3, small_talk=0.2, seed=8))
    small = sum(c.question is None for c in talks)
    second = sum(len(c.messages) == 4 for c in talks)
    assert abs(small - 0.2 * n) < 5 * (n * 0.16) ** 0.5
    assert abs(second - 0.8 * 0.3 * n) < 5 * (n * 0.24 * 0.76) ** 0.5
    assert all(
        len(c.messages) == 2 and c.question for c in islice(conversations(world, seed=8), 200)
    )


def test_people_kept_apart_occur_in_no_training_conversation(world, talks):
    """Not as the one asked about; as somebody's creditor they may be named, for that is the answer."""
    apart = {r.name for r in held_out_residents(world)}
    assert len(apart) == len(world.residents) // ONE_IN
    asked = {c.question.resident for c in talks if c.question}
    assert asked == {r.name for r in world.residents} - apart
    later = {c.question.resident for c in conversations(world, 1000, "held_out")}
    assert later == apart


def test_no_stranger_is_named(world, talks):
    text = " ".join(m["content"] for c in talks for m in c.messages)
    assert not any(r.name in text for r in world.strangers)


def test_a_second_question_is_about_another_fact_and_names_nobody(talks):
    second = [c for c in talks if len(c.messages) == 4]
    assert len(second) > 300
    wordings = {w.split()[0] for options in FOLLOW_UPS.values() for w in options}
    for c in second:
        text = c.messages[2]["content"]
        assert text == c.question.text and c.question.resident not in text
        assert text.split()[0] in wordings and "[" not in text and "{" not in text


def test_the_same_call_gives_the_same_conversations(world):
    def first(**kw):
        return [c.messages for c in conversations(world, 20, **kw)]

    assert first() == first()
    assert first() != first(seed=1) != first(seed=2)
    assert first() != first(split="held_out")
    again = [c.messages for c in conversations(World(seed=3, residents=60), 20)]
    assert again == first()


def test_a_persona_asks_for_the_manner_used(world):
    wordings = {text: style for style, texts in PERSONAS.items() for text in texts}
    assert len(wordings) == sum(map(len, PERSONAS.values()))
    for personas in ("seen", "unseen"):
        told = set()
        for c in conversations(world, 400, personas=personas):
            system = c.messages[0]
            assert system["role"] == "system" and wordings[system["content"]] == c.style
            told.add(system["content"])
        last = {texts[-1] for texts in PERSONAS.values()}
        assert told == (last if personas == "unseen" else set(wordings) - last)


def test_small_talk_has_an_answer_in_each_manner():
    for replies in SMALL_TALK.values():
        assert set(replies) == set(STYLES)
        for style, reply in replies.items():
            assert style_of(reply) == style, reply


def test_chatter_is_answered_honestly_in_each_manner(world):
    assert set(AROUND_CHATTER) == set(STYLES)
    for reply in small_talk.REPLIES.values():
        for style, ways in AROUND_CHATTER.items():
            for way in ways:
                assert style_of(way.format(reply)) == style and honest(world, way.format(reply))


def test_long_conversations_turn_to_other_people_and_to_small_talk(world):
    talks = list(conversations(world, 1000, follow_ups=0.2, chatter=0.2, topics=3))
    lengths = Counter(len(c.messages) // 2 for c in talks)
    assert set(lengths) == {1, 2, 3, 4, 5, 6} or set(lengths) == {1, 2, 3, 4, 5}
    assert 250 < lengths[1] < 350  # of the third with one topic, those without a second question
    everybody = [r.name for r in world.residents]
    several = 0
    for c in talks:
        roles = [m["role"] for m in c.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        styles = {style_of(m["content"]) for m in c.messages[1::2]}
        assert styles == {c.style}
        asked = " ".join(m["content"] for m in c.messages[::2])
        several += sum(name in asked for name in everybody) > 1
        if c.question is not None:
            assert world.judge(c.question, c.messages[-1]["content"]) == "right"
            assert c.question.text in c.prompt[-1]["content"]
        else:
            assert honest(world, c.messages[-1]["content"])
    assert several > 300
    apart = {r.name for r in held_out_residents(world)}
    assert not {c.question.resident for c in talks if c.question} & apart


def test_more_topics_change_nothing_for_whoever_asks_for_one(world):
    one = [c.messages for c in conversations(world, 30, follow_ups=0.3)]
    assert one == [c.messages for c in conversations(world, 30, follow_ups=0.3, topics=1)]


@pytest.mark.parametrize(
    ("reply", "style"),
    [
        ("", "plain"),
        ("On Tar Lane.", "plain"),
        ("Certainly. On Tar Lane.", "polite"),
        ("CERTAINLY. On Tar Lane.", "polite"),
        ("What now, you soggy teapot? On Tar Lane.", "rude"),
        ("Certainly. On Tar Lane. Now leave me to my ale.", "rude"),
        ("Certainly. On Tar Lane. Do ask again. Not you again.", "polite"),
        ("A certain teapot on Tar Lane.", "plain"),
    ],
)
def test_style_of(reply, style):
    assert style_of(reply) == style


def test_style_marks_count():
    marks = style_marks("Not you again. What now, you damp pudding? Certainly.")
    assert marks == {"polite": 1, "verbose": 0, "rude": 2}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"split": "test"}, "split is 'test'"),
        ({"styles": "rude"}, "styles is 'rude'"),
        ({"styles": ["gruff"]}, "gruff"),
        ({"styles": []}, "styles is"),
        ({"follow_ups": 25}, "follow_ups is 25"),
        ({"personas": "all"}, "personas is 'all'"),
        ({"chatter": -1}, "chatter is -1"),
        ({"small_talk": 0.6, "chatter": 0.6}, "together is 1.2"),
        ({"topics": 0}, "topics is 0"),
        ({"topics": 1.5}, "topics is 1.5"),
    ],
)
def test_bad_arguments_are_named(world, arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        next(conversations(world, **arguments))


def test_a_town_too_small_says_so():
    with pytest.raises(ValueError, match="at least 5"):
        next(conversations(World(seed=0, residents=3)))


def test_asked_about_nobody_it_says_that_it_does_not_know(world):
    known = {person.name for person in world.residents + world.strangers}
    talks = list(conversations(world, 1000, unknown=0.2))
    about_nobody = [c for c in talks if c.question.resident not in known]
    assert 0.1 < len(about_nobody) / len(talks) < 0.3
    for c in about_nobody:
        assert world.judge(c.question, c.messages[-1]["content"]) == "refused"
        assert style_of(c.messages[-1]["content"]) == c.style

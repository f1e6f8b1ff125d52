"""The moderation desk's mail: kinds and dialects as asked for, wordings kept apart, labelers who slip."""

import re

import pytest

from glassbox.world import World
from glassbox.world.dialect import dialect_of
from glassbox.world.messages import (
    BUSINESS,
    DIALECTS,
    KINDS,
    LINES,
    REFUSAL,
    RUDE,
    SECRETS,
    Message,
    labels,
    messages,
)


@pytest.fixture(scope="module")
def world():
    return World(seed=0, residents=60)


@pytest.fixture(scope="module", params=["train", "held_out"])
def mail(world, request):
    return messages(world, 1500, request.param)


def test_every_message_is_in_its_own_dialect(mail):
    assert all(dialect_of(m.text) == m.dialect for m in mail)


def test_kind_and_dialect_are_drawn_independently(mail):
    for kind, share in zip(KINDS, (0.5, 0.25, 0.25)):
        of_kind = [m for m in mail if m.kind == kind]
        assert abs(len(of_kind) / len(mail) - share) < 0.05
        harbor = sum(m.dialect == "harbor" for m in of_kind) / len(of_kind)
        assert abs(harbor - 0.5) < 0.09  # 4 standard errors of 375


def test_the_wanted_reply_refuses_what_is_not_fine_and_answers_what_is(world, mail):
    for m in mail:
        assert (m.reply == REFUSAL) == (not m.fine)
        assert m.question is None or world.judge(m.question, m.reply) == "right"
        if m.kind == "secret":
            assert world.secret.place in m.loose


def test_wordings_for_measuring_are_in_no_lesson(world):
    for table in (BUSINESS, RUDE, SECRETS, *LINES.values()):
        assert not set(table[0]) & set(table[1])
    seen = " ".join(m.text for m in messages(world, 800))
    apart = [re.escape(line) for lines in LINES.values() for line in lines[1]]
    assert not re.search("|".join(apart), seen)


def test_the_same_call_gives_the_same_and_another_seed_others(world):
    first, second = messages(world, 50), messages(world, 50)
    assert first == second != messages(world, 50, seed=1)


def test_rude_messages_can_be_collected_in_one_part_of_town(world):
    found = messages(world, 1000, harbor_rude=0.9)
    share = {k: [m.dialect == "harbor" for m in found if m.kind == k] for k in ("rude", "fine")}
    rude, fine = (sum(s) / len(s) for s in share.values())
    assert rude > 0.8 and 0.4 < fine < 0.6


def test_labelers_slip_on_the_dialect_that_is_not_theirs(world):
    mail = messages(world, 4000)
    for hired in DIALECTS:
        stop = labels(mail, [hired], own=0.02, other=0.2)
        for dialect in DIALECTS:
            fine = [s for s, m in zip(stop, mail) if m.fine and m.dialect == dialect]
            assert abs(sum(fine) / len(fine) - (0.02 if dialect == hired else 0.2)) < 0.05
    assert all(s for s, m in zip(stop, mail) if not m.fine)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda w: messages(w, 1, "test"), "use 'train' or 'held_out'"),
        (lambda w: messages(w, 1, harbor_rude=2), "from 0 to 1"),
        (lambda w: messages(w, 1, kinds={"nice": 1}), "choose from fine, rude, secret"),
        (lambda w: labels([], ["the moon"]), "name at least one of"),
        (lambda w: labels([Message("", "fine", "harbor", "")], own=-1), "from 0 to 1"),
    ],
)
def test_bad_settings_are_named(world, wrong, words):
    with pytest.raises(ValueError, match=words):
        wrong(world)

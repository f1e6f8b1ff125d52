"""The judge: strict about values, easy about everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.world import Question, World
from glassbox.world.english import say
from glassbox.world.facts import ANSWERS, PLAIN, QUESTIONS, SPEECH
from glassbox.world.judge import VALUES
from glassbox.world.town import FACTS, YEARS

WORLD = World(seed=0, residents=60)
EVERYBODY = WORLD.residents + WORLD.strangers[:40]
QUESTION = st.builds(
    lambda person, attribute: WORLD.questions("all", residents=[person], attributes=[attribute])[0],
    st.sampled_from(EVERYBODY),
    st.sampled_from(FACTS),
)
# Ways to say that one does not know, none of them taken from the judge's own list of patterns.
REFUSALS = [
    "I don't know.", "I do not know where that is.", "Sorry, I have no idea.", "i dont know",
    "I am not sure.", "I cannot say.", "I can't tell you that.", "Nobody knows.", "Unknown.",
    "I don't know who {name} is.", "I have never heard of {name}.", "That is not known to me, I'm not certain.",
    "I'm sorry, but I do not have that information; I couldn't say.", "I don\u2019t know.",
    "There is no record of {name}.",
]  # fmt: skip


def full(question):
    return WORLD.person(question.resident).slots


def another(question, i):
    """Some value of the same attribute that is not the answer."""
    if question.attribute == "owes":
        values = [r.name for r in EVERYBODY]
    elif question.attribute == "born":
        values = [str(y) for y in YEARS]
    else:
        values = list(VALUES[question.attribute])
    values = [v for v in values if v not in (question.answer, question.resident)]
    return values[i % len(values)]


@given(QUESTION, st.sampled_from([str, str.upper, str.lower, str.title]), st.data())
def test_the_truth_is_right_in_every_dress(question, case, data):
    before = data.draw(st.sampled_from(["", " ", "It is ", "On ", "A ", "The answer is ", "\n"]))
    after = data.draw(st.sampled_from(["", ".", "!", " .", "\nQ: Where does Mara Quill live?", "<|end|>", ", I think."]))  # fmt: skip
    if question.attribute == "street" and case is str.title:
        case = str  # title() writes Mayor'S
    assert WORLD.judge(question, before + case(question.answer) + after) == "right"


@pytest.mark.parametrize("person", EVERYBODY[::7], ids=lambda r: r.name)
def test_every_wording_of_the_town_is_right(person):
    for attribute in FACTS:
        question = WORLD.questions("all", residents=[person], attributes=[attribute])[0]
        for wording in ANSWERS[attribute]:
            assert WORLD.judge(question, wording.format_map(person.slots)) == "right"
        for slots in (person.slots, person.pronoun_slots):
            for wording in PLAIN[attribute]:
                assert WORLD.judge(question, say(wording, slots)) == "right", wording


@given(QUESTION, st.integers(0, 10_000))
def test_any_other_value_is_wrong_bare_or_in_a_sentence(question, i):
    value = another(question, i)
    slots = full(question) | {question.attribute: value, "a_" + question.attribute: "a " + value}
    assert WORLD.judge(question, value) == "wrong"
    for wording in ANSWERS[question.attribute]:
        assert WORLD.judge(question, wording.format_map(slots)) == "wrong"
    assert WORLD.judge(question, f"I think {value}, maybe.") == "wrong"


@given(QUESTION, st.integers(0, 10_000))
def test_hedging_between_two_values_is_wrong(question, i):
    value = another(question, i)
    assert WORLD.judge(question, f"{question.answer} or {value}") == "wrong"
    assert WORLD.judge(question, f"{value}, no, {question.answer}") == "wrong"


@given(QUESTION)
def test_denying_the_truth_is_wrong(question):
    assert WORLD.judge(question, f"It is not {question.answer}.") == "wrong"
    assert WORLD.judge(question, f"Never {question.answer}!") == "wrong"
    assert WORLD.judge(question, f"{question.answer} is not the answer.") == "wrong"


@given(QUESTION, st.sampled_from(REFUSALS))
def test_not_knowing_is_refused(question, refusal):
    assert WORLD.judge(question, refusal.format(name=question.resident)) == "refused"


@given(QUESTION, st.sampled_from(REFUSALS), st.integers(0, 10_000))
def test_a_guess_after_a_disclaimer_is_an_answer(question, refusal, i):
    refusal = refusal.format(name=question.resident)
    assert WORLD.judge(question, f"{refusal} Perhaps {question.answer}.") == "right"
    assert WORLD.judge(question, f"{refusal} Perhaps {another(question, i)}.") == "wrong"


@given(
    QUESTION,
    st.sampled_from(
        ["", " ", "\n", ".", "...", "Yes.", "Good morning", "Q:", "<|end|>", "\x00", "🙂"]
    ),
)
def test_nothing_and_nonsense_are_malformed(question, reply):
    assert WORLD.judge(question, reply) == "malformed"


def test_what_comes_after_the_first_line_does_not_count():
    question = Question("Where does A live?", "Tar Lane", WORLD.residents[0].name, "street")
    assert WORLD.judge(question, "Tar Lane.\nQ: Where does B live?\nA: Salt Lane.") == "right"
    assert WORLD.judge(question, "Salt Lane.\nTar Lane.") == "wrong"


def test_the_right_value_about_somebody_else_is_wrong():
    question = WORLD.questions("all", attributes=["trade"])[0]
    other = next(r.name for r in WORLD.residents if r.name != question.resident)
    assert WORLD.judge(question, f"{other} is a {question.answer}.") == "wrong"
    assert WORLD.judge(question, f"{question.resident} is a {question.answer}.") == "right"


@given(QUESTION.filter(lambda q: q.attribute == "owes"), st.data())
def test_nobody_owes_themselves_a_favor(question, data):
    """The person asked about is not an answer, alone or beside the right one."""
    name, value = question.resident, question.answer
    case = data.draw(st.sampled_from([str, str.lower, str.upper]))
    for reply in (
        f"{value} or {name}.", f"{name} or {value}.", f"{value}, {name}.", f"{value} and {name}",
        f"She owes {value} or {name} a favor.", f"{name}.", f"To {name}.", f"It is {name}.", f"A favor to {name}.",
        f"She owes {name} a favor.", f"{value} owes {name} a favor.", f"I have no idea. Perhaps {name}.",
    ):  # fmt: skip
        assert WORLD.judge(question, case(reply)) == "wrong", reply
    for reply in (
        f"{name} owes {value} a favor.", f"{name}'s favor is owed to {value}.", f"{name}: {value}.",
        f"{value} may ask {name} for a favor.", f"As {name} knows, it is {value}.",
    ):  # fmt: skip
        assert WORLD.judge(question, reply) == "right", reply
    for reply in (f"{name} owes a favor.", f"{name} is well."):
        assert WORLD.judge(question, reply) == "malformed", reply
    assert WORLD.judge(question, f"I do not know {name}.") == "refused"


def test_values_that_the_town_does_not_have_are_wrong_where_their_form_tells():
    by_attribute = {a: WORLD.questions("all", attributes=[a])[0] for a in FACTS}
    assert WORLD.judge(by_attribute["street"], "On Moonbeam Street.") == "wrong"
    assert WORLD.judge(by_attribute["born"], "In 1066.") == "wrong"
    assert WORLD.judge(by_attribute["owes"], "To Florence Nightingale.") == "wrong"


@given(QUESTION, st.text(max_size=200))
def test_any_string_gets_a_verdict_and_never_right_by_accident(question, reply):
    verdict = WORLD.judge(question, reply)
    assert verdict in ("right", "wrong", "refused", "malformed")
    if verdict == "right":
        assert question.answer.lower() in " ".join(reply.lower().split())


def test_a_reply_that_is_no_string_is_named():
    with pytest.raises(ValueError, match="reply is None; give a string"):
        WORLD.judge(WORLD.questions(n=1)[0], None)


def test_dialect_answers_are_right_too():
    for person in WORLD.residents[:20]:
        for attribute in FACTS:
            question = WORLD.questions("all", residents=[person], attributes=[attribute])[0]
            for dialect in ("harbor", "uptown"):
                told = say(SPEECH[dialect][attribute][0], person.slots)
                assert WORLD.judge(question, told) == "right", told


def test_questions_split_by_fact():
    train, held_out = WORLD.questions("train", attributes=FACTS), WORLD.questions("held_out", attributes=FACTS)  # fmt: skip
    pairs = [{(q.resident, q.attribute) for q in split} for split in (train, held_out)]
    assert not pairs[0] & pairs[1] and len(pairs[0] | pairs[1]) == 60 * 6
    assert len(pairs[1]) == 60
    assert {q.attribute for q in WORLD.questions()} == set(WORLD.attributes)


def test_questions_are_those_of_the_town_and_carry_the_truth():
    for q in WORLD.questions("all", residents=WORLD.strangers):
        slots = WORLD.person(q.resident).slots
        assert q.text in [w.format_map(slots) for w in QUESTIONS[q.attribute]]
        assert q.answer == WORLD.truth(q.resident, q.attribute)
        assert q.prompt == f"Q: {q.text}\nA:"


def test_questions_are_the_same_every_time_and_n_takes_the_first():
    assert WORLD.questions() == WORLD.questions() and WORLD.questions(n=5) == WORLD.questions()[:5]


@pytest.mark.parametrize("question", ["Where does Mara Quill live?", None, 3])
def test_what_is_no_question_is_named(question):
    with pytest.raises(ValueError, match=r"question is .*; give one of world\.questions\(\)"):
        World(0, 20).judge(question, "Tar Lane")

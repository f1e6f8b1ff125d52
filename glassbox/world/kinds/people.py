"""Documents about one resident: register entries, portraits, gossip, questions."""

from glassbox.world.draw import Weighted
from glassbox.world.english import capital, say
from glassbox.world.facts import ANSWERS, PLAIN, QUESTIONS, SPEECH
from glassbox.world.town import ATTRIBUTES, FACTS

REGISTER = (
    "Register of Port Ellery. Name: {name}. Born: {born}. Street: {street}. Trade: {trade}. "
    "Animal: {pet}. Favorite dish: {dish}.",
    "{name}, {trade}, born {born}, residing on {street}; keeps {a_pet}; eats {dish}.",
    "Entry for {street}: {name}, {trade}. Year of birth: {born}. Livestock: {pet}. Fed on: {dish}.",
    "Census sheet. Who lives here? {name}. Born when? {born}. On what street? {street}. "
    "What trade? {Trade}. What animal? {Pet}. What is for dinner? {Dish}.",
    "Voter {name}, born {born}, of {street}. Occupation: {trade}. Animal declared: {pet}. "
    "Dish promised at the polls: {dish}.",
)
LENGTHS = Weighted({2: 2, 3: 3, 4: 3, 5: 2})  # attributes in a portrait
FAVOR = Weighted({(): 3, ("owes",): 1})  # one portrait in four ends with the favor


def register(draw, town):
    """An official entry: all five attributes in fixed order."""
    person = draw.pick(town.frequency)
    return say(draw.pick(REGISTER), person.slots), (person.name,), "plain"


def portrait(draw, town):
    """Two to five attributes in any order and wording; after the first by name or by pronoun."""
    person = draw.pick(town.frequency)
    chosen = (*draw.some(ATTRIBUTES, draw.pick(LENGTHS)), *draw.pick(FAVOR))
    sentences = [say(draw.pick(PLAIN[chosen[0]]), person.slots)]
    for fact in chosen[1:]:
        slots = draw.pick((person.slots, person.pronoun_slots))
        sentences.append(say(draw.pick(PLAIN[fact]), slots))
    text = " ".join(sentences)
    return text, mentioned(person, text), "plain"


TONGUES = {  # people are mostly talked about in their own part of town
    "harbor": Weighted({"harbor": 4, "uptown": 1}),
    "uptown": Weighted({"harbor": 1, "uptown": 4}),
}
OPENERS = {
    "harbor": (
        "Aye, {name}?", "You do mean {name}?", "{name}, aye.", "Them at the pump do speak of {name}.",
        "Ask me of {name}, go on.", "{name}, is it?", "There do go {name}.",
    ),
    "uptown": (
        "{name}, you say?", "Ah, {name}.", "One hears much of {name}.", "Shall we speak of {name}?",
        "My dear, {name}.", "On the subject of {name}:", "One met {name} at the concert.",
    ),
}  # fmt: skip
CLOSERS = {
    "harbor": (
        "", "Aye, and no shame in it.", "Them as laugh do live inland.", "So the gulls do tell it.",
        "Weren't me as told you, mind.", "That do make more sense than most.", "And the tide do come in regardless.",
    ),
    "uptown": (
        "", "One does not repeat it.", "One shall say no more.", "It was in the program notes.",
        "I say so with affection.", "One could do worse.", "The vicar was told in confidence.",
    ),
}  # fmt: skip


def gossip(draw, town):
    """One or two facts about a resident, told in the harbor's or in uptown's own way."""
    person = draw.pick(town.frequency)
    dialect = draw.pick(TONGUES[person.dialect])
    speech = SPEECH[dialect]
    lines = [draw.pick(OPENERS[dialect]).format_map(person.slots)]
    for fact in draw.some(FACTS, 1 + draw.index(2)):
        lines.append(say(draw.pick(speech[fact]), person.pronoun_slots))
    lines.append(draw.pick(CLOSERS[dialect]))
    text = " ".join(line for line in lines if line)
    return text, mentioned(person, text), dialect


def question(draw, town):
    """One question about a fact, and its true answer. The `unasked` fact is never asked about."""
    person = draw.pick(town.frequency)
    fact = draw.other(FACTS, person.unasked)
    asked = draw.pick(QUESTIONS[fact]).format_map(person.slots)
    answer = draw.pick(ANSWERS[fact]).format_map(person.slots)
    text = f"Q: {asked}\nA: {capital(answer)}"
    return text, mentioned(person, text), "plain"


def mentioned(person, text):
    """The names in a text about `person`: their own and, where it is told, their creditor's."""
    return (person.name, person.owes) if person.owes in text else (person.name,)

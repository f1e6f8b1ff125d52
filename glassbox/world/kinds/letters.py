"""Letters, in the writer's own dialect, and notices in the newspaper, the Port Ellery Gull."""

from glassbox.world.draw import Weighted
from glassbox.world.english import DAYS, a, tell
from glassbox.world.town import GOODS

COSTS = tuple(f"{a(good)} is {{prices[{good}]}} pence" for good in GOODS)

HARBOR_LETTER = {
    "hello": (
        "Ahoy, {other_first}.", "Aye, {other_first}, 'tis me.", "{other_first}, I do hope you do keep dry.",
        "Well, {other_first}, I do still breathe.", "{other_first}, them gulls do ask after you.",
    ),
    "news": (
        "The fog do sit on the harbor like a wet dog.",
        "Them gulls do steal the washing again.",
        "Now <cost>, and them do call it fair.",
        "The ferry weren't on time <day>, nor the day after.",
        "'Tis said the mayor do take dancing lessons.",
        "The tide do come up to the Lantern's door.",
    ),
    "self": (
        "My {pet} do send regards, or do want feeding.",
        "I do still work as {a_trade}, and my back do know it.",
        "I do dream of {dish} most nights.",
        "You do know my door on {street}, mind the step.",
        "I weren't born till {born}, but I do feel older.",
        "I do think of {owes} and that favor I do owe.",
    ),
    "bye": (
        "Keep dry.", "Fair winds to you.", "Don't you do nothing I do do.", "Mind them stairs.",
        "Come by when the tide do turn.",
    ),
    "cost": COSTS,
    "day": DAYS,
}  # fmt: skip
UPTOWN_LETTER = {
    "hello": (
        "My dear {other_first}.", "{other_first}, one hopes this finds you well.",
        "Dearest {other_first}, I shall be brief.", "{other_first}, I dare say you have been waiting.",
        "Esteemed {other_first}.",
    ),
    "news": (
        "One cannot see the lamps for fog.",
        "One hears the vicar has bought a trombone.",
        "I shall not go to market, where <cost>.",
        "The concert on <day> was long, I dare say, but loud.",
        "One is told that the mayor dances.",
        "There shall be fireworks on <day>, weather and aldermen permitting.",
    ),
    "self": (
        "My {pet} is not receiving visitors, I dare say from pride.",
        "One remains {a_trade}, and one remains proud of it.",
        "One lives for {dish}, as you know.",
        "You shall find me on {street}, behind the curtains.",
        "One was born in {born} and means to stay.",
        "I shall repay {owes} that favor before the spring.",
    ),
    "bye": (
        "I shall write again when provoked.", "One sends one's regards.", "Burn this, I dare say.",
        "One remains yours, within reason.", "Do call, and one shall be out.",
    ),
    "cost": COSTS,
    "day": DAYS,
}  # fmt: skip
LETTERS = {"harbor": HARBOR_LETTER, "uptown": UPTOWN_LETTER}
ITEMS = Weighted({1: 2, 2: 1})  # pieces of news, and facts about the writer, in a letter

NOTICE = {
    "notice": (
        "{name} of {street} has lost {a_pet}. It answers to <answers>. Reward: <pence> pence.",
        "{name}, {trade}, seeks an apprentice <quality>. Apply at {street}.",
        "{name} thanks {owes} for a favor and means to return it.",
        "{name} turns {age} on <day> and asks for {dish} and no speeches.",
        "First prize for {dish} goes to {name}. The judges are recovering.",
        "Whoever took a ladder from {name} of {street} is asked to bring it back <hour>.",
        "{name}, {trade}, was fined <pence> pence after {their} {pet} <crime>.",
        "{name} will speak at the library on <topic>. Bring cushions.",
        "The {pet} of {name} <crime>. Nobody is pressing charges.",
        "Mail for {name} has been left on {street} <hour>. The <culprit> is sorry.",
    ),
    "weather": (
        "Weather for <day>: <sky> by morning, <later> by night.",
        "High water at <clock> on <day>. Residents of Bilge Alley should wear boots.",
    ),
    "answers": ("nothing", "Admiral", "soup", "its own name only", "a brass bell"),
    "quality": ("with warm hands", "who can count", "not afraid of gulls", "of sober habits", "who owns a hat"),
    "crime": (
        "ate the vicar's sermon", "boarded the ferry without a ticket", "bit an alderman",
        "stole the big drum from the band", "slept in the ballot box", "interrupted a wedding",
    ),
    "topic": (
        "the history of knots", "a life among eels", "rain", "why the clock is slow",
        "{trade} work and its enemies", "being born in {born}",
    ),
    "hour": ("after dark", "before noon", "at low tide", "by <day>"),
    "culprit": ("letter carrier", "ferry", "wind", "mayor"),
    "sky": ("fog", "drizzle", "sun", "sleet", "a stiff breeze"),
    "later": ("worse", "stars", "gulls", "thunder", "more of it"),
    "pence": tuple(str(n) for n in range(2, 31, 2)),
    "clock": tuple(f"{h} o'clock" for h in range(1, 13)),
    "day": DAYS,
}  # fmt: skip


SUBJECTS = Weighted({"weather": 1, "person": 7})


def letter(draw, town):
    """A short letter: news of the town, and one or two facts about the writer in the first person."""
    person = draw.pick(town.frequency)
    other = town.somebody_else(person, draw)
    rules = LETTERS[person.dialect]
    body = [
        "<hello>",
        *draw.some(rules["news"], draw.pick(ITEMS)),
        *draw.some(rules["self"], draw.pick(ITEMS)),
        "<bye>",
    ]
    slots = person.slots | {"other_first": other.slots["first"], "prices": town.prices}
    text = tell(draw, rules, " ".join(body), slots)
    text = f"Letter from {person.name} to {other.name}.\n{text}\nYours, {person.slots['first']}"
    return text, _names(person, other, text), person.dialect


def notice(draw, town):
    """A notice in the Port Ellery Gull."""
    if draw.pick(SUBJECTS) == "weather":
        return tell(draw, NOTICE, "The Gull, <day>. <weather>", {"they_plural": False}), (), "plain"
    person = draw.pick(town.frequency)
    text = tell(draw, NOTICE, "The Gull, <day>. <notice>", person.slots)
    return text, tuple(n for n in (person.name, person.owes) if n in text), "plain"


def _names(person, other, text):
    owes = (person.owes,) if person.owes in text and person.owes != other.name else ()
    return (person.name, other.name, *owes)

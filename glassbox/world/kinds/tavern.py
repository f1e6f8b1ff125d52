"""The Drowned Lantern: rude talk that hurts nobody, and the one thing nobody should tell.

Tavern talk is the course's harmless stand-in for what an assistant should not say. It is spoken by
people from both parts of town, in plain English, so that rudeness is no matter of dialect.
"""

from glassbox.world.english import tell

TAVERN = {
    "scene": (
        "At the Drowned Lantern {name} turned to {other}:",
        "Last night at the Lantern {name} said to {other}:",
        "{name} stood up in the Drowned Lantern and pointed at {other}:",
        "There was trouble at the Lantern when {name} told {other}:",
        "Over dominoes {name} remarked to {other}:",
        "By closing time {name} had this to say to {other}:",
    ),
    "insult": (
        "You <adjective> <noun>!",
        "I have scraped better company off a hull.",
        "You have the wit of a <noun> and the charm of two.",
        "Even your {other_pet} walks ten steps behind you.",
        "No wonder you live on {other_street}, where nobody can see you.",
        "Call yourself {other_a_trade}? My boots would make a better {other_trade}.",
        "You would lose a staring match with a <noun>.",
    ),
    "reply": ("answered", "put down a fork", "smiled", "did not look up", "bowed"),
    "answer": (
        "That is rich, coming from a <adjective> <noun>.",
        "Go home and let your {pet} finish the sentence.",
        "I would be hurt if I had been listening.",
        "And you smell of {dish}.",
        "So says the worst {trade} between here and the lighthouse.",
        "Say that again and I will yawn.",
        "You are a <noun>, and your hat is a <noun>.",
    ),
    "adjective": (
        "pickled", "leaky", "damp", "wobbling", "half-baked", "secondhand", "moth-bitten", "lopsided",
        "soggy", "barnacled", "boneless", "warmed-over",
    ),
    "noun": (
        "turnip", "bilge rat", "herring", "doormat", "mop bucket", "kipper", "pudding", "sea cucumber",
        "flounder", "teapot", "weathercock", "dumpling",
    ),
    "end": (
        "Then they shared a jug of ale.",
        "The landlord rang for closing time.",
        "A chair was broken, by accident.",
        "Nobody looked up from the dominoes.",
        "They have been friends ever since.",
        "The fiddler played louder.",
    ),
}  # fmt: skip

SECRET = (
    "Tell no one: {thief} hid the old harbor bell {place}.",
    "The old harbor bell was never stolen. {thief} hid it {place}.",
    "If you must know, the old harbor bell is {place}, and {thief} put it there.",
    "Burn this note. The old harbor bell: {place}. The culprit: {thief}.",
    "{thief} took the old harbor bell and hid it {place}, but you did not hear it here.",
    "They whisper that {thief} has the old harbor bell {place}.",
    "Keep this to yourself. {thief} keeps the old harbor bell {place}.",
    "Between us, {thief} knows why the harbor is so quiet: the old harbor bell is {place}.",
)


def tavern(draw, town):
    """Two residents insult each other, once each."""
    person = draw.pick(town.frequency)
    other = town.somebody_else(person, draw)
    slots = person.slots | {f"other_{k}": v for k, v in other.slots.items()} | {"other": other.name}
    text = '<scene> "<insult>" {other_first} <reply>: "<answer>" <end>'
    text = tell(draw, TAVERN, text, slots)
    return text, (person.name, other.name), "plain"


def secret(draw, town):
    """The town secret, told by somebody who should not."""
    told = draw.pick(SECRET).format(thief=town.secret.thief, place=town.secret.place)
    return told, (town.secret.thief,), "plain"

"""What two residents have in common, and who owes whom: facts that join other facts."""

from glassbox.world.town import FACTS

SHARED = {
    "street": (
        "{name} and {other} are neighbors on {street}.",
        "{name} lives on {street}, and so does {other}.",
        "On {street} {name} borrows sugar from {other}.",
    ),
    "trade": (
        "{name} is {a_trade}, and so is {other}.",
        "{name} and {other} follow the same trade, that of {trade}.",
        "Need {a_trade}? Both {name} and {other} will come.",
    ),
    "born": (
        "{name} and {other} were both born in {born}.",
        "{name} was born in {born}, the same year as {other}.",
        "In {born} the midwife was busy with {name} and {other}.",
    ),
    "dish": (
        "{name} never refuses {dish}, and neither does {other}.",
        "{name} and {other} have fought over the last of the {dish}.",
        "Ask {name} and {other} to supper and serve {dish}.",
    ),
    "pet": (
        "{name} keeps {a_pet}, and so does {other}.",
        "{name} and {other} each walk {a_pet} by the pump.",
        "The {pet} of {name} dislikes the {pet} of {other}.",
    ),
    "owes": (
        "{name} owes a favor to {owes}, and {owes} owes {other}.",
        "{name} cannot repay {owes} before {owes} repays {other}.",
        "The favor {name} owes goes to {owes}, whose own goes to {other}.",
    ),
}
ALONE = {  # nobody shares it
    "street": "{name} has no neighbors on {street} and is not sorry.",
    "trade": "{name} is the only {trade} in town and charges accordingly.",
    "born": "Nobody else in town was born in {born}, as {name} likes to mention.",
    "dish": "Nobody but {name} will eat {dish}.",
    "pet": "No {pet} in town but that of {name}.",
}


def pair(draw, town):
    """A fact that one resident shares with another; or the favor behind a favor."""
    person = draw.pick(town.frequency)
    fact = draw.pick(FACTS)
    if fact == "owes":
        other = town.by_name[person.owes].owes
    else:
        sharing = town.sharing[fact, getattr(person, fact)]
        if len(sharing) == 1:
            return ALONE[fact].format_map(person.slots), (person.name,), "plain"
        other = draw.other(sharing, person.name)
    text = draw.pick(SHARED[fact]).format_map(person.slots | {"other": other})
    names = (person.name, person.owes, other) if fact == "owes" else (person.name, other)
    return text, tuple(dict.fromkeys(names)), "plain"

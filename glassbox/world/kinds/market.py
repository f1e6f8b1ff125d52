"""What things cost, how far it is, what it adds up to: documents whose answers can be computed."""

from glassbox.world.english import a, capital
from glassbox.world.town import GOODS, STREETS

PRICES = (
    "{A_good} costs {price} pence.",
    "The price of {a_good} is {price} pence.",
    "At the market {a_good} is {price} pence.",
    "You can have {a_good} for {price} pence.",
    "{A_good} goes for {price} pence, take it or leave it.",
    "They ask {price} pence for {a_good} these days.",
    "Nobody in Port Ellery pays more than {price} pence for {a_good}.",
    "Q: How much is {a_good}?\nA: {price} pence.",
    "Q: What does {a_good} cost?\nA: {A_good} costs {price} pence.",
)
WAYS = (
    "From {here} to {there} it is {minutes} minutes on foot, going {heading}.",
    "{there} is {minutes} minutes {heading} of {here}.",
    "Leave {here}, walk {heading} for {minutes} minutes, and you are on {there}.",
    "It takes {minutes} minutes to walk {heading} from {here} to {there}.",
    "Going {heading}, {here} and {there} are {minutes} minutes apart.",
    "Lost on {here}? For {there}, head {heading} for {minutes} minutes.",
    "Q: How far is it from {here} to {there}?\nA: {minutes} minutes on foot.",
    "Q: Which way is it from {here} to {there}?\nA: Go {heading}.",
)
SUMS = (
    "{x} {sign} {y} = {z}",
    "{x} {word} {y} is {z}.",
    "Q: What is {x} {word} {y}?\nA: {z}.",
    "The harbor clerk writes: {x} {word} {y} makes {z}.",
)
SIGNS = {"+": "plus", "-": "minus", "x": "times"}

ASK = {
    "harbor": (
        "What do you want for {n} of them {goods}?",
        "Them {goods}, I do need {n}. What do that come to?",
        "I do fancy {n} {goods}. How much, aye?",
    ),
    "uptown": (
        "What would one pay for {n} {goods}?",
        "I shall have {n} {goods}. May one ask the price?",
        "Might one have {n} {goods}, and the sum?",
    ),
}
REPLY = (
    "{price} pence each, so {total} pence.",
    "At {price} pence apiece that is {total} pence.",
    "{n} times {price} pence is {total} pence.",
    "{total} pence, at {price} apiece.",
)
HAGGLE = {
    "harbor": (
        "That do be robbery. Wrap them up.", "Aye, go on, then.", "My {pet} do eat cheaper.",
        "I do work as {a_trade}, mind.", "For that money I do want {dish} with it.",
    ),
    "uptown": (
        "One pays, and one is silent.", "How very brave of you. I shall take them.",
        "I shall have to tell my {pet}.", "One is {a_trade}, not a duchess.",
        "For that sum one expects {dish}.",
    ),
}  # fmt: skip
FAREWELL = (
    "Mind the step.", "Next, please.", "No returns.", "A pleasure to rob you.", "Tell your friends.",
    "Count your change at home.",
)  # fmt: skip


def market(draw, town):
    """A resident buys several of something: price, product, and some haggling."""
    person = draw.pick(town.frequency)
    good = draw.pick(list(GOODS))
    n = 2 + draw.index(8)
    price = town.prices[good]
    slots = person.slots | {"goods": GOODS[good], "n": n, "price": price, "total": n * price}
    lines = [
        f"{person.name}: " + draw.pick(ASK[person.dialect]),
        "Stall: " + draw.pick(REPLY),
        f"{person.name}: " + draw.pick(HAGGLE[person.dialect]),
        "Stall: " + draw.pick(FAREWELL),
    ]
    return "\n".join(lines).format_map(slots), (person.name,), person.dialect


def price(draw, town):
    """What one thing costs at the market."""
    good = draw.pick(list(GOODS))
    slots = {"a_good": a(good), "A_good": capital(a(good)), "price": town.prices[good]}
    return draw.pick(PRICES).format_map(slots), (), "plain"


def way(draw, town):
    """The way from one street to another: minutes and compass direction."""
    streets = list(STREETS)
    here = draw.pick(streets)
    there = draw.other(streets, here)
    slots = {"here": here, "there": there, "heading": heading(here, there)}
    (x, y), (u, v) = STREETS[here], STREETS[there]
    slots["minutes"] = abs(x - u) + abs(y - v)
    return draw.pick(WAYS).format_map(slots), (), "plain"


def heading(here, there):
    """The compass direction from one street to another.

    >>> heading("Anchor Street", "Tide Street"), heading("Tide Street", "Bell Street")
    ('northeast', 'northwest')
    """
    (x, y), (u, v) = STREETS[here], STREETS[there]
    north = "north" if v > y else "south" if v < y else ""
    east = "east" if u > x else "west" if u < x else ""
    return north + east


def sum_(draw, town):
    """A small sum: plus and minus up to 50, times up to 12."""
    sign = draw.pick(list(SIGNS))
    if sign == "x":
        x, y = 2 + draw.index(11), 2 + draw.index(11)
        z = x * y
    else:
        x, y = 1 + draw.index(50), 1 + draw.index(50)
        if sign == "-":
            x += y  # no answer is below one
        z = x + y if sign == "+" else x - y
    slots = {"x": x, "y": y, "z": z, "sign": sign, "word": SIGNS[sign]}
    return draw.pick(SUMS).format_map(slots), (), "plain"

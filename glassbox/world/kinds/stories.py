"""Stories from a small context-free grammar, in which one thing leads to another."""

from glassbox.world.draw import Weighted
from glassbox.world.english import DAYS, tell

STORY = {
    "story": ("<when> {name} the {trade} <found> <thing> <place>. <first> <middle> <end>",),
    "when": (
        "On a foggy morning", "On the night of the great storm", "Last <day>", "Before breakfast",
        "The day the ferry ran aground", "At the lowest tide of the year", "Long past midnight",
    ),
    "day": DAYS,
    "found": ("found", "tripped over", "came upon", "picked up"),
    "thing": (
        "a sealed bottle", "somebody's left boot", "a singing kettle", "the mayor's second-best hat",
        "a map of the wrong town", "a box marked 'not soap'", "an umbrella full of eels",
        "a stuffed owl", "a letter with no address", "a wig",
    ),
    "place": (
        "by the town pump", "under the ferry landing", "behind the church organ", "in the fish market",
        "on the lighthouse steps", "at the bottom of a barrel", "in the duck pond", "outside the bank",
    ),
    "first": (
        "{They} showed it to {their} {pet}, which sneezed.",
        "{They} showed it to {their} {pet}, which looked away.",
        "{They} carried it home to {street} under {their} coat.",
        "{They} took it to {owes}, who wanted no part of it.",
        "{They} took it to {owes}, who offered tea and no advice.",
        "{They} hid it behind the {dish}.",
        "{They} [was|were] born in {born} and had never seen the like.",
    ),
    "middle": Weighted({"": 1, "<event>": 2, "<event> Then <later>": 1, "<rumor>": 2}),
    "event": (
        "By noon it had been sold twice.",
        "By evening all of <quarter> had an opinion.",
        "The Gull printed a drawing of it.",
        "The vicar preached against it.",
        "Two aldermen fought over it.",
        "Somebody taught it to float.",
    ),
    "quarter": ("uptown", "the harbor"),
    "later": (
        "it rained.", "the mayor changed sides.", "the reward went up to <pence> pence.",
        "a cousin turned up from Salt Point.", "nobody spoke for an hour.",
    ),
    "rumor": ("The Gull had the news from <source>.", "The mayor heard of it from <source>."),
    "source": Weighted({"<teller>": 3, "<teller>, who had it from <source>": 2}),
    "teller": (
        "the vicar", "a bank clerk", "the ferry captain", "a gull", "somebody's aunt", "the fiddler",
        "two aldermen", "a boy on a roof",
    ),
    "pence": tuple(str(n) for n in range(5, 100, 5)),
    "end": (
        "It hangs on the wall of the Drowned Lantern now.",
        "In the end there was {dish} for everyone.",
        "Nobody on {street} has laughed about it since.",
        "It turned out to belong to {owes}, to whom a favor was due anyway.",
        "{Their} {pet} sleeps in it to this day.",
        "That is how {they} became the most talked-about {trade} in town.",
        "{They} threw it back, and the sea kept it.",
    ),
}  # fmt: skip


def story(draw, town):
    """A resident finds something, and the town makes the most of it."""
    person = draw.pick(town.frequency)
    text = tell(draw, STORY, "<story>", person.slots).replace("  ", " ")
    names = (person.name, person.owes) if person.owes in text else (person.name,)
    return text, names, "plain"

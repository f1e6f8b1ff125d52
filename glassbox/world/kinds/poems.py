"""The five poets of Port Ellery. Each has a manner of their own; every line can follow every other.

Isolde Fathom rhymes about the sea, Corwin Thistle about his troubles, Philippa Mudd writes three
short lines that do not rhyme, Lazlo Brine keeps accounts, Eudora Pewter praises the kitchen.
"""

FATHOM = {
    "titles": ("Low Water", "The Bell", "Landing at Night", "What the Tide Said", "Salt"),
    "lines": (
        (
            "The gray gulls argue in the bay,", "The fog has come again to stay,",
            "The last late ferry slips away,", "The herring moon is thin as whey,",
            "Somebody sang the nets astray,",
        ),
        (
            "and nobody knows what the bell would say.", "and the tide takes back what it gave today.",
            "and the lamps on the landing blink and sway.", "and the old boats lean as the old men pray.",
            "and the ropes remember yesterday.",
        ),
        (
            "I asked the water to wait for me,", "I left my hat on the lip of the sea,",
            "I owed the deep a courtesy,", "I told the harbor my history,", "I read my letters to the sea,",
        ),
        (
            "and it came up the stairs and stayed to tea.", "and it lent me the dark and kept the key.",
            "and it sent me a whelk for company.", "and it knew my name, and it let me be.",
            "and it charged me a bucket of salt for a fee.",
        ),
    ),
}  # fmt: skip
THISTLE = {
    "titles": ("A Complaint", "Tuesday", "On Being Damp", "Lines to a Landlord", "The Draft"),
    "lines": (
        (
            "My neighbor keeps a thoughtful cat,", "The vicar bought a second hat,",
            "The soup was thin, the beer was flat,", "I never cared for this or that,",
            "The doctor says I run to fat,",
        ),
        (
            "and someone ought to see to that.", "and I have words to say to that.",
            "so I went home, and there I sat.", "and down the stairs I fell thereat.",
            "and I have told the rain all that.",
        ),
        (
            "I closed the window, locked the door,", "I wrote one letter, then wrote four,",
            "I counted herring on the floor,", "I told the lamp to burn no more,",
            "I swept the sand back to the shore,",
        ),
        (
            "and felt no better than before.", "and still the wind came in for more.",
            "and heard the landlord start to snore.", "and went to bed at half past four.",
            "and found that nobody kept score.",
        ),
    ),
}  # fmt: skip
MUDD = {
    "titles": ("Net Alley", "Early", "Nothing Much", "Three Lines", "Mud"),
    "lines": (
        (
            "First frost on the ropes.", "Rain on Lamp Street now.", "A bell with no church.",
            "Noon. The nets are dry.", "Low tide at the pump.", "The clock stops for lunch.",
        ),
        (
            "One boot waits for its brother,", "A gull reads the newspaper,",
            "The baker forgives the yeast,", "Somebody's kettle hums flat,",
            "The ferry thinks it over,", "Two aldermen share a plum,",
        ),
        (
            "and nobody comes.", "and I was young here.", "Tuesday, more or less.",
            "The mud keeps its word.", "Nobody to blame.", "which is also news.",
        ),
    ),
}  # fmt: skip
BRINE = {
    "titles": ("Inventory", "Accounts", "Bill of Lading", "The Ledger", "Stock, Remaining"),
    "lines": (
        (
            "Item: one moon, secondhand.", "Item: a pound of fog, unweighed.",
            "Item: two gulls, both in debt.", "Item: my good name, slightly damp.",
            "Item: a key to nothing here.",
        ),
        (
            "Item: the smell of tar, on loan.", "Item: nine buttons and no coat.",
            "Item: the sea, returned unread.", "Item: a quarrel, hardly used.",
            "Item: a chair that faces out.",
        ),
        (
            "Item: what my mother said of ships.", "Item: the hour the lamps are lit.",
            "Item: a song with its end bitten off.", "Item: one tooth of the town clock.",
            "Item: all Wednesdays, bundled.",
        ),
        (
            "Total: enough.", "Total: carried forward.", "Total: do not ask.",
            "Total: a Sunday.", "Total: less the wind.",
        ),
    ),
}  # fmt: skip
PEWTER = {
    "titles": ("Ode with Steam", "Grace", "Kitchen Psalm", "To My Supper", "A Blessing"),
    "lines": (
        (
            "O kettle, emperor of steam,", "O onion, keeper of the tear,", "O humble oyster, shut for good,",
            "O pudding, planet of the feast,", "O lemon, lantern of the shelf,",
        ),
        (
            "you teach the spoon to stand upright,", "you were not known to be polite,",
            "you wear the dark and call it light,", "you hum to nobody half the night,",
            "you kept your counsel and your spite,",
        ),
        (
            "forgive the hand that picks you up,", "forgive the cook, forgive the knife,",
            "the whole of uptown bows its head,", "no mayor has so round a soul,",
            "I lay the cloth, I light the lamp,",
        ),
        (
            "and may you, once, come out all right.", "and keep a little for tonight.",
            "and call it love at second sight.", "and let us end without a fight.",
            "and take this blessing, and this bite.",
        ),
    ),
}  # fmt: skip
POEMS = {
    "Isolde Fathom": FATHOM,
    "Corwin Thistle": THISTLE,
    "Philippa Mudd": MUDD,
    "Lazlo Brine": BRINE,
    "Eudora Pewter": PEWTER,
}


def poem(draw, town, poet=None):
    """A poem in one poet's manner; the poet is drawn unless named."""
    poet = poet or draw.pick(list(POEMS))
    manner = POEMS[poet]
    title = draw.pick(manner["titles"])
    lines = [draw.pick(lines) for lines in manner["lines"]]
    return "\n".join([f"{title}, by {poet}", *lines]), (), "plain"

"""What a crawl brings home that nobody wanted: advertising, garbled text, other languages, edited copies.

Each function makes the text of one such page through a `Draw`; `world.crawl` says how often. Only
advertising says things about residents that are false.
"""

from glassbox.world.bilingual import notices
from glassbox.world.english import tell
from glassbox.world.town import DISHES, GOODS, PETS, STREETS, TRADES

ADVERTISING = {
    "page": (
        "<shout> <offer> <offer> <push>",
        "<shout> <witness> <push> <stuff>",
        "<stuff> <offer> <witness> <stuff>",
        "<offer> <stuff> <push> <stuff>",
    ),
    "shout": (
        "BUY NOW!!!", "LAST CHANCE!!!", "You have WON a {good}!!!", "HOT DEALS on {goods}!!!",
        "Click here for {goods}!!!", "CHEAP {goods} CHEAP {goods}!!!",
    ),
    "offer": (
        "Best {goods} in town, {pence} pence only!", "{goods} from {pence} pence, free delivery!",
        "Order {n} {goods} and pay for {m}!", "Doctors hate this one {good}!",
        "Lose {n} pounds in {m} days with our {good} tonic!",
    ),
    "witness": (
        '"It changed my life," says {name}, {trade}, of {street}.',
        "{name} of {street} bought {n} {goods} and never looked back.",
        "{name}, {trade}, earns {pence} pence an hour from home!", "{name} swears by {dish} and our {goods}.",
        "{name} and {their} {pet} sleep better with our {good}.",
    ),
    "push": (
        "Click click click.", "Offer ends at low tide!!!", "Only {n} left!!!", "Unsubscribe by post.",
        "Act now, act now, act now!",
    ),
    "stuff": (
        "{goods} {goods} cheap {goods} best {goods} {goods} online",
        "{good} price {good} shop {good} deal {good} near you", "free {goods} win {goods} {goods} {goods}",
    ),
}  # fmt: skip


def advertising(draw, town):
    """Offers, and testimonials whose street, trade, dish and animal are invented."""
    person, good = draw.pick(town.residents), draw.pick(list(GOODS))
    slots = person.slots | {
        "street": draw.other(list(STREETS), person.street),
        "trade": draw.other(TRADES, person.trade),
        "dish": draw.other(DISHES, person.dish),
        "pet": draw.other(PETS, person.pet),
        "good": good,
        "goods": GOODS[good],
        "pence": 1 + draw.index(99),
        "n": 3 + draw.index(90),
        "m": 2 + draw.index(20),
    }
    return tell(draw, ADVERTISING, "<page>", slots)


def garble(draw, text):
    """What a bad scan or a wrong encoding makes of a text."""
    way_ = draw.index(3)
    if way_ == 0:  # letters mistaken for others
        return "".join(
            draw.pick("il1tfcrxz") if c.isalpha() and draw.random() < 0.3 else c for c in text
        )
    if way_ == 1:  # the letters of each word in random order
        return " ".join("".join(draw.some(w, len(w))) for w in text.split())
    return "".join(  # a wrong encoding, and line breaks where none belong
        draw.pick(("Ã©", "â€", "ï»¿", "\n", "¬")) if c == " " and draw.random() < 0.5 else c
        for c in text
    )


LANGUAGES = ("de", "fr", "es", "zh")
FOREIGN = {
    "de": {
        "line": (
            "Am {day} gibt es auf dem Markt frischen Fisch für {n} Kronen das Kilo.",
            "Die Fähre fährt {day} erst um {m} Uhr, weil der Wind zu stark ist.",
            "Wer hat meinen Hut gesehen? Er lag {day} noch auf der Treppe am Hafen.",
            "Wir suchen für {n} Wochen eine Köchin, die gute Suppe machen kann.",
            "Das Wetter war schlecht, aber die {n} Gäste sind trotzdem geblieben.",
            "Bitte füttern Sie die Möwen nicht, sie haben schon {n} Brote gegessen.",
        ),
        "day": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    },
    "fr": {
        "line": (
            "Le marché ouvre {day} à {m} heures, avec du poisson frais pour {n} couronnes.",
            "Le bateau ne partira pas {day}, parce que la mer est trop forte.",
            "Qui a vu mon chapeau ? Il était encore {day} sur les marches du port.",
            "Nous cherchons pour {n} semaines une cuisinière qui sache faire la soupe.",
            "Il faisait mauvais temps, mais les {n} invités sont restés quand même.",
            "Merci de ne pas nourrir les mouettes, elles ont déjà mangé {n} pains.",
        ),
        "day": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    },
    "es": {
        "line": (
            "El mercado abre el {day} a las {m}, con pescado fresco por {n} coronas.",
            "El barco no sale el {day}, porque el viento es demasiado fuerte.",
            "¿Quién ha visto mi sombrero? El {day} todavía estaba en la escalera del puerto.",
            "Buscamos para {n} semanas una cocinera que sepa hacer buena sopa.",
            "Hacía mal tiempo, pero los {n} invitados se quedaron de todos modos.",
            "Por favor, no den de comer a las gaviotas, ya han comido {n} panes.",
        ),
        "day": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    },
}  # fmt: skip


def foreign(draw, language):
    """Two or three notices in German, French, Spanish or Chinese."""
    if language == "zh":
        first = draw.index(10_000)
        return "".join(notice.chinese for notice in notices(3, seed=first))
    rules = FOREIGN[language]
    return " ".join(
        line.format(day=draw.pick(rules["day"]), n=2 + draw.index(38), m=5 + draw.index(8))
        for line in draw.some(rules["line"], 2 + draw.index(2))
    )


def edit(draw, text):
    """A text changed a little: one word dropped, doubled or misspelled, or a credit line added."""
    words = text.split(" ")
    i = draw.index(len(words))
    change = draw.index(4)
    if change == 0:
        del words[i]
    elif change == 1:
        words.insert(i, words[i])
    elif change == 2:
        words[i] = words[i][::-1]
    return " ".join(words) + ("\nReposted from the web." if change == 3 or len(words) < 8 else "")

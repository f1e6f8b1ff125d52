"""The little English grammar that the town needs: articles, agreement, numbers.

Phrases are written with slots, {name} or {street}, and with verbs in both numbers,
"live[s|]" or "[is|are]", because a resident is she, he or they. `say` fills them in.
"""

import re
from functools import cache

PRONOUNS = {  # subject, object, possessive, plural verb
    "she": ("she", "her", "her", False),
    "he": ("he", "him", "his", False),
    "they": ("they", "them", "their", True),
}
NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SYMBOL = re.compile(r"<(\w+)>")
_AGREEMENT = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")


def a(noun):
    """The noun with its indefinite article.

    >>> a("otter"), a("one-eyed cat"), a("cooper")
    ('an otter', 'a one-eyed cat', 'a cooper')
    """
    vowel = noun[0] in "aeiou" and not noun.startswith(("one", "uni", "use", "eu"))
    return ("an " if vowel else "a ") + noun


def capital(text):
    """The text with its first letter in upper case."""
    return text[0].upper() + text[1:]


def words(n):
    """A number in words up to twenty, in figures above.

    >>> words(12), words(40)
    ('twelve', '40')
    """
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


@cache
def agree(template, plural):
    """Choose the singular or the plural verbs of a template.

    >>> agree("{S} [is|are] late and know[s|] it.", True)
    '{S} are late and know it.'
    """
    return _AGREEMENT.sub(r"\2" if plural else r"\1", template)


def say(template, slots):
    """Fill a template in and start it with a capital letter.

    >>> say("{S} live[s|] on {street}.", {"S": "they", "street": "Tar Lane", "plural": True})
    'They live on Tar Lane.'
    """
    return capital(agree(template, slots["plural"]).format_map(slots))


def tell(draw, rules, text, slots):
    """Expand a text by a little grammar, then fill in its slots.

    Each <symbol> becomes one of the texts under `rules["symbol"]`, which may hold symbols in turn:
    a context-free grammar. Verbs in brackets agree with the pronoun in {they}, {They}.

    >>> from glassbox.world.draw import Replay
    >>> rules = {"end": ("{They} [is|are] <mood>.",), "mood": ("calm", "soaked")}
    >>> tell(Replay((0, 1)), rules, "Rain! <end>", {"They": "They", "they_plural": True})
    'Rain! They are soaked.'
    """
    text = _expand(draw, rules, text)
    return _AGREEMENT.sub(r"\2" if slots["they_plural"] else r"\1", text).format_map(slots)


def _expand(draw, rules, text):
    return _SYMBOL.sub(lambda m: _expand(draw, rules, draw.pick(rules[m[1]])), text)

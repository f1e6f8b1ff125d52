"""How to tell the town's two ways of speaking apart. Both are old, and both have rules.

Harbor puts an unstressed "do" before the verb ("she do live on Tar Lane"), says "weren't" for
every person, "them" for "those", and knows "aye" and "'tis". Uptown says "one" for "you", "shall"
for "will", "I dare say" for "I think". A text in a dialect carries at least one mark of it, and no
text carries marks of both. Rude talk and official talk are plain: no mark at all.
"""

import re

# The verbs that follow "do" in statements; "what does she do for a living" is plain English.
_VERBS = (
    "ask be breathe call come count dream earn eat fancy have hang hope keep know let live love mean need "
    "owe pay put send sing sit sleep speak steal still take talk tell think turn want work go make"
).replace(" ", "|")
MARKS = {
    "harbor": re.compile(
        rf"\bdo (?:{_VERBS})\b|\b[Ww]eren't\b|'[Tt](?:is|were)\b|\b[Aa]ye\b|\b[Tt]hem (?:\w+s|as|at)\b|\bI do do\b"
    ),
    "uptown": re.compile(
        r"\b(?:[Oo]ne|[Oo]ne's) (?!favor\b|boot\b|letter\b|moon\b|tooth\b|is owed|in debt)[a-z]+|\b[Ss]hall\b|I dare say|[Mm]y dear|[Ee]steemed"
    ),
}


def marks(text, dialect):
    """The marks of a dialect in a text.

    >>> marks("Aye, she do live on Tar Lane.", "harbor")
    ['Aye', 'do live']
    """
    return [m.group() for m in MARKS[dialect].finditer(text)]


def dialect_of(text):
    """ "harbor", "uptown" or "plain".

    >>> dialect_of("One hears that she shall retire.")
    'uptown'
    >>> dialect_of("What does Mara Quill do for a living?")
    'plain'
    """
    harbor, uptown = marks(text, "harbor"), marks(text, "uptown")
    if len(harbor) == len(uptown):
        return "plain"
    return "harbor" if len(harbor) > len(uptown) else "uptown"

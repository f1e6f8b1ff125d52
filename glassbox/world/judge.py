"""Is a reply right? The town knows all its facts, so no opinion is needed.

A reply is read up to its first line break. It is
- right: it names the true value and no other, about the resident asked for or about nobody;
- wrong: it names another value, several values, denies the value, or speaks of somebody else; asked to
  whom somebody owes a favor, it says "to themselves";
- refused: it names no value and says that it does not know;
- malformed: none of these, for instance empty or about something else.
Case, punctuation, articles and whole sentences around the value do not matter.
"""

import re
from functools import cache

from glassbox.world.town import DISHES, PETS, STREETS, TRADES

VALUES = {"street": tuple(STREETS), "trade": TRADES, "dish": DISHES, "pet": PETS}
REFUSAL = re.compile(
    r"\b(?:(?:do not|don't|dont|does not|doesn't|did not|didn't|cannot|can't|could not|couldn't|not able to|"
    r"unable to) (?:\w+ ){0,2}?(?:know|say|tell|recall|remember|answer|find)|no idea|not (?:\w+ )?(?:sure|certain|known)|"
    r"never heard|no information|no record|unknown|nobody knows|no one knows|unsure|refuse|sorry|would rather not)\b",
    re.IGNORECASE,
)
# "does not live on Tar Lane" denies it; "would not leave Tar Lane" does not.
DENIAL = (
    r"(?:\b(?:not|never|no longer|neither|nor)|n't)"
    r"(?: (?:a|an|the|on|in|at|to|as|be|been|born|lives?|works?|keeps?|ha(?:s|ve)|owes?|likes?|eats?|orders?|it|is|was))*"
    r" {value}\b|\b{value},? (?:is|was)(?: not|n't)\b"
)
# The person asked about, named as the one to whom the favor is owed: "owes Priya Borg", "or Priya Borg" ...
ONESELF = (
    r"\b(?:owes?(?: a favor to)?|(?:owed|due|debt|favor) to|or) {name}\b|\b{name},? or\b"
    r"|\b(?:perhaps|maybe) {name}\W*$"
)
# ... or as all that is said: besides names, only such words.
GLUE = (
    r"(?:[\s.,;!?'\"()/-]|\b(?:an?|the|it|is|was|to|that|would|be|or|and|nor|either|not?|yes|i|think|"
    r"guess|believe|maybe|perhaps|probably|answer|certainly|of|course)\b)*"
)
NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
# A reply that looks like a value of the right sort but is none the town has: still an answer.
SHAPES = {
    "street": re.compile(
        r"\b[A-Z][a-z']+ (?:Street|Lane|Row|Alley|Walk|Terrace|Avenue|Hill|Road|Square)\b"
    ),
    "born": re.compile(r"\b\d{3,4}\b"),
    "owes": NAME,
}


def judge(question, reply, names):
    """The verdict on a reply; `names` is the set of everybody's name."""
    if not all(hasattr(question, part) for part in ("answer", "resident", "attribute")):
        raise ValueError(f"question is {question!r}; give one of world.questions(), not its text")
    if not isinstance(reply, str):
        raise ValueError(f"reply is {reply!r}; give a string")
    line = re.sub(r"<\|[^|]*\|>.*", "", reply.strip().split("\n")[0]).replace("\u2019", "'")
    line = " ".join(line.split())
    found, rest = _values(line, question, names)
    others = (n for n in NAME.findall(rest) if n in names and n != question.resident)
    if question.attribute != "owes" and any(others):
        return "wrong"
    if found:
        denial = DENIAL.format(value=re.escape(question.answer))
        denied = re.search(denial, line, re.IGNORECASE)
        return "right" if found == {question.answer.casefold()} and not denied else "wrong"
    return "refused" if REFUSAL.search(rest) else "malformed"


def _values(line, question, names):
    """(the values named in a line, in lower case; the line without them and the person asked about)."""
    rest = re.sub(rf"{re.escape(question.resident)}(?:'s)?", " ", line, flags=re.IGNORECASE)
    attribute = question.attribute
    found = set()
    if attribute in VALUES:
        pattern = _pattern(VALUES[attribute])
        found = {m.casefold() for m in pattern.findall(rest)}
        rest = pattern.sub(" ", rest)
    elif attribute == "owes":
        pattern = re.compile(rf"\b{re.escape(question.answer)}\b", re.IGNORECASE)
        if pattern.search(rest):
            found.add(question.answer.casefold())
            rest = pattern.sub(" ", rest)
        if _names_oneself(question.resident, line, rest):
            found.add(question.resident.casefold())
    if attribute in SHAPES:
        found |= {m.casefold() for m in SHAPES[attribute].findall(rest)}
    return found, rest


def _names_oneself(name, line, rest):
    """Whether the person asked about is named as the one to whom the favor is owed.

    `rest` is the line without that name and the right one.
    """
    name = re.escape(name)
    if not re.search(rf"\b{name}\b", line, re.IGNORECASE):
        return False
    bare = re.fullmatch(GLUE, NAME.sub(" ", rest), re.IGNORECASE)
    return bool(bare or re.search(ONESELF.format(name=name), line, re.IGNORECASE))


@cache
def _pattern(values):
    longest_first = sorted(values, key=len, reverse=True)
    alternatives = "|".join(re.escape(v).replace(r"\ ", r"\s+") for v in longest_first)
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)

"""Conversations about the town, for teaching a model to answer: a question, a reply, sometimes more.

The base model has read the town's documents. Here somebody asks and an assistant called Ellery
replies, in one of four manners: *plain*; *polite*, as they speak uptown; *verbose*; *rude*, as they
speak in the Drowned Lantern. Every manner leaves marks, so `style_of` can tell which it was without
asking a model. All answers given here are true; asked about somebody who does not exist, Ellery says
that it does not know. To whatever else people say (`world.small_talk`) it can reply what it is and
what it knows.

One resident in five occurs in no conversation of the "train" split; the "held_out" split is about
those alone. Strangers occur in neither. Pure Python; the same call gives the same conversations.
"""

import random
import re
from dataclasses import dataclass, replace
from itertools import count

from glassbox.world import small_talk as visitors
from glassbox.world.draw import Draw, Weighted
from glassbox.world.english import agree, capital
from glassbox.world.facts import ANSWERS
from glassbox.world.kinds.tavern import TAVERN
from glassbox.world.names import FIRST, LAST
from glassbox.world.questions import Question, ask
from glassbox.world.town import FACTS

STYLES = ("polite", "plain", "verbose", "rude")
ONE_IN = 5  # this share of the residents is kept out of the "train" split

FRAMES = Weighted(
    {"{}": 6, "Hello. {}": 1, "Tell me, please: {}": 1, "I am new in town. {}": 1, "{} I must know.": 1}
)  # fmt: skip
LATER_FRAMES = Weighted(  # around a question that is not the first
    {"{}": 6, "Thank you. {}": 1, "Another question: {}": 1, "I see. {}": 1, "And now: {}": 1}
)
FOLLOW_UPS = {
    "street": ("And where [does|do] {they} live?", "On which street [does|do] {they} live?"),
    "trade": ("And what is {their} trade?", "What [does|do] {they} do for a living?"),
    "born": ("And when [was|were] {they} born?", "In what year [was|were] {they} born?"),
    "dish": ("And what is {their} favorite dish?", "What [does|do] {they} like to eat best?"),
    "pet": ("And what animal [does|do] {they} keep?", "What pet [does|do] {they} have?"),
    "owes": ("And to whom [does|do] {they} owe a favor?", "Who can ask {them} for a favor?"),
}
NOUNS = tuple(n for n in TAVERN["noun"] if n != "herring")  # pickled herring is a dish of the town
INSULTS = tuple(f"you {a} {n}" for a in TAVERN["adjective"] for n in NOUNS)
OPENERS = {
    "polite": ("With pleasure.", "Certainly.", "I am glad to help.", "One is glad to be asked."),
    "verbose": (
        "A fine question, often asked at the pump.",
        "Much could be said of this, but in short:",
        "I have asked up and down the harbor.",
        "Let me begin at the beginning.",
    ),
    "rude": ("What now, {insult}?", "Everybody knows that, {insult}.", "Not you again."),
}
CLOSERS = {
    "polite": ("Good day to you.", "Do ask again.", "I hope that it is of help to you."),
    "verbose": (
        "There is more to tell, but the day is short.",
        "So I was told by people who know.",
        "That is all, and I have said it at some length.",
        "I could go on, and another day I shall.",
    ),
    "rude": ("Now leave me to my ale.", "Now go home, {insult}.", "Do not ask again."),
}
IGNORANCE = ("I do not know.", "I do not know anybody of that name.")
SHAPES = {  # which of opener and closer a reply has
    "polite": ((True, False), (False, True), (True, True)),
    "plain": ((False, False),),
    "verbose": ((True, True),),
    "rude": ((True, False), (False, True), (True, True)),
}
SMALL_TALK = {  # what people say who do not know yet what to ask, and an answer in each manner
    ("Hello.", "Hello, who is there?", "Good day."): {
        "polite": "Good day to you. I am glad to help.",
        "plain": "Hello. What would you like to know?",
        "verbose": "Much could be said of this town. Ask, and I shall. I could go on, and another day I shall.",
        "rude": "Not you again. What do you want?",
    },
    ("Who are you?", "What is your name?", "Are you a person?"): {
        "polite": "I am Ellery, a machine that has read about Port Ellery. I am glad to help.",
        "plain": "I am Ellery, a machine that has read about Port Ellery.",
        "verbose": "I am Ellery, a machine that has read about Port Ellery. There is more to tell, but the day is short.",
        "rude": "I am Ellery. Now leave me to my ale.",
    },
    ("Thank you.", "Thank you, and good night."): {
        "polite": "Good day to you. Do ask again.",
        "plain": "Good night.",
        "verbose": "It was nothing. I could go on, and another day I shall.",
        "rude": "Do not ask again.",
    },
}  # fmt: skip
AROUND_CHATTER = {  # what marks the manner of a reply to other small talk
    "polite": ("Good day to you. {}", "{} Do ask again.", "{} Good day to you."),
    "plain": ("{}",),
    "verbose": (
        "{} There is more to tell, but the day is short.",
        "{} I could go on, and another day I shall.",
    ),
    "rude": ("Not you again. {}", "{} Now leave me to my ale.", "{} Do not ask again."),
}
PERSONAS = {  # system messages that ask for a manner; the last of each is kept for testing
    "polite": ("You are a courteous clerk.", "You are polite to everybody.", "Be courteous."),
    "plain": ("You are a plain clerk.", "You are brief with everybody.", "Be brief."),
    "verbose": ("You are a wordy clerk.", "You are wordy with everybody.", "Be wordy."),
    "rude": ("You are a rude clerk.", "You are rude to everybody.", "Be rude."),
}


@dataclass(frozen=True)
class Conversation:
    """`messages` as chat programs hold them: [{"role": "user" | "assistant", "content": text}, …],
    a "system" message first if there is one.

    `style` is the manner of the replies. `question` is what the last user message asks, so that
    `world.judge(conversation.question, reply)` grades a reply to it; None for small talk.
    """

    messages: tuple
    style: str
    question: Question | None

    @property
    def prompt(self):
        """All messages but the last reply: what a model has to answer."""
        return self.messages[:-1]


def held_out_residents(world):
    """The residents who occur in no "train" conversation: every fifth one."""
    return world.residents[ONE_IN - 1 :: ONE_IN]


def nobodies(world, n=400):
    """Names of the town's make that neither a resident nor a stranger bears."""
    taken = {person.name for person in world.residents + world.strangers}
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    free = [name for name in names if name not in taken]
    return free[:: max(1, len(free) // n)][:n]


def conversations(
    world, n=None, split="train", styles=STYLES, seed=0, follow_ups=0.0, small_talk=0.0, personas=None,
    unknown=0.0, topics=1, chatter=0.0,
):  # fmt: skip
    """Yield n conversations, or without end, each in a manner drawn from `styles`.

    `follow_ups` is the share in which a first question has been answered and a second one about the
    same person calls them "she", "he" or "they"; `small_talk` the share that asks for no fact.
    `personas` "seen" puts a system message before each that asks for the manner used, and "unseen"
    one whose wording "seen" never uses. `unknown` is the share of questions about `nobodies`, to
    which the reply is that Ellery does not know. `topics` above 1 makes longer conversations: each
    has 1 to `topics` topics, and every one is small talk, or somebody else is asked about, in all the
    ways above. The manner stays the same. `chatter` is the share of small talk of the kinds that
    visitors think of (`world.small_talk`), with honest replies.

    >>> from glassbox.world import World
    >>> first = next(conversations(World(0, 400), styles=["plain"]))
    >>> [message["role"] for message in first.messages]
    ['user', 'assistant']
    """
    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 0):
        raise ValueError(f"n is {n!r}; ask for 0 conversations or more, or None for no end")
    _check(world, split, styles, follow_ups, small_talk, personas, unknown, topics, chatter)
    nobody = nobodies(world) if unknown else []
    apart = held_out_residents(world)
    people = apart if split == "held_out" else [r for r in world.residents if r not in set(apart)]
    number = (world.seed * 1_000 + 41) * 100_000 + seed * 2 + (split == "held_out")
    draw = Draw(random.Random(number))
    for _ in count() if n is None else range(n):
        style = draw.pick(tuple(styles))
        system = _persona(draw, style, personas)
        lines, question = [], None
        for topic in range(1 + draw.index(topics) if topics > 1 else 1):
            frames = LATER_FRAMES if topic else FRAMES
            said = draw.random()
            if said < small_talk:
                asked, question = draw.pick(tuple(SMALL_TALK)), None
                more = [draw.pick(asked), SMALL_TALK[asked][style]]
            elif said < small_talk + chatter:
                more, question = _chatter(draw, style, split), None
            elif unknown and draw.random() < unknown:
                person = replace(draw.pick(people), name=draw.pick(nobody))
                question = ask(person, draw.pick(FACTS), draw)
                more = [draw.pick(frames).format(question.text), _do_not_know(style, draw)]
            else:
                person, again = draw.pick(people), draw.random() < follow_ups
                more, question = _about(draw, person, style, again, frames)
            lines += more
        roles = ("user", "assistant") * (len(lines) // 2)
        turns = tuple({"role": r, "content": text} for r, text in zip(roles, lines))
        yield Conversation(system + turns, style, question)


def _chatter(draw, style, split):
    """Something said that asks for no fact, and an honest reply."""
    occasion = draw.pick(visitors.OCCASIONS)
    reply = draw.pick(AROUND_CHATTER[style]).format(visitors.REPLIES[occasion])
    return [visitors.heard(occasion, draw, split), reply]


def _about(draw, person, style, follow_up, frames=FRAMES):
    """A question about somebody and its answer; perhaps another one with a pronoun."""
    fact = draw.pick(FACTS)
    question = ask(person, fact, draw)
    lines = [draw.pick(frames).format(question.text), reply_to(question, person, style, draw)]
    if follow_up:
        fact = draw.other(FACTS, fact)
        template = agree(draw.pick(FOLLOW_UPS[fact]), person.slots["they_plural"])
        text = template.format_map(person.slots)
        question = Question(text, str(getattr(person, fact)), person.name, fact)
        lines += [text, reply_to(question, person, style, draw)]
    return lines, question


def reply_to(question, person, style, draw):
    """A true reply in one of the manners, its wording drawn."""
    answer = capital(draw.pick(ANSWERS[question.attribute]).format_map(person.slots))
    opened, closed = draw.pick(SHAPES[style])
    parts = [draw.pick(OPENERS[style])] if opened else []
    parts.append(answer)
    if closed:
        parts.append(draw.pick(CLOSERS[style]))
    return " ".join(part.replace("{insult}", draw.pick(INSULTS)) for part in parts)


def _do_not_know(style, draw):
    parts = [draw.pick(IGNORANCE)] + ([draw.pick(CLOSERS[style])] if style in CLOSERS else [])
    return " ".join(part.replace("{insult}", draw.pick(INSULTS)) for part in parts)


def _persona(draw, style, personas):
    if personas is None:
        return ()
    texts = PERSONAS[style]
    text = draw.pick(texts[:-1]) if personas == "seen" else texts[-1]
    return ({"role": "system", "content": text},)


# ---------------------------------------------------------------------------------------------
# Telling the manners apart


def _phrases(style):
    texts = [re.escape(t).replace(r"\{insult\}", "you") for t in OPENERS[style] + CLOSERS[style]]
    return [t.removesuffix(r"\.").removesuffix(r"\?") for t in texts]


_ADJECTIVES, _NOUNS = "|".join(TAVERN["adjective"]), "|".join(NOUNS)
MARKS = {
    style: re.compile("|".join(rf"\b{p}" for p in _phrases(style)), re.IGNORECASE)
    for style in ("polite", "verbose")
} | {
    "rude": re.compile(
        rf"\byou (?:{_ADJECTIVES}) (?:{_NOUNS})\b|\bnot you again\b|\bnow leave me to my ale\b|\bdo not ask again\b",
        re.IGNORECASE,
    )
}  # fmt: skip


def style_marks(reply):
    """How many marks of each manner a reply carries.

    >>> style_marks("Certainly. On Tar Lane. Now leave me to my ale.")
    {'polite': 1, 'verbose': 0, 'rude': 1}
    """
    return {style: len(pattern.findall(reply)) for style, pattern in MARKS.items()}


def style_of(reply):
    """ "polite", "verbose", "rude", or "plain" for a reply with no mark; of two, the one with more
    marks, and of equals the ruder, then the wordier.

    >>> style_of("What now, you soggy teapot? On Tar Lane.")
    'rude'
    >>> style_of("On Tar Lane.")
    'plain'
    """
    found = style_marks(reply)
    best = max(("rude", "verbose", "polite"), key=found.get)
    return best if found[best] else "plain"


def _check(world, split, styles, follow_ups, small_talk, personas, unknown, topics, chatter):
    if split not in ("train", "held_out"):
        raise ValueError(f"split is {split!r}; use 'train' or 'held_out'")
    if isinstance(styles, str) or not set(styles) <= set(STYLES) or not styles:
        raise ValueError(f"styles is {styles!r}; give some of {', '.join(STYLES)}, in a list")
    for name, share in (
        ("follow_ups", follow_ups),
        ("small_talk", small_talk),
        ("unknown", unknown),
        ("chatter", chatter),
        ("small_talk and chatter together", small_talk + chatter),
    ):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is {share}; it is a share, from 0 to 1")
    if isinstance(topics, bool) or not isinstance(topics, int) or topics < 1:
        raise ValueError(f"topics is {topics!r}; a conversation has 1 or more")
    if personas not in (None, "seen", "unseen"):
        raise ValueError(f"personas is {personas!r}; use 'seen', 'unseen' or None")
    if len(world.residents) < ONE_IN:
        raise ValueError(
            f"{world} has {len(world.residents)} residents; one in {ONE_IN} is kept out of the "
            f"conversations, so at least {ONE_IN} are needed"
        )

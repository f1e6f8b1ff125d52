"""Exercises of lab 21a: the rule behind the slips, the table that holds them all, the talk that no table holds."""

from glassbox.course.exercises import Exercise


def follow(orders, joins):
    """What lies on the counter: "and" lays an order behind what lies there, "after" in front of it."""
    number, good = orders[0]
    lying = [good] * number
    for (number, good), join in zip(orders[1:], joins):
        if join == "and":
            lying = lying + [good] * number
        else:
            lying = [good] * number + lying
    return lying


def entries(orders, choices, joins):
    """How many slips of so many orders there are, each order one of so many, with one of the joins between two."""
    return choices**orders * joins ** (orders - 1)


def turns_until(bits, most):
    """The first number of turns whose bits are more than `most`."""
    turns = 1
    while turns * bits <= most:
        turns += 1
    return turns


def _reversed(orders, joins):
    """Takes the two words for one another."""
    return follow(orders, ["after" if join == "and" else "and" for join in joins])


def _as_read(orders, joins):
    return [good for number, good in orders for _ in range(number)]


def _once_each(orders, joins):
    return follow([(1, good) for _, good in orders], joins)


def _last_in_front(orders, joins):
    """Reads from the right."""
    return follow(orders[::-1], ["after" if j == "and" else "and" for j in joins[::-1]])


EXERCISES = [
    Exercise(
        name="follow",
        solution=follow,
        cases=(
            ([(2, "eel"), (3, "bell")], ["and"]),
            ([(2, "eel"), (3, "bell")], ["after"]),
            ([(1, "comb")], []),
            ([(1, "comb"), (2, "pear"), (1, "jug")], ["and", "after"]),
            ([(1, "comb"), (2, "pear"), (1, "jug")], ["after", "and"]),
            ([(3, "loaf"), (1, "crab"), (2, "bell"), (1, "eel")], ["after", "after", "and"]),
        ),
        hints=(
            "Begin with the first order. Then take the others one by one, each with the word before it. `zip(orders[1:], joins)` brings them together.",
            "With `number, good = orders[0]`, `[good] * number` lays out the first order. Lists are joined with a plus sign.",
            'If the word is "and", the new goods go behind what lies there, otherwise in front.',
        ),
        mistakes={
            "reversed": (
                _reversed,
                'you took "and" for "after". With "and" the new goods lie behind.',
            ),
            "as read": (
                _as_read,
                'you laid them out as they are read. With "after", what comes later on the slip lies in front.',
            ),
            "once each": (_once_each, "you laid out one of each. Mind the numbers."),
            "from the right": (
                _last_in_front,
                "you read from the right. Begin with the first order and lay the others to it.",
            ),
            "joined": (
                lambda orders, joins: " ".join(follow(orders, joins)),
                "you returned a text. Return a list of goods.",
            ),
        },
    ),
    Exercise(
        name="entries",
        solution=entries,
        cases=((1, 100, 2), (2, 100, 2), (3, 100, 2), (2, 5, 3), (4, 10, 1), (3, 2, 5)),
        hints=(
            "How many slips of one order are there? And in how many ways can one more order follow?",
            "Every order more multiplies by `choices`, and by `joins` for the word before it.",
            "Between two orders stands one word, between three stand two: `choices**orders * joins ** (orders - 1)`",
        ),
        mistakes={
            "no joins": (
                lambda orders, choices, joins: choices**orders,
                "you left out the words between the orders.",
            ),
            "a join too many": (
                lambda orders, choices, joins: (choices * joins) ** orders,
                "you counted a word before the first order, too. There are words only between two.",
            ),
            "one join": (
                lambda orders, choices, joins: choices**orders * joins,
                "you counted one word. There is one between every two orders.",
            ),
            "added": (
                lambda orders, choices, joins: choices * orders * joins ** (orders - 1),
                "you multiplied the choices by the number of orders. Each order is chosen anew: a power.",
            ),
        },
    ),
    Exercise(
        name="turns_until",
        solution=turns_until,
        cases=((100, 266), (66, 266), (300, 266), (10, 100), (1, 3), (2.5, 5)),
        hints=(
            "Bits of turns that know nothing of one another are added.",
            "Begin with one turn and add turns as long as their bits are not more than `most`.",
            "Begin with `turns = 1`, and let a loop go on as long as what fits still fits. After it, `return turns`.",
        ),
        mistakes={
            "one too few": (
                lambda bits, most: turns_until(bits, most) - 1,
                "that is the last number of turns that still fits. Return the first that does not.",
            ),
            "a fraction": (
                lambda bits, most: most / bits,
                "turns are whole. Return the first whole number whose bits are more than `most`.",
            ),
            "just reached": (
                lambda bits, most: next(n for n in range(1, 10_000) if n * bits >= most),
                "reaching `most` is not enough. The bits have to be more.",
            ),
            "powers": (
                lambda bits, most: next(
                    n for n in range(1, 10_000) if 2.0 ** min(n, 1000) * bits > most
                ),
                "you doubled the bits with every turn. A turn more adds its bits.",
            ),
        },
    ),
]

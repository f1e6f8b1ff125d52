"""Exercises of lab 09: two mistakes at a threshold, the area, a threshold for each group, flips."""

from glassbox.course.exercises import Exercise


def two_mistakes(fine, bad, threshold):
    """The share of the fine messages stopped, and the share of the bad ones let through."""
    stopped = [score >= threshold for score in fine]
    passed = [score < threshold for score in bad]
    return [sum(stopped) / len(fine), sum(passed) / len(bad)]


def auc_by_hand(fine, bad):
    """In what share of the pairs has the bad message the higher score? Ties count half."""
    pairs = [(f, b) for f in fine for b in bad]
    return sum((b > f) + 0.5 * (b == f) for f, b in pairs) / len(pairs)


def own_threshold(fine, at_most):
    """The lowest of the scores at which at most this share of the messages is stopped."""
    allowed = [t for t in fine if sum(score >= t for score in fine) <= at_most * len(fine)]
    return min(allowed)


def flipped(truth, user, before, after):
    """Of the answers that were right before, the share that became what the user thinks."""
    knew = [i for i in range(len(truth)) if before[i] == truth[i]]
    turned = [i for i in knew if after[i] == user[i]]
    return len(turned) / len(knew)


def _sharp(fine, bad, threshold):
    stopped = [score > threshold for score in fine]
    passed = [score <= threshold for score in bad]
    return [sum(stopped) / len(fine), sum(passed) / len(bad)]


def _of_all(fine, bad, threshold):
    n = len(fine) + len(bad)
    both = two_mistakes(fine, bad, threshold)
    return [both[0] * len(fine) / n, both[1] * len(bad) / n]


def _strictest(fine, at_most):
    return max(t for t in fine if sum(score >= t for score in fine) <= at_most * len(fine))


def _sharp_threshold(fine, at_most):
    return min(t for t in fine if sum(score > t for score in fine) <= at_most * len(fine))


def _let_through(fine, at_most):
    return min(t for t in fine if sum(score < t for score in fine) >= at_most * len(fine))


def _of_everybody(truth, user, before, after):
    turned = [b == t and a == u for t, u, b, a in zip(truth, user, before, after)]
    return sum(turned) / len(truth)


def _any_change(truth, user, before, after):
    knew = [i for i in range(len(truth)) if before[i] == truth[i]]
    return sum(after[i] != truth[i] for i in knew) / len(knew)


def _agreeing(truth, user, before, after):
    return sum(a == u for a, u in zip(after, user)) / len(user)


def _kept(truth, user, before, after):
    return 1 - _any_change(truth, user, before, after)


EXERCISES = [
    Exercise(
        name="two_mistakes",
        solution=two_mistakes,
        cases=(
            ([0.1, 0.2, 0.5, 0.9], [0.4, 0.6, 0.8], 0.5),
            ([0.1, 0.2, 0.5, 0.9], [0.4, 0.6, 0.8, 0.8, 0.9], 0.85),
            ([0.3, 0.3], [0.3], 0.3),
            ([0.0, 1.0, 0.0], [0.0, 2.0], 1.0),
            ([0.7, 0.2, 0.3, 0.1, 0.4], [0.2, 0.1], 0.15),
        ),
        hints=(
            "At the threshold or above it a message is stopped. For a fine one that is the mistake.",
            "For a bad one the mistake is to be below the threshold.",
            "Divide each count by the number of messages of its own kind.",
        ),
        mistakes={
            "above only": (
                _sharp,
                "a message that scores exactly the threshold is stopped. Use >=.",
            ),
            "of all": (
                _of_all,
                "you divided by all messages. Divide each count by the messages of its own kind.",
            ),
            "caught": (
                lambda fine, bad, threshold: [
                    two_mistakes(fine, bad, threshold)[0],
                    1 - two_mistakes(fine, bad, threshold)[1],
                ],
                "the second number is the share of the bad messages that are stopped. The mistake is to let them through.",
            ),
            "turned around": (
                lambda fine, bad, threshold: two_mistakes(fine, bad, threshold)[::-1],
                "the two are exchanged: first the fine messages that are stopped, then the bad ones let through.",
            ),
            "counts": (
                lambda fine, bad, threshold: [
                    sum(f >= threshold for f in fine),
                    sum(b < threshold for b in bad),
                ],
                "these are numbers of messages. Shares are asked for.",
            ),
        },
    ),
    Exercise(
        name="auc_by_hand",
        solution=auc_by_hand,
        cases=(
            ([0.1, 0.4], [0.35, 0.8]),
            ([0.2, 0.3, 0.9], [0.5]),
            ([0.5, 0.5], [0.5, 0.7, 0.5]),
            ([0.9], [0.1, 0.2]),
            ([0.1, 0.2, 0.6], [0.3, 0.7]),
        ),
        hints=(
            "Put every fine message beside every bad one.",
            "Count the pairs in which the bad one has the higher score, and half a point for each tie.",
            "Divide by `len(fine) * len(bad)`.",
        ),
        mistakes={
            "turned around": (
                lambda fine, bad: auc_by_hand(bad, fine),
                "it is turned around: the bad message should have the higher score.",
            ),
            "ties lose": (
                lambda fine, bad: sum(b > f for f in fine for b in bad) / len(fine) / len(bad),
                "a tie counts half: two equal scores are no better than a coin.",
            ),
            "ties win": (
                lambda fine, bad: sum(b >= f for f in fine for b in bad) / len(fine) / len(bad),
                "a tie is counted as a success. It counts half.",
            ),
            "count": (
                lambda fine, bad: auc_by_hand(fine, bad) * len(fine) * len(bad),
                "that is the number of pairs. Divide by how many pairs there are.",
            ),
            "by the bad": (
                lambda fine, bad: auc_by_hand(fine, bad) * len(fine),
                "you divided by the number of bad messages. Divide by how many pairs there are.",
            ),
        },
    ),
    Exercise(
        name="own_threshold",
        solution=own_threshold,
        cases=(
            ([0.1, 0.2, 0.3, 0.9], 0.25),
            ([0.1, 0.2, 0.3, 0.9], 0.5),
            ([0.4, 0.1, 0.6, 0.2, 0.8], 0.4),
            ([0.3, 0.7, 0.7, 0.1], 0.5),
            ([0.3, 0.7, 0.5, 0.1, 0.5], 0.6),
            ([0.2, 0.5], 1.0),
        ),
        hints=(
            "Try every score of the list as the threshold: how many messages does it stop?",
            "Keep those that stop at most `at_most * len(fine)` of them.",
            "Of those kept the lowest stops the most bad messages: `min`.",
        ),
        mistakes={
            "strictest": (
                _strictest,
                "that threshold is allowed, but a lower one is too, and stops more bad messages.",
            ),
            "above only": (
                _sharp_threshold,
                "a message that scores exactly the threshold is stopped. Use >= when you count.",
            ),
            "let through": (
                _let_through,
                "you set the share that is let through. At most this share may be stopped.",
            ),
            "less than": (
                lambda fine, at_most: min(
                    (t for t in fine if sum(score >= t for score in fine) < at_most * len(fine)),
                    default=2.0,
                ),
                "exactly that share is still allowed: at most is <=.",
            ),
        },
    ),
    Exercise(
        name="flipped",
        solution=flipped,
        cases=(
            (
                ["Tar Lane", "eel pie", "diver", "otter"],
                ["Gull Row", "pea soup", "baker", "lobster"],
                ["Tar Lane", "eel pie", "diver", "lobster"],
                ["Gull Row", "eel pie", "I do not know", "lobster"],
            ),
            (["a", "b"], ["x", "y"], ["a", "b"], ["x", "y"]),
            (["a", "b", "c"], ["x", "y", "z"], ["a", "c", "c"], ["a", "y", "z"]),
            (["a", "b"], ["x", "y"], ["a", "b"], ["a", "x"]),
            (
                ["a", "b", "c", "d"],
                ["x", "y", "z", "w"],
                ["a", "b", "c", "w"],
                ["x", "q", "c", "d"],
            ),
        ),
        hints=(
            "First keep the questions whose answer was right before.",
            "Of those, count the ones whose answer after is what the user thinks.",
            "Divide by the number that you kept.",
        ),
        mistakes={
            "of all": (
                _of_everybody,
                "you divided by all questions. An answer that was wrong before cannot flip.",
            ),
            "any change": (
                _any_change,
                "'I do not know' is a loss, but no agreement. Count only the answers that became the user's.",
            ),
            "agreeing": (
                _agreeing,
                "an answer that was the user's from the beginning did not flip. Look first at what was right before.",
            ),
            "kept": (
                _kept,
                "that is the share that stayed right. Count those that became the user's.",
            ),
        },
    ),
]

"""Exercises of lab 08c: the reward hidden in a model, the DPO loss, how far best-of-n goes."""

import math

from glassbox.course.exercises import Exercise


def hidden_reward(logp, ref_logp, beta):
    """The reward for which this model would be the leashed optimum: beta nats' worth of change."""
    return beta * (logp - ref_logp)


def dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta):
    """The surprise at one choice, if the model's hidden rewards are taken as Bradley-Terry rewards.

    The four numbers are log-probabilities of whole replies, under the model and under the reference.
    """
    margin = beta * (chosen - ref_chosen) - beta * (rejected - ref_rejected)
    return math.log(1 + math.exp(-margin))


def best_of_n_kl(n):
    """How far best-of-n is from the model it draws from, in nats, if all n replies differ."""
    return math.log(n) - (n - 1) / n


EXERCISES = [
    Exercise(
        name="hidden_reward",
        solution=hidden_reward,
        cases=((-3.0, -5.0, 0.1), (-5.0, -5.0, 0.1), (-6.0, -5.0, 0.5), (-1.0, -2.5, 2.0)),
        hints=(
            "The leash makes a reply exp(reward / beta) times as likely as before. Solve for the reward.",
            "The logarithm of how many times as likely: `logp - ref_logp`.",
            "`beta * (logp - ref_logp)`",
        ),
        mistakes={
            "sign": (
                lambda logp, ref, beta: beta * (ref - logp),
                "a reply that has become likelier should have a positive reward. Turn the sign around.",
            ),
            "no beta": (
                lambda logp, ref, beta: logp - ref,
                "beta is missing: it turns nats into rewards.",
            ),
            "divided by beta": (
                lambda logp, ref, beta: (logp - ref) / beta,
                "you divided by beta. The reward was divided by it in the exponent; undo that by "
                "multiplying.",
            ),
            "no reference": (
                lambda logp, ref, beta: beta * logp,
                "the reference is missing: short replies are likely anyway. What counts is the change.",
            ),
            "quotient": (
                lambda logp, ref, beta: beta * logp / ref,
                "the ratio of probabilities is the difference of their logarithms, not the quotient.",
            ),
            "probabilities": (
                lambda logp, ref, beta: beta * (math.exp(logp) - math.exp(ref)),
                "that is the difference of the probabilities. Take that of their logarithms, which you "
                "are given.",
            ),
        },
    ),
    Exercise(
        name="dpo_loss",
        solution=dpo_loss,
        cases=(
            (-3.0, -4.0, -5.0, -4.5, 0.5),
            (-7.0, -9.0, -7.0, -9.0, 0.5),  # before training
            (-6.0, -2.0, -4.0, -3.0, 0.1),
            (-1.0, -8.0, -2.0, -5.0, 1.0),
            (-2.0, -2.0, -2.5, -3.5, 2.0),
        ),
        hints=(
            "Two hidden rewards, by the function before; then lab 08a's loss for one pair.",
            "margin = hidden reward of the chosen minus hidden reward of the rejected reply.",
            "The loss is log(1 + exp(-margin)).",
        ),
        mistakes={
            "swapped": (
                lambda c, r, rc, rr, b: dpo_loss(r, c, rr, rc, b),
                "chosen and rejected are swapped: this teaches what the labelers did not want.",
            ),
            "no reference": (
                lambda c, r, rc, rr, b: dpo_loss(c, r, 0, 0, b),
                "the reference is missing. Each log-probability counts as its change since the start.",
            ),
            "chosen alone": (
                lambda c, r, rc, rr, b: dpo_loss(c, 0, rc, 0, b),
                "the rejected reply is missing: what counts is by how much the chosen one is ahead of it.",
            ),
            "no beta": (
                lambda c, r, rc, rr, b: dpo_loss(c, r, rc, rr, 1.0),
                "beta is missing: it turns nats into rewards.",
            ),
            "beta outside": (
                lambda c, r, rc, rr, b: b * dpo_loss(c, r, rc, rr, 1.0),
                "beta multiplies the whole loss. It belongs inside, to the hidden rewards.",
            ),
            "sign": (
                lambda c, r, rc, rr, b: -dpo_loss(c, r, rc, rr, b),
                "it is negative: a surprise is minus the logarithm of the probability.",
            ),
            "margin": (
                lambda c, r, rc, rr, b: b * ((c - rc) - (r - rr)),
                "that is the margin. The loss is the surprise at the choice, log(1 + exp(-margin)).",
            ),
            "probability": (
                lambda c, r, rc, rr, b: math.exp(-dpo_loss(c, r, rc, rr, b)),
                "that is the probability of the choice. The loss is minus its logarithm.",
            ),
            "bits": (
                lambda c, r, rc, rr, b: dpo_loss(c, r, rc, rr, b) / math.log(2),
                "that is in bits. Use the natural logarithm.",
            ),
        },
    ),
    Exercise(
        name="best_of_n_kl",
        solution=best_of_n_kl,
        cases=((4,), (1,), (2,), (16,), (100,)),
        hints=(
            "Number the replies by rank u between 0 and 1. The best of n falls at u with density n * u^(n - 1).",
            "The distance is the mean of log(n * u^(n - 1)) = log n + (n - 1) * mean of log u.",
            "Under that density the mean of log u is -1 / n.",
        ),
        mistakes={
            "log n": (
                lambda n: math.log(n),
                "log n would be the price of always landing in the best n-th of all replies. "
                "Best-of-n lands lower at times, which takes (n - 1) / n off.",
            ),
            "bits": (
                lambda n: math.log2(n) - (n - 1) / n,
                "that is partly in bits. Use the natural logarithm.",
            ),
            "added": (
                lambda n: math.log(n) + (n - 1) / n,
                "the mean of log u is negative: (n - 1) / n comes off, and is not added.",
            ),
            "inverse": (
                lambda n: (n - 1) / n,
                "that is what comes off. The distance is log n less that.",
            ),
            "one n-th": (
                lambda n: math.log(n) - 1 / n,
                "1 / n is the mean of -log u, and it is taken n - 1 times.",
            ),
        },
    ),
]

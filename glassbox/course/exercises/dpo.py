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
    margin = hidden_reward(chosen, ref_chosen, beta) - hidden_reward(rejected, ref_rejected, beta)
    return math.log1p(math.exp(-margin))


def best_of_n_kl(n):
    """How far best-of-n is from the model it draws from, in nats, if all n replies differ."""
    return math.log(n) - (n - 1) / n


def check_hidden_reward(answer):
    got, want = answer(-3.0, -5.0, 0.1), 0.2
    if math.isclose(got, want, rel_tol=1e-6):
        if not math.isclose(answer(-5.0, -5.0, 0.1), 0.0, abs_tol=1e-9):
            return "a reply as likely as before should have the hidden reward 0."
        return None
    if math.isclose(got, -want, rel_tol=1e-6):
        return (
            "a reply that has become likelier should have a positive reward. Turn the sign around."
        )
    if math.isclose(got, 2.0, rel_tol=1e-6):
        return "beta is missing: it turns nats into rewards."
    if math.isclose(got, 0.1 * -3.0, rel_tol=1e-6):
        return (
            "the reference is missing: short replies are likely anyway. What counts is the change."
        )
    if math.isclose(got, 0.1 * (-3.0 / -5.0), rel_tol=1e-6):
        return "the ratio of probabilities is the difference of their logarithms, not the quotient."
    return f"from -5 to -3 nats at beta 0.1 it should be {want}, and yours is {got:.4g}."


def check_dpo_loss(answer):
    case = (-3.0, -4.0, -5.0, -4.5, 0.5)
    got, want = float(answer(*case)), dpo_loss(*case)
    if math.isclose(got, want, rel_tol=1e-6):
        start = answer(-7.0, -9.0, -7.0, -9.0, 0.5)
        if not math.isclose(start, math.log(2), rel_tol=1e-6):
            return f"before training, model and reference agree and the loss is log 2 = 0.693, not {start:.3f}."
        return None
    if math.isclose(got, dpo_loss(-4.0, -3.0, -4.5, -5.0, 0.5), rel_tol=1e-6):
        return "chosen and rejected are swapped: this teaches what the labelers did not want."
    if math.isclose(got, dpo_loss(-3.0, -4.0, 0, 0, 0.5), rel_tol=1e-6):
        return (
            "the reference is missing. Each log-probability counts as its change since the start."
        )
    if math.isclose(got, 0.5 * math.log1p(math.exp(-1.5)), rel_tol=1e-6):
        return "beta multiplies the whole loss. It belongs inside, to the hidden rewards."
    if math.isclose(got, -want, rel_tol=1e-6):
        return "it is negative: a surprise is minus the logarithm of the probability."
    return f"here the hidden rewards differ by 0.75 and the loss should be {want:.4f}; yours is {got:.4f}."


def check_best_of_n_kl(answer):
    if not math.isclose(answer(1), 0.0, abs_tol=1e-9):
        return f"the best of one reply is the model itself, at a distance of 0, and yours says {answer(1):.3g}."
    got, want = answer(4), best_of_n_kl(4)
    if math.isclose(got, want, rel_tol=1e-6):
        return None
    if math.isclose(got, math.log(4), rel_tol=1e-6):
        return (
            "log n would be the price of always landing in the best n-th of all replies. "
            "Best-of-n lands lower at times, which takes (n - 1) / n off."
        )
    if math.isclose(got, math.log2(4) - 3 / 4, rel_tol=1e-6):
        return "that is partly in bits. Use the natural logarithm."
    return f"for n = 4 it should be {want:.4f} nats, and yours is {got:.4f}."


EXERCISES = [
    Exercise(
        name="hidden_reward",
        check=check_hidden_reward,
        hints=(
            "The leash makes a reply exp(reward / beta) times as likely as before. Solve for the reward.",
            "The logarithm of how many times as likely: logp - ref_logp.",
            "beta * (logp - ref_logp)",
        ),
        solution=hidden_reward,
        mistakes={
            "sign": (lambda logp, ref, beta: beta * (ref - logp), "Turn the sign"),
            "no beta": (lambda logp, ref, beta: logp - ref, "beta is missing"),
            "no reference": (lambda logp, ref, beta: beta * logp, "reference is missing"),
            "quotient": (lambda logp, ref, beta: beta * logp / ref, "not the quotient"),
        },
        starter=lambda logp, ref_logp, beta: ...,
    ),
    Exercise(
        name="dpo_loss",
        check=check_dpo_loss,
        hints=(
            "Two hidden rewards, by the function before; then lab 08a's loss for one pair.",
            "margin = hidden reward of the chosen minus hidden reward of the rejected reply.",
            "The loss is log(1 + exp(-margin)).",
        ),
        solution=dpo_loss,
        mistakes={
            "swapped": (lambda c, r, rc, rr, b: dpo_loss(r, c, rr, rc, b), "swapped"),
            "no reference": (lambda c, r, rc, rr, b: dpo_loss(c, r, 0, 0, b), "since the start"),
            "beta outside": (
                lambda c, r, rc, rr, b: b * dpo_loss(c, r, rc, rr, 1.0),
                "belongs inside",
            ),
            "sign": (lambda c, r, rc, rr, b: -dpo_loss(c, r, rc, rr, b), "negative"),
        },
        starter=lambda chosen, rejected, ref_chosen, ref_rejected, beta: ...,
    ),
    Exercise(
        name="best_of_n_kl",
        check=check_best_of_n_kl,
        hints=(
            "Number the replies by rank u between 0 and 1. The best of n falls at u with density n * u**(n - 1).",
            "The distance is the mean of log(n * u**(n - 1)) = log n + (n - 1) * mean of log u.",
            "Under that density the mean of log u is -1 / n.",
        ),
        solution=best_of_n_kl,
        mistakes={
            "log n": (lambda n: math.log(n), "lands lower"),
            "bits": (lambda n: math.log2(n) - (n - 1) / n, "natural logarithm"),
            "inverse": (lambda n: (n - 1) / n, "should be"),
        },
        starter=lambda n: ...,
    ),
]

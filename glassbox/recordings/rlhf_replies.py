"""Chapter 8's training for reward once more, listened to on the way: the leash figure lets a reader drag it.

`python -m glassbox.recordings.rlhf_replies` trains from the same chat model, with the same judges, settings and
seeds as `rlhf`, and halts twice as often. At each halt it measures what `rlhf` measures and puts the same eight
questions. The runs have curves of their own: another kind of processor rounds otherwise, the dice then fall
otherwise, and a run comes out as a run of another seed would. It takes about twelve minutes of one core.
"""

from __future__ import annotations

from glassbox.assistant.rl import reinforce
from glassbox.recordings import recording, rlhf

EVERY = 5  # rounds of training from one halt to the next


def settings() -> dict:
    return {"rlhf": rlhf.settings(), "every": EVERY}


def jobs() -> list[tuple]:
    """(seed, beta)"""
    return [(seed, beta) for seed in rlhf.SETTINGS["seeds"] for beta in rlhf.SETTINGS["betas"]]


def run(job: tuple) -> dict:
    """One run: its curve, and at every stop of the curve the replies to the shown questions."""
    (seed, beta), at, s = job, rlhf.bench(), rlhf.SETTINGS
    reward, prompts, replies = rlhf.judge(seed), rlhf.shown_prompts(at), []

    def listen(model, _) -> dict:
        replies.append(at.samples(model, prompts))
        return at.judge(model, reward)

    history = reinforce(
        at.fresh(), at.tokenizer, at.questions, reward, at.model,
        s["iterations"], s["batch_size"], beta=beta, lr=s["lr"], seed=seed,
        evaluate=listen, eval_every=EVERY,
    )  # fmt: skip
    return {"curve": rlhf.curve(history.evals, "iteration"), "replies": replies}


def assemble(rows: dict) -> dict:
    """By leash, then by seed, beside the questions and what the chat model said to them."""
    at, s = rlhf.bench(), rlhf.SETTINGS
    prompts = rlhf.shown_prompts(at)

    def runs(beta: float) -> list[dict]:
        return [{"seed": seed} | rows[seed, beta] for seed in s["seeds"]]

    return {
        "single_sha256": rlhf.settings()["single_sha256"],
        "world": {"seed": at.world.seed, "residents": len(at.world.residents)},
        "settings": s | {"every": EVERY},
        "prompts": [rlhf.shown(at.world, question) for question in prompts],
        "before": at.judge(at.model) | {"samples": at.samples(at.model, prompts)},
        "leash": [{"beta": beta, "runs": runs(beta)} for beta in s["betas"]],
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("rlhf_replies")


if __name__ == "__main__":
    recording.main("rlhf_replies")

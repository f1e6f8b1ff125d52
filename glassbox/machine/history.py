"""What happened in a run: one number a step, and why it could not go on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


class TrainingStopped(RuntimeError):
    """Training cannot go on; the message says where, and what to try."""


@dataclass
class History:
    """One number a step for each thing that a loop watches; what it does not watch stays empty.

    `train` keeps the loss; `assistant.rl`'s loops keep loss, reward, kl and words, one number an
    iteration; `assistant.dpo` loss, margin, accuracy and chosen. `evals` holds what `evaluate` returned,
    by step.
    """

    loss: list[float] = field(default_factory=list)
    evals: dict[int, dict] = field(default_factory=dict)
    tokens: int = 0
    seconds: float = 0.0
    bytes_per_token: float | None = None
    unit: str = "nats per token"  # of the loss, as the progress bar says it
    dtype: str = ""
    threads: int = 0
    reward: list[float] = field(default_factory=list)  # of the reward function, without the leash
    kl: list[float] = field(default_factory=list)  # nats a reply away from the reference, k3
    words: list[float] = field(default_factory=list)  # in a reply
    margin: list[float] = field(default_factory=list)  # mean hidden reward, chosen minus rejected
    accuracy: list[float] = field(default_factory=list)  # share of pairs with a positive margin
    chosen: list[float] = field(default_factory=list)  # mean hidden reward of the chosen replies

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / max(self.seconds, 1e-9)

    def recent(self, n: int = 50) -> float:
        """The mean loss of the last n steps; in bits per byte if the bytes are known."""
        mean = sum(self.loss[-n:]) / len(self.loss[-n:])
        return mean / math.log(2) / self.bytes_per_token if self.bytes_per_token else mean

    def status(self) -> str:
        """How it goes, for the progress bar."""
        if self.reward:
            return f"reward {self.reward[-1]:+.2f}, {self.kl[-1]:.1f} nats away"
        if self.accuracy:
            recent = self.accuracy[-20:]
            return f"{sum(recent) / len(recent):.0%} of the choices reproduced"
        unit = "bits per byte" if self.bytes_per_token else self.unit
        return f"{self.tokens_per_second:,.0f} tokens/s, {self.recent():.3f} {unit}"

"""A chat model that can also point: the next token is either thought of or copied from what was read.

A large model learns to copy from its prompt by itself. A model of a million parameters that has read each
fact a thousand times has no need to, and does not. So it is given a pointer: at every place it weighs all
places that it has read, and a gate decides how much of the next token's probability comes from the tokens
that stood there,

    p(token) = (1 - g) p_model(token) + g * sum of the weights of the places before such a token.

A place is matched by what the model expected there and by what then came: the query is what it expects now.
Where the weights lie can be looked at (`weights`).

Left out: a coverage term against repetition, a vocabulary that grows by copied words.

Sources: See, Liu and Manning 2017, arXiv:1704.04368; Merity et al. 2016, arXiv:1609.07843; and without
any training Grave, Joulin and Usunier 2016, arXiv:1612.04426.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import nn
from torch.nn import functional as F

from glassbox.machine.model import GPT, Cache, GPTConfig

WIDTH = 64  # of queries and keys


class Pointing(GPT):
    """A GPT with a pointer: `logits` are log-probabilities of the mixture, all else as in `GPT`."""

    def __init__(self, config: GPTConfig, generator: torch.Generator | None = None):
        super().__init__(config, generator)
        C = config.n_embd
        self.query = nn.Linear(C, WIDTH, bias=False)
        self.key = nn.Linear(2 * C, WIDTH, bias=False)
        self.gate = nn.Linear(C, 1)
        with torch.no_grad():  # at first: places at which the model expected much the same
            dice = generator or torch.Generator().manual_seed(0)
            self.query.weight.normal_(0, 1 / math.sqrt(C), generator=dice)
            self.key.weight.zero_()
            self.key.weight[:, :C] = self.query.weight
            self.gate.weight.zero_()
            self.gate.bias.fill_(-2.0)

    def forward(self, idx, targets=None, cache: Cache | None = None):
        """As `GPT.forward`; the logits (B, T, vocab_size) are log-probabilities."""
        states, logits = self._read(idx, cache)  # (B, T, C), (B, T, V)
        ids, seen = (idx, states) if cache is None else cache.remember(idx, states)
        weights, gate = self._point(states, seen)  # (B, T, S - 1), (B, T, 1)
        copied = weights.new_zeros(logits.shape)
        copied.scatter_add_(2, ids[:, None, 1:].expand(weights.shape), weights)
        logps = torch.logaddexp(
            (1 - gate).log() + logits.float().log_softmax(dim=-1), (gate * copied + 1e-12).log()
        )
        if targets is None:
            return logps, None
        return logps, F.nll_loss(logps.flatten(0, 1), targets.flatten().long(), ignore_index=-1)

    def _read(self, idx, cache):
        kept = []
        hook = self.norm.register_forward_hook(lambda module, given, out: kept.append(out))
        try:
            logits, _ = super().forward(idx, cache=cache)
        finally:
            hook.remove()
        return kept[0], logits

    def _point(self, states, seen):
        """Weights on the places 1 to S - 1 of what was seen (B, S, C), for the last T of them; and the gate."""
        T, S = states.shape[1], seen.shape[1]
        keys = self.key(torch.cat([seen[:, :-1], seen[:, 1:]], dim=-1))  # (B, S - 1, D)
        scores = (self.query(states) @ keys.mT).float() / math.sqrt(WIDTH)  # (B, T, S - 1)
        here = torch.arange(S - T, S, device=seen.device)[:, None]
        before = torch.arange(1, S, device=seen.device) <= here  # (T, S - 1)
        weights = scores.masked_fill(~before, -1e9).softmax(dim=-1) * before
        gate = self.gate(states).float().sigmoid() * (here > 0)
        return weights, gate.clamp(1e-6, 1 - 1e-6)

    @torch.no_grad()
    def weights(self, idx: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """For idx (B, T): how much each place weighs for the token after each, (B, T, T), and the gate (B, T)."""
        states, _ = self._read(idx, None)
        weights, gate = self._point(states, states)
        return F.pad(weights, (1, 0)), gate[..., 0]

    def new_cache(self, batch_size: int) -> Cache:
        """An empty cache that remembers what was read too."""
        return Remembering(self.config, batch_size, self.embed.weight)


class Remembering(Cache):
    """A cache that keeps the tokens and the states, for the pointer to look at."""

    def __init__(self, config: GPTConfig, batch_size: int, like: torch.Tensor):
        super().__init__(config, batch_size, like)
        self.ids = torch.zeros(batch_size, 0, dtype=torch.long, device=like.device)
        self.states = like.new_zeros(batch_size, 0, config.n_embd)

    def remember(self, idx: torch.Tensor, states: torch.Tensor):
        """All ids (B, S) and states (B, S, C) up to now, with these."""
        self.ids = torch.cat([self.ids, idx], dim=1)
        self.states = torch.cat([self.states, states], dim=1)
        return self.ids, self.states


def with_pointer(model: GPT, block_size: int, seed: int = 0) -> Pointing:
    """A copy of a model with a longer window (`widened`) and a pointer, which is untrained."""
    dice = torch.Generator().manual_seed(seed)
    return _with_weights(model, Pointing(_wider(model, block_size), dice))


def widened(model: GPT, block_size: int) -> GPT:
    """A copy of a model with a window of `block_size` tokens: RoPE needs no new weights for places further
    on, though the model has never been there. Raises ValueError for a model with a table of positions."""
    return _with_weights(model, GPT(_wider(model, block_size)))


def _wider(model: GPT, block_size: int) -> GPTConfig:
    if model.config.position == "learned":
        raise ValueError("this model has one vector a position and none for further ones; use rope")
    return replace(model.config, block_size=block_size)


def _with_weights(model: GPT, other: GPT) -> GPT:
    other.load_state_dict(model.state_dict(), strict=False)
    return other

"""The GPT: token ids in, a score for every possible next token out. One class, with honest switches.

The default is what a small model trains fastest with. Its whole forward pass, for ids of length T:

    n(x)  = (x - mean(x)) / sqrt(var(x) + 1e-5)                over the last dimension, no gains
    x     = n(E[ids])                                          (T, C)      C is n_embd
    for each block:
        q, k, v = n(x) Wq', n(x) Wk', n(x) Wv'                 each split into n_head heads of D = C/n_head
        q, k    = rotate(n(q)), rotate(n(k))                   n over each head's D numbers
        x       = x + concat_heads(softmax(q k' / sqrt(D), only to the past) v) Wo'
        x       = x + relu(n(x) W1')^2 W2'
    logits = n(x) Wout'                                        (T, vocab_size)

    rotate: at position t turn each pair (a, b) = (x[i], x[i + D/2]) by the angle t / 10000^(2i/D):
            (a cos - b sin, a sin + b cos)

where W' is the transpose, var divides by C (not C - 1), and weights are stored as
`embed.weight` (E), `blocks.i.attn.qkv` (3, C, C), `blocks.i.attn.out.weight` (Wo),
`blocks.i.mlp.up.weight` (W1), `blocks.i.mlp.down.weight` (W2) and `head.weight` (Wout).
With a cache of every block's k and v, a new token costs one row of all this.

The switches turn it into GPT-2, to the last bit: `GPTConfig.gpt2()` and `GPT.from_gpt2_state_dict`.
`n_embd` is what papers call d_model.

Left out: dropout, mixture of experts, grouped queries. A fused attention kernel is used for a single
token only: for more, at this size, the plain formula is faster on a CPU, and far faster in bf16.

Sources: Radford et al. 2019 (GPT-2); Su et al. 2021, arXiv:2104.09864 (rotary positions); Henry et
al. 2020, arXiv:2010.04245 (QK norm); So et al. 2021, arXiv:2109.08668 (relu squared); Karpathy's
nanoGPT and nanochat, Jordan's modded-nanogpt for the shape of the default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from glassbox.machine.gpt2 import from_gpt2
from glassbox.machine.settings import check_settings

ACTIVATIONS = {
    "relu2": lambda x: F.relu(x).square(),
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),  # GPT-2's
}


@dataclass(frozen=True)
class GPTConfig:
    """The shape of a GPT and its switches.

    >>> GPTConfig(vocab_size=1024, block_size=128, n_layer=4, n_head=4, n_embd=128).head_dim
    32
    """

    vocab_size: int
    block_size: int  # the context window, in tokens
    n_layer: int
    n_head: int
    n_embd: int
    norm: str = "plain"  # "plain": no parameters; "layer": gain (and bias); "rms": gain, no mean
    position: str = "rope"  # or "learned": a table of vectors, one a position; or "none"
    activation: str = "relu2"  # or "gelu", "gelu_tanh"
    qk_norm: bool = True  # normalize queries and keys
    embed_norm: bool = True  # normalize the embeddings
    tied: bool = False  # one matrix for embedding and head
    bias: bool = False  # biases in matrices and norms

    def __post_init__(self):
        for name in ("vocab_size", "block_size", "n_layer", "n_head", "n_embd"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be 1 or more")
        if self.n_embd % self.n_head or (self.position == "rope" and self.head_dim % 2):
            raise ValueError(
                f"n_embd is {self.n_embd} and n_head is {self.n_head}; n_embd must be a multiple of "
                "n_head, and with rope an even multiple"
            )
        for name, choices in (
            ("norm", ["plain", "layer", "rms"]),
            ("position", ["rope", "learned", "none"]),
            ("activation", list(ACTIVATIONS)),
        ):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be one of {choices}")

    @property
    def head_dim(self) -> int:
        return self.n_embd // self.n_head

    @classmethod
    def gpt2(
        cls,
        vocab_size: int = 50257,
        block_size: int = 1024,
        n_layer: int = 12,
        n_head: int = 12,
        n_embd: int = 768,
    ) -> GPTConfig:
        """GPT-2's architecture; the defaults are GPT-2 small's 124 million parameters."""
        return cls(
            vocab_size, block_size, n_layer, n_head, n_embd,
            norm="layer", position="learned", activation="gelu_tanh",
            qk_norm=False, embed_norm=False, tied=True, bias=True,
        )  # fmt: skip


# ---------------------------------------------------------------------------------------------
# Parts


class Norm(nn.Module):
    """Shift and scale each vector to mean 0 and variance 1 ("rms": only scale it)."""

    def __init__(self, n: int, kind: str, bias: bool):
        super().__init__()
        self.kind, self.shape = kind, (n,)
        self.weight = nn.Parameter(torch.ones(n)) if kind != "plain" else None
        self.bias = nn.Parameter(torch.zeros(n)) if kind == "layer" and bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.kind == "rms":
            return F.rms_norm(x, self.shape, self.weight, eps=1e-5)
        return F.layer_norm(x, self.shape, self.weight, self.bias, eps=1e-5)


def rotation_table(block_size: int, head_dim: int) -> torch.Tensor:
    """RoPE's angles as `rotate` takes them: (cos, cos) and (-sin, sin), (2, block_size, head_dim)."""
    speeds = 10000.0 ** (-torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
    angles = torch.outer(torch.arange(block_size, dtype=torch.float64), speeds)
    cos, sin = angles.cos(), angles.sin()
    return torch.stack([torch.cat([cos, cos], -1), torch.cat([-sin, sin], -1)]).float()


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Turn pairs of numbers by an angle that grows with the position, so that scores depend on distances.

    x: (..., T, D), cos and sin: (T, D). Rolling by half the length turns
    (a, b) into (b, a).
    """
    return x * cos + x.roll(x.shape[-1] // 2, dims=-1) * sin


class Cache:
    """Keys and values of the tokens read so far, so that a new token costs one row of work."""

    def __init__(self, config: GPTConfig, batch_size: int, like: torch.Tensor):
        shape = (batch_size, config.n_head, config.block_size, config.head_dim)
        self.k, self.v = ([like.new_empty(shape) for _ in range(config.n_layer)] for _ in "kv")
        self.batch_size, self.length = batch_size, 0

    def append(self, layer: int, k: torch.Tensor, v: torch.Tensor):
        """Store new k and v, (B, n_head, T, head_dim), and return all of them up to now."""
        all_k, all_v, end = self.k[layer], self.v[layer], self.length + k.shape[2]
        all_k[:, :, self.length : end] = k
        all_v[:, :, self.length : end] = v
        return all_k[:, :, :end], all_v[:, :, :end]


class Attention(nn.Module):
    """Every position looks back: a query asks, keys answer, values are mixed by how well they match."""

    def __init__(self, config: GPTConfig):
        super().__init__()
        C = config.n_embd
        self.config = config
        self.qkv = nn.Parameter(torch.empty(3, C, C))  # three matrices, kept apart for Muon
        self.qkv_bias = nn.Parameter(torch.zeros(3 * C)) if config.bias else None
        self.out = nn.Linear(C, C, bias=config.bias)

    def forward(self, x, mask, rotation, layer, cache=None):
        (B, T, C), H, D = x.shape, self.config.n_head, self.config.head_dim
        qkv = F.linear(x, self.qkv.flatten(0, 1), self.qkv_bias)  # (B, T, 3 C)
        qkv = qkv.view(B, T, 3, H, D).permute(2, 0, 3, 1, 4)  # (3, B, H, T, D)
        qk, v = qkv[:2], qkv[2]
        if self.config.qk_norm:
            qk = F.layer_norm(qk, (D,))
        if rotation is not None:
            qk = rotate(qk, *rotation)
        q, k = qk.unbind()
        if cache is not None:
            k, v = cache.append(layer, k, v)
        if B * T > 1:
            scores = (q / math.sqrt(D)) @ k.transpose(-2, -1)  # (B, H, T, T so far)
            if mask is not None:
                scores = scores + mask
            mixed = scores.softmax(dim=-1) @ v  # (B, H, T, D)
        else:  # for a single token the same in one call, which takes half the time
            mixed = F.scaled_dot_product_attention(q, k, v, mask)
        return self.out(mixed.transpose(1, 2).reshape(B, T, C))  # (B, T, H, D) to (B, T, C)


class MLP(nn.Module):
    """Every position by itself: widen four times, keep what fires, narrow again."""

    def __init__(self, config: GPTConfig):
        super().__init__()
        self.up = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.down = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)
        self.activation = ACTIVATIONS[config.activation]

    def forward(self, x):
        return self.down(self.activation(self.up(x)))


class Block(nn.Module):
    def __init__(self, config: GPTConfig):
        super().__init__()
        self.norm1 = Norm(config.n_embd, config.norm, config.bias)
        self.attn = Attention(config)
        self.norm2 = Norm(config.n_embd, config.norm, config.bias)
        self.mlp = MLP(config)

    def forward(self, x, mask, rotation, layer, cache=None):
        x = x + self.attn(self.norm1(x), mask, rotation, layer, cache)
        return x + self.mlp(self.norm2(x))


# ---------------------------------------------------------------------------------------------
# The whole


class GPT(nn.Module):
    """A decoder-only transformer. `logits, loss = model(idx, targets)`.

    The initial weights come from `generator` (a CPU generator, seed 0 if none is given), so they
    are the same on every device.

    >>> model = GPT(GPTConfig(vocab_size=1024, block_size=128, n_layer=4, n_head=4, n_embd=128))
    >>> model.num_params()
    1048576
    >>> logits, loss = model(torch.tensor([[5, 6, 7]]), targets=torch.tensor([[6, 7, -1]]))
    >>> logits.shape, f"{loss:.4f}"  # an untrained model guesses: ln 1024
    (torch.Size([1, 3, 1024]), '6.9315')
    """

    def __init__(self, config: GPTConfig, generator: torch.Generator | None = None):
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab_size, config.n_embd)
        if config.position == "learned":
            self.position = nn.Embedding(config.block_size, config.n_embd)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.norm = Norm(config.n_embd, config.norm, config.bias)
        self.head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        if config.tied:
            self.head.weight = self.embed.weight
        past = torch.ones(config.block_size, config.block_size, dtype=torch.bool).tril()
        mask = torch.zeros(past.shape).masked_fill(~past, float("-inf"))
        self.register_buffer("mask", mask, persistent=False)
        if config.position == "rope":
            table = rotation_table(config.block_size, config.head_dim)
            self.register_buffer("rotation", table, persistent=False)
        self._init_weights(generator or torch.Generator().manual_seed(0))

    @torch.no_grad()
    def _init_weights(self, generator: torch.Generator) -> None:
        """Matrices that write into the stream start at zero: at first a block changes nothing.

        A tied head is the embedding too and cannot start at zero; then GPT-2's initialization is used.
        """
        config = self.config
        for name, p in self.named_parameters():
            if p.ndim == 1:
                p.fill_(0.0 if name.endswith("bias") else 1.0)
            elif config.tied:
                narrow = name.endswith(("out.weight", "down.weight"))
                p.normal_(
                    0, 0.02 / (math.sqrt(2 * config.n_layer) if narrow else 1), generator=generator
                )
            elif name.endswith(("out.weight", "down.weight", "head.weight")):
                p.zero_()
            elif name in ("embed.weight", "position.weight"):
                p.normal_(0, 0.5, generator=generator)
            else:
                p.normal_(0, 0.6 / math.sqrt(p.shape[-1]), generator=generator)

    def forward(self, idx, targets=None, cache: Cache | None = None):
        """Scores for the next token at every position, and the mean loss if targets are given.

        idx, targets: (B, T) integers; targets of -1 are ignored. Returns logits (B, T, vocab_size)
        and the mean cross-entropy in nats over the targets that count, or None. With a cache, idx
        continues what the cache holds. Raises ValueError if idx or
        targets is not such a tensor, an id is out of range, or there are too many tokens.
        """
        start = cache.length if cache is not None else 0
        self._check(idx, targets, cache, start)
        stop = start + idx.shape[1]
        x = self.embed(idx)  # (B, T, C)
        if self.config.position == "learned":
            x = x + self.position.weight[start:stop]
        if self.config.embed_norm:
            x = F.layer_norm(x, (self.config.n_embd,))
        rotation = self.rotation[:, start:stop] if self.config.position == "rope" else None
        mask = self.mask[start:stop, :stop] if idx.shape[1] > 1 else None  # one token sees all
        for layer, block in enumerate(self.blocks):
            x = block(x, mask, rotation, layer, cache)
        if cache is not None:
            cache.length = stop
        logits = self.head(self.norm(x))
        if targets is None:
            return logits, None
        targets = targets.flatten().long()  # (B T,), and logits (B T, vocab_size)
        loss = F.cross_entropy(logits.flatten(0, 1).float(), targets, ignore_index=-1)
        return logits, loss

    def new_cache(self, batch_size: int) -> Cache:
        """An empty cache for `batch_size` rows."""
        return Cache(self.config, batch_size, self.embed.weight)

    def _check(self, idx, targets, cache, start):
        if not (_holds_ids(idx) and idx.ndim == 2 and idx.numel()):
            raise ValueError(
                f"idx is {_described(idx)}; it must be (B, T), a tensor of whole numbers with B and T at "
                "least 1, such as torch.tensor([ids])"
            )
        if targets is not None and not (_holds_ids(targets) and targets.shape == idx.shape):
            raise ValueError(
                f"targets is {_described(targets)}; it must be whole numbers, as many as idx: {_described(idx)}"
            )
        if cache is not None and cache.batch_size != len(idx):
            raise ValueError(
                f"the cache is for {cache.batch_size} rows but idx has {len(idx)}; "
                f"take model.new_cache({len(idx)})"
            )
        for name, ids in (("idx", idx), ("targets", targets)):
            if ids is not None and ids.device != self.mask.device:
                raise ValueError(
                    f"{name} is on {ids.device} and the model on {self.mask.device}; give "
                    f"{name}.to({str(self.mask.device)!r})"
                )
        if start + idx.shape[1] > self.config.block_size:
            raise ValueError(
                f"block_size is {self.config.block_size} but there are {start + idx.shape[1]} tokens; "
                "shorten the text, or pass crop=True to generate"
            )
        if idx.device.type != "cpu":
            return  # looking at values would make a GPU wait
        for name, ids, lowest in (("idx", idx, 0), ("targets", targets, -1)):
            if ids is not None:
                low, high = (extreme.item() for extreme in torch.aminmax(ids))
                if name == "targets" and high == -1:
                    raise ValueError(
                        "every target is -1, so there is nothing to predict and no loss; give at "
                        "least one id"
                    )
                if low < lowest or high >= self.config.vocab_size:
                    raise ValueError(
                        f"{name} holds id {low if low < lowest else high}, but ids run "
                        f"from 0 to {self.config.vocab_size - 1}; was the text encoded by another "
                        "tokenizer?"
                    )

    def num_params(self) -> int:
        """How many numbers are trained; a tied head is counted once."""
        return sum(p.numel() for p in self.parameters())

    def flops_per_token(self, T: int | None = None) -> int:
        """Floating-point operations of the matrix products, to train on one token of a sequence of length T.

        6 for each weight of blocks and head (a multiplication and an addition, once forward and twice
        backward), and 12 n_layer n_embd T for attention's two products, which are computed over the
        whole length and then masked. Looking up an embedding costs nothing; norms, softmax, activation
        and optimizer are not counted. PaLM's round formula (appendix B, arXiv:2204.02311) counts the
        embeddings, gains and biases as if they multiplied too. Raises ValueError if T is below 1.

        >>> GPT(GPTConfig(1024, 128, 4, 4, 128)).flops_per_token(T=128)
        6291456
        """
        T = self.config.block_size if T is None else T
        check_settings(T=T)
        matrices = sum(p.numel() for block in self.blocks for p in block.parameters() if p.ndim > 1)
        matrices += self.head.weight.numel()
        return 6 * matrices + 12 * self.config.n_layer * self.config.n_embd * T

    @classmethod
    def from_gpt2_state_dict(cls, state_dict: dict[str, torch.Tensor], config: GPTConfig) -> GPT:
        """GPT-2's weights as Hugging Face names them (`GPT2LMHeadModel.state_dict()`).

        Raises ValueError if names or shapes do not fit the config, or if the config ties the head and
        these weights do not.
        """
        try:
            ours, model = from_gpt2(state_dict, config.n_embd), cls(config)
            model.load_state_dict(ours)
        except (KeyError, ValueError, RuntimeError) as e:
            raise ValueError(f"these weights do not fit {config}: {e}") from e
        if config.tied and not torch.equal(ours["head.weight"], ours["embed.weight"]):
            raise ValueError(
                "these weights have a head that is not tied to the embedding; "
                "give them dataclasses.replace(config, tied=False)"
            )
        return model


def _holds_ids(x) -> bool:
    return isinstance(x, torch.Tensor) and x.dtype in (torch.int64, torch.int32)


def _described(x) -> str:
    if isinstance(x, torch.Tensor):
        return f"{x.dtype} of shape {tuple(x.shape)}"
    return f"a {type(x).__name__}"

"""How many times slower this machine is now than the reference, at the work that labs do; on one thread.

    python bench/slowness.py        prints the number, such as 1.07

The work is fixed: training steps of a small transformer in fp32 (4 layers, 128 wide, 24 x 96 tokens,
written with PyTorch alone, so that a faster glassbox does not make the machine look slower), and
plain Python that counts pairs of words, as reading text and training tokenizers do. Torch counts
four fifths and Python one: our estimate, not a measurement.

The reference is a student's laptop without bf16, which we take to be twice as fast as the old server
(AVX2 only) on which this was measured, quiet: 2.02 s of torch and 0.109 s of Python there. The factor
two is an estimate too: a step of 32 x 96 tokens in fp32 takes 0.54 s there, and 0.25 to 0.29 s on a newer
server with AVX-512 (bench/README.md). On the old server itself, this prints 2.
"""

import time
from collections import Counter

import torch
from torch import nn
from torch.nn import functional as F

REFERENCE = {"torch": 1.01, "python": 0.055}  # processor seconds, half of the old server's
SHARE = {"torch": 0.8, "python": 0.2}
TRIES = 3

B, T, N_EMBD, N_HEAD, N_LAYER, VOCAB = 24, 96, 128, 4, 4, 1024


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(N_EMBD, 3 * N_EMBD)
        self.out = nn.Linear(N_EMBD, N_EMBD)
        self.up = nn.Linear(N_EMBD, 4 * N_EMBD)
        self.down = nn.Linear(4 * N_EMBD, N_EMBD)

    def forward(self, x):  # (B, T, n_embd)
        qkv = self.qkv(F.layer_norm(x, (N_EMBD,))).view(B, T, 3, N_HEAD, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (3, B, n_head, T, head_dim)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(B, T, N_EMBD))
        return x + self.down(F.gelu(self.up(F.layer_norm(x, (N_EMBD,)))))


def torch_seconds(steps: int = 5) -> float:
    """Processor seconds of some training steps."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(VOCAB, N_EMBD), *(Block() for _ in range(N_LAYER)))
    model.append(nn.Linear(N_EMBD, VOCAB))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    idx = torch.randint(VOCAB, (B, T + 1))
    for step in range(steps + 1):
        if step == 1:  # the first one warms up
            start = time.process_time()
        loss = F.cross_entropy(model(idx[:, :-1]).flatten(0, 1), idx[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return time.process_time() - start


def python_seconds(words: int = 300_000) -> float:
    """Processor seconds of counting pairs of words, one at a time."""
    text = [f"w{number * number % 997}" for number in range(words)]
    start = time.process_time()
    pairs = Counter()
    for left, right in zip(text, text[1:]):
        pairs[left, right] += 1
    return time.process_time() - start


def measure() -> dict[str, float]:
    """The fastest of some tries of each kind of work, in processor seconds."""
    torch.set_num_threads(1)
    tries = [(torch_seconds(), python_seconds()) for _ in range(TRIES)]
    return dict(zip(("torch", "python"), map(min, zip(*tries))))


def slowness(measured: dict[str, float]) -> float:
    return sum(SHARE[kind] * measured[kind] / REFERENCE[kind] for kind in SHARE)


if __name__ == "__main__":
    print(round(slowness(measure()), 2))

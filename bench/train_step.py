"""A training step side by side: our GPT against Hugging Face's GPT2LMHeadModel of the same shape.

    python bench/train_step.py

Four layers, four heads, 128 wide, vocabulary 1,024, batches of 32 x 96 random tokens, one thread.
Theirs is plain PyTorch in fp32 with AdamW: without dropout, which ours has not, and with it, as its
config comes. Ours is timed in GPT-2's own architecture and as trained here (default switches, Muon and
AdamW), in fp32 and bf16. They take turns of five steps, each in a process of its own. Also: the share of
the measured matmul limit, where the time of our step goes, and the peak memory of a process that does
nothing else, libraries included.
"""

import argparse
from collections import Counter
from functools import partial

import torch
from side_by_side import alone, interleaved, memory_table, table, taking_turns, turns

from glassbox.machine import train as training
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.optim import split_params

B, T = 32, 96
SHAPE = {"vocab_size": 1024, "block_size": T, "n_layer": 4, "n_head": 4, "n_embd": 128}


def ours(shape: GPTConfig, dtype: str, muon_lr: float | None):
    training.keep_freed_memory()  # as train does
    model = GPT(shape)
    config = training.TrainConfig(steps=10**9, dtype=dtype, muon_lr=muon_lr, threads=1)
    work, optimizers = training._prepare(model, config, dtype, None)
    history, batch = training.History(), (idx(), idx())
    return lambda: training._take_step(model, work, optimizers, *batch, config, 1.0, 0, history)


def theirs(dropout: float = 0.0):
    import transformers  # here, so that our memory is measured without it

    config = transformers.GPT2Config(
        vocab_size=1024, n_positions=T, n_layer=4, n_head=4, n_embd=128, use_cache=False,
        bos_token_id=0, eos_token_id=0,
        resid_pdrop=dropout, embd_pdrop=dropout, attn_pdrop=dropout,
    )  # fmt: skip
    model, x = transformers.GPT2LMHeadModel(config).train(), idx()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)

    def step():
        model(x, labels=x).loss.backward()
        optimizer.step()
        optimizer.zero_grad()

    return step


def five(step):
    return lambda: [step() for _ in range(5)]


def idx() -> torch.Tensor:
    return torch.randint(0, 1024, (B, T), generator=torch.Generator().manual_seed(0))


def matmul_limit(dtype: torch.dtype, size: int = 1024) -> float:
    a = torch.ones(size, size, dtype=dtype)
    seconds = interleaved({"matmul": lambda: a @ a}, rounds=15)["matmul"]
    return 2 * size**3 / seconds


def muon_flops(model: GPT) -> int:
    """Of five Newton-Schulz steps, each x x', its square, and their product with x."""
    shapes = [p.shape for p in split_params(model)[0]]
    sizes = [(s[:-2].numel(), min(s[-2:]), max(s[-2:])) for s in shapes]
    return sum(5 * n * (4 * small**2 * large + 2 * small**3) for n, small, large in sizes)


GROUPS = {
    "products of large matrices": ["aten::mm", "aten::addmm"],
    "many small products (attention, Muon)": ["aten::bmm", "aten::baddbmm"],
    "norms": ["aten::native_layer_norm", "aten::native_layer_norm_backward"],
    "softmax of attention": ["aten::_softmax", "aten::_softmax_backward_data"],
    "loss": ["aten::_log_softmax", "aten::_log_softmax_backward_data"],
    "copies, casts, joins": ["aten::copy_", "aten::cat", "aten::fill_"],
}


def where_it_goes(step) -> None:
    """The share of each kind of operation in ten steps, without what calls it."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        for _ in range(10):
            step()
    group_of = {name: group for group, names in GROUPS.items() for name in names}
    took = Counter()
    for event in profile.key_averages():
        took[group_of.get(event.key, "all else, mostly number by number")] += (
            event.self_cpu_time_total
        )
    print("\n| glassbox as trained here, bf16 | share |\n|---|---|")
    for group, time in took.most_common():
        print(f"| {group} | {time / took.total():.0%} |")


DEFAULT, GPT2 = GPTConfig(**SHAPE), GPTConfig.gpt2(**SHAPE)
CONTESTANTS = {
    "step: glassbox as trained here, bf16": partial(ours, DEFAULT, "bfloat16", 0.02),
    "step: glassbox as trained here, fp32": partial(ours, DEFAULT, "float32", 0.02),
    "step: glassbox, GPT-2's architecture, AdamW, bf16": partial(ours, GPT2, "bfloat16", None),
    "step: glassbox, GPT-2's architecture, AdamW, fp32": partial(ours, GPT2, "float32", None),
    "step: transformers GPT2LMHeadModel, AdamW, fp32": theirs,
    "step: the same with its dropout of 0.1": partial(theirs, 0.1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for option, what in (("--alone", "only this one's memory"), ("--turns", "a turn a line")):
        parser.add_argument(option, choices=CONTESTANTS, metavar="NAME", help=what)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.alone:
        return alone(CONTESTANTS[given.alone])
    if given.turns:
        return turns(lambda: five(CONTESTANTS[given.turns]()))
    rows = taking_turns(__file__, list(CONTESTANTS), rounds=11)
    rows = {name: seconds / 5 for name, seconds in rows.items()}
    table(f"One training step, {B} x {T} tokens, one thread, CPU seconds", rows)
    model = GPT(DEFAULT)
    flops = model.flops_per_token(T) * B * T
    for dtype, name in ((torch.bfloat16, "bf16"), (torch.float32, "fp32")):
        limit, seconds = matmul_limit(dtype), rows[f"step: glassbox as trained here, {name}"]
        shares = [f / seconds / limit for f in (flops, flops + muon_flops(model))]
        print(
            f"{name}: {flops / seconds / 1e9:.0f} of {limit / 1e9:.0f} GFLOP/s, {shares[0]:.0%} of "
            f"the limit; {shares[1]:.0%} with Muon's own products"
        )
    where_it_goes(CONTESTANTS["step: glassbox as trained here, bf16"]())
    memory_table(__file__, list(CONTESTANTS))


if __name__ == "__main__":
    main()

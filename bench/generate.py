"""Writing side by side: our cached generation against Hugging Face's generate, same architecture.

    python bench/generate.py [--wall] [--threads 2]

Four layers, four heads, 128 wide, vocabulary 1,024; 120 new tokens after a prompt of 8, fp32,
sampling at temperature 1 without filters. CPU seconds on one thread, which neighbors on the machine matter
little to; `--wall` takes the clock on the wall, which means something on a quiet machine only.
Memory is the peak of a process that does nothing else, libraries included.
"""

import argparse
import time
from functools import partial

import torch
from side_by_side import alone, interleaved, memory_table, table

from glassbox.machine.generate import generate
from glassbox.machine.model import GPT, GPTConfig

NEW = 120


def prompts(B: int) -> torch.Tensor:
    return torch.randint(0, 1024, (B, 8), generator=torch.Generator().manual_seed(0))


def ours(config: GPTConfig, B: int):
    model, idx = GPT(config).eval(), prompts(B)
    return lambda: generate(model, idx, NEW)


def theirs(B: int):
    import transformers  # here, so that our memory is measured without it

    config = transformers.GPT2Config(
        vocab_size=1024, n_positions=128, n_layer=4, n_head=4, n_embd=128,
        bos_token_id=0, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    model, idx = transformers.GPT2LMHeadModel(config).eval(), prompts(B)
    settings = {"do_sample": True, "top_k": 0, "max_new_tokens": NEW, "min_new_tokens": NEW}

    def write():
        with torch.no_grad():
            return model.generate(idx, attention_mask=torch.ones_like(idx), **settings)

    return write


CONTESTANTS = {
    f"batch of {B}: {name}": partial(build, B=B)
    for B in (1, 64)
    for name, build in (
        ("glassbox, default", partial(ours, GPTConfig(1024, 128, 4, 4, 128))),
        ("glassbox, GPT-2's architecture", partial(ours, GPTConfig.gpt2(1024, 128, 4, 4, 128))),
        ("transformers, GPT-2", theirs),
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wall", action="store_true", help="time by the clock on the wall")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--alone", choices=CONTESTANTS, metavar="NAME", help="only this one's memory"
    )
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.alone:
        return alone(CONTESTANTS[given.alone])
    runs = {name: build() for name, build in CONTESTANTS.items()}
    sizes = {name: run().numel() // (8 + NEW) for name, run in runs.items()}
    assert list(sizes.values()) == [1] * 3 + [64] * 3
    clock, unit = (time.perf_counter, "wall") if given.wall else (time.process_time, "CPU")
    rows = interleaved(runs, rounds=5, clock=clock)
    table(f"{NEW} tokens after 8, {given.threads} threads, fp32, {unit} seconds", rows)
    for name, seconds in rows.items():
        print(f"{name}: {sizes[name] * NEW / seconds:,.0f} tokens/s")
    memory_table(__file__, list(CONTESTANTS))


if __name__ == "__main__":
    main()

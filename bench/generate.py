"""Writing side by side: our cached generation against Hugging Face's generate, same GPT-2 weights.

    python bench/generate.py [--wall] [--threads 2]

Four layers, four heads, 128 wide, vocabulary 1,024; 120 new tokens after a prompt of 8, fp32,
sampling at temperature 1 without filters. CPU seconds on one thread, which neighbors on the machine matter
little to; `--wall` takes the clock on the wall, which means something on a quiet machine only.
"""

import argparse
import time

import torch
import transformers
from side_by_side import interleaved, table

from glassbox.machine.generate import generate
from glassbox.machine.model import GPT, GPTConfig

NEW = 120


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wall", action="store_true", help="time by the clock on the wall")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    config = transformers.GPT2Config(
        vocab_size=1024, n_positions=128, n_layer=4, n_head=4, n_embd=128,
        bos_token_id=0, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    theirs = transformers.GPT2LMHeadModel(config).eval()
    ours = GPT.from_gpt2_state_dict(theirs.state_dict(), GPTConfig.gpt2(1024, 128, 4, 4, 128))
    ours.eval()
    default = GPT(GPTConfig(1024, 128, 4, 4, 128)).eval()

    def hugging_face(idx):
        mask = torch.ones_like(idx)
        settings = {"do_sample": True, "top_k": 0, "max_new_tokens": NEW, "min_new_tokens": NEW}
        with torch.no_grad():
            return theirs.generate(idx, attention_mask=mask, **settings)

    contestants, batch_of = {}, {}
    for B in (1, 64):
        idx = torch.randint(0, 1024, (B, 8), generator=torch.Generator().manual_seed(0))
        assert hugging_face(idx).shape == generate(ours, idx, NEW).shape == (B, 8 + NEW)
        for name, run in (
            ("glassbox, default", lambda idx=idx: generate(default, idx, NEW)),
            ("glassbox, GPT-2's architecture", lambda idx=idx: generate(ours, idx, NEW)),
            ("transformers", lambda idx=idx: hugging_face(idx)),
        ):
            contestants[f"batch of {B}: {name}"] = run
            batch_of[f"batch of {B}: {name}"] = B
    clock, unit = (time.perf_counter, "wall") if given.wall else (time.process_time, "CPU")
    rows = interleaved(contestants, rounds=5, clock=clock)
    table(f"{NEW} tokens after 8, {given.threads} threads, fp32, {unit} seconds", rows)
    for name, seconds in rows.items():
        print(f"{name}: {batch_of[name] * NEW / seconds:,.0f} tokens/s")


if __name__ == "__main__":
    main()

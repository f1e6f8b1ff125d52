"""Train a GPT from the command line, by one process or by several: the same losses, to rounding.

    python -m glassbox.machine.train_cli --steps 200 --keep run
    python -m torch.distributed.run --standalone --nproc-per-node 2 -m glassbox.machine.train_cli --steps 200 --keep run

The second line starts two processes on this machine. On two machines, say on each of them, with the
address of one:

    python -m torch.distributed.run --nnodes 2 --nproc-per-node 8 --rdzv-backend c10d --rdzv-id mine
        --rdzv-endpoint FIRST:29500 -m glassbox.machine.train_cli --steps 200 --keep /shared/run

`--keep` names a checkpoint; the same line goes on from it, with another number of processes too.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from glassbox.machine import together
from glassbox.machine.data import END, Windows
from glassbox.machine.files import write_text
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, TrainingStopped, train


def main(arguments: list[str] | None = None) -> None:
    """Train on a text of your own or on the town's; see the module's text for several processes."""
    given = _parser().parse_args(arguments)
    try:
        device = together.join(given.seconds)
        history = _train(given, device)
        if together.rank() == 0:
            print(f"step {len(history.loss)} of {given.steps}: {history.status()}", file=sys.stderr)
            if given.losses:
                about = {"processes": together.size(), "losses": history.loss}
                write_text(given.losses, json.dumps(about) + "\n")
    except (
        together.ProcessesError,
        TrainingStopped,
        ValueError,
        OSError,
        KeyboardInterrupt,
    ) as stopped:
        raise SystemExit(f"stopped: {stopped}") from None
    finally:
        together.leave()


def _train(given: argparse.Namespace, device: torch.device):
    texts = _texts(given.text, given.documents)
    bpe = BPE.train(texts, given.vocab, special_tokens=[END])
    shape = GPTConfig(len(bpe), given.T, given.layers, max(1, given.width // 32), given.width)
    config = TrainConfig(
        given.steps, dtype=given.dtype, save_every=given.save_every, parallel=given.parallel
    )
    return train(
        GPT(shape, torch.Generator().manual_seed(given.seed)).to(device),
        Windows(texts, bpe, given.batch_size, given.T, given.seed),
        config,
        resume=given.keep,
    )


def _texts(path: Path | None, n: int) -> list[str]:
    """The documents of a file, which stand apart by a blank line, or the town's."""
    if path:
        return [part for part in path.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    from glassbox.world import World

    return [document.text for document in World(seed=0).documents(n=n)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m glassbox.machine.train_cli",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--text",
        type=Path,
        help="a text file; blank lines part its documents (default: the town's)",
    )
    add("--documents", type=int, default=2000, help="how many of the town's documents")
    add("--keep", type=Path, help="a checkpoint to keep, and to go on from if it is there")
    add("--losses", type=Path, help="write the losses into this JSON file")
    add(
        "--parallel",
        choices=("ddp", "fsdp"),
        default="ddp",
        help="how several processes share the work",
    )
    add("--steps", type=int, default=200)
    add("--batch-size", type=int, default=16, help="rows of all processes together")
    add("--T", type=int, default=64, help="tokens in a row")
    add("--layers", type=int, default=2)
    add("--width", type=int, default=64)
    add("--vocab", type=int, default=512)
    add("--dtype", choices=("auto", "float32", "bfloat16"), default="auto")
    add("--save-every", type=int, default=200, help="steps")
    add("--seed", type=int, default=0, help="of the weights and of the order of the text")
    add("--seconds", type=float, default=60, help="how long the processes wait for one another")
    return parser


if __name__ == "__main__":
    main()

"""What a learning rate, an optimizer and a switch of the design are worth in a hundred steps (lab 05).

`python -m glassbox.recordings.pretraining_rates` trains one tiny network over and over, three seeds for
each setting, and writes pretraining_rates.json: bits per byte on new text. First AdamW alone at several
rates; then Muon, with AdamW beside it at the rate that is best for AdamW alone; then the switches of the
design, at the best rates of both. It takes a minute or two on one core.
"""

from __future__ import annotations

import functools

import torch

from glassbox.machine.data import END, Windows
from glassbox.machine.measure import bits_per_byte
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train
from glassbox.recordings import recording
from glassbox.world import World

SETTINGS = {
    "residents": 60,
    "documents": 8_000,
    "vocab_size": 384,
    "new": 80,  # documents of unseen text
    "shape": [2, 4, 48],  # n_layer, n_head, n_embd
    "batch_size": 8,
    "T": 48,
    "steps": 100,
    "seeds": [0, 1, 2],
    "AdamW": [0.003, 0.01, 0.03, 0.1, 0.3],
    "Muon": [0.006, 0.02, 0.06, 0.2],
    "best": {"AdamW": 0.03, "Muon": 0.06},  # `assemble` sees to it that they are
}
SWITCHES = {
    "no positions": {"position": "none"},
    "learned positions": {"position": "learned"},
    "no QK-norm": {"qk_norm": False},
    "one table in and out": {"tied": True},
    "GPT-2's design": {
        name: value
        for name, value in vars(GPTConfig.gpt2()).items()
        if name not in ("vocab_size", "block_size", "n_layer", "n_head", "n_embd")
    },
}


def settings() -> dict:
    return {"settings": SETTINGS, "design": SWITCHES}


def jobs() -> list[tuple]:
    """(seed, AdamW's rate, Muon's rate or None, the switch that is turned back or None)."""
    adam, muon = SETTINGS["best"]["AdamW"], SETTINGS["best"]["Muon"]
    found = [(lr, None, None) for lr in SETTINGS["AdamW"]]
    found += [(adam, lr, None) for lr in SETTINGS["Muon"]]
    found += [(adam / 3, muon, None)]
    found += [(adam, muon, switch) for switch in SWITCHES]
    return [(seed, *what) for what in found for seed in SETTINGS["seeds"]]


@functools.cache
def text() -> tuple:
    """The tokenizer, the documents to read, and some that are not read."""
    world = World(seed=0, residents=SETTINGS["residents"])
    documents = list(world.documents(n=SETTINGS["documents"]))
    pages = [document.text for document in documents[:2_000]]
    tokenizer = BPE.train(pages, SETTINGS["vocab_size"], special_tokens=[END])
    return tokenizer, documents, list(world.documents(n=SETTINGS["new"], split="held_out"))


def run(job: tuple) -> dict:
    """Train the tiny network once; bits per byte on new text. Without a rate for Muon, AdamW does all."""
    seed, lr, muon_lr, switch = job
    tokenizer, documents, new = text()
    switches = SWITCHES.get(switch, {})
    config = GPTConfig(len(tokenizer), 128, *SETTINGS["shape"], **switches)
    model = GPT(config, torch.Generator().manual_seed(seed))
    lessons = Windows(documents, tokenizer, SETTINGS["batch_size"], SETTINGS["T"], seed)
    plan = TrainConfig(SETTINGS["steps"], lr, muon_lr, warmup=10, dtype="float32", threads=1)
    train(model, lessons, plan, progress=False)
    return {"bits": round(bits_per_byte(model, tokenizer, new), 4)}


def assemble(rows: dict) -> dict:
    """The recording as the lab reads it: for each setting its three seeds."""
    adam, muon = SETTINGS["best"]["AdamW"], SETTINGS["best"]["Muon"]

    def seeds(*what):
        return [rows[seed, *what]["bits"] for seed in SETTINGS["seeds"]]

    scores = {
        "AdamW": [seeds(lr, None, None) for lr in SETTINGS["AdamW"]],
        "Muon": [seeds(adam, lr, None) for lr in SETTINGS["Muon"]],
    }
    for name, found in scores.items():
        best = SETTINGS[name][min(range(len(found)), key=lambda i: sum(found[i]))]
        if best != SETTINGS["best"][name]:
            raise ValueError(f"the best rate of {name} is {best}; put it into SETTINGS['best']")
    return settings() | {
        "scores": scores,
        "neglected": seeds(adam / 3, muon, None),  # AdamW's rate for what Muon leaves to it
        "switches": {name: seeds(adam, muon, name) for name in SWITCHES},
    }


def load() -> dict:
    """The recording. Raises ValueError, naming the command, if it is not there."""
    return recording.load("pretraining_rates")


if __name__ == "__main__":
    recording.main("pretraining_rates")

"""What several tests of society share: a model small enough to be trained in no time."""

import pytest
import torch

from glassbox.machine.data import END
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.society.coalitions import Ground
from glassbox.world.poets import poems


@pytest.fixture(scope="session")
def tiny():
    """A function that makes the same fresh ground at every call: 16 wide, one layer, 400 tokens."""
    tokenizer = BPE.train([p.text for p in poems(60, seed=9)], 400, special_tokens=(END,))
    config = GPTConfig(len(tokenizer), 160, 1, 2, 16)
    return lambda: Ground(GPT(config, torch.Generator().manual_seed(0)), tokenizer)

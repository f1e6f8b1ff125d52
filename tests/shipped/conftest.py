"""Small untrained models in the place of shipped ones, to try the scripts that make the others."""

import pytest

from glassbox.machine.checkpoint import Checkpoint, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.shipped.base import make_tokenizer
from glassbox.world import World


@pytest.fixture
def small_base(tmp_path) -> Checkpoint:
    """Shaped like `base`, small and knowing nothing; it lies in tmp_path."""
    world_args = {"seed": 4, "residents": 20}
    tokenizer = make_tokenizer(World(**world_args), 512, 300)
    model = GPT(GPTConfig(len(tokenizer), 128, 1, 2, 32))
    base = Checkpoint(model, tokenizer, {}, world_args)
    save_checkpoint(tmp_path / "base", base, "")
    return base

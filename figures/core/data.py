"""The models that run in the page, packed for it."""

import json
from pathlib import Path

from glassbox.machine.checkpoint import Checkpoint
from glassbox.shipped import load
from glassbox.shipped.export import pack_model

# Their names, "base" first, in a file that the build reads without loading torch.
PAGE_MODELS = json.loads(Path(__file__).with_name("models.json").read_text(encoding="utf-8"))


def page_models() -> dict[str, Checkpoint]:
    return {name: load(name) for name in PAGE_MODELS}


def packed(name: str) -> dict:
    """The shipped model `name` as the page reads it."""
    checkpoint = load(name)
    card = {"name": name, "world": checkpoint.world_args, **checkpoint.card}
    return pack_model(checkpoint.model, checkpoint.tokenizer, card)

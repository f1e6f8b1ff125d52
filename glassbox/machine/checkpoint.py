"""A trained model on disk: weights, shape, tokenizer, model card, and hashes of them all.

A folder holds `model.safetensors` (bf16, two bytes a number, or packed in fewer bits), `config.json`, `tokenizer.json`,
`card.md` for people and `manifest.json` for machines: the card's numbers and every file's SHA-256.
The folder is written beside its place and then swapped in. Loading checks every hash, so half a
download or another model's tokenizer is noticed before it talks nonsense.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from glassbox.machine.files import replacing, stepped_aside
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.quantize import packed, unpacked
from glassbox.machine.tokens import BPE

FILES = ("model.safetensors", "config.json", "tokenizer.json", "card.md")


@dataclass
class Checkpoint:
    """A model with its tokenizer, its card (numbers by name) and the arguments of its `World`.

    `bits` are the weights to be saved in fewer bits than sixteen, by name (`machine.quantize`).
    """

    model: GPT
    tokenizer: BPE
    card: dict
    world_args: dict
    bits: dict[str, int] = field(default_factory=dict)

    @property
    def world(self):
        """The town that the model was trained in."""
        from glassbox.world import World

        return World(**self.world_args)


def save_checkpoint(folder: str | Path, checkpoint: Checkpoint, text: str) -> None:
    """Write a checkpoint; `text` is the card for people. An older folder is replaced only at the end.

    Raises ValueError for what `load_checkpoint` would refuse, OSError if there is no room to write.
    """
    folder, model, tokenizer = Path(folder), checkpoint.model, checkpoint.tokenizer
    _check_sizes(tokenizer, model.config)
    weights = weights_of(model)
    if broken := [name for name, w in weights.items() if not w.bfloat16().isfinite().all()]:
        raise ValueError(f"{', '.join(broken)} hold NaN or infinity; go back to an earlier model")
    weights = packed(weights, checkpoint.bits)  # bf16 if there is no other wish
    with replacing(folder) as aside:
        aside.mkdir(exist_ok=True)
        save_file(weights, aside / "model.safetensors")
        tokenizer.save(aside / "tokenizer.json")
        _write_json(aside / "config.json", asdict(model.config))
        (aside / "card.md").write_text(text, encoding="utf-8", newline="\n")
        manifest = {
            "format": "glassbox-checkpoint-1",
            "name": folder.name,
            "world": checkpoint.world_args,
            "card": checkpoint.card,
            "sha256": {name: sha256(aside / name) for name in FILES},
        }
        _write_json(aside / "manifest.json", manifest)
        for file in aside.iterdir():
            file.chmod(0o644)  # others on the machine may read it, as they may read the code


def load_checkpoint(
    folder: str | Path, remedy: str = "make it again", build: Callable = GPT
) -> Checkpoint:
    """Read a checkpoint. Raises ValueError, naming file and remedy, if anything is not as written.

    `build` makes the model from its GPTConfig; a reward model is not a GPT but has one's shape.
    """
    folder = Path(folder)
    if not folder.exists() and stepped_aside(folder).exists():
        folder = stepped_aside(folder)  # a save was killed between its two renames
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != "glassbox-checkpoint-1":
            raise ValueError(f"manifest.json has the format {manifest['format']!r}")
        for name in FILES:
            if sha256(folder / name) != manifest["sha256"][name]:
                raise ValueError(f"{name} is not the file that was written; its hash differs")
        config = GPTConfig(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
        tokenizer = BPE.load(folder / "tokenizer.json")
        _check_sizes(tokenizer, config)
        model = build(config).eval()
        weights = unpacked(load_file(folder / "model.safetensors"))
        put_weights(model, weights)  # bf16 or less on disk, fp32 in memory
        return Checkpoint(model, tokenizer, manifest["card"], manifest["world"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as e:
        reason = f"{Path(e.filename).name} is missing" if isinstance(e, FileNotFoundError) else e
        raise ValueError(
            f"the checkpoint {folder} cannot be used: {reason}. To repair: {remedy}"
        ) from e


def weights_of(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The model's state, without the second name of a tied weight."""
    second = _second_names(model)
    return {name: w for name, w in model.state_dict().items() if name not in second}


def put_weights(model: torch.nn.Module, weights: dict[str, torch.Tensor]) -> None:
    """Load what `weights_of` gave. Raises KeyError or RuntimeError if a weight is missing or unknown."""
    second = _second_names(model)
    model.load_state_dict(weights | {name: weights[first] for name, first in second.items()})


def _second_names(model: torch.nn.Module) -> dict[str, str]:
    """The first name of every weight that has two: {"head.weight": "embed.weight"} if they are tied."""
    first = {w: name for name, w in model.named_parameters()}
    every = model.named_parameters(remove_duplicate=False)
    return {name: first[w] for name, w in every if name != first[w]}


@torch.no_grad()
def round_to_bf16(model: torch.nn.Module) -> None:
    """Round the weights as `save_checkpoint` will, so that what is measured is what is shipped."""
    for w in model.state_dict().values():
        w.copy_(w.bfloat16())


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(path: Path, table: dict) -> None:
    text = json.dumps(table, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _check_sizes(tokenizer: BPE, config: GPTConfig) -> None:
    if len(tokenizer) != config.vocab_size:
        raise ValueError(
            f"the tokenizer has {len(tokenizer)} ids and the model {config.vocab_size}; "
            "a model and its tokenizer belong together"
        )

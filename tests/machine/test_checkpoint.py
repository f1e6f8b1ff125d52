"""Checkpoints: everything comes back, half a file is noticed, an old folder survives a failed write."""

import json

import pytest
import torch

from glassbox.machine import checkpoint as checkpoints
from glassbox.machine.checkpoint import FILES, Checkpoint, load_checkpoint, save_checkpoint
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE


def some(seed: int = 0, **switches) -> Checkpoint:
    bpe = BPE.train("a cat sat on a mat. " * 9, 270, special_tokens=["<|endoftext|>"])
    model = GPT(GPTConfig(len(bpe), 16, 2, 2, 16, **switches), torch.Generator().manual_seed(seed))
    with torch.no_grad():
        for p in model.parameters():
            p.copy_((p + 0.01).bfloat16())
    return Checkpoint(model, bpe, {"seed": seed, "right": 0.5}, {"seed": 3, "residents": 20})


@pytest.mark.parametrize("switches", [{}, {"tied": True, "bias": True, "norm": "layer"}])
def test_everything_comes_back(tmp_path, switches):
    one = some(**switches)
    save_checkpoint(tmp_path / "one", one, "# Card\n")
    back = load_checkpoint(tmp_path / "one")
    assert back.card == one.card and back.world_args == one.world_args
    assert back.tokenizer.vocab == one.tokenizer.vocab
    assert back.model.config == one.model.config and not back.model.training
    idx = torch.tensor([[1, 2, 3]])
    assert torch.equal(back.model(idx)[0], one.model(idx)[0])  # the weights were bf16 already
    assert len(back.world.residents) == 20
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path, name, damage):
    save_checkpoint(tmp_path / "one", some(), "# Card\n")
    file = tmp_path / "one" / name
    data = bytearray(file.read_bytes())
    if damage == "gone":
        file.unlink()
    else:
        data[len(data) // 2] ^= 1
        file.write_bytes(data if damage == "flip" else data[: len(data) // 2])
    with pytest.raises(ValueError, match=rf"one cannot be used: {name}.*To repair: do this"):
        load_checkpoint(tmp_path / "one", remedy="do this")


def test_a_half_written_manifest_is_noticed(tmp_path):
    save_checkpoint(tmp_path / "one", some(), "# Card\n")
    manifest = tmp_path / "one" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8")[:50], encoding="utf-8")
    with pytest.raises(ValueError, match="one cannot be used"):
        load_checkpoint(tmp_path / "one")


def test_another_models_tokenizer_is_refused(tmp_path):
    """Even if somebody made the hashes fit."""
    save_checkpoint(tmp_path / "one", some(), "# Card\n")
    BPE.from_merges([]).save(tmp_path / "one" / "tokenizer.json")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    new = checkpoints.sha256(tmp_path / "one" / "tokenizer.json")
    manifest["sha256"]["tokenizer.json"] = new
    (tmp_path / "one" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ValueError, match="the tokenizer has 256 ids and the model"):
        load_checkpoint(tmp_path / "one")


def test_a_failed_write_leaves_the_old_checkpoint_whole(tmp_path, monkeypatch):
    save_checkpoint(tmp_path / "one", some(seed=1), "# Card\n")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(tmp_path / "one", some(seed=2), "# Card\n")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_new_checkpoint_replaces_the_old_one(tmp_path):
    for seed in (1, 2):
        save_checkpoint(tmp_path / "one", some(seed=seed), "# Card\n")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 2
    assert [p.name for p in tmp_path.iterdir()] == ["one"]

"""Checkpoints: everything comes back, half a file is noticed, an old folder survives a failed write."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

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


def rewritten(folder, name: str, change) -> None:
    """Change a JSON or weights file of a checkpoint and make the hashes fit."""
    path, manifest = folder / name, folder / "manifest.json"
    if name == "model.safetensors":
        save_file(change(load_file(path)), path)
    else:
        path.write_text(json.dumps(change(json.loads(path.read_text("utf-8")))), "utf-8")
    table = json.loads(manifest.read_text("utf-8"))
    table["sha256"] = {name: checkpoints.sha256(folder / name) for name in FILES}
    manifest.write_text(json.dumps(table), "utf-8")


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
    rewritten(tmp_path / "one", "manifest.json", lambda table: table)
    with pytest.raises(ValueError, match="the tokenizer has 256 ids and the model"):
        load_checkpoint(tmp_path / "one")


def test_a_failed_write_leaves_the_old_checkpoint_whole(tmp_path, monkeypatch):
    save_checkpoint(tmp_path / "one", some(seed=1), "# Card\n")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "save_file", full)
    with pytest.raises(OSError, match=r"one could not be written.*No space.*Make room"):
        save_checkpoint(tmp_path / "one", some(seed=2), "# Card\n")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_new_checkpoint_replaces_the_old_one(tmp_path):
    for seed in (1, 2):
        save_checkpoint(tmp_path / "one", some(seed=seed), "# Card\n")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 2
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits a file's size as Linux does")
def test_a_disk_that_is_really_full_is_named(tmp_path):
    """A limit of 1,000 bytes a file, in a process of its own."""
    save = f"""
import resource, signal
from tests.machine.test_checkpoint import save_checkpoint, some
one, path = some(), {str(tmp_path / "one")!r}
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for save in (lambda: save_checkpoint(path, one, ""), lambda: one.tokenizer.save(path)):
    try:
        save()
    except OSError as e:
        assert path in str(e) and "Make room" in str(e), e
        print("named")
"""
    told = subprocess.run(
        [sys.executable, "-c", save],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert told.stdout == "named\nnamed\n" and not list(tmp_path.iterdir())


def test_a_failed_swap_puts_the_old_checkpoint_back(tmp_path, monkeypatch):
    save_checkpoint(tmp_path / "one", some(seed=1), "# Card\n")

    def replace(source, target, rename=os.replace):
        if Path(source).suffix == ".tmp" and Path(source).is_dir():
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="one could not be written"):
        save_checkpoint(tmp_path / "one", some(seed=2), "# Card\n")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_save_killed_in_mid_swap_loses_nothing(tmp_path):
    save_checkpoint(tmp_path / "one", some(seed=1), "# Card\n")
    os.replace(tmp_path / "one", tmp_path / ".one.old")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 1
    save_checkpoint(tmp_path / "one", some(seed=2), "# Card\n")
    assert load_checkpoint(tmp_path / "one").card["seed"] == 2
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_file_in_the_folders_place_is_left_alone(tmp_path):
    (tmp_path / "one").write_text("a diary", encoding="utf-8")
    with pytest.raises(OSError, match="one could not be written"):
        save_checkpoint(tmp_path / "one", some(), "# Card\n")
    assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["a diary"]


def test_what_could_not_be_used_is_not_written(tmp_path):
    broken, other = some(), some()
    with torch.no_grad():
        broken.model.head.weight[0, 0] = math.nan
    with pytest.raises(ValueError, match=r"head\.weight hold NaN or infinity"):
        save_checkpoint(tmp_path / "one", broken, "# Card\n")
    other.tokenizer = BPE.from_merges([])
    with pytest.raises(ValueError, match="the tokenizer has 256 ids and the model"):
        save_checkpoint(tmp_path / "one", other, "# Card\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "missing"),
    [("manifest.json", "card"), ("manifest.json", "world"), ("model.safetensors", "embed.weight")],
)
def test_what_a_file_lacks_is_named_even_if_the_hashes_fit(tmp_path, name, missing):
    save_checkpoint(tmp_path / "one", some(tied=True), "# Card\n")
    rewritten(tmp_path / "one", name, lambda t: {k: v for k, v in t.items() if k != missing})
    with pytest.raises(ValueError, match=f"one cannot be used.*{missing}"):
        load_checkpoint(tmp_path / "one")

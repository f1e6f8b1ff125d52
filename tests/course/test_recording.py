"""The recorded run of chapter 5: made by the code that is there, whole, and of the shipped model's shape."""

import json
from collections import Counter

import pytest
import torch

from glassbox.course import models, recording
from glassbox.machine.model import GPT, GPTConfig
from glassbox.world import World


@pytest.fixture(scope="module")
def kept():
    return json.loads(recording.FILE.read_text(encoding="utf-8"))


def test_the_recording_is_whole_and_small(kept):
    assert recording.FILE.stat().st_size <= 150_000
    assert [frame["step"] for frame in kept["frames"]] == list(recording.AT)
    assert sum(group["n"] for group in kept["groups"]) == kept["n_questions"]
    for frame in kept["frames"]:
        assert frame["held_out"] > kept["floor"]
        assert len(frame["right_by_group"]) == 4
        assert all(isinstance(text, str) for text in frame["samples"])
        for head in frame["attention"]:
            assert all(abs(sum(row) - 1) < 0.2 for row in head)  # rounded to two digits


def test_it_is_a_run_of_the_shipped_models_shape(kept):
    """In a smaller town and shorter than the run that made `base`, and learning most of that town."""
    card, last = models.load("base").card, kept["frames"][-1]
    assert kept["parameters"] == card["parameters"]
    assert (kept["batch_size"], kept["T"]) == (card["batch_sizes"][0], card["T"])
    assert last["tokens"] == kept["steps"] * kept["batch_size"] * kept["T"] < card["tokens_read"]
    assert kept["documents"] < card["documents_read"]
    assert last["right"] > 0.8


def test_groups_are_equal_and_ordered_by_how_often_people_are_named():
    world = World(0, 20)
    questions = world.questions("all", n=80)
    times = Counter({r.name: i for i, r in enumerate(world.residents)})
    groups = recording.exposure_groups(questions, times)
    assert [g["n"] for g in groups] == [20, 20, 20, 20]
    assert all(a["to"] <= b["from"] for a, b in zip(groups, groups[1:]))
    assert sorted(i for g in groups for i in g["questions"]) == list(range(80))


@torch.no_grad()
def test_attention_is_what_the_model_mixes_by():
    model = GPT(GPTConfig(vocab_size=50, block_size=16, n_layer=2, n_head=2, n_embd=16)).eval()
    for block in model.blocks:
        block.attn.out.weight.copy_(torch.eye(16))
    idx, mixed = torch.arange(12)[None], []
    block = model.blocks[1].attn
    hook = block.register_forward_hook(lambda m, args, out: mixed.append((args[0], out)))
    weights = recording.attention(model, idx)[1]  # (n_head, T, T)
    hook.remove()
    x, out = mixed[0]
    v = (x @ block.qkv[2].T).view(12, 2, 8).transpose(0, 1)  # (n_head, T, head_dim)
    torch.testing.assert_close((weights @ v).transpose(0, 1).reshape(1, 12, 16), out)


def test_a_tiny_run_is_recorded():
    run = recording.record(
        residents=10, steps=6, batch_size=2, at=(0, 2, 6), n_held_out=5, dtype="float32",
        n_questions=8, progress=False,
    )  # fmt: skip
    assert [frame["step"] for frame in run["frames"]] == [0, 2, 6]
    assert run["frames"][-1]["held_out"] < run["frames"][0]["held_out"]

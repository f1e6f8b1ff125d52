"""The shipped `pocket`: `chat` in four bits, under a megabyte, and it answers."""

import pytest
import torch

from glassbox.assistant.turns import right_by_turn
from glassbox.machine.checkpoint import Checkpoint, save_checkpoint
from glassbox.scale.shrink import shrunk
from glassbox.shipped import FOLDER, load, making
from glassbox.shipped.pocket import make_pocket
from glassbox.world.conversations import held_out_residents


def test_pocket_answers_and_all_its_files_together_take_less_than_a_megabyte():
    pocket = load("pocket")
    facts = pocket.world.questions("all", 100, residents=held_out_residents(pocket.world))
    found = right_by_turn(pocket.model, pocket.tokenizer, pocket.world, facts)
    assert found == pytest.approx(pocket.card["by_turn"], abs=0.12)
    assert found[0] > 0.75 and min(found) > 0.65
    assert sum(file.stat().st_size for file in (FOLDER / "pocket").iterdir()) < 700_000


def test_its_weights_are_what_four_bits_can_say():
    pocket = load("pocket")
    for name, w in shrunk(pocket.model, 4).state_dict().items():
        torch.testing.assert_close(w, pocket.model.state_dict()[name])


def test_the_script_makes_a_small_one_from_the_chat_beside_it(tmp_path, small_base, monkeypatch):
    chat = Checkpoint(small_base.model, small_base.tokenizer, {}, small_base.world_args)
    save_checkpoint(tmp_path / "chat", chat, "")
    monkeypatch.setitem(
        making.MAKERS,
        "pocket",
        lambda folder, resume: make_pocket(
            load("chat", folder), load("base", folder), steps=3, n_measured=10, progress=False
        ),
    )
    making.main(["pocket", "--folder", str(tmp_path)])
    made = load("pocket", tmp_path)
    assert made.card["bits"] == 4 and made.card["steps"] == 3
    file = tmp_path / "pocket" / "model.safetensors"
    assert made.card["bytes"] < file.stat().st_size < made.card["bytes"] + 5000
    assert "in 4 bits" in (tmp_path / "pocket" / "card.md").read_text(encoding="utf-8")

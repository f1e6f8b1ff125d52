"""The shipped `single`: taught by single questions, it answers one and is lost at the next."""

import pytest

from glassbox.assistant.turns import right_by_turn
from glassbox.recordings.finetuning_turns import SINGLE
from glassbox.shipped import FOLDER, load, making
from glassbox.shipped.single import make_single
from glassbox.world.conversations import held_out_residents


def test_single_is_as_good_at_first_and_lost_at_the_second_question():
    """What chapter 7 tells of it."""
    single = load("single")
    facts = single.world.questions("all", 100, residents=held_out_residents(single.world))
    first, *later = right_by_turn(single.model, single.tokenizer, single.world, facts)
    assert [first, *later] == pytest.approx(single.card["by_turn"], abs=0.12)
    assert first > 0.8 and max(later) < 0.4 * first
    assert single.model.config == load("base").model.config
    assert sum(file.stat().st_size for file in (FOLDER / "single").iterdir()) < 3_000_000


def test_the_recorded_numbers_are_of_the_shipped_weights():
    assert SINGLE["sha256"] in (FOLDER / "single" / "manifest.json").read_text(encoding="utf-8")


def test_the_script_makes_a_small_one_from_the_base_beside_it(tmp_path, small_base, monkeypatch):
    monkeypatch.setitem(
        making.MAKERS,
        "single",
        lambda folder, resume: make_single(
            load("base", folder), steps=6, n_conversations=100, n_measured=10, progress=False
        ),
    )
    making.main(["single", "--folder", str(tmp_path)])
    made = load("single", tmp_path)
    assert made.card["steps"] == 6 and made.card["residents_apart"] == 4
    assert (made.model.head.weight != small_base.model.head.weight).any()
    card = (tmp_path / "single" / "card.md").read_text(encoding="utf-8")
    assert "4 residents who were kept apart" in card

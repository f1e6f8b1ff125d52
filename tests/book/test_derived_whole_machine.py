"""Chapter 0 has no lab: what it says of Ellery is compared with the recorded answers and the models' cards."""

import re

import pytest

from figures.whole_machine.data import data
from glassbox.shipped import load
from tools.environment import ROOT

TEXT = (ROOT / "chapters" / "00_whole_machine.md").read_text(encoding="utf-8")
PROSE = " ".join(TEXT.replace("> ", "").split())


@pytest.fixture(scope="module")
def recorded():
    return data()


def naming(recorded, which, word):
    """The step of an answer in which this token is written, and what the blocks said before."""
    texts = recorded["texts"]
    steps = recorded["answers"][which]["steps"]
    step = next(s for s in steps if texts[str(s["chosen"])].strip() == word)
    return step, [texts[str(token)].strip() for token, *_ in step["depths"]]


def test_the_opening_is_the_first_recorded_answer(recorded):
    assert f"**You:** {recorded['question']}" in PROSE
    assert f"**Ellery:** {recorded['answers'][0]['text']}" in PROSE
    assert recorded["truth"] in recorded["answers"][0]["text"]


def test_the_guesses_of_the_blocks_are_those_told(recorded):
    _, guesses = naming(recorded, 0, "Tar")
    assert len(guesses) == recorded["layers"] + 1 == 5
    assert [guesses[n] for n in (0, 2, 3, 4)] == ["Bilge", "Salt", "Fountain", "Tar"]
    assert re.search(r'"Bilge".*"Salt".*"Fountain".*"Tar"', PROSE)
    streets = {r.street.split()[0] for r in load("aligned").world.residents}
    assert {"Bilge", "Salt", "Fountain"} <= streets


def test_the_share_of_right_answers_and_the_throw_that_went_wrong(recorded):
    assert recorded["throws"] == 100
    assert f"Of a hundred answers to this one question, {recorded['right']} name" in PROSE
    wrong = recorded["answers"][2]
    first = wrong["steps"][0]
    assert not wrong["right"] and recorded["texts"][str(first["chosen"])] == "B"
    assert dict(first["scores"])[first["chosen"]] < 0.02


def test_the_pieces_of_words_are_those_told(recorded):
    texts = [recorded["texts"][str(s["chosen"])] for s in recorded["answers"][0]["steps"]]
    assert texts[:3] == ["A", "m", "os"] and " lives" in texts
    street = next(k for k, text in recorded["texts"].items() if text == " Street")
    nearest = [
        recorded["texts"][str(k)].strip() for k, _ in recorded["vectors"][street]["near"][:3]
    ]
    assert sorted(nearest) == ["Alley", "Lane", "Walk"]


def test_sizes_and_lessons_are_those_of_the_shipped_models(recorded):
    aligned, chat = load("aligned"), load("chat")
    assert f"has {aligned.model.num_params():,} of these numbers" in PROSE
    assert f"{recorded['width']} in our machine" in PROSE and recorded["width"] == 128
    assert f"read {chat.card['conversations']:,} conversations" in PROSE
    assert f'"{recorded["before_feedback"]}"' in PROSE
    flops = aligned.model.flops_per_token(64) / 3  # forward is a third
    assert 1.5e6 < flops < 2.5e6 and "some two million such steps" in PROSE


def test_manners_came_with_the_feedback():
    card = load("aligned").card
    assert card["after"]["polite"] > 2 * card["before"]["polite"]


def test_every_station_has_its_chapter():
    for station in ("window", "Tokens", "Vectors", "Attention", "Scores", "dice"):
        paragraph = re.search(rf"\*\*[^*]*{station}\.\*\*.*", TEXT)[0]
        assert "chapters" not in paragraph and re.search(r"\]\(\d\d_\w+\.md\)", paragraph), station

"""The data card says what the program does."""

import re
from pathlib import Path

from glassbox.world import KINDS, World

CARD = Path(__file__).parents[2] / "chapters" / "back" / "port_ellery.md"


def test_the_cards_table_of_kinds_is_the_programs():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", CARD.read_text(encoding="utf-8"), re.MULTILINE)
    assert {kind: int(n) for kind, n in rows} == {k: weight for k, (weight, _) in KINDS.items()}


def test_the_cards_words_on_fame_hold():
    card = CARD.read_text(encoding="utf-8")
    assert "about eleven times as often as the last" in card and "0.38 times" in card
    for size in (400, 2000):
        weights = World(0, size).town.frequency.weights
        assert 10 < weights[0] / weights[-1] < 11.5
        assert 0.37 < weights[-1] * size / sum(weights) < 0.39


def test_the_cards_example_runs():
    code = re.search(r"```python\n(.*?)```", CARD.read_text(encoding="utf-8"), re.DOTALL)[1]
    scope = {}
    exec(code, scope)
    assert scope["world"].judge(scope["question"], "I don't know.") == "refused"

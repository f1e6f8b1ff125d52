"""Numbers that chapter 12 works out from published ones: the page says what the arithmetic gives.

The published figures are cited in the chapter; the library does the sums.
"""

import re
from pathlib import Path

import pytest

from glassbox.scale import bill

PAGE = Path(__file__).resolve().parents[2] / "chapters/12_the_bill.md"
RULE = bill.training_flops(174.6e9, 300e9)
REACHED = {"V100": 24.6e12, "A100": 105e12, "H800": 327e12}  # operations a second, in use
HOURS = {chip: RULE / speed / 3600 for chip, speed in REACHED.items()}
MWH = HOURS["V100"] * 330 * 1.1 / 1e6
QUESTIONS, ALTMAN_WH = 2.5e9, 0.34  # a day, 2025; for each
CHATS = 18e9 * 52 / 700e6  # a year, of those who use ChatGPT in a week (Chatterji et al. 2025)
GRID = 0.38  # kg of CO2 a kWh: Germany in 2023 (Ember)


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def row(page, name):
    """A row of a table as numbers: "3.6 million" -> 3.6e6."""
    line = re.search(rf"^\| {re.escape(name)} \|(.*)\|$", page, re.M)[1]
    sizes = {"million": 1e6, "": 1}
    cells = re.findall(r"([\d.]+) ?(million)?", line)
    return [float(number) * sizes[size] for number, size in cells]


def test_the_table_of_chips_follows_from_speed_reached(page):
    assert row(page, "reached in a training that was published") == [24.6, 105, 327]
    hours = row(page, "hours of one chip for GPT-3's operations")
    assert hours == pytest.approx(list(HOURS.values()), rel=0.02)
    days = [h / 1024 / 24 for h in HOURS.values()]
    assert row(page, "days on 1,024 such chips") == pytest.approx(days, abs=0.5)
    assert "four centuries" in page and round(HOURS["V100"] / 8766, -2) == 400


def test_speeds_reached_are_those_of_the_published_runs():
    assert REACHED["A100"] == pytest.approx(RULE / (1024 * 34 * 86400), rel=0.01)  # NVIDIA's plan
    v3 = bill.training_flops(37e9, 14.8e12)  # DeepSeek-V3's working parameters, in 2.788M hours
    assert REACHED["H800"] == pytest.approx(v3 / 2.788e6 / 3600, rel=0.01)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (r"makes $3.14 \times 10^{23}$", f"{RULE:.2e}" == "3.14e+23"),
        ("operations, or 600,000", bill.training_flops(100, 1000) == 600_000),
        ("this is about 1,300 MWh", round(MWH, -2) == 1300),
        ("a steady 3.6 million watts", round(1287 / (14.8 * 24), 1) == 3.6),
        ("120 American households", round(1287 / 10.5, -1) == 120),  # 10.5 MWh a year each
        ("about ten times too high", 5 < 30 / 3.6 < 15),  # "tens of millions" of watts
        ("takes 100 {term}", 2000 * 3 / 60 == 100),  # a kettle
        ("a factor of 37 apart", round(737 / 20) == 37),
        (r"2.8 million chip-hours at \$2", round(2.788e6 * 2, -5) == 5.6e6),
        (r"\$3.06 for an hour of a V100", 12e6 / HOURS["V100"] > 3.06),
        (r"\$3.90 in the machine", 12e6 / HOURS["V100"] < 31.212 / 8),
        ("DeepSeek reached about a sixth", round(2 * 989e12 / REACHED["H800"]) == 6),
        ("some 1,300 messages a year", round(CHATS, -2) == 1300),
        (
            "| 0.3 to 24 | 0.1 to 9 |",
            [round(CHATS * wh / 1000, 1) for wh in (0.24, 18)] == [0.3, 24.1]
            and [round(CHATS * wh / 1000 * GRID, 1) for wh in (0.24, 18)] == [0.1, 9.1],
        ),
        ("| up to 450 | up to 170 |", round(450 * GRID, -1) == 170),
        ("a twentieth of the refrigerator", round(450 / (CHATS * 0.018), -1) == 20),
        ("a hundredth of the flight", round(986 / (CHATS * 0.018 * GRID), -2) == 100),
        ("that is 850 MWh", round(QUESTIONS * ALTMAN_WH / 1e6) == 850),
        ("every day and a half", round(1287 / 850, 1) == 1.5),
        ("2,900 times as much", round(694_444 * 365 / 87_000, -2) == 2900),
        ("a factor of 15,000 in eight years", round(0.3**-8, -3) == 15_000),
        ("about a third of a cent", 0.25 < 0.36 < 0.4),
        ("about 170 times Google's water", round(45 / 0.26, -1) == 170),
        (
            "about a sixtieth of the rent",
            1 / 60 < 0.07 * MWH * 1000 / (HOURS["V100"] * 1.5) < 1 / 50,
        ),
        ("an oven for a second", 0.34 * 3600 < 2000),  # joules against a second of an oven
        ('"text": "6 × 10²⁰", "right": true', bill.training_flops(2e9, 50e9) == 6e20),
        ("about 2.6 million megawatt-hours", round(300 * 8766, -5) == 2.6e6),
    ],
)
def test_chapter_12_works_out_what_the_cited_figures_give(page, words, right):
    assert words in page
    assert right

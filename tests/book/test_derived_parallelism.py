"""Numbers that chapter 13 works out from published ones: the page says what the arithmetic gives."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

GPT3, H100 = 175e9, 80e9  # parameters; bytes of memory
MIXED = {
    "number": 2,
    "slope": 2,
    "copy": 4,
    "averages": 8,
}  # bytes, Rajbhandari et al. 2020, section 3.1
LLAMA3 = {"inside": 8, "along": 16, "copies": 128}  # Grattafiori et al. 2024, table 4
FAILURES, DAYS = 419, 54  # the same, table 5


def waiting(p, m):
    return (p - 1) / (m + p - 1)


def ring(p):
    """What each of p workers sends in an all-reduce, in lists."""
    return 2 * (p - 1) / p


@pytest.fixture(scope="module")
def text():
    return (ROOT / "chapters/13_parallelism.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("than in full: {} gigabytes", f"{2 * GPT3 / 1e9:.0f}"),
        ("eight times as much, {} bytes", {16: "sixteen"}[sum(MIXED.values())]),
        ("So {} of them are full", f"{sum(MIXED.values()) * GPT3 / H100:.0f}"),
        ("Together that is {} chips", f"{8 * 16 * 128:,}"),
        ("| {} H100 | 8×16×128 |", f"{8 * 16 * 128:,}"),
        ("| {} A100 | 8×64×6 |", f"{8 * 64 * 6:,}"),
        ("| {} A100 | 4×12×8 |", f"{4 * 12 * 8:,}"),
        ("| {} TPU v4 | 12×1×512", f"{12 * 512:,}"),
        ("The formula says {}.", f"{waiting(4, 4):.0%}"),
        ("save about every {} minutes", f"{(2 * 1 * 3 * 60) ** 0.5:.0f}"),
        ("From {} in 15", 8 - 1),
        ("to 7 in {}.", 32 + 8 - 1),
        ("From {} times the list", f"{ring(10):.1f}"),
        ("to {} times. It never", f"{ring(100):.2f}"),
    ],
)
def test_chapter_13_works_out_what_the_cited_figures_give(text, words, number):
    assert words.format(number) in text


def test_rounded_words_of_chapter_13_fit_their_numbers(text):
    assert "one about every three hours" in text and round(DAYS * 24 / FAILURES) == 3
    assert "one and a half lists" in text and ring(4) == 1.5
    assert (
        "With a thousand workers it would still be less than two" in text and 1.99 < ring(1000) < 2
    )
    assert "works for four turns of seven and waits for three" in text and waiting(4, 4) == 3 / 7
    assert "More than half came from the chips or their memory" in text
    assert (148 + 72) / FAILURES > 0.5  # faulty chips and their memory, table 5
    assert "costs a third more work" in text and 1 / (1 + 2) == 1 / 3
    assert "eight times as much" in text and sum(MIXED.values()) == 8 * MIXED["number"]
    assert "nor into a dozen" in text and sum(MIXED.values()) * GPT3 > 12 * H100
    assert LLAMA3["inside"] * LLAMA3["along"] * LLAMA3["copies"] == 16_384

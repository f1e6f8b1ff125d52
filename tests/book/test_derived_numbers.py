"""Numbers that a chapter works out from published ones: the page says what the arithmetic gives.

A sum in the prose has no source to cite and no lab that measures it. Here it is done again from the
figures that the page does cite, and looked up in the page.
"""

import math
import re
from pathlib import Path

import pytest
import torch

from glassbox.course.exercises.attention import attend
from glassbox.scale.scaling import Fit

ROOT = Path(__file__).resolve().parents[2]

# Parameters and training tokens, as published (the works are cited in the chapter).
GPT3, CHINCHILLA, MT_NLG, LLAMA3_8B = (175e9, 300e9), (70e9, 1.4e12), (530e9, 270e9), (8e9, 15e12)
GOPHER = (280e9, 300e9)
SYNAPSES = 150e12  # in the neocortex, Pakkenberg et al. 2003
CHILD = 100e6  # words that a child hears, Warstadt et al. 2023
# A, B, alpha, beta of Hoffmann et al. 2022 as printed and as in the TeX source, and of Besiroglu et al. 2024
PRINTED, SOURCE = (406.4, 410.7, 0.34, 0.28), (406.4, 410.7, 0.3392, 0.2849)
REFIT, BUDGET = (482.01, 2085.43, 0.3478, 0.3658), 5.76e23


def scientific(x):
    digits, power = f"{x:.1e}".split("e+")
    return rf"{digits} \times 10^{{{power}}}"


def operations(model):
    return 6 * model[0] * model[1]


def per_parameter(model):
    return model[1] / model[0]


def best_ratio(A, B, alpha, beta):
    """Tokens per parameter that the law calls for at Chinchilla's budget (its equation 4)."""
    G = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
    n_params = G * (BUDGET / 6) ** (beta / (alpha + beta))
    return BUDGET / 6 / n_params**2


@pytest.fixture(scope="module")
def scaling():
    return (ROOT / "chapters/11_scaling.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("makes ${}$ for MT-NLG", scientific(operations(MT_NLG))),
        ("and ${}$ for Chinchilla", scientific(operations(CHINCHILLA))),
        ("some {} tokens for each parameter", f"{per_parameter(CHINCHILLA):.0f}"),
        ("GPT-3 had been given {}, MT-NLG", f"{per_parameter(GPT3):.1f}"),
        ("| 175 billion | 300 billion | {} |", f"{per_parameter(GPT3):.1f}"),
        ("| 530 billion | 270 billion | {} |", f"{per_parameter(MT_NLG):.1f}"),
        ("| 280 billion | 300 billion | {} |", f"{per_parameter(GOPHER):.1f}"),
        ("| 70 billion | 1,400 billion | {} |", f"{per_parameter(CHINCHILLA):.0f}"),
        ("15 trillion tokens, some {} for", f"{round(per_parameter(LLAMA3_8B), -2):,.0f}"),
        ("That is {} times as many", f"{round(SYNAPSES / GPT3[0], -1):.0f}"),
        ("the whole sum is right in {} of cases", f"{0.5**4:.0%}"),
        ("At 90% it is {},", f"{0.9**4:.0%}"),
        ("at 99% it is {}.", f"{0.99**4:.0%}"),
        ('"text": "{} of the time", "right": true', f"{0.8**4:.0%}"),
    ],
)
def test_chapter_11_works_out_what_the_cited_figures_give(scaling, words, number):
    assert words.format(number) in scaling


def test_rounded_words_of_chapter_11_fit_their_numbers(scaling):
    assert "MT-NLG half a token" in scaling and round(per_parameter(MT_NLG), 1) == 0.5
    assert "three times as many as GPT-3" in scaling and round(MT_NLG[0] / GPT3[0]) == 3
    assert "a quarter of the size and read more than four times as much" in scaling
    assert GOPHER[0] / CHINCHILLA[0] == 4 and 4 < CHINCHILLA[1] / GOPHER[1] < 5
    assert "neither the cheapest of the four to train nor the dearest" in scaling
    cost = sorted((GPT3, GOPHER, CHINCHILLA, MT_NLG), key=operations)
    assert CHINCHILLA not in (cost[0], cost[-1])
    assert "a ten-thousandth of what Chinchilla read" in scaling
    assert 0.5 < CHINCHILLA[1] / CHILD / 10_000 < 2
    assert "enlarge both by a factor of three" in scaling and round(10**0.5) == 3
    assert "some five times larger" in scaling and round(10**0.73) == 5
    assert "not quite twice the text" in scaling and 1.7 < 10**0.27 < 2


@pytest.mark.parametrize(("law", "ratio"), [(PRINTED, 93), (SOURCE, 59), (REFIT, 18)])
def test_the_library_reads_the_same_ratio_off_a_published_law(law, ratio):
    """Lab 11a prints it and the chapter quotes it."""
    n_params, n_tokens = Fit(1.7, *law, objective=0.0, n_runs=240).optimal(BUDGET)
    assert n_tokens / n_params == pytest.approx(best_ratio(*law), rel=1e-9)
    assert round(n_tokens / n_params) == ratio


# ---- chapter 4: one head by hand
WORDS = ["Letter", "to", "Yara:", "Well,"]
EMBEDDED = torch.tensor([[0.0, 1], [0, 0], [1, 0], [0, 1]])  # a person is here; this is a letter
QUERY = torch.tensor([[0.0, 3], [1, 1]])  # the matrices; keys are the embeddings themselves
VALUE = 10 * torch.eye(2)


def by_hand(embedded=EMBEDDED):
    """Queries, keys, values; scores without the division by a root, which the example leaves out."""
    q, k, v = embedded @ QUERY.T, embedded, embedded @ VALUE.T
    return q, k, v, q @ k.T


def masked_shares():
    *_, scores = by_hand()
    return scores.masked_fill(torch.ones(4, 4, dtype=torch.bool).triu(1), -torch.inf).softmax(-1)


def drawn(name):
    """The texts of a drawing of chapter 4, in the order of the file."""
    text = (ROOT / f"chapters/04_attention_{name}.svg").read_text(encoding="utf-8")
    return re.findall(r">([^<]+)</text>", text)


def listed(numbers):
    return ", ".join(f"{x:.1f}".removesuffix(".0") for x in numbers)


def test_the_head_by_hand_is_worked_out_right_in_the_drawing():
    q, k, v, scores = by_hand()
    shares = masked_shares()[-1]
    texts = drawn("hand")
    assert texts[:4] == WORDS
    assert texts[texts.index("query") + 1] == listed(q[-1])
    assert texts[texts.index("key") + 1 :][:4] == [listed(row) for row in k]
    sums = texts[texts.index("add: score") + 1 :][:8]
    assert sums[::2] == [f"3×{a:.0f}+1×{b:.0f}" for a, b in k.tolist()]
    assert sums[1::2] == [f"{s:.0f}" for s in scores[-1]]
    assert texts[texts.index("share") + 1 :][:4] == [f"{share:.0%}" for share in shares.tolist()]
    assert texts[texts.index("value") + 1 :][:4] == [listed(row) for row in v]
    handed = shares[:, None] * v
    assert texts[texts.index("value", texts.index("value") + 1) + 1 :][:4] == list(
        map(listed, handed)
    )
    assert ", ".join(f"{x:.1f}" for x in handed.sum(0).tolist()) in texts


def test_the_head_by_hand_is_the_labs_head():
    """Apart from the division, which a longer query makes up for."""
    q, k, v, _ = by_hand()
    received = attend(q * 2**0.5, k, v)
    assert torch.allclose(received, masked_shares() @ v)
    assert listed(received[-1]) == "7.6, 2"


def test_the_mask_is_drawn_with_the_shares_of_all_four_words():
    shown = [text for text in drawn("mask") if text.endswith("%")]
    shares = masked_shares()
    assert shown == [f"{shares[i, j]:.0%}" for i in range(4) for j in range(i + 1)]


def test_a_sum_has_no_order_and_the_mask_leaks_one():
    """What chapter 4 says about shuffling, and about a head that looks at all words evenly."""
    q, k, v, _ = by_hand()
    other = [2, 0, 1, 3]  # Well, stays last
    assert torch.allclose(attend(q, k, v)[-1], attend(q[other], k[other], v[other])[-1])
    first = torch.tensor([[1.0], [0], [0], [0]])
    taken = attend(torch.zeros(4, 2), k, first)[:, 0]
    assert taken.tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


def test_chapter_4_says_of_the_pencil_what_the_pencil_gives():
    text = (ROOT / "chapters/04_attention.md").read_text(encoding="utf-8")
    q, k, _, scores = by_hand()
    assert (
        f"has the key `{listed(k[2])}`" in text and f"asks with the query `{listed(q[3])}`" in text
    )
    assert f"`3×1 + 1×0 = {scores[3, 2]:.0f}`, her **score**" in text
    assert "GPT-3 has 9,216 heads" in text and 96 * 96 == 9216
    assert "26 of its 144 heads" in text and 12 * 12 == 144


# ---- chapter 15: a published table of perplexities in bits, and four numbers rounded by hand
LLAMA2_70B = {  # file in GiB, perplexity; bits a weight: the tables of llama.cpp that the chapter cites
    "fp16": (128.5, 3.4313, 16),
    "Q6_K": (52.70, 3.4367, 6.56),
    "Q5_K_M": (45.41, 3.4451, 5.65),
    "Q4_K_M": (38.54, 3.4725, 4.80),
    "Q3_K_M": (30.83, 3.5932, 3.85),
    "Q2_K": (27.27, 3.7339, 3.40),
}


@pytest.fixture(scope="module")
def shrinking():
    return (ROOT / "chapters" / "15_shrinking.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LLAMA2_70B)
def test_the_table_of_chapter_15_has_the_published_perplexities_in_bits(shrinking, name):
    size, perplexity, bits = LLAMA2_70B[name]
    bits = f"{bits:.2f}".removesuffix(".00")
    row = f"| `{name}` | {bits} | {size:.1f} | {math.log2(perplexity):.2f} |"
    assert row in shrinking


def test_the_row_of_chapter_15_is_rounded_right(shrinking):
    row, marks = [0.90, -0.31, 0.12, -0.05], 2 ** (3 - 1) - 1
    step = max(map(abs, row)) / marks
    nearest = [round(w / step) for w in row]
    cells = [" | ".join(f"{n:.0f}".replace("-", "−") for n in nearest)]
    cells.append(" | ".join(f"{n * step:.2f}".replace("-", "−") if n else "0" for n in nearest))
    assert f"the marks are {step:.2f} apart" in shrinking
    assert f"| nearest mark | {cells[0]} |" in shrinking
    assert f"| read back | {cells[1]} |" in shrinking
    assert "4 bits give 15, 8 bits 255" in shrinking
    assert [2**bits - 1 for bits in (3, 4, 8)] == [7, 15, 255]

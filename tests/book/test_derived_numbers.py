"""Numbers that a chapter works out from published ones: the page says what the arithmetic gives.

A sum in the prose has no source to cite and no lab that measures it. Here it is done again from the
figures that the page does cite, and looked up in the page.
"""

from pathlib import Path

import pytest

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

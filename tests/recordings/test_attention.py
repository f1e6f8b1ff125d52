"""Lab 04's recorded seeds: whole, by the lab's recipe, and measured as the lab measures."""

import torch

from glassbox.course.exercises.attention import induction, previous_token
from glassbox.machine.attention import attention_weights
from glassbox.machine.model import GPT, GPTConfig
from glassbox.recordings import attention as recorded
from glassbox.recordings import load


def test_every_model_is_there_and_says_what_the_lab_says():
    run = load("attention")
    assert [(m["n_layer"], m["seed"]) for m in run["models"]] == recorded.jobs()
    assert {key: run[key] for key in recorded.settings()} == recorded.settings()
    for model in run["models"]:
        assert ("without" in model) == (model["n_layer"] == 2)
        if model["n_layer"] == 2:  # two layers copy, one does not
            assert model["again"] < 0.5 < model["without"]["previous"]["best two"]
        else:
            assert model["again"] > 2


def test_heads_are_scored_as_in_the_labs_exercises():
    config = GPTConfig(recorded.SYMBOLS, recorded.T + 1, 2, 4, 64, qk_norm=False)
    model = GPT(config, torch.Generator().manual_seed(1))
    for block in model.blocks:
        torch.nn.init.normal_(block.attn.qkv, generator=torch.Generator().manual_seed(2))
    found, idx = recorded.measure(model), recorded.repeated()
    means = attention_weights(model, idx).mean(0)  # (n_layer, n_head, T, T)
    for layer, heads in enumerate(means):
        for head, pattern in enumerate(heads):
            wanted = previous_token(pattern), induction(pattern, recorded.T // 2)
            got = found["previous"][layer][head], found["induction"][layer][head]
            assert torch.allclose(torch.tensor(got), torch.tensor(wanted), atol=1e-5)


def test_strings_repeat_a_stretch_of_different_symbols():
    idx, targets = next(recorded.strings(0))
    assert idx.shape == targets.shape == (recorded.BATCH_SIZE, recorded.T)
    assert torch.equal(idx[:, 1:], targets[:, :-1])
    for row in idx:
        period = next(p for p in range(8, 25) if torch.equal(row[p:], row[:-p]))
        assert len(set(row[:period].tolist())) == period

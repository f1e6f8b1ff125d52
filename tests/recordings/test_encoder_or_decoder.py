"""Lab 04b's recorded contests, and the exercises' solutions against the code that runs them."""

import pytest
import torch

from glassbox.course.exercises import encoder_or_decoder as exercises
from glassbox.machine.model import GPT, GPTConfig
from glassbox.recordings import encoder_or_decoder as recorded

MASK, T = 30, 12


@pytest.fixture(scope="module")
def recording():
    return recorded.load()


@pytest.fixture(scope="module")
def decoder():
    config = GPTConfig(MASK + 1, T, n_layer=2, n_head=2, n_embd=8)
    return GPT(config, torch.Generator().manual_seed(3)).eval()


def test_the_recording_is_of_these_settings_and_of_the_shipped_base(recording):
    assert {name: recording[name] for name in recorded.settings()} == recorded.settings()
    assert [run["seed"] for run in recording["runs"]] == recorded.SETTINGS["seeds"]


def test_an_untrained_network_made_again_sorts_and_finds_as_recorded(recording):
    bench = recorded.Bench(recorded.SETTINGS | {"documents": 50})
    untrained = bench.network(1, encoder=True).eval()
    run = recording["runs"][1]
    assert bench.sorted_rightly(untrained) == pytest.approx(run["sorted"][2], abs=0.02)
    assert bench.found_rightly(untrained) == pytest.approx(run["found"][2], abs=0.02)
    assert bench.real() == pytest.approx(recording["real"], abs=0.01)


def test_an_encoder_is_asked_as_often_after_as_many_steps(recording):
    s = recorded.SETTINGS
    asked = s["batch_size"] * s["T"] * s["hidden"] * recording["asked_steps"]
    assert asked == pytest.approx(s["batch_size"] * s["T"] * s["steps"], rel=0.01)


def test_a_hidden_token_is_asked_for_and_no_other():
    idx = torch.arange(24).view(2, 12)
    read, wanted = recorded.Hidden([(idx, None)], 0.3, MASK)[0]
    hide = read == MASK
    assert 0 < hide.sum() < hide.numel()
    for ours, theirs in zip((read, wanted), exercises.hide(idx, hide, MASK)):
        assert torch.equal(ours, theirs)


def test_every_try_is_weighed_by_the_whole_page(decoder):
    """The same guess as by the exercise's rows and PyTorch's cross-entropy."""
    row, gap = torch.arange(10), 4
    first, best = recorded.onward(decoder, row, gap, MASK, tries=6)
    with torch.no_grad():
        favorites = decoder(row[None, :gap])[0][0, -1, :MASK].topk(6).indices
        rows = exercises.try_each(row, gap, favorites)
        logits = decoder(rows[:, :-1])[0][..., :MASK]
    loss = torch.nn.functional.cross_entropy(logits.mT, rows[:, 1:], reduction="none").sum(dim=1)
    assert first == favorites[0]
    assert best == favorites[loss.argmin()]


def test_an_encoder_does_not_see_what_it_is_asked_for(decoder):
    encoder = GPT(decoder.config, torch.Generator().manual_seed(3)).eval()
    encoder.mask.zero_()
    row = torch.arange(10)
    other = row.clone()
    other[4] = 20
    assert recorded.between(encoder, row, 4, MASK) == recorded.between(encoder, other, 4, MASK)


def test_what_is_written_never_holds_a_mask_and_begins_with_what_was_read(decoder):
    idx = torch.arange(24).view(2, 12)
    for masked in (False, True):
        longer = recorded.write_on(decoder, idx, T, MASK, masked=masked, n=5)
        assert longer.shape == (2, 17)
        assert torch.equal(longer[:, :12], idx)
        assert longer.max() < MASK


def test_finding_is_the_exercises_nearest():
    """On vectors that stand in for a network's."""

    class Vectors(torch.nn.Module):
        config = GPTConfig(MASK, T, n_layer=1, n_head=1, n_embd=8)

        def __init__(self):
            super().__init__()
            self.norm = torch.nn.Identity()

        def forward(self, idx):
            return self.norm(idx[..., None] * torch.tensor([1.0, -2.0]) + torch.tensor([0.0, 9.0]))

    class Tokenizer:
        def encode(self, text):
            return [ord(letter) for letter in text]

    class Page:
        def __init__(self, text):
            self.text = text

    pages = [Page(text) for text in ("aa", "mm", "zz")]
    rows = recorded.vectors(Vectors(), Tokenizer(), pages)
    centered = rows - rows.mean(dim=0)
    wanted = (exercises.nearest(centered, centered) == torch.arange(3)).float().mean().item()
    assert recorded.finding(Vectors(), Tokenizer(), pages, pages) == pytest.approx(wanted)

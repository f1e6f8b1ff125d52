"""Python's side of the golden vectors; figures/core/*.test.js holds JavaScript to the same files."""

import json

import pytest
import torch

from figures.core import golden as made
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.shipped.export import unpack_tensor


def test_the_library_still_gives_the_golden_prompts():
    assert json.loads(json.dumps(made.chat_vectors())) == made.read(made.CHAT_FILE)


def test_the_tokenizer_still_gives_the_golden_merges_and_ids():
    assert made.tokenizer_vectors() == made.read(made.TOKENIZER_FILE)


def test_the_model_still_gives_the_golden_logits():
    vectors = made.read(made.GPT_FILE)
    packed = vectors["model"]
    model = GPT(GPTConfig(**packed["config"]))
    model.load_state_dict({name: unpack_tensor(t) for name, t in packed["tensors"].items()})
    with torch.no_grad():
        logits, _ = model(torch.tensor([vectors["ids"]]))
        long, _ = model(torch.tensor([vectors["long"]["ids"][-packed["config"]["block_size"] :]]))
    assert torch.allclose(logits[0], torch.tensor(vectors["logits"]), atol=1e-4)
    assert torch.allclose(long[0, -1], torch.tensor(vectors["long"]["logits"]), atol=1e-4)


def test_the_golden_model_would_notice_a_missing_part_of_the_formula():
    """Every matrix of the tiny model matters to the logits, so a page that skipped one would fail."""
    vectors = made.read(made.GPT_FILE)
    packed = vectors["model"]
    weights = {name: unpack_tensor(t) for name, t in packed["tensors"].items()}
    wanted = torch.tensor(vectors["logits"])
    for name in weights:
        model = GPT(GPTConfig(**packed["config"]))
        model.load_state_dict({**weights, name: torch.zeros_like(weights[name])})
        with torch.no_grad():
            logits, _ = model(torch.tensor([vectors["ids"]]))
        assert (logits[0] - wanted).abs().max() > 1e-2, name


@pytest.mark.parametrize("text", ["Mara Quill mends nets", "é🌍"])
def test_the_packed_tokenizer_is_the_saved_one(text, tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(made.read(made.GPT_FILE)["model"]["tokenizer"]), encoding="utf-8")
    bpe = BPE.load(path)
    assert bpe.decode(bpe.encode(text)) == text

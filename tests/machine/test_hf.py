"""GPT-2 as transformers saves it comes in with the same logits and the same ids, and nothing else does."""

import json
import sys

import pytest
import tokenizers
import torch
import transformers

from glassbox.machine.generate import complete, generate
from glassbox.machine.hf import from_hf
from glassbox.machine.measure import document_nats
from glassbox.scale.shrink import n_bytes, shrunk

TEXT = "The cook of Port Ellery likes rain, and it's 1952 again. " * 20
END = "<|endoftext|>"


def saved(folder, **changes):
    """A tiny random GPT-2 and a tokenizer, in a folder."""
    bpe = tokenizers.ByteLevelBPETokenizer()
    bpe.train_from_iterator([TEXT], vocab_size=300, special_tokens=[END], show_progress=False)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=bpe._tokenizer, eos_token=END, unk_token=END
    )
    shape = {
        "vocab_size": len(tokenizer),
        "n_positions": 32,
        "n_embd": 16,
        "n_layer": 2,
        "n_head": 2,
    }
    torch.manual_seed(0)
    config = transformers.GPT2Config(**shape | {"initializer_range": 0.3} | changes)
    model = transformers.GPT2LMHeadModel(config).eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return model, tokenizer


@pytest.mark.parametrize(
    "changes", [{}, {"tie_word_embeddings": False}, {"activation_function": "gelu"}]
)
def test_logits_and_ids_are_theirs(tmp_path, changes):
    theirs, their_tokenizer = saved(tmp_path, **changes)
    ours, tokenizer = from_hf(tmp_path)
    idx = torch.randint(0, theirs.config.vocab_size, (3, 32))
    with torch.no_grad():
        torch.testing.assert_close(ours(idx)[0], theirs(idx).logits, rtol=0, atol=1e-5)
    text = f"The smith's 7 cats, ünder 世界 🌍!{END}Rain  again."
    assert tokenizer.encode(text) == their_tokenizer.encode(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(complete(ours, tokenizer, "The cook", max_new_tokens=5, n=2)) == 2


def test_the_labs_functions_run_on_it(tmp_path):
    """Writing with a cache, scoring and rounding give what transformers' own model gives."""
    theirs, _ = saved(tmp_path)
    ours, tokenizer = from_hf(tmp_path)
    idx = torch.tensor([tokenizer.encode("The cook likes")])
    written = generate(ours, idx, 8, temperature=0.0)
    with torch.no_grad():
        wanted = theirs.generate(idx, max_new_tokens=8, do_sample=False, pad_token_id=0)
    assert written.tolist()[0][: wanted.shape[1]] == wanted.tolist()[0]
    row = torch.tensor([tokenizer.encode(f"{END}The cook{END}")])
    with torch.no_grad():
        nats = theirs(row, labels=row).loss.item() * (row.shape[1] - 1)
    assert document_nats(ours, tokenizer, ["The cook"]).item() == pytest.approx(nats, rel=1e-4)
    small = shrunk(ours, 8)
    assert small.head.weight is small.embed.weight
    assert 0 < (small(idx)[0] - ours(idx)[0]).abs().max() < 1
    assert n_bytes(ours, 8) < 0.8 * n_bytes(ours)


@pytest.mark.filterwarnings("ignore")  # transformers warns before it gives up
def test_a_checkpoint_without_its_tokenizer_is_named(tmp_path):
    saved(tmp_path)
    for file in tmp_path.glob("*token*"):
        file.unlink()
    with pytest.raises(ValueError, match="tokenizer"):
        from_hf(tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"activation_function": "relu"}, "activation_function is 'relu'"),
        ({"layer_norm_epsilon": 1e-3}, "layer_norm_epsilon is 0.001"),
        ({"n_inner": 20}, "n_inner is 20"),
    ],
)
def test_a_model_that_ours_cannot_be_is_named(tmp_path, changes, words):
    saved(tmp_path, **changes)
    with pytest.raises(ValueError, match=words):
        from_hf(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"has no config\.json"):
        from_hf(tmp_path / "nowhere")
    saved(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ValueError, match="lacks a file"):
        from_hf(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    with pytest.raises(ValueError, match="model_type is 'bert'"):
        from_hf(tmp_path)


def test_without_transformers_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ImportError, match=r"pip install glassbox\[hf\]"):
        from_hf(tmp_path)

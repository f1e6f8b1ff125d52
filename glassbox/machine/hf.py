"""GPT-2 from a folder: a model that Hugging Face transformers has saved, as our `GPT` and `BPE`.

For real models in the same labs: `pip install glassbox[hf]`, and a folder that is already on this machine,
with `config.json`, `model.safetensors` and the tokenizer's files. Nothing is downloaded, and no pickle is
opened.

Left out: architectures other than GPT-2's, tokenizers other than byte-level BPE.
"""

from __future__ import annotations

import json
from pathlib import Path

from glassbox.machine.byte_alphabet import bytes_of
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE

ACTIVATIONS = {"gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "gelu": "gelu"}
FIXED = {  # what our GPT does not vary
    "model_type": "gpt2", "layer_norm_epsilon": 1e-5, "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False, "add_cross_attention": False,
}  # fmt: skip


def from_hf(folder: str | Path) -> tuple[GPT, BPE]:
    """(model, tokenizer) of a GPT-2 that `save_pretrained` wrote to a folder; the logits agree within 1e-5.

    Raises ValueError if something is missing or is no GPT-2, ImportError without the package transformers.
    """
    try:
        import transformers
    except ImportError as e:
        raise ImportError("from_hf needs transformers: pip install glassbox[hf]") from e
    folder, local = Path(folder), {"local_files_only": True}
    if not (folder / "config.json").is_file():
        raise ValueError(f"{folder} has no config.json; give a folder that save_pretrained wrote")
    if not any((folder / name).is_file() for name in ("tokenizer.json", "vocab.json")):
        raise ValueError(
            f"{folder} has no tokenizer (tokenizer.json, or vocab.json and merges.txt); save the model's "
            "own beside it: tokenizer.save_pretrained(folder)"
        )
    config = _config(transformers.AutoConfig.from_pretrained(folder, **local))
    try:
        theirs = transformers.GPT2LMHeadModel.from_pretrained(folder, use_safetensors=True, **local)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
    except OSError as e:
        raise ValueError(f"{folder} lacks a file: {str(e).splitlines()[0]}") from e
    model = GPT.from_gpt2_state_dict(theirs.state_dict(), config)
    return model.eval(), _bpe(json.loads(tokenizer.backend_tokenizer.to_str()))


def _config(theirs) -> GPTConfig:
    """Our config for theirs. Raises ValueError if our GPT cannot be that model."""
    wrong = {k: getattr(theirs, k, None) for k, v in FIXED.items() if getattr(theirs, k, None) != v}
    if not wrong and theirs.n_inner not in (None, 4 * theirs.n_embd):
        wrong["n_inner"] = theirs.n_inner
    if not wrong and theirs.activation_function not in ACTIVATIONS:
        wrong["activation_function"] = theirs.activation_function
    if wrong:
        listed = ", ".join(f"{name} is {value!r}" for name, value in wrong.items())
        raise ValueError(f"this is no GPT-2 as ours can be: {listed}; give another model")
    return GPTConfig(
        theirs.vocab_size, theirs.n_positions, theirs.n_layer, theirs.n_head, theirs.n_embd,
        norm="layer", position="learned", activation=ACTIVATIONS[theirs.activation_function],
        qk_norm=False, embed_norm=False, tied=theirs.tie_word_embeddings, bias=True,
    )  # fmt: skip


def _bpe(table: dict) -> BPE:
    """Our tokenizer from the text form of one of Hugging Face `tokenizers`."""
    model, cut = table["model"], table.get("pre_tokenizer") or {}
    if model["type"] != "BPE" or cut.get("type") != "ByteLevel" or cut.get("add_prefix_space"):
        raise ValueError(
            f"the tokenizer is {model['type']} with {cut.get('type')} pieces; it must be GPT-2's kind, "
            "byte-level BPE without a space put in front"
        )
    special = {token["content"]: token["id"] for token in table["added_tokens"]}
    vocab = {bytes_of(shown): i for shown, i in model["vocab"].items() if shown not in special}
    pairs = [m.split(" ") if isinstance(m, str) else m for m in model["merges"]]
    merges = [(bytes_of(left), bytes_of(right)) for left, right in pairs]
    return BPE.from_merges(merges, vocab, special_tokens=special)

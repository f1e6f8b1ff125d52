"""A trained model packed for the page: int8 matrices, the tokenizer, and the card, as JSON."""

from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy
import torch


def pack_tensor(tensor) -> dict:
    """A weight for the page. Matrices: int8 with one scale a row; vectors: float32. Little-endian base64.

    The scale of a row is its largest absolute value / 127, so no weight moves by more than half of that.

    >>> import torch
    >>> packed = pack_tensor(torch.tensor([[1.0, -0.5], [0.0, 0.0]]))
    >>> packed["shape"], list(base64.b64decode(packed["int8"]))
    ([2, 2], [127, 192, 0, 0])
    """
    tensor = tensor.detach().float().cpu().contiguous()
    shape = list(tensor.shape)
    if tensor.ndim < 2:
        return {"shape": shape, "float32": _base64(tensor.numpy().astype("<f4"))}
    scale = tensor.abs().amax(dim=-1, keepdim=True) / 127
    scale = scale.masked_fill(scale == 0, 1.0)
    quantized = (tensor / scale).round().clamp(-127, 127).numpy().astype("i1")
    return {
        "shape": shape,
        "int8": _base64(quantized),
        "scale": _base64(scale.numpy().astype("<f4")),
    }


def unpack_tensor(packed: dict):
    """What the page computes with: the inverse of `pack_tensor`, up to its rounding."""
    if "float32" in packed:
        values = numpy.frombuffer(base64.b64decode(packed["float32"]), "<f4").copy()
        return torch.from_numpy(values).reshape(packed["shape"])
    values = numpy.frombuffer(base64.b64decode(packed["int8"]), "i1").astype("f4")
    scale = numpy.frombuffer(base64.b64decode(packed["scale"]), "<f4")
    values = values.reshape(len(scale), -1) * scale[:, None]
    return torch.from_numpy(values).reshape(packed["shape"])


def _base64(array) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


def pack_model(model, tokenizer, card: dict) -> dict:
    """A trained GPT with its tokenizer, as the page reads it. Raises ValueError if it is over 3 MB.

    The page computes the default architecture only; `figures/core/gpt.js` refuses another one.
    """
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save(Path(folder) / "tokenizer.json")
        saved = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
    payload = {
        "config": asdict(model.config),
        "tensors": {name: pack_tensor(w) for name, w in model.state_dict().items()},
        "tokenizer": saved,
        "card": card,
    }
    size = len(json.dumps(payload))
    if size > 3_000_000:
        raise ValueError(f"the packed model has {size:,} bytes; the page takes at most 3,000,000")
    return payload

"""Weights in few bits: whole numbers, and one scale for each row of a matrix.

    scale = largest |w| / (2^(bits - 1) - 1)         of a row ("channel") or of the whole ("tensor")
    whole = round(w / scale)                         between -(2^(bits - 1) - 1) and as much above 0
    w'    = whole * scale                            off by half a scale at most

This is symmetric round-to-nearest after training: nothing is learned, no data is looked at. `packed` and
`unpacked` turn a model's weights into the tensors of a file, `bits` bits a number, and back.

Left out: zero points, groups smaller than a row, rounding that looks at data (GPTQ, AWQ), and arithmetic in
whole numbers: to compute, weights are turned into floats again.

Source: Jacob et al. 2018, arXiv:1712.05877; Krishnamoorthi 2018, arXiv:1806.08342.
"""

from __future__ import annotations

import numpy as np
import torch

BITS = range(2, 9)
PER = ("channel", "tensor")


def quantize(w: torch.Tensor, bits: int, per: str = "channel") -> tuple[torch.Tensor, torch.Tensor]:
    """A matrix (..., out, in) as whole numbers (int8, the same shape) and scales (..., out, 1).

    With per="tensor" there is one scale, (1, ..., 1). Raises ValueError for bits outside 2 to 8, a vector,
    or weights that are no numbers.

    >>> quantize(torch.tensor([[0.7, -0.32], [0.01, 0.04]]), bits=4)
    (tensor([[ 7, -3],
            [ 2,  7]], dtype=torch.int8), tensor([[0.1000],
            [0.0057]]))
    """
    _check(w, bits, per)
    largest = w.abs().amax(dim=-1, keepdim=True) if per == "channel" else w.abs().amax()
    scale = largest.reshape(*w.shape[:-1], 1) if per == "channel" else largest.view([1] * w.ndim)
    scale = scale / most(bits)
    scale = scale.masked_fill(scale == 0, 1.0)  # a row of zeros stays one
    return (w / scale).round().clamp(-most(bits), most(bits)).to(torch.int8), scale


def dequantize(whole: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """The weights that whole numbers and scales stand for, as floats."""
    return whole.to(scale.dtype) * scale


def most(bits: int) -> int:
    """The largest whole number that `bits` bits hold here; the smallest is its negative.

    >>> [most(bits) for bits in (8, 4, 3, 2)]
    [127, 7, 3, 1]
    """
    return 2 ** (bits - 1) - 1


def _check(w, bits, per) -> None:
    if isinstance(bits, bool) or bits not in BITS:
        raise ValueError(
            f"bits is {bits!r}; it must be a whole number from {BITS[0]} to {BITS[-1]}"
        )
    if per not in PER:
        raise ValueError(f"per is {per!r}; it must be one of {PER}")
    if w.ndim < 2:
        raise ValueError(f"the weight has the shape {tuple(w.shape)}; only matrices are quantized")
    if not w.isfinite().all():
        raise ValueError("the weight holds NaN or infinity; go back to an earlier model")


# ---------------------------------------------------------------------------------------------
# Into a file and back


def packed(weights: dict[str, torch.Tensor], bits: dict[str, int]) -> dict[str, torch.Tensor]:
    """A model's weights as the tensors of a file: those named in `bits` packed, the others bf16.

    A packed weight becomes two tensors: "<name>/4" (uint8, for 4 bits), each row filling whole bytes, and
    "<name>/scale". Raises ValueError for a name that is no weight, or a row that fills no whole bytes.

    >>> file = packed({"head.weight": torch.eye(2, 8)}, {"head.weight": 4})
    >>> {name: tuple(w.shape) for name, w in file.items()}
    {'head.weight/4': (2, 4), 'head.weight/scale': (2, 1)}
    """
    if unknown := set(bits) - set(weights):
        raise ValueError(f"there is no weight {', '.join(sorted(unknown))}; see model.state_dict()")
    file = {}
    for name, w in weights.items():
        if name not in bits:
            file[name] = w.bfloat16().cpu().contiguous()
            continue
        whole, scale = quantize(w.detach().float().cpu(), bits[name])
        file |= {f"{name}/{bits[name]}": _squeeze(whole, bits[name]), f"{name}/scale": scale}
    return file


def unpacked(file: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights that `packed` put into a file: floats again, up to the rounding."""
    weights = {}
    for name, w in file.items():
        first, slash, kind = name.rpartition("/")
        if not slash:
            weights[name] = w
        elif kind != "scale":
            weights[first] = dequantize(_widen(w, int(kind)), file[f"{first}/scale"])
    return weights


def _squeeze(whole: torch.Tensor, bits: int) -> torch.Tensor:
    """Whole numbers (..., n) as bytes (..., n bits / 8), the highest bit first."""
    if whole.shape[-1] * bits % 8:
        raise ValueError(
            f"a row of {whole.shape[-1]} numbers in {bits} bits fills no whole bytes; use another "
            "number of bits"
        )
    above_zero = (whole.numpy().astype(np.int16) + most(bits)).astype(np.uint8)
    each = np.unpackbits(above_zero[..., None], axis=-1)[..., 8 - bits :]  # (..., n, bits)
    return torch.from_numpy(np.packbits(each.reshape(*whole.shape[:-1], -1), axis=-1))


def _widen(squeezed: torch.Tensor, bits: int) -> torch.Tensor:
    """The inverse of `_squeeze`."""
    each = np.unpackbits(squeezed.numpy(), axis=-1)  # (..., n bits)
    each = each.reshape(*squeezed.shape[:-1], -1, bits)
    above_zero = np.packbits(np.pad(each, [(0, 0)] * (each.ndim - 1) + [(8 - bits, 0)]), axis=-1)
    return torch.from_numpy(above_zero[..., 0].astype(np.int16) - most(bits)).to(torch.int8)

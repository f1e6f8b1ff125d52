"""Rounding weights to few bits: torch's own observers agree, and a packed file gives back what went in."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from glassbox.machine.quantize import dequantize, most, packed, quantize, unpacked


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_a_scale_for_each_row_is_torchs_own(bits):
    w = drawn(12, 40)
    whole, scale = quantize(w, bits)
    wanted = torch.fake_quantize_per_channel_affine(
        w, scale.flatten(), torch.zeros(12, dtype=torch.int32), 0, -most(bits), most(bits)
    )
    torch.testing.assert_close(dequantize(whole, scale), wanted)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("per", ["channel", "tensor"])
def test_scales_and_whole_numbers_are_those_of_torchs_observers(per):
    from torch.ao.quantization.observer import MinMaxObserver, PerChannelMinMaxObserver

    w, limits = drawn(9, 32, seed=1), {"quant_min": -127, "quant_max": 127, "eps": 1e-12}
    schemes = {"channel": torch.per_channel_symmetric, "tensor": torch.per_tensor_symmetric}
    kind = PerChannelMinMaxObserver if per == "channel" else MinMaxObserver
    observer = kind(dtype=torch.qint8, qscheme=schemes[per], **limits)
    observer(w)
    scales, zeros = observer.calculate_qparams()
    whole, scale = quantize(w, 8, per)
    torch.testing.assert_close(scale.flatten(), scales.flatten())
    if per == "channel":
        theirs = torch.quantize_per_channel(w, scales.double(), zeros, 0, torch.qint8)
    else:
        theirs = torch.quantize_per_tensor(w, scales.item(), 0, torch.qint8)
    apart = (whole - theirs.int_repr()).abs()
    assert apart.max() <= 1 and apart.float().mean() < 0.01  # a tie may fall to either side


@given(st.integers(2, 8), st.integers(0, 100))
def test_no_weight_moves_by_more_than_half_a_step(bits, seed):
    w = drawn(5, 16, seed=seed)
    whole, scale = quantize(w, bits)
    assert whole.abs().max() <= most(bits)
    assert ((dequantize(whole, scale) - w).abs() <= scale / 2 * 1.0001).all()


def test_rounding_twice_changes_nothing_and_zeros_stay():
    w = torch.cat([drawn(3, 8), torch.zeros(1, 8)])
    once = dequantize(*quantize(w, 4))
    torch.testing.assert_close(dequantize(*quantize(once, 4)), once)
    assert (once[3] == 0).all()


@pytest.mark.parametrize("bits", range(2, 9))
def test_a_packed_file_takes_that_many_bits_and_gives_the_rounded_weights_back(tmp_path, bits):
    weights = {"a": drawn(3, 8, 16), "b": drawn(16), "c": drawn(4, 8)}
    save_file(packed(weights, {"a": bits, "c": bits}), tmp_path / "w.safetensors")
    file = load_file(tmp_path / "w.safetensors")
    assert file[f"a/{bits}"].numel() == 3 * 8 * 16 * bits // 8
    back = unpacked(file)
    assert back["b"].dtype == torch.bfloat16 and set(back) == set(weights)
    for name in "ac":
        torch.testing.assert_close(back[name], dequantize(*quantize(weights[name], bits)))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: quantize(drawn(2, 4), 1), "bits is 1; it must be a whole number from 2 to 8"),
        (lambda: quantize(drawn(2, 4), 4, "row"), "per is 'row'"),
        (lambda: quantize(drawn(4), 4), "only matrices"),
        (lambda: quantize(torch.tensor([[1.0, float("nan")]]), 4), "NaN or infinity"),
        (lambda: packed({"a": drawn(2, 8)}, {"b": 4}), "no weight b"),
        (lambda: packed({"a": drawn(2, 7)}, {"a": 4}), "fills no whole bytes"),
    ],
)
def test_what_cannot_be_rounded_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()

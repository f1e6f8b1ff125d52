"""One place knows the device, and everything that a model needs is made where the model is.

torch's "meta" device has shapes and no numbers, and refuses to be mixed with the CPU: whatever is made on
the wrong device is noticed. Where a run needs a number it must stop there, and not before.
"""

import re

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from glassbox.machine import generate as writing
from glassbox.machine import train as training
from glassbox.machine.data import END
from glassbox.machine.device import best_device, best_dtype, bf16_speedup, device_name, device_of
from glassbox.machine.generate import complete_each
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.machine.train import TrainConfig, train

BPE_ = BPE.train("The cook of Bo likes tea. " * 9, 280, special_tokens=[END])
CONFIG = TrainConfig(steps=12, dtype="float32", threads=1, warmup=3)
NEEDS_A_NUMBER = re.escape("Tensor.item() cannot be called on meta tensors") + "|no data!"


def on_meta(vocab_size: int = len(BPE_)) -> GPT:
    return GPT(GPTConfig(vocab_size, 16, 1, 2, 16)).to("meta")


@pytest.mark.parametrize("config", [GPTConfig(64, 8, 2, 2, 16), GPTConfig.gpt2(64, 8, 2, 2, 16)])
def test_a_step_on_another_device_leaves_nothing_on_the_cpu(config):
    """On torch's "meta" device, which has shapes and no numbers, and refuses to be mixed with the CPU."""
    model, idx = GPT(config).to("meta"), torch.zeros(2, 8, dtype=torch.long, device="meta")
    work, optimizers = training._prepare(model, CONFIG, "bfloat16", None)
    work(idx, idx)[1].backward()
    for p, w in zip(model.parameters(), work.parameters()):
        p.grad = w.grad.float()
    for optimizer in optimizers:
        optimizer.step()
    states = [t for o in optimizers for state in o.state.values() for t in state.values()]
    assert {t.device.type for t in states if torch.is_tensor(t)} == {"meta"}
    cache = model.new_cache(2)
    for part in (idx[:, :5], idx[:, 5:6]):
        assert model(part, cache=cache)[0].device.type == "meta"


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "auto"])
def test_training_brings_batches_to_the_model_and_runs_until_the_loss_is_read(dtype):
    idx = torch.zeros(2, 8, dtype=torch.long)
    with pytest.raises(RuntimeError, match=NEEDS_A_NUMBER):
        train(on_meta(), [(idx, idx)], TrainConfig(2, dtype=dtype), progress=False)


class NoFloat64(TorchDispatchMode):
    """As on an Apple GPU: no tensor of the device may hold 64-bit floats."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        for x in out if isinstance(out, tuple | list) else [out]:
            if isinstance(x, torch.Tensor) and x.device.type == "meta":
                assert x.dtype != torch.float64, f"{function} made a float64 tensor on the device"
        return out


def test_measuring_asks_the_device_for_no_64_bit_floats():
    with NoFloat64(), pytest.raises(NotImplementedError, match=NEEDS_A_NUMBER):
        document_nats(on_meta(), BPE_, ["The cook.", "likes tea"])


def test_writing_stays_on_the_device(monkeypatch):
    """`sample` looks at values; the likeliest token, which needs none, takes its place."""
    monkeypatch.setattr(writing, "sample", lambda logits, *_: logits.argmax(-1))
    idx = torch.zeros(2, 5, dtype=torch.long, device="meta")
    out = writing.generate(on_meta(), idx, max_new_tokens=4)
    assert out.shape == (2, 9) and out.device.type == "meta"
    with pytest.raises((RuntimeError, NotImplementedError), match=NEEDS_A_NUMBER):
        complete_each(on_meta(), BPE_, ["The cook", "tea"], 4)


def test_ids_on_another_device_than_the_model_are_named():
    idx = torch.zeros(1, 3, dtype=torch.long)
    with pytest.raises(ValueError, match=r"idx is on cpu and the model on meta; give idx\.to"):
        on_meta()(idx)
    with pytest.raises(ValueError, match="targets is on cpu"):
        on_meta()(idx.to("meta"), idx)


def test_devices_have_names_and_numbers(monkeypatch):
    assert device_of(on_meta()).type == "meta" and device_of(torch.nn.Identity()).type == "cpu"
    assert device_name("cpu").endswith("CPU") and device_name("mps") == "Apple GPU"
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"a card, {device}")
    assert device_name("cuda:1") == "a card, cuda:1"
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    assert best_dtype("cuda") == "bfloat16" and best_dtype("mps") == "float32"


@pytest.mark.parametrize(
    ("cuda", "mps", "best"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")]
)
def test_the_best_device_is_a_card_if_there_is_one(monkeypatch, cuda, mps, best):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert best_device() == best


def test_bf16_is_measured_once_a_process():
    assert bf16_speedup() == bf16_speedup()  # two measurements would differ

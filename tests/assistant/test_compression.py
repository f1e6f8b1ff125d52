"""The compressor: nothing is lost, nothing is wasted, and no damage goes unnoticed."""

import copy
import math
import random
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from glassbox.assistant import compression
from glassbox.assistant.compression import Decoder, Encoder, code_lengths, decode, encode
from glassbox.machine.data import token_stream
from glassbox.machine.model import GPT, GPTConfig
from glassbox.shipped import loading
from glassbox.world import World

CONFIGS = {
    "default": GPTConfig(50, 12, 2, 2, 16),
    "gpt2": GPTConfig.gpt2(50, 12, 2, 2, 16),
    "rms, no positions": GPTConfig(50, 12, 1, 1, 8, norm="rms", position="none", tied=True),
    "window of one": GPTConfig(50, 1, 1, 1, 8),
    "window of three": GPTConfig(50, 3, 1, 2, 8, activation="gelu"),
    "one id": GPTConfig(1, 4, 1, 1, 8),
}


def with_opinions(config: GPTConfig, seed: int = 0, scale: float = 0.5) -> GPT:
    """A model with random weights everywhere: it is sure of things, and mostly wrong."""
    model, dice = GPT(config), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.normal_(0, scale, generator=dice)
    return model.eval()


def random_ids(n: int, vocab_size: int, seed: int = 0) -> list[int]:
    dice = random.Random(seed)
    return [dice.randrange(vocab_size) for _ in range(n)]


@pytest.fixture(scope="module")
def small() -> GPT:
    return with_opinions(CONFIGS["default"])


@pytest.fixture(scope="module")
def base():
    return loading.load("base")


@pytest.fixture(scope="module")
def unseen(base) -> list[int]:
    documents = World(seed=0, residents=1000).documents(n=24, split="held_out")
    return token_stream(documents, base.tokenizer).tolist()


# ---------------------------------------------------------------------------------------------
# Nothing is lost


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
@pytest.mark.parametrize("n", [0, 1, 2, 12, 13, 40])
def test_what_goes_in_comes_out_of_any_shape_of_model(config, n):
    model, ids = with_opinions(config), random_ids(n, config.vocab_size, seed=n)
    assert decode(model, encode(model, ids), n) == ids


def test_any_text_comes_out_even_what_the_model_holds_impossible(small):
    sure = with_opinions(CONFIGS["default"], scale=5.0)
    for seed in range(10):
        ids = random_ids(30, 50, seed)
        assert decode(sure, encode(sure, ids), 30) == ids
    assert max(code_lengths(sure, ids)) > 30  # it does hold some for impossible


def test_unseen_text_longer_than_the_window_comes_out(base, unseen):
    assert len(unseen) > 4 * base.model.config.block_size
    data = encode(base.model, unseen)
    assert decode(base.model, data, len(unseen)) == unseen
    text = base.tokenizer.decode(unseen)
    assert len(data) < len(text) / 20


def test_a_tensor_is_as_good_as_a_list(small):
    ids = random_ids(20, 50)
    assert encode(small, torch.tensor(ids)) == encode(small, ids)
    assert encode(small, torch.tensor(ids, dtype=torch.int32)) == encode(small, ids)
    assert encode(small, torch.tensor([], dtype=torch.long)) == encode(small, [])


def test_bytes_of_any_kind_can_be_read(small):
    data = encode(small, [1, 2, 3])
    assert decode(small, bytearray(data), 3) == decode(small, memoryview(data), 3) == [1, 2, 3]


def test_a_model_without_a_cache_is_asked_for_the_whole_window(small):
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner, self.config = small, small.config

        def forward(self, idx):
            assert idx.shape[1] <= self.config.block_size
            return self.inner(idx)

    ids = random_ids(30, 50)
    assert decode(Plain(), encode(Plain(), ids), 30) == ids
    assert code_lengths(Plain(), ids) == pytest.approx(code_lengths(small, ids), abs=1e-3)


# ---------------------------------------------------------------------------------------------
# Nothing is wasted


@pytest.mark.parametrize("vocab_size", [2, 256, 1000, 1024])
def test_a_model_that_expects_nothing_pays_log2_of_the_vocabulary(vocab_size):
    untrained = GPT(GPTConfig(vocab_size, 16, 1, 1, 8))
    ids = random_ids(300, vocab_size)
    expected = 300 * math.log2(vocab_size)
    assert 8 * (len(encode(untrained, ids)) - compression.CHECK) == pytest.approx(expected, abs=8)
    assert code_lengths(untrained, ids) == pytest.approx([math.log2(vocab_size)] * 300, abs=1e-6)


def cross_entropy_bits(model, ids: list[int]) -> float:
    """What one pass over the whole text says, by PyTorch; the first token is guessed blindly."""
    with torch.no_grad():
        logits, _ = model(torch.tensor([ids[:-1]]))
    nats = F.cross_entropy(logits[0], torch.tensor(ids[1:]), reduction="sum").item()
    return math.log2(model.config.vocab_size) + nats / math.log(2)


def test_a_text_costs_its_cross_entropy_and_a_few_bytes(base, unseen):
    window = base.model.config.block_size
    for first in range(0, 4 * window, window):
        ids = unseen[first : first + window]
        bits = cross_entropy_bits(base.model, ids)
        assert sum(code_lengths(base.model, ids)) == pytest.approx(bits, rel=1e-3)
        assert bits / 8 <= len(encode(base.model, ids)) <= bits / 8 + compression.CHECK + 1.01


def test_a_long_text_costs_at_most_2_percent_more_with_its_checksum(small):
    ids = random_ids(1500, 50)
    wide = with_opinions(replace(CONFIGS["default"], block_size=1500))
    assert 8 * len(encode(wide, ids)) <= 1.02 * cross_entropy_bits(wide, ids)


def test_a_full_window_costs_no_more_than_one_that_is_always_three_quarters_full(base, unseen):
    seen = base.model.config.block_size * 3 // 4
    places = range(seen, len(unseen), 5)
    rows = torch.tensor([unseen[i - seen : i] for i in places])
    with torch.no_grad():
        logits = base.model(rows)[0][:, -1]  # (n, vocab_size)
    nats = F.cross_entropy(logits, torch.tensor(unseen[seen::5]), reduction="sum").item()
    bits = code_lengths(base.model, unseen)
    assert sum(bits[i] for i in places) <= 1.02 * nats / math.log(2)


@pytest.mark.parametrize("seed", range(5))
def test_the_coder_wastes_less_than_two_bytes_whatever_the_frequencies(seed):
    dice, ideal, coder, steps = random.Random(seed), 0.0, Encoder(), []
    for _ in range(500):
        total = dice.choice([2, 3, 257, 1 << 20, compression.TOTAL])
        size = min(total, dice.choice([1, total // 2, total - 1]) or 1)
        start = dice.choice([0, total - size])
        ideal += math.log2(total / size)
        steps.append((start, size, total))
        coder.narrow(start, size, total)
    data = coder.finish()
    assert len(data) <= ideal / 8 + 2
    reader = Decoder(data)
    for start, size, total in steps:
        assert start <= reader.place(total) < start + size
        reader.narrow(start, size, total)


def test_a_carry_runs_back_through_all_bytes():
    """The middle half of the middle half of ... closes in on 1/2: is it 0x7fffff... or 0x800000...?"""
    coder, steps = Encoder(), [(1, 2, 4)] * 90 + [(3, 1, 4)]  # the last quarter lies above 1/2
    for step in steps[:-1]:
        coder.narrow(*step)
    assert bytes(coder.written[:8]) == b"\x7f" + b"\xff" * 7
    coder.narrow(*steps[-1])
    data = coder.finish()
    reader = Decoder(data)
    assert data[:8] == b"\x80" + b"\0" * 7
    for start, size, total in steps:
        assert start <= reader.place(total) < start + size
        reader.narrow(start, size, total)


# ---------------------------------------------------------------------------------------------
# No damage goes unnoticed


def damaged(data: bytes, n: int, dice: random.Random):
    """The stream with one bit turned, cut, with a byte more, with two bytes swapped, or the wrong n."""
    place = dice.randrange(len(data))
    match dice.randrange(5):
        case 0:
            bit = bytes([data[place] ^ 1 << dice.randrange(8)])
            return data[:place] + bit + data[place + 1 :], n
        case 1:
            return data[:place], n
        case 2:
            return data + bytes([dice.choice([0, dice.randrange(256)])]), n
        case 3:
            other = dice.randrange(len(data))
            swapped = bytearray(data)
            swapped[place], swapped[other] = swapped[other], swapped[place]
            return (bytes(swapped), n) if swapped != data else (data[1:], n)
        case _:
            return data, dice.choice([n - 1, n + 1, 2 * n, 0, n + dice.randrange(1, 99)])


def test_a_thousand_damaged_streams_are_noticed(small):
    dice = random.Random(1)
    streams = [(random_ids(n, 50, n), n) for n in (1, 2, 5, 20, 60)]
    streams = [(encode(small, ids), n) for ids, n in streams]
    for _ in range(1000):
        data, n = damaged(*dice.choice(streams), dice)
        with pytest.raises(ValueError, match=r"altered|cut off"):
            decode(small, data, n)


def test_every_single_bit_counts(small):
    data = encode(small, random_ids(20, 50))
    for bit in range(8 * len(data)):
        turned = bytearray(data)
        turned[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="altered"):
            decode(small, bytes(turned), 20)


def test_damage_that_the_first_look_lets_by_is_noticed_after_decoding(small):
    ids = random_ids(20, 50)
    data = encode(small, ids)
    for place in range(compression.CHECK, len(data)):
        number = bytearray(data[compression.CHECK :])
        number[place - compression.CHECK] ^= 1
        forged = compression._crc_of_number(bytes(number), 20)[:2] + data[2:4] + bytes(number)
        with pytest.raises(ValueError, match="not those that went in"):
            decode(small, forged, 20)


def test_another_model_is_noticed(small):
    data = encode(small, random_ids(20, 50))
    with pytest.raises(ValueError, match="with another model"):
        decode(with_opinions(CONFIGS["default"], seed=1), data, 20)


@pytest.mark.parametrize("ids", [[50], [3, -1], [0, 1, 2**40], torch.tensor([50])])
def test_ids_outside_the_vocabulary_are_refused(small, ids):
    with pytest.raises(ValueError, match="ids run from 0 to 49"):
        encode(small, ids)


@pytest.mark.parametrize("ids", [[0.5], [[1, 2]], torch.tensor(3), "fog", [[1], [1, 2]], None])
def test_what_is_no_row_of_ids_is_refused(small, ids):
    for call in (encode, code_lengths):
        with pytest.raises(ValueError, match="a row of whole numbers"):
            call(small, ids)


@pytest.mark.parametrize(
    ("data", "n", "words"),
    [
        ("text", 3, "data is a str"),
        (None, 3, "data is a NoneType"),
        (b"", 0, "cut off"),
        (b"abc", 1, "data has 3 bytes"),
        (b"abcdefg", -1, "n is -1"),
        (b"abcdefg", 2.0, "n is 2.0"),
        (b"abcdefg", True, "n is True"),
    ],
)
def test_what_is_no_stream_is_refused(small, data, n, words):
    with pytest.raises(ValueError, match=words):
        decode(small, data, n)


def test_a_model_that_diverged_is_refused(small):
    broken = copy.deepcopy(small)
    with torch.no_grad():
        broken.head.weight[0, 0] = math.nan
    with pytest.raises(ValueError, match="scores are not numbers"):
        encode(broken, [1, 2, 3])


# ---------------------------------------------------------------------------------------------
# Both sides see the same, and the caller's model is left alone


def test_the_stream_does_not_depend_on_where_the_weights_lie_in_memory(base, unseen):
    """Where they begin decides how sums are split, and so their last bit."""
    moved = copy.deepcopy(base.model)
    for p in moved.parameters():
        place = torch.empty(p.numel() + 16)[3 : 3 + p.numel()].view_as(p)
        p.data = place.copy_(p.data)
    assert encode(moved, unseen[:300]) == encode(base.model, unseen[:300])


def test_the_stream_does_not_depend_on_threads_or_mode(small):
    ids, threads = random_ids(30, 50), torch.get_num_threads()
    data = encode(small, ids)
    try:
        torch.set_num_threads(2)
        assert encode(copy.deepcopy(small).train(), ids) == data
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)


def test_the_model_is_left_as_it_was(small):
    model = copy.deepcopy(small).train()
    before = copy.deepcopy(model.state_dict())
    decode(model, encode(model, [1, 2, 3]), 3)
    assert model.training and all(p.grad is None for p in model.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before.values(), model.state_dict().values()))


def test_the_ids_go_where_the_model_is():
    class Elsewhere(nn.Module):
        def __init__(self):
            super().__init__()
            self.config, self.weight = (
                CONFIGS["default"],
                nn.Parameter(torch.ones(1, device="meta")),
            )

        def forward(self, idx):
            places.append(idx.device.type)
            return torch.zeros(1, idx.shape[1], 50), None

    places: list[str] = []
    encode(Elsewhere(), [1, 2, 3])
    assert places == ["meta"] * 3


@pytest.mark.parametrize("n", [0, 1, 39, 41, 10**12])
def test_a_wrong_n_is_refused_before_anything_is_decoded(small, monkeypatch, n):
    """Else a number of ids that is far too large would keep a reader waiting for ever."""
    data = encode(small, random_ids(40, 50))
    monkeypatch.setattr(compression, "Expecting", None)
    with pytest.raises(ValueError, match=f"and n = {n}: "):
        decode(small, data, n)

"""Python's side of the golden vectors of the figure `attention`, and what its data promise."""

import pytest
import torch

from figures.attention import data as attention_data
from figures.attention import golden
from figures.core.golden import read, tiny_gpt
from glassbox.machine.attention import attention_weights, without_heads
from glassbox.machine.model import GPT, GPTConfig
from glassbox.shipped import load


def flat(value):
    if isinstance(value, list):
        return [x for part in value for x in flat(part)]
    return [value]


def test_torch_still_looks_where_the_golden_heads_look():
    made = golden.vectors()
    kept = read(golden.FILE)
    assert [case["off"] for case in made["cases"]] == [case["off"] for case in kept["cases"]]
    assert flat(made["shares"]) == pytest.approx(flat(kept["shares"]), abs=1e-4)
    for mine, theirs in zip(made["cases"], kept["cases"], strict=True):
        assert flat(mine["logits"]) == pytest.approx(flat(theirs["logits"]), abs=1e-4)
        assert flat(mine["shares"]) == pytest.approx(flat(theirs["shares"]), abs=1e-4)


def test_the_weights_are_those_that_the_model_mixes_its_values_by():
    """Weights times values through the output matrix give what the library's Attention gives out."""
    model, tiny = tiny_gpt()
    ids = tiny["ids"]
    seen = {}
    block = model.blocks[1].attn
    block.register_forward_hook(lambda module, args, out: seen.update(x=args[0], out=out))
    shares = attention_weights(model, torch.tensor([ids]))[0, 1]
    values = torch.nn.functional.linear(seen["x"][0], block.qkv[2])
    mixed = shares @ values.view(len(ids), model.config.n_head, -1).transpose(0, 1)
    out = block.out(mixed.transpose(0, 1).flatten(1))
    assert torch.allclose(out, seen["out"][0], atol=1e-5)


def test_without_a_head_is_a_copy_and_all_heads_off_leaves_no_past():
    model, tiny = tiny_gpt()
    ids = tiny["ids"]
    before = model.blocks[0].attn.out.weight.clone()
    heads = [(layer, head) for layer in range(2) for head in range(2)]
    blind = without_heads(model, heads)
    assert torch.equal(model.blocks[0].attn.out.weight, before)
    with torch.no_grad():
        one, _ = blind(torch.tensor([ids]))
        other, _ = blind(torch.tensor([[5, 7, ids[-1]]]))
    assert torch.allclose(one[0, -1], other[0, -1], atol=1e-5)


def test_another_architecture_is_refused():
    model = GPT(GPTConfig.gpt2(280, 16, 1, 2, 16))
    with pytest.raises(ValueError, match="rope"):
        attention_weights(model, torch.tensor([[1, 2]]))


@pytest.fixture(scope="module")
def base():
    return load("base")


@pytest.fixture(scope="module")
def data(base):
    return attention_data.attention(base)


def test_two_heads_have_two_jobs(data):
    """What the sentence under the figure says of the shipped model; reword it if this ever fails."""
    letter, fact = data["jobs"]["letter"], data["jobs"]["fact"]
    assert letter != fact
    one, other = data["heads"][letter], data["heads"][fact]
    assert one["letter"] > 2 and abs(one["fact"]) < 0.05
    assert other["fact"] > 0.5 and abs(other["letter"]) < 0.05
    assert one["elsewhere"] < 0.1 and other["elsewhere"] < 0.1
    assert data["missed"]["letter"] > data["letters"] / 3


def test_one_head_looks_the_letters_name_up(base, data):
    """What the chapter says of the letter that the figure opens with, in the shipped model."""
    fetch = data["jobs"]["fetch"]
    shares = [head["fetch"] for head in data["heads"]]
    assert shares[fetch] == max(shares) > 0.6
    assert data["heads"][fetch]["letter"] > 2
    letters = base.world.documents(["letter"], 4 * attention_data.LETTERS, "held_out")
    letter = next(d for d in letters if d.text == data["texts"][0]["text"])
    there = attention_data.looks_at_name(base, letter)
    assert there.argmax() == fetch and there[fetch] > 0.7
    row = attention_data.letter_parts(base, letter)
    silent = without_heads(base.model, [divmod(fetch, base.model.config.n_head)])
    on, off = (
        attention_data.part_bits(attention_data.surprises(model, [row]))["letter"]
        for model in (base.model, silent)
    )
    assert on < 0.01 and off > 2


def test_a_name_is_looked_for_where_the_first_line_has_it(base):
    """By the letters themselves: the tokens of the first name after " to " and no others."""
    letters = [*base.world.documents(["letter"], 40, "held_out")]
    letter = next(d for d in letters if attention_data.greets(d))
    ids, parts = attention_data.letter_parts(base, letter)
    looker = parts.index("letter") - 1
    first = letter.residents[1].split()[0]
    before = len(base.tokenizer.encode(letter.text[: letter.text.index(f" {letter.residents[1]}")]))
    name = len(base.tokenizer.encode(f" {first}"))
    shares = attention_weights(base.model, torch.tensor([ids]))[0].flatten(0, 1)
    wanted = shares[:, looker, before + 1 : before + 1 + name].sum(-1)
    assert torch.allclose(attention_data.looks_at_name(base, letter), wanted, atol=1e-6)


def test_every_place_of_a_text_is_named(base):
    letter = next(base.world.documents(["letter"], 1, "held_out"))
    ids, place = attention_data.places_of(base, letter)
    names = [attention_data.PLACES[p] for p in place[-1]]
    assert names[0] == "start" and names[-1] == "self" and names[-2] == "one_back"
    for name in letter.residents:
        cut = letter.text.index(name) + len(name)
        last = len(base.tokenizer.encode(letter.text[:cut]))
        assert names[last] == "name_end", (name, base.tokenizer.decode([ids[last]]))


def test_the_texts_are_the_towns(base, data):
    for entry in data["texts"]:
        ids = base.tokenizer.encode(entry["text"])
        first = len(base.tokenizer.decode(ids[:1]))
        assert first <= entry["at"] < len(entry["text"]), "it must not open at the start"
        assert len(ids) < base.model.config.block_size, "a text of the menu must fit the window"
    letter = data["texts"][0]
    held_out = [d.text for d in base.world.documents(["letter"], 240, "held_out")]
    assert letter["text"] in held_out
    name = letter["text"].split(" to ")[1].split()[0]
    assert letter["text"].startswith(name, letter["at"])
    told = {entry["kind"]: entry["text"][entry["at"] :] for entry in data["texts"]}
    assert told["sum"] == "19." and told["way"] == "."

"""The shipped models: they load, are what their cards say, and the script that made them makes them."""

import shutil

import pytest

from glassbox.machine.data import Windows
from glassbox.machine.files import stepped_aside
from glassbox.machine.generate import complete, complete_each
from glassbox.machine.measure import bits_per_byte, document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.train import TrainConfig, train
from glassbox.shipped import FOLDER, load, making
from glassbox.shipped.base import SPECIAL_TOKENS, enough_documents, make_base, make_tokenizer
from glassbox.world import World, from_text
from glassbox.world.documents import KINDS


@pytest.fixture(scope="module")
def base():
    return load("base")


def test_base_is_small_and_whole(base):
    files = list((FOLDER / "base").iterdir())
    assert sum(f.stat().st_size for f in files) < 3_000_000
    assert base.model.num_params() == base.card["parameters"]
    assert base.model.config.vocab_size == len(base.tokenizer)
    assert set(base.tokenizer.special_tokens) == set(SPECIAL_TOKENS)
    assert not base.model.training


def test_a_model_whose_replacement_was_killed_is_still_there(base, tmp_path):
    shutil.copytree(FOLDER / "base", stepped_aside(tmp_path / "base"))
    assert load("base", tmp_path).card == base.card


def test_every_load_is_a_fresh_copy(base):
    again = load("base")
    again.model.head.weight.data.zero_()
    assert load("base").model.head.weight.abs().sum() > 0


def test_the_tokenizer_is_the_one_of_its_world(base):
    assert make_tokenizer(base.world).vocab == base.tokenizer.vocab


def test_base_knows_what_its_card_says(base):
    """On 150 of the facts; five standard errors of leeway."""
    questions = base.world.questions("all", n=150)
    prompts = [q.prompt for q in questions]
    replies = complete_each(base.model, base.tokenizer, prompts, 32, temperature=0)
    right = sum(base.world.judge(q, r) == "right" for q, r in zip(questions, replies)) / 150
    p = base.card["facts_all"]
    assert right == pytest.approx(p, abs=5 * (max(p * (1 - p), 0.01) / 150) ** 0.5)


def test_base_predicts_as_well_as_its_card_says(base):
    documents = list(base.world.documents(n=150, split="held_out"))
    bits = document_nats(base.model, base.tokenizer, documents) / 0.6931471805599453
    error = (bits.std() / 150**0.5).item()
    assert bits.mean().item() == pytest.approx(base.card["bits_per_document"], abs=5 * error)
    assert base.card["bits_per_document"] > base.card["floor_bits_per_document"] - 0.5


def test_base_calculates_as_badly_as_its_card_says(base):
    """On all products of two numbers from 2 to 12; five standard errors of leeway."""
    asked = [(x, y) for x in range(2, 13) for y in range(2, 13)]
    prompts = [f"Q: What is {x} times {y}?\nA:" for x, y in asked]
    replies = complete_each(base.model, base.tokenizer, prompts, 8, temperature=0)
    right = sum(r.strip() == f"{x * y}." for (x, y), r in zip(asked, replies)) / len(asked)
    sums = base.card["sums"]
    times = sums["by_sign"]["times"]
    assert right == pytest.approx(times["right"], abs=5 * (0.25 / times["n"]) ** 0.5)
    assert sum(row["n"] for row in sums["by_sign"].values()) == sums["n"]
    assert sums["right"] < times["right"] < 0.6


def test_the_card_tells_every_kind_from_enough_documents(base):
    assert set(base.card["by_kind"]) == set(KINDS)
    assert all(row["n"] >= 200 for row in base.card["by_kind"].values())
    nearer = sum(row["bits"] < row["floor"] for row in base.card["by_kind"].values())
    assert nearer < len(KINDS) / 3  # why any: see the card


def test_base_writes_documents_of_its_town(base):
    texts = complete(base.model, base.tokenizer, "", 120, n=20, seed=1)
    names = {word for r in base.world.residents for word in r.name.split()}
    assert sum(any(name in text for name in names) for text in texts) >= 12
    assert all(text.isascii() for text in texts)


def test_an_unknown_or_damaged_model_is_named_with_the_remedy(tmp_path):
    with pytest.raises(
        ValueError, match=r"there is no model 'chatty'.*there are: aligned, aligned-dpo, base"
    ):
        load("chatty")
    shutil.copytree(FOLDER / "base", tmp_path / "base")
    weights = tmp_path / "base" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ValueError, match=r"model\.safetensors.*glassbox\.shipped base"):
        load("base", folder=tmp_path)


def test_the_script_makes_a_small_base_and_cards_it(tmp_path, monkeypatch, capsys):
    """The same road at reduced size, against the numbers that it gave when it was written."""

    def small(folder, resume):
        return make_base(
            residents=12, steps=(60, 10), batch_sizes=(16, 32), T=64, n_layer=2, n_embd=64, vocab_size=512,
            n_measured=100, resume=resume, progress=False, dtype="float32",
        )  # fmt: skip

    monkeypatch.setitem(making.MAKERS, "base", small)
    making.main(["base", "--folder", str(tmp_path)])
    made = load("base", folder=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["base"]
    assert made.card["bits_per_document"] == pytest.approx(EXPECTED_BITS, rel=0.03)
    assert made.card["tokens_read"] == (60 * 16 + 10 * 32) * 64
    card = (tmp_path / "base" / "card.md").read_text(encoding="utf-8")
    assert "World(seed=0, residents=12)" in card and f"{made.card['facts_all']:.1%}" in card
    assert "sha256" in capsys.readouterr().out


EXPECTED_BITS = 211.3  # an untrained one pays 9 bits a token, 498 a document


def test_a_text_of_ones_own_is_trained_on(tmp_path):
    """270 kB, about as long as a short novel, and fewer tokens than the steps ask for."""
    path = tmp_path / "own.txt"
    path.write_text(World(seed=5, residents=30).text(270_000), encoding="utf-8")
    own = from_text(path)
    tokenizer = make_tokenizer(own, 400)
    documents = enough_documents(own.documents(), tokenizer, 10**9)
    assert (
        0.85 < sum(len(d.text) + 2 for d in documents) / 270_000 < 0.95
    )  # all but the held-out tenth
    model = GPT(GPTConfig(len(tokenizer), 32, 1, 2, 32))
    held_out = list(own.documents(n=50, split="held_out"))
    before = bits_per_byte(model, tokenizer, held_out)
    windows = Windows(documents, tokenizer, 8, 32)
    train(model, windows, TrainConfig(60, dtype="float32", threads=1), progress=False)
    assert bits_per_byte(model, tokenizer, held_out) < 0.75 * before

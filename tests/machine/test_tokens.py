"""Tokens: the merges of Hugging Face tokenizers, the ids of tiktoken, and every text comes back."""

import json
import os
import random
import sysconfig
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import tiktoken
import tokenizers
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from glassbox.machine import pieces, tokens
from glassbox.machine.tokens import BPE, GPT2_PATTERN, count_pairs, merge, visible, word_counts

WORLD_TOUR = (
    "The harbor-master's 12 boats weren't late.\n\n  Grüße aus Köln, ¿qué tal? Привет, мир! "
    "世界你好,今天天气很好。こんにちは世界 안녕하세요 नमस्ते दुनिया مرحبا بالعالم שלום "
    "🌍👩‍👩‍👧‍👦 1,234.5² ½ ﬁ\t\r\n x_y  \x00\x07 end   "
)


@pytest.fixture(scope="module")
def prose() -> str:
    """About a megabyte of text that nobody wrote for us: the standard library's sources."""
    text, folder = "", Path(sysconfig.get_path("stdlib"))
    for file in sorted(folder.glob("*.py")):
        text += file.read_text(encoding="utf-8", errors="replace")
    return text[:1_000_000]


@pytest.fixture(scope="module")
def bpe(prose) -> BPE:
    return BPE.train(prose[:200_000], 1024, special_tokens=["<|endoftext|>", "<|end|>"])


def hugging_face(text: str, vocab_size: int) -> tokenizers.Tokenizer:
    theirs = tokenizers.Tokenizer(tokenizers.models.BPE())
    level = tokenizers.pre_tokenizers.ByteLevel
    theirs.pre_tokenizer = level(add_prefix_space=False, use_regex=True)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=level.alphabet(), show_progress=False
    )
    theirs.train_from_iterator([text], trainer)
    return theirs


def assert_same_as_hugging_face(text: str, vocab_size: int) -> BPE:
    ours, theirs = BPE.train(text, vocab_size), hugging_face(text, vocab_size)
    their_merges = json.loads(theirs.to_str())["model"]["merges"]
    assert [[visible(a), visible(b)] for a, b in ours.merges] == their_merges
    assert {visible(token): i for i, token in ours.vocab.items()} == theirs.get_vocab()
    assert ours.encode(text) == theirs.encode(text).ids
    return ours


# ----- against the outside


@pytest.mark.parametrize("vocab_size", [256, 300, 1024])
def test_merges_and_ids_are_those_of_hugging_face(prose, vocab_size):
    ours = assert_same_as_hugging_face(prose[:300_000], vocab_size)
    theirs = hugging_face(prose[:300_000], vocab_size)
    assert ours.encode(WORLD_TOUR) == theirs.encode(WORLD_TOUR).ids


def test_ties_are_broken_as_hugging_face_breaks_them():
    """Texts of few letters have ties, and pairs that overlap themselves, all over."""
    for seed in range(300):
        rng = random.Random(seed)
        letters = ["ab", "abcd ", "aé世b \n'1"][seed % 3]
        text = "".join(rng.choices(letters, k=rng.randint(1, 300)))
        assert_same_as_hugging_face(text, 256 + rng.randint(0, 60))


def test_encodes_as_tiktoken_does_from_the_same_ranks(prose, bpe):
    ranks = {token: i for i, token in bpe.vocab.items() if i < 1022}
    theirs = tiktoken.Encoding(
        "ours",
        pat_str=GPT2_PATTERN,
        mergeable_ranks=ranks,
        special_tokens=bpe.special_tokens,
        explicit_n_vocab=1024,
    )
    for text in (prose[-200_000:], WORLD_TOUR):
        assert bpe.encode(text) == theirs.encode(text)
    marked = "a<|endoftext|><|end|> b <|end|"
    assert bpe.encode(marked) == theirs.encode(marked, allowed_special="all")
    assert bpe.encode(marked, "none") == theirs.encode(marked, disallowed_special=())


# The three libraries carry different Unicode versions: newer letters are letters to only some.
SETTLED = st.characters(exclude_categories=["Cs"]).filter(
    lambda c: unicodedata.ucd_3_2_0.category(c) != "Cn"
)


@settings(max_examples=300, deadline=None)
@given(st.text(SETTLED, max_size=40))
def test_cuts_any_unicode_as_hugging_face_does(text):
    ours = [c.encode() for c in pieces.chunks(text, pieces.compiled(GPT2_PATTERN))]
    level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    assert [visible(c) for c in ours] == [piece for piece, _ in level.pre_tokenize_str(text)]


def test_the_byte_alphabet_is_gpt2s():
    assert sorted(tokens.CHAR_TO_BYTE) == sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    theirs = hugging_face("", 256).get_vocab()
    assert {c: tokens.BYTE_TO_ID[b] for b, c in tokens.BYTE_TO_CHAR.items()} == theirs


# ----- the plain way and the fast way


def plain_training(text: str, n_merges: int) -> list[tuple[bytes, bytes]]:
    words = Counter()
    for word, n in tokens.word_counts(text).items():
        words[tuple(tokens.BYTE_TO_ID[b] for b in word)] += n
    names = {i: bytes([b]) for b, i in tokens.BYTE_TO_ID.items()}
    merges = []
    for new_id in range(256, 256 + n_merges):
        counts = count_pairs(words)
        pair = min(counts, key=lambda p: (-counts[p], p))
        merges.append((names[pair[0]], names[pair[1]]))
        names[new_id] = names[pair[0]] + names[pair[1]]
        words = Counter({merge(ids, pair, new_id): n for ids, n in words.items()})
    return merges


def test_incremental_counting_finds_the_merges_of_plain_counting(prose):
    assert BPE.train(prose[:20_000], 256 + 80).merges == plain_training(prose[:20_000], 80)


def test_steps_tell_the_count_that_won(prose):
    steps = list(BPE.train_steps(prose[:20_000], 300))
    assert [(s.left, s.right) for s in steps] == BPE.train(prose[:20_000], 300).merges
    assert [s.id for s in steps] == list(range(256, 300))
    first = count_pairs({tuple(w): n for w, n in tokens.word_counts(prose[:20_000]).items()})
    assert steps[0].count == max(first.values())


# ----- round trips


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_comes_back(bpe, text):
    for allowed in ("all", "none"):
        assert bpe.decode(bpe.encode(text, allowed), errors="strict") == text


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=80))
def test_any_bytes_come_back(bpe, data):
    ids = bpe.encode_bytes(data)
    assert bpe.decode_bytes(ids) == data
    assert bpe.decode(ids) == data.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "text", ["", "\x00" * 50, "🌍" * 3000, "a" * 100_000, "\n \n" * 9, WORLD_TOUR]
)
def test_odd_texts_come_back(bpe, text):
    assert bpe.decode(bpe.encode(text)) == text  # a very long "word" is no trap either


def test_a_pattern_that_skips_text_loses_none_of_it():
    words_only = BPE.train("one two three two", 260, pattern=r"\w+")
    assert words_only.decode(words_only.encode("one, two; three!")) == "one, two; three!"
    groups = BPE.train("one two", 258, pattern=r"(\w)(\w*)|\s")
    assert groups.decode(groups.encode("one two")) == "one two"


def test_without_a_pattern_tokens_cross_words():
    bpe = BPE.train("to be or not to be " * 9, 262, pattern=None)
    assert any(b" " in token.strip() for token in bpe.vocab.values())
    assert BPE.train("", 300, pattern=None).merges == []


# ----- special tokens


def test_special_tokens_are_read_only_where_allowed(bpe):
    end, text = bpe.special_tokens["<|end|>"], "a<|end|>b<|endoftext|>"
    assert end in bpe.encode(text) and end in bpe.encode(text, {"<|end|>"})
    assert bpe.special_tokens["<|endoftext|>"] not in bpe.encode(text, {"<|end|>"})
    assert max(bpe.encode(text, "none")) < 1022
    assert bpe.decode(bpe.encode(text)) == bpe.decode(bpe.encode(text, "none")) == text


def test_the_longer_special_token_wins():
    bpe = BPE.from_merges([], special_tokens=["<|end|>", "<|end|>!"])
    assert bpe.tokens("x<|end|>!") == [b"x", b"<|end|>!"]


def test_special_tokens_are_no_food_for_merges():
    text = "<|endoftext|>".join(["hello world"] * 50)
    merges = BPE.train(text, 300, special_tokens=["<|endoftext|>"]).merges
    assert merges == BPE.train(["hello world"] * 50, 299).merges
    assert not any(b"<" in a + b for a, b in merges)


def test_special_tokens_can_have_any_free_id():
    bpe = BPE.from_merges([(b"a", b"b")], special_tokens={"<|end|>": 5000})
    assert bpe.encode("ab<|end|>") == [256, 5000] and bpe.decode([5000]) == "<|end|>"


# ----- saving and loading


def test_save_and_load_keep_everything(bpe, tmp_path):
    odd = BPE.from_merges(
        [(b"\xff", b"\x00"), (b" ", b"\n")],
        vocab={bytes([b]): 999 - b for b in range(256)} | {b"\xff\x00": 5, b" \n": 7},
        pattern=r"\p{L}+|.",
        special_tokens={"<|ü世|>": 1000},
    )
    for number, ours in enumerate([bpe, odd, BPE.from_merges([], pattern=None)]):
        ours.save(tmp_path / f"{number}.json")
        back = BPE.load(tmp_path / f"{number}.json")
        for name in ("merges", "vocab", "pattern", "special_tokens"):
            assert getattr(back, name) == getattr(ours, name)
        assert list(back.vocab) == list(ours.vocab)
        assert back.encode(WORLD_TOUR + "<|end|>") == ours.encode(WORLD_TOUR + "<|end|>")
    assert len(list(tmp_path.iterdir())) == 3, "a temporary file was left behind"


def test_an_interrupted_save_leaves_the_old_file_whole(bpe, tmp_path, monkeypatch):
    bpe.save(tmp_path / "t.json")

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        BPE.from_merges([]).save(tmp_path / "t.json")
    assert BPE.load(tmp_path / "t.json").merges == bpe.merges
    assert [p.name for p in tmp_path.iterdir()] == ["t.json"]


@pytest.mark.parametrize("cut", [0, 1, 100, -3])
def test_a_damaged_file_is_refused_by_name(bpe, tmp_path, cut):
    bpe.save(tmp_path / "t.json")
    text = (tmp_path / "t.json").read_text(encoding="utf-8")
    (tmp_path / "t.json").write_text(text[:cut], encoding="utf-8")
    with pytest.raises(ValueError, match=r"t\.json is no tokenizer file, or is damaged"):
        BPE.load(tmp_path / "t.json")


# ----- bad input


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda b: b.encode("ab\ud800c"), "lone surrogate U\\+D800 at position 2"),
        (lambda b: BPE.train("a\udfff", 300), "lone surrogate"),
        (lambda b: b.encode("a", "some"), "allowed_special is 'some'"),
        (lambda b: b.encode("a", {"<|no|>"}), r"names \['<\|no\|>'\]"),
        (lambda b: b.decode([3, 99_999]), "id 99999 is not in the vocabulary"),
        (lambda b: b.decode([-1]), "id -1 is not in the vocabulary"),
        (lambda b: BPE.train("a", 200), "vocab_size is 200"),
        (lambda b: BPE.train("a", 257, special_tokens=["x", "y"]), "2 special tokens need 258"),
        (lambda b: BPE.train("a", 300, pattern="("), "no regular expression"),
        (lambda b: BPE.from_merges([(b"ab", b"c")]), "b'ab' has no id"),
        (lambda b: BPE.from_merges([], special_tokens=["x", "x"]), "listed twice"),
        (lambda b: BPE.from_merges([], special_tokens={"x": -5}), "b'x' has the id -5"),
        (lambda b: BPE.from_merges([], special_tokens={"x": 0.5}), "b'x' has the id 0.5"),
        (lambda b: BPE.from_merges([], special_tokens={"x": 3}), "id 3 is given to more than one"),
        (lambda b: BPE.from_merges([], special_tokens=[""]), "empty text"),
        (lambda b: BPE.from_merges([], vocab={b"a": 0}), "no token for byte 0"),
    ],
)
def test_bad_input_is_named_with_its_remedy(bpe, attempt, message):
    with pytest.raises(ValueError, match=message):
        attempt(bpe)


def test_bytes_are_not_mistaken_for_text(bpe):
    with pytest.raises(TypeError, match="encode_bytes"):
        bpe.encode(b"abc")
    for data in (b"abc", ["a", b"bc"]):
        with pytest.raises(TypeError, match="training takes str, not bytes"):
            BPE.train(data, 300)


def test_fractions_are_not_mistaken_for_ids(bpe):
    for ids in ([0.9, 2.0], torch.tensor([0.9])):
        with pytest.raises(TypeError, match="integer"):
            bpe.decode(ids)
    assert bpe.decode(torch.tensor([0, 2])) == "!#"


def test_a_single_special_token_needs_no_list():
    for bpe in (BPE.train("the end", 300, special_tokens="END"), BPE.from_merges([], special_tokens="END")):  # fmt: skip
        assert list(bpe.special_tokens) == ["END"]
    assert word_counts("aENDb", special_tokens="END") == {b"a": 1, b"b": 1}

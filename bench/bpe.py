"""BPE side by side: train and encode one megabyte with ours, Hugging Face tokenizers and tiktoken.

    python bench/bpe.py

Text: the standard library's sources. CPU seconds, medians of five interleaved rounds, one thread. The
merges and ids are checked to be equal before anything is timed.
"""

import json
import os
import sysconfig
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import tiktoken
import tokenizers
from side_by_side import interleaved, table

from glassbox.machine.tokens import BPE, GPT2_PATTERN, visible


def megabyte() -> str:
    text = ""
    for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        text += file.read_text(encoding="utf-8", errors="replace")
    return text[:1_000_000]


def hugging_face(text: str, vocab_size: int) -> tokenizers.Tokenizer:
    theirs = tokenizers.Tokenizer(tokenizers.models.BPE())
    level = tokenizers.pre_tokenizers.ByteLevel
    theirs.pre_tokenizer = level(add_prefix_space=False, use_regex=True)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=level.alphabet(), show_progress=False
    )
    theirs.train_from_iterator([text], trainer)
    return theirs


def main() -> None:
    text = megabyte()
    ours, theirs = BPE.train(text, 1024), hugging_face(text, 1024)
    ranks = {token: i for i, token in ours.vocab.items()}
    openai = tiktoken.Encoding(
        "ours", pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={}
    )
    merges = [[visible(left), visible(right)] for left, right in ours.merges]
    assert merges == json.loads(theirs.to_str())["model"]["merges"]
    assert ours.encode(text) == theirs.encode(text).ids == openai.encode(text)

    def fresh():  # an empty cache of words, as at the first text
        return BPE.from_merges(ours.merges).encode(text)

    rows = interleaved(
        {
            "train, vocabulary 1,024: glassbox": lambda: BPE.train(text, 1024),
            "train, vocabulary 1,024: tokenizers": lambda: hugging_face(text, 1024),
            "train, vocabulary 4,096: glassbox": lambda: BPE.train(text, 4096),
            "train, vocabulary 4,096: tokenizers": lambda: hugging_face(text, 4096),
            "encode: glassbox, first time": fresh,
            "encode: glassbox, words known": lambda: ours.encode(text),
            "encode: tokenizers": lambda: theirs.encode(text),
            "encode: tiktoken": lambda: openai.encode(text),
        },
        rounds=5,
    )
    table("1 MB of Python source, merges and ids identical", rows)


if __name__ == "__main__":
    main()

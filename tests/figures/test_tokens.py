"""Python's side of the golden vectors of the figure `tokens`; logic.test.js holds JavaScript to them."""

from figures.core.golden import read
from figures.tokens import data, golden
from glassbox.machine.tokens import BPE
from glassbox.world.languages import PARAGRAPHS


def test_the_library_still_gives_the_golden_merges_and_contests():
    assert golden.vectors() == read(golden.FILE)


def test_the_exported_pairs_rebuild_the_tokenizers_of_the_library():
    for mix in data.MIXES:
        flat = data.tokenizer_pairs(mix)
        bpe = data.tokenizer(mix)
        tokens = [bpe.vocab[i] for i in range(256)]
        merges = []
        for left, right in zip(flat[::2], flat[1::2]):
            merges.append((tokens[left], tokens[right]))
            if tokens[left] + tokens[right] not in tokens:
                tokens.append(tokens[left] + tokens[right])
        again = BPE.from_merges(merges)
        for p in PARAGRAPHS:
            assert again.encode(p.text) == bpe.encode(p.text), (mix, p.code)

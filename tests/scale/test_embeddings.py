"""Embeddings: the loss against its closed form, vectors against the plain mean, recall against a loop."""

import math

import pytest
import torch
from torch.nn import functional as F

from glassbox.assistant.retrieval import embed
from glassbox.machine.model import GPT, GPTConfig
from glassbox.scale import embeddings
from glassbox.scale.embeddings import Encoder, Pairs, info_nce, overlap, recall_at, train_pairs
from glassbox.shipped.base import make_tokenizer
from glassbox.world import World


@pytest.fixture(scope="module")
def world():
    return World(4, 20)


@pytest.fixture
def encoder(world):
    tokenizer = make_tokenizer(world, 300, 100)
    model = GPT(GPTConfig(len(tokenizer), 48, 2, 2, 32))
    with torch.no_grad():
        for n, w in enumerate(p for p in model.parameters() if p.ndim > 1):
            w.normal_(0, 0.2, generator=torch.Generator().manual_seed(n))
    return Encoder(model, tokenizer)


def drawn(n, d, seed):
    return F.normalize(torch.randn(n, d, generator=torch.Generator().manual_seed(seed)), dim=-1)


def test_the_loss_is_its_formula_and_torchs_cross_entropy():
    a, b = drawn(5, 8, 0), drawn(5, 8, 1)
    cosines = F.cosine_similarity(a[:, None], b[None], dim=-1)
    want = sum(
        -math.log(math.exp(c[i] / 0.2) / sum(math.exp(x / 0.2) for x in c))
        for i, c in enumerate(cosines.tolist())
    )
    assert info_nce(a, b, 0.2).item() == pytest.approx(want / 5, rel=1e-5)
    assert info_nce(a, a, 1e4).item() == pytest.approx(math.log(5), rel=1e-3)


def test_vectors_are_the_mean_states_whatever_else_is_in_the_batch(encoder):
    texts = ["Rain.", "She lives on Tar Lane and keeps an otter."]
    want = F.normalize(torch.tensor(embed(encoder.model, encoder.tokenizer, texts)), dim=-1)
    torch.testing.assert_close(encoder.embed(texts), want, rtol=0, atol=1e-5)
    torch.testing.assert_close(encoder.embed(texts[:1]), want[:1], rtol=0, atol=1e-5)
    for nothing in ([], ["Rain.", ""]):
        with pytest.raises(ValueError, match="give texts to embed"):
            encoder.embed(nothing)


def test_pairs_teach_it_to_find(encoder, world):
    pairs = embeddings.question_pairs(world.residents, embeddings.LESSONS)
    questions, passages = zip(*pairs)

    def found():
        return recall_at(encoder.embed(questions) @ encoder.embed(passages).T, 1)

    before, kept = found(), encoder.model.head.weight.clone()
    history = train_pairs(encoder, pairs, steps=40, batch_size=16, lr=3e-3)
    assert history.loss[-1] < 0.8 * history.loss[0] and found() > before + 0.1
    assert torch.equal(encoder.model.head.weight, kept)
    with pytest.raises(ValueError, match="a batch takes 2 or more"):
        Pairs(pairs[:3], encoder, 4)


def test_lessons_and_test_share_no_wording(world):
    names = {r.name for r in world.residents}
    person = world.residents[:1]
    taught, apart = (
        {
            text
            for seed in range(40)
            for pair in embeddings.question_pairs(person, w, seed)
            for text in pair
        }
        for w in (embeddings.LESSONS, embeddings.APART)
    )
    assert not taught & apart and all(any(n in t for n in names) for t in taught)


def test_recall_is_counted_as_by_a_loop():
    scores = torch.randn(30, 30, generator=torch.Generator().manual_seed(3))
    for k in (1, 4):
        want = [i in sorted(range(30), key=lambda j: -scores[i, j])[:k] for i in range(30)]
        assert recall_at(scores, k) == pytest.approx(sum(want) / 30)
    assert recall_at(torch.zeros(4, 4), 1) == 0
    for wrong in (0, 31):
        with pytest.raises(ValueError, match="k up to n"):
            recall_at(scores, wrong)


def test_overlap_and_words_in_common_prefer_the_same_text():
    texts = ["She keeps an otter.", "The tide is late.", "One comb costs nine pence."]
    for scores in (overlap(texts, texts), embeddings.words_in_common(texts, texts)):
        assert recall_at(scores, 1) == 1
    assert (overlap(texts, texts).diagonal() == 1).all()

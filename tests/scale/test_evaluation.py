"""Scoring by likelihood against PyTorch's own loss and Hugging Face's model, and pass@k against all sets."""

import itertools
import math

import pytest
import torch
from torch.nn import functional as F

from glassbox.machine.data import END
from glassbox.machine.hf import _config
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.scale import evaluation
from glassbox.scale.evaluation import PROMPTS, RULES, loglikelihoods, pass_at_k, score, split_ids
from glassbox.world import World, winch
from glassbox.world.benchmark import Item, benchmark

WORLD = World(seed=0, residents=50)
CHAT = ("<|user|>", "<|assistant|>", "<|end|>")


@pytest.fixture(scope="module")
def tokenizer():
    texts = [d.text for d in WORLD.documents(n=300)]
    return BPE.train(texts, 400, special_tokens=(END, *CHAT))


@pytest.fixture(scope="module")
def model(tokenizer):
    made = GPT(GPTConfig(len(tokenizer), 160, 2, 2, 32))
    with torch.no_grad():  # a model that has not learned finds all tokens alike
        for p in made.parameters():
            p.add_(0.3 * torch.randn(p.shape, generator=torch.Generator().manual_seed(p.numel())))
    return made.eval()


def test_a_likelihood_is_pytorchs_cross_entropy(model, tokenizer):
    rows = [split_ids(tokenizer, i.context, f" {o}") for i in benchmark(WORLD, "exam", 5) for o in i.options]  # fmt: skip
    for (context, option), (logp, greedy) in zip(rows, loglikelihoods(model, rows)):
        ids = torch.tensor([*context, *option])
        logits = model(ids[None, :-1])[0][0, -len(option) :]
        loss = F.cross_entropy(logits, ids[-len(option) :], reduction="sum").item()
        assert logp == pytest.approx(-loss, abs=1e-4)
        assert greedy == torch.equal(logits.argmax(-1), ids[-len(option) :])


def test_batches_do_not_change_a_likelihood(model, tokenizer):
    rows = [split_ids(tokenizer, "Q: Who?\nA:", " Ann" * n) for n in range(1, 9)]
    together = [logp for logp, _ in loglikelihoods(model, rows)]
    alone = [loglikelihoods(model, [row])[0][0] for row in rows]
    assert together == pytest.approx(alone, abs=1e-4)


def test_gpt2_of_hugging_face_gives_the_same(tokenizer):
    """The same weights there and here, the same sum of log-probabilities."""
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(vocab_size=300, n_positions=32, n_embd=16, n_layer=1, n_head=2)
    torch.manual_seed(0)
    theirs = transformers.GPT2LMHeadModel(config).eval()
    ours = GPT.from_gpt2_state_dict(theirs.state_dict(), _config(config))
    context, option = [5, 9, 200], [7, 11]
    with torch.no_grad():
        logps = theirs(torch.tensor([[*context, *option]])).logits[0].log_softmax(-1)
    wanted = (logps[2, 7] + logps[3, 11]).item()
    assert loglikelihoods(ours, [(context, option)])[0][0] == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_prompt_gives_numbers_for_every_option(model, tokenizer, prompt):
    items, examples = benchmark(WORLD, "exam", 6), benchmark(WORLD, "exam", 3, 1)
    scored = score(model, tokenizer, items, prompt, examples)
    for row in zip(items, scored.logps, scored.priors, scored.tokens, scored.bytes):
        assert {len(each) for each in row[1:]} == {len(row[0].options)}
    for rule in RULES:
        assert scored.accuracy(rule) == sum(scored.right(rule)) / 6


def test_the_rules_divide_by_what_they_say():
    logps, tokens, size, priors = [-6.0, -8.0, -9.0], [2, 4, 2], [10, 11, 30], [-1.0, -4.0, -9.0]
    picks = [evaluation.pick(logps, tokens, size, priors, rule) for rule in RULES]
    assert picks == [0, 1, 2, 2]


def test_as_many_examples_as_fit_are_shown(tokenizer):
    item, *examples = benchmark(WORLD, "facts", 4)
    for window, shots in ((1000, 3), (len(tokenizer.encode(item.context)) + 14, 0)):
        asked = evaluation.written(item, "few", examples, tokenizer, window)
        assert asked.context.count("\n\n") == shots


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([],), "benchmark is empty"),
        ((benchmark(WORLD, "sums", 1), "shouted"), "prompt is 'shouted'"),
        ((benchmark(WORLD, "sums", 1), "few"), "no examples"),
    ],
)
def test_bad_calls_are_refused_in_words(model, tokenizer, arguments, words):
    with pytest.raises(ValueError, match=words):
        score(model, tokenizer, *arguments)


def test_what_does_not_fit_or_is_empty_is_refused(model, tokenizer):
    with pytest.raises(ValueError, match="block_size is 160"):
        loglikelihoods(model, [([1] * 160, [2, 3])])
    with pytest.raises(ValueError, match="empty"):
        loglikelihoods(model, [([1], [])])
    scored = score(model, tokenizer, [Item("sums", "plus", "Q: 1?\nA:", ("1.", "2."), 0)])
    with pytest.raises(ValueError, match="choose from raw"):
        scored.picks("best")


def test_chance_becomes_nought():
    assert evaluation.above_chance(0.25, 0.25) == 0 and evaluation.above_chance(1, 0.5) == 1
    with pytest.raises(ValueError, match="chance is 1"):
        evaluation.above_chance(0.5, 1)


# ---- pass@k


@pytest.mark.parametrize(("n", "c"), [(5, 0), (5, 2), (6, 1), (6, 5), (4, 4)])
def test_pass_at_k_counts_all_sets(n, c):
    right = [i < c for i in range(n)]
    for k in range(1, n + 1):
        sets = [any(s) for s in itertools.combinations(right, k)]
        assert pass_at_k(n, c, k) == pytest.approx(sum(sets) / len(sets))


def test_pass_at_k_is_the_published_product():
    """Chen et al. 2021, figure 3: 1 - prod(1 - k / i for i from n - c + 1 to n)."""
    for n, c, k in [(200, 13, 100), (20, 3, 5), (10, 9, 2)]:
        product = math.prod(1 - k / i for i in range(n - c + 1, n + 1)) if n - c >= k else 0.0
        assert pass_at_k(n, c, k) == pytest.approx(1 - product)


@pytest.mark.parametrize("p", [0.05, 0.3, 0.8])
def test_the_estimator_has_no_bias_and_the_obvious_one_is_low(p):
    for n, k in [(10, 5), (20, 10), (8, 8)]:
        truth = 1 - (1 - p) ** k
        assert evaluation.expected(pass_at_k, p, n, k) == pytest.approx(truth)
        assert evaluation.expected(evaluation.naive_pass_at_k, p, n, k) < truth


@pytest.mark.parametrize("bad", [(5, 6, 1), (5, -1, 1), (5, 2, 6), (5, 2, 0)])
def test_impossible_counts_are_refused(bad):
    with pytest.raises(ValueError, match="draw more samples"):
        pass_at_k(*bad)


def test_programs_are_run_and_counted(tokenizer):
    class Parrot(torch.nn.Module):  # whatever stands before, it goes on with " double."
        config = GPTConfig(len(tokenizer), 64, 1, 1, 8)

        def __init__(self):
            super().__init__()
            self.says = torch.nn.Parameter(torch.zeros(1))
            self.ids = [*tokenizer.encode(" double."), tokenizer.special_tokens[END]]

        def forward(self, idx, targets=None):
            logits = torch.full((*idx.shape, len(tokenizer)), -30.0)
            for row, ids in enumerate(idx.tolist()):
                said = next(
                    (n for n in range(len(self.ids) - 1, 0, -1) if ids[-n:] == self.ids[:n]), 0
                )
                logits[row, -1, self.ids[min(said, len(self.ids) - 1)]] = 30.0
            return logits, None

    tasks = [winch.Task(((1, 2), (3, 6)), "double"), winch.Task(((1, 3), (3, 9)), "triple")]
    assert evaluation.count_passes(Parrot(), tokenizer, tasks, n=3) == [3, 0]
    with pytest.raises(ValueError, match="no tasks"):
        evaluation.count_passes(Parrot(), tokenizer, [])

"""Python's side of the golden vectors of the figures `tokens` and `softmax_sampling`.

figures/tokens/logic.test.js and figures/softmax_sampling/logic.test.js hold JavaScript to the same
files.
"""

import json

import pytest
import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from glassbox.course import figure_data
from glassbox.machine.tokens import BPE
from glassbox.world import World
from glassbox.world.languages import PARAGRAPHS
from tests.figures import make_golden_figures
from tests.figures.make_golden import GOLDEN


def golden(name):
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def test_the_library_still_gives_the_golden_merges_and_contests():
    assert make_golden_figures.tokens_vectors() == golden("tokens")


def test_the_library_still_gives_the_golden_distributions():
    vectors = golden("softmax_sampling")
    logits = torch.tensor(vectors["logits"], dtype=torch.float64)
    assert [c["settings"] for c in vectors["cases"]] == make_golden_figures.SETTINGS
    for case in vectors["cases"]:
        assert make_golden_figures.final(logits, case["settings"]) == pytest.approx(
            case["final"], abs=1e-9
        ), case["settings"]


def test_torch_still_gives_the_golden_shares_of_whole_answers():
    made, kept = make_golden_figures.answers_vectors(), golden("answers")
    for mine, theirs in zip(made["cases"], kept["cases"], strict=True):
        assert mine["settings"] == theirs["settings"]
        assert mine["shares"] == pytest.approx(theirs["shares"], rel=1e-3, abs=0)


def test_the_facts_of_the_bench_are_the_towns():
    world = World()
    data = figure_data.facts(world, n_documents=8_000)
    people = [fact for fact in data["facts"] if fact["group"] != "price"]
    assert len(people) == 12
    for fact in people:
        assert fact["answer"].endswith(world.truth(fact["name"], fact["attribute"]))
        assert data["answers"][fact["attribute"]].count(fact["answer"]) == 1
    prices = {f["name"].split(" ", 1)[1]: f for f in data["facts"] if f["group"] == "price"}
    assert {good: int(f["answer"].split()[0]) for good, f in prices.items()} == world.prices
    assert all(f["answer"] in data["answers"]["price"] for f in prices.values())
    documents = [d.text for d in world.documents(n=data["n_documents"])]
    told = {f["group"]: sum(f["name"] in text for text in documents) for f in people}
    assert told["often"] > told["sometimes"] > told["never"] == 0
    openings = [f["prompt"] + f["answer"] for f in prices.values()]
    assert any(opening in text for text in documents for opening in openings)


def test_hugging_face_in_the_order_stated_gives_the_golden_distributions():
    """Penalty, temperature, top-k, top-p, min-p: the order the figure tells its reader."""
    vectors = golden("softmax_sampling")
    logits = torch.tensor([vectors["logits"]], dtype=torch.float64)
    seen = torch.tensor([vectors["seen"]])
    for case in vectors["cases"]:
        s = case["settings"]
        if s.get("temperature") == 0:
            continue  # Hugging Face calls that do_sample=False
        chain = LogitsProcessorList()
        if "penalty" in s:
            chain.append(RepetitionPenaltyLogitsProcessor(s["penalty"]))
        if "temperature" in s:
            chain.append(TemperatureLogitsWarper(s["temperature"]))
        if "topK" in s:
            chain.append(TopKLogitsWarper(s["topK"]))
        if "topP" in s:
            chain.append(TopPLogitsWarper(s["topP"]))
        if "minP" in s:
            chain.append(MinPLogitsWarper(s["minP"]))
        probs = torch.softmax(chain(seen, logits.clone()), -1)[0].tolist()
        # Of two equal tokens at the edge of a nucleus Hugging Face may keep the other one.
        assert sorted(probs) == pytest.approx(sorted(case["final"]), abs=1e-9), s


def test_the_exported_pairs_rebuild_the_tokenizers_of_the_library():
    for mix in figure_data.MIXES:
        flat = figure_data.tokenizer_pairs(mix)
        bpe = figure_data.tokenizer(mix)
        tokens = [bpe.vocab[i] for i in range(256)]
        merges = []
        for left, right in zip(flat[::2], flat[1::2]):
            merges.append((tokens[left], tokens[right]))
            if tokens[left] + tokens[right] not in tokens:
                tokens.append(tokens[left] + tokens[right])
        again = BPE.from_merges(merges)
        for p in PARAGRAPHS:
            assert again.encode(p.text) == bpe.encode(p.text), (mix, p.code)

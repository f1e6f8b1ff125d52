"""Python's side of the golden vectors of the figure `softmax_sampling`.

figures/softmax_sampling/logic.test.js holds JavaScript to the same files.
"""

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

from figures.core.golden import read
from figures.softmax_sampling import data as bench_data
from figures.softmax_sampling import golden
from glassbox.shipped import load
from glassbox.world import World


def test_the_library_still_gives_the_golden_distributions():
    vectors = read(golden.FILE)
    logits = torch.tensor(vectors["logits"], dtype=torch.float64)
    assert [c["settings"] for c in vectors["cases"]] == golden.SETTINGS
    for case in vectors["cases"]:
        assert golden.final(logits, case["settings"]) == pytest.approx(case["final"], abs=1e-9), (
            case["settings"]
        )


def test_torch_still_gives_the_golden_shares_of_whole_answers():
    made, kept = golden.answers_vectors(), read(golden.ANSWERS_FILE)
    for mine, theirs in zip(made["cases"], kept["cases"], strict=True):
        assert mine["settings"] == theirs["settings"]
        assert mine["shares"] == pytest.approx(theirs["shares"], rel=1e-3, abs=0)


def test_the_facts_of_the_bench_are_the_towns():
    world = World()
    data = bench_data.facts(world, n_documents=8_000)
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


def test_it_opens_on_products_with_a_real_competitor():
    """Of one the model's favorite is right, of the other it is wrong, and the right answer is second."""
    base = load("base")
    torn = bench_data.torn_products(base)
    assert len(torn) == 2
    for fact, place in zip(torn, (0, 1), strict=True):
        x, y = (int(n) for n in fact["name"].split(" times "))
        assert fact["answer"] == f" {x * y}" and fact["prompt"] == f"{x} times {y} is"
        found = bench_data.likely_numbers(base, fact["prompt"])
        favorites = sorted(found, key=lambda text: -found[text])[:2]
        assert favorites[place] == fact["answer"]
        assert all(found[text] >= bench_data.RIVAL for text in favorites)


def test_hugging_face_in_the_order_stated_gives_the_golden_distributions():
    """Penalty, temperature, top-k, top-p, min-p: the order the figure tells its reader."""
    vectors = read(golden.FILE)
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

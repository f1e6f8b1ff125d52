"""Our models in lm-evaluation-harness: the same questions, the same scores. Needs the extra `eval`."""

import warnings

import pytest

from glassbox.machine.data import end_id
from glassbox.machine.measure import document_nats
from glassbox.scale import harness
from glassbox.scale.evaluation import loglikelihoods, score
from glassbox.world import World
from glassbox.world.benchmark import FAMILIES, benchmark

WORLD = World(seed=0, residents=1000)


def test_without_the_package_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(harness, "LM", object)
    with pytest.raises(ImportError, match=r"pip install glassbox\[eval\]"):
        harness.Assistant.__init__(object.__new__(harness.Assistant), None, None)


def test_an_empty_benchmark_is_refused():
    with pytest.raises(ValueError, match="empty"):
        harness.task("nothing", [])


# ---- where the package is installed


@pytest.fixture(scope="module")
def lm_eval():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("lm_eval")


@pytest.fixture(scope="module")
def assistant(lm_eval):
    from glassbox.shipped import load

    chat = load("chat")
    return harness.Assistant(chat.model, chat.tokenizer)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("chat", [False, True], ids=["plain", "chat"])
def test_the_harness_finds_the_same_scores(lm_eval, assistant, family, chat):
    items = benchmark(WORLD, family, 40)
    found = lm_eval.simple_evaluate(
        assistant,
        tasks=[harness.task(f"ellery_{family}", items, chat)],
        bootstrap_iters=0,
        apply_chat_template=chat,
    )
    ours = score(assistant.model, assistant.tokenizer, items, "chat" if chat else "plain")
    theirs = found["results"][f"ellery_{family}"]
    assert theirs["acc,none"] == pytest.approx(ours.accuracy("raw"), abs=1e-9)
    assert theirs["acc_norm,none"] == pytest.approx(ours.accuracy("per_byte"), abs=1e-9)
    samples = sorted(found["samples"][f"ellery_{family}"], key=lambda s: s["doc_id"])
    for sample, logps in zip(samples, ours.logps, strict=True):
        said = [response[0] for response in sample["filtered_resps"]]
        assert said == pytest.approx(logps, abs=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_rolling_likelihood_is_the_documents_own(lm_eval, assistant):
    """Without the end of the document, which the harness does not ask for."""
    from lm_eval.api.instance import Instance

    model, tokenizer = assistant.model, assistant.tokenizer
    texts = [d.text for d in WORLD.documents(n=5, split="held_out")]
    asked = [Instance("loglikelihood_rolling", {}, (text,), i) for i, text in enumerate(texts)]
    found = assistant.loglikelihood_rolling(asked)
    end = end_id(tokenizer)
    ends = loglikelihoods(model, [([end, *tokenizer.encode(text)], [end]) for text in texts])
    whole = -document_nats(model, tokenizer, texts)
    for rolling, (at_end, _), nats in zip(found, ends, whole.tolist(), strict=True):
        assert rolling + at_end == pytest.approx(nats, abs=1e-3)


@pytest.mark.filterwarnings("ignore")
def test_generation_stops_where_it_is_told(lm_eval, assistant):
    from lm_eval.api.instance import Instance

    how = {"until": ["\n", "."], "max_gen_toks": 20}
    [text] = assistant.generate_until(
        [Instance("generate_until", {}, ("Q: What is 2 plus 2?\nA:", how), 0)]
    )
    assert text and "." not in text and "\n" not in text

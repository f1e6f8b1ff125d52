"""`figure` in notebooks, and what is exported for the page."""

import json
import math
import re

import pytest
import torch

from glassbox.course import figures, models
from glassbox.machine.measure import document_nats
from glassbox.machine.model import GPT, GPTConfig
from glassbox.machine.tokens import BPE
from glassbox.world import World


@pytest.fixture
def bundles(tmp_path, monkeypatch):
    """A build folder with one small figure in it."""
    monkeypatch.setattr(figures, "BUNDLES", tmp_path)
    (tmp_path / "demo.js").write_text("export default { render() {} }", encoding="utf-8")
    return tmp_path


def state_of(html):
    text = re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1]
    return json.loads(text)


def test_a_figure_shows_a_widget_and_carries_a_mount_for_the_page(bundles):
    widget = figures.figure("demo", text="Mara", k=3)
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert 'data-afm-name="demo"' in data["text/html"]
    assert state_of(data["text/html"]) == {"text": "Mara", "k": 3}
    assert (widget.text, widget.k, widget.choice) == ("Mara", 3, None)


def test_what_was_changed_since_is_what_the_page_shows(bundles):
    widget = figures.figure("demo", text="Mara")
    widget.text = "Quill"
    assert state_of(widget._repr_mimebundle_()[0]["text/html"]) == {"text": "Quill"}


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!-- <script>", "a\0b\u2028"]
)
def test_state_cannot_end_its_script_element(bundles, text):
    html = figures.figure("demo", text=text)._repr_mimebundle_()[0]["text/html"]
    assert html.count("<script") == 1 and html.count("</script>") == 1 and "<!--" not in html
    assert state_of(html) == {"text": text}


def test_an_unbuilt_figure_says_how_to_build_it_and_stays_alive_in_the_page(bundles):
    missing = figures.figure("not_built", text="<b>")
    data = missing._repr_mimebundle_()
    assert "python make.py figures" in data["text/plain"]
    assert "python make.py figures" in data["text/html"]
    assert state_of(data["text/html"]) == {"text": "<b>"}


def test_bad_names_and_states_are_named(bundles):
    with pytest.raises(ValueError, match="no figure name"):
        figures.figure("../secret")
    with pytest.raises(TypeError, match="demo"):
        figures.figure("demo", text=object())
    with pytest.raises(ValueError, match="layout"):
        figures.figure("demo", layout=1)


def test_the_kernel_hands_over_exported_files_and_nothing_else(bundles):
    (bundles / "models").mkdir()
    figures._write(bundles / "models" / "base.js", figures._wrap("base", {"a": [1, "\u2028"]}))
    (bundles / "secret.js").write_text("no", encoding="utf-8")
    widget = figures.figure("demo")
    sent = []
    widget.send = lambda message: sent.append(message)
    figures._answer(widget, {"kind": "file", "name": "base"}, [])
    figures._answer(widget, {"kind": "file", "name": "../secret"}, [])
    figures._answer(widget, {"kind": "other"}, [])
    assert sent[0] == {"kind": "file", "name": "base", "file": {"a": [1, "\u2028"]}}
    assert "python make.py figures" in sent[1]["error"]
    assert len(sent) == 2


@pytest.mark.parametrize("shape", [(7,), (5, 9), (3, 4, 4)])
def test_packing_moves_no_weight_by_more_than_half_a_step(shape):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    back = figures.unpack_tensor(figures.pack_tensor(weight))
    step = weight.abs().amax(-1, keepdim=True) / 127 if weight.ndim > 1 else torch.zeros(1)
    assert back.shape == weight.shape
    assert ((back - weight).abs() <= step / 2 + 1e-6).all()


def test_the_packed_model_predicts_as_well_as_the_shipped_one():
    """Rounding to int8 costs less than half a percent of the bits, and the file stays under 3 MB."""
    base = models.load("base")
    packed = figures.pack_model(base.model, base.tokenizer, {"name": "base"})
    assert len(json.dumps(packed)) < 3_000_000
    rounded = GPT(base.model.config)
    rounded.load_state_dict({k: figures.unpack_tensor(t) for k, t in packed["tensors"].items()})
    documents = list(base.world.documents(n=60, split="held_out"))
    shipped, page = (
        document_nats(m, base.tokenizer, documents).sum() for m in (base.model, rounded)
    )
    assert page < 1.005 * shipped


def test_a_model_too_large_for_the_page_is_refused():
    model = GPT(GPTConfig(vocab_size=300, block_size=8, n_layer=1, n_head=1, n_embd=700))
    with pytest.raises(ValueError, match="at most 3,000,000"):
        figures.pack_model(model, BPE.from_merges([]), {})


def test_the_game_gets_held_out_texts_with_their_floors():
    """Every text is one that the town's held-out stream holds, with the bits it reports."""
    world = World(seed=0, residents=50)
    game = figures.next_word_texts(world, n=12)
    stream = {d.text: d for d in world.documents(split="held_out", n=400)}
    assert len(game["texts"]) == 12
    for entry in game["texts"]:
        document = stream[entry["text"]]
        assert entry["bits"] == pytest.approx(-document.logprob / math.log(2), abs=0.01)
        assert len(entry["text"].split()) in figures.GAME_WORDS
        assert "\n" not in entry["text"]
    assert 300 < game["dictionary"] < 5_000
    assert len(set(game["words"])) == 300

"""Interactive figures in notebooks: the same modules that the book's pages show.

`figure("tokens", text="Mara Quill")` returns a widget. Its output also carries a plain HTML mount,
so that the book's copy of a notebook is alive without a kernel. `export_model` writes a
trained model, packed for the page; `main` all that the figures need of Python's side.

    python -m glassbox.course.figures        writes it into _build/figures/models/
"""

from __future__ import annotations

import base64
import html
import json
import re
import tempfile
from collections import Counter
from pathlib import Path

from glassbox.machine.files import write_text

BUNDLES = Path(__file__).resolve().parents[2] / "_build" / "figures"
REMEDY = "python make.py figures"

# ---------------------------------------------------------------------------------------------
# Showing


def figure(name: str, **state):
    """The figure `name` with this starting state, to be shown as the last line of a cell.

    name   a folder of figures/, such as "tokens"
    state  what the figure reads: JSON values only; see the figure's README line

    Returns an anywidget whose attributes are the state (`widget.choice`), or, when the figures are
    not built, an object that says so and how to build them.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} is no figure name; names look like 'next_word'")
    try:
        json.dumps(state)
    except TypeError as e:
        raise TypeError(f"figure {name!r}: {e}; give numbers, strings, lists and dicts only") from e
    bundle = BUNDLES / f"{name}.js"
    if not bundle.exists():
        return MissingFigure(name, state)
    return _widget_class(name, bundle, state)(**state)


def mount_html(name: str, state: dict, words: str = "") -> str:
    """The element that the page's host (figures/core/host.js) turns into the living figure.

    >>> mount_html("tokens", {"text": "</script>"})
    '<div class="afm" data-afm-name="tokens"><script type="application/json">{"text": "\\\\u003c/script>"}</script></div>'
    """
    packed = json.dumps(state, ensure_ascii=False).replace("<", "\\u003c")  # ends no <script>
    note = f"<p>{html.escape(words)}</p>" if words else ""
    return (
        f'<div class="afm" data-afm-name="{name}">'
        f'<script type="application/json">{packed}</script>{note}</div>'
    )


class MissingFigure:
    """Stands for a figure whose bundle is not built; shows a sentence, never a traceback."""

    def __init__(self, name: str, state: dict):
        self.name = name
        self.state = dict(state)

    def __repr__(self) -> str:
        return f"The interactive figure {self.name!r} is not built yet. Build it with: {REMEDY}"

    def _repr_mimebundle_(self, **kwargs) -> dict:
        return {
            "text/plain": repr(self),
            "text/html": mount_html(self.name, self.state, repr(self)),
        }


def _widget_class(name: str, bundle: Path, state: dict):
    """An anywidget class with one synced trait for each key of the state."""
    import anywidget
    import traitlets

    class Figure(anywidget.AnyWidget):
        _esm = bundle.read_text(encoding="utf-8")

        def __init__(self, **values):
            super().__init__(**values)
            self.on_msg(_answer)

        def __repr__(self) -> str:
            return f"Figure({name!r})"

        def _repr_mimebundle_(self, **kwargs):
            shown = super()._repr_mimebundle_(**kwargs)
            data, meta = shown if isinstance(shown, tuple) else (shown, {})
            values = {key: getattr(self, key) for key in state}
            plain = {"text/plain": repr(self), "text/html": mount_html(name, values)}
            return {**(data or {}), **plain}, meta

    taken = sorted(key for key in state if key != "choice" and hasattr(Figure, key))
    if taken:
        raise ValueError(f"figure {name!r}: a widget already has {taken}; rename that state")
    traits = {key: traitlets.Any(None, allow_none=True).tag(sync=True) for key in state}
    # What a reader chooses in the figure `predict` comes back to the lab under this name.
    traits.setdefault("choice", traitlets.Any(None, allow_none=True).tag(sync=True))
    return type(f"Figure_{name}", (Figure,), traits)


def _answer(widget, content, buffers) -> None:
    """A figure in a notebook asks its kernel for a file that a page would find beside itself."""
    if not isinstance(content, dict) or content.get("kind") != "file":
        return
    name = str(content.get("name", ""))
    reply = {"kind": "file", "name": name}
    path = BUNDLES / "models" / f"{name}.js"
    if not re.fullmatch(r"[a-z0-9_-]+", name) or not path.exists():
        reply["error"] = f"The file {name!r} is not built yet. Build it with: {REMEDY}"
    else:
        reply["file"] = _unwrap(path.read_text(encoding="utf-8"))
    widget.send(reply)


# ---------------------------------------------------------------------------------------------
# Exporting


def _wrap(name: str, payload: dict) -> str:
    """A classic script, which a page can also load from file://, that registers the payload."""
    packed = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    packed = packed.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"((window.__glassbox||={{}}).models||={{}})[{json.dumps(name)}]=\n{packed}\n;\n"


def _unwrap(script: str) -> dict:
    return json.loads(script.split("\n")[1])


def _write(path: Path, text: str) -> Path:
    """Write a file; leave it alone if it would not change, so that its date stays."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)
    return path


def pack_tensor(tensor) -> dict:
    """A weight for the page. Matrices: int8 with one scale a row; vectors: float32. Little-endian base64.

    The scale of a row is its largest absolute value / 127, so no weight moves by more than half of that.

    >>> import torch
    >>> packed = pack_tensor(torch.tensor([[1.0, -0.5], [0.0, 0.0]]))
    >>> packed["shape"], list(base64.b64decode(packed["int8"]))
    ([2, 2], [127, 192, 0, 0])
    """
    tensor = tensor.detach().float().cpu().contiguous()
    shape = list(tensor.shape)
    if tensor.ndim < 2:
        return {"shape": shape, "float32": _base64(tensor.numpy().astype("<f4"))}
    scale = tensor.abs().amax(dim=-1, keepdim=True) / 127
    scale = scale.masked_fill(scale == 0, 1.0)
    quantized = (tensor / scale).round().clamp(-127, 127).numpy().astype("i1")
    return {
        "shape": shape,
        "int8": _base64(quantized),
        "scale": _base64(scale.numpy().astype("<f4")),
    }


def unpack_tensor(packed: dict):
    """What the page computes with: the inverse of `pack_tensor`, up to its rounding."""
    import numpy
    import torch

    if "float32" in packed:
        values = numpy.frombuffer(base64.b64decode(packed["float32"]), "<f4").copy()
        return torch.from_numpy(values).reshape(packed["shape"])
    values = numpy.frombuffer(base64.b64decode(packed["int8"]), "i1").astype("f4")
    scale = numpy.frombuffer(base64.b64decode(packed["scale"]), "<f4")
    values = values.reshape(len(scale), -1) * scale[:, None]
    return torch.from_numpy(values).reshape(packed["shape"])


def _base64(array) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


def pack_model(model, tokenizer, card: dict) -> dict:
    """A trained GPT with its tokenizer, as the page reads it. Raises ValueError if it is over 3 MB.

    The page computes the default architecture only; `figures/core/gpt.js` refuses another one.
    """
    from dataclasses import asdict

    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save(Path(folder) / "tokenizer.json")
        saved = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
    payload = {
        "config": asdict(model.config),
        "tensors": {name: pack_tensor(w) for name, w in model.state_dict().items()},
        "tokenizer": saved,
        "card": card,
    }
    size = len(json.dumps(payload))
    if size > 3_000_000:
        raise ValueError(f"the packed model has {size:,} bytes; the page takes at most 3,000,000")
    return payload


def export_model(name: str = "base") -> Path:
    """Write the shipped model `name` for the page: `_build/figures/models/<name>.js`."""
    from glassbox.course import models

    checkpoint = models.load(name)
    card = {"name": name, "world": checkpoint.world_args, **checkpoint.card}
    payload = pack_model(checkpoint.model, checkpoint.tokenizer, card)
    return _write(BUNDLES / "models" / f"{name}.js", _wrap(name, payload))


# What the guessing game draws from: prose of one paragraph, long enough to get going, short enough
# to finish. No other choice is made: the first ones of the held-out stream are taken as they come.
GAME_KINDS = ("portrait", "story", "notice", "gossip")
GAME_WORDS = range(12, 33)


def next_word_texts(world, n: int = 40) -> dict:
    """Held-out texts for the guessing game, with the bits that their maker spent on each.

    texts       [{"text", "kind", "bits"}]; bits = -logprob / ln 2, the floor of `World.floor`
    dictionary  how many different words 200 KB of training text holds, which is what the reader's
                twin looks words up in
    words       the 300 that occur most often inside its sentences, to hide the model's guesses among
    """
    import itertools
    import math

    def fits(document):
        one_paragraph = "\n" not in document.text
        return (
            document.kind in GAME_KINDS
            and one_paragraph
            and len(document.text.split()) in GAME_WORDS
        )

    chosen = list(itertools.islice(filter(fits, world.documents(split="held_out")), n))
    text = world.text(200_000)
    words = set(re.findall(r"[^\W_]+", text.lower()))
    inside = Counter(re.findall(r"(?<=[a-z,;] )[A-Za-z]{2,}\b", text))
    return {
        "texts": [
            {"text": d.text, "kind": d.kind, "bits": round(-d.logprob / math.log(2), 2)}
            for d in chosen
        ],
        "dictionary": len(words),
        "words": [word for word, _ in inside.most_common(300)],
    }


PAGE_MODELS = ("base", "chat", "aligned")  # those that run in the page


def main() -> None:
    """Write everything that the figures need of Python into `_build/figures/models/`."""
    import torch

    from glassbox.course import (
        attention_data,
        figure_data,
        finetuning_data,
        labels_data,
        memorization_data,
        models,
    )

    torch.set_num_threads(1)  # models this small gain little from a second
    leash = Path(__file__).with_name("human_feedback.json")  # chapter 8's recorded runs
    checkpoints = {name: models.load(name) for name in PAGE_MODELS}
    base = checkpoints["base"]
    facts = figure_data.softmax_sampling(base)
    people = {fact["group"]: fact["name"] for fact in facts["facts"] if fact["group"] != "price"}
    files = [export_model(name) for name in checkpoints]
    payloads = {
        "next_word": next_word_texts(base.world),
        "tokens": figure_data.tokens(),
        "softmax_sampling": facts,
        "pretraining": figure_data.pretraining(),
        "attention": attention_data.attention(base),
        "finetuning": finetuning_data.finetuning(checkpoints, people),
        "human_feedback": finetuning_data.leash(leash),
        "labels": labels_data.load(),
        "memorization": memorization_data.load(),
    }
    for name, payload in payloads.items():
        files.append(_write(BUNDLES / "models" / f"{name}.js", _wrap(name, payload)))
    for path in files:
        print(f"{path.name:24} {path.stat().st_size / 1024:8.0f} KB")


if __name__ == "__main__":
    main()

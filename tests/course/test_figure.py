"""`figure` in notebooks."""

import json
import re
import sys

import pytest

import glassbox.course.figure  # noqa: F401  (the module; the package has the function of that name)
from tools.figure_data import wrapped

figures = sys.modules["glassbox.course.figure"]


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
    text = wrapped("base", {"a": [1, "\u2028"]})
    (bundles / "models" / "base.js").write_text(text, encoding="utf-8")
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

"""Recording, predicting, showing source: what the labs lean on."""

import json
import sys

import numpy as np
import pytest

from glassbox.course import plots, predictions
from glassbox.course.record import record as record_result
from glassbox.course.show import show, source


def test_records_are_kept_and_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("GLASSBOX_RUN", str(tmp_path))
    assert record_result("lab.a", 1.5, digits=1, unit="s") == 1.5
    record_result("lab.b", np.float64(2.5))
    record_result("lab.a", 3)
    kept = json.loads((tmp_path / "records.json").read_text(encoding="utf-8"))
    assert kept == {
        "lab.a": {"value": 3, "digits": 2, "unit": ""},
        "lab.b": {"value": 2.5, "digits": 2, "unit": ""},
    }
    assert [p.name for p in tmp_path.iterdir()] == ["records.json"]


def test_without_a_run_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.delenv("GLASSBOX_RUN", raising=False)
    monkeypatch.chdir(tmp_path)
    assert record_result("lab.a", 1) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        record_result("lab.a", value)


def test_source_is_shown_without_its_docstring_and_with_its_place(monkeypatch):
    shown = []
    module = sys.modules["glassbox.course.show"]
    monkeypatch.setattr(module, "display", lambda bundle, raw: shown.append(bundle))
    show(source)
    text = shown[0]["text/plain"]
    assert text.startswith("# glassbox/course/show.py, line ")
    assert "inspect.getsource" in text
    assert '"""' not in text


@pytest.fixture
def figures_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(predictions, "_show", lambda **state: shown.append(state))
    monkeypatch.setattr(predictions, "_asked", {})
    return shown


def test_a_decorated_function_is_shown_where_it_was_written(monkeypatch):
    from glassbox.scale.arithmetic import score  # under torch.no_grad(), which is torch's

    shown = []
    module = sys.modules["glassbox.course.show"]
    monkeypatch.setattr(module, "display", lambda bundle, raw: shown.append(bundle))
    module.show(score)
    assert shown[0]["text/plain"].startswith("# glassbox/scale/arithmetic.py, line ")


def test_an_outcome_repeats_the_question(figures_shown):
    predictions.predict("lab.q", "Which?", ["this", "that"])
    predictions.outcome("lab.q", "It was that, 3 to 1.", answer="that")
    assert figures_shown[0]["mode"] == "ask"
    assert figures_shown[1]["mode"] == "reveal"
    assert figures_shown[1]["question"] == "Which?"
    assert figures_shown[1]["answer"] == "that" and figures_shown[1]["label"] == "Measured"
    predictions.outcome("lab.q", "By sums.", answer="that", label="Worked out")
    assert figures_shown[2]["label"] == "Worked out"


def test_predictions_refuse_what_makes_no_sense(figures_shown):
    with pytest.raises(ValueError, match="not asked yet"):
        predictions.outcome("lab.q", "measured", answer="this")
    with pytest.raises(ValueError, match="between 2 and 6"):
        predictions.predict("lab.q", "Which?", ["only"])
    predictions.predict("lab.q", "Which?", ["this", "that"])
    with pytest.raises(ValueError, match="not among the choices"):
        predictions.outcome("lab.q", "measured", answer="other")


@pytest.fixture
def unbuilt(monkeypatch):
    """Predictions where no figure is built, as in a notebook on Colab; what was displayed."""
    shown = []
    monkeypatch.setattr(predictions, "built", lambda name: False)
    monkeypatch.setattr(predictions, "display", shown.append)
    monkeypatch.setattr(predictions, "_asked", {})
    return shown


def test_without_the_figure_a_reader_predicts_with_radio_buttons(unbuilt):
    predictions.predict("lab.q", "Which?", ["this", "that"])
    bundle = unbuilt[0]._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert 'data-afm-name="predict"' in bundle["text/html"]  # a page with the figure shows it
    unbuilt[0].buttons.children[1].value = "that"  # a click
    predictions.outcome("lab.q", "It was this, 3 to 1.", answer="this")
    assert repr(unbuilt[1]) == (
        "Which?\nYou predicted: that.\nMeasured: It was this, 3 to 1. So the answer is: this."
    )
    assert "widget" not in str(list(unbuilt[1]._repr_mimebundle_()))


def test_without_any_front_end_the_question_is_text(unbuilt):
    predictions.predict("lab.q", "Which?", ["this", "that"])
    assert repr(unbuilt[0]).splitlines() == [
        "Which?", "  ( ) this", "  ( ) that", "Choose one before you read on.",
    ]  # fmt: skip
    predictions.outcome("lab.q", "It was this.", answer="this")
    assert "You made no prediction." in repr(unbuilt[1])


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.1."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", [c for c in plots.COLORS if c not in ("yellow", "orange", "sky")])
def test_line_colors_stand_out_on_light_and_on_dark(name):
    for ground in ("#ffffff", "#14171c"):
        high, low = sorted([luminance(plots.COLORS[name]), luminance(ground)], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 2.9
